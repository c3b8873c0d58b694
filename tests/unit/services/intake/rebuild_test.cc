#include "intake/rebuild.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "intake/handlers.h"
#include "kit/dice.h"
#include "unit/services/intake/intake_world.h"

namespace usher::intake {
namespace {

class Rebuilds : public testing::Test, public IntakeWorld {
 protected:
  std::map<std::string, std::string> Bytes() {
    std::map<std::string, std::string> all;
    for (const auto& [key, value] : stores.content().values) all[key] = value.bytes;
    return all;
  }

  RebuildProgress Rebuild() {
    std::int64_t last = -1;
    const auto told = [&last](const RebuildProgress& progress) {
      EXPECT_GE(progress.records, last);
      EXPECT_GE(progress.ahead, 0);
      last = progress.records;
    };
    const auto done =
        RebuildContext(log, stores, {1h, {}, now}, told, [this] { stores.faults = {}; });
    EXPECT_TRUE(done.ok()) << done.status();
    return done.value_or(RebuildProgress());
  }

  void SendOrders(kit::Dice& dice, int count) {
    for (int i = 0; i < count; ++i) {
      v1::OrderEvent event =
          Order("e" + std::to_string(sent_++), static_cast<std::int64_t>(dice.Below(1'000)),
                static_cast<v1::OrderStatus>(1 + dice.Below(9)));
      event.set_order_id("o" + std::to_string(dice.Below(40)));
      event.set_customer_id("c" + std::to_string(dice.Below(9)));
      if (dice.Chance(50)) event.set_tier(dice.Chance(50) ? "vip" : "gold");
      Send(event, static_cast<std::int32_t>(dice.Below(kPartitions)));
    }
  }

  int sent_ = 0;
};

TEST_F(Rebuilds, PutBackWhatTheStoreLost) {
  kit::Dice dice(1);
  SendOrders(dice, 300);
  Send(journal::kOrders, "no order event", 1);
  Start();
  Step(10);
  const auto before = Bytes();
  ASSERT_FALSE(before.empty());
  const std::size_t commands = Commands().size();

  stores.FlushAll();
  const RebuildProgress done = Rebuild();
  EXPECT_EQ(Bytes(), before);
  EXPECT_EQ(done.records, 301);
  EXPECT_EQ(done.refused, 1);
  EXPECT_EQ(done.changed + done.unchanged, 300);
  EXPECT_EQ(done.ahead, 0);
  EXPECT_EQ(Commands().size(), commands);

  // Partly filled, and complete.
  auto& values = stores.content().values;
  for (auto value = values.begin(); value != values.end();) {
    value = dice.Chance(50) ? values.erase(value) : std::next(value);
  }
  Rebuild();
  EXPECT_EQ(Bytes(), before);
  EXPECT_EQ(Rebuild().changed, 0);
}

TEST_F(Rebuilds, BringBackWhatCameByGrpc) {
  Start();
  Step(5);
  int answers = 0;
  const auto done = [&answers](const absl::StatusOr<bool>& changed) {
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_TRUE(*changed);
    ++answers;
  };
  ASSERT_TRUE(intake->front_door().Take(Order("g1", 100), done).ok());
  Step(6);
  ASSERT_EQ(answers, 1);
  const auto before = Bytes();
  const std::size_t commands = Commands().size();
  ASSERT_FALSE(before.empty());
  stores.FlushAll();
  Step(6);  // who reads the topic passes the copy over: it was taken when it came
  EXPECT_TRUE(Bytes().empty());
  EXPECT_EQ(Commands().size(), commands);

  const RebuildProgress progress = Rebuild();
  EXPECT_EQ(progress.changed, 1);
  EXPECT_EQ(progress.refused, 0);
  EXPECT_EQ(Bytes(), before);
}

TEST_F(Rebuilds, MayRunBesideAnIntakeAndWithAStoreThatFails) {
  kit::Dice dice(2);
  SendOrders(dice, 200);
  Start();
  Step(3);
  SendOrders(dice, 200);
  stores.FlushAll();
  stores.faults.fate_unknown_permille = 20;
  Rebuild();
  Step(10);
  const auto all = Bytes();
  stores.FlushAll();
  Rebuild();
  EXPECT_EQ(Bytes(), all);
}

}  // namespace
}  // namespace usher::intake
