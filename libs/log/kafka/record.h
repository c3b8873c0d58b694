// A message of librdkafka as a Record.
#pragma once

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <string>

#include "log/log.h"

namespace usher::log {

// The topic's name and the append time are set as the message says; a time that does not exist is
// 1970.
inline Record ToRecord(const rd_kafka_message_t& message, bool& log_append_time) {
  Record record;
  record.from = {rd_kafka_topic_name(message.rkt), message.partition};
  record.offset = message.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t millis = rd_kafka_message_timestamp(&message, &type);
  log_append_time = type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME;
  // Producers may write any number: keep it where microseconds can hold it.
  record.at = FromMicros(std::clamp<std::int64_t>(millis, 0, INT64_MAX / 2000) * 1000);
  if (message.key != nullptr) {
    record.key.assign(static_cast<const char*>(message.key), message.key_len);
  }
  if (message.payload != nullptr) {
    record.value.assign(static_cast<const char*>(message.payload), message.len);
  }
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    Header& header = record.headers.emplace_back();
    header.key = name;
    if (value != nullptr) header.value.assign(static_cast<const char*>(value), size);
  }
  return record;
}

}  // namespace usher::log
