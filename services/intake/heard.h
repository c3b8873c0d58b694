// Heard: up to when this process has heard what became of orders. Behind the present while order
// events wait unread: then an order that seems late may have come long ago.
//
// Threads: any.
#pragma once

#include <atomic>

#include "core/time.h"

namespace usher::intake {

class Heard {
 public:
  void Set(Instant until) { until_.store(ToMicros(until), std::memory_order_relaxed); }
  Instant until() const { return FromMicros(until_.load(std::memory_order_relaxed)); }

 private:
  std::atomic<std::int64_t> until_{0};
};

}  // namespace usher::intake
