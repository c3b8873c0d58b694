// The short way from bytes to a command: for the kinds that come by the thousand, encoded as
// EncodeCommand() does, in one pass and without a protobuf message in between. It never refuses:
// what is unusual in any way (another kind, another order of fields, a list, a text beyond ASCII,
// a value out of its bounds) is left to the long way, which says what is wrong.
#pragma once

#include <string_view>

#include "wire/records.h"

namespace usher::wire {

// True: `record` is what the long way makes of the same bytes. False: nothing is said of `record`.
//
// Requires: `record` is as newly made.
// Cost:     about a fifth of the long way's (benchmarks/README.md, recovery).
bool ReadPlainCommand(std::string_view bytes, CommandRecord& record);

}  // namespace usher::wire
