// Examples: the labelled texts of libs/understanding/data, for training and for measuring.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::understanding {

struct Example {
  std::string text;
  std::string language;   // of `messages` and `langid`, else empty
  std::string topic;      // of `messages` and `support-intents-en`, else empty
  std::string sentiment;  // of `messages` and `product-sentiment-en`, else empty
  std::string writer;     // of `messages`: a or b
  bool held_out = false;  // never trained on: one in ten, by a hash of the text
};

struct Examples {
  std::vector<Example> messages;
  std::vector<Example> support;   // topic only, English
  std::vector<Example> products;  // sentiment only, English
  std::vector<Example> general;   // language only
};

// Errors: NOT_FOUND names the file; DATA_LOSS names the file and the line.
absl::StatusOr<Examples> ReadExamples(const std::string& data_directory);

}  // namespace usher::understanding
