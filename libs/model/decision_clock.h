// Decisions on the SLA clocks of inquiries.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

// So much of the target is used up.
struct SlaWarned {
  InquiryId inquiry;
  Target target = Target::kFirstResponse;
  Instant due;
  std::uint16_t permille = 0;
  friend bool operator==(const SlaWarned&, const SlaWarned&) = default;
};

struct SlaBreached {
  InquiryId inquiry;
  Target target = Target::kFirstResponse;
  Instant due;
  friend bool operator==(const SlaBreached&, const SlaBreached&) = default;
};

struct SlaMet {
  InquiryId inquiry;
  Target target = Target::kFirstResponse;
  Instant due;  // kNever: the clock was paused
  friend bool operator==(const SlaMet&, const SlaMet&) = default;
};

// It will hardly be had in time.
struct BreachForecast {
  InquiryId inquiry;
  Instant due;
  Duration estimate{0};  // of the wait from now on
  friend bool operator==(const BreachForecast&, const BreachForecast&) = default;
};

}  // namespace usher
