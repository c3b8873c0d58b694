// Two events on one order, taken at one time: what the command log ends with.
#include "intake/settle.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "intake/acting.h"
#include "intake/context.h"
#include "intake/handlers.h"
#include "kit/forwarding_store.h"
#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");

constexpr const char* kPolicy = R"(version: v1
channels: {email: {units: 1}, voice: {units: 1}}
queues: [{name: q}]
otherwise: {queue: q}
acting:
  late_promise: {after: 2h, channel: email, text: promise_passed}
  confirming_call: {from: 2h, to: 4h, channel: voice, text: confirm}
)";

// Does something once an order is seen as it was written: another process, before the writer's
// commands are in the log.
class OvertakenStore : public kit::ForwardingStore {
 public:
  OvertakenStore(std::unique_ptr<Store> inner, std::function<void()>& then)
      : ForwardingStore(std::move(inner)), then_(then) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    auto values = ForwardingStore::GetMany(keys);
    if (written_ && then_) std::exchange(then_, nullptr)();
    written_ = false;
    return values;
  }
  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const store::PutValue& put) override {
    written_ = true;
    return ForwardingStore::PutIf(expected, put);
  }

 private:
  std::function<void()>& then_;
  bool written_ = false;
};

class OvertakenStores : public store::Stores {
 public:
  explicit OvertakenStores(store::Stores& inner) : inner_(inner) {}
  absl::StatusOr<std::unique_ptr<store::Store>> Open() override {
    return std::make_unique<OvertakenStore>(inner_.Open().value(), then);
  }
  std::function<void()> then;

 private:
  store::Stores& inner_;
};

class OrdersAtOneTime : public testing::Test, public IntakeWorld {
 protected:
  void SetUp() override {
    stores_used = &overtaken_;
    SendPolicy(5, "", kPolicy);
    Start(false);
    Step(5);
  }

  v1::OrderEvent Event(const std::string& id, v1::OrderStatus status, Duration after) {
    v1::OrderEvent event = Order(id, 0, status);
    Set(now + after, event.mutable_happened_at());
    return event;
  }

  static void Set(Instant at, google::protobuf::Timestamp* to) {
    to->set_seconds(ToMicros(at) / 1'000'000);
  }

  // Another process takes it, and its commands are in the log.
  void TakeElsewhere(const v1::OrderEvent& event) {
    Context context(stores.Open().value(), 24h);
    ASSERT_TRUE(context.Take(std::get<OrderFacts>(CheckOrder(event))).ok());
  }

  // What the event puts into the log until its caller has the answer.
  std::vector<Command> Take(const v1::OrderEvent& event) {
    const std::size_t before = Commands().size();
    std::optional<absl::StatusOr<bool>> answer;
    EXPECT_TRUE(intake->front_door().Take(event, [&](auto changed) { answer = changed; }).ok());
    for (int i = 0; i < 100 && !answer; ++i) Step();
    EXPECT_TRUE(answer && answer->ok());
    std::vector<Command> commands;
    const auto all = Commands();
    for (std::size_t i = before; i < all.size(); ++i) commands.push_back(all[i].command);
    return commands;
  }

  const OrderId order_ = wire::OrderIdOf(kShop, "o1");
  OvertakenStores overtaken_{stores};
};

TEST_F(OrdersAtOneTime, ACallIsTakenBackIfTheOrderWasCancelledMeanwhile) {
  const v1::OrderEvent cancelled = Event("e2", v1::ORDER_STATUS_CANCELLED, 5s);
  overtaken_.then = [&] { TakeElsewhere(cancelled); };
  const auto commands = Take(Event("e1", v1::ORDER_STATUS_PLACED, 0s));
  ASSERT_EQ(commands.size(), 4u);
  EXPECT_EQ(std::get<UpdateOrder>(commands[0].body).status.view(), "placed");
  EXPECT_EQ(std::get<PlaceInquiry>(commands[1].body).inquiry, CallInquiryOf(order_));
  EXPECT_EQ(std::get<UpdateOrder>(commands[2].body).status.view(), "cancelled");
  EXPECT_EQ(std::get<CancelInquiry>(commands[3].body).inquiry, CallInquiryOf(order_));
}

TEST_F(OrdersAtOneTime, APromiseThatWasMovedMeanwhileIsMovedOnceMore) {
  v1::OrderEvent moved = Event("e2", v1::ORDER_STATUS_SHIPPED, 5s);
  Set(now + 48h, moved.mutable_promised_at());
  overtaken_.then = [&] { TakeElsewhere(moved); };
  v1::OrderEvent paid = Event("e1", v1::ORDER_STATUS_PAID, 0s);
  Set(now + 24h, paid.mutable_promised_at());
  const auto commands = Take(paid);
  ASSERT_FALSE(commands.empty());
  const auto last = std::get<ScheduleInquiry>(commands.back().body);
  EXPECT_EQ(last.inquiry, LateInquiryOf(order_));
  EXPECT_EQ(ToMicros(last.at) / 1'000'000, ToMicros(now + 50h) / 1'000'000);
}

TEST_F(OrdersAtOneTime, WhoeverOvertakesTheSettlingIsSettledToo) {
  const v1::OrderEvent shipped = Event("e2", v1::ORDER_STATUS_SHIPPED, 5s);
  const v1::OrderEvent delivered = Event("e3", v1::ORDER_STATUS_DELIVERED, 9s);
  overtaken_.then = [&] {
    TakeElsewhere(shipped);
    log.faults.land_max = 20ms;  // so that the third comes while commands are on their way
  };
  std::optional<absl::StatusOr<bool>> answer;
  const v1::OrderEvent placed = Event("e1", v1::ORDER_STATUS_PLACED, 0s);
  ASSERT_TRUE(intake->front_door().Take(placed, [&](auto changed) { answer = changed; }).ok());
  const auto told = [&] {
    std::vector<std::string> statuses;
    for (const wire::CommandRecord& record : Commands()) {
      const auto* update = std::get_if<UpdateOrder>(&record.command.body);
      if (update != nullptr) statuses.push_back(update->status.ToString());
    }
    return statuses;
  };
  for (int i = 0; i < 1'000 && told().size() < 2; ++i) Step();
  ASSERT_FALSE(answer);
  TakeElsewhere(delivered);
  for (int i = 0; i < 100 && !answer; ++i) Step();
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(told(), (std::vector<std::string>{"placed", "shipped", "delivered"}));
}

TEST_F(OrdersAtOneTime, NothingIsSaidTwiceIfNobodyCameBetween) {
  EXPECT_EQ(Take(Event("e1", v1::ORDER_STATUS_PLACED, 0s)).size(), 2u);
  EXPECT_EQ(Take(Event("e1", v1::ORDER_STATUS_PLACED, 0s)).size(), 2u);  // known by their requests
  EXPECT_EQ(Take(Event("e2", v1::ORDER_STATUS_SHIPPED, 5s)).size(), 1u);
}

// The caller asks again because the process ended before it looked again.
TEST_F(OrdersAtOneTime, AnEventThatComesAgainAndNoLongerHoldsSaysWhatHolds) {
  Take(Event("e1", v1::ORDER_STATUS_PLACED, 0s));
  TakeElsewhere(Event("e2", v1::ORDER_STATUS_CANCELLED, 5s));
  const auto commands = Take(Event("e1", v1::ORDER_STATUS_PLACED, 0s));
  bool told = false;
  bool back = false;
  for (const Command& command : commands) {
    const auto* update = std::get_if<UpdateOrder>(&command.body);
    told |= update != nullptr && update->status.view() == "cancelled";
    const auto* cancel = std::get_if<CancelInquiry>(&command.body);
    back |= cancel != nullptr && cancel->inquiry == CallInquiryOf(order_);
  }
  EXPECT_TRUE(told);
  EXPECT_TRUE(back);
}

TEST_F(OrdersAtOneTime, AStoreThatIsAwayForTheSecondLookIsToldToTheCaller) {
  overtaken_.then = [&] { stores.faults.down = true; };
  std::optional<absl::StatusOr<bool>> answer;
  const v1::OrderEvent placed = Event("e1", v1::ORDER_STATUS_PLACED, 0s);
  ASSERT_TRUE(intake->front_door().Take(placed, [&](auto changed) { answer = changed; }).ok());
  for (int i = 0; i < 100 && !answer; ++i) Step();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status().code(), absl::StatusCode::kUnavailable);
  stores.faults.down = false;
  EXPECT_FALSE(Take(placed).empty());  // asked again
}

}  // namespace
}  // namespace usher::intake
