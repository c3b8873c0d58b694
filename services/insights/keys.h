// Where the views live in the store. A format change takes a new prefix: the old views are left to
// their time to live or to FLUSHALL, the new ones are built from the log.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"
#include "model/names.h"

namespace usher::insights {

// The name that stands in a key; empty if what stands there is none.
template <class NameType>
NameType NameOf(std::string_view text) {
  return NameType::Parse(text).value_or(NameType());
}

inline constexpr char kPrefix[] = "insights/v3/";
inline constexpr char kRowSplit = '\n';       // a name holds no control character
inline constexpr std::size_t kIdDigits = 32;  // of an id as text

// The place in `usher.decisions` up to which all views of a partition are (watermark.h).
inline std::string WatermarkKey(std::int32_t partition) {
  return kPrefix + ("watermark/" + std::to_string(partition));
}

// Table of a partition's open inquiries: OpenRow() → EncodeInquiry().
inline std::string OpenTable(std::int32_t partition) {
  return kPrefix + ("open/" + std::to_string(partition));
}
inline std::string OpenRow(const DeskName& desk, const InquiryId& inquiry) {
  return inquiry.ToString() + desk.ToString();
}

// Table of a partition's agents: AgentRow() → EncodeAgent().
inline std::string AgentTable(std::int32_t partition) {
  return kPrefix + ("agents/" + std::to_string(partition));
}
inline std::string AgentRow(const DeskName& desk, const AgentName& agent) {
  return desk.ToString() + kRowSplit + agent.ToString();
}

// Table of the desks that a partition has seen; the rows' values say nothing.
inline std::string DeskTable(std::int32_t partition) {
  return kPrefix + ("desks/" + std::to_string(partition));
}

// An ended inquiry: EncodeInquiry().
inline std::string EndedKey(const DeskName& desk, const InquiryId& inquiry) {
  return kPrefix + ("ended/" + inquiry.ToString() + desk.ToString());
}

// List of the decisions on an inquiry, as they are in the log.
inline std::string TimelineKey(const DeskName& desk, const InquiryId& inquiry) {
  return kPrefix + ("timeline/" + inquiry.ToString() + desk.ToString());
}

// Table of a desk's totals: decimal counts by name (counts.h).
inline std::string CountTable(const DeskName& desk) {
  return kPrefix + ("counts/" + desk.ToString());
}

// Table of what the metrics of a partition have counted (tally.h).
inline std::string TallyTable(std::int32_t partition) {
  return kPrefix + ("tally/" + std::to_string(partition));
}

// Table of a desk's queues: name → EncodeQueue().
inline std::string QueueTable(const DeskName& desk) {
  return kPrefix + ("queues/" + desk.ToString());
}

// Table of a day (of UTC, counted from 1970) of a desk: FactRow() → EncodeFacts() of a page.
inline std::string FactTable(const DeskName& desk, std::int64_t day) {
  return kPrefix + ("facts/" + std::to_string(day) + "/" + desk.ToString());
}
// The pages of a slot of the day, in order.
inline std::string FactRow(std::int64_t slot_of_day, std::size_t page) {
  const std::string slot = std::to_string(slot_of_day);
  return (slot.size() < 2 ? "0" : "") + slot + "/" + std::to_string(1'000 + page);
}

// What was found later to correct a slot that is over.
inline std::string FactCorrectionRow(std::int64_t slot_of_day, const std::string& name) {
  const std::string slot = std::to_string(slot_of_day);
  return (slot.size() < 2 ? "0" : "") + slot + "/" + name;
}

// Tables of what is counted for reports and has no other place: desk → EncodeFactDesk(); AgentRow()
// → EncodeFactAgent(); OpenRow() → EncodeFactInquiry(); AbleRow(), whose values say nothing.
inline std::string FactDeskTable(std::int32_t partition) {
  return kPrefix + ("facts-desks/" + std::to_string(partition));
}
inline std::string FactAgentTable(std::int32_t partition) {
  return kPrefix + ("facts-agents/" + std::to_string(partition));
}
inline std::string FactInquiryTable(std::int32_t partition) {
  return kPrefix + ("facts-open/" + std::to_string(partition));
}
inline std::string FactAbleTable(std::int32_t partition) {
  return kPrefix + ("facts-able/" + std::to_string(partition));
}
// Table of one row: how far FactSweep is.
inline std::string FactSweepTable(std::int32_t partition) {
  return kPrefix + ("facts-swept/" + std::to_string(partition));
}
inline std::string AbleRow(const DeskName& desk, const QueueName& queue,
                           const LanguageName& language, const AgentName& agent) {
  return desk.ToString() + kRowSplit + queue.ToString() + kRowSplit + language.ToString() +
         kRowSplit + agent.ToString();
}

// Tables of what is said of inquiries after their end (reviews_rows.h): desk → EncodeReviewDesk();
// OpenRow() → EncodeEnded(); AgentRow() → how many the agent resolved, in decimal digits.
inline std::string ReviewDeskTable(std::int32_t partition) {
  return kPrefix + ("reviews-desks/" + std::to_string(partition));
}
inline std::string EndedTable(std::int32_t partition) {
  return kPrefix + ("reviews-ended/" + std::to_string(partition));
}
inline std::string ReviewAgentTable(std::int32_t partition) {
  return kPrefix + ("reviews-agents/" + std::to_string(partition));
}

// Table of a desk's inquiries that are wanted for review or were reviewed: ReviewKey() →
// EncodeReview(), those that ended first in front.
inline std::string ReviewTable(const DeskName& desk) {
  return kPrefix + ("reviews/" + desk.ToString());
}
inline constexpr std::size_t kReviewTimeDigits = 20;
inline std::string ReviewKey(Instant ended_at, const InquiryId& inquiry) {
  const std::string micros = std::to_string(std::max<std::int64_t>(0, ToMicros(ended_at)));
  return std::string(kReviewTimeDigits - micros.size(), '0') + micros + inquiry.ToString();
}

}  // namespace usher::insights
