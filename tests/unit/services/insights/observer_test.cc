#include "insights/observer.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "insights/labels.h"
#include "journal/topics.h"
#include "story.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

// A log that has policies and nothing else.
class PolicyLog : public log::Log {
 public:
  void Apply(const std::string& desk, std::vector<Duration> targets) {
    v1::PolicyRecord record;
    record.set_desk(desk);
    for (const Duration target : targets) {
      record.mutable_policy()->mutable_policy()->add_sla_classes()->set_first_response_us(
          target.count());
    }
    log::Record kept;
    kept.offset = static_cast<std::int64_t>(records_.size());
    kept.value = record.SerializeAsString();
    records_.push_back(kept);
  }

  absl::Status CreateTopic(const log::TopicSpec&) override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<std::string>> CheckTopic(const log::TopicSpec&) override {
    return std::vector<std::string>();
  }
  absl::StatusOr<std::int32_t> Partitions(const std::string& topic) override {
    EXPECT_EQ(topic, journal::kPolicies);
    return 1;
  }
  absl::StatusOr<std::int64_t> EndOffset(const log::TopicPartition&) override {
    return static_cast<std::int64_t>(records_.size());
  }
  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition&, std::int64_t from,
                                                     std::size_t most) override {
    std::vector<log::Record> read;
    for (const log::Record& record : records_) {
      if (record.offset >= from && read.size() < most) read.push_back(record);
    }
    return read;
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    return absl::UnimplementedError("not asked for");
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(const log::ReaderOptions&) override {
    return absl::UnimplementedError("not asked for");
  }
  std::size_t entry_bytes_max() const override { return 1 << 20; }
  std::map<std::string, double> Stats() const override { return {}; }

 private:
  std::vector<log::Record> records_;
};

Observation Response(const std::string& queue, Duration value, Duration target = Duration::zero()) {
  Observation observation;
  observation.kind = Observation::Kind::kFirstResponse;
  observation.desk = DeskName::Of("shop");
  observation.queue = QueueName::Of(queue);
  observation.channel = ChannelName::Of("chat");
  observation.value = value;
  observation.target = target;
  return observation;
}

bool Has(const telemetry::Metrics& metrics, const std::string& line) {
  return ("\n" + metrics.Text()).find("\n" + line + "\n") != std::string::npos;
}

TEST(Observer, HasEveryTargetOfEveryPolicyAsAnEdge) {
  PolicyLog log;
  log.Apply("shop", {37s, 12min});
  log.Apply("garden", {41s});
  Targets targets(log);
  ASSERT_TRUE(targets.Refresh().ok());
  telemetry::Metrics metrics;
  Observer observer(metrics, std::move(targets));
  observer.Observe(Response("billing", 38s));
  const std::string series =
      "usher_first_response_seconds_bucket{channel=\"chat\",desk=\"shop\",queue=\"billing\",le=";
  EXPECT_TRUE(Has(metrics, series + "\"37\"} 0")) << metrics.Text();
  EXPECT_TRUE(Has(metrics, series + "\"41\"} 1"));
  EXPECT_TRUE(Has(metrics, series + "\"720\"} 1"));
}

TEST(Observer, HasTheTargetsOfAPolicyThatCameBeforeTheSeries) {
  PolicyLog log;
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log));
  observer.Observe(Response("early", 1s));
  log.Apply("shop", {37s});
  Observation applied;
  applied.kind = Observation::Kind::kPolicy;
  observer.Observe(applied);
  observer.Observe(Response("billing", 38s));
  observer.Observe(Response("early", 38s));
  const std::string series = "usher_first_response_seconds_bucket{channel=\"chat\",desk=\"shop\",";
  EXPECT_TRUE(Has(metrics, series + "queue=\"billing\",le=\"37\"} 0")) << metrics.Text();
  EXPECT_FALSE(Has(metrics, series + "queue=\"early\",le=\"37\"} 1"));  // only after a restart
}

TEST(Observer, HasTheInquirysOwnTargetEvenIfThePolicyWasNotSeen) {
  PolicyLog log;
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log));
  observer.Observe(Response("billing", 38s, 39s));
  EXPECT_TRUE(Has(metrics,
                  "usher_first_response_seconds_bucket{channel=\"chat\",desk=\"shop\",queue="
                  "\"billing\",le=\"39\"} 1"))
      << metrics.Text();
}

TEST(Observer, CountsBreachesFromZeroOn) {
  PolicyLog log;
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log));
  Observation placed;
  placed.kind = Observation::Kind::kInquiry;
  placed.desk = DeskName::Of("shop");
  placed.queue = QueueName::Of("billing");
  placed.label = "placed";
  observer.Observe(placed);
  EXPECT_TRUE(Has(metrics, "usher_sla_breaches_total{desk=\"shop\",queue=\"billing\"} 0"));
  placed.kind = Observation::Kind::kBreach;
  observer.Observe(placed);
  EXPECT_TRUE(Has(metrics, "usher_sla_breaches_total{desk=\"shop\",queue=\"billing\"} 1"));
}

TEST(Observer, CountsByReasonWhatHappensToInquiries) {
  PolicyLog log;
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log));
  Observation observation;
  observation.desk = DeskName::Of("shop");
  observation.queue = QueueName::Of("billing");
  const auto count = [&](Observation::Kind kind, const char* label) {
    observation.kind = kind;
    observation.label = label;
    observer.Observe(observation);
  };
  count(Observation::Kind::kAsked, Label(OfferReason::kTaken));
  count(Observation::Kind::kRescind, Label(RescindCause::kTakenByAnother));
  count(Observation::Kind::kRequeue, Label(RequeueReason::kTransferred));
  count(Observation::Kind::kRelax, kNobodyFits);
  count(Observation::Kind::kEscalate, "");
  count(Observation::Kind::kReserve, "");
  count(Observation::Kind::kStarve, "");
  const std::string in = "desk=\"shop\",queue=\"billing\"";
  for (const std::string& line :
       {"usher_offers_made_total{" + in + ",reason=\"taken\"} 1",
        "usher_offer_rescinds_total{cause=\"taken_by_another\"," + in + "} 1",
        "usher_requeues_total{" + in + ",reason=\"transferred\"} 1",
        "usher_relaxations_total{" + in + ",reason=\"nobody_fits\"} 1",
        "usher_escalations_total{" + in + "} 1", "usher_reservations_total{" + in + "} 1",
        "usher_starving_inquiries_total{" + in + "} 1"}) {
    EXPECT_TRUE(Has(metrics, line)) << line;
  }
}

// Closed sets: each reason has a label of its own, none is left without.
TEST(Labels, DifferForEveryReason) {
  const auto labels = [](auto last) {
    std::set<std::string> all;
    for (int i = 1; i <= static_cast<int>(last); ++i) {
      all.insert(Label(static_cast<decltype(last)>(i)));
    }
    EXPECT_EQ(all.count("none"), 0u);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(last));
  };
  labels(OfferReason::kChanged);
  labels(RescindCause::kInquiryUpdated);
  labels(RequeueReason::kTransferred);
  labels(DeclineReason::kOther);
  labels(WakeCause::kTime);
  EXPECT_EQ(std::string(Label(Target::kFirstResponse)), "first_response");
  labels(Target::kUpdate);
}

TEST(Observer, ShowsQueuesAndAgentsAndTakesThemBack) {
  PolicyLog log;
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log));
  Story story(1);
  View view(0, 1s);
  std::int64_t offset = 0;
  const auto take = [&](Duration after, DecisionBody body) {
    const wire::DecisionRecord record = story.Say("shop", after, std::move(body));
    view.Take(record, wire::EncodeDecision(record), offset++);
  };
  InquiryPlaced placed;
  placed.inquiry = InquiryId::Of("one");
  placed.queue = QueueName::Of("billing");
  placed.priority = 7;
  take(0s, placed);
  take(0s, PresenceChanged{AgentName::Of("ana"), Presence::kAvailable, AwayReason::kNone});
  observer.Publish(view);
  observer.Refresh(story.now() + 90s);
  EXPECT_TRUE(Has(
      metrics, "usher_queue_waiting_inquiries{desk=\"shop\",priority=\"7\",queue=\"billing\"} 1"))
      << metrics.Text();
  EXPECT_TRUE(Has(metrics, "usher_queue_oldest_age_seconds{desk=\"shop\",queue=\"billing\"} 90"));
  EXPECT_TRUE(Has(metrics, "usher_agents{desk=\"shop\",state=\"available\"} 1"));
  EXPECT_TRUE(Has(metrics, "usher_agents{desk=\"shop\",state=\"away\"} 0"));

  observer.Withdraw(view);
  observer.Refresh(story.now() + 95s);
  EXPECT_TRUE(Has(
      metrics, "usher_queue_waiting_inquiries{desk=\"shop\",priority=\"7\",queue=\"billing\"} 0"));
  EXPECT_TRUE(Has(metrics, "usher_queue_oldest_age_seconds{desk=\"shop\",queue=\"billing\"} 0"));
  EXPECT_TRUE(Has(metrics, "usher_agents{desk=\"shop\",state=\"available\"} 0"));
}

}  // namespace
}  // namespace usher::insights
