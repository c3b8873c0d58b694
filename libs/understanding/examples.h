// Examples: the labelled texts of libs/understanding/data, for training and for measuring.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::understanding {

struct Example {
  std::string text;
  std::string language;   // of `messages`, `langid` and `fragments`, else empty
  std::string topic;      // of `messages` and `support-intents-en`, else empty
  std::string sentiment;  // of `messages` and `product-sentiment-en`, else empty
  std::string writer;     // of `messages` and `fragments`: a letter
  bool held_out = false;  // never trained on but of `messages`: one in ten, by a hash of the text
};

// A term of the lexicon: it points to a topic or a mood, and does not settle it.
struct Term {
  std::string text;  // with `*` at the end: any ending
  std::string topic;
};

struct Examples {
  std::vector<Example> messages;
  std::vector<Example> support;    // topic only, English
  std::vector<Example> products;   // sentiment only, English
  std::vector<Example> general;    // language only
  std::vector<Example> fragments;  // language only: one to three words each
  std::vector<Term> terms;         // of all languages
};

// Errors: NOT_FOUND names the file; DATA_LOSS names the file and the line.
absl::StatusOr<Examples> ReadExamples(const std::string& data_directory);

}  // namespace usher::understanding
