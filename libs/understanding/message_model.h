// MessageModel: the topic and the mood of a message, by one table of weights over hashed features.
//
// Both answers come from one walk over the table: a row has a byte for each topic and each mood. A
// file is behind the same header as a TextModel's.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "understanding/features.h"
#include "understanding/lexicon.h"

namespace usher::understanding {

// In the order of the model's columns.
constexpr std::array<std::string_view, 16> kTopicLabels = {
    "order_status",  "order_change",    "purchase_help", "delivery",
    "delivery_late", "return_exchange", "refund",        "wrong_or_damaged",
    "payment",       "invoice",         "account",       "promotion",
    "complaint",     "feedback",        "human",         "other"};
constexpr std::array<std::string_view, 3> kMoodLabels = {"negative", "neutral", "positive"};

constexpr std::size_t kColumns = 20;  // 16 topics, 3 moods, one to spare
constexpr std::size_t kMoodColumn = kTopicLabels.size();

struct MessageGuess {
  std::string_view topic;  // empty: nothing to read
  float topic_probability = 0;
  std::string_view mood;
  float mood_probability = 0;
};

// What training makes, and what a file holds.
struct MessageWeights {
  std::vector<std::int8_t> rows;  // kFeatureRows by kColumns
  float topic_scale = 1;          // of a unit of a row; makes the probabilities true, too
  float mood_scale = 1;
  Lexicon lexicon;
};

// Threads: any after construction.
class MessageModel {
 public:
  explicit MessageModel(MessageWeights weights);

  // Errors: NOT_FOUND: no such file; DATA_LOSS: damaged, or of another format.
  static absl::StatusOr<MessageModel> Load(const std::string& path);
  std::string Write() const;

  // `words`: of TopicWords().
  // Cost: a cache line for each feature.
  MessageGuess Judge(std::string_view words, bool numbers_order) const;

 private:
  std::shared_ptr<const MessageWeights> weights_;  // shared: a model is a value, and never changes
};

}  // namespace usher::understanding
