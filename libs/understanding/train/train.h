// Train: makes the model files of libs/understanding/data. Runs at build time and in measurements,
// never in a service.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "understanding/examples.h"
#include "understanding/message_model.h"

namespace usher::understanding {

struct Training {
  std::string without;         // a writer whose messages are left out; empty: none
  bool finds_sureness = true;  // else what is guessed is the same, but not the shares beside it
};

// Topic and mood.
//
// How sure the model is of what it has not seen is found on two writers more, left out of a first
// training; the second has them, too. Without that it takes half the time.
// Ensures: the same bytes each time on the same machine; held-out rows of the other sets are left
//          out.
// Threads: one.
MessageModel TrainMessages(const Examples& examples, const Training& training);

// Writes message.bin and language.bin to `directory`, which is there.
//
// Cost: less than a minute of one core.
absl::Status TrainModels(const Examples& examples, const Training& training,
                         const std::string& directory);

}  // namespace usher::understanding
