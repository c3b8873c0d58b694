// UnderstandingRules: what a desk's policy says about reading messages. Made by libs/policy, used
// by libs/understanding; the engine never sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/names.h"

namespace usher {

// The words that decide a topic whatever else a message says.
struct KeywordRule {
  TopicName topic;
  // Folded (core/fold.h) with a blank in front, and one behind unless the author wrote `word*`: to
  // be searched for in a folded text with a blank at both ends.
  std::vector<std::string> needles;

  friend bool operator==(const KeywordRule&, const KeywordRule&) = default;
};

// Who asks about so much belongs to the tier, unless the shop named another.
struct TierByValue {
  TierName tier;
  std::int64_t value_min = 0;  // of the basket or the order, in the shop's smallest unit of money

  friend bool operator==(const TierByValue&, const TierByValue&) = default;
};

struct UnderstandingRules {
  std::vector<LanguageName> languages;  // that the desk speaks: what detection leans to
  std::vector<TopicName> topics;        // that the desk tells apart; `other` need not be listed
  std::uint16_t topic_confidence_permille = 250;  // below it the topic is `other`
  std::vector<KeywordRule> keywords;       // the first that fires holds; in the policy's order
  std::vector<TierName> tiers;             // of customers, as the shop names them
  std::vector<TierByValue> tier_by_value;  // the highest value first, each value once

  friend bool operator==(const UnderstandingRules&, const UnderstandingRules&) = default;
};

}  // namespace usher
