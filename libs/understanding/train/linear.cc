#include "understanding/train/linear.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "core/hash.h"

namespace usher::understanding {
namespace {

constexpr int kEpochs = 12;
constexpr float kRate = 1;
constexpr float kLastRate = 0.1F;   // of kRate, in the last epoch
constexpr float kDecay = 1e-4F;     // of a weight that an example touches
constexpr float kFirstSquares = 1;  // so that what is seen once does not get a whole step
constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15ULL;

// The rows of a matrix, and scores of one example.
template <std::size_t kLabels>
class Softmax {
 public:
  using Scores = std::array<float, kLabels>;

  static Scores Score(const std::vector<float>& weights, const std::vector<Feature>& features) {
    Scores scores{};
    for (const Feature& feature : features) {
      const float* row = &weights[feature.row * kLabels];
      for (std::size_t i = 0; i < kLabels; ++i) scores[i] += feature.value * row[i];
    }
    return scores;
  }

  static void ToShares(Scores& scores) {
    const float most = *std::max_element(scores.begin(), scores.end());
    float sum = 0;
    for (float& score : scores) sum += score = std::exp(score - most);
    for (float& score : scores) score /= sum;
  }
};

// Fisher and Yates, with steps that a hash makes.
void Shuffle(std::vector<std::size_t>& order, std::uint64_t& state) {
  for (std::size_t i = order.size(); i-- > 1;) {
    state = Mix64(state + kSeed);
    std::swap(order[i], order[state % (i + 1)]);
  }
}

template <std::size_t kLabels>
void Descend(const LinearExample& example, float rate, std::vector<float>& weights,
             std::vector<float>& squares) {
  auto errors = Softmax<kLabels>::Score(weights, *example.features);
  Softmax<kLabels>::ToShares(errors);
  errors[static_cast<std::size_t>(example.label)] -= 1;
  for (float& error : errors) error *= example.weight;
  for (const Feature& feature : *example.features) {
    float* __restrict weight = &weights[feature.row * kLabels];
    float* __restrict square = &squares[feature.row * kLabels];
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
  std::vector<float> weights(kFeatureRows * kLabels, 0.0F);
  std::vector<float> squares(kFeatureRows * kLabels, kFirstSquares);
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::uint64_t state = kSeed;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    Shuffle(order, state);
    const float done = static_cast<float>(epoch) / kEpochs;
    const float rate = kRate * (1 - (1 - kLastRate) * done);
    for (const std::size_t at : order) Descend<kLabels>(examples[at], rate, weights, squares);
  }
  return weights;
}

template <std::size_t kLabels>
float FitScale(const std::vector<float>& weights, const std::vector<LinearExample>& unseen) {
  float best = 1;
  double least = 1e300;
  for (int step = 0; step <= 40; ++step) {
    const float scale = 0.2F * std::pow(1.07F, static_cast<float>(step));  // to 3
    double loss = 0;
    for (const LinearExample& example : unseen) {
      auto scores = Softmax<kLabels>::Score(weights, *example.features);
      for (float& score : scores) score *= scale;
      Softmax<kLabels>::ToShares(scores);
      loss -= std::log(scores[static_cast<std::size_t>(example.label)] + 1e-9F);
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
