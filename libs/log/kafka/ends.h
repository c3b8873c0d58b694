// Ends: where partitions begin and end, as their leaders say.
//
// librdkafka keeps asking whom it believes to lead, and an answer of "not I" does not make it look
// again for minutes (2.0.2: rd_kafka_query_watermark_offsets(), and #2588, where it never returned
// at all). Here it is made to look.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "log/kafka/client.h"
#include "log/log.h"

namespace usher::log {

struct Ends {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// All of `partitions`, or an error. Waits at most about `wait`. Threads: any.
// Errors: kUnavailable: try again; what was believed of the leaders is forgotten by then. Others as
// ToStatus() says.
absl::StatusOr<std::map<TopicPartition, Ends>> AskEnds(
    KafkaClient& client, const std::vector<TopicPartition>& partitions, Duration wait);

}  // namespace usher::log
