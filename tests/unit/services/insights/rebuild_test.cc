#include "insights/rebuild.h"

#include <gtest/gtest.h>

#include "everything.h"
#include "insights/keys.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "one_inquiry.h"

namespace usher::insights {
namespace {

struct Ground {
  Shop shop;
  log::SimLog log{{.seed = 1, .clock = [this] { return shop.now; }}};
  std::vector<wire::DecisionRecord> story = Story(3).Tell(300);

  Ground() {
    EXPECT_TRUE(log.CreateTopic({.name = journal::kDecisions, .partitions = 1}).ok());
    const auto appender = *log.OpenAppender();
    for (const wire::DecisionRecord& record : story) {
      EXPECT_TRUE(
          appender->Append({{journal::kDecisions, 0}, "", wire::EncodeDecision(record), {}}, 1)
              .ok());
    }
  }
};

TEST(Rebuild, ViewsAreBuiltAgainAsTheyWere) {
  Ground ground;
  View view(0, kTtl);
  ground.shop.Take(view, ground.story, 0, ground.story.size(), 20);
  const auto before = Everything(ground.shop.stores);

  ASSERT_TRUE(ForgetViews(ground.log, *ground.shop.store, false).ok());
  // Who still holds a view gets nothing in; who loads begins with the first decision.
  View again = *View::Load(*ground.shop.store, 0, kTtl);
  ASSERT_FALSE(again.watermark());
  ground.shop.Take(again, ground.story, 0, ground.story.size(), 33);
  ground.shop.stores.content().values.erase(kPrefix + std::string("rebuild/0"));
  EXPECT_EQ(Everything(ground.shop.stores), before);
  EXPECT_TRUE(ForgetViews(ground.log, *ground.shop.store, false).ok());
  EXPECT_TRUE(ForgetViews(ground.log, *ground.shop.store, false).ok()) << "as often as one likes";
}

TEST(Rebuild, WhoStillHoldsAViewGetsNothingIn) {
  Ground ground;
  View view(0, kTtl);
  ground.shop.Take(view, ground.story, 0, 100, 20);
  ASSERT_TRUE(ForgetViews(ground.log, *ground.shop.store, false).ok());
  view.Take(ground.story[100], wire::EncodeDecision(ground.story[100]), 100);
  EXPECT_FALSE(*ground.shop.store->Apply(*view.MakeBatch()));
}

TEST(Rebuild, ALogThatWasCutIsToldAndNothingIsLost) {
  Ground ground;
  View view(0, kTtl);
  ground.shop.Take(view, ground.story, 0, ground.story.size(), 20);
  ground.log.DropBefore({journal::kDecisions, 0}, 10);
  const absl::Status refused = ForgetViews(ground.log, *ground.shop.store, false);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_TRUE(View::Load(*ground.shop.store, 0, kTtl)->watermark());
  EXPECT_TRUE(ForgetViews(ground.log, *ground.shop.store, true).ok());
  EXPECT_FALSE(View::Load(*ground.shop.store, 0, kTtl)->watermark());
}

}  // namespace
}  // namespace usher::insights
