// What the brokers themselves say of a topic, asked by clients of their own.
#pragma once

#include <chrono>
#include <string>

#include "log/log.h"

namespace usher::contract {

// The broker that leads the partition, as `brokers` say (HOST:PORT, several by comma); -1: none of
// them says it in time.
int LeaderOf(const log::TopicPartition& partition, const std::string& brokers,
             std::chrono::seconds wait = std::chrono::seconds(60));

// Waits until each of `brokers` knows the partition; false: not within a minute each. A broker that
// has not heard of a new topic makes a producer give up what was appended to it:
// https://github.com/confluentinc/librdkafka/issues/4401
bool AllKnow(const log::TopicPartition& partition, const std::string& brokers);

// `brokers` count this one among those that are there.
bool IsListed(int broker, const std::string& brokers);

}  // namespace usher::contract
