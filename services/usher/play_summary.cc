#include "usher/play_summary.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "usher/play_view.h"

namespace usher::play {
namespace {

constexpr std::size_t kNamesShown = 14;
constexpr int kTimelineShown = 12;
constexpr std::pair<const char*, double> kShares[] = {
    {"p50", 0.50}, {"p90", 0.90}, {"p95", 0.95}, {"p99", 0.99}, {"max", 1.0}};

std::uint64_t At(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

void AppendCounts(const char* title, const Counts& counts, std::string& out) {
  std::vector<std::pair<std::uint64_t, std::string>> ranked;
  for (const auto& [name, count] : counts) ranked.emplace_back(count, name);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  absl::StrAppendFormat(&out, "  %-10s", title);
  std::size_t width = 12;
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (i >= kNamesShown) {
      rest += ranked[i].first;
      continue;
    }
    const std::string cell = absl::StrCat("  ", ranked[i].second, " ", ranked[i].first);
    if (width + cell.size() > 100) {
      out += "\n            ";
      width = 12;
    }
    out += cell;
    width += cell.size();
  }
  if (rest > 0) absl::StrAppend(&out, "  (", ranked.size() - kNamesShown, " more: ", rest, ")");
  out += "\n";
}

void AppendQuantiles(const char* title, const std::vector<Duration>& sorted, std::string& out) {
  absl::StrAppendFormat(&out, "  %-12s", title);
  for (const auto& [name, share] : kShares) {
    absl::StrAppendFormat(&out, "%s %-9s", name, DurationText(Quantile(sorted, share)));
  }
  absl::StrAppend(&out, "of ", sorted.size(), "\n");
}

void AppendBuckets(const Totals& totals, std::int64_t speed, std::string& out) {
  absl::StrAppendFormat(&out, "  %-12s", "usher says");
  for (const auto& [name, share] : {kShares[0], kShares[1], kShares[2], kShares[3]}) {
    const double edge = EdgeOfShare(totals.responses, share) * static_cast<double>(speed);
    const bool above = edge > 1e9;
    absl::StrAppendFormat(
        &out, "%s %-9s", name,
        above ? "beyond" : "<" + DurationText(Duration(static_cast<std::int64_t>(edge * 1e6))));
  }
  const std::uint64_t of = totals.responses.empty() ? 0 : totals.responses.rbegin()->second;
  absl::StrAppend(&out, "         of ", of, " (by its buckets)\n");
}

void AppendComparison(const Totals& totals, const Tally& tally, std::string& out) {
  const std::vector<Comparison> numbers = Compare(totals, tally);
  const bool equal =
      std::all_of(numbers.begin(), numbers.end(), [](const Comparison& c) { return c.equal(); });
  if (equal) {
    out += "  counts      usher and the day's own agree:";
  } else {
    out += "  COUNTS DIFFER (usher / seen by the day itself):";
  }
  for (const Comparison& number : numbers) {
    absl::StrAppend(&out, " ", number.what, " ", number.usher);
    if (!number.equal()) absl::StrAppend(&out, "/", number.seen, "!");
  }
  out += "\n";
  if (tally.streams_lost > 0) {
    absl::StrAppend(&out, "  streams     ", tally.streams_lost,
                    " were cut and opened again; offers are not compared\n");
  }
}

void AppendExample(const v1::GetInquiryResponse& example, std::int64_t speed, std::string& out) {
  const v1::InquiryView& inquiry = example.inquiry();
  absl::StrAppend(&out, "\none inquiry: ", inquiry.inquiry_id(), "  (",
                  inquiry.features().language(), ", ", inquiry.features().topic(), ", ",
                  inquiry.features().channel(),
                  ")\n  times at the left in shop time, those in the sentences as they were\n");
  for (int i = 0; i < example.timeline_size() && i < kTimelineShown; ++i) {
    const v1::TimelineEntry& entry = example.timeline(i);
    const Duration since(
        google::protobuf::util::TimeUtil::DurationToMicroseconds(entry.at() - inquiry.placed_at()));
    absl::StrAppendFormat(&out, "  +%-8s %s\n", DurationText(since * speed), entry.sentence());
  }
}

}  // namespace

std::vector<Comparison> Compare(const Totals& totals, const Tally& tally) {
  std::vector<Comparison> numbers = {{"messages", totals.messages(), tally.messages_sent},
                                     {"resolved", totals.resolved, tally.resolved},
                                     {"answered", totals.answered, tally.responses.size()}};
  if (tally.streams_lost == 0) {
    numbers.push_back({"offers", At(totals.offers, "made"), tally.offers});
    numbers.push_back({"accepted", At(totals.offers, "accepted"), tally.accepted});
    numbers.push_back({"declined", At(totals.offers, "declined"), tally.declined});
    numbers.push_back({"expired", At(totals.offers, "expired"), tally.expired});
    numbers.push_back({"rescinded", At(totals.offers, "rescinded"), tally.rescinded});
  }
  return numbers;
}

void Measure(const std::unordered_map<std::string, Page>& book, Tally& tally) {
  tally.responses.clear();
  tally.acceptances.clear();
  for (const auto& [inquiry, page] : book) {
    // Those of an earlier day have no time of sending, but count as answered.
    const Duration sent = page.sent == Page::kNot ? page.taken : page.sent;
    if (page.replied != Page::kNot) tally.responses.push_back(page.replied - sent);
    if (page.taken != Page::kNot) tally.acceptances.push_back(page.taken - sent);
  }
  std::sort(tally.responses.begin(), tally.responses.end());
  std::sort(tally.acceptances.begin(), tally.acceptances.end());
}

std::string SummaryText(const SummaryOptions& options, const Totals& totals, const Tally& tally,
                        const v1::GetInquiryResponse* example) {
  std::string out = options.whole ? "\nthe day is over\n" : "\nthe day was cut short\n";
  absl::StrAppend(&out, "  messages    ", tally.messages_sent, " taken, ", tally.messages_refused,
                  " refused: ", totals.placed, " inquiries, ", totals.joined,
                  " joined an open one, ", totals.rejected, " rejected\n");
  absl::StrAppend(&out, "  orders      ", tally.orders_sent, " events\n");
  absl::StrAppend(&out, "  inquiries   ", totals.answered, " answered, ", totals.resolved,
                  " resolved, ", totals.abandoned, " abandoned, ",
                  totals.placed - std::min(totals.placed, totals.ended()), " open\n");
  absl::StrAppend(&out, "  late        ", totals.breached, " first responses\n");
  AppendCounts("queues", totals.by_queue, out);
  AppendCounts("languages", totals.by_language, out);
  AppendCounts("topics", totals.by_topic, out);
  AppendCounts("offers", totals.offers, out);
  if (options.whole) {
    AppendComparison(totals, tally, out);
  } else {
    out += "  counts      are not compared: some of what was sent had no answer yet\n";
  }
  absl::StrAppend(&out, "first response, in shop time (one real second is ", options.speed,
                  " of the shop)\n");
  AppendQuantiles("to a yes", tally.acceptances, out);
  AppendQuantiles("to a reply", tally.responses, out);
  AppendBuckets(totals, options.speed, out);
  if (example != nullptr) AppendExample(*example, options.speed, out);
  absl::StrAppend(&out, "\nwhere to look next\n  gRPC        ", options.server,
                  "  (proto/usher/v1; desk \"", options.desk, "\")\n");
  if (!options.metrics.empty()) absl::StrAppend(&out, "  metrics     ", options.metrics, "\n");
  if (example != nullptr) {
    absl::StrAppend(&out, "  a timeline  InsightsService.GetInquiry {desk: \"", options.desk,
                    "\", inquiry_id: \"", example->inquiry().inquiry_id(), "\"}\n");
  }
  return out;
}

}  // namespace usher::play
