#include "understanding/message_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <span>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "core/bytes.h"
#include "core/check.h"
#include "understanding/text_model.h"

namespace usher::understanding {
namespace {

constexpr std::uint32_t kFormat = 1;  // of what is behind the header

// The best of `scores`, and its share.
std::pair<std::size_t, float> Best(std::span<const float> scores, float scale) {
  const auto best = std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (const float score : scores) sum += std::exp((score - *best) * scale);
  return {static_cast<std::size_t>(best - scores.begin()), 1 / sum};
}

}  // namespace

MessageModel::MessageModel(MessageWeights weights)
    : weights_(std::make_shared<const MessageWeights>(std::move(weights))) {
  USHER_CHECK(weights_->rows.size() == std::size_t{kFeatureRows} * kColumns);
}

absl::StatusOr<MessageModel> MessageModel::Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError("model: cannot open " + path);
  std::stringstream bytes;
  bytes << in.rdbuf();
  const std::string file = bytes.str();
  const absl::Status damaged =
      absl::DataLossError("model: " + path + " is damaged or of another format");
  std::string_view body;
  if (!UnwrapModel(file, &body)) return damaged;
  ByteReader reader(body);
  MessageWeights weights;
  if (reader.U32() != kFormat || reader.U32() != kFeatureRows || reader.U32() != kColumns) {
    return damaged;
  }
  weights.topic_scale = std::bit_cast<float>(reader.U32());
  weights.mood_scale = std::bit_cast<float>(reader.U32());
  if (!weights.lexicon.Read(reader)) return damaged;
  const std::string_view rows = reader.Text();
  if (!reader.done() || rows.size() != std::size_t{kFeatureRows} * kColumns) return damaged;
  weights.rows.assign(rows.begin(), rows.end());
  return MessageModel(std::move(weights));
}

std::string MessageModel::Write() const {
  ByteWriter writer;
  writer.U32(kFormat);
  writer.U32(kFeatureRows);
  writer.U32(kColumns);
  writer.U32(std::bit_cast<std::uint32_t>(weights_->topic_scale));
  writer.U32(std::bit_cast<std::uint32_t>(weights_->mood_scale));
  weights_->lexicon.Write(writer);
  writer.Text(std::string(weights_->rows.begin(), weights_->rows.end()));
  return WrapModel(writer.bytes());
}

MessageGuess MessageModel::Judge(std::string_view words, bool numbers_order) const {
  MessageGuess guess;
  std::vector<Feature> features;
  FindFeatures(words, numbers_order, weights_->lexicon, features);
  if (features.empty()) return guess;
  std::array<float, kColumns> scores{};
  for (const Feature& feature : features) {
    const std::int8_t* row = &weights_->rows[feature.row * kColumns];
    for (std::size_t i = 0; i < kColumns; ++i) {
      scores[i] += feature.value * static_cast<float>(row[i]);
    }
  }
  const std::span<const float> all(scores);
  const auto [topic, topic_share] = Best(all.first(kMoodColumn), weights_->topic_scale);
  const auto [mood, mood_share] =
      Best(all.subspan(kMoodColumn, kMoodLabels.size()), weights_->mood_scale);
  return {kTopicLabels[topic], topic_share, kMoodLabels[mood], mood_share};
}

}  // namespace usher::understanding
