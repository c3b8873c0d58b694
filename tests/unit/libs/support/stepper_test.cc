#include "support/stepper.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "support/status.h"

namespace usher {
namespace {

// Counts its steps and fails at the step it is told to.
class Counting : public Stepper {
 public:
  explicit Counting(int fail_at) : fail_at_(fail_at) {}

  absl::Status Step(Instant, Duration) override {
    const int step = ++steps_;
    if (step == 3) third_.set_value();
    return step == fail_at_ ? absl::InternalError("broken") : absl::OkStatus();
  }

  std::future<void> third() { return third_.get_future(); }
  int steps() const { return steps_; }

 private:
  const int fail_at_;
  std::atomic<int> steps_{0};
  std::promise<void> third_;
};

TEST(StepThread, StepsUntilStopped) {
  Counting stepper(-1);
  StepThread thread("counting", stepper, 0us, [](absl::Status) { FAIL(); });
  ASSERT_EQ(stepper.third().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  thread.Stop();
  const int steps = stepper.steps();
  EXPECT_GE(steps, 3);
  EXPECT_EQ(stepper.steps(), steps);
}

TEST(StepThread, TellsTheErrorThatEndedTheLoopAndStepsNoMore) {
  Counting stepper(4);
  std::promise<absl::Status> failed;
  StepThread thread("failing", stepper, 0us,
                    [&](absl::Status status) { failed.set_value(status); });
  std::future<absl::Status> future = failed.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(future.get().message(), "broken");
  thread.Stop();
  EXPECT_EQ(stepper.steps(), 4);
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  USHER_TRY(const int half, Half(number));
  USHER_TRY(const int quarter, Half(half));
  return quarter;
}

absl::Status Check(int number) {
  USHER_RETURN_IF_ERROR(Quarter(number).status());
  return absl::OkStatus();
}

TEST(Status, MacrosPassTheFirstErrorOn) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).status().message(), "odd");
  EXPECT_TRUE(Check(8).ok());
  EXPECT_EQ(Check(2).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace usher
