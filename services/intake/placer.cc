#include "intake/placer.h"

#include <chrono>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/hash.h"
#include "support/note.h"

namespace usher::intake {
namespace {

constexpr Duration kStorePause = 1s;  // a store that times out must not hold up every batch

// An agent's message is a reply to what is open of its conversation.
wire::CommandRecord ReplyOf(const MessageFacts& message) {
  RecordReply reply;
  reply.agent = message.agent;
  reply.conversation = message.conversation;
  wire::CommandRecord record;
  record.desk = message.desk;
  record.command.request = message.request;
  record.command.digest = message.digest;
  record.command.body = std::move(reply);
  return record;
}

}  // namespace

Placer::Placer(const RuleBook& rules, ReadText read, std::unique_ptr<store::Store> store,
               Duration keep, Meters& meters)
    : rules_(rules), read_(std::move(read)), context_(std::move(store), keep), meters_(meters) {}

std::vector<Placer::Outcome> Placer::Place(const std::vector<MessageFacts>& messages, Instant now) {
  std::vector<Known> known = Look(messages, now);
  std::vector<Outcome> outcomes;
  outcomes.reserve(messages.size());
  // What was looked up does not hold what an earlier message of the same batch told.
  std::unordered_map<CustomerId, LanguageName> told_now;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const MessageFacts& message = messages[i];
    if (const AutomaticSign sign = SignOf(message, now); sign != AutomaticSign::kNone) {
      meters_.automatic[static_cast<std::size_t>(sign)]->Add();
      outcomes.emplace_back(sign);
      continue;
    }
    if (message.by_agent) {
      outcomes.emplace_back(ReplyOf(message));
      continue;
    }
    if (const auto told = told_now.find(message.customer); told != told_now.end()) {
      known[i].last_language = told->second;
    }
    LanguageName told;
    outcomes.emplace_back(PlaceOne(message, known[i], told));
    if (told.none() || told == known[i].last_language) continue;
    told_now[message.customer] = told;
    if (now < store_again_) continue;
    const absl::Status status = context_.RememberLanguage(message, told);
    if (!status.ok()) StoreFailed(now, status);
  }
  return outcomes;
}

// By which sign nothing comes of it; kNone: a customer's, or the policy wants it taken as such.
AutomaticSign Placer::SignOf(const MessageFacts& message, Instant now) {
  const AutomaticRules rules = rules_.AutomaticOf(message.desk);
  if (rules.act == AutomaticAct::kTake || message.by_agent) return AutomaticSign::kNone;
  if (message.automatic != AutomaticSign::kNone) return message.automatic;
  // Ids are hashes that hold the desk. Pictures come without a text, often several.
  const std::hash<CustomerId> of_customer;
  const std::hash<ConversationId> of_conversation;
  const std::uint64_t text = Hash64(message.text) ^ of_customer(message.customer);
  const bool again = !message.text.empty() && same_texts_.IsOver(text, rules.same_text, now);
  const bool flood = floods_.IsOver(of_conversation(message.conversation), rules.flood, now);
  return again ? AutomaticSign::kLoop : flood ? AutomaticSign::kFlood : AutomaticSign::kNone;
}

std::vector<Known> Placer::Look(const std::vector<MessageFacts>& messages, Instant now) {
  if (messages.empty()) return {};
  if (now >= store_again_) {
    auto known = context_.Look(messages);
    if (known.ok()) return *std::move(known);
    StoreFailed(now, known.status());
  }
  meters_.without_context.Add(static_cast<double>(messages.size()));
  return std::vector<Known>(messages.size());
}

void Placer::StoreFailed(Instant now, const absl::Status& status) {
  store_again_ = now + kStorePause;
  note::Warn("context.missed", {{"error", std::string(status.message())}});
}

wire::CommandRecord Placer::PlaceOne(const MessageFacts& message, const Known& known,
                                     LanguageName& told_language) {
  const auto begin = std::chrono::steady_clock::now();
  const std::shared_ptr<const UnderstandingRules> rules = rules_.Of(message.desk);
  const understanding::Understood understood = read_(message.text, *rules, known.last_language);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  meters_.understanding_seconds.Observe(took.count());

  PlaceInquiry place;
  place.inquiry = message.inquiry;
  place.conversation = message.conversation;
  place.customer = message.customer;
  place.message = message.message;
  place.features.channel = message.channel;
  place.features.language = message.language.none() ? understood.language : message.language;
  place.features.topic = message.topic.none() ? understood.topic : message.topic;
  place.features.sentiment = understood.sentiment;
  place.features.tier = known.tier;
  place.features.order = known.order;
  place.features.order_status = known.order_status;
  place.features.on_site = message.on_site;
  place.features.value = message.value_cents != 0 ? message.value_cents : known.order_value_cents;
  if (place.features.tier.none()) {
    for (const TierByValue& tier : rules->tier_by_value) {  // the highest value first
      if (place.features.value < tier.value_min) continue;
      place.features.tier = tier.tier;
      break;
    }
  }
  place.arrived_at = message.arrived_at;
  place.starts_at = message.starts_at;
  place.preferred = message.preferred;
  place.prefer_for = message.prefer_for;
  place.exclude = message.exclude;

  if (!message.language.none()) {
    told_language = message.language;
  } else if (understood.language_source == understanding::LanguageSource::kText) {
    told_language = understood.language;
  }

  wire::CommandRecord record;
  record.desk = message.desk;
  record.command.request = message.request;
  record.command.digest = message.digest;
  record.command.body = std::move(place);
  return record;
}

}  // namespace usher::intake
