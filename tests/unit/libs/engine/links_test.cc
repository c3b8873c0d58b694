#include "engine/links.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/hash.h"
#include "model/names.h"

namespace usher::engine {
namespace {

CustomerId C(std::uint64_t number) { return CustomerId{{1, number + 1}}; }

std::set<std::uint32_t> Linked(const Links<CustomerId>& links, std::uint64_t customer) {
  std::set<std::uint32_t> linked;
  for (std::uint32_t slot = links.First(C(customer)); slot != kNone; slot = links.Next(slot)) {
    EXPECT_TRUE(linked.insert(slot).second) << slot << " is there twice";
  }
  return linked;
}

TEST(Links, FindsAllThatShareAKeyWhateverComesAndGoes) {
  Links<CustomerId> links;
  std::map<std::uint32_t, std::uint64_t> key_of;
  std::map<std::uint64_t, std::set<std::uint32_t>> of_key;
  std::uint64_t seed = 5;
  for (int step = 0; step < 20'000; ++step) {
    seed = Mix64(seed + 1);
    const auto slot = static_cast<std::uint32_t>(seed % 64);
    const std::uint64_t key = (seed >> 32) % 7;
    if (const auto known = key_of.find(slot); known != key_of.end()) {
      links.Remove(slot);
      of_key[known->second].erase(slot);
      key_of.erase(known);
    } else {
      links.Put(C(key), slot);
      key_of[slot] = key;
      of_key[key].insert(slot);
    }
    ASSERT_EQ(Linked(links, key), of_key[key]);
  }
  for (const auto& [key, slots] : of_key) EXPECT_EQ(Linked(links, key), slots);
  EXPECT_EQ(links.First(C(99)), kNone);
}

}  // namespace
}  // namespace usher::engine
