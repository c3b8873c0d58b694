#include "contract/log_bench.h"

#include "contract/temp_dir.h"
#include "core/check.h"
#include "log/embedded/embedded_log.h"
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

}  // namespace

std::vector<std::string> LogAdapters() { return {"sim", "embedded"}; }

std::unique_ptr<LogBench> MakeLogBench(const std::string& adapter) {
  if (adapter == "sim") return std::make_unique<SimBench>();
  return std::make_unique<EmbeddedBench>();
}

}  // namespace usher::contract
