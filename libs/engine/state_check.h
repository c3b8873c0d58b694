// Could an engine with these limits have come to this state? Judged by the values alone.
//
// The inquiries come one by one, so that nobody has to hold them all.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "engine/inquiry_check.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::engine {

// Bounds, order, references, counters, stages, clocks, timers, loads. Not judged here: distinct
// skill names; distinct ids of inquiries, conversations, offers and requests, which whoever puts
// them into an index sees; and whether somebody waits whom an agent is able to take.
class StateCheck {
 public:
  // Borrows both. Of `rest` the inquiries are not looked at; `inquiries`: how many will come.
  StateCheck(const DeskState& rest, std::size_t inquiries, const Limits& limits);

  // All but the inquiries. Nothing else is to be asked after false.
  bool Begin();
  // The next inquiry by arrival.
  bool Take(const InquiryState& inquiry);
  // After the last one: the timers of all.
  bool End();

 private:
  bool IsRight(std::initializer_list<Timer> timers, bool may_be_due);

  const DeskState& state_;
  const std::size_t inquiries_;
  const Limits& limits_;
  const StateView view_;
  std::uint64_t last_arrival_ = 0;
  std::vector<std::uint64_t> timers_;  // their numbers
};

}  // namespace usher::engine
