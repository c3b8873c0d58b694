#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <utility>

#include "core/check.h"
#include "understanding/order_numbers.h"
#include "understanding/train/linear.h"
#include "understanding/train/train.h"
#include "understanding/words.h"

namespace usher::understanding {
namespace {

// The English sets are many rows of one kind; a message is what a customer writes.
constexpr float kSupportWeight = 0.2F;
constexpr float kProductWeight = 0.3F;
// Those who tell how sure the model is of what it has not seen: a plain hand and a colloquial one.
constexpr std::array<std::string_view, 2> kSureness = {"b", "f"};

// The column of a label; -1: it is none.
template <class Labels>
int ColumnOf(const Labels& labels, std::string_view label) {
  const auto found = std::find(labels.begin(), labels.end(), label);
  return found == labels.end() ? -1 : static_cast<int>(found - labels.begin());
}

Lexicon MakeLexicon(const std::vector<Term>& terms) {
  Lexicon lexicon;
  for (const Term& term : terms) {
    const std::size_t star = term.text.find('*');
    const std::string words = TopicWords(term.text.substr(0, star));
    const int topic = ColumnOf(kTopicLabels, term.topic);
    const int mood = ColumnOf(kMoodLabels, term.topic);
    USHER_CHECK(topic >= 0 || mood >= 0);
    lexicon.Add(words, star != std::string::npos,
                topic >= 0 ? static_cast<std::size_t>(topic)
                           : kMoodColumn + static_cast<std::size_t>(mood));
  }
  return lexicon;
}

// The examples of one question, and those by which to tell how sure its answer is.
struct Question {
  std::vector<LinearExample> all;
  std::vector<LinearExample> known;
  std::vector<LinearExample> unseen;

  void Add(const LinearExample& example, bool unknown) {
    all.push_back(example);
    (unknown ? unseen : known).push_back(example);
  }
};

struct Answer {
  std::vector<float> weights;
  float scale = 1;
};

template <std::size_t kLabels>
Answer Solve(const Question& question) {
  Answer answer;
  if (!question.unseen.empty()) {
    answer.scale = FitScale<kLabels>(TrainLinear<kLabels>(question.known), question.unseen);
  }
  answer.weights = TrainLinear<kLabels>(question.all);
  return answer;
}

// Bytes for weights, in the columns from `first` on. Returns what a unit of a byte stands for.
float Round(const Answer& answer, std::size_t labels, std::size_t first,
            std::vector<std::int8_t>& rows) {
  float most = 1e-6F;
  for (const float weight : answer.weights) most = std::max(most, std::abs(weight));
  const float unit = most / 127;
  for (std::size_t i = 0; i < answer.weights.size(); ++i) {
    rows[i / labels * kColumns + first + i % labels] =
        static_cast<std::int8_t>(std::lround(answer.weights[i] / unit));
  }
  return unit * answer.scale;
}

}  // namespace

MessageModel TrainMessages(const Examples& examples, const Training& training) {
  MessageWeights weights;
  weights.lexicon = MakeLexicon(examples.terms);
  std::deque<std::vector<Feature>> features;  // a deque, so that what is pointed to stays
  Question topics;
  Question moods;
  const auto add = [&](const Example& example, float weight) {
    const int topic = ColumnOf(kTopicLabels, example.topic);
    const int mood = ColumnOf(kMoodLabels, example.sentiment);
    const bool unknown = training.finds_sureness && std::find(kSureness.begin(), kSureness.end(),
                                                              example.writer) != kSureness.end();
    std::vector<Feature>& found = features.emplace_back();
    FindFeatures(TopicWords(example.text), !OrderNumbers(example.text).empty(), weights.lexicon,
                 found);
    if (topic >= 0) topics.Add({&found, topic, weight}, unknown);
    if (mood >= 0) moods.Add({&found, mood, weight}, unknown);
  };
  for (const Example& message : examples.messages) {
    if (message.writer != training.without) add(message, 1);
  }
  for (const Example& support : examples.support) {
    if (!support.held_out) add(support, kSupportWeight);
  }
  for (const Example& product : examples.products) {
    if (!product.held_out) add(product, kProductWeight);
  }
  weights.rows.assign(std::size_t{kFeatureRows} * kColumns, 0);
  weights.topic_scale =
      Round(Solve<kTopicLabels.size()>(topics), kTopicLabels.size(), 0, weights.rows);
  weights.mood_scale =
      Round(Solve<kMoodLabels.size()>(moods), kMoodLabels.size(), kMoodColumn, weights.rows);
  return MessageModel(std::move(weights));
}

}  // namespace usher::understanding
