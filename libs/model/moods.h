// The moods by name, as policies, scenarios, commands and pages say them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "model/reason.h"

namespace usher {

inline constexpr std::array<std::string_view, 3> kMoods = {"negative", "neutral", "positive"};

// Of an unknown one: empty.
constexpr std::string_view NameOf(Sentiment mood) {
  return mood == Sentiment::kUnknown ? std::string_view()
                                     : kMoods[static_cast<std::size_t>(mood) - 1];
}

// kUnknown: it names none.
constexpr Sentiment MoodNamed(std::string_view name) {
  for (std::size_t i = 0; i < kMoods.size(); ++i) {
    if (kMoods[i] == name) return static_cast<Sentiment>(i + 1);
  }
  return Sentiment::kUnknown;
}

static_assert(NameOf(Sentiment::kNegative) == "negative");
static_assert(MoodNamed(NameOf(Sentiment::kPositive)) == Sentiment::kPositive);

}  // namespace usher
