#include "engine/memories.h"

#include <gtest/gtest.h>

#include <list>
#include <vector>

#include "core/hash.h"

namespace usher::engine {
namespace {

using CustomerBook = Book<CustomerId, std::uint32_t>;

constexpr std::uint32_t kMost = 20;

CustomerId C(std::uint64_t number) { return CustomerId{{1, number + 1}}; }

struct Known {
  std::uint64_t key = 0;
  std::uint32_t what = 0;
  std::uint32_t agent = 0;
};

// The newest with that key, and with that `what` unless it is kNone; null if there is none.
const Known* Newest(const std::list<Known>& all, std::uint64_t key, std::uint32_t what) {
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->key == key && (what == kNone || each->what == what)) return &*each;
  }
  return nullptr;
}

void ExpectAlike(const CustomerBook& book, std::uint32_t slot, const Known* known) {
  ASSERT_EQ(slot == kNone, known == nullptr);
  if (known == nullptr) return;
  EXPECT_EQ(book[slot].agent, known->agent);
  EXPECT_EQ(book[slot].what, known->what);
}

TEST(Book, RemembersAsMuchAsItMayAndForgetsTheOldest) {
  CustomerBook book(kMost);
  std::list<Known> all;  // oldest first
  std::vector<std::uint32_t> dropped;
  const auto drop = [&](const CustomerBook::Entry& entry) { dropped.push_back(entry.agent); };
  std::uint64_t seed = 7;
  for (std::uint32_t step = 0; step < 20'000; ++step) {
    seed = Mix64(seed + 1);
    const std::uint64_t key = seed % 9;
    const auto what = static_cast<std::uint32_t>((seed >> 16) % 3);
    dropped.clear();
    if (seed >> 62 == 0) {  // one of them is forgotten
      const std::uint32_t slot = book.Find(C(key), what);
      ExpectAlike(book, slot, Newest(all, key, what));
      if (slot == kNone) continue;
      const std::uint32_t agent = book[slot].agent;
      book.Remove(slot, drop);
      EXPECT_EQ(dropped, std::vector<std::uint32_t>{agent});
      all.remove_if([&](const Known& known) { return known.agent == agent; });
    } else {
      book.Add(C(key), what, step, Instant(), drop);
      const bool full = all.size() == kMost;
      ASSERT_EQ(dropped.size(), full ? 1U : 0U);
      if (full) {
        EXPECT_EQ(dropped[0], all.front().agent);
        all.pop_front();
      }
      all.push_back({key, what, step});
    }
    ExpectAlike(book, book.Newest(C(key)), Newest(all, key, kNone));
    ExpectAlike(book, book.Find(C(key), what), Newest(all, key, what));
    if (!all.empty()) {
      EXPECT_EQ(book[book.oldest()].agent, all.front().agent);
    }
  }
  EXPECT_EQ(book.Newest(C(99)), kNone);
}

}  // namespace
}  // namespace usher::engine
