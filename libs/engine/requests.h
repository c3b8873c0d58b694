// RequestWindow: the last request ids that commands carried, each with the digest of its body.
//
// Threads: one.
// Memory:  Limits::requests_max entries at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/slot_index.h"
#include "model/limits.h"
#include "model/names.h"
#include "model/state.h"

namespace usher::engine {

class RequestWindow {
 public:
  explicit RequestWindow(const Limits& limits) : most_(limits.requests_max) {}

  enum class Seen { kNew, kRepeat, kReused };

  // Remembers the request unless it is remembered; over the bound the oldest is forgotten.
  Seen Note(const RequestId& request, std::uint64_t digest);

  // Begins with these, oldest first. False: one is there twice. Requires: new; no more than fit.
  bool Load(const std::vector<RequestState>& requests);

  void Prefetch(const RequestId& request) const { places_.Prefetch(request); }

  std::vector<RequestState> Save() const;  // oldest first
  std::size_t size() const { return ring_.size(); }

 private:
  std::size_t most_;
  std::vector<RequestState> ring_;
  std::size_t oldest_ = 0;  // in a full ring
  SlotIndex<RequestId> places_;
};

}  // namespace usher::engine
