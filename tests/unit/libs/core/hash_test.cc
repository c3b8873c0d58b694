#include "core/hash.h"

#include <gtest/gtest.h>

namespace usher {
namespace {

// The published test vectors of FNV-1a: ids and partitions in logs rest on them for ever.
TEST(Hash, Hash64IsFnv1a) {
  EXPECT_EQ(Hash64(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(Hash64("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(Hash64("foobar"), 0x85944171f73967e8ULL);
}

TEST(Hash, Hash64TakesBytesAsUnsigned) {
  EXPECT_EQ(Hash64("\xff"), (kFnv64Offset ^ 0xff) * kFnv64Prime);
}

TEST(Hash, Hash64GoesOnFromASeed) { EXPECT_EQ(Hash64("bar", Hash64("foo")), Hash64("foobar")); }

TEST(Hash, Hash128IsFnv1a) {
  EXPECT_EQ(Hash128(""), (Bits128{0x6c62272e07bb0142ULL, 0x62b821756295c58dULL}));
  EXPECT_EQ(Hash128("a"), (Bits128{0xd228cb696f1a8cafULL, 0x78912b704e4a8964ULL}));
  EXPECT_EQ(Hash128("foobar"), (Bits128{0x343e1662793c64bfULL, 0x6f0d3597ba446f18ULL}));
}

TEST(Hash, Mix64KeepsZeroAndSpreadsOne) {
  EXPECT_EQ(Mix64(0), 0u);
  EXPECT_EQ(Mix64(1), 0xb456bcfc34c2cb2cULL);
}

TEST(Hash, Bits128OrderByHighThenLow) {
  EXPECT_LT((Bits128{0, 9}), (Bits128{1, 0}));
  EXPECT_LT((Bits128{1, 0}), (Bits128{1, 1}));
}

}  // namespace
}  // namespace usher
