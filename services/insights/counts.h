// The names of a desk's totals: rows of its count table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "model/decision_inquiry.h"

namespace usher::insights {

inline constexpr char kCountDecisions[] = "decisions";
inline constexpr char kCountPlaced[] = "placed";
inline constexpr char kCountJoined[] = "joined";
inline constexpr char kCountRejected[] = "rejected";
inline constexpr char kCountAnswered[] = "answered";
inline constexpr char kCountResolved[] = "resolved";
inline constexpr char kCountAbandoned[] = "abandoned";
inline constexpr char kCountCancelled[] = "cancelled";
inline constexpr char kCountBreached[] = "breached";

inline constexpr char kCountRelaxed[] = "relaxed";
inline constexpr char kCountEscalated[] = "escalated";
inline constexpr char kCountReserved[] = "reserved";
inline constexpr char kCountStarved[] = "starved";
inline constexpr char kCountUpdated[] = "updated";
inline constexpr char kCountForecast[] = "forecast";
inline constexpr char kCountPaused[] = "paused";
inline constexpr char kCountStarted[] = "started";

// Families: the prefix, then the name of a queue, language, topic, outcome, reason, or an edge.
inline constexpr char kCountByQueue[] = "queue/";
inline constexpr char kCountByLanguage[] = "language/";
inline constexpr char kCountByTopic[] = "topic/";
inline constexpr char kCountOffers[] = "offer/";
inline constexpr char kCountRequeues[] = "requeue/";
inline constexpr char kCountBreaches[] = "breach/";
inline constexpr char kCountFirstResponse[] = "first_response/";

inline constexpr char kUnknown[] = "unknown";  // in place of an empty language, topic or queue

inline std::string OrUnknown(std::string_view name) {
  return name.empty() ? std::string(kUnknown) : std::string(name);
}

// Whether somebody's question was turned away: what usher asks for once more, to be sure, and is
// there, is nobody's loss.
inline bool IsLoss(const InquiryRejected& rejected) {
  return !rejected.message.none() || rejected.reason != RejectReason::kInquiryExists;
}

// The edges by which a desk's first responses are counted in the store: the standard ones only, so
// that counts of all times add up whatever policies held. (The metrics have every target besides.)
const std::vector<Duration>& SummaryEdges();

// The row under which a first response after `value` is counted: its edge in microseconds.
std::string FirstResponseRow(Duration value);

inline constexpr char kAboveAll[] = "above";  // in place of the edge

}  // namespace usher::insights
