#include "core/bytes.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace usher {
namespace {

using ThingId = Id<struct ThingTag>;
using ThingNumber = Serial<struct ThingTag>;
using ThingName = Name<struct ThingTag>;
enum class Colour : std::uint8_t { kRed, kGreen, kBlue };

TEST(Bytes, IntegersAreLittleEndian) {
  ByteWriter out;
  out.U8(0x01);
  out.U16(0x0203);
  out.U32(0x04050607);
  out.U64(0x08090a0b0c0d0e0fULL);
  out.I64(-2);
  EXPECT_EQ(out.bytes(), std::string("\x01\x03\x02\x07\x06\x05\x04\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08"
                                     "\xfe\xff\xff\xff\xff\xff\xff\xff"));
}

TEST(Bytes, ReadsBackWhatWasWritten) {
  ByteWriter out;
  out.U8(255);
  out.U16(65535);
  out.U32(4'294'967'295u);
  out.U64(std::numeric_limits<std::uint64_t>::max());
  out.I64(std::numeric_limits<std::int64_t>::min());
  out.Bool(true);
  out.At(kNever);
  out.For(-5s);
  out.Text(std::string_view("a\0b", 3));
  out.Put(ThingId::Of("x"));
  out.Put(ThingNumber{7});
  out.Put(ThingName::Of("ana"));
  out.U8(2);

  ByteReader in(out.bytes());
  EXPECT_EQ(in.U8(), 255u);
  EXPECT_EQ(in.U16(), 65535u);
  EXPECT_EQ(in.U32(), 4'294'967'295u);
  EXPECT_EQ(in.U64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(in.I64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(in.Bool());
  EXPECT_EQ(in.At(), kNever);
  EXPECT_EQ(in.For(), Duration(-5s));
  EXPECT_EQ(in.Text(), std::string_view("a\0b", 3));
  EXPECT_EQ(in.GetId<ThingId>(), ThingId::Of("x"));
  EXPECT_EQ(in.GetSerial<ThingNumber>(), ThingNumber{7});
  EXPECT_EQ(in.GetName<ThingName>(), ThingName::Of("ana"));
  EXPECT_FALSE(in.done());
  EXPECT_EQ(in.GetEnum(Colour::kBlue), Colour::kBlue);
  EXPECT_TRUE(in.done());
}

TEST(Bytes, PastTheEndReadsZeroAndStaysBad) {
  ByteReader in(std::string_view("\x01\x02\x03", 3));
  EXPECT_EQ(in.U32(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.U8(), 0u);  // a byte is there, but nothing is trusted any more
  EXPECT_FALSE(in.ok());
  EXPECT_FALSE(in.done());
}

TEST(Bytes, NothingAtAllIsDone) {
  ByteReader in("");
  EXPECT_TRUE(in.done());
  EXPECT_EQ(in.U8(), 0u);
  EXPECT_FALSE(in.done());
}

TEST(Bytes, ABoolIsZeroOrOne) {
  ByteReader in(std::string_view("\x02", 1));
  EXPECT_FALSE(in.Bool());
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, AnEnumBeyondItsLastIsRefused) {
  ByteReader in(std::string_view("\x03", 1));
  EXPECT_EQ(in.GetEnum(Colour::kBlue), Colour::kRed);
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, ATextLongerThanTheRestIsRefused) {
  ByteReader in(
      std::string_view("\x03\x00\x00\x00"
                       "ab",
                       6));
  EXPECT_EQ(in.Text(), "");
  EXPECT_FALSE(in.ok());
}

TEST(Bytes, ANameThatIsTooLongOrHoldsControlsIsRefused) {
  const std::string too_long = std::string(1, 40) + std::string(40, 'x');
  ByteReader first(too_long);
  EXPECT_EQ(first.GetName<ThingName>(), ThingName());
  EXPECT_FALSE(first.ok());
  ByteReader second(std::string_view("\x01\n", 2));
  EXPECT_EQ(second.GetName<ThingName>(), ThingName());
  EXPECT_FALSE(second.ok());
}

TEST(Bytes, ACountHoldsNoMoreThanTheRestCould) {
  ByteWriter out;
  out.U32(2);
  out.U64(1);
  out.U64(2);
  ByteReader fits(out.bytes());
  EXPECT_EQ(fits.Count(8), 2u);
  EXPECT_TRUE(fits.ok());
  ByteReader over(out.bytes());
  EXPECT_EQ(over.Count(9), 0u);
  EXPECT_FALSE(over.ok());
  ByteReader huge(std::string_view("\xff\xff\xff\xff", 4));
  EXPECT_EQ(huge.Count(1ULL << 31), 0u);  // the product does not wrap
  EXPECT_FALSE(huge.ok());
}

}  // namespace
}  // namespace usher
