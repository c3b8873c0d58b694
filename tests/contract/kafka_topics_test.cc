// When the Kafka adapter says that a topic is made: three real brokers, of which one hangs. They
// wait long before they count a broker as gone, so it stays one of those who must know.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "contract/leaders.h"
#include "contract/parts_control.h"
#include "log/kafka/kafka_log.h"

namespace usher::contract {
namespace {

// Whoever asks a broker that has not heard of the topic is told that there is none: a service that
// starts right after would believe it.
TEST(KafkaTopics, ATopicIsMadeOnceEveryBrokerKnowsIt) {
  const std::string all = Environment("USHER_TEST_KAFKA");
  if (all.empty()) GTEST_SKIP() << "USHER_TEST_KAFKA names no brokers";
  const std::vector<std::string> brokers = absl::StrSplit(all, ',');
  ASSERT_EQ(brokers.size(), 3u);
  int seen = 0;
  for (int attempt = 0; attempt < 20 && seen < 3; ++attempt) {
    const int hung = attempt % 3;
    const std::string& another = brokers[static_cast<std::size_t>((hung + 1) % 3)];
    const std::string& third = brokers[static_cast<std::size_t>((hung + 2) % 3)];
    // From these the client hears of the one that hangs. A call waits longer than this test looks
    // for the topic and lets the broker hang.
    const log::KafkaOptions options{.bootstrap = another + "," + third, .call_timeout = 60s};
    const auto log = log::OpenKafkaLog(options).value();
    const log::TopicSpec spec{.name = "topics.heard." + std::to_string(attempt), .partitions = 3};
    Disturb(Broker(hung, "pause"));
    std::future<absl::Status> made =
        std::async(std::launch::async, [&] { return log->CreateTopic(spec); });
    const bool there = LeaderOf({spec.name, 0}, another, 10s) >= 0;
    const bool waits = made.wait_for(2s) == std::future_status::timeout;
    const bool listed = IsListed(hung, another);
    Disturb(Broker(hung, "resume"));
    const absl::Status status = made.get();
    if (!there) continue;  // the one that hangs was asked to make it, or leads those who make it
    ++seen;
    EXPECT_TRUE(waits);
    EXPECT_TRUE(listed);
    EXPECT_EQ(status, absl::OkStatus());
  }
  EXPECT_EQ(seen, 3);
}

}  // namespace
}  // namespace usher::contract
