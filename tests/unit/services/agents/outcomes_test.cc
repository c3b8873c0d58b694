#include "agents/outcomes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/services/agents/agents_world.h"

namespace usher::agents {
namespace {

Stamp At(std::int64_t offset, std::int32_t partition = 0) {
  return {LogId::FromNumber(1), partition, offset, 0};
}

OfferMade Taken(std::uint64_t inquiry) {
  OfferMade made = Made(inquiry, inquiry);
  made.reason = OfferReason::kTaken;
  return made;
}

class OutcomesTest : public testing::Test {
 protected:
  void Await(std::int64_t offset, std::int32_t partition = 0) {
    outcomes_.Await({partition, offset}, [this, offset](const absl::StatusOr<DecisionBody>& body) {
      const auto* made = body.ok() ? std::get_if<OfferMade>(&*body) : nullptr;
      heard_.push_back(std::to_string(offset) + " " +
                       (made != nullptr ? "offer " + std::to_string(made->offer.number)
                        : body.ok()     ? "other"
                                        : absl::StatusCodeToString(body.status().code())));
    });
  }

  Outcomes outcomes_;
  std::vector<std::string> heard_;
};

TEST_F(OutcomesTest, AreTheDecisionOfTheCommandAndOfNoOther) {
  Await(7);
  outcomes_.Take(At(6), Taken(1));
  outcomes_.Take(At(7, 1), Taken(2));
  outcomes_.Take(At(7), Made(3, 3));  // by a timer on the way to the command
  outcomes_.Take(At(7), OfferExpired{Offer(3), Inquiry(3), kAna});
  EXPECT_TRUE(heard_.empty());
  outcomes_.Take(At(7), Taken(4));
  EXPECT_EQ(heard_, std::vector<std::string>{"7 offer 4"});
  outcomes_.Take(At(7), Taken(5));
  EXPECT_EQ(heard_.size(), 1u);
}

TEST_F(OutcomesTest, AreKnownToWhoAsksLate) {
  outcomes_.Take(At(7), CommandRejected());
  Await(7);
  EXPECT_EQ(heard_, std::vector<std::string>{"7 other"});
}

TEST_F(OutcomesTest, AreForgottenInTheOrderInWhichTheyCame) {
  for (std::size_t i = 0; i <= kOutcomesKept; ++i) {
    outcomes_.Take(At(static_cast<std::int64_t>(i)), Taken(i + 1));
  }
  Await(0);
  Await(1);
  EXPECT_EQ(heard_, std::vector<std::string>{"1 offer 2"});
}

TEST_F(OutcomesTest, DoNotLetACallerWaitForEver) {
  const Instant start = FromMicros(1'000'000);
  outcomes_.Expire(start);
  Await(7);
  outcomes_.Expire(start + kOutcomeWait - 1us);
  EXPECT_TRUE(heard_.empty());
  Await(8);
  outcomes_.Expire(start + kOutcomeWait);
  EXPECT_EQ(heard_, std::vector<std::string>{"7 DEADLINE_EXCEEDED"});
}

TEST_F(OutcomesTest, EndWhenTheServerStops) {
  Await(7);
  outcomes_.EndAll();
  Await(8);
  EXPECT_EQ(heard_, (std::vector<std::string>{"7 UNAVAILABLE", "8 UNAVAILABLE"}));
}

}  // namespace
}  // namespace usher::agents
