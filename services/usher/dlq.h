// Dead letters: what intake could not take, listed, shown and sent again.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "log/log.h"

namespace usher {

struct DeadLetter {
  std::int64_t offset = 0;  // in the dead-letter topic
  std::string reason;
  std::string field;  // empty: the record as a whole
  std::string topic;  // where it came from
  std::int32_t partition = 0;
  std::int64_t origin_offset = -1;
  std::string at;  // when it was appended there
  std::size_t value_bytes = 0;
  bool cut = false;  // too large to be kept whole: it can't be sent again
};

DeadLetter ReadDeadLetter(const log::Record& record);

// The record as it was before it became a dead letter, to go where it came from.
log::Entry OriginalOf(const log::Record& letter);

// Calls `each` for every dead letter of `topic` ("usher.messages" or "usher.messages.dlq"), oldest
// first. Errors: as the log says.
absl::Status ListDeadLetters(log::Log& log, const std::string& topic,
                             const std::function<void(const DeadLetter&)>& each);

// The dead letter at `offset` of `topic` (as above).
// Errors: kNotFound: there is none, or no longer; as the log says.
absl::StatusOr<log::Record> FindDeadLetter(log::Log& log, const std::string& topic,
                                           std::int64_t offset);

// One as text for a person: where it came from, why it is here, what helps. `content`: its key,
// headers and bytes as well, which may be personal data. Safe for a terminal.
std::string DeadLetterText(const log::Record& letter, bool content);

struct ReplayOptions {
  std::string topic;       // as above
  std::int64_t from = -1;  // begin at this dead letter, again if need be; -1: where it ended
  Duration wait = 60s;     // for the log, in all
  std::string group = "usher.dlq.replay";
};

struct Replayed {
  std::size_t sent = 0;
  std::size_t cut = 0;    // not sent
  std::int64_t next = 0;  // where the next replay begins
};

// Sends each dead letter that came since the last replay to where it came from, bytes untouched.
// Its place is remembered once it has landed: one that is sent again, since the process ended in
// between or `from` asked for it, is an event that the engine knows by its id, and changes nothing.
absl::StatusOr<Replayed> ReplayDeadLetters(log::Log& log, const ReplayOptions& options);

}  // namespace usher
