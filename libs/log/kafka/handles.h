// Owners of librdkafka's objects, and its errors as absl::Status.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "absl/status/status.h"

namespace usher::log {

template <auto kDestroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};

using KafkaHandle = std::unique_ptr<rd_kafka_t, Destroy<rd_kafka_destroy>>;
using KafkaConf = std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>>;
using KafkaTopic = std::unique_ptr<rd_kafka_topic_t, Destroy<rd_kafka_topic_destroy>>;
using KafkaQueue = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using KafkaMessage = std::unique_ptr<rd_kafka_message_t, Destroy<rd_kafka_message_destroy>>;
using KafkaHeaders = std::unique_ptr<rd_kafka_headers_t, Destroy<rd_kafka_headers_destroy>>;
using KafkaError = std::unique_ptr<rd_kafka_error_t, Destroy<rd_kafka_error_destroy>>;
using KafkaEvent = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;
using KafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                        Destroy<rd_kafka_topic_partition_list_destroy>>;
using KafkaNewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroy<rd_kafka_NewTopic_destroy>>;
using KafkaResource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroy<rd_kafka_ConfigResource_destroy>>;
using KafkaAdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;
using KafkaMetadata =
    std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>>;

// `doing` says what was tried, on what.
absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& doing,
                      const std::string& detail = "");

// Of a partition that is known to exist: a broker that does not know it has not heard of it yet, or
// of its new leader. kNotFound becomes kUnavailable.
absl::Status NotThereYet(absl::Status status);

}  // namespace usher::log
