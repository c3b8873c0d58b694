// Train: makes the model files of libs/understanding/data. Runs at build time and in measurements,
// never in a service.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "understanding/examples.h"
#include "understanding/message_model.h"

namespace usher::understanding {

// Topic and mood, from the messages of all writers but `without` (empty: of all).
//
// How sure the model is of what it has not seen is found on one writer more, left out of a first
// training; the second has that writer, too.
// Ensures: the same bytes each time on the same machine; held-out rows of the other sets are left
//          out.
// Threads: one.
MessageModel TrainMessages(const Examples& examples, const std::string& without);

// Writes message.bin and language.bin to `directory`, which is there; both without the messages of
// the writer `without`.
//
// Cost: less than a minute of one core.
absl::Status TrainModels(const Examples& examples, const std::string& without,
                         const std::string& directory);

}  // namespace usher::understanding
