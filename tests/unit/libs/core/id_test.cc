#include "core/id.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace usher {
namespace {

using ThingId = Id<struct ThingTag>;
using ThingNumber = Serial<struct ThingTag>;
using ThingName = Name<struct ThingTag>;

TEST(Id, IsNoneUntilSet) {
  EXPECT_TRUE(ThingId().none());
  EXPECT_FALSE(ThingId::FromNumber(1).none());
  EXPECT_FALSE((ThingId{{1, 0}}).none());
  EXPECT_FALSE(ThingId::Of("").none());  // the hash of nothing is a value like any other
}

TEST(Id, WritesThirtyTwoLowerCaseHexDigits) {
  EXPECT_EQ((ThingId{{0x0123456789abcdefULL, 0xfedcba9876543210ULL}}).ToString(),
            "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(ThingId().ToString(), std::string(32, '0'));
}

TEST(Id, ReadsWhatItWrote) {
  for (const char* unique : {"", "a", "order 17", "\xd0\xb6"}) {
    const ThingId id = ThingId::Of(unique);
    EXPECT_EQ(ThingId::Parse(id.ToString()), id);
  }
}

TEST(Id, RefusesOtherTexts) {
  const std::string good(32, 'a');
  ASSERT_TRUE(ThingId::Parse(good));
  EXPECT_FALSE(ThingId::Parse(""));
  EXPECT_FALSE(ThingId::Parse(good.substr(1)));
  EXPECT_FALSE(ThingId::Parse(good + "a"));
  for (const char bad : {'A', 'g', ' ', '-', '/', ':', '`', '\0', '\xff'}) {
    for (const int at : {0, 15, 16, 31}) {
      std::string text = good;
      text[at] = bad;
      EXPECT_FALSE(ThingId::Parse(text)) << "byte " << int{bad} << " at " << at;
    }
  }
}

TEST(Id, OrdersLikeItsText) {
  const ThingId low{{0, ~0ULL}};
  const ThingId high{{1, 0}};
  EXPECT_LT(low, high);
  EXPECT_LT(low.ToString(), high.ToString());
}

TEST(Id, HashesByBothHalves) {
  std::unordered_set<std::size_t> hashes;
  for (std::uint64_t i = 0; i < 100; ++i) {
    hashes.insert(std::hash<ThingId>()(ThingId{{i, 0}}));
    hashes.insert(std::hash<ThingId>()(ThingId{{0, i + 1}}));
  }
  EXPECT_EQ(hashes.size(), 200u);
}

TEST(Serial, IsNoneAtZeroAndOrders) {
  EXPECT_TRUE(ThingNumber().none());
  EXPECT_FALSE(ThingNumber{1}.none());
  EXPECT_LT(ThingNumber{1}, ThingNumber{2});
}

TEST(Name, HoldsUpToItsMost) {
  const std::string most(ThingName::kMaxBytes, 'x');
  ASSERT_TRUE(ThingName::Parse(most));
  EXPECT_EQ(ThingName::Parse(most)->view(), most);
  EXPECT_FALSE(ThingName::Parse(most + "x"));
  EXPECT_TRUE(ThingName::Parse("123e4567-e89b-12d3-a456-426614174000"));  // a UUID fits
}

TEST(Name, IsNoneWhenEmpty) {
  EXPECT_TRUE(ThingName().none());
  ASSERT_TRUE(ThingName::Parse(""));
  EXPECT_EQ(*ThingName::Parse(""), ThingName());
  EXPECT_FALSE(ThingName::Of("a").none());
}

TEST(Name, RefusesControlCharactersAndTakesOtherBytes) {
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    EXPECT_EQ(ThingName::Parse(text).has_value(), c >= 0x20 && c != 0x7f) << c;
  }
}

TEST(Name, OfCutsWhatDoesNotFit) {
  EXPECT_EQ(ThingName::Of(std::string(50, 'y')).view(), std::string(ThingName::kMaxBytes, 'y'));
}

TEST(Name, OrdersByBytesAndNotBySize) {
  EXPECT_LT(ThingName::Of("a"), ThingName::Of("ab"));
  EXPECT_LT(ThingName::Of("ab"), ThingName::Of("b"));
  EXPECT_LT(ThingName::Of("z"), ThingName::Of("\xc3\xa9"));  // bytes are unsigned
}

TEST(Name, HashesItsTextAlone) {
  EXPECT_EQ(std::hash<ThingName>()(ThingName::Of("ana")), Hash64("ana"));
}

}  // namespace
}  // namespace usher
