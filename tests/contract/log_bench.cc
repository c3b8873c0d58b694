#include "contract/log_bench.h"

#include <cstdlib>
#include <filesystem>

#include "core/check.h"
#include "log/embedded/embedded_log.h"

namespace usher::contract {
namespace {

class TempDir {
 public:
  TempDir() {
    std::string path = (std::filesystem::temp_directory_path() / "usher-contract-XXXXXX").string();
    USHER_CHECK(mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
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

std::vector<std::string> LogAdapters() { return {"embedded"}; }

std::unique_ptr<LogBench> MakeLogBench(const std::string&) {
  return std::make_unique<EmbeddedBench>();
}

}  // namespace usher::contract
