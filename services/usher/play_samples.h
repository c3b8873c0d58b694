// Samples: the real and written messages of which a played day is made.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace usher::play {

struct Sample {
  std::string text;
  std::string language;
  std::string topic;
  std::string sentiment;  // negative, neutral, positive

  friend bool operator==(const Sample&, const Sample&) = default;
};

constexpr std::size_t kSamplesMax = 100'000;

// Reads every *.tsv of `folder`, in the order of the file names: a header line, then text,
// language, topic, sentiment, writer, separated by tabs.
// Errors: kNotFound: no such folder, or nothing in it; kInvalidArgument names the line.
absl::StatusOr<std::vector<Sample>> LoadSamples(const std::string& folder);

// Looks for `relative` in the folder of this binary and the folders above it, and below
// share/usher of each: so it is found in a source tree, and where the project is installed.
// Errors: kNotFound.
absl::StatusOr<std::string> FindBesideBinary(const std::string& relative,
                                             const std::string& installed);

// The whole file. Errors: kNotFound; kResourceExhausted: it is larger than `bytes_max`.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max);

}  // namespace usher::play
