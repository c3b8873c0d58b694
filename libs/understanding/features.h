// Features: what the message model sees of a text: words, their beginnings, pairs and letter
// groups, terms of the lexicon, and a few signs. All are hashed to rows of one table, which topic
// and mood share.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "understanding/lexicon.h"

namespace usher::understanding {

constexpr std::uint32_t kFeatureRows = 1U << 19;

struct Feature {
  std::uint32_t row = 0;  // below kFeatureRows
  float value = 0;
};

// `words`: of TopicWords(); `numbers_order`: whether an order's number is in the text. Replaces
// what `out` held; empty if there are no words.
//
// Cost: linear in the length of `words`, some ten features a letter at most.
void FindFeatures(std::string_view words, bool numbers_order, const Lexicon& lexicon,
                  std::vector<Feature>& out);

}  // namespace usher::understanding
