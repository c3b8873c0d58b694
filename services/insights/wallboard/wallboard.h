// Wallboard: the live page of insights, with its HTTP port.
//
// Threads: one starts, stops and destroys; the poller is stepped by one of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "insights/queries.h"
#include "insights/wallboard/boards.h"
#include "insights/wallboard/poller.h"
#include "insights/wallboard/site.h"
#include "store/store.h"
#include "web/server.h"

namespace usher::insights {

struct WallboardOptions {
  std::string address;  // HOST:PORT, port 0: a free one; empty: no wallboard
  std::size_t viewers_max = 32;
  Explain explain;
};

class Wallboard {
 public:
  // Serves from now on. Borrows `queries` and `zones`; `live` is asked by the poller. Errors: what
  // web::Server says.
  static absl::StatusOr<std::unique_ptr<Wallboard>> Start(const WallboardOptions& options,
                                                          std::unique_ptr<store::Store> store,
                                                          Queries& queries, Zones& zones,
                                                          std::int32_t partitions,
                                                          std::function<bool()> live,
                                                          std::function<Instant()> clock);
  ~Wallboard() { Stop(); }

  Stepper& stepper() { return *poller_; }
  int port() const { return port_; }

  // Ends the streams and the port, and waits until both have.
  void Stop();

 private:
  explicit Wallboard(const Boards::Limits& limits) : boards_(limits) {}

  Boards boards_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<web::Server> server_;
  int port_ = 0;
};

}  // namespace usher::insights
