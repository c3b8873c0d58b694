#include "usher/stop_signal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace usher {
namespace {

// Only a signal or the watchdog ends this.
[[noreturn]] void WaitForTheEnd() {
  while (true) pause();
}

TEST(StopSignalDeathTest, EndsAtOnceBeforeAnythingBegan) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignal stop(10s);
        kill(getpid(), SIGTERM);
        WaitForTheEnd();
      },
      testing::ExitedWithCode(0), "");
}

TEST(StopSignalDeathTest, EndsHardWhatDoesNotStopInTime) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignal stop(50ms);
        stop.Arm();
        kill(getpid(), SIGINT);
        WaitForTheEnd();
      },
      testing::ExitedWithCode(1), "note=server.stuck");
}

TEST(StopSignalDeathTest, EndsHardAtASecondSignal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignal stop(10min);
        stop.Arm();
        kill(getpid(), SIGTERM);
        while (!stop.Wait(1s)) {
        }
        kill(getpid(), SIGINT);
        WaitForTheEnd();
      },
      testing::ExitedWithCode(1), "note=server.stuck");
}

TEST(StopSignalDeathTest, TellsWhoeverWaitsAndLetsThemEnd) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        {
          StopSignal stop(10min);
          stop.Arm();
          if (stop.Wait(0s)) _exit(2);
          kill(getpid(), SIGTERM);
          while (!stop.Wait(1s)) {
          }
        }
        _exit(7);
      },
      testing::ExitedWithCode(7), "note=server.stopping");
}

}  // namespace
}  // namespace usher
