// What `usher verify` says, in words.
//
// Threads: any; pure.
#pragma once

#include <cstdint>
#include <string>

#include "router/verifier.h"

namespace usher {

// One line: which commands were verified, how many decisions and checkpoints.
std::string VerifiedText(std::int32_t partition, const router::Verified& verified);

// A few lines: where, what the log says, what the replay makes.
std::string DifferenceText(std::int32_t partition, const router::Difference& difference);

// The kind in one word, for notes.
const char* KindText(router::Difference::Kind kind);

}  // namespace usher
