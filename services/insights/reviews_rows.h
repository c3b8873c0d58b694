// What the views keep for what is said of inquiries after their end, and the fixed bytes of each.
//
// Equal values have equal bytes; decoding is safe on hostile bytes. Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "insights/facts_rows.h"
#include "model/names.h"
#include "model/quality.h"

namespace usher::insights {

// Why an inquiry is wanted for review; bits. Numbers are part of the bytes: only append.
inline constexpr std::uint8_t kWantedShare = 1;     // of all
inline constexpr std::uint8_t kWantedAngry = 2;     // its customer was
inline constexpr std::uint8_t kWantedRepeat = 4;    // it was one, or re-opened
inline constexpr std::uint8_t kWantedNewAgent = 8;  // one of its agent's first
inline constexpr std::uint8_t kWantedAll = 15;

constexpr std::size_t kReviewersMax = 16;      // of one inquiry; the oldest gives way
constexpr std::uint8_t kSaidMax = 50;          // entries of a timeline after its end
constexpr std::size_t kCriteriaKnownMax = 64;  // of one desk, ever; the last stands for all others

// An inquiry that has ended, for its rating and its reviews.
struct EndedRow {
  Instant ended_at;
  FactKey key;              // as it was at its end, and who had it
  std::uint8_t rating = 0;  // the last one; 0: none
  std::int64_t slot = 0;    // in which that was counted
  FactKey rated_key;        // and under which names
  std::uint8_t said = 0;    // entries of its timeline since its end
  friend bool operator==(const EndedRow&, const EndedRow&) = default;
};

std::string EncodeEnded(const EndedRow& row);
std::optional<EndedRow> DecodeEnded(std::string_view bytes);

struct Review {
  AgentName reviewer;
  Instant at;
  std::int64_t slot = 0;  // in which it was counted
  FactKey key;            // and under which names; the agent is who was reviewed
  std::vector<Mark> marks;
  friend bool operator==(const Review&, const Review&) = default;
};

// An inquiry that is wanted for review, or was reviewed.
struct ReviewRow {
  InquiryId inquiry;
  Instant ended_at;  // of one that was reviewed before its end: when that was
  FactKey key;
  std::uint8_t reasons = 0;     // 0: nobody asked for it
  std::vector<Review> reviews;  // the last of each reviewer, oldest first
  friend bool operator==(const ReviewRow&, const ReviewRow&) = default;
};

std::string EncodeReview(const ReviewRow& row);
std::optional<ReviewRow> DecodeReview(std::string_view bytes);

struct ReviewDeskRow {
  Quality quality;                      // of the policy in force
  std::vector<CriterionName> criteria;  // that were ever marked, in that order: the facts' numbers
  friend bool operator==(const ReviewDeskRow&, const ReviewDeskRow&) = default;
};

std::string EncodeReviewDesk(const ReviewDeskRow& row);
std::optional<ReviewDeskRow> DecodeReviewDesk(std::string_view bytes);

}  // namespace usher::insights
