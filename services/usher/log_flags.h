// LogFlags: which log a command is about: Kafka's, or the one in a folder.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "log/log.h"
#include "usher/cluster.h"

namespace usher {

struct LogFlags {
  KafkaFlags kafka;
  std::string data_dir;
};

// Adds --kafka and its like, and --data-dir; exactly one of the two is given.
void AddLogFlags(CLI::App& command, LogFlags& flags);

// Opens it to append: a folder must not be in use.
absl::StatusOr<std::unique_ptr<log::Log>> OpenLogToWrite(const LogFlags& flags,
                                                         const std::string& client_id);

// Opens it to read: a folder may be in use by a running usher.
absl::StatusOr<std::unique_ptr<log::Log>> OpenLogToRead(const LogFlags& flags,
                                                        const std::string& client_id);

}  // namespace usher
