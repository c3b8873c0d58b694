#include "intake/acting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");

constexpr const char* kPolicy = R"(version: v1
channels: {chat: {units: 1}, email: {units: 1}, voice: {units: 1}}
calendars:
  calls: {time_zone: Europe/Kyiv, open: {mon-sun: 09:00-20:00}}
queues: [{name: q}, {name: calls}]
otherwise: {queue: q}
acting:
  late_promise: {after: 2h, channel: email, text: promise_passed, priority: 7}
  confirming_call:
    {from: 2h, to: 4h, hours: calls, value: {min: 1000}, channel: voice, text: confirm, queue: calls}
  carrier_incident: {orders: 3, window: 1h, channel: email, text: carrier_late, priority: 9}
)";

// 2026-03-10, a Tuesday; Kyiv is two hours ahead.
Instant Kyiv(int day, int hour, int minute = 0) {
  constexpr std::int64_t kMidnight = 1'773'100'800 - 2 * 3'600;
  return FromMicros((kMidnight + ((day - 10) * 24 + hour) * 3'600 + minute * 60) * 1'000'000LL);
}

ConfirmingCall CallRule() {
  ConfirmingCall rule;
  rule.from = 2h;
  rule.to = 4h;
  rule.hours.name = CalendarName::Of("calls");
  for (int day = 9; day < 14; ++day) rule.hours.open.push_back({Kyiv(day, 9), Kyiv(day, 20)});
  return rule;
}

TEST(ConfirmingCalls, AreMadeWithinTheirWindowAndByDay) {
  const ConfirmingCall rule = CallRule();
  std::set<Instant> times;
  for (int i = 0; i < 200; ++i) {
    const OrderId order = OrderId::Of(std::to_string(i));
    for (int minute = 0; minute < 24 * 60; minute += 7) {
      const Instant placed = Kyiv(10, 0, minute);
      const Instant at = CallAt(rule, order, placed, placed);
      EXPECT_EQ(CallAt(rule, order, placed, placed), at);  // always the same
      EXPECT_GE(at, placed + 2h);
      const auto open =
          std::find_if(rule.hours.open.begin(), rule.hours.open.end(),
                       [at](const OpenSpan& span) { return span.from <= at && at < span.to; });
      ASSERT_NE(open, rule.hours.open.end());
      // Later than the window only if nothing of it is open.
      if (at > placed + 4h) {
        EXPECT_GT(open->from, placed + 4h);
      }
      if (minute == 10 * 60 + 2) times.insert(at);
    }
  }
  EXPECT_GT(times.size(), 50u);  // many orders of one minute are not called at one moment
}

TEST(ConfirmingCalls, GoToTheNextWindowWhenTheirsIsClosed) {
  ConfirmingCall rule = CallRule();
  const OrderId order = OrderId::Of("o");
  const Instant evening = CallAt(rule, order, Kyiv(10, 19), Kyiv(10, 19));
  EXPECT_GE(evening, Kyiv(11, 9));
  EXPECT_LE(evening, Kyiv(11, 11));
  // Usher was away over the window.
  EXPECT_GE(CallAt(rule, order, Kyiv(10, 12), Kyiv(10, 21)), Kyiv(11, 9));
  EXPECT_EQ(CallAt(rule, order, Kyiv(10, 12), Kyiv(11, 17)), kNever);  // a day late: no more
  EXPECT_EQ(CallAt(rule, order, Kyiv(13, 18), Kyiv(13, 18)), kNever);  // it never opens again
  rule.hours = Calendar();
  const Instant night = CallAt(rule, order, Kyiv(10, 22), Kyiv(10, 22));
  EXPECT_GE(night, Kyiv(11, 0));
  EXPECT_LE(night, Kyiv(11, 2));
}

class IntakeActs : public testing::Test, public IntakeWorld {
 protected:
  void SetUp() override {
    now = Kyiv(10, 10);
    SendPolicy(5, "", kPolicy);
    Start();
    Step(5);
  }

  v1::OrderEvent Event(const std::string& id, const std::string& order, v1::OrderStatus status,
                       Instant at) {
    v1::OrderEvent event = Order(id, 0, status);
    event.set_order_id(order);
    Set(at, event.mutable_happened_at());
    return event;
  }

  static void Set(Instant at, google::protobuf::Timestamp* to) {
    to->set_seconds(ToMicros(at) / 1'000'000);
  }

  // What the events made, but for the word on the order itself.
  std::vector<Command> Acts(const std::vector<v1::OrderEvent>& events) {
    const std::size_t before = Commands().size();
    for (const v1::OrderEvent& event : events) {
      Send(event);
      Step(4);
    }
    std::vector<Command> acts;
    const auto all = Commands();
    // Commands() goes by partition; one desk has one.
    for (std::size_t i = before; i < all.size(); ++i) {
      if (!std::holds_alternative<UpdateOrder>(all[i].command.body)) {
        acts.push_back(all[i].command);
      }
    }
    return acts;
  }

  v1::OrderEvent Promised(const std::string& id, const std::string& order, Instant promised,
                          Instant at) {
    v1::OrderEvent event = Event(id, order, v1::ORDER_STATUS_PAID, at);
    Set(promised, event.mutable_promised_at());
    return event;
  }

  OrderId IdOf(const std::string& order) { return wire::OrderIdOf(kShop, order); }
};

TEST_F(IntakeActs, AskAboutABrokenPromiseAndTakeItBackWhenTheOrderComes) {
  v1::MessageEvent message = Message("m", "uk: when?");
  Send(message);
  Step(4);
  v1::OrderEvent event = Promised("e1", "o1", Kyiv(12, 18), now);
  event.set_tier("gold");
  event.set_value_cents(500);
  auto acts = Acts({event});
  ASSERT_EQ(acts.size(), 1u);
  const auto place = std::get<PlaceInquiry>(acts[0].body);
  EXPECT_EQ(place.inquiry, LateInquiryOf(IdOf("o1")));
  EXPECT_EQ(place.starts_at, Kyiv(12, 20));
  EXPECT_EQ(place.customer, wire::CustomerIdOf(kShop, "c1"));
  EXPECT_EQ(place.features.channel.view(), "email");
  EXPECT_EQ(place.features.topic.view(), "promise_passed");
  EXPECT_EQ(place.features.language.view(), "uk");
  EXPECT_EQ(place.features.tier.view(), "gold");
  EXPECT_EQ(place.features.order, IdOf("o1"));
  EXPECT_EQ(place.features.value, 500);
  EXPECT_EQ(place.priority, 7);

  acts = Acts({Event("e2", "o1", v1::ORDER_STATUS_DELIVERED, now)});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(std::get<CancelInquiry>(acts[0].body).inquiry, place.inquiry);
  EXPECT_TRUE(Acts({Event("e3", "o1", v1::ORDER_STATUS_RETURNED, now + 1h)}).empty());
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="late_promise"} 1)"));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="taken_back"} 1)"));
}

TEST_F(IntakeActs, TakeItBackEvenIfTheStoreForgotTheOrder) {
  const auto placed = Acts({Promised("e1", "o1", Kyiv(12, 18), now)});
  ASSERT_EQ(placed.size(), 1u);
  stores.FlushAll();
  const auto acts = Acts({Event("e2", "o1", v1::ORDER_STATUS_DELIVERED, now)});
  const auto back = std::find_if(acts.begin(), acts.end(), [](const Command& command) {
    const auto* cancel = std::get_if<CancelInquiry>(&command.body);
    return cancel != nullptr && cancel->inquiry == LateInquiryOf(wire::OrderIdOf(kShop, "o1"));
  });
  EXPECT_NE(back, acts.end());
}

TEST_F(IntakeActs, SayAPromiseOnceHoweverOftenItIsSaid) {
  EXPECT_EQ(Acts({Promised("e1", "o1", Kyiv(12, 18), now)}).size(), 1u);
  // A shop that sends the whole order each time.
  v1::OrderEvent shipped = Promised("e2", "o1", Kyiv(12, 18), now + 1h);
  shipped.set_status(v1::ORDER_STATUS_SHIPPED);
  EXPECT_TRUE(Acts({shipped}).empty());
  // The same event once more asks for the same: by the same request, so the engine drops it.
  const auto first = Commands();
  const auto again = Acts({shipped});
  for (const Command& command : again) {
    if (!std::holds_alternative<PlaceInquiry>(command.body)) continue;
    EXPECT_TRUE(std::any_of(first.begin(), first.end(), [&](const wire::CommandRecord& record) {
      return record.command.request == command.request;
    }));
  }
}

TEST_F(IntakeActs, MoveTheInquiryWithThePromise) {
  Acts({Promised("e1", "o1", Kyiv(12, 18), now)});
  auto acts = Acts({Promised("e2", "o1", Kyiv(13, 18), now + 1h)});
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_EQ(std::get<ScheduleInquiry>(acts[0].body).inquiry, LateInquiryOf(IdOf("o1")));
  EXPECT_EQ(std::get<ScheduleInquiry>(acts[0].body).at, Kyiv(13, 20));
  // In case that the first promise got no further than the store.
  EXPECT_EQ(std::get<PlaceInquiry>(acts[1].body).starts_at, Kyiv(13, 20));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="late_promise"} 1)"));
  EXPECT_TRUE(Shows(R"(usher_intake_acts_total{kind="moved"} 1)"));

  // Once the first promise was broken and spoken about, the second is another matter.
  now = Kyiv(14, 10);
  acts = Acts({Promised("e3", "o1", Kyiv(16, 18), now)});
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<ScheduleInquiry>(acts[0].body));
  EXPECT_EQ(std::get<PlaceInquiry>(acts[1].body).starts_at, Kyiv(16, 20));
}

// A process that dies between the store and the log leaves an event that comes again, and meanwhile
// another process has gone on from what the store says.
TEST_F(IntakeActs, SayAPromiseThatAnotherEventSaidAgainMeanwhile) {
  const auto placed = Acts({Promised("e1", "o1", Kyiv(12, 18), now)});
  ASSERT_EQ(placed.size(), 1u);
  v1::OrderEvent shipped = Promised("e2", "o1", Kyiv(12, 18), now + 1h);
  shipped.set_status(v1::ORDER_STATUS_SHIPPED);
  EXPECT_TRUE(Acts({shipped}).empty());
  const auto again = Acts({Promised("e1", "o1", Kyiv(12, 18), now)});
  EXPECT_TRUE(std::any_of(again.begin(), again.end(), [&](const Command& command) {
    return std::holds_alternative<PlaceInquiry>(command.body) &&
           command.request == placed[0].request;
  }));
}

TEST_F(IntakeActs, TakeBackWhatAnEventAskedForThatComesAgainAfterTheOrderClosed) {
  v1::OrderEvent event = Promised("e1", "o1", Kyiv(12, 18), now);
  event.set_status(v1::ORDER_STATUS_PLACED);
  event.set_value_cents(5'000);
  EXPECT_EQ(Acts({event}).size(), 2u);
  EXPECT_EQ(Acts({Event("e2", "o1", v1::ORDER_STATUS_CANCELLED, now + 1min)}).size(), 2u);
  std::set<InquiryId> taken_back;
  for (const Command& command : Acts({event})) {
    ASSERT_TRUE(std::holds_alternative<CancelInquiry>(command.body));
    taken_back.insert(std::get<CancelInquiry>(command.body).inquiry);
  }
  EXPECT_EQ(taken_back,
            (std::set<InquiryId>{LateInquiryOf(IdOf("o1")), CallInquiryOf(IdOf("o1"))}));
}

TEST_F(IntakeActs, LetOldTopicsRest) {
  EXPECT_TRUE(Acts({Promised("e1", "o1", now - 200h, now - 300h)}).empty());
  EXPECT_EQ(Acts({Promised("e2", "o2", now - 100h, now - 110h)}).size(), 1u);
}

TEST_F(IntakeActs, CallAboutAPlacedOrderUnlessItIsCancelled) {
  v1::OrderEvent placed = Event("e1", "o1", v1::ORDER_STATUS_PLACED, now);
  placed.set_value_cents(1'000);
  auto acts = Acts({placed});
  ASSERT_EQ(acts.size(), 1u);
  const auto call = std::get<PlaceInquiry>(acts[0].body);
  EXPECT_EQ(call.inquiry, CallInquiryOf(IdOf("o1")));
  EXPECT_EQ(call.queue.view(), "calls");
  EXPECT_EQ(call.features.channel.view(), "voice");
  EXPECT_GE(call.starts_at, now + 1h + 59min);
  EXPECT_LE(call.starts_at, now + 4h);
  EXPECT_EQ(call.priority, std::nullopt);

  acts = Acts({Event("e2", "o1", v1::ORDER_STATUS_CANCELLED, now + 1h)});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(std::get<CancelInquiry>(acts[0].body).inquiry, call.inquiry);

  v1::OrderEvent small = Event("e3", "o2", v1::ORDER_STATUS_PLACED, now);
  small.set_value_cents(999);
  EXPECT_TRUE(Acts({small}).empty());
}

TEST_F(IntakeActs, DoNothingAboutAnOrderThatIsOverWhenItsPlacingComes) {
  Acts({Event("e2", "o1", v1::ORDER_STATUS_CANCELLED, now + 1h)});
  v1::OrderEvent placed = Promised("e1", "o1", Kyiv(12, 18), now);
  placed.set_status(v1::ORDER_STATUS_PLACED);
  placed.set_value_cents(5'000);
  EXPECT_TRUE(Acts({placed}).empty());
}

TEST_F(IntakeActs, MakeOneIncidentOfManyOrdersLateWithOneCarrier) {
  std::vector<v1::OrderEvent> events;
  for (int i = 0; i < 6; ++i) {
    v1::OrderEvent late = Event("l" + std::to_string(i), "o" + std::to_string(i),
                                v1::ORDER_STATUS_LATE, now + i * 1min);
    late.set_carrier("acme");
    events.push_back(late);
    v1::OrderEvent other = late;  // two with another carrier are no incident
    other.set_event_id("x" + late.event_id());
    other.set_order_id("x" + late.order_id());
    other.set_carrier("swift");
    if (i < 2) events.push_back(other);
  }
  std::vector<PlaceInquiry> placed;
  std::set<InquiryId> taken_back;
  for (const Command& command : Acts(events)) {
    if (const auto* place = std::get_if<PlaceInquiry>(&command.body)) placed.push_back(*place);
    if (const auto* cancel = std::get_if<CancelInquiry>(&command.body)) {
      EXPECT_EQ(cancel->reason, CancelReason::kDuplicate);
      taken_back.insert(cancel->inquiry);
    }
  }
  ASSERT_EQ(placed.size(), 1u);
  EXPECT_EQ(placed[0].features.topic.view(), "carrier_late");
  EXPECT_EQ(placed[0].priority, 9);
  EXPECT_TRUE(placed[0].customer.none());
  std::set<InquiryId> expected;
  for (int i = 0; i < 6; ++i) expected.insert(LateInquiryOf(IdOf("o" + std::to_string(i))));
  EXPECT_EQ(taken_back, expected);

  // Told again it is the same one; two hours later it is another.
  const auto again = Acts({events[4]});
  for (const Command& command : again) {
    if (const auto* place = std::get_if<PlaceInquiry>(&command.body)) {
      EXPECT_EQ(place->inquiry, placed[0].inquiry);
    }
  }
  std::vector<v1::OrderEvent> later;
  for (int i = 0; i < 3; ++i) {
    v1::OrderEvent late =
        Event("m" + std::to_string(i), "p" + std::to_string(i), v1::ORDER_STATUS_LATE, now + 3h);
    late.set_carrier("acme");
    later.push_back(late);
  }
  int incidents = 0;
  for (const Command& command : Acts(later)) {
    const auto* place = std::get_if<PlaceInquiry>(&command.body);
    if (place == nullptr) continue;
    ++incidents;
    EXPECT_NE(place->inquiry, placed[0].inquiry);
  }
  EXPECT_EQ(incidents, 1);
}

TEST(LateOrdersOfACarrier, SurviveTheirEncodingAndNothingElseDoes) {
  LateOrders late;
  CarrierIncident rule;
  rule.orders = 2;
  rule.window = 1h;
  for (const char* order : {"a", "b", "c"}) {
    OrderFacts facts;
    facts.order = OrderId::Of(order);
    facts.event = MessageId::Of(order);
    facts.happened_at = Kyiv(10, 10);
    late.Take(facts, "acme", rule);
  }
  const std::string bytes = Encode(late);
  EXPECT_EQ(DecodeLateOrders(bytes), late);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_EQ(DecodeLateOrders(bytes.substr(0, cut)), std::nullopt);
  }
  EXPECT_EQ(DecodeLateOrders(bytes + "x"), std::nullopt);
}

}  // namespace
}  // namespace usher::intake
