// Observation: what a metric should hear of: one thing that the decisions told, with its labels.
//
// Threads: any, as a value.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "model/names.h"

namespace usher::insights {

struct Observation {
  enum class Kind : std::uint8_t {
    kFirstResponse,  // value
    kOfferWait,      // value
    kAccept,         // value
    kHandling,       // value
    kOffer,          // label: the outcome
    kDecline,        // label: the reason
    kAsked,          // label: the reason
    kRescind,        // label: the cause
    kRequeue,        // label: the reason
    kRelax,          // label: the reason
    kEscalate,
    kReserve,
    kStarve,
    kTargetBreach,   // label: the target
    kTargetWarning,  // label: the target
    kForecast,
    kPause,
    kWake,  // label: the cause
    kBreach,
    kWarning,
    kInquiry,       // label: the outcome
    kNextResponse,  // value
    kResolution,    // value
    kRepeat,        // label: by what it was known
    kStrayReply,
    kPolicy  // a policy was applied; not counted
  };
  Kind kind;
  std::int64_t offset = 0;  // of `usher.decisions`
  DeskName desk;
  QueueName queue;      // empty: not known
  ChannelName channel;  // of kFirstResponse
  const char* label = "";
  Duration value{0};
};

}  // namespace usher::insights
