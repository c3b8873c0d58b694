// The answers of InsightsService: one read of the store each.
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "insights/counts.h"
#include "insights/keys.h"
#include "insights/rows.h"
#include "insights/sentences.h"
#include "insights/service.h"
#include "insights/store_away.h"
#include "insights/view.h"
#include "journal/topics.h"
#include "support/status.h"
#include "wire/enums.h"
#include "wire/records.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

absl::Status NoDesk(const DeskName& desk) {
  return absl::NotFoundError("desk: nothing was decided for " + desk.ToString() + " so far");
}

v1::InquiryView ToView(const InquiryRow& row) {
  v1::InquiryView view;
  view.set_inquiry_id(row.inquiry.ToString());
  view.set_stage(static_cast<v1::Stage>(static_cast<int>(row.standing) + v1::STAGE_WAITING));
  view.set_queue(row.queue.ToString());
  view.set_route(row.route.ToString());
  view.set_priority(row.priority);
  *view.mutable_features() = wire::ToFeatures(row.features);
  view.set_agent(row.agent.ToString());
  *view.mutable_placed_at() = wire::ToTimestamp(row.placed_at);
  if (row.due != kNever) *view.mutable_due_at() = wire::ToTimestamp(row.due);
  if (row.answered_at != kNever) *view.mutable_answered_at() = wire::ToTimestamp(row.answered_at);
  if (row.ended_at != kNever) *view.mutable_ended_at() = wire::ToTimestamp(row.ended_at);
  view.set_breached(row.breached);
  view.set_offers(row.offers);
  view.set_messages(row.messages);
  for (const AgentName& agent : row.asked) view.add_asked(agent.ToString());
  view.set_step(row.step);
  view.set_starving(row.starving);
  if (row.reserved_until != kNever) {
    *view.mutable_reserved_until() = wire::ToTimestamp(row.reserved_until);
  }
  view.set_repeat(row.repeat);
  view.set_diverted_from(row.diverted_from.ToString());
  if (row.starts_at != kNever) *view.mutable_starts_at() = wire::ToTimestamp(row.starts_at);
  if (row.paused_until != kNever) {
    *view.mutable_paused_until() = wire::ToTimestamp(row.paused_until);
  }
  if (!row.reopens.none()) view.set_reopens(row.reopens.ToString());
  for (const Target target : row.missed) view.add_missed(wire::ToProto(target));
  view.set_foretold(row.foretold);
  return view;
}

// Where it is while it is open, where it is once it has ended, and the first place again: it may
// have been placed anew between the two reads.
absl::StatusOr<std::optional<std::string>> FindInquiry(store::Store& store, std::int32_t partition,
                                                       const DeskName& desk,
                                                       const InquiryId& inquiry) {
  USHER_TRY(std::optional<std::string> open,
            store.GetRow(OpenTable(partition), OpenRow(desk, inquiry)));
  if (open) return open;
  USHER_TRY(std::optional<std::string> ended, store.Get(EndedKey(desk, inquiry)));
  if (ended) return ended;
  return store.GetRow(OpenTable(partition), OpenRow(desk, inquiry));
}

using Rows = std::vector<std::pair<std::string, std::string>>;

std::int64_t Number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The desk's totals, or NOT_FOUND if nothing was ever decided for it.
absl::StatusOr<std::map<std::string, std::int64_t>> Totals(store::Store& store,
                                                           const DeskName& desk) {
  const absl::StatusOr<Rows> rows = store.GetTable(CountTable(desk));
  if (!rows.ok()) return StoreAway(rows.status());
  if (rows->empty()) return NoDesk(desk);
  std::map<std::string, std::int64_t> totals;
  for (const auto& [name, count] : *rows) totals[name] = Number(count);
  return totals;
}

absl::StatusOr<std::optional<google::protobuf::Timestamp>> AsOf(store::Store& store,
                                                                std::int32_t partition) {
  const absl::StatusOr<std::optional<std::string>> bytes = store.Get(WatermarkKey(partition));
  if (!bytes.ok()) return StoreAway(bytes.status());
  const std::optional<Watermark> watermark = *bytes ? DecodeWatermark(**bytes) : std::nullopt;
  if (!watermark) return std::optional<google::protobuf::Timestamp>();
  return std::optional(wire::ToTimestamp(watermark->at));
}

// The rows whose name begins with `prefix`, without it.
template <class Field>
void Family(const std::map<std::string, std::int64_t>& totals, const std::string& prefix,
            Field* field) {
  for (auto row = totals.lower_bound(prefix);
       row != totals.end() && row->first.compare(0, prefix.size(), prefix) == 0; ++row) {
    v1::NamedCount* count = field->Add();
    count->set_name(row->first.substr(prefix.size()));
    count->set_count(static_cast<std::uint64_t>(row->second));
  }
}

void FirstResponse(const std::map<std::string, std::int64_t>& totals,
                   v1::GetSummaryResponse& response) {
  std::uint64_t total = 0;
  const auto add = [&](double edge, const std::string& row) {
    const auto found = totals.find(row);
    if (found != totals.end()) total += static_cast<std::uint64_t>(found->second);
    v1::Bucket* bucket = response.add_first_response();
    bucket->set_le(edge);
    bucket->set_count(total);
  };
  for (const Duration edge : SummaryEdges()) {
    add(static_cast<double>(edge.count()) / 1e6, FirstResponseRow(edge));
  }
  add(std::numeric_limits<double>::infinity(), kCountFirstResponse + std::string(kAboveAll));
}

}  // namespace

absl::StatusOr<v1::GetInquiryResponse> GetInquiry(store::Store& store, std::int32_t partitions,
                                                  const v1::GetInquiryRequest& request) {
  USHER_TRY(const DeskName desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(const InquiryId inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));

  // The timeline first: what it tells is never ahead of where the inquiry is said to stand.
  const absl::StatusOr<std::vector<std::string>> timeline =
      store.GetList(TimelineKey(desk, inquiry), kTimelineMax);
  if (!timeline.ok()) return StoreAway(timeline.status());
  const absl::StatusOr<std::optional<std::string>> found =
      FindInquiry(store, journal::PartitionOf(desk, partitions), desk, inquiry);
  if (!found.ok()) return StoreAway(found.status());
  const std::optional<InquiryRow> row = *found ? DecodeInquiry(**found) : std::nullopt;
  if (!row)
    return absl::NotFoundError("inquiry_id: the desk has no such inquiry, or had it long ago");

  v1::GetInquiryResponse response;
  *response.mutable_inquiry() = ToView(*row);
  for (const std::string& bytes : *timeline) {
    const absl::StatusOr<wire::DecisionRecord> record = wire::DecodeDecision(bytes);
    v1::TimelineEntry entry;
    if (!record.ok() || !entry.mutable_decision()->ParseFromString(bytes)) continue;
    *entry.mutable_at() = wire::ToTimestamp(record->decision.at);
    entry.set_sentence(Sentence(*record));
    *response.add_timeline() = std::move(entry);
  }
  return response;
}

absl::StatusOr<v1::ListQueuesResponse> ListQueues(store::Store& store, std::int32_t partitions,
                                                  const v1::ListQueuesRequest& request) {
  USHER_TRY(const DeskName desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(const auto totals, Totals(store, desk));
  USHER_TRY(const auto as_of, AsOf(store, journal::PartitionOf(desk, partitions)));
  const absl::StatusOr<Rows> queues = store.GetTable(QueueTable(desk));
  if (!queues.ok()) return StoreAway(queues.status());

  v1::ListQueuesResponse response;
  if (as_of) *response.mutable_as_of() = *as_of;
  for (const auto& [name, bytes] : *queues) {
    const std::optional<QueueRow> row = DecodeQueue(bytes);
    if (!row) continue;
    v1::QueueView* queue = response.add_queues();
    queue->set_queue(name);
    queue->set_waiting(row->waiting);
    queue->set_assigned(row->assigned);
    queue->set_scheduled(row->scheduled);
    queue->set_pending(row->pending);
    if (row->oldest_placed_at != kNever) {
      *queue->mutable_oldest_placed_at() = wire::ToTimestamp(row->oldest_placed_at);
    }
    if (row->earliest_due != kNever) {
      *queue->mutable_earliest_due_at() = wire::ToTimestamp(row->earliest_due);
    }
    queue->set_foretold(row->foretold);
  }
  return response;
}

absl::StatusOr<v1::GetSummaryResponse> GetSummary(store::Store& store, std::int32_t partitions,
                                                  const v1::GetSummaryRequest& request) {
  USHER_TRY(const DeskName desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(const auto as_of, AsOf(store, journal::PartitionOf(desk, partitions)));
  USHER_TRY(const auto totals, Totals(store, desk));
  const auto total = [&totals](const char* name) {
    const auto found = totals.find(name);
    return found == totals.end() ? 0 : static_cast<std::uint64_t>(found->second);
  };

  v1::GetSummaryResponse response;
  if (as_of) *response.mutable_as_of() = *as_of;
  response.set_placed(total(kCountPlaced));
  response.set_joined(total(kCountJoined));
  response.set_rejected(total(kCountRejected));
  response.set_answered(total(kCountAnswered));
  response.set_resolved(total(kCountResolved));
  response.set_abandoned(total(kCountAbandoned));
  response.set_cancelled(total(kCountCancelled));
  response.set_breached(total(kCountBreached));
  Family(totals, kCountByQueue, response.mutable_by_queue());
  Family(totals, kCountByLanguage, response.mutable_by_language());
  Family(totals, kCountByTopic, response.mutable_by_topic());
  Family(totals, kCountOffers, response.mutable_offers());
  Family(totals, kCountRequeues, response.mutable_requeues());
  Family(totals, kCountBreaches, response.mutable_breaches());
  response.set_forecast(total(kCountForecast));
  response.set_paused(total(kCountPaused));
  response.set_started(total(kCountStarted));
  response.set_relaxed(total(kCountRelaxed));
  response.set_escalated(total(kCountEscalated));
  response.set_reserved(total(kCountReserved));
  response.set_starved(total(kCountStarved));
  response.set_updated(total(kCountUpdated));
  FirstResponse(totals, response);
  return response;
}

}  // namespace usher::insights
