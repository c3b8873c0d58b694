#include "core/fold.h"

#include <gtest/gtest.h>

namespace usher {
namespace {

TEST(Fold, ComparesWithoutCasePunctuationAndSpacing) {
  EXPECT_EQ(Fold("  Wo ist -- meine BESTELLUNG?! "), "wo ist meine bestellung");
  EXPECT_EQ(Fold("№ 40-17/b"), "40 17 b");
  EXPECT_EQ(Fold("😡"), "");
  EXPECT_EQ(Fold(""), "");
}

TEST(CountCharacters, CountsNoBytes) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("±1 €😡"), 5u);
}

TEST(Fold, KnowsTheCapitalsOfManyAlphabets) {
  EXPECT_EQ(Fold("ВОЗВРАТ ЁЖ"), "возврат ёж");
  EXPECT_EQ(Fold("ЇЖАК ҐАНОК ЄДНІСТЬ"), "їжак ґанок єдність");
  EXPECT_EQ(Fold("ЂОРЂЕ ЉУБАВ ЏЕП"), "ђорђе љубав џеп");
  EXPECT_EQ(Fold("ŻÓŁĆ ŠĐČĆŽ ŐŰ"), "żółć šđčćž őű");
  EXPECT_EQ(Fold("ÀÉÎÕÜÇÑŒŸ"), "àéîõüçñœÿ");
  EXPECT_EQ(Fold("ȘȚĂÂÎ"), "șțăâî");
  EXPECT_EQ(Fold("ΠΟΎ ΕΊΝΑΙ ΌΛΟΣ όλος"), "πού είναι όλοσ όλοσ");
}

TEST(Fold, TakesTurkishWithAndWithoutDots) {
  EXPECT_EQ(Fold("İADE"), Fold("iade"));
  EXPECT_EQ(Fold("KIRIK"), Fold("kırık"));
  EXPECT_EQ(Fold("i\xcc\x87"
                 "ade"),
            "iade");
}

TEST(Fold, OfFoldedIsItself) {
  std::string all;
  for (char32_t c = 1; c < 0x3000; ++c) {
    AppendCharacter(c, all);
    if (c % 7 == 0) all += ' ';
  }
  const std::string once = Fold(all);
  EXPECT_EQ(Fold(once), once);
}

TEST(NextCharacter, TakesABadByteAsOneCharacter) {
  const std::string_view bad = "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82\xff";
  std::size_t at = 0;
  std::size_t characters = 0;
  while (at < bad.size()) {
    EXPECT_EQ(NextCharacter(bad, at), U'\xfffd');
    ++characters;
  }
  EXPECT_EQ(characters, bad.size());
}

TEST(NextCharacter, ReadsWhatAppendCharacterWrote) {
  for (const char32_t c : {U'\x1', U'z', U'\x80', U'\x7ff', U'\x800', U'\xd7ff', U'\xe000',
                           U'\xffff', U'\x10000', U'\x10ffff'}) {
    std::string text;
    AppendCharacter(c, text);
    std::size_t at = 0;
    EXPECT_EQ(NextCharacter(text, at), c);
    EXPECT_EQ(at, text.size());
  }
}

}  // namespace
}  // namespace usher
