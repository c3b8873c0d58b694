#include "understanding/lexicon.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/hash.h"

namespace usher::understanding {
namespace {

constexpr std::size_t kSlotsLeast = 64;
constexpr std::size_t kTermsMax = 1U << 20;

std::uint64_t Extend(std::uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * kFnv64Prime;
}

}  // namespace

Lexicon::Entry& Lexicon::Slot(std::uint64_t hash) {
  std::size_t at = Mix64(hash) & (table_.size() - 1);
  while (table_[at].hash != 0 && table_[at].hash != hash) at = (at + 1) & (table_.size() - 1);
  return table_[at];
}

const Lexicon::Entry* Lexicon::Find(std::uint64_t hash) const {
  std::size_t at = Mix64(hash) & (table_.size() - 1);
  while (table_[at].hash != 0) {
    if (table_[at].hash == hash) return &table_[at];
    at = (at + 1) & (table_.size() - 1);
  }
  return nullptr;
}

void Lexicon::Grow() {
  std::vector<Entry> old = std::move(table_);
  table_.assign(std::max(kSlotsLeast, 2 * old.size()), Entry());
  for (const Entry& entry : old) {
    if (entry.hash != 0) Slot(entry.hash) = entry;
  }
}

void Lexicon::Add(std::string_view term, bool any_ending, std::size_t topic) {
  if (term.empty() || term.size() > kTermBytesMax) return;
  if (4 * (used_ + 1) > table_.size()) Grow();  // a quarter full: most look-ups find nothing
  const std::uint64_t hash = Hash64(term);
  Entry& entry = Slot(hash);
  if (entry.hash == 0) ++used_;
  entry.hash = hash;
  (any_ending ? entry.beginning : entry.whole) |= 1U << topic;
}

std::array<int, kLexiconTopicsMax> Lexicon::Count(std::string_view words) const {
  std::array<int, kLexiconTopicsMax> counts{};
  if (table_.empty()) return counts;
  for (std::size_t start = 0; start < words.size(); ++start) {
    if (words[start] == ' ' || (start > 0 && words[start - 1] != ' ')) continue;
    std::uint32_t topics = 0;  // each once a place, by however many terms
    std::uint64_t hash = kFnv64Offset;
    const std::size_t end = std::min(start + kTermBytesMax, words.size());
    for (std::size_t i = start; i < end; ++i) {
      hash = Extend(hash, words[i]);
      const Entry* entry = Find(hash);
      if (entry == nullptr) continue;
      topics |= entry->beginning;
      if (i + 1 == words.size() || words[i + 1] == ' ') topics |= entry->whole;
    }
    for (; topics != 0; topics &= topics - 1) {
      ++counts[static_cast<std::size_t>(std::countr_zero(topics))];
    }
  }
  return counts;
}

void Lexicon::Write(ByteWriter& out) const {
  std::vector<Entry> entries;
  std::copy_if(table_.begin(), table_.end(), std::back_inserter(entries),
               [](const Entry& entry) { return entry.hash != 0; });
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
  out.U32(static_cast<std::uint32_t>(entries.size()));
  for (const Entry& entry : entries) {
    out.U64(entry.hash);
    out.U32(entry.whole);
    out.U32(entry.beginning);
  }
}

bool Lexicon::Read(ByteReader& in) {
  const std::uint32_t count = in.U32();
  if (!in.ok() || count > kTermsMax) return false;
  table_.assign(std::max<std::size_t>(kSlotsLeast, std::bit_ceil(std::size_t{count} * 4)), Entry());
  used_ = count;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t hash = in.U64();
    const std::uint32_t whole = in.U32();
    const std::uint32_t beginning = in.U32();
    if (hash == 0 || ((whole | beginning) >> kLexiconTopicsMax) != 0) return false;
    Slot(hash) = {hash, whole, beginning};
  }
  return in.ok();
}

}  // namespace usher::understanding
