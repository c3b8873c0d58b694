#include "intake/due_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "intake/rebuild.h"
#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");

std::string Policy(const std::string& acting) {
  return "version: v1\nchannels: {email: {units: 1}}\nqueues: [{name: q}]\notherwise: {queue: q}\n"
         "acting:\n" +
         acting;
}
const std::string kLate = "  late_promise: {after: 2h, channel: email, text: promise_passed}\n";
const std::string kIncident =
    "  carrier_incident: {orders: 3, window: 1h, channel: email, text: carrier_late}\n";

class SilentPromises : public testing::Test, public IntakeWorld {
 protected:
  void Run(const std::string& acting = kLate + kIncident) {
    SendPolicy(5, "", Policy(acting));
    Start();
    Step(5);
  }

  v1::OrderEvent Event(const std::string& order, v1::OrderStatus status) {
    v1::OrderEvent event = Order("e" + std::to_string(events_++), 0, status);
    event.set_order_id(order);
    *event.mutable_happened_at() = wire::ToTimestamp(now);
    return event;
  }

  void Promise(const std::string& order, const std::string& carrier, Duration in) {
    v1::OrderEvent event = Event(order, v1::ORDER_STATUS_SHIPPED);
    event.set_carrier(carrier);
    *event.mutable_promised_at() = wire::ToTimestamp(now + in);
    Send(event);
    Step(2);
  }

  // Time goes on, and intakes look.
  void Pass(Duration time) {
    for (const Instant until = now + time; now < until;) {
      now += 6s;
      Step(3);
    }
  }

  std::vector<PlaceInquiry> Incidents() {
    std::vector<PlaceInquiry> all;
    for (const wire::CommandRecord& record : Placements()) {
      const auto& place = std::get<PlaceInquiry>(record.command.body);
      if (place.features.topic.view() == "carrier_late") all.push_back(place);
    }
    return all;
  }

  // Orders whose own inquiry was taken back since it is part of an incident.
  std::set<InquiryId> TakenBack() {
    std::set<InquiryId> all;
    for (const wire::CommandRecord& record : Commands()) {
      const auto* cancel = std::get_if<CancelInquiry>(&record.command.body);
      if (cancel != nullptr && cancel->reason == CancelReason::kDuplicate) {
        all.insert(cancel->inquiry);
      }
    }
    return all;
  }

  static std::set<InquiryId> Own(const std::vector<std::string>& orders) {
    std::set<InquiryId> all;
    for (const std::string& order : orders) {
      all.insert(LateInquiryOf(wire::OrderIdOf(kShop, order)));
    }
    return all;
  }

  int KeysOf(const std::string& kind) {
    int count = 0;
    for (const auto& [key, value] : stores.content().values) {
      count += key.rfind("usher/intake/" + kind + "/", 0) == 0 ? 1 : 0;
    }
    return count;
  }

  int events_ = 0;
};

TEST_F(SilentPromises, OfOneCarrierAreOneIncidentBeforeTheirInquiriesBegin) {
  Run();
  for (const char* order : {"o1", "o2", "o3", "o4", "o5"}) Promise(order, "acme", 10min);
  for (const char* order : {"x1", "x2"}) Promise(order, "swift", 10min);
  Pass(9min);
  EXPECT_TRUE(Incidents().empty());
  Pass(2min);  // their own inquiries would begin in two hours
  ASSERT_EQ(Incidents().size(), 1u);
  EXPECT_TRUE(Incidents()[0].customer.none());
  EXPECT_TRUE(Incidents()[0].features.order.none());
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3", "o4", "o5"}));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="carrier_incident"} 1)"));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="taken_back"} 5)"));

  // One more joins it; what was found once is not said again.
  Promise("o6", "acme", 5min);
  Pass(20min);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3", "o4", "o5", "o6"}));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="taken_back"} 6)"));
}

TEST_F(SilentPromises, CountBesideOrdersThatEventsTellLate) {
  Run();
  for (const char* order : {"o1", "o2"}) Promise(order, "acme", 10min);
  Pass(11min);
  EXPECT_TRUE(Incidents().empty());
  v1::OrderEvent late = Event("o3", v1::ORDER_STATUS_LATE);
  late.set_carrier("acme");
  Send(late);
  Step(3);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3"}));
}

TEST_F(SilentPromises, OfOrdersThatCameOrAreToComeLaterAreNone) {
  Run();
  for (const char* order : {"o1", "o2", "o3", "o4"}) Promise(order, "acme", 10min);
  Pass(1min);
  Send(Event("o1", v1::ORDER_STATUS_DELIVERED));
  Promise("o2", "acme", 3h);
  Step(3);
  Pass(20min);
  EXPECT_TRUE(Incidents().empty());
  EXPECT_TRUE(TakenBack().empty());
}

TEST_F(SilentPromises, OpenAnIncidentWithoutInquiriesOfTheirOwn) {
  Run(kIncident);
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  Pass(11min);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_TRUE(TakenBack().empty());
}

TEST_F(SilentPromises, AreTakenBackWhenTheInquiryBeginsAtOnce) {
  Run("  late_promise: {after: 0s, channel: email, text: promise_passed}\n" + kIncident);
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  Pass(11min);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3"}));
}

TEST_F(SilentPromises, AreNotKeptWithoutTheRule) {
  Run(kLate);
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  EXPECT_EQ(KeysOf("due"), 0);
  Pass(11min);
  EXPECT_EQ(KeysOf("looked"), 0);
  EXPECT_TRUE(TakenBack().empty());
}

TEST_F(SilentPromises, AreSeenAfterAStoreThatLostItsContentWasFilledAgain) {
  Run();
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  const int kept = KeysOf("due");
  stores.FlushAll();
  const auto done = RebuildContext(
      log, stores, {1h, {}, now}, [](const RebuildProgress&) {}, [] {});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(KeysOf("due"), kept);
  Pass(11min);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3"}));
}

TEST_F(SilentPromises, AreSeenOfOrdersThatWereToldBeforeThePolicyHadTheRule) {
  Run(kLate);
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  SendPolicy(6, "", Policy(kLate + kIncident));
  Step(3);
  const auto done = RebuildContext(
      log, stores, {1h, {}, now}, [](const RebuildProgress&) {}, [] {});
  ASSERT_TRUE(done.ok()) << done.status();
  Pass(11min);
  EXPECT_EQ(Incidents().size(), 1u);
}

TEST_F(SilentPromises, AreSeenByTheNextProcessAndAskForNothingNew) {
  Run();
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  Pass(10min);
  Pass(6s);
  ASSERT_EQ(Incidents().size(), 1u);
  std::set<RequestId> requests;
  for (const wire::CommandRecord& record : Commands()) requests.insert(record.command.request);
  Crash();
  Start();
  Pass(30s);  // it waits whether another looks, and looks from a minute before
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="carrier_incident"} 2)"));
  for (const wire::CommandRecord& record : Commands()) {
    EXPECT_EQ(requests.count(record.command.request), 1u);
  }
  // What passes while none runs is seen by the next one.
  Promise("o4", "acme", 10min);
  Crash();
  now += 20min;
  Start();
  Pass(20s);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3", "o4"}));
}

TEST_F(SilentPromises, AreNotJudgedWhileOrderEventsWaitUnread) {
  Run();
  Crash();
  for (const char* order : {"o1", "o2", "o3"}) {
    v1::OrderEvent event = Event(order, v1::ORDER_STATUS_SHIPPED);
    event.set_carrier("acme");
    *event.mutable_promised_at() = wire::ToTimestamp(now + 10min);
    Send(event);
  }
  for (int i = 0; i < 600; ++i) {  // more than two polls
    Send(Event("f" + std::to_string(i), v1::ORDER_STATUS_PAID));
  }
  for (const char* order : {"o1", "o2", "o3"}) Send(Event(order, v1::ORDER_STATUS_DELIVERED));
  now += 20min;
  Start();
  Pass(2min);
  EXPECT_TRUE(Incidents().empty());
  EXPECT_GT(KeysOf("looked"), 0);  // by now it looks
}

TEST_F(SilentPromises, AreOneIncidentWithAStoreThatFails) {
  Run();
  std::vector<std::string> orders;
  for (int i = 0; i < 20; ++i) orders.push_back("o" + std::to_string(i));
  for (const std::string& order : orders) Promise(order, "acme", 10min);
  stores.faults.refused_permille = 300;
  stores.faults.fate_unknown_permille = 300;
  Pass(13min);
  stores.faults = {};
  Pass(1min);
  std::set<InquiryId> incidents;
  for (const PlaceInquiry& place : Incidents()) incidents.insert(place.inquiry);
  EXPECT_EQ(incidents.size(), 1u);
  EXPECT_EQ(TakenBack(), Own(orders));
}

TEST_F(SilentPromises, WaitForALogThatTakesNothing) {
  Run();
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  log.faults.buffer_full_permille = 1'000;
  Pass(12min);
  EXPECT_TRUE(Incidents().empty());
  log.faults = {};
  Pass(12s);
  EXPECT_EQ(Incidents().size(), 1u);
  EXPECT_EQ(TakenBack(), Own({"o1", "o2", "o3"}));
}

TEST_F(SilentPromises, AreSeenAfterAClockThatWasOff) {
  Run();
  Pass(1min);
  now += 24h * 365;
  Step(5);
  now -= 24h * 365;
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  Pass(11min);
  EXPECT_EQ(Incidents().size(), 1u);
}

TEST_F(SilentPromises, LetADrainEnd) {
  Run();
  for (const char* order : {"o1", "o2", "o3"}) Promise(order, "acme", 10min);
  Pass(11min);
  auto drained = std::async(std::launch::async, [this] { return intake->Drain(30s); });
  EXPECT_TRUE(Await(std::move(drained)).ok());
}

}  // namespace
}  // namespace usher::intake
