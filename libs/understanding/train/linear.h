// Linear: weights of a softmax over hashed features, by stochastic descent with AdaGrad's steps.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <vector>

#include "understanding/features.h"

namespace usher::understanding {

struct LinearExample {
  const std::vector<Feature>* features = nullptr;
  int label = 0;
  float weight = 1;
};

// Weights of kFeatureRows by `kLabels`, in rows; for 16 and 3 labels.
//
// Ensures: the same for the same examples in the same order: the order of descent has a fixed seed.
template <std::size_t kLabels>
std::vector<float> TrainLinear(const std::vector<LinearExample>& examples);

// By what the scores must be multiplied so that the softmax of them is as sure as it is right.
template <std::size_t kLabels>
float FitScale(const std::vector<float>& weights, const std::vector<LinearExample>& unseen);

}  // namespace usher::understanding
