// Plain librdkafka for the benchmarks: what a program gets that only produces and consumes, to be
// laid beside what usher gets. The settings are those that usher's own adapter needs for its
// promises (acknowledged by all, idempotent, no lingering), so that the difference is usher's work.
//
// Failures end the program: a figure of half a run is none. Threads: one an object.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace usher::bench {

[[noreturn]] inline void Die(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

using Settings = std::vector<std::pair<const char*, std::string>>;

inline rd_kafka_t* NewHandle(rd_kafka_type_t type, const Settings& settings) {
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      Die(error);
    }
  }
  rd_kafka_t* handle = rd_kafka_new(type, conf, error, sizeof error);
  if (handle == nullptr) Die(error);
  return handle;
}

class Producer {
 public:
  explicit Producer(const std::string& bootstrap)
      : handle_(NewHandle(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap},
                                              {"acks", "all"},
                                              {"enable.idempotence", "true"},
                                              {"linger.ms", "0"},
                                              {"socket.nagle.disable", "true"}})) {}
  ~Producer() {
    Flush();
    rd_kafka_destroy(handle_);
  }
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Waits while the producer's queue is full.
  void Send(const std::string& topic, std::int32_t partition, std::string_view value) {
    rd_kafka_vu_t fields[4];
    fields[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    fields[0].u.cstr = topic.c_str();
    fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    fields[1].u.i32 = partition;
    fields[2].vtype = RD_KAFKA_VTYPE_VALUE;
    fields[2].u.mem = {const_cast<char*>(value.data()), value.size()};
    fields[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[3].u.i = RD_KAFKA_MSG_F_COPY;
    while (rd_kafka_error_t* error = rd_kafka_produceva(handle_, fields, std::size(fields))) {
      const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
      rd_kafka_error_destroy(error);
      // Unknown for a moment: the topic was just made, and the producer has not heard of it.
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL && code != RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION) {
        Die(rd_kafka_err2str(code));
      }
      rd_kafka_poll(handle_, 10);
    }
    rd_kafka_poll(handle_, 0);
  }

  void Flush() {
    if (rd_kafka_flush(handle_, 30'000) != RD_KAFKA_RESP_ERR_NO_ERROR) Die("cannot flush");
  }

  // Makes a topic with one copy of each partition.
  void CreateTopic(const std::string& topic, int partitions) {
    char error[512];
    rd_kafka_NewTopic_t* wanted =
        rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, error, sizeof error);
    if (wanted == nullptr) Die(error);
    rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
    rd_kafka_CreateTopics(handle_, &wanted, 1, nullptr, queue);
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 30'000);
    if (event == nullptr) Die("no answer to the creation of a topic");
    std::size_t count = 0;
    const rd_kafka_topic_result_t** results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    if (count != 1 || rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      Die("cannot create " + topic);
    }
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(wanted);
  }

 private:
  rd_kafka_t* const handle_;
};

// Reads what is appended to all partitions of a topic from now on.
class Consumer {
 public:
  Consumer(const std::string& bootstrap, const std::string& topic, int partitions)
      : handle_(NewHandle(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                              {"group.id", "path-bench"},
                                              {"enable.auto.commit", "false"},
                                              {"isolation.level", "read_uncommitted"},
                                              {"fetch.wait.max.ms", "20"},
                                              {"socket.nagle.disable", "true"}})) {
    rd_kafka_poll_set_consumer(handle_);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
    for (int partition = 0; partition < partitions; ++partition) {
      rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset =
          EndOf(topic, partition);
    }
    if (rd_kafka_assign(handle_, list) != RD_KAFKA_RESP_ERR_NO_ERROR) Die("cannot assign");
    rd_kafka_topic_partition_list_destroy(list);
  }
  ~Consumer() {
    rd_kafka_consumer_close(handle_);
    rd_kafka_destroy(handle_);
  }
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Waits at most `wait_ms` for the next record and hands its value over. False: none came.
  bool Poll(int wait_ms, const std::function<void(std::string_view)>& take) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(handle_, wait_ms);
    if (message == nullptr) return false;
    const rd_kafka_resp_err_t error = message->err;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      take({static_cast<const char*>(message->payload), message->len});
    }
    rd_kafka_message_destroy(message);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

 private:
  // A topic that was just made has no leader for a moment.
  std::int64_t EndOf(const std::string& topic, int partition) {
    constexpr int kTriesMax = 100;
    for (int i = 1;; ++i) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      const rd_kafka_resp_err_t error =
          rd_kafka_query_watermark_offsets(handle_, topic.c_str(), partition, &low, &high, 30'000);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return high;
      if (i == kTriesMax) Die(rd_kafka_err2str(error));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  rd_kafka_t* const handle_;
};

}  // namespace usher::bench
