// WallboardFlags: where insights serves its live page, as `usher up` and `usher insights` take it
// from their flags; and whom the page asks why an inquiry waits.
//
// Threads: one; Asked any.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "insights/wallboard/wallboard.h"

namespace CLI {
class App;
}

namespace usher {

struct WallboardFlags {
  std::string address = "127.0.0.1:7490";  // "off": none
  std::size_t viewers_max = 32;
};

void AddWallboardFlags(CLI::App& command, WallboardFlags& flags);

// The QuestionService of somebody whose address may be known only later. One question at a time:
// each goes through the log.
class Asked {
 public:
  Asked();
  ~Asked();
  void At(const std::string& address);  // HOST:PORT
  // Errors: kFailedPrecondition: the address is not known; kUnavailable: another question is under
  // way; what QuestionClient says.
  absl::StatusOr<std::string> Why(const std::string& desk, const std::string& inquiry);

 private:
  struct Guarded;
  const std::unique_ptr<Guarded> guarded_;
};

// Shared, since questions of the page may come for as long as it is served.
insights::WallboardOptions WallboardOf(const WallboardFlags& flags, std::shared_ptr<Asked> asked);

}  // namespace usher
