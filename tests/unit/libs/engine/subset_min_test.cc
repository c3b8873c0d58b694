#include "engine/subset_min.h"

#include <gtest/gtest.h>

#include <map>

#include "core/hash.h"
#include "engine/slot_index.h"

namespace usher::engine {
namespace {

using Index = SubsetMin<std::uint64_t, std::uint32_t>;

// The slot with the least key among `allowed`, by the index and one by one.
std::uint32_t Search(Index& index, const Bits& allowed) {
  std::uint64_t best = ~std::uint64_t{0};
  std::uint32_t found = kNone;
  for (std::size_t block = 0; block < index.blocks(); ++block) {
    index.SearchBlock(block, allowed.word(block), best, [&](std::uint64_t key, std::uint32_t slot) {
      best = key;
      found = slot;
    });
  }
  return found;
}

std::uint32_t Slowly(const std::map<std::uint32_t, std::uint64_t>& keys, const Bits& allowed) {
  std::uint32_t found = kNone;
  for (const auto& [slot, key] : keys) {
    if (allowed.Has(slot) && (found == kNone || key < keys.at(found))) found = slot;
  }
  return found;
}

TEST(SubsetMin, AgreesWithLookingAtEachSlot) {
  Index index;
  std::map<std::uint32_t, std::uint64_t> keys;
  std::uint64_t seed = 3;
  for (std::uint64_t step = 1; step <= 20'000; ++step) {
    seed = Mix64(seed + 1);
    const auto slot = static_cast<std::uint32_t>(seed % 300);
    const std::uint64_t key = (seed >> 20) % 100 * 100'000 + step;  // distinct
    if (keys.count(slot) == 0) {
      index.Put(slot, key) = slot;
      keys[slot] = key;
    } else if (seed >> 60 < 6) {
      index.Remove(slot);
      keys.erase(slot);
    } else {
      index.SetKey(slot, key);
      keys[slot] = key;
    }
    ASSERT_EQ(index.size(), keys.size());
    ASSERT_EQ(index.Has(slot), keys.count(slot) == 1);
    Bits allowed;
    for (std::uint64_t draw = Mix64(seed), i = 0; i < seed % 40; ++i) {
      draw = Mix64(draw + 1);
      allowed.Put(static_cast<std::uint32_t>(draw % 400));
    }
    ASSERT_EQ(Search(index, allowed), Slowly(keys, allowed)) << "step " << step;
  }
}

}  // namespace
}  // namespace usher::engine
