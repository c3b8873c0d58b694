#include "router/snapshots.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::router {
namespace {

constexpr std::size_t kPageBytes = 100'000;

Snapshot ASnapshot() {
  Snapshot snapshot;
  snapshot.number = 7;
  snapshot.log = LogId{{11, 12}};
  snapshot.offset = 1'000;
  snapshot.last = {snapshot.log, 0, 1'010, 2};
  snapshot.decisions_offset = 1'500;
  snapshot.draw = 99;
  snapshot.desks.push_back({DeskName::Of("north"), {1'000, 2, 4'096, 0xabcdef, 1, 5}});
  snapshot.desks.push_back({DeskName::Of("south"), {1'003, 1, 2'048, 0xfedcba, 0, 6}});
  return snapshot;
}

std::string BytesOf(const Snapshot& snapshot) {
  return EncodeManifest({"usher.snapshots", 0}, snapshot, kPageBytes).front().value;
}

TEST(Manifests, AreWhatTheyWereOrRefusedWhicheverBitIsTurnedOver) {
  const std::string bytes = BytesOf(ASnapshot());
  ASSERT_TRUE(DecodePage(bytes, 0).ok());
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string spoiled = bytes;
      spoiled[at] = static_cast<char>(spoiled[at] ^ (1 << bit));
      auto page = DecodePage(spoiled, 0);
      refused += page.ok() ? 0 : 1;
      if (page.ok()) {
        // The sum may become a second draw, which only tells pages apart.
        page->part.draw = ASnapshot().draw;
        EXPECT_EQ(BytesOf(page->part), bytes) << "byte " << at << ", bit " << bit;
      }
    }
  }
  // Only in the head of the sum itself, which then is not there, a bit makes no difference.
  EXPECT_GE(refused, static_cast<int>(bytes.size() * 8) - 8);
}

}  // namespace
}  // namespace usher::router
