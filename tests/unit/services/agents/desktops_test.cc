#include "agents/desktops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "unit/services/agents/agents_world.h"

namespace usher::agents {
namespace {

// What a stream would send, as text: "current", "offer 3", ..., "END aborted".
std::vector<std::string> Read(Outbox& outbox) {
  std::vector<std::string> lines;
  while (true) {
    Outbox::Next next = outbox.Take();
    if (const auto* response = std::get_if<v1::WorkResponse>(&next)) {
      std::string line = response->has_current()    ? "current"
                         : response->has_offer()    ? "offer"
                         : response->has_assigned() ? "assigned"
                         : response->has_presence() ? "presence"
                                                    : "other";
      if (response->has_offer()) line += " " + std::to_string(response->offer().offer_id());
      lines.push_back(line);
    } else if (const auto* end = std::get_if<absl::Status>(&next)) {
      lines.push_back("END " + absl::StatusCodeToString(end->code()));
      return lines;
    } else {
      return lines;
    }
  }
}

class DesktopsTest : public testing::Test {
 protected:
  std::shared_ptr<Outbox> Open(std::size_t most = 100, AgentName agent = kAna) {
    auto outbox = std::make_shared<Outbox>(most, [this] { ++wakes_; });
    EXPECT_TRUE(desktops_.Open(kShop, agent, outbox).ok());
    return outbox;
  }
  void Tell(NewsBody body, AgentName agent = kAna) {
    desktops_.Tell(kShop, {agent, std::move(body)});
  }
  void Shown(AgentName agent = kAna) {
    Tell(WorkShown{agent, Presence::kAvailable, {}, {}}, agent);
  }
  static Offered An(std::uint64_t offer) {
    return {Offer(offer), Inquiry(offer), QueueName::Of("q"), FromMicros(1)};
  }

  telemetry::Metrics metrics_;
  Desktops desktops_{metrics_};
  int wakes_ = 0;
};

TEST_F(DesktopsTest, TellNothingBeforeTheWorkIsShownAndAllAfterIt) {
  auto outbox = Open();
  Tell(An(1));
  Tell(An(2), kBen);
  EXPECT_THAT(Read(*outbox), testing::ElementsAre());
  Shown();
  Tell(An(3));
  Tell(PresenceIs{Presence::kBusy, AwayReason::kNone});
  Tell(An(4), kBen);
  Shown();  // asked for by a stream elsewhere
  Tell(An(5));
  EXPECT_THAT(Read(*outbox), testing::ElementsAre("current", "offer 3", "presence", "offer 5"));
  EXPECT_GE(wakes_, 4);
  EXPECT_NE(metrics_.Text().find("usher_work_offers_sent_total 2\n"), std::string::npos);
}

TEST_F(DesktopsTest, EndTheOlderStreamOfAnAgent) {
  auto older = Open();
  Shown();
  auto newer = Open();
  EXPECT_THAT(Read(*older), testing::ElementsAre("current", "END ABORTED"));
  desktops_.Close(kShop, kAna, older.get());  // comes late, and must not close the newer one
  Shown();
  EXPECT_THAT(Read(*newer), testing::ElementsAre("current"));
  EXPECT_EQ(desktops_.open(), 1u);
  desktops_.Close(kShop, kAna, newer.get());
  EXPECT_EQ(desktops_.open(), 0u);
  Tell(An(1));
  EXPECT_THAT(Read(*newer), testing::ElementsAre());
}

TEST_F(DesktopsTest, EndAStreamThatIsReadTooSlowly) {
  auto outbox = Open(3);
  Shown();
  for (std::uint64_t i = 1; i <= 5; ++i) Tell(An(i));
  EXPECT_THAT(Read(*outbox), testing::ElementsAre("END RESOURCE_EXHAUSTED"));
  EXPECT_EQ(desktops_.open(), 0u);
  EXPECT_NE(metrics_.Text().find("usher_work_streams_ended_total{reason=\"slow\"} 1\n"),
            std::string::npos);
  auto again = Open();
  Shown();
  EXPECT_THAT(Read(*again), testing::ElementsAre("current"));
}

TEST_F(DesktopsTest, EndTheStreamOfAnAgentThatIsNotThere) {
  auto outbox = Open();
  Tell(NotKnown{});
  EXPECT_THAT(Read(*outbox), testing::ElementsAre("END NOT_FOUND"));
  auto live = Open();
  Shown();
  Tell(NotKnown{});  // of another stream's question
  Tell(An(1));
  Tell(Removed{});
  EXPECT_THAT(Read(*live), testing::ElementsAre("current", "offer 1", "END NOT_FOUND"));
}

TEST_F(DesktopsTest, EndAllAtOnceAndOpenNoMore) {
  auto ana = Open();
  auto ben = Open(100, kBen);
  desktops_.EndAll();
  EXPECT_THAT(Read(*ana), testing::ElementsAre("END UNAVAILABLE"));
  EXPECT_THAT(Read(*ben), testing::ElementsAre("END UNAVAILABLE"));
  EXPECT_TRUE(absl::IsUnavailable(desktops_.Open(kShop, kAna, std::make_shared<Outbox>(1, [] {}))));
}

TEST(Outbox, KeepsItsFirstEndAndWhatCameBeforeIt) {
  int wakes = 0;
  Outbox outbox(2, [&] { ++wakes; });
  v1::WorkResponse offer;
  offer.mutable_offer()->set_offer_id(1);
  EXPECT_TRUE(outbox.Send(offer));
  outbox.End(absl::OkStatus());
  outbox.End(absl::AbortedError("too late"));
  EXPECT_FALSE(outbox.Send(offer));
  EXPECT_THAT(Read(outbox), testing::ElementsAre("offer 1", "END OK"));
  EXPECT_EQ(wakes, 2);
}

}  // namespace
}  // namespace usher::agents
