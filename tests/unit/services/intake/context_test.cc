#include "intake/context.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "intake/due_orders.h"
#include "intake/open_orders.h"
#include "kit/dice.h"
#include "kit/forwarding_store.h"
#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");

v1::OrderEvent OrderOf(const std::string& order, const std::string& customer, std::int64_t at_s,
                       v1::OrderStatus status = v1::ORDER_STATUS_PLACED) {
  v1::OrderEvent event = Order("event-" + order + "-" + std::to_string(at_s), at_s, status);
  event.set_order_id(order);
  event.set_customer_id(customer);
  return event;
}

OrderFacts FactsOf(const v1::OrderEvent& event) { return std::get<OrderFacts>(CheckOrder(event)); }
MessageFacts FactsOf(const v1::MessageEvent& event) {
  return std::get<MessageFacts>(CheckMessage(event));
}

// Does something once after a read, before its answer is used: another process in between.
class RacingStore : public kit::ForwardingStore {
 public:
  RacingStore(std::unique_ptr<Store> inner, std::function<void()> between)
      : ForwardingStore(std::move(inner)), between_(std::move(between)) {}

  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    auto values = ForwardingStore::GetMany(keys);
    if (between_) std::exchange(between_, nullptr)();
    return values;
  }

 private:
  std::function<void()> between_;
};

// Counts the round trips.
class CountingStore : public kit::ForwardingStore {
 public:
  CountingStore(std::unique_ptr<Store> inner, int& reads)
      : ForwardingStore(std::move(inner)), reads_(reads) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    ++reads_;
    return ForwardingStore::Get(key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    ++reads_;
    return ForwardingStore::GetMany(keys);
  }

 private:
  int& reads_;
};

class CountingStores : public store::Stores {
 public:
  explicit CountingStores(store::Stores& inner) : inner_(inner) {}
  absl::StatusOr<std::unique_ptr<store::Store>> Open() override {
    return std::make_unique<CountingStore>(inner_.Open().value(), reads);
  }
  int reads = 0;

 private:
  store::Stores& inner_;
};

class Contexts : public testing::Test {
 protected:
  void Take(const v1::OrderEvent& event) {
    const auto taken = context_.Take(FactsOf(event));
    ASSERT_TRUE(taken.ok()) << taken.status();
  }

  Known LookAt(const std::string& text, const std::string& customer = "c1") {
    auto known = context_.Look({FactsOf(Message("m", text, customer))});
    EXPECT_TRUE(known.ok()) << known.status();
    return known.ok() ? known->front() : Known();
  }

  // Of minutes for which orders are promised, those that hold one.
  std::map<std::string, std::string> Bytes() {
    std::map<std::string, std::string> all;
    for (const auto& [key, value] : stores_.content().values) {
      if (value.bytes != Encode(DueOrders())) all[key] = value.bytes;
    }
    return all;
  }

  Instant now_ = FromMicros(1);
  KeepDue due_{true, now_};
  store::SimStores stores_{3, [this] { return now_; }};
  Context context_{stores_.Open().value(), 60s};
};

// Some customers' orders, each with a life of its own, now and then handed to another customer.
std::vector<OrderFacts> RandomEvents(kit::Dice& dice) {
  constexpr const char* kCustomers[] = {"c1", "c2", "c3"};
  constexpr const char* kTiers[] = {"", "", "gold", "vip"};
  std::vector<OrderFacts> events;
  for (int i = 0; i < 24; ++i) {
    const std::string order = "o" + std::to_string(dice.Below(6));
    v1::OrderEvent event = OrderOf(order, dice.Pick(kCustomers), 0);
    event.set_event_id("e" + std::to_string(i));
    event.set_status(static_cast<v1::OrderStatus>(1 + dice.Below(9)));
    event.mutable_happened_at()->set_seconds(static_cast<std::int64_t>(dice.Below(8)));
    if (dice.Chance(30)) event.set_value_cents(static_cast<std::int64_t>(1 + dice.Below(9)));
    if (dice.Chance(30)) event.set_items_count(static_cast<std::uint32_t>(1 + dice.Below(9)));
    if (dice.Chance(30)) {
      event.mutable_promised_at()->set_seconds(static_cast<std::int64_t>(dice.Below(199)));
    }
    if (dice.Chance(30)) event.set_carrier("carrier" + std::to_string(dice.Below(3)));
    event.set_tier(dice.Pick(kTiers));
    events.push_back(FactsOf(event));
  }
  return events;
}

class ContextOrders : public Contexts, public testing::WithParamInterface<std::uint64_t> {};

TEST_P(ContextOrders, EndInTheSameBytesInWhateverOrderAndHoweverOftenTheyCome) {
  kit::Dice dice(GetParam());
  const std::vector<OrderFacts> events = RandomEvents(dice);
  for (const OrderFacts& facts : events) ASSERT_TRUE(context_.Take(facts, due_).ok());
  const auto expected = Bytes();
  for (int round = 0; round < 8; ++round) {
    stores_.FlushAll();
    std::vector<OrderFacts> shuffled = events;
    for (std::size_t i = 0; i < events.size() / 3; ++i) {
      shuffled.push_back(events[dice.Below(events.size())]);
    }
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[dice.Below(i)]);
    }
    // Half of the rounds with a store that fails, also after it has written.
    stores_.faults.fate_unknown_permille = round % 2 == 0 ? 0 : 100;
    stores_.faults.refused_permille = round % 2 == 0 ? 0 : 100;
    for (const OrderFacts& facts : shuffled) {
      int tries = 0;
      while (!context_.Take(facts, due_).ok()) ASSERT_LT(++tries, 10'000);
    }
    stores_.faults = {};
    ASSERT_EQ(Bytes(), expected) << "seed " << GetParam() << ", round " << round;
  }
}

TEST_P(ContextOrders, EndTheSameWhenTwoProcessesTakeThemAtOnce) {
  kit::Dice dice(GetParam());
  const std::vector<OrderFacts> events = RandomEvents(dice);
  for (const OrderFacts& facts : events) ASSERT_TRUE(context_.Take(facts, due_).ok());
  const auto expected = Bytes();
  stores_.FlushAll();
  for (std::size_t i = 0; i + 1 < events.size(); i += 2) {
    auto racing = std::make_unique<RacingStore>(
        stores_.Open().value(), [&] { ASSERT_TRUE(context_.Take(events[i + 1], due_).ok()); });
    Context other(std::move(racing), 60s);
    ASSERT_TRUE(other.Take(events[i], due_).ok());
  }
  EXPECT_EQ(Bytes(), expected) << "seed " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Seeds, ContextOrders, testing::Range<std::uint64_t>(1, 41));

TEST_F(Contexts, LinkAMessageToTheOnlyOrderThatItsCustomerWaitsFor) {
  v1::OrderEvent first = OrderOf("o1", "c1", 100);
  first.set_value_cents(700);
  Take(first);
  Take(OrderOf("o2", "c2", 100));
  Known known = LookAt("where is it?");
  EXPECT_EQ(known.order, wire::OrderIdOf(kShop, "o1"));
  EXPECT_EQ(known.order_value_cents, 700);
  EXPECT_EQ(known.order_status.view(), "placed");
  Take(OrderOf("o3", "c1", 200, v1::ORDER_STATUS_SHIPPED));
  EXPECT_TRUE(LookAt("where is it?").order.none());  // which of the two?
  Take(OrderOf("o1", "c1", 300, v1::ORDER_STATUS_DELIVERED));
  known = LookAt("where is it?");
  EXPECT_EQ(known.order, wire::OrderIdOf(kShop, "o3"));
  EXPECT_EQ(known.order_status.view(), "shipped");
  Take(OrderOf("o3", "c2", 400, v1::ORDER_STATUS_LATE));  // it is another customer's after all
  EXPECT_TRUE(LookAt("where is it?").order.none());
  EXPECT_TRUE(LookAt("where is it?", "c2").order.none());  // has two now
}

TEST_F(Contexts, LinkNoOrderOfACustomerWhoEverHadMoreThanAreKept) {
  for (std::size_t i = 0; i <= kOpenOrdersMax; ++i) {
    Take(OrderOf("o" + std::to_string(i), "c1", 100));
  }
  for (std::size_t i = 1; i <= kOpenOrdersMax; ++i) {
    Take(OrderOf("o" + std::to_string(i), "c1", 200, v1::ORDER_STATUS_DELIVERED));
  }
  EXPECT_TRUE(LookAt("where is it?").order.none());
}

TEST_F(Contexts, LinkTheOrderWhoseNumberTheTextTells) {
  v1::OrderEvent own = OrderOf("48213", "c1", 100, v1::ORDER_STATUS_DELIVERED);
  own.set_value_cents(900);
  Take(own);
  Take(OrderOf("48214", "c1", 100));
  v1::OrderEvent others = OrderOf("77120", "c2", 100, v1::ORDER_STATUS_LATE);
  others.set_value_cents(5'000);
  Take(others);

  const Known known = LookAt("My order 48213 is broken");
  EXPECT_EQ(known.order, wire::OrderIdOf(kShop, "48213"));
  EXPECT_EQ(known.order_value_cents, 900);
  EXPECT_EQ(known.order_status.view(), "delivered");

  // Another customer's: nothing but its id.
  const Known foreign = LookAt("Where is order 77120?");
  EXPECT_EQ(foreign.order, wire::OrderIdOf(kShop, "77120"));
  EXPECT_EQ(foreign.order_value_cents, 0);
  EXPECT_TRUE(foreign.order_status.none());
  EXPECT_EQ(LookAt("Orders 77120 and 48213").order, wire::OrderIdOf(kShop, "48213"));

  // One that nobody has: the only one that is open.
  EXPECT_EQ(LookAt("Where is order 99999?").order, wire::OrderIdOf(kShop, "48214"));
}

TEST_F(Contexts, AskTheStoreOnceHoweverManyMessagesTheyLookAt) {
  Take(OrderOf("48213", "c1", 100));
  int reads = 0;
  Context context(std::make_unique<CountingStore>(stores_.Open().value(), reads), 60s);
  std::vector<MessageFacts> messages;
  for (int i = 0; i < 300; ++i) {
    v1::MessageEvent event =
        Message("m" + std::to_string(i), "order 48213, or 48214?", "c" + std::to_string(i % 7));
    if (i % 3 == 0) event.set_order_id("48213");
    messages.push_back(FactsOf(event));
  }
  const auto known = context.Look(messages);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_EQ(reads, 1);
  for (const Known& one : *known) EXPECT_EQ(one.order, wire::OrderIdOf(kShop, "48213"));
}

TEST_F(Contexts, KeepWhatAnOlderVersionWrote) {
  Take(OrderOf("o1", "c1", 100));
  // As written before orders had a number of items: without the last field, under another format.
  for (auto& [key, value] : stores_.content().values) {
    if (key.find("/order/") == std::string::npos) continue;
    value.bytes.resize(value.bytes.size() - 29);
    value.bytes[0] = 1;
  }
  v1::OrderEvent event = OrderOf("o1", "c1", 200, v1::ORDER_STATUS_SHIPPED);
  event.set_items_count(3);
  const auto taken = context_.Take(FactsOf(event));
  ASSERT_TRUE(taken.ok()) << taken.status();
  ASSERT_TRUE(taken->before.has_value());
  EXPECT_EQ(taken->before->status.value, v1::ORDER_STATUS_PLACED);
  EXPECT_EQ(taken->after.items_count.value, 3u);
}

class IntakeLookups : public testing::Test, public IntakeWorld {};

TEST_F(IntakeLookups, AreOneRoundTripAPoll) {
  CountingStores counting(stores);
  stores_used = &counting;
  for (int i = 0; i < 100; ++i) Send(Message("e" + std::to_string(i)), i % 3);
  Start();
  const int polls = 8;
  Step(polls);
  EXPECT_EQ(Placements().size(), 100u);
  EXPECT_GT(counting.reads, 0);
  EXPECT_LE(counting.reads, polls);
}

TEST_F(IntakeLookups, GiveATierByValueToWhoHasNone) {
  SendPolicy(5, "",
             "version: v1\ntiers: [gold, vip]\ntier_by_value: {gold: 1000, vip: 5000}\n"
             "channels: {chat: {units: 1}}\nqueues: [{name: q}]\notherwise: {queue: q}\n");
  v1::OrderEvent named = Order("a", 100);
  named.set_customer_id("named");
  named.set_order_id("named");
  named.set_tier("gold");
  Send(named);
  Start();
  Step(5);
  const auto tier_of = [this](const std::string& id, const std::string& customer,
                              std::int64_t value) {
    v1::MessageEvent event = Message(id, "uk: hello", customer);
    event.set_value_cents(value);
    Send(event);
    Step(5);
    return std::get<PlaceInquiry>(Placements().back().command.body).features.tier.ToString();
  };
  EXPECT_EQ(tier_of("e1", "c1", 999), "");
  EXPECT_EQ(tier_of("e2", "c1", 1'000), "gold");
  EXPECT_EQ(tier_of("e3", "c1", 9'000), "vip");
  EXPECT_EQ(tier_of("e4", "named", 9'000), "gold");
}

}  // namespace
}  // namespace usher::intake
