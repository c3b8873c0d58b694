#include "router/crash.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>

#include "core/hash.h"

namespace usher::router {
namespace {

// A strike as it lies in the file. Of this machine: it is read by the next life of the process.
struct Row {
  std::uint64_t check = 0;  // of the bytes after it
  std::uint64_t life = 0;
  std::uint64_t log_high = 0;
  std::uint64_t log_low = 0;
  std::int64_t offset = 0;
  std::int32_t partition = 0;
  char desk[DeskName::kMaxBytes + 1] = {};
  char rest[4] = {};
};
static_assert(sizeof(Row) == 88);

std::uint64_t CheckOf(const Row& row) {
  return Hash64(
      {reinterpret_cast<const char*>(&row) + sizeof row.check, sizeof row - sizeof row.check});
}

struct Applying {
  const LogId* log = nullptr;  // null: this thread applies nothing
  const DeskName* desk = nullptr;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
};
thread_local Applying applying;

// A stack that is full is one of the ways to crash.
constexpr std::size_t kStackBytes = 32 * 1024;
thread_local std::array<char, kStackBytes> spare_stack;
thread_local bool has_spare_stack = false;

std::atomic<int> strikes_fd{-1};
std::atomic<std::uint64_t> this_life{0};

// Only what a signal handler may call: write() of bytes that are on the stack.
void OnCrash(int signal) {
  const int fd = strikes_fd.load(std::memory_order_relaxed);
  const Applying at = applying;
  if (fd >= 0 && at.log != nullptr) {
    Row row;
    row.life = this_life.load(std::memory_order_relaxed);
    row.log_high = at.log->bits.high;
    row.log_low = at.log->bits.low;
    row.offset = at.offset;
    row.partition = at.partition;
    const std::string_view desk = at.desk->view();
    std::memcpy(row.desk, desk.data(), desk.size());
    row.check = CheckOf(row);
    if (write(fd, &row, sizeof row) == sizeof row) fsync(fd);
    constexpr std::string_view kNote =
        "level=fatal note=command.crashed hint=\"usher desk list, after the restart\"\n";
    if (write(STDERR_FILENO, kNote.data(), kNote.size()) < 0) return;
  }
  // SA_RESETHAND has put the default back: the process ends as it would have.
  raise(signal);
}

}  // namespace

absl::Status WatchCrashes(const std::string& file) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return absl::UnavailableError("cannot write " + file);
  std::random_device device;
  this_life = (std::uint64_t{device()} << 32) | device() | 1;
  if (const int before = strikes_fd.exchange(fd); before >= 0) close(before);
  struct sigaction action = {};
  action.sa_handler = OnCrash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    sigaction(signal, &action, nullptr);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Strike>> ReadStrikes(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<Strike> strikes;
  if (!in) return strikes;
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return absl::UnavailableError("cannot read " + file);
  for (std::size_t at = 0; at + sizeof(Row) <= bytes.size(); at += sizeof(Row)) {
    Row row;
    std::memcpy(&row, bytes.data() + at, sizeof row);
    if (row.check != CheckOf(row)) continue;
    row.desk[DeskName::kMaxBytes] = '\0';
    strikes.push_back({LogId{{row.log_high, row.log_low}}, row.partition, row.offset,
                       DeskName::Of(row.desk), row.life});
  }
  return strikes;
}

ApplyScope::ApplyScope(const LogId& log, std::int32_t partition, std::int64_t offset,
                       const DeskName& desk) {
  if (!has_spare_stack && strikes_fd.load(std::memory_order_relaxed) >= 0) {
    has_spare_stack = true;
    stack_t stack = {};
    stack.ss_sp = spare_stack.data();
    stack.ss_size = spare_stack.size();
    sigaltstack(&stack, nullptr);
  }
  applying = {&log, &desk, partition, offset};
}

ApplyScope::~ApplyScope() { applying.log = nullptr; }

}  // namespace usher::router
