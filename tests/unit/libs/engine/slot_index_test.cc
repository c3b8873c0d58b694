#include "engine/slot_index.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "core/hash.h"

namespace usher::engine {
namespace {

// All keys fall on few places, so that runs are long and erasing has to shift them.
struct Crowded {
  std::uint64_t operator()(std::uint64_t key) const { return key % 3 * 5; }
};

template <class Hash>
void AgreesWithAMap(std::uint64_t keys, int steps) {
  SlotIndex<std::uint64_t, Hash> index;
  std::map<std::uint64_t, std::uint32_t> plain;
  std::vector<std::uint64_t> key_of_slot(keys);
  const auto key_at = [&](std::uint32_t slot) { return key_of_slot[slot]; };
  std::uint64_t seed = 7;
  for (int step = 0; step < steps; ++step) {
    seed = Mix64(seed + 1);
    const std::uint64_t key = seed % keys;
    const auto known = plain.find(key);
    ASSERT_EQ(index.Find(key, key_at), known == plain.end() ? kNone : known->second);
    if (known == plain.end()) {
      const auto slot = static_cast<std::uint32_t>(key);
      key_of_slot[slot] = key;
      index.Insert(key, slot);
      plain[key] = slot;
    } else {
      index.Erase(key, known->second);
      plain.erase(known);
    }
    ASSERT_EQ(index.size(), plain.size());
  }
}

TEST(SlotIndex, AgreesWithAMap) { AgreesWithAMap<SlotHash<std::uint64_t>>(500, 20'000); }

TEST(SlotIndex, AgreesWithAMapWhenKeysCrowd) { AgreesWithAMap<Crowded>(60, 20'000); }

TEST(SlotIndex, FindsNothingWhenEmpty) {
  const SlotIndex<std::uint64_t> index;
  EXPECT_EQ(index.Find(1, [](std::uint32_t) -> std::uint64_t { return 1; }), kNone);
}

TEST(SlotIndex, IdsWhoseHalvesBelongTogetherDoNotCrowd) {
  // Ids made as {mix of n, n} once fell on one place.
  SlotHash<Id<struct AnyTag>> hash;
  std::map<std::uint64_t, int> seen;
  for (std::uint64_t n = 1; n <= 1'000; ++n) ++seen[hash({{Mix64(n), n}})];
  EXPECT_EQ(seen.size(), 1'000U);
}

}  // namespace
}  // namespace usher::engine
