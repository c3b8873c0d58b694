// Random states of a desk: each field anything that its type holds, so that a field left out of the
// encoding shows.
//
// Threads: one. The same seed gives the same state, with every compiler.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "model/state.h"

namespace usher {

class RandomState {
 public:
  explicit RandomState(std::uint64_t seed) : random_(seed) {}

  DeskState Desk();

  std::uint64_t Number() { return random_(); }
  std::uint32_t Small(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

 private:
  template <class Integer>
  Integer Any() {
    return static_cast<Integer>(Number());
  }
  template <class Enum>
  Enum UpTo(Enum last) {
    return static_cast<Enum>(Small(static_cast<std::uint32_t>(last) + 1));
  }
  bool Flip() { return Small(2) == 1; }
  Instant At() { return FromMicros(Any<std::int64_t>()); }
  Duration For() { return Duration(Any<std::int64_t>()); }
  Timer MakeTimer();
  std::string Text();
  template <class NameType>
  NameType AnyName() {
    std::string text(Small(NameType::kMaxBytes + 1), ' ');
    for (char& c : text) c = static_cast<char>('!' + Small(90));
    return NameType::Of(text);
  }
  template <class IdType>
  IdType AnyId() {
    const std::uint64_t high = Number();
    return IdType{{high, Number()}};
  }
  template <class F>
  auto Maybe(F make) {
    std::optional<decltype(make())> value;
    if (Flip()) value = make();
    return value;
  }
  template <class T, class F>
  std::vector<T> List(F make) {
    std::vector<T> list;
    for (std::uint32_t i = Small(4); i > 0; --i) list.push_back(make());
    return list;
  }
  template <class NameType>
  std::vector<NameType> Names() {
    return List<NameType>([this] { return AnyName<NameType>(); });
  }

  Need MakeNeed();
  std::vector<Need> Needs();
  Attribute MakeAttribute();
  Clause MakeClause();
  Expression MakeExpression();
  ScoreStep MakeScoreStep();
  Requirement MakeRequirement();
  Channel MakeChannel();
  Calendar MakeCalendar();
  SlaClass MakeSlaClass();
  Queue MakeQueue();
  Route MakeRoute();
  Policy MakePolicy();
  AgentState Agent();
  Features SomeFeatures();
  Clock MakeClock();
  InquiryState Inquiry();
  void Place(InquiryState& inquiry);
  SourceState MakeSource();

  std::mt19937_64 random_;  // its numbers are fixed by the standard: a seed is a state, everywhere
};

}  // namespace usher
