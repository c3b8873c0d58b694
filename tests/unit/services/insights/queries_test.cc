#include "insights/queries.h"

#include <gtest/gtest.h>

#include "store/sim/sim_store.h"

namespace usher::insights {
namespace {

struct Queue {
  store::SimStores stores{1, [] { return FromMicros(0); }};
  std::unique_ptr<store::Store> store = *stores.Open();
  Queries queries{2};
  int answered = 0;
  int dropped = 0;

  bool Submit() {
    return queries.Submit([this](store::Store* with) { ++(with ? answered : dropped); });
  }
};

TEST(Queries, AreAnsweredOnceInOrder) {
  Queue queue;
  EXPECT_TRUE(queue.Submit());
  EXPECT_TRUE(queue.queries.AnswerOne(*queue.store, 0s));
  EXPECT_FALSE(queue.queries.AnswerOne(*queue.store, 0s));
  EXPECT_EQ(queue.answered, 1);
  EXPECT_EQ(queue.dropped, 0);
}

TEST(Queries, AreRefusedOverTheBoundAndNotCalled) {
  Queue queue;
  EXPECT_TRUE(queue.Submit());
  EXPECT_TRUE(queue.Submit());
  EXPECT_FALSE(queue.Submit());
  QueryStepper stepper(queue.queries, *queue.stores.Open());
  EXPECT_TRUE(stepper.Step(FromMicros(0), 0s).ok());
  EXPECT_EQ(queue.answered, 2);
  EXPECT_TRUE(queue.Submit());
}

TEST(Queries, AreDroppedAloudWhenClosedBeforeTheyAreAnswered) {
  Queue queue;
  EXPECT_TRUE(queue.Submit());
  EXPECT_TRUE(absl::IsDeadlineExceeded(queue.queries.Close(0s)));
  EXPECT_EQ(queue.dropped, 1);
  EXPECT_FALSE(queue.Submit());
  EXPECT_TRUE(queue.queries.Close(0s).ok());
}

}  // namespace
}  // namespace usher::insights
