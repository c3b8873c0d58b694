// What the views keep of an inquiry, an agent, a queue and of the log's place, and the fixed bytes
// of each. Equal values have equal bytes; decoding is safe on hostile bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/expression.h"
#include "model/names.h"
#include "model/reason.h"
#include "model/stamp.h"

namespace usher::insights {

// Where an inquiry stands, ended ones too. Numbers are part of the bytes: only append.
enum class Standing : std::uint8_t {
  kWaiting,
  kOffered,
  kAssigned,
  kAnswered,
  kResolved,
  kAbandoned,
  kCancelled,
  kRejected,
  kScheduled,
  kPending
};

inline bool Waits(Standing standing) {
  return standing == Standing::kWaiting || standing == Standing::kOffered;
}
inline bool Ended(Standing standing) {
  return standing >= Standing::kResolved && standing <= Standing::kRejected;
}

struct InquiryRow {
  InquiryId inquiry;
  Standing standing = Standing::kWaiting;
  QueueName queue;
  RouteName route;
  std::uint8_t priority = 0;
  Features features;
  AgentName agent;               // who has it, or is asked first, or had it at the end
  std::vector<AgentName> asked;  // to whom it is on offer, oldest offer first
  Instant placed_at;
  Instant due = kNever;
  Instant offered_at = kNever;  // of the last offer
  Instant answered_at = kNever;
  Instant ended_at = kNever;
  bool breached = false;
  std::uint32_t offers = 0;
  std::uint32_t messages = 0;
  std::uint32_t entries = 0;  // of its timeline
  std::uint32_t step = 0;     // of relaxing
  bool starving = false;
  Instant reserved_until = kNever;  // kNever: not reserved
  bool repeat = false;
  QueueName diverted_from;
  Instant starts_at = kNever;     // of kScheduled
  Instant paused_until = kNever;  // of kPending; kNever: it does not wake by itself
  InquiryId reopens;
  std::vector<Target> missed;  // in the order in which they were
  Instant asked_at = kNever;   // since when a message of the customer waits for a further reply
  bool foretold = false;       // a breach is, and neither that nor an answer came since

  friend bool operator==(const InquiryRow&, const InquiryRow&) = default;
};

std::string EncodeInquiry(const InquiryRow& row);
std::optional<InquiryRow> DecodeInquiry(std::string_view bytes);

struct AgentRecord {
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  std::uint32_t units = 0;  // capacity
  Profile profile;          // skills and attributes as registered last
  bool bot = false;
  friend bool operator==(const AgentRecord&, const AgentRecord&) = default;
};

std::string EncodeAgent(const AgentRecord& agent);
std::optional<AgentRecord> DecodeAgent(std::string_view bytes);

struct QueueRow {
  std::uint32_t waiting = 0;
  std::uint32_t assigned = 0;
  std::uint32_t scheduled = 0;
  std::uint32_t pending = 0;
  Instant oldest_placed_at = kNever;  // of those that wait or are on offer
  Instant earliest_due = kNever;      // of their first responses: past, if one is late
  std::uint32_t foretold = 0;         // open ones whose breach is foretold
  friend bool operator==(const QueueRow&, const QueueRow&) = default;
};

std::string EncodeQueue(const QueueRow& queue);
std::optional<QueueRow> DecodeQueue(std::string_view bytes);

// The last decision in the views of a partition. It is a function of the decisions taken, so two
// processes that wrote the same one wrote the same views.
struct Watermark {
  Stamp stamp;
  std::int64_t next_offset = 0;  // of `usher.decisions`: read on from here
  Instant at;                    // of the last decision
  friend bool operator==(const Watermark&, const Watermark&) = default;
};

std::string EncodeWatermark(const Watermark& watermark);
std::optional<Watermark> DecodeWatermark(std::string_view bytes);

}  // namespace usher::insights
