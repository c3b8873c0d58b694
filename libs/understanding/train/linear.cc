#include "understanding/train/linear.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include "core/hash.h"

namespace usher::understanding {
namespace {

constexpr int kEpochs = 12;
constexpr float kRate = 0.5F;
constexpr float kLastRate = 0.1F;   // of kRate, in the last epoch
constexpr float kDecay = 1e-4F;     // of a weight that an example touches
constexpr float kFirstSquares = 1;  // so that what is seen once does not get a whole step
// Of the features of an example, each time that it is seen: so no word is relied upon alone, which
// an unknown writer may not use. (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov:
// Dropout, JMLR 15, 2014; here of the input.)
constexpr float kDropped = 0.3F;
constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15ULL;

// Numbers by a hash, the same each time.
class Dice {
 public:
  std::uint64_t Throw() { return state_ = Mix64(state_ + kSeed); }
  float Share() { return static_cast<float>(Throw() >> 40) / (1 << 24); }

 private:
  std::uint64_t state_ = kSeed;
};

template <std::size_t kLabels>
using Scores = std::array<float, kLabels>;

template <std::size_t kLabels>
void ToShares(Scores<kLabels>& scores) {
  const float most = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - most);
  for (float& score : scores) score /= sum;
}

// What descent knows of a row: one or two lines of a cache.
template <std::size_t kLabels>
struct alignas(std::bit_ceil(2 * kLabels * sizeof(float))) Row {
  Row() { square.fill(kFirstSquares); }

  Scores<kLabels> weight{};
  Scores<kLabels> square;
};

// The examples of a descent, their features one after another, and the rows of these numbered anew:
// those that examples have, the most frequent first. A table of them is a fraction of all rows, and
// what is used most of it stays in a cache.
//
// Values are greater by what is dropped: what is left of an example weighs as much as all would.
class Numbered {
 public:
  explicit Numbered(const std::vector<LinearExample>& examples) {
    std::vector<std::uint32_t> times(kFeatureRows);
    std::size_t count = 0;
    for (const LinearExample& example : examples) {
      count += example.features->size();
      for (const Feature& feature : *example.features) ++times[feature.row];
    }
    for (std::uint32_t row = 0; row < kFeatureRows; ++row) {
      if (times[row] > 0) rows_.push_back(row);
    }
    std::stable_sort(rows_.begin(), rows_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return times[a] > times[b]; });
    std::vector<std::uint32_t>& numbers = times;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      numbers[rows_[i]] = static_cast<std::uint32_t>(i);
    }
    features_.reserve(count);
    for (const LinearExample& example : examples) {
      for (const Feature& feature : *example.features) {
        features_.push_back({numbers[feature.row], feature.value / (1 - kDropped)});
      }
      ends_.push_back(features_.size());
    }
  }

  // As they were numbered before.
  const std::vector<std::uint32_t>& Rows() const { return rows_; }

  std::span<const Feature> Of(std::size_t example) const {
    const std::size_t begin = example == 0 ? 0 : ends_[example - 1];
    return std::span(features_).subspan(begin, ends_[example] - begin);
  }

 private:
  std::vector<std::uint32_t> rows_;
  std::vector<Feature> features_;
  std::vector<std::size_t> ends_;
};

// Fisher and Yates.
void Shuffle(std::vector<std::size_t>& order, Dice& dice) {
  for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[dice.Throw() % (i + 1)]);
}

// Without a jump, which nothing could foretell.
void Drop(std::span<const Feature> features, Dice& dice, std::vector<Feature>& left) {
  left.resize(features.size());
  std::size_t count = 0;
  for (const Feature& feature : features) {
    left[count] = feature;
    count += dice.Share() >= kDropped ? 1 : 0;
  }
  left.resize(count);
}

template <std::size_t kLabels>
void Descend(const LinearExample& example, const std::vector<Feature>& features, float rate,
             std::vector<Row<kLabels>>& rows) {
  Scores<kLabels> errors{};
  for (const Feature& feature : features) {
    const Scores<kLabels>& weight = rows[feature.row].weight;
    for (std::size_t i = 0; i < kLabels; ++i) errors[i] += feature.value * weight[i];
  }
  ToShares(errors);
  errors[static_cast<std::size_t>(example.label)] -= 1;
  for (float& error : errors) error *= example.weight;
  for (const Feature& feature : features) {
    auto& [weight, square] = rows[feature.row];
    for (std::size_t i = 0; i < kLabels; ++i) {
      const float slope = errors[i] * feature.value + kDecay * weight[i];
      square[i] += slope * slope;
      weight[i] -= rate * slope / std::sqrt(square[i]);
    }
  }
}

}  // namespace

template <std::size_t kLabels>
std::vector<float> TrainLinear(const std::vector<LinearExample>& examples) {
  const Numbered numbered(examples);
  std::vector<Row<kLabels>> rows(numbered.Rows().size());
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Dice dice;
  std::vector<Feature> left;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    Shuffle(order, dice);
    const float done = static_cast<float>(epoch) / kEpochs;
    const float rate = kRate * (1 - (1 - kLastRate) * done);
    for (const std::size_t at : order) {
      Drop(numbered.Of(at), dice, left);
      Descend<kLabels>(examples[at], left, rate, rows);
    }
  }
  std::vector<float> weights(kFeatureRows * kLabels, 0.0F);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].weight.begin(), rows[i].weight.end(), &weights[numbered.Rows()[i] * kLabels]);
  }
  return weights;
}

template <std::size_t kLabels>
float FitScale(const std::vector<float>& weights, const std::vector<LinearExample>& unseen) {
  std::vector<Scores<kLabels>> found(unseen.size());
  for (std::size_t at = 0; at < unseen.size(); ++at) {
    for (const Feature& feature : *unseen[at].features) {
      const float* row = &weights[feature.row * kLabels];
      for (std::size_t i = 0; i < kLabels; ++i) found[at][i] += feature.value * row[i];
    }
  }
  float best = 1;
  double least = 1e300;
  for (int step = 0; step <= 40; ++step) {
    const float scale = 0.2F * std::pow(1.07F, static_cast<float>(step));  // to 3
    double loss = 0;
    for (std::size_t at = 0; at < unseen.size(); ++at) {
      Scores<kLabels> scores = found[at];
      for (float& score : scores) score *= scale;
      ToShares(scores);
      loss -= std::log(scores[static_cast<std::size_t>(unseen[at].label)] + 1e-9F);
    }
    if (loss >= least) continue;
    least = loss;
    best = scale;
  }
  return best;
}

// Topics and moods.
template std::vector<float> TrainLinear<16>(const std::vector<LinearExample>& examples);
template std::vector<float> TrainLinear<3>(const std::vector<LinearExample>& examples);
template float FitScale<16>(const std::vector<float>&, const std::vector<LinearExample>&);
template float FitScale<3>(const std::vector<float>&, const std::vector<LinearExample>&);

}  // namespace usher::understanding
