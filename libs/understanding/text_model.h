// TextModel: one trained fastText model. With train/train.cc the only code that knows
// fastText.
//
// A file is fastText's own bytes behind a header with their hash: a cut or changed file is told,
// where fastText would read on and guess.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::understanding {

struct Guess {
  std::string label;
  float probability = 0;  // 0 to 1
};

// Threads: any after construction.
class TextModel {
 public:
  // Errors: NOT_FOUND: no such file; DATA_LOSS: damaged, or of another format.
  static absl::StatusOr<TextModel> Load(const std::string& path);

  // `words` as the model was trained on, without a line break. The best `most` labels, best first;
  // 0: all. Empty if nothing in `words` is known to the model.
  std::vector<Guess> Predict(std::string_view words, int most) const;

  std::vector<std::string> Labels() const;

 private:
  class Impl;
  explicit TextModel(std::shared_ptr<const Impl> impl);

  std::shared_ptr<const Impl> impl_;  // shared: a TextModel is a value, and never changes
};

// What a file of any model holds, from the model's bytes; and back. The second is false for what is
// damaged.
std::string WrapModel(std::string_view model_bytes);
bool UnwrapModel(std::string_view file, std::string_view* model_bytes);

}  // namespace usher::understanding
