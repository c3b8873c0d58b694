// ActingRules: what a desk's policy has usher do before the customer asks. Made by libs/policy,
// used by the intake; the engine sees only the inquiries that come of it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"
#include "model/names.h"
#include "model/policy.h"

namespace usher {

// The inquiry that usher opens by itself.
struct OwnInquiry {
  ChannelName channel;                   // on which the customer is spoken to
  TopicName text;                        // key of what is to be said: the inquiry's topic
  QueueName queue;                       // empty: by the routes
  std::optional<std::uint8_t> priority;  // absent: by the routes

  friend bool operator==(const OwnInquiry&, const OwnInquiry&) = default;
};

// An order that is not there so long after it was promised.
struct LatePromise {
  Duration after{0};
  OwnInquiry inquiry;

  friend bool operator==(const LatePromise&, const LatePromise&) = default;
};

// A placed order is confirmed by a call: so long after it, while it is open; if that falls outside,
// once it opens.
struct ConfirmingCall {
  Duration from{0};
  Duration to{0};              // not before `from`
  Calendar hours;              // without a name: always open
  std::int64_t value_min = 0;  // orders of less are not called about
  OwnInquiry inquiry;

  friend bool operator==(const ConfirmingCall&, const ConfirmingCall&) = default;
};

// So many orders late with one carrier in so short a time are one inquiry.
struct CarrierIncident {
  std::uint32_t orders = 0;
  Duration window{0};
  OwnInquiry inquiry;

  friend bool operator==(const CarrierIncident&, const CarrierIncident&) = default;
};

struct ActingRules {
  std::optional<LatePromise> late_promise;
  std::optional<ConfirmingCall> confirming_call;
  std::optional<CarrierIncident> carrier_incident;

  friend bool operator==(const ActingRules&, const ActingRules&) = default;
};

}  // namespace usher
