#include "usher/play_loop.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace usher::play {
namespace {

TEST(Loop, FiresTimersInTheOrderOfTheirTimes) {
  Loop loop(1);
  std::string order;
  loop.After(4ms, [&] { order += 'c'; });
  loop.After(1ms, [&] { order += 'a'; });
  loop.After(2ms, [&] { order += 'b'; });
  EXPECT_TRUE(loop.RunUntil([&] { return order.size() == 3; }, 10s));
  EXPECT_EQ(order, "abc");
}

TEST(Loop, RunsWhatOtherThreadsPostOnItsOwn) {
  Loop loop(1);
  std::thread::id ran_on;
  std::thread other([&] { loop.Post([&] { ran_on = std::this_thread::get_id(); }); });
  EXPECT_TRUE(loop.RunUntil([&] { return ran_on != std::thread::id(); }, 10s));
  other.join();
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(Loop, GivesUpAfterTheLongest) {
  Loop loop(1);
  EXPECT_FALSE(loop.RunUntil([] { return false; }, 20ms));
}

TEST(Loop, LetsTheShopsClockRunFaster) {
  Loop loop(1'000);
  loop.StartClock();
  Duration fired{0};
  loop.AtShop(5s, [&] { fired = loop.ShopNow(); });
  EXPECT_TRUE(loop.RunUntil([&] { return fired > Duration(0); }, 10s));
  EXPECT_GE(fired, 5s);
}

TEST(Loop, IsNotStarvedByTimersThatSetTimers) {
  Loop loop(1);
  bool posted = false;
  std::function<void()> again = [&] { loop.After(Duration(0), again); };
  again();
  loop.Post([&] { posted = true; });
  EXPECT_TRUE(loop.RunUntil([&] { return posted; }, 10s));
}

}  // namespace
}  // namespace usher::play
