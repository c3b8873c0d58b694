// The day plan: who writes what, when and on which channel, and what happens to which order. Made
// whole from a seed before the day begins, so that two days with one seed are alike.
//
// All times are shop time since the shop opens (08:00). Nothing here touches the world.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "usher/play_samples.h"
#include "usher/v1/event.pb.h"

namespace usher::play {

// The commerce curve: hours from 08:00 to 22:00, as percent of the mean hour; a peak before noon
// and one in the evening.
constexpr std::array<std::uint32_t, 14> kCurvePercent = {55,  85,  115, 130, 125, 115, 110,
                                                         105, 100, 100, 110, 115, 85,  50};
constexpr Duration kHour = std::chrono::hours(1);
constexpr std::uint32_t kHours = kCurvePercent.size();
constexpr Duration kDay = kHour * kHours;
constexpr int kOpeningHour = 8;
constexpr std::uint32_t kInquiriesMax = 1'000'000;

struct PlannedConversation {
  std::uint32_t customer = 0;
  std::uint32_t order = 0;   // 0: about none
  std::uint32_t desk = 0;    // index into the desks that are played
  std::uint32_t sample = 0;  // of its opening message
  std::string channel;
  std::string tier;      // empty: none
  Duration patience{0};  // without an agent for so long, the customer leaves; 0: waits for ever
};

struct PlannedMessage {
  Duration at{0};
  std::uint32_t conversation = 0;
  std::uint32_t turn = 0;  // 0: opens the conversation
  std::uint32_t sample = 0;

  friend bool operator==(const PlannedMessage&, const PlannedMessage&) = default;
};

struct PlannedOrderEvent {
  Duration at{0};
  std::uint32_t order = 0;  // from 1
  std::uint32_t customer = 0;
  std::uint32_t desk = 0;
  v1::OrderStatus status = v1::ORDER_STATUS_PLACED;
  std::int64_t value_cents = 0;
  std::string tier;

  friend bool operator==(const PlannedOrderEvent&, const PlannedOrderEvent&) = default;
};

struct DayPlan {
  Duration day = kDay;                             // when the shop closes
  std::vector<PlannedConversation> conversations;  // in the order of their opening
  std::vector<PlannedMessage> messages;            // by time
  std::vector<PlannedOrderEvent> orders;           // by time
};

struct PlanOptions {
  std::uint64_t seed = 1;
  std::uint32_t inquiries = 2'000;    // conversations that open; at most kInquiriesMax
  std::uint32_t hours = kHours;       // the shop closes after so many
  std::uint32_t desks = 1;            // they are spread over so many, the first one busiest
  std::vector<std::string> channels;  // those of the policy
  std::vector<std::string> tiers;     // those that the policy's routes know
};

// How many of `inquiries` open in each of the first `hours`: as the curve says, to the last one.
//
// Requires: 1 <= hours <= kHours.
std::vector<std::uint32_t> ShareByHour(std::uint32_t inquiries, std::uint32_t hours = kHours);

// Requires: samples and channels are not empty.
DayPlan MakeDayPlan(const PlanOptions& options, const std::vector<Sample>& samples);

// What a channel is like, in shop seconds. A channel that is not known by name is like e-mail.
struct ChannelManner {
  double weight = 0;         // its share of what arrives
  double handling_mean = 0;  // an agent's time with an inquiry
  double handling_sigma = 0;
  double reply_share = 0;    // the part of it before the customer has the first reply
  double patience_mean = 0;  // 0: the customer waits
};
ChannelManner MannerOf(const std::string& channel);

}  // namespace usher::play
