// KafkaClient: one librdkafka instance with its callbacks, and KafkaCounts: what all instances of a
// log tell about themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "log/kafka/handles.h"
#include "log/kafka/kafka_log.h"

namespace usher::log {

// Counts add up over all instances; gauges are kept by instance, and the greatest is told. Threads:
// any.
class KafkaCounts {
 public:
  void Add(const std::string& name, double amount);
  void AddAppend(Duration took);
  void Set(const void* source, const std::string& name, double value);
  void Forget(const void* source);
  std::map<std::string, double> Snapshot() const;
  AppendTimes TimesOfAppends() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, double> counts_ ABSL_GUARDED_BY(mutex_);
  AppendTimes appends_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<const void*, std::string>, double> gauges_ ABSL_GUARDED_BY(mutex_);
};

using Properties = std::map<std::string, std::string>;

// Properties of every instance, of producers, of those that fetch, and of members of a group. Later
// ones win: what the operator gives goes before what the promises need.
Properties CommonProperties(const KafkaOptions& options, const std::string& client_id);
Properties ProducerProperties(const KafkaOptions& options);
Properties FetcherProperties(const KafkaOptions& options);
Properties MemberProperties(const KafkaOptions& options, const std::string& group,
                            const std::string& member_id);

// Threads: one for Poll and what it calls; rk() and Topic() any.
class KafkaClient {
 public:
  // Called from polls. What is not wanted stays empty.
  struct Callbacks {
    std::function<void(const rd_kafka_message_t&)> delivered;
    std::function<void(rd_kafka_resp_err_t, const rd_kafka_topic_partition_list_t*)> rebalance;
  };

  // Borrows `counts`. `properties` are set in their order; a later one wins.
  // Errors: kInvalidArgument: a property that librdkafka does not take.
  static absl::StatusOr<std::unique_ptr<KafkaClient>> Open(
      rd_kafka_type_t type, const std::vector<Properties>& properties, Callbacks callbacks,
      KafkaCounts& counts);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_t* rk() const { return rk_.get(); }

  // Kept until the client goes.
  rd_kafka_topic_t* Topic(const std::string& name);

  // Serves callbacks; never blocks.
  void Poll() { rd_kafka_poll(rk_.get(), 0); }

  // ok, or why this instance is dead for good.
  const absl::Status& fatal() const { return fatal_; }
  // What librdkafka last complained about; empty if it never did.
  const std::string& last_error() const { return last_error_; }

 private:
  KafkaClient(Callbacks callbacks, KafkaCounts& counts)
      : callbacks_(std::move(callbacks)), counts_(counts) {}

  static void OnDelivered(rd_kafka_t* rk, const rd_kafka_message_t* message, void* opaque);
  static void OnRebalance(rd_kafka_t* rk, rd_kafka_resp_err_t error,
                          rd_kafka_topic_partition_list_t* partitions, void* opaque);
  static void OnError(rd_kafka_t* rk, int error, const char* reason, void* opaque);
  static int OnStatistics(rd_kafka_t* rk, char* json, std::size_t size, void* opaque);
  void Fail(rd_kafka_t* rk);

  const Callbacks callbacks_;
  KafkaCounts& counts_;
  absl::Status fatal_;
  std::string last_error_;
  absl::Mutex mutex_;
  // librdkafka wants its topics gone before itself: rk_ stands first, so that it is destroyed last.
  KafkaHandle rk_;
  std::map<std::string, KafkaTopic> topics_ ABSL_GUARDED_BY(mutex_);
};

// Calls `attempt` until it gives something other than kUnavailable, for `total` at most. For calls
// that may block: a leader that has just moved answers that it is none.
template <class Attempt>
auto Persist(KafkaClient& client, Duration total, const Attempt& attempt) {
  const auto deadline = std::chrono::steady_clock::now() + total;
  while (true) {
    auto result = attempt();
    if (result.ok() || std::chrono::steady_clock::now() >= deadline) return result;
    absl::Status status;
    if constexpr (std::is_same_v<decltype(result), absl::Status>) {
      status = result;
    } else {
      status = result.status();
    }
    if (!absl::IsUnavailable(status)) return result;
    rd_kafka_poll(client.rk(), 20);
  }
}

}  // namespace usher::log
