#include "insights/observer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "insights/keys.h"
#include "insights/labels.h"
#include "journal/topics.h"
#include "one_inquiry.h"
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
      v1::SlaClass* sla = record.mutable_policy()->mutable_policy()->add_sla_classes();
      sla->set_first_response_us(target.count());
      sla->set_resolution_us(2 * target.count());
    }
    v1::Channel* voice = record.mutable_policy()->mutable_policy()->add_channels();
    voice->set_name("voice");
    voice->set_units(3);
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

// A view of partition 0, and its observer beside a store.
struct Watched {
  PolicyLog log;
  telemetry::Metrics metrics;
  Story story{1};
  Shop shop;
  std::optional<View> view = View(0, kTtl);
  std::unique_ptr<Observer> observer;
  std::int64_t offset = 0;

  void Start(std::int32_t partitions = 1) {
    Targets targets(log);
    ASSERT_TRUE(targets.Refresh().ok());
    observer = std::make_unique<Observer>(metrics, std::move(targets), partitions);
    metrics.AddSource([this] { return observer->Collect(story.now()); });
    Load();
  }
  void Load(bool hold = false) {
    view = *View::Load(*shop.store, 0, kTtl);
    observer->Load(0, *view, *shop.store->GetTable(TallyTable(0)), hold);
  }
  void Take(DecisionBody body, Duration after = 1s, const std::string& desk = "shop") {
    const wire::DecisionRecord record = story.Say(desk, after, std::move(body));
    view->Take(record, wire::EncodeDecision(record), offset++);
  }
  void Commit(bool hold = false) {
    std::optional<store::Batch> batch = view->MakeBatch();
    ASSERT_TRUE(batch);
    observer->Count(0, *view, story.now(), *batch);
    ASSERT_TRUE(*shop.store->Apply(*batch));
    observer->Settle(0, *view, hold);
    view->Committed();
  }
  // Without a store, which would take its time with a great many desks.
  void CommitToNothing() {
    store::Batch batch;
    observer->Count(0, *view, story.now(), batch);
    observer->Settle(0, *view, false);
    view->Committed();
  }
  void Place(const std::string& queue, const std::string& name = "one",
             const std::string& desk = "shop") {
    InquiryPlaced placed;
    placed.inquiry = InquiryId::Of(name);
    placed.queue = QueueName::Of(queue);
    placed.priority = 7;
    placed.features.channel = ChannelName::Of("chat");
    Take(placed, 1s, desk);
  }
  void Answer(Duration since_placed, const std::string& name = "one") {
    Take(InquiryAnswered{InquiryId::Of(name), AgentName::Of("ana"), true, since_placed});
  }
  bool Has(const std::string& line) const {
    return ("\n" + metrics.Text()).find("\n" + line + "\n") != std::string::npos;
  }
  std::size_t Lines() const {
    const std::string text = metrics.Text();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

const std::string kBillingBucket =
    "usher_first_response_seconds_bucket{channel=\"chat\",desk=\"shop\",queue=\"billing\",le=";

TEST(Observer, HasEveryTargetOfEveryPolicyAsAnEdge) {
  Watched watched;
  watched.log.Apply("shop", {37s, 12min});
  watched.log.Apply("garden", {41s});
  watched.Start();
  watched.Place("billing");
  watched.Answer(38s);
  watched.Commit();
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"37\"} 0")) << watched.metrics.Text();
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"41\"} 1"));
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"720\"} 1"));
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"74\"} 1"));  // twice the first: a resolution's
}

TEST(Observer, TakesTheTargetsOfANewPolicyUpAsEdgesOfAllSeries) {
  Watched watched;
  watched.Start();
  watched.Place("billing");
  watched.Answer(36s);
  watched.Commit();
  EXPECT_FALSE(watched.Has(kBillingBucket + "\"37\"} 0"));
  watched.log.Apply("shop", {37s});
  watched.Take(PolicyApplied{"2"});
  watched.Commit();
  // What was counted before is known to be at or below 45 s, no more.
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"37\"} 0")) << watched.metrics.Text();
  watched.Place("billing", "two");
  watched.Answer(36s, "two");
  watched.Commit();
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"37\"} 1"));
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"45\"} 2"));
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"+Inf\"} 2"));
  EXPECT_TRUE(
      watched.Has("usher_first_response_seconds_sum{channel=\"chat\",desk=\"shop\","
                  "queue=\"billing\"} 72"));
}

TEST(Observer, ShowsWhatAlertsRestOnFromZeroOn) {
  Watched watched;
  watched.Start();
  watched.Place("billing");
  watched.Commit();
  const std::string in = "{desk=\"shop\",queue=\"billing\"";
  EXPECT_TRUE(watched.Has("usher_sla_breaches_total" + in + "} 0")) << watched.metrics.Text();
  EXPECT_TRUE(
      watched.Has("usher_offers_total{desk=\"shop\",outcome=\"expired\",queue="
                  "\"billing\"} 0"));
  EXPECT_TRUE(watched.Has("usher_target_breaches_total" + in + ",target=\"update\"} 0"));
  watched.Take(SlaBreached{InquiryId::Of("one"), Target::kFirstResponse, watched.story.now()});
  watched.Commit();
  EXPECT_TRUE(watched.Has("usher_sla_breaches_total" + in + "} 1"));
}

TEST(Observer, CountsByReasonWhatHappensToInquiries) {
  Watched watched;
  watched.Start();
  const auto one = InquiryId::Of("one");
  const auto ana = AgentName::Of("ana");
  const auto billing = QueueName::Of("billing");
  watched.Place("billing");
  watched.Take(InquiryRelaxed{one, 1, true});
  watched.Take(InquiryReserved{one, {ana}, kNever});
  watched.Take(InquiryStarving{one});
  watched.Take(BreachForecast{one, watched.story.now(), 1s});
  watched.Take(OfferMade{OfferId{1}, one, ana, billing, kNever, OfferReason::kTaken});
  watched.Take(OfferDeclined{OfferId{1}, one, ana, DeclineReason::kBusy});
  watched.Take(OfferMade{OfferId{2}, one, ana, billing, kNever, OfferReason::kArrival});
  watched.Take(OfferRescinded{OfferId{2}, one, ana, RescindCause::kTakenByAnother});
  watched.Take(OfferMade{OfferId{3}, one, ana, billing, kNever, OfferReason::kArrival});
  watched.Take(OfferAccepted{OfferId{3}, one, ana, false}, 2s);
  watched.Take(InquiryAnswered{one, ana, true, 12s});
  watched.Take(MessageJoined{one, MessageId::Of("more")});
  watched.Take(MessageJoined{one, MessageId::Of("and more")}, 3s);
  watched.Take(InquiryAnswered{one, ana, false, 16s}, 4s);
  watched.Take(InquiryPaused{one, ana, kNever});
  watched.Take(InquiryResumed{one, ana, WakeCause::kMessage});
  watched.Take(InquiryRequeued{one, ana, RequeueReason::kTransferred});
  watched.Take(InquiryResolved{one, ana, 20s, 40s});
  watched.Take(CommandRepeated{RepeatReason::kSource});
  CommandRejected stray;
  stray.command = static_cast<std::uint8_t>(CommandBody(RecordReply()).index());
  stray.reason = RejectReason::kUnknownInquiry;
  watched.Take(stray);
  stray.inquiry = InquiryId::FromNumber(99);  // by desktop, which names the inquiry
  watched.Take(stray);
  watched.Commit();
  const std::string in = "desk=\"shop\",queue=\"billing\"";
  for (const std::string& line :
       {"usher_offers_made_total{" + in + ",reason=\"taken\"} 1",
        "usher_offer_rescinds_total{cause=\"taken_by_another\"," + in + "} 1",
        "usher_offer_declines_total{" + in + ",reason=\"busy\"} 1",
        "usher_requeues_total{" + in + ",reason=\"transferred\"} 1",
        "usher_relaxations_total{" + in + ",reason=\"nobody_fits\"} 1",
        "usher_breach_forecasts_total{" + in + "} 1", "usher_reservations_total{" + in + "} 1",
        "usher_starving_inquiries_total{" + in + "} 1", "usher_pauses_total{" + in + "} 1",
        "usher_wakes_total{cause=\"message\"," + in + "} 1",
        "usher_accept_seconds_sum{" + in + "} 2", "usher_handling_seconds_sum{" + in + "} 20",
        "usher_resolution_seconds_sum{" + in + "} 40",
        // From the first of two messages on.
        "usher_next_response_seconds_sum{" + in + "} 7",
        "usher_next_response_seconds_count{" + in + "} 1",
        std::string("usher_stray_replies_total{desk=\"shop\",queue=\"unknown\"} 1"),
        std::string("usher_commands_repeated_total{desk=\"shop\",queue=\"unknown\",reason=") +
            "\"source\"} 1"}) {
    EXPECT_TRUE(watched.Has(line)) << line << "\n" << watched.metrics.Text();
  }
}

TEST(Observer, GoesOnWhereAnotherProcessEnded) {
  Watched watched;
  watched.Start();
  watched.Place("billing");
  watched.Answer(38s);
  watched.Commit();
  const std::string before = watched.metrics.Text();

  // Another process, or the same after a crash: the store tells what was counted.
  watched.Place("lost", "never in the store");
  watched.observer->Withdraw(0);
  EXPECT_FALSE(watched.Has(kBillingBucket + "\"45\"} 1"));
  watched.Load();
  EXPECT_EQ(watched.metrics.Text(), before);
}

TEST(Observer, TakesNothingBackWhileTheStoreIsFilledAgain) {
  Watched watched;
  watched.Start();
  watched.Place("billing");
  watched.Answer(38s);
  watched.Commit();
  const std::string before = watched.metrics.Text();

  watched.shop.stores.FlushAll();
  watched.Load(/*hold=*/true);
  watched.story = Story(1);
  watched.Place("billing");
  watched.Commit(/*hold=*/true);
  watched.story.Say("shop", 1s, PolicyApplied{});  // the clock goes on
  EXPECT_EQ(watched.metrics.Text(), before);
  watched.story = Story(1);
  watched.Take(PolicyApplied{}, 1s);
  watched.Answer(38s);
  watched.Commit();
  EXPECT_TRUE(watched.Has(kBillingBucket + "\"45\"} 1")) << watched.metrics.Text();
  EXPECT_TRUE(
      watched.Has("usher_inquiries_total{desk=\"shop\",outcome=\"placed\",queue="
                  "\"billing\"} 1"));
}

TEST(Observer, HasABoundOfSeriesWhateverDesksThereAre) {
  Watched watched;
  watched.Start(/*partitions=*/1);
  for (int i = 0; i < 100'000; ++i) {
    const std::string desk = "desk" + std::to_string(i);
    watched.Place("billing", "inquiry" + std::to_string(i), desk);
    watched.Take(PresenceChanged{AgentName::Of("ana"), Presence::kAvailable, AwayReason::kNone}, 0s,
                 desk);
    if (i % 1'000 == 999) watched.CommitToNothing();
  }
  EXPECT_LT(watched.Lines(), 30'000u);
  EXPECT_TRUE(
      watched.Has("usher_inquiries_total{desk=\"desk0\",outcome=\"placed\",queue="
                  "\"billing\"} 1"));
  const std::string rest = std::to_string(100'000 - kNamedDesksMax);
  EXPECT_TRUE(
      watched.Has("usher_inquiries_total{desk=\"other\",outcome=\"placed\",queue="
                  "\"other\"} " +
                  rest));
  EXPECT_TRUE(watched.Has("usher_agents{desk=\"other\",state=\"available\"} " + rest));
  EXPECT_TRUE(watched.Has("usher_insights_desks{series=\"other\"} " + rest));
  EXPECT_TRUE(
      watched.Has("usher_queue_waiting_inquiries{desk=\"other\",priority=\"7\",queue="
                  "\"other\"} " +
                  rest));
}

TEST(Observer, KeepsTheNamesOfDesksOverARestart) {
  Watched watched;
  watched.Start(/*partitions=*/100);  // so each has two names for desks
  for (int i = 0; i < 9; ++i) {
    watched.Place("billing", "inquiry" + std::to_string(i), "desk" + std::to_string(9 - i));
    watched.Commit();
  }
  EXPECT_TRUE(watched.Has("usher_insights_desks{series=\"named\"} 2"));
  const std::string before = watched.metrics.Text();
  watched.Load();
  EXPECT_EQ(watched.metrics.Text(), before);
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
  labels(RepeatReason::kRequest);
  EXPECT_EQ(std::string(Label(Target::kFirstResponse)), "first_response");
  labels(Target::kUpdate);
}

TEST(Observer, ShowsQueuesAndAgentsAndTakesThemBack) {
  Watched watched;
  watched.log.Apply("shop", {37s});
  watched.Start();
  watched.Place("billing");
  const Instant placed_at = watched.story.now();
  InquiryPlaced urgent;
  urgent.inquiry = InquiryId::Of("two");
  urgent.queue = QueueName::Of("billing");
  urgent.priority = 9;
  urgent.features.channel = ChannelName::Of("voice");
  urgent.due = placed_at + 61s;
  watched.Take(urgent, 30s);
  const auto ana = AgentName::Of("ana");
  watched.Take(AgentRegistered{ana, {}, 5, {}});
  watched.Take(PresenceChanged{ana, Presence::kAvailable, AwayReason::kNone});
  watched.Commit();
  EXPECT_EQ(watched.story.now(), placed_at + 32s);
  const std::string queue = "desk=\"shop\",queue=\"billing\"} ";
  const auto has = [&watched](const std::string& line) {
    EXPECT_TRUE(watched.Has(line)) << line << "\n" << watched.metrics.Text();
  };
  has("usher_queue_waiting_inquiries{desk=\"shop\",priority=\"7\",queue=\"billing\"} 1");
  has("usher_queue_oldest_age_seconds{desk=\"shop\",priority=\"7\",queue=\"billing\"} 32");
  has("usher_queue_oldest_age_seconds{desk=\"shop\",priority=\"9\",queue=\"billing\"} 2");
  has("usher_queue_slack_seconds{" + queue + "29");
  has("usher_queue_foretold_inquiries{" + queue + "0");
  has("usher_agents{desk=\"shop\",state=\"available\"} 1");
  has("usher_agents{desk=\"shop\",state=\"away\"} 0");
  has("usher_capacity_units{desk=\"shop\"} 5");
  has("usher_capacity_used_units{desk=\"shop\"} 0");

  watched.Take(
      OfferMade{OfferId{1}, urgent.inquiry, ana, urgent.queue, kNever, OfferReason::kArrival});
  watched.Take(OfferAccepted{OfferId{1}, urgent.inquiry, ana, true});
  watched.Commit();
  has("usher_capacity_used_units{desk=\"shop\"} 3");  // a call takes three
  has("usher_queue_assigned_inquiries{" + queue + "1");
  has("usher_queue_oldest_age_seconds{desk=\"shop\",priority=\"9\",queue=\"billing\"} 0");
  EXPECT_EQ(watched.metrics.Text().find("usher_queue_slack_seconds{"), std::string::npos);
  watched.Take(InquiryPaused{urgent.inquiry, ana, kNever});
  watched.Commit();
  has("usher_capacity_used_units{desk=\"shop\"} 0");

  watched.observer->Withdraw(0);
  EXPECT_EQ(watched.metrics.Text().find("shop"), std::string::npos);
}

}  // namespace
}  // namespace usher::insights
