#include "intake/due_orders.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "intake/context.h"
#include "store/sim/sim_store.h"
#include "unit/services/intake/intake_events.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");
const Instant kNoon = FromMicros(1'773'136'800'000'000);

OrderFacts Shipped(const std::string& order, Instant promised_at, Instant at = kNoon) {
  OrderFacts facts;
  facts.desk = kShop;
  facts.order = OrderId::Of(order);
  facts.customer = CustomerId::Of("c");
  facts.event = MessageId::Of(order + std::to_string(ToMicros(at)));
  facts.status = v1::ORDER_STATUS_SHIPPED;
  facts.happened_at = at;
  facts.promised_at = promised_at;
  facts.carrier = "acme";
  return facts;
}

OrderRecord RecordOf(const OrderFacts& facts) {
  OrderRecord record;
  record.Take(facts);
  return record;
}

TEST(DueOrdersOfAMinute, AreThoseThatACarrierHasAndThatArePromisedForIt) {
  OrderFacts facts = Shipped("o", kNoon + 90s);
  const DuePlace here = DuePlace::Of(facts.order, kNoon + 60s);
  EXPECT_EQ(DuePlace::Of(facts.order, kNoon + 119s), here);
  EXPECT_NE(DuePlace::Of(facts.order, kNoon + 120s), here);
  EXPECT_EQ(here.end(), kNoon + 120s);

  DueOrders due;
  due.Set(here, facts.order, RecordOf(facts));
  ASSERT_EQ(due.orders.size(), 1u);
  EXPECT_EQ(due.orders[0], (DueOrder{kNoon + 90s, facts.order}));
  due.Set(here, facts.order, RecordOf(Shipped("o", kNoon + 100s)));
  ASSERT_EQ(due.orders.size(), 1u);
  EXPECT_EQ(due.orders[0].promised_at, kNoon + 100s);

  for (int leaves = 0; leaves < 4; ++leaves) {
    OrderFacts other = facts;
    if (leaves == 0) other.status = v1::ORDER_STATUS_DELIVERED;
    if (leaves == 1) other.promised_at = kNoon + 120s;
    if (leaves == 2) other.promised_at = kNever;
    if (leaves == 3) other.carrier.clear();
    due.Set(here, facts.order, RecordOf(facts));
    due.Set(here, facts.order, RecordOf(other));
    EXPECT_TRUE(due.orders.empty()) << leaves;
  }
}

TEST(DueOrdersOfAMinute, TakeNoMoreThanTheyHoldButGoOnLettingGo) {
  DueOrders due;
  std::vector<OrderId> orders;
  for (std::uint64_t i = 0; i <= kDueOrdersMax; ++i) {  // all of one share
    orders.push_back(OrderId::FromNumber((i + 1) * kDueShares));
    due.Set(DuePlace::Of(orders.back(), kNoon), orders.back(), RecordOf(Shipped("o", kNoon)));
  }
  EXPECT_EQ(due.orders.size(), kDueOrdersMax);
  due.Set(DuePlace::Of(orders[0], kNoon), orders[0], OrderRecord());
  EXPECT_EQ(due.orders.size(), kDueOrdersMax - 1);
}

TEST(DueOrdersOfAMinute, SurviveTheirEncodingAndNothingElseDoes) {
  const DueOrders due{{{kNoon, OrderId::FromNumber(1)}, {kNoon + 1s, OrderId::FromNumber(2)}}};
  const std::string bytes = Encode(due);
  EXPECT_EQ(DecodeDueOrders(bytes), due);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_EQ(DecodeDueOrders(bytes.substr(0, cut)), std::nullopt);
  }
  EXPECT_EQ(DecodeDueOrders(bytes + "x"), std::nullopt);
  EXPECT_EQ(DecodeDueOrders(Encode(DueOrders{{due.orders[1], due.orders[0]}})), std::nullopt);
}

class DueOrdersInTheStore : public testing::Test {
 protected:
  std::vector<DueOrder> Within(Instant after, Instant until) {
    const auto due = context_.DueWithin(kShop, after, until);
    EXPECT_TRUE(due.ok()) << due.status();
    return due.value_or(std::vector<DueOrder>());
  }

  Instant now_ = kNoon;
  store::SimStores stores_{1, [this] { return now_; }};
  Context context_{stores_.Open().value(), std::chrono::hours(24 * 180)};
};

TEST_F(DueOrdersInTheStore, AreFoundFromJustAfterOneInstantToAnother) {
  std::vector<DueOrder> all;
  for (int i = 0; i < 100; ++i) {
    const OrderFacts facts = Shipped("o" + std::to_string(i), kNoon + i * 37s);
    ASSERT_TRUE(context_.Take(facts, {true, now_}).ok());
    all.push_back({facts.promised_at, facts.order});
  }
  EXPECT_EQ(Within(kNoon - 1s, kNoon + 2h), all);
  EXPECT_EQ(Within(kNoon, kNoon + 370s), std::vector<DueOrder>(&all[1], &all[11]));
  EXPECT_TRUE(Within(kNoon + 3h, kNoon + 4h).empty());
}

TEST_F(DueOrdersInTheStore, AreOverdueWhileTheirOrderIsOpenAndPromisedForThen) {
  for (const char* order : {"came", "moved", "waits"}) {
    ASSERT_TRUE(context_.Take(Shipped(order, kNoon + 60s), {true, now_}).ok());
  }
  const std::vector<DueOrder> due = Within(kNoon, kNoon + 60s);
  ASSERT_EQ(due.size(), 3u);
  // As one whose rule was gone for a while leaves them.
  OrderFacts came = Shipped("came", kNever, kNoon + 1s);
  came.status = v1::ORDER_STATUS_DELIVERED;
  ASSERT_TRUE(context_.Take(came).ok());
  ASSERT_TRUE(context_.Take(Shipped("moved", kNoon + 1h, kNoon + 1s)).ok());
  ASSERT_EQ(Within(kNoon, kNoon + 60s), due);
  const auto overdue = context_.OverdueOf(kShop, due);
  ASSERT_TRUE(overdue.ok());
  ASSERT_EQ(overdue->size(), 1u);
  EXPECT_EQ(overdue->front().due.order, OrderId::Of("waits"));
  EXPECT_EQ(overdue->front().carrier, "acme");
}

TEST_F(DueOrdersInTheStore, AreForgottenSomeDaysAfterTheirPromise) {
  ASSERT_TRUE(context_.Take(Shipped("o", kNoon + 60s), {true, now_}).ok());
  now_ += kDueFor;
  EXPECT_EQ(Within(kNoon, kNoon + 1h).size(), 1u);
  now_ += 2min;
  EXPECT_TRUE(Within(kNoon, kNoon + 1h).empty());
  // Nor are they kept if it passed before that.
  ASSERT_TRUE(context_.Take(Shipped("late", kNoon, now_), {true, now_}).ok());
  EXPECT_TRUE(Within(kNoon - 1h, kNoon + 1h).empty());
}

}  // namespace
}  // namespace usher::intake
