#include "understanding/lexicon.h"

#include <gtest/gtest.h>

#include <string>

#include "understanding/features.h"

namespace usher::understanding {
namespace {

Lexicon Small() {
  Lexicon lexicon;
  lexicon.Add("refund", true, 1);
  lexicon.Add("money back", false, 1);
  lexicon.Add("back", false, 2);
  return lexicon;
}

TEST(Lexicon, FindsWordsBeginningsAndPhrases) {
  const auto counts = Small().Count("refunded my money back prefund backs");
  EXPECT_EQ(counts[1], 2);  // refunded, money back; not prefund
  EXPECT_EQ(counts[2], 1);  // not backs
  EXPECT_EQ(Small().Count("")[1], 0);
  EXPECT_EQ(Lexicon().Count("refund")[1], 0);
}

TEST(Lexicon, CountsAPlaceOnceForATopic) {
  Lexicon lexicon = Small();
  lexicon.Add("refu", true, 1);
  EXPECT_EQ(lexicon.Count("refund")[1], 1);
}

TEST(Lexicon, IsWrittenAndRead) {
  Lexicon lexicon = Small();
  for (int i = 0; i < 1'000; ++i) lexicon.Add("term" + std::to_string(i), false, 3);
  ByteWriter out;
  lexicon.Write(out);
  Lexicon again;
  ByteReader in(out.bytes());
  ASSERT_TRUE(again.Read(in));
  EXPECT_TRUE(in.done());
  EXPECT_EQ(again.size(), lexicon.size());
  EXPECT_EQ(again.Count("term7 refunds"), lexicon.Count("term7 refunds"));
  ByteReader cut(std::string_view(out.bytes()).substr(0, out.bytes().size() - 1));
  EXPECT_FALSE(again.Read(cut));
}

TEST(Features, AreInsideTheTableAndWeighTheSameHoweverLongTheText) {
  const Lexicon lexicon = Small();
  std::vector<Feature> features;
  std::string words = "where is my refund";
  for (int i = 0; i < 8; ++i, words += " " + words) {
    FindFeatures(words, false, lexicon, features);
    float squares = 0;
    for (const Feature& feature : features) {
      ASSERT_LT(feature.row, kFeatureRows);
      squares += feature.value * feature.value;
    }
    EXPECT_GT(squares, 1);
    EXPECT_LT(squares, 40);  // terms count, by their logarithm
  }
  FindFeatures("", true, lexicon, features);
  EXPECT_TRUE(features.empty());
}

}  // namespace
}  // namespace usher::understanding
