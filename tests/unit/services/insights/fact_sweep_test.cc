// Days of desks that fell silent leave the store as time goes on, a few desks with each decision.
#include "insights/fact_sweep.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "insights/keys.h"
#include "store/sim/sim_store.h"

namespace usher::insights {
namespace {

constexpr std::int64_t kKeep = 10;

// Desks that were there on the days [first, last] and nothing since.
struct Desks {
  std::map<DeskName, std::pair<std::int64_t, std::int64_t>> days;
  store::SimStores stores{1, [] { return FromMicros(0); }};
  std::unique_ptr<store::Store> store = *stores.Open();
  FactSweep sweep{0, kKeep};
  std::optional<std::string> watermark;
  int batches = 0;

  void Be(const std::string& name, std::int64_t first, std::int64_t last) {
    days[DeskName::Of(name)] = {first, last};
    std::vector<store::Write> writes;
    for (std::int64_t day = first; day <= last; ++day) {
      writes.push_back(store::PutRow{FactTable(DeskName::Of(name), day), "00/1000", "facts"});
    }
    Commit(std::move(writes));
  }
  void Commit(std::vector<store::Write> writes) {
    store::Batch batch;
    batch.watermark_key = WatermarkKey(0);
    batch.expected = watermark;
    batch.next = std::to_string(++batches);
    batch.writes = std::move(writes);
    ASSERT_TRUE(*store->Apply(batch));
    watermark = batch.next;
  }
  // A decision of that day. So many keys were taken out.
  std::size_t Decide(std::int64_t day) {
    std::vector<store::Write> writes;
    sweep.Step(
        day,
        [this](const DeskName& after) -> std::optional<FactSweep::Days> {
          const auto found = after.none() ? days.begin() : days.upper_bound(after);
          if (found == days.end()) return std::nullopt;
          return FactSweep::Days{found->first, found->second.first, found->second.second};
        },
        writes);
    const std::size_t out = writes.size();
    sweep.AppendTo(writes);
    Commit(std::move(writes));
    sweep.Committed();
    return out;
  }
  std::size_t Left() const {
    std::size_t count = 0;
    for (const auto& [name, table] : stores.content().tables) {
      if (name.find("/facts/") != std::string::npos && !table.empty()) ++count;
    }
    return count;
  }
};

TEST(FactSweep, TakesOutWhatIsTooOldAndNothingElse) {
  Desks desks;
  desks.Be("a", 100, 104);
  desks.Be("b", 103, 108);
  for (std::int64_t day = 105; day < 130; ++day) {
    for (int i = 0; i < 3; ++i) desks.Decide(day);
    std::size_t young = 0;
    for (const auto& [name, days] : desks.days) {
      for (std::int64_t one = days.first; one <= days.second; ++one) young += one > day - kKeep;
    }
    EXPECT_EQ(desks.Left(), young) << day;
  }
  EXPECT_EQ(desks.Decide(130), 0U) << "what is gone is not taken out again";
}

TEST(FactSweep, LooksAtAFewDesksWithEachDecision) {
  Desks desks;
  for (int i = 0; i < 50; ++i) desks.Be("d" + std::to_string(i), 100, 100);
  std::size_t most = 0;
  int decisions = 0;
  while (desks.Left() > 0) {
    most = std::max(most, desks.Decide(200));
    ASSERT_LT(++decisions, 100);
  }
  EXPECT_EQ(most, kSweptADecision);
  EXPECT_GE(decisions, 50 / static_cast<int>(kSweptADecision));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(desks.Decide(200), 0U);
}

TEST(FactSweep, AnotherOwnerGoesOnWhereTheLastOneWas) {
  Desks desks;
  Desks alone;
  for (int i = 0; i < 30; ++i) {
    desks.Be("d" + std::to_string(i), 100, 100);
    alone.Be("d" + std::to_string(i), 100, 100);
  }
  while (desks.Left() > 0) {
    const std::size_t out = desks.Decide(200);
    EXPECT_EQ(out, alone.Decide(200));
    FactSweep next(0, kKeep);
    const auto sound = next.Load(*desks.store);
    ASSERT_TRUE(sound.ok() && *sound);
    desks.sweep = next;
  }
  EXPECT_EQ(alone.Left(), 0U);
  EXPECT_EQ(desks.stores.content().tables, alone.stores.content().tables);
}

TEST(FactSweep, BytesThatItDidNotWriteAreTold) {
  Desks desks;
  desks.Commit({store::PutRow{FactSweepTable(0), "at", "?"}});
  const auto sound = desks.sweep.Load(*desks.store);
  ASSERT_TRUE(sound.ok());
  EXPECT_FALSE(*sound);
}

}  // namespace
}  // namespace usher::insights
