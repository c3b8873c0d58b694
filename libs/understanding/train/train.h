// Train: makes the model files of libs/understanding/data. Runs at build time and in measurements,
// never in a service.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "understanding/examples.h"

namespace usher::understanding {

// Writes topic.bin, sentiment.bin and language.bin to `directory`, which is there.
//
// `writer`: only this writer's messages ("a" or "b"); empty: both.
// Ensures: the same bytes each time on the same machine; held-out examples are not used.
// Threads: one.
// Cost:    some 15 seconds of one core.
absl::Status TrainModels(const Examples& examples, const std::string& writer,
                         const std::string& directory);

}  // namespace usher::understanding
