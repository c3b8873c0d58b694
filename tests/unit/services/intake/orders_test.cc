#include "intake/orders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "intake/context.h"
#include "unit/services/intake/intake_world.h"

namespace usher::intake {
namespace {

OrderFacts FactsOf(const v1::OrderEvent& event) { return std::get<OrderFacts>(CheckOrder(event)); }

std::vector<OrderFacts> Life() {
  v1::OrderEvent placed = Order("a", 100, v1::ORDER_STATUS_PLACED);
  placed.mutable_promised_at()->set_seconds(900);
  placed.set_value_cents(4'200);
  v1::OrderEvent paid = Order("b", 100, v1::ORDER_STATUS_PAID);  // the same instant
  v1::OrderEvent shipped = Order("c", 300, v1::ORDER_STATUS_SHIPPED);
  shipped.set_carrier("acme");
  v1::OrderEvent late = Order("d", 400, v1::ORDER_STATUS_LATE);
  late.mutable_promised_at()->set_seconds(1'500);
  return {FactsOf(placed), FactsOf(paid), FactsOf(shipped), FactsOf(late)};
}

TEST(Orders, EndTheSameInWhateverOrderTheEventsArrive) {
  const std::vector<OrderFacts> life = Life();
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    OrderRecord record;
    for (const std::size_t i : order) record.Take(life[i]);
    EXPECT_EQ(record.status.value, v1::ORDER_STATUS_LATE);
    EXPECT_EQ(record.promised_at.value, FromMicros(1'500'000'000));
    EXPECT_EQ(record.carrier.value, "acme");
    EXPECT_EQ(record.value_cents.value, 4'200);
    for (const OrderFacts& facts : life) EXPECT_FALSE(record.Take(facts));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Orders, OfOneInstantTheLaterStepOfAnOrdersLifeHolds) {
  const std::vector<OrderFacts> life = Life();
  OrderRecord record;
  EXPECT_TRUE(record.Take(life[1]));
  record.Take(life[0]);
  EXPECT_EQ(record.status.value, v1::ORDER_STATUS_PAID);
}

TEST(Orders, SurviveTheirEncodingAndNothingElseDoes) {
  OrderRecord record;
  for (const OrderFacts& facts : Life()) record.Take(facts);
  const std::string bytes = Encode(record);
  EXPECT_EQ(DecodeOrderRecord(bytes), record);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_EQ(DecodeOrderRecord(bytes.substr(0, cut)), std::nullopt);
  }
  EXPECT_EQ(DecodeOrderRecord(bytes + "x"), std::nullopt);

  const Said<TierName> tier{TierName::Of("vip"), MomentOf(Life()[0])};
  EXPECT_EQ(DecodeTier(Encode(tier)), tier);
  EXPECT_EQ(DecodeTier(bytes), std::nullopt);
  EXPECT_EQ(DecodeOrderRecord(Encode(tier)), std::nullopt);
}

class ContextTest : public testing::Test {
 protected:
  Known LookAt(const std::string& order_id) {
    v1::MessageEvent event = Message("m");
    event.set_order_id(order_id);
    auto known = context_.Look({std::get<MessageFacts>(CheckMessage(event))});
    EXPECT_TRUE(known.ok()) << known.status();
    return known.ok() ? known->front() : Known();
  }

  Instant now_ = FromMicros(1);
  store::SimStores stores_{3, [this] { return now_; }};
  Context context_{stores_.Open().value(), 60s};
};

TEST_F(ContextTest, KnowsTheTierThatWasSaidLast) {
  v1::OrderEvent event = Order("e1", 200);
  event.set_tier("gold");
  EXPECT_EQ(context_.Take(FactsOf(event)).value().changed, true);
  v1::OrderEvent earlier = Order("e0", 100);
  earlier.set_order_id("o2");
  earlier.set_tier("plain");
  EXPECT_EQ(context_.Take(FactsOf(earlier)).value().changed,
            true);  // the order is new, the tier is not
  EXPECT_EQ(LookAt("o1").tier.view(), "gold");
  EXPECT_FALSE(LookAt("o1").order.none());
  EXPECT_FALSE(LookAt("o2").order.none());
  EXPECT_TRUE(LookAt("o3").order.none());
  EXPECT_EQ(context_.Take(FactsOf(event)).value().changed, false);
}

TEST_F(ContextTest, KnowsWhatBecameOfAnOrderAndWhoseWordItIs) {
  v1::OrderEvent shipped = Order("e1", 200, v1::ORDER_STATUS_SHIPPED);
  shipped.set_value_cents(700);
  EXPECT_TRUE(context_.Take(FactsOf(shipped)).value().status_holds);
  const v1::OrderEvent placed = Order("e0", 100, v1::ORDER_STATUS_PLACED);
  EXPECT_FALSE(context_.Take(FactsOf(placed)).value().status_holds);
  EXPECT_TRUE(context_.Take(FactsOf(shipped)).value().status_holds);  // told again
  EXPECT_EQ(LookAt("o1").order_status.view(), "shipped");
  EXPECT_EQ(LookAt("o1").order_value_cents, 700);
  EXPECT_TRUE(LookAt("o3").order_status.none());
}

TEST(Orders, CallEveryStatusByANameOfItsOwn) {
  std::set<std::string> names;
  for (int status = 1; status < v1::OrderStatus_ARRAYSIZE; ++status) {
    names.insert(StatusName(static_cast<v1::OrderStatus>(status)).ToString());
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(v1::OrderStatus_ARRAYSIZE - 1));
  EXPECT_EQ(names.count(""), 0u);
  EXPECT_TRUE(StatusName(v1::ORDER_STATUS_UNSPECIFIED).none());
}

TEST_F(ContextTest, ForgetsInTime) {
  EXPECT_TRUE(context_.Take(FactsOf(Order("e1", 200))).ok());
  now_ += 61s;
  EXPECT_TRUE(LookAt("o1").order.none());
}

TEST_F(ContextTest, MaySafelyBeToldAgainWhenTheStoreDidNotAnswer) {
  v1::OrderEvent event = Order("e1", 200);
  event.set_tier("gold");
  stores_.faults.fate_unknown_permille = 300;
  stores_.faults.refused_permille = 200;
  int tries = 0;
  while (!context_.Take(FactsOf(event)).ok()) ASSERT_LT(++tries, 1'000);
  stores_.faults = {};
  EXPECT_EQ(LookAt("o1").tier.view(), "gold");
  EXPECT_EQ(context_.Take(FactsOf(event)).value().changed, false);
}

TEST_F(ContextTest, TakesWhatItCannotReadForNothing) {
  EXPECT_TRUE(context_.Take(FactsOf(Order("e1", 200))).ok());
  for (auto& [key, value] : stores_.content().values) value.bytes = "of another version";
  EXPECT_TRUE(LookAt("o1").tier.none());
  EXPECT_EQ(context_.Take(FactsOf(Order("e1", 200))).value().changed, true);
}

}  // namespace
}  // namespace usher::intake
