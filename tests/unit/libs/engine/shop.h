// Shop: an engine with a small policy, for tests that say what happens and look at what is decided.
//
// Policy: channels chat and email (1 unit), voice (3). Queue `billing` needs billing:50, has a
// target of 100s (warning at 75s), offers for 20s. Queue `general` needs nothing and has no clock.
// Messages on topic billing go to `billing` with priority 5, all others to `general` with
// priority 3.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/engine.h"

namespace usher::engine {

constexpr Instant kOpening = FromMicros(1'700'000'000'000'000);

inline InquiryId I(std::uint64_t number) { return InquiryId::FromNumber(number); }
inline AgentName A(std::string_view name) { return AgentName::Of(name); }
inline QueueName Q(std::string_view name) { return QueueName::Of(name); }
inline OfferId O(std::uint64_t number) { return OfferId{number}; }
inline Need Skill(std::string_view name, std::uint8_t level) {
  return {SkillName::Of(name), level};
}

// `warn`: thousandths of the target; 0: no warning.
inline SlaClass Sla(std::string_view name, Duration first_response, std::uint16_t warn) {
  SlaClass sla;
  sla.name = SlaName::Of(name);
  sla.first_response = first_response;
  sla.warn_permilles.clear();
  if (warn > 0) sla.warn_permilles.push_back(warn);
  return sla;
}

// Of the first response; kNone without a target.
inline ClockState ClockOfFirst(const InquiryState& inquiry) {
  for (const Clock& clock : inquiry.clocks) {
    if (clock.target == Target::kFirstResponse) return clock.state;
  }
  return ClockState::kNone;
}

inline Policy SmallPolicy() {
  Policy policy;
  policy.version = "small";
  policy.channels = {
      {ChannelName::Of("chat"), 1}, {ChannelName::Of("email"), 1}, {ChannelName::Of("voice"), 3}};
  policy.sla_classes = {Sla("gold", 100s, 750)};
  Queue billing;
  billing.name = Q("billing");
  billing.requirement.needs = {Skill("billing", 50)};
  billing.sla = SlaName::Of("gold");
  Queue general;
  general.name = Q("general");
  policy.queues = {billing, general};
  Route to_billing;
  to_billing.name = RouteName::Of("billing-topic");
  to_billing.topics = {TopicName::Of("billing")};
  to_billing.queue = Q("billing");
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = Q("general");
  otherwise.priority = 3;
  policy.routes = {to_billing, otherwise};
  return policy;
}

// The decisions of one kind, in order.
template <class Body>
std::vector<Body> All(const DecisionList& decisions) {
  std::vector<Body> all;
  for (const Decision& decision : decisions) {
    if (const Body* body = std::get_if<Body>(&decision.body)) all.push_back(*body);
  }
  return all;
}

// The only decision of that kind.
template <class Body>
Body Only(const DecisionList& decisions) {
  const std::vector<Body> all = All<Body>(decisions);
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? Body() : all.front();
}

// "1->ana 2->bo": inquiries and agents of the offers made, in order.
inline std::string Offers(const DecisionList& decisions) {
  std::string text;
  for (const OfferMade& made : All<OfferMade>(decisions)) {
    if (!text.empty()) text += " ";
    text += std::to_string(made.inquiry.bits.low) + "->" + made.agent.ToString();
  }
  return text;
}

class Shop {
 public:
  explicit Shop(const Policy& policy = SmallPolicy(), const Limits& limits = Limits())
      : limits_(limits), engine_(limits) {
    Do(ApplyPolicy{policy});
  }

  // From now on commands come at this time after the opening.
  Shop& At(Duration since_opening) {
    at_ = kOpening + since_opening;
    return *this;
  }

  DecisionList Do(CommandBody body) { return Send({.body = std::move(body)}); }

  // With a source or a request id; its time is set here.
  DecisionList Send(Command command) {
    command.at = at_;
    DecisionList decisions;
    engine_.Apply(command, decisions);
    return decisions;
  }

  DecisionList Place(std::uint64_t number, std::string_view topic = "billing",
                     std::string_view channel = "chat") {
    return Do(Message(number, topic, channel));
  }
  static PlaceInquiry Message(std::uint64_t number, std::string_view topic = "billing",
                              std::string_view channel = "chat") {
    PlaceInquiry place;
    place.inquiry = I(number);
    place.message = MessageId::FromNumber(number);
    place.features.channel = ChannelName::Of(channel);
    place.features.topic = TopicName::Of(topic);
    return place;
  }

  DecisionList Register(std::string_view name, std::vector<Need> skills, std::uint32_t units = 1,
                        std::vector<ChannelLimit> limits = {}) {
    return Do(RegisterAgent{A(name), std::move(skills), units, std::move(limits)});
  }
  DecisionList Present(std::string_view name, Presence presence) {
    return Do(SetPresence{A(name), presence});
  }
  // Registered and available, billing:80 unless other skills are given.
  DecisionList Join(std::string_view name, std::uint32_t units = 1,
                    std::vector<Need> skills = {Skill("billing", 80)}) {
    Register(name, std::move(skills), units);
    return Present(name, Presence::kAvailable);
  }

  InquiryState Inquiry(std::uint64_t number) const {
    for (const InquiryState& inquiry : engine_.Save().inquiries) {
      if (inquiry.inquiry == I(number)) return inquiry;
    }
    ADD_FAILURE() << "inquiry " << number << " is not open";
    return {};
  }
  AgentState Agent(std::string_view name) const {
    for (const AgentState& agent : engine_.Save().agents) {
      if (agent.agent == A(name)) return agent;
    }
    ADD_FAILURE() << "no agent " << name;
    return {};
  }
  std::uint64_t OfferOf(std::uint64_t number) const {
    const InquiryState inquiry = Inquiry(number);
    return inquiry.offers.empty() ? 0 : inquiry.offers[0].offer.number;
  }
  DecisionList Accept(std::uint64_t number, std::string_view agent) {
    return Do(AcceptOffer{O(OfferOf(number)), A(agent)});
  }
  DecisionList Decline(std::uint64_t number, std::string_view agent) {
    return Do(DeclineOffer{O(OfferOf(number)), A(agent), DeclineReason::kBusy});
  }

  Engine& engine() { return engine_; }
  const Limits& limits() const { return limits_; }

 private:
  Limits limits_;
  Engine engine_;
  Instant at_ = kOpening;
};

// The command was refused for `reason`, and nothing else was decided.
inline void ExpectRejected(const DecisionList& decisions, RejectReason reason) {
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(Only<CommandRejected>(decisions).reason, reason);
}

}  // namespace usher::engine
