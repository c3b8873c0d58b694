#include "sim/checker/views.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "insights/service.h"
#include "usher/v1/insights.pb.h"

namespace usher::sim {
namespace {

struct Line {
  std::uint32_t waiting = 0;
  std::uint32_t assigned = 0;
  std::uint32_t scheduled = 0;
  std::uint32_t pending = 0;
  friend bool operator==(const Line&, const Line&) = default;
};

v1::Stage StageOf(Stage stage) {
  switch (stage) {
    case Stage::kWaiting:
      return v1::STAGE_WAITING;
    case Stage::kOffered:
      return v1::STAGE_OFFERED;
    case Stage::kAssigned:
      return v1::STAGE_ASSIGNED;
    case Stage::kAnswered:
      return v1::STAGE_ANSWERED;
    case Stage::kScheduled:
      return v1::STAGE_SCHEDULED;
    case Stage::kPending:
      return v1::STAGE_PENDING;
  }
  return v1::STAGE_UNSPECIFIED;
}

std::string CompareSummary(const DeskName& desk, const Counts& counts,
                           const v1::GetSummaryResponse& told) {
  const auto differs = [&](const char* what, std::uint64_t view, std::uint64_t recount) {
    return view == recount ? std::string()
                           : absl::StrCat(desk.ToString(), ": the view counts ", view, " ", what,
                                          ", the decisions ", recount, "; ");
  };
  std::uint64_t offers = 0;
  for (const v1::NamedCount& row : told.offers()) {
    if (row.name() == "made") offers = row.count();
  }
  return absl::StrCat(differs("placed", told.placed(), counts.placed),
                      differs("joined", told.joined(), counts.joined),
                      differs("rejected", told.rejected(), counts.rejected),
                      differs("answered", told.answered(), counts.answered),
                      differs("resolved", told.resolved(), counts.resolved),
                      differs("abandoned", told.abandoned(), counts.abandoned),
                      differs("cancelled", told.cancelled(), counts.cancelled),
                      differs("breached", told.breached(), counts.breached),
                      differs("offers", offers, counts.offers_made));
}

std::string CompareQueues(const DeskName& desk, const Book& book,
                          const v1::ListQueuesResponse& told) {
  std::map<std::string, Line> recount;
  for (const auto& [id, inquiry] : book.open()) {
    Line& line = recount[inquiry.queue.ToString()];
    if (inquiry.stage == Stage::kWaiting || inquiry.stage == Stage::kOffered) {
      ++line.waiting;
    } else if (inquiry.stage == Stage::kScheduled) {
      ++line.scheduled;
    } else if (inquiry.stage == Stage::kPending) {
      ++line.pending;
    } else {
      ++line.assigned;
    }
  }
  for (const v1::QueueView& queue : told.queues()) {
    const Line view{queue.waiting(), queue.assigned(), queue.scheduled(), queue.pending()};
    if (view != recount[queue.queue()]) {
      return absl::StrCat(desk.ToString(), ": the view of queue ", queue.queue(), " is another; ");
    }
    recount.erase(queue.queue());
  }
  for (const auto& [queue, line] : recount) {
    if (line != Line()) return absl::StrCat(desk.ToString(), ": no view of queue ", queue, "; ");
  }
  return "";
}

std::string CompareInquiries(const DeskName& desk, const Book& book, store::Store& store,
                             std::int32_t partitions) {
  v1::GetInquiryRequest request;
  request.set_desk(desk.ToString());
  for (const auto& [id, inquiry] : book.open()) {
    request.set_inquiry_id(id.ToString());
    const auto told = insights::GetInquiry(store, partitions, request);
    if (!told.ok() || told->inquiry().stage() != StageOf(inquiry.stage)) {
      return absl::StrCat(desk.ToString(), ": the view of inquiry ", id.ToString(),
                          " is another; ");
    }
  }
  for (const auto& [id, over] : book.ended()) {
    request.set_inquiry_id(id.ToString());
    const auto told = insights::GetInquiry(store, partitions, request);
    const bool ends = told.ok() && told->inquiry().stage() >= v1::STAGE_RESOLVED &&
                      told->inquiry().stage() <= v1::STAGE_REJECTED;
    if (!ends) return absl::StrCat(desk.ToString(), ": ", id.ToString(), " has not ended there; ");
  }
  return "";
}

}  // namespace

std::string CompareViews(const Checker& checker, store::Store& store, std::int32_t partitions) {
  for (const auto& [desk, book] : checker.books()) {
    v1::GetSummaryRequest summary;
    summary.set_desk(desk.ToString());
    const auto counts = insights::GetSummary(store, partitions, summary);
    if (!counts.ok()) return absl::StrCat("no summary of ", desk.ToString());
    v1::ListQueuesRequest list;
    list.set_desk(desk.ToString());
    const auto queues = insights::ListQueues(store, partitions, list);
    if (!queues.ok()) return absl::StrCat("no queues of ", desk.ToString());
    const std::string why = absl::StrCat(CompareSummary(desk, book.counts(), *counts),
                                         CompareQueues(desk, book, *queues),
                                         CompareInquiries(desk, book, store, partitions));
    if (!why.empty()) return why;
  }
  return "";
}

}  // namespace usher::sim
