#include "wire/policy.h"

#include "model/limits.h"
#include "wire/enums.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kMatchesMax = 1'024;  // values in one list of a route
constexpr std::size_t kVersionBytesMax = 64;
constexpr std::uint32_t kPermilleMax = 65'535;  // what the model holds; the engine says what fits

using Texts = google::protobuf::RepeatedPtrField<std::string>;

void Put(const Channel& from, v1::Channel& to) {
  to.set_name(from.name.ToString());
  to.set_units(from.units);
}

void Put(const SlaClass& from, v1::SlaClass& to) {
  to.set_name(from.name.ToString());
  to.set_first_response_us(from.first_response.count());
  to.set_warn_permille(from.warn_permille);
}

void Put(const Queue& from, v1::Queue& to) {
  to.set_name(from.name.ToString());
  ToProto(from.needs, *to.mutable_needs());
  to.set_sla(from.sla.ToString());
  to.set_auto_accept(from.auto_accept);
  to.set_offer_window_us(from.offer_window.count());
  to.set_wrap_up_us(from.wrap_up.count());
  to.set_max_waiting(from.max_waiting);
}

template <class NameType>
void PutNames(const std::vector<NameType>& from, Texts& to) {
  for (const NameType& name : from) to.Add(name.ToString());
}

void Put(const Route& from, v1::Route& to) {
  to.set_name(from.name.ToString());
  PutNames(from.channels, *to.mutable_channels());
  PutNames(from.languages, *to.mutable_languages());
  PutNames(from.topics, *to.mutable_topics());
  for (const Sentiment sentiment : from.sentiments) to.add_sentiments(ToProto(sentiment));
  PutNames(from.tiers, *to.mutable_tiers());
  to.set_queue(from.queue.ToString());
  to.set_priority(from.priority);
}

Channel Take(const v1::Channel& from, FieldCheck& check) {
  Channel to;
  to.name = check.TakeName<ChannelName>("name", from.name());
  to.units = from.units();
  return to;
}

SlaClass Take(const v1::SlaClass& from, FieldCheck& check) {
  SlaClass to;
  to.name = check.TakeName<SlaName>("name", from.name());
  to.first_response = check.TakeSpan("first_response_us", from.first_response_us());
  to.warn_permille = static_cast<std::uint16_t>(
      check.TakeNumber("warn_permille", from.warn_permille(), kPermilleMax));
  return to;
}

Queue Take(const v1::Queue& from, FieldCheck& check) {
  Queue to;
  to.name = check.TakeName<QueueName>("name", from.name());
  to.needs = FromProto(from.needs(), "needs", Limits().needs_max, check);
  to.sla = check.TakeName<SlaName>("sla", from.sla());
  to.auto_accept = from.auto_accept();
  to.offer_window = check.TakeSpan("offer_window_us", from.offer_window_us());
  to.wrap_up = check.TakeSpan("wrap_up_us", from.wrap_up_us());
  to.max_waiting = from.max_waiting();
  return to;
}

template <class NameType>
std::vector<NameType> TakeNames(const Texts& from, const char* field, FieldCheck& check) {
  std::vector<NameType> to;
  if (!check.CheckCount(field, from.size(), kMatchesMax)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (const std::string& name : from) to.push_back(check.TakeName<NameType>(field, name));
  return to;
}

Route Take(const v1::Route& from, FieldCheck& check) {
  Route to;
  to.name = check.TakeName<RouteName>("name", from.name());
  to.channels = TakeNames<ChannelName>(from.channels(), "channels", check);
  to.languages = TakeNames<LanguageName>(from.languages(), "languages", check);
  to.topics = TakeNames<TopicName>(from.topics(), "topics", check);
  if (check.CheckCount("sentiments", from.sentiments_size(), kMatchesMax)) {
    for (int i = 0; i < from.sentiments_size(); ++i) {
      to.sentiments.push_back(check.TakeEnum("sentiments", FromProto(from.sentiments(i))));
    }
  }
  to.tiers = TakeNames<TierName>(from.tiers(), "tiers", check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.priority =
      static_cast<std::uint8_t>(check.TakeNumber("priority", from.priority(), kPriorities - 1));
  return to;
}

// A whole list, each entry by its own Take() above.
template <class To, class From>
std::vector<To> TakeAll(const google::protobuf::RepeatedPtrField<From>& from, const char* field,
                        std::uint32_t most, FieldCheck& check) {
  std::vector<To> to;
  if (!check.CheckCount(field, from.size(), most)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    to.push_back(Take(from[i], check));
  }
  return to;
}

}  // namespace

void ToProto(const Policy& from, v1::Policy& to) {
  to.set_version(from.version);
  for (const Channel& channel : from.channels) Put(channel, *to.add_channels());
  for (const SlaClass& sla : from.sla_classes) Put(sla, *to.add_sla_classes());
  for (const Queue& queue : from.queues) Put(queue, *to.add_queues());
  for (const Route& route : from.routes) Put(route, *to.add_routes());
  to.set_decline_cooldown_us(from.decline_cooldown.count());
  to.set_missed_offers_max(from.missed_offers_max);
  to.set_late_share_permille(from.late_share_permille);
}

Policy FromProto(const v1::Policy& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "policy");
  const Limits limits;
  Policy to;
  if (from.version().size() > kVersionBytesMax) check.Refuse("version", "at most 64 bytes");
  to.version = from.version();
  to.channels = TakeAll<Channel>(from.channels(), "channels", limits.channels_max, check);
  to.sla_classes =
      TakeAll<SlaClass>(from.sla_classes(), "sla_classes", limits.sla_classes_max, check);
  to.queues = TakeAll<Queue>(from.queues(), "queues", limits.queues_max, check);
  to.routes = TakeAll<Route>(from.routes(), "routes", limits.routes_max, check);
  to.decline_cooldown = check.TakeSpan("decline_cooldown_us", from.decline_cooldown_us());
  to.missed_offers_max = from.missed_offers_max();
  to.late_share_permille = static_cast<std::uint16_t>(
      check.TakeNumber("late_share_permille", from.late_share_permille(), kPermilleMax));
  return to;
}

}  // namespace usher::wire
