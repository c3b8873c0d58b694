// A store with facts in it, decisions said one by one, and the reports on them. For the tests of
// reports.
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "insights/report.h"
#include "log/sim/sim_log.h"
#include "one_inquiry.h"
#include "wire/surface.h"

namespace usher::insights {

// 20 November 2023 was a Monday; this is its midnight in UTC, long after the story began.
inline constexpr Instant kMonday = FromMicros(1'700'438'400'000'000);

struct FactsShop {
  Story story{1};
  Shop shop;
  View view;
  log::SimLog log{{.seed = 1, .clock = [this] { return story.now(); }}};
  Zones zones{log};
  std::int64_t offset = 0;

  explicit FactsShop(Duration keep = kFactsKeep) : view(0, kTtl, keep) { At(kMonday); }

  void At(Instant at) { quiet = at - story.now(); }
  void After(Duration span) { quiet += span; }

  // `late`: how long after that the command came which brought it about.
  void Say(DecisionBody body, Duration late = Duration::zero()) {
    wire::DecisionRecord record =
        story.Say("shop", std::exchange(quiet, Duration::zero()), std::move(body));
    record.command_at = record.decision.at + late;
    view.Take(record, wire::EncodeDecision(record), offset++);
  }

  void Place(const InquiryId& id, const char* topic = "delivery", const char* language = "uk") {
    InquiryPlaced placed;
    placed.inquiry = id;
    placed.queue = QueueName::Of("live");
    placed.features.channel = ChannelName::Of("chat");
    placed.features.topic = TopicName::Of(topic);
    placed.features.language = LanguageName::Of(language);
    placed.due = story.now() + quiet + 60s;
    placed.arrived_at = story.now() + quiet;
    Say(placed);
  }
  void Offer(const InquiryId& id, const char* agent) {
    Say(OfferMade{OfferId{++offers}, id, AgentName::Of(agent), QueueName::Of("live"),
                  story.now() + quiet + 20s, OfferReason::kArrival});
  }
  void Accept(const InquiryId& id, const char* agent) {
    Say(OfferAccepted{OfferId{offers}, id, AgentName::Of(agent), false});
  }
  void Presence(const char* agent, usher::Presence presence) {
    Say(PresenceChanged{AgentName::Of(agent), presence, AwayReason::kNone, kNever});
  }
  void Breach(const InquiryId& id, Duration late = Duration::zero()) {
    Say(SlaBreached{id, Target::kFirstResponse, story.now()}, late);
  }

  v1::GetReportRequest Request(Instant from, Instant to) const {
    v1::GetReportRequest request;
    request.set_desk("shop");
    *request.mutable_from() = wire::ToTimestamp(from);
    *request.mutable_to() = wire::ToTimestamp(to);
    request.set_time_zone("UTC");
    return request;
  }
  absl::StatusOr<v1::GetReportResponse> Report(const v1::GetReportRequest& request) {
    shop.Commit(view);
    return GetReport(*shop.store, 1, zones, request);
  }
  v1::GetReportResponse Day(std::initializer_list<v1::ReportGroup> groups = {},
                            Instant from = kMonday) {
    v1::GetReportRequest request = Request(from, from + std::chrono::hours(24));
    for (const v1::ReportGroup group : groups) request.add_group_by(group);
    const auto report = Report(request);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(v1::GetReportResponse());
  }

  Duration quiet{0};
  std::uint64_t offers = 0;
};

inline std::map<std::string, std::uint64_t> Causes(const v1::ReportFigures& figures) {
  std::map<std::string, std::uint64_t> causes;
  for (const v1::ReportTarget& target : figures.targets()) {
    for (const v1::NamedCount& cause : target.causes()) causes[cause.name()] += cause.count();
  }
  return causes;
}

}  // namespace usher::insights
