// Follow: verification beside a running production, for as long as the process lives: told by notes
// and by /metrics.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "log/log.h"
#include "router/verifier.h"
#include "usher/stop_signal.h"

namespace CLI {
class App;
}

namespace usher {

struct FollowOptions {
  std::string metrics = "127.0.0.1:7480";  // port 0: a free one
  std::string ports_file;                  // empty: none
};

void AddFollowFlags(CLI::App& command, FollowOptions& options);

// Steps all verifiers until `stop`, which was made before any thread, hears of SIGTERM or SIGINT.
// Differences do not end it. Errors: what a verifier says for good; kUnavailable: the address of
// the metrics can't be had.
absl::Status Follow(const FollowOptions& options, StopSignal& stop, log::Log& log,
                    const std::vector<std::unique_ptr<router::Verifier>>& verifiers);

}  // namespace usher
