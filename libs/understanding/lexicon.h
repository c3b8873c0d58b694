// Lexicon: words and phrases of ten languages that point to a topic or a mood. What a term points
// to is a hint that the model weighs, not a rule.
//
// Only hashes are kept: a term is looked for at the start of each word, letter by letter.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace usher::understanding {

constexpr std::size_t kLexiconTopicsMax = 24;  // topics and moods, by their number
constexpr std::size_t kTermBytesMax = 40;      // longer terms are left out

// Threads: any after the last Add().
class Lexicon {
 public:
  // `term` as TopicWords() spells it; `any_ending`: what follows may be letters.
  // Requires: topic < kLexiconTopicsMax.
  void Add(std::string_view term, bool any_ending, std::size_t topic);

  // How many places of `words` have a term of each topic.
  //
  // Cost: a look-up a letter at most kTermBytesMax for each word.
  std::array<int, kLexiconTopicsMax> Count(std::string_view words) const;

  std::size_t size() const { return used_; }
  void Write(ByteWriter& out) const;
  bool Read(ByteReader& in);  // false: damaged

 private:
  // Which topics a term means: as a whole word, and as a beginning.
  struct Entry {
    std::uint64_t hash = 0;  // 0: free
    std::uint32_t whole = 0;
    std::uint32_t beginning = 0;
  };

  Entry& Slot(std::uint64_t hash);
  const Entry* Find(std::uint64_t hash) const;
  void Grow();

  std::vector<Entry> table_;  // open addressing; the size is a power of two
  std::size_t used_ = 0;
};

}  // namespace usher::understanding
