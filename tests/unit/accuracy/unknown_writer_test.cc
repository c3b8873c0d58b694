// What is promised of messages by hands that the models never saw: they are trained without one
// writer and asked about that one's messages and fragments.
//
// The floors are those that a change must not break, not what is reached: `understanding_bench
// --writers` prints that, for each writer.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "kit/tree/tree.h"
#include "understanding/examples.h"
#include "understanding/score.h"
#include "understanding/train/train.h"
#include "understanding/understand.h"

namespace usher::understanding {
namespace {

constexpr char kUnknownWriter[] = "e";
constexpr double kTopicInEnglish = 0.80;  // macro-F1
constexpr double kTopicElsewhere = 0.70;
constexpr double kMood = 0.80;
constexpr double kLanguageOfMessages = 0.98;  // accuracy
constexpr double kLanguageOfFragments = 0.90;

struct Scores {
  std::map<std::string, Score> topic;  // by language
  std::map<std::string, Score> mood;
  Score language;
  Score fragments;
};

UnderstandingRules Rules(const Examples& examples) {
  UnderstandingRules rules;
  std::map<std::string, bool> languages;
  std::map<std::string, bool> topics;
  for (const Example& message : examples.messages) {
    languages[message.language];
    topics[message.topic];
  }
  for (const auto& [name, seen] : languages) rules.languages.push_back(LanguageName::Of(name));
  for (const auto& [name, seen] : topics) {
    if (name != "other") rules.topics.push_back(TopicName::Of(name));
  }
  rules.topic_confidence_permille = 0;
  return rules;
}

std::string NameOf(Sentiment sentiment) {
  switch (sentiment) {
    case Sentiment::kNegative:
      return "negative";
    case Sentiment::kNeutral:
      return "neutral";
    case Sentiment::kPositive:
      return "positive";
    case Sentiment::kUnknown:
      break;
  }
  return "unknown";
}

Scores Ask(const Understanding& understanding, const Examples& examples) {
  const UnderstandingRules rules = Rules(examples);
  Scores scores;
  for (const Example& message : examples.messages) {
    if (message.writer != kUnknownWriter) continue;
    const Understood understood = understanding.Understand(message.text, rules, LanguageName());
    scores.topic[message.language].Count(message.topic, understood.topic.ToString());
    scores.mood[message.language].Count(message.sentiment, NameOf(understood.sentiment));
    scores.language.Count(message.language, understood.language.ToString());
  }
  for (const Example& fragment : examples.fragments) {
    if (fragment.writer != kUnknownWriter) continue;
    const Understood understood = understanding.Understand(fragment.text, rules, LanguageName());
    scores.fragments.Count(fragment.language, understood.language.ToString());
  }
  return scores;
}

TEST(UnknownWriter, IsUnderstoodInEveryLanguage) {
  const auto examples = ReadExamples(kit::TreePath("libs/understanding/data"));
  ASSERT_TRUE(examples.ok()) << examples.status();
  const std::filesystem::path models =
      std::filesystem::temp_directory_path() / ("unknown_writer." + std::to_string(getpid()));
  std::filesystem::create_directories(models);
  const Training training{.without = kUnknownWriter, .finds_sureness = false};
  const absl::Status trained = TrainModels(*examples, training, models);
  ASSERT_TRUE(trained.ok()) << trained;
  const auto understanding = Understanding::Load(models);
  std::filesystem::remove_all(models);
  ASSERT_TRUE(understanding.ok()) << understanding.status();

  const Scores scores = Ask(**understanding, *examples);
  EXPECT_EQ(scores.topic.size(), 10u);
  for (const auto& [language, topic] : scores.topic) {
    const double floor = language == "en" ? kTopicInEnglish : kTopicElsewhere;
    EXPECT_GE(topic.MacroF1(), floor) << "topic, " << language;
    EXPECT_GE(scores.mood.at(language).MacroF1(), kMood) << "mood, " << language;
  }
  EXPECT_GE(scores.language.Accuracy(), kLanguageOfMessages);
  EXPECT_GE(scores.fragments.Accuracy(), kLanguageOfFragments);
}

}  // namespace
}  // namespace usher::understanding
