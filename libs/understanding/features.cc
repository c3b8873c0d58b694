#include "understanding/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/hash.h"

namespace usher::understanding {
namespace {

// Found by training without one writer and testing on that one. A group weighs the same however
// long the text is: its features share its scale.
constexpr float kWordScale = 1;
constexpr float kPairScale = 1;
constexpr float kStemScale = 1;
constexpr float kGroupScale = 1;
constexpr float kTermScale = 0.7F;
constexpr float kSignScale = 0.3F;
constexpr float kConstant = 0.5F;

constexpr std::size_t kStemBytes = 5;  // plain letters: what is left when endings go
constexpr std::size_t kGroupLeast = 3;
constexpr std::size_t kGroupMost = 6;

// What keeps the kinds apart in one table.
enum class Kind : char {
  kWord = 'w',
  kPair = 'p',
  kStem = 's',
  kGroup = 'g',
  kTerm = 't',
  kSign = 'm'
};

std::uint64_t Begin(Kind kind) {
  const char mark = static_cast<char>(kind);
  return Hash64(std::string_view(&mark, 1));
}

std::uint64_t Add(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * kFnv64Prime;
}

std::uint32_t RowOf(std::uint64_t hash) {
  return static_cast<std::uint32_t>(Mix64(hash)) & (kFeatureRows - 1);
}

class Collector {
 public:
  explicit Collector(std::vector<Feature>& out) : out_(out) {}

  void Put(std::uint64_t hash) { out_.push_back({RowOf(hash), 1}); }

  // What was put since the last call shares `scale`.
  void Share(float scale) {
    const auto count = static_cast<float>(out_.size() - shared_);
    for (std::size_t i = shared_; i < out_.size(); ++i) out_[i].value = scale / std::sqrt(count);
    shared_ = out_.size();
  }

  void PutWeighted(std::uint64_t hash, float value) {
    out_.push_back({RowOf(hash), value});
    shared_ = out_.size();
  }

 private:
  std::vector<Feature>& out_;
  std::size_t shared_ = 0;
};

std::vector<std::string_view> Split(std::string_view words) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (end > at) parts.push_back(words.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

void PutWords(const std::vector<std::string_view>& words, Collector& collector) {
  for (const std::string_view word : words) collector.Put(Hash64(word, Begin(Kind::kWord)));
  collector.Share(kWordScale);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::uint64_t first = Add(Hash64(words[i], Begin(Kind::kPair)), ' ');
    collector.Put(Hash64(words[i + 1], first));
  }
  collector.Share(kPairScale);
  for (const std::string_view word : words) {
    if (word.size() > 3) collector.Put(Hash64(word.substr(0, kStemBytes), Begin(Kind::kStem)));
  }
  collector.Share(kStemScale);
}

void PutGroups(const std::vector<std::string_view>& words, Collector& collector) {
  const std::uint64_t begin = Begin(Kind::kGroup);
  for (const std::string_view word : words) {
    const std::size_t size = word.size() + 2;
    const auto at = [&](std::size_t i) { return i == 0 || i + 1 == size ? ' ' : word[i - 1]; };
    for (std::size_t start = 0; start + kGroupLeast <= size; ++start) {
      std::uint64_t hash = begin;
      const std::size_t end = std::min(start + kGroupMost, size);
      for (std::size_t i = start; i < end; ++i) {
        hash = Add(hash, at(i));
        if (i + 1 - start >= kGroupLeast) collector.Put(hash);
      }
    }
  }
  collector.Share(kGroupScale);
}

void PutTerms(std::string_view words, const Lexicon& lexicon, Collector& collector) {
  const std::array<int, kLexiconTopicsMax> counts = lexicon.Count(words);
  const auto kinds = static_cast<float>(
      std::count_if(counts.begin(), counts.end(), [](int count) { return count > 0; }));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const float weight = 1 + std::log(static_cast<float>(counts[i]));
    collector.PutWeighted(Add(Begin(Kind::kTerm), static_cast<char>(i)),
                          kTermScale * weight / std::sqrt(kinds));
  }
}

}  // namespace

void FindFeatures(std::string_view words, bool numbers_order, const Lexicon& lexicon,
                  std::vector<Feature>& out) {
  out.clear();
  const std::vector<std::string_view> split = Split(words);
  if (split.empty()) return;
  out.reserve(4 * words.size() + 32);
  Collector collector(out);
  PutWords(split, collector);
  PutGroups(split, collector);
  PutTerms(words, lexicon, collector);
  constexpr std::array<std::size_t, 4> kLengths = {4, 8, 16, 30};  // in words
  const auto length = std::upper_bound(kLengths.begin(), kLengths.end(), split.size());
  const std::uint64_t sign = Begin(Kind::kSign);
  collector.PutWeighted(Add(sign, static_cast<char>(length - kLengths.begin())), kSignScale);
  collector.PutWeighted(Add(sign, numbers_order ? 'y' : 'n'), kSignScale);
  collector.PutWeighted(Add(sign, 'c'), kConstant);
}

}  // namespace usher::understanding
