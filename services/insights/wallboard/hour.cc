#include "insights/wallboard/hour.h"

#include <algorithm>
#include <chrono>

#include "insights/report.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

constexpr Duration kLength = std::chrono::hours(1);

Instant At(const google::protobuf::Timestamp& at) {
  return FromMicros(at.seconds() * 1'000'000 + at.nanos() / 1'000);
}

}  // namespace

absl::StatusOr<HourFacts> ReadHour(store::Store& store, std::int32_t partitions, Zones& zones,
                                   const DeskName& desk, Instant now) {
  v1::GetReportRequest request;
  request.set_desk(desk.ToString());
  request.set_time_zone("UTC");  // an hour is one everywhere; so no policy is looked at
  *request.mutable_from() = wire::ToTimestamp(now - kLength);
  *request.mutable_to() = wire::ToTimestamp(now);
  const absl::StatusOr<v1::GetReportResponse> told = GetReport(store, partitions, zones, request);
  if (absl::IsNotFound(told.status())) return HourFacts();
  if (!told.ok()) return told.status();
  const v1::ReportFigures& sum = told->total();
  HourFacts facts;
  facts.since = std::max(At(told->from()), At(told->since()));
  facts.placed = sum.placed();
  facts.answered = sum.answered();
  for (const v1::ReportTarget& target : sum.targets()) facts.breached += target.breached();
  if (sum.first_response().count() > 0) {
    facts.half = sum.first_response().p50();
    facts.most = sum.first_response().p90();
  }
  return facts;
}

}  // namespace usher::insights
