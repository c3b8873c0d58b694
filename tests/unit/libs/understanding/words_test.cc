#include "understanding/words.h"

#include <gtest/gtest.h>

namespace usher::understanding {
namespace {

TEST(TopicWords, SpellCyrillicInLatinLetters) {
  EXPECT_EQ(TopicWords("Доставка и оплата"), "dostavka i oplata");
  EXPECT_EQ(TopicWords("Посилка, їжак, ґанок"), "posilka izak ganok");
  EXPECT_EQ(TopicWords("Ђорђе и љубав"), "dorde i ljubav");
}

TEST(TopicWords, DropAccents) {
  EXPECT_EQ(TopicWords("Zamówienie ŁÓDŹ"), "zamowienie lodz");
  EXPECT_EQ(TopicWords("Șase țări, şi ţară"), "sase tari si tara");
  EXPECT_EQ(TopicWords("Straße, Über, œuvre, İade, kırık"), "strasse uber ouvre iade kirik");
  EXPECT_EQ(TopicWords("e\xcc\x81t\xc3\xa9"), "ete");  // composed or not
}

TEST(TopicWords, MakeNumbersOneAndKeepSigns) {
  EXPECT_EQ(TopicWords("No 4471093, 2x5"), "no 0 0 x 0");
  EXPECT_EQ(TopicWords("What?! 😡😡"), "what ? ! 😡 😡");
  EXPECT_EQ(TopicWords("a-b_c"), "a b c");
}

TEST(TopicWords, AreOneLineWithoutFastTextsOwnMarks) {
  EXPECT_EQ(TopicWords("one\ntwo\r\nthree"), "one two three");
  EXPECT_EQ(TopicWords("__label__refund </s>"), "label refund s");
}

TEST(Words, LeaveAddressesOut) {
  EXPECT_EQ(TopicWords("me@shop.example where https://shop.example/x is www.shop.example it"),
            "where is it");
  EXPECT_EQ(LanguageWords("me@shop.example Où"), "où");
}

TEST(Words, OfNothingAreNothing) {
  for (const char* text : {"", " ", "...", "\xff\xfe", "\n"}) {
    EXPECT_EQ(TopicWords(text), "");
    EXPECT_EQ(LanguageWords(text), "");
  }
}

TEST(LanguageWords, KeepAccentsAndTheDotlessI) {
  EXPECT_EQ(LanguageWords("KIRIK, kırık 5 Їжак"), "kirik kırık їжак");
  EXPECT_EQ(LanguageWords("İade"), "iade");
}

}  // namespace
}  // namespace usher::understanding
