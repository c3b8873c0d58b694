#include "contract/log_bench.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "contract/parts_control.h"
#include "contract/temp_dir.h"
#include "core/check.h"
#include "log/embedded/embedded_log.h"
#include "log/kafka/kafka_log.h"
#include "log/sim/sim_log.h"

namespace usher::contract {
namespace {

class SimBench : public LogBench {
 public:
  log::Log& log() override { return log_; }
  void Reopen() override {}  // the cluster stays, its clients are gone
  std::unique_ptr<log::Appender> CrampedAppender() override { return log_.OpenAppender().value(); }
  void PassTime(Duration time) override { now_ += time; }

 private:
  Instant now_ = FromMicros(1'000'000);
  log::SimLog log_{{.clock = [this] { return now_; }, .pending_entries_max = 1000}};
};

class EmbeddedBench : public LogBench {
 public:
  EmbeddedBench() { Reopen(); }

  log::Log& log() override { return *log_; }

  void Reopen() override {
    log_.reset();
    auto log = log::OpenEmbeddedLog({.dir = dir_.path(), .pending_entries_max = 1000});
    USHER_CHECK(log.ok());
    log_ = std::move(log).value();
  }

  std::unique_ptr<log::Appender> CrampedAppender() override { return log_->OpenAppender().value(); }

 private:
  TempDir dir_;
  std::unique_ptr<log::Log> log_;
};

// The broker that USHER_TEST_KAFKA names.
class KafkaBench : public LogBench {
 public:
  explicit KafkaBench(const std::string& bootstrap) {
    options_.bootstrap = bootstrap;
    options_.replication = 1;
    options_.min_insync_replicas = 1;
    // Let the cleaner work on what is a moment old.
    options_.topic = {{"segment.ms", "100"},
                      {"min.cleanable.dirty.ratio", "0.01"},
                      {"min.compaction.lag.ms", "0"}};
    Reopen();
  }

  log::Log& log() override { return *log_; }

  void Reopen() override {
    log_.reset();
    log_ = Open(options_);
  }

  std::unique_ptr<log::Appender> CrampedAppender() override {
    log::KafkaOptions cramped = options_;
    cramped.pending_entries_max = 1000;
    cramped_ = Open(cramped);
    return cramped_->OpenAppender().value();
  }

  Compaction compaction() const override { return Compaction::kLater; }

 private:
  static std::unique_ptr<log::Log> Open(const log::KafkaOptions& options) {
    auto log = log::OpenKafkaLog(options);
    if (!log.ok()) std::fprintf(stderr, "%s\n", log.status().ToString().c_str());
    USHER_CHECK(log.ok());
    return std::move(log).value();
  }

  log::KafkaOptions options_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<log::Log> cramped_;
};

// librdkafka's own stand-in for brokers. Its partitions keep only 5 MiB.
class MockCluster {
 public:
  MockCluster() {
    char reason[512];
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    rk_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    USHER_CHECK(rk_ != nullptr);
    cluster_ = rd_kafka_mock_cluster_new(rk_, 1);
    USHER_CHECK(cluster_ != nullptr);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(rk_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void MakeTopic(const log::TopicSpec& spec) {
    USHER_CHECK(rd_kafka_mock_topic_create(cluster_, spec.name.c_str(), spec.partitions, 1) ==
                RD_KAFKA_RESP_ERR_NO_ERROR);
  }

 private:
  rd_kafka_t* rk_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

class MockBench : public LogBench {
 public:
  log::Log& log() override { return kafka_.log(); }
  absl::Status MakeTopic(const log::TopicSpec& spec) override {
    Cluster().MakeTopic(spec);
    return absl::OkStatus();
  }
  void Reopen() override { kafka_.Reopen(); }
  std::unique_ptr<log::Appender> CrampedAppender() override { return kafka_.CrampedAppender(); }
  Compaction compaction() const override { return Compaction::kNever; }
  bool commits_while_sharing() const override { return false; }
  bool checks_topics() const override { return false; }

 private:
  static MockCluster& Cluster() {
    static MockCluster cluster;
    return cluster;
  }

  KafkaBench kafka_{Cluster().bootstrap()};
};

}  // namespace

std::vector<std::string> LogAdapters() {
  std::vector<std::string> adapters{"sim", "embedded"};
  if (!Environment("USHER_TEST_KAFKA").empty()) adapters.push_back("kafka");
  if (!Environment("USHER_TEST_NO_KAFKA").empty()) adapters.push_back("mock");
  return adapters;
}

std::unique_ptr<LogBench> MakeLogBench(const std::string& adapter) {
  if (adapter == "sim") return std::make_unique<SimBench>();
  if (adapter == "kafka") return std::make_unique<KafkaBench>(Environment("USHER_TEST_KAFKA"));
  if (adapter == "mock") return std::make_unique<MockBench>();
  return std::make_unique<EmbeddedBench>();
}

}  // namespace usher::contract
