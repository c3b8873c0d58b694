// Random commands and decisions of every kind, within the bounds that the wire holds.
//
// Threads: one. The same seed gives the same records, with every compiler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/hash.h"
#include "model/command.h"
#include "model/decision.h"
#include "wire/records.h"

namespace usher::wire {

class RandomRecords {
 public:
  explicit RandomRecords(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }

  CommandRecord ACommand(std::size_t kind) {
    CommandRecord record;
    record.desk = NonEmpty<DeskName>();
    if (Coin()) {
      record.command.source = {"topic-" + std::to_string(Below(9)), Small(), ALong()};
    }
    if (Coin()) record.command.request = AnId<RequestId>();
    record.command.digest = Next() | 1;
    record.command.body = ABody(kind);
    if (std::holds_alternative<ApplyPolicy>(record.command.body)) record.policy_yaml = "queues: []";
    return record;
  }

  DecisionRecord ADecision(std::size_t kind) {
    DecisionRecord record;
    record.stamp = {AnId<LogId>(), Small(), ALong(), static_cast<std::uint32_t>(Below(1000))};
    if (Coin()) {
      record.previous = record.stamp;
      record.previous.offset = ALong();
      record.previous.index = static_cast<std::uint32_t>(Below(1000));
    }
    record.desk = NonEmpty<DeskName>();
    record.command_at = AnInstant();
    record.decision.at = AnInstant();
    record.decision.body = AConclusion(kind);
    return record;
  }

 private:
  std::uint64_t Next() { return Mix64(state_ += 0x9e3779b97f4a7c15ULL); }
  bool Coin() { return Below(2) == 0; }
  std::int32_t Small() { return static_cast<std::int32_t>(Below(64)); }
  std::int64_t ALong() { return static_cast<std::int64_t>(Next() >> 1); }
  Instant AnInstant() {
    return FromMicros(1 + static_cast<std::int64_t>(Below(4'000'000'000'000'000)));
  }
  Instant AnInstantOrNever() { return Coin() ? AnInstant() : kNever; }
  Instant AMoment() {  // what a command may ask for
    return FromMicros(static_cast<std::int64_t>(Below(3'000'000'000'000'000)));
  }
  Duration ASpan() { return Duration(static_cast<std::int64_t>(Below(3'000'000'000'000'000))); }

  template <class IdType>
  IdType AnId() {
    return IdType{{Next(), Next() | 1}};
  }
  template <class IdType>
  IdType MaybeId() {
    return Coin() ? AnId<IdType>() : IdType();
  }
  template <class NameType>
  NameType AName(std::size_t least = 0) {
    std::string text(least + Below(NameType::kMaxBytes + 1 - least), ' ');
    for (char& c : text) c = static_cast<char>('!' + Below(90));
    return NameType::Of(text);
  }
  template <class NameType>
  NameType NonEmpty() {
    return AName<NameType>(1);
  }
  // Any enumerator from `first` to `last`.
  template <class Enum>
  Enum OneOf(Enum first, Enum last) {
    const auto low = static_cast<std::uint64_t>(first);
    return static_cast<Enum>(low + Below(static_cast<std::uint64_t>(last) - low + 1));
  }
  template <class Value, class Make>
  std::vector<Value> Some(std::size_t most, Make make) {
    std::vector<Value> list(Below(most + 1));
    for (Value& value : list) value = make();
    return list;
  }

  template <class Make>
  auto Maybe(Make make) {
    std::optional<decltype(make())> value;
    if (Coin()) value = make();
    return value;
  }

  Sentiment AMood() { return OneOf(Sentiment::kUnknown, Sentiment::kPositive); }
  Target ATarget() { return OneOf(Target::kFirstResponse, Target::kUpdate); }
  Presence APresence() { return OneOf(Presence::kOffline, Presence::kDraining); }
  std::uint8_t APriority() { return static_cast<std::uint8_t>(Below(10)); }
  OfferId AnOffer() { return OfferId{Next()}; }
  Need ANeed() { return {AName<SkillName>(), static_cast<std::uint8_t>(Below(101))}; }
  std::vector<Need> Needs(std::size_t most) {
    return Some<Need>(most, [this] { return ANeed(); });
  }
  std::vector<ChannelLimit> ChannelLimits() {
    return Some<ChannelLimit>(32, [this] {
      return ChannelLimit{AName<ChannelName>(), static_cast<std::uint32_t>(Next())};
    });
  }
  Attribute AnAttribute() { return {AName<AttributeName>(), AName<ValueName>()}; }
  std::vector<Attribute> Attributes() {
    return Some<Attribute>(64, [this] { return AnAttribute(); });
  }
  std::vector<AgentName> Agents(std::size_t most) {
    return Some<AgentName>(most, [this] { return AName<AgentName>(); });
  }
  std::vector<AskedExclusion> Exclusions() {
    return Some<AskedExclusion>(16, [this] {
      return AskedExclusion{AName<AgentName>(), Coin() ? ASpan() : kForever};
    });
  }
  Features SomeFeatures() {
    return {AName<ChannelName>(),
            AName<LanguageName>(),
            AName<TopicName>(),
            AMood(),
            AName<TierName>(),
            MaybeId<OrderId>(),
            AName<OrderStatusName>(),
            Coin(),
            ALong()};
  }
  Clause AClause();
  Expression AnExpression();
  Score AScore();
  Calendar ACalendar();
  SlaClass AnSlaClass();
  Queue AQueue();
  Route ARoute();
  Policy APolicy();
  Quality AQuality();
  std::vector<Mark> Marks();
  CommandBody ABody(std::size_t kind);
  DecisionBody AConclusion(std::size_t kind);
  DecisionBody AConclusionOnAgents(std::size_t kind);
  DecisionBody AConclusionOnWaiting(std::size_t kind);
  DecisionBody AConclusionOnTime(std::size_t kind);
  DecisionBody AnAnswer(std::size_t kind);
  InquiryExplained AnExplanation();

  std::uint64_t state_;
};

}  // namespace usher::wire
