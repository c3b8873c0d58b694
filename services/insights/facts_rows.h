// What reports are made of: plain numbers by quarter of an hour, and the fixed bytes that the store
// keeps of them.
//
// A slot is a quarter of an hour of UTC, so that the hours and days of every time zone are whole
// slots. A slot of a desk has entries, one for each combination of queue, channel, topic, language
// and agent that something happened to; an entry has amounts by id. Adding amounts of one id is all
// that is ever done with them: slots, entries and desks add up exactly.
//
// Equal values have equal bytes; decoding is safe on hostile bytes. Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher::insights {

constexpr Duration kSlot = 15min;
constexpr std::int64_t kSlotsADay = 96;

inline std::int64_t SlotOf(Instant at) {
  return std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(
             at.time_since_epoch())
      .count();
}
inline std::int64_t DayOfSlot(std::int64_t slot) {
  return (slot >= 0 ? slot : slot - (kSlotsADay - 1)) / kSlotsADay;
}
inline Instant SlotStart(std::int64_t slot) { return Instant(slot * kSlot); }

// What an amount is of. Numbers are part of the bytes: only append.
enum class FactCount : std::uint8_t {
  kPlaced,
  kScheduled,  // of the placed: they begin later
  kStarted,    // scheduled ones that began
  kRepeats,    // of the placed: the customer asked on this topic lately
  kReopened,   // of the placed: the conversation was resolved lately
  kJoined,
  kRejected,
  kCancelled,
  kReplies,  // first ones too
  kTransferred,
  kRequeued,  // waits again for another reason than a transfer
  kMade,      // offers
  kAccepted,
  kDeclined,
  kExpired,
  kRescinded,
  kStaffedUs,   // an agent was there for work: available, busy or draining
  kOccupiedUs,  // of that: with at least one inquiry that is not pending
  kRated1,      // ratings of 1, ...
  kRated2,
  kRated3,
  kRated4,
  kRated5,
  kUnrated1,  // those of them that a later one replaced
  kUnrated2,
  kUnrated3,
  kUnrated4,
  kUnrated5,
  kWanted,     // ended inquiries that are wanted for review
  kLapsed,     // of these: nobody reviewed them in time
  kReviews,    // made
  kUnreviewed  // of these: a later one by the same reviewer replaced it
};
inline constexpr int kFactCounts = 32;

// Times, kept as sketches (measure/sketch.h): the amounts are those of the buckets.
enum class FactTime : std::uint8_t {
  kFirstResponse,  // from the placing; as many as were answered
  kNextResponse,   // from the customer's first message after a reply to the next reply
  kOfferWait,      // from the placing to the first offer
  kAccept,         // from the offer to the agent's yes
  kHandling,       // from that to the end
  kResolution,     // from the placing to the end; as many as were resolved
  kAbandon         // from the placing until the customer went away; as many as did
};
inline constexpr int kFactTimes = 7;

// Why a target was missed, as far as the decisions tell; README.md defines each.
enum class BreachCause : std::uint8_t {
  kOther,
  kOutage,
  kWithAgent,
  kOffersMissed,
  kNobodyHere,
  kNobodySkilled,
  kAllBusy
};
inline constexpr int kBreachCauses = 7;
inline constexpr int kFactTargets = 4;

constexpr std::uint32_t AmountOf(FactCount count) { return static_cast<std::uint32_t>(count); }
constexpr std::uint32_t AmountOfMet(Target target) {
  return 64 + static_cast<std::uint32_t>(target);
}
constexpr std::uint32_t AmountOfBreach(Target target, BreachCause cause) {
  return 96 + 16 * static_cast<std::uint32_t>(target) + static_cast<std::uint32_t>(cause);
}
// Marks of reviews, for each criterion by its number (reviews_rows.h): how many and their sum, and
// of these what later reviews replaced.
enum class MarkAmount : std::uint8_t { kCount, kSum, kOldCount, kOldSum };
constexpr std::uint32_t kMarkAmounts = 1024;  // from here on: four ids for each of 64 criteria
constexpr std::uint32_t kMarkAmountsEnd = kMarkAmounts + 4 * 64;
constexpr std::uint32_t AmountOfMark(std::size_t criterion, MarkAmount amount) {
  return kMarkAmounts + 4 * static_cast<std::uint32_t>(criterion) +
         static_cast<std::uint32_t>(amount);
}
constexpr std::uint32_t kTimeAmounts = 4096;  // from here on: so many ids for each FactTime
constexpr std::uint32_t AmountOf(FactTime time, std::uint32_t bucket) {
  return kTimeAmounts * (1 + static_cast<std::uint32_t>(time)) + bucket;
}

struct FactKey {
  QueueName queue;
  ChannelName channel;
  TopicName topic;
  LanguageName language;
  AgentName agent;  // who did it or had it; empty: nobody
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

// A key within a row.
void PutKey(ByteWriter& out, const FactKey& key);
FactKey GetKey(ByteReader& in);

struct FactKeyHash {
  std::size_t operator()(const FactKey& key) const;
};

// In place of all names, of what came to a slot that was full.
inline constexpr char kMoreName[] = "(more)";
FactKey MoreKey();

using Amounts = std::vector<std::pair<std::uint32_t, std::uint64_t>>;  // by id, each once

void AddAmount(Amounts& amounts, std::uint32_t id, std::uint64_t amount);

struct FactEntry {
  FactKey key;
  Amounts amounts;
  friend bool operator==(const FactEntry&, const FactEntry&) = default;
};

constexpr std::size_t kFactPage = 64;  // entries of a row of the store

std::string EncodeFacts(std::span<const FactEntry> entries);
std::optional<std::vector<FactEntry>> DecodeFacts(std::string_view bytes);

// What is kept of a desk beside its slots.
struct FactDeskRow {
  Instant since;          // what was before is not known
  std::int64_t slot = 0;  // the last one with anything in it
  Instant outage_from;    // the last time without an owner
  Instant outage_until;
  InquiryId ended;    // the last one
  FactKey ended_key;  // what it was when it ended
  friend bool operator==(const FactDeskRow&, const FactDeskRow&) = default;
};

std::string EncodeFactDesk(const FactDeskRow& row);
std::optional<FactDeskRow> DecodeFactDesk(std::string_view bytes);

// Of an open inquiry, beside its InquiryRow.
struct FactInquiryRow {
  Instant asked_at = kNever;   // since when its customer waits for the next reply
  bool missed = false;         // an offer was declined or expired since it began to wait
  bool nobody_fitted = false;  // a step of its queue was skipped: nobody logged in fitted it
  friend bool operator==(const FactInquiryRow&, const FactInquiryRow&) = default;
};

std::string EncodeFactInquiry(const FactInquiryRow& row);
std::optional<FactInquiryRow> DecodeFactInquiry(std::string_view bytes);

// Of an agent who is there for work: since when nothing changed.
std::string EncodeFactAgent(Instant since);
std::optional<Instant> DecodeFactAgent(std::string_view bytes);

}  // namespace usher::insights
