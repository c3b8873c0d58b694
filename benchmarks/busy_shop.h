// BusyShop: a desk with as many inquiries as asked for, and the commands that made it so. For
// benchmarks of recovery.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/check.h"
#include "core/hash.h"
#include "engine/engine.h"
#include "journal/topics.h"
#include "log/log.h"
#include "wire/records.h"

namespace usher::bench {

inline std::string Numbered(const char* word, std::uint64_t number) {
  return word + std::to_string(number);
}

// A shop with a queue a topic, and what happens in it: agents accept, reply, finish, and for each
// inquiry that ends another one comes.
class BusyShop {
 public:
  BusyShop() {
    ApplyPolicy apply;
    Policy& policy = apply.policy;
    policy.version = "bench";
    policy.channels.push_back({ChannelName::Of("chat"), 1, std::nullopt, false});
    SlaClass sla;
    sla.name = SlaName::Of("normal");
    sla.first_response = 4h;
    sla.resolution = 48h;
    policy.sla_classes = {sla};
    for (std::uint32_t i = 0; i < kTopics; ++i) {
      Queue queue;
      queue.name = QueueName::Of(Numbered("queue-", i));
      queue.requirement.needs = {{SkillName::Of(Numbered("topic-", i)), 30}};
      queue.sla = sla.name;
      policy.queues.push_back(queue);
      Route route;
      route.name = RouteName::Of(Numbered("route-", i));
      if (i > 0) route.topics = {TopicName::Of(Numbered("topic-", i))};
      route.queue = queue.name;
      policy.routes.push_back(route);
    }
    std::rotate(policy.routes.begin(), policy.routes.begin() + 1, policy.routes.end());
    Send(std::move(apply));
    for (std::uint32_t i = 0; i < kAgents; ++i) {
      RegisterAgent agent;
      agent.agent = AgentName::Of(Numbered("agent-", i));
      agent.units = 3;
      agent.skills = {{SkillName::Of(Numbered("topic-", i % kTopics)), 60}};
      const AgentName name = agent.agent;
      Send(std::move(agent));
      Send(SetPresence{name, Presence::kAvailable, kNever});
    }
  }

  void Place() {
    ++placed_;
    PlaceInquiry place;
    place.inquiry = InquiryId{Hash128(Numbered("inquiry-", placed_))};
    place.conversation = ConversationId{{Mix64(placed_), placed_}};
    place.customer = CustomerId{{Mix64(placed_ + 1), placed_}};
    place.message = MessageId{place.inquiry.bits};
    place.features.channel = ChannelName::Of("chat");
    place.features.language = LanguageName::Of("en");
    place.features.topic = TopicName::Of(Numbered("topic-", Mix64(placed_) % kTopics));
    Send(std::move(place));
  }
  // Until so many wait beside those that are worked on.
  void Fill(std::size_t waiting) {
    for (std::size_t i = 0; i < waiting + 3 * kAgents; ++i) {
      Place();
      while (!clicks_.empty()) Take(clicks_);
    }
  }
  void Turn() {
    if (!clicks_.empty()) return Take(clicks_);
    if (!to_replace_ && !finishes_.empty()) {
      to_replace_ = true;
      return Take(finishes_);
    }
    to_replace_ = false;
    Place();
  }

  engine::Engine& engine() { return engine_; }
  std::vector<log::Record> TakeRecords() { return std::move(records_); }

 private:
  static constexpr std::uint32_t kTopics = 50;
  static constexpr std::uint32_t kAgents = 2'000;

  void Send(CommandBody body) {
    wire::CommandRecord record;
    record.desk = DeskName::Of("shop");
    record.command.body = std::move(body);
    record.command.request = RequestId{{Mix64(sent_ + 7), ++sent_}};
    at_ += 100us;
    record.command.at = at_;
    decisions_.clear();
    engine_.Apply(record.command, decisions_);
    records_.push_back({{journal::kCommands, 0},
                        static_cast<std::int64_t>(sent_),
                        at_,
                        "shop",
                        wire::EncodeCommand(record),
                        {}});
    for (const Decision& decision : decisions_) Hear(decision);
  }
  void Take(std::deque<CommandBody>& from) {
    CommandBody body = std::move(from.front());
    from.pop_front();
    Send(std::move(body));
  }
  void Hear(const Decision& decision) {
    USHER_CHECK(!std::holds_alternative<CommandRejected>(decision.body));
    if (const auto* made = std::get_if<OfferMade>(&decision.body)) {
      clicks_.push_back(AcceptOffer{made->offer, made->agent});
    } else if (const auto* accepted = std::get_if<OfferAccepted>(&decision.body)) {
      clicks_.push_back(RecordReply{accepted->inquiry, accepted->agent, ChannelName()});
    } else if (const auto* answered = std::get_if<InquiryAnswered>(&decision.body)) {
      finishes_.push_back(FinishInquiry{answered->inquiry, answered->agent});
    }
  }

  engine::Engine engine_{Limits()};
  Instant at_ = FromMicros(1'700'000'000'000'000);
  std::uint64_t placed_ = 0;
  std::uint64_t sent_ = 0;
  bool to_replace_ = false;
  std::deque<CommandBody> clicks_;  // accept, reply
  std::deque<CommandBody> finishes_;
  DecisionList decisions_;
  std::vector<log::Record> records_;
};

}  // namespace usher::bench
