// Real processes that really crash: twice at one command, then its desk is held and others live.
#include "router/crash.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "journal/topics.h"
#include "log/embedded/embedded_log.h"
#include "router/router.h"
#include "router/verifier.h"
#include "unit/services/router/rig.h"

namespace usher::router {
namespace {

constexpr int kFine = 0;
constexpr int kBad = 3;

// How the process ended that ran `life`.
int StatusOf(const std::function<bool()>& life) {
  const pid_t child = fork();
  if (child == 0) _exit(life() ? kFine : kBad);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

bool Dies(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }
bool Fine(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == kFine; }

// All that a process needs, on the folder `dir`.
struct Life {
  explicit Life(const std::string& dir) {
    log = *log::OpenEmbeddedLog({.dir = dir + "/log"});
    for (const log::TopicSpec& spec : journal::Topics(1)) {
      if (!log->CreateTopic(spec).ok()) std::abort();
    }
    commands = *journal::OpenCommandLog(*log);
    options.strikes_file = dir + "/strikes";
  }

  void Put(const std::string& desk, CommandBody body) {
    journal::CommandWriter writer(commands, *log->OpenAppender());
    wire::CommandRecord record;
    record.desk = DeskName::Of(desk);
    record.command.body = std::move(body);
    if (!writer.Append(record, [](const auto&) {}).ok() || !writer.Flush(60s).ok() ||
        !writer.Poll().ok()) {
      std::abort();
    }
  }

  // Until all commands are decided; false: a step failed, or it takes too long.
  bool Route() {
    auto router = Router::Bind(options, commands, *log, metrics, health);
    if (!router.ok()) return false;
    const Instant until = WallNow() + 60s;
    bool served = false;
    while (!served || !(*router)->Drain(0s).ok()) {
      if (WallNow() > until) return false;
      for (Stepper* stepper : (*router)->steppers()) {
        if (!stepper->Step(WallNow(), 1ms).ok()) return false;
      }
      served = served || health.serving(kServiceName);
    }
    return true;
  }

  std::size_t DecisionsOf(const std::string& desk) {
    std::size_t count = 0;
    const auto records = log->ReadRange({journal::kDecisions, 0}, 0, 100'000).value();
    for (const log::Record& record : records) {
      count += wire::DecodeDecision(record.value)->desk == DeskName::Of(desk) ? 1 : 0;
    }
    return count;
  }

  std::unique_ptr<log::Log> log;
  journal::CommandLog commands;
  Options options;
  telemetry::Metrics metrics;
  rpc::Health health;
};

void TouchForbidden() {
  void* const page = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile int*>(page) = 1;
}

Logic CrashingBy(int signal) {
  Logic logic;
  logic.decide = [signal](std::uint32_t, engine::Engine& engine, const Command& command,
                          DecisionList& decided) {
    if (std::holds_alternative<AbandonInquiry>(command.body)) {
      if (signal == SIGABRT) std::abort();
      if (signal == SIGSEGV) TouchForbidden();
      std::raise(signal);
    }
    engine.Apply(command, decided);
  };
  return logic;
}

class Crashes : public testing::Test {
 protected:
  Crashes() {
    dir_ = (std::filesystem::temp_directory_path() / "usher-crash-XXXXXX").string();
    EXPECT_NE(mkdtemp(dir_.data()), nullptr);
  }
  ~Crashes() override { std::filesystem::remove_all(dir_); }

  int RouteCrashingBy(int signal) {
    return StatusOf([&] {
      Life life(dir_);
      life.options.logic = CrashingBy(signal);
      return life.Route();
    });
  }

  std::string dir_;
};

TEST_F(Crashes, TwiceAtOneCommandHoldItsDeskUntilItIsReleased) {
  ASSERT_TRUE(Fine(StatusOf([&] {
    Life life(dir_);
    life.Put("eu", ApplyPolicy{ShopPolicy()});
    life.Put("us", ApplyPolicy{ShopPolicy()});
    life.Put("eu", AbandonInquiry{InquiryId::FromNumber(9)});  // offset 3
    life.Put("eu", RegisterAgent{AgentName::Of("ana"), {}, 3, {}});
    life.Put("us", RegisterAgent{AgentName::Of("ana"), {}, 3, {}});
    return true;
  })));
  ASSERT_TRUE(Dies(RouteCrashingBy(SIGABRT), SIGABRT));
  const auto strikes = ReadStrikes(dir_ + "/strikes");
  ASSERT_TRUE(strikes.ok());
  ASSERT_EQ(strikes->size(), 1U);
  EXPECT_EQ(strikes->front().offset, 3);
  EXPECT_EQ(strikes->front().desk, DeskName::Of("eu"));
  ASSERT_TRUE(Dies(RouteCrashingBy(SIGKILL), SIGKILL));  // no strike: somebody killed it
  ASSERT_TRUE(Dies(RouteCrashingBy(SIGSEGV), SIGSEGV));
  ASSERT_TRUE(Fine(RouteCrashingBy(SIGABRT))) << "the desk is held, the process lives";
  ASSERT_TRUE(Fine(StatusOf([&] {
    Life life(dir_);
    const bool held = life.DecisionsOf("eu") == 1 && life.DecisionsOf("us") == 2;
    auto appender = *life.log->OpenAppender();
    const wire::DeskRelease release{DeskName::Of("eu"), {3}};
    return held &&
           appender->Append({{journal::kCommands, 0}, "", wire::EncodeControl(release), {}}, 1)
               .ok() &&
           appender->Flush(60s).ok();
  })));
  ASSERT_TRUE(Fine(RouteCrashingBy(SIGABRT)));
  EXPECT_TRUE(Fine(StatusOf([&] {
    Life life(dir_);
    life.options.logic = CrashingBy(SIGABRT);
    Verifier verifier(life.options, life.commands, *life.log, 0, {});
    const bool stepped = verifier.Step().ok();
    return stepped && verifier.verified().differences == 0 && life.DecisionsOf("eu") == 2;
  })));
}

TEST_F(Crashes, OutsideOfACommandAreNobodysStrike) {
  EXPECT_TRUE(Dies(StatusOf([&] {
                     if (!WatchCrashes(dir_ + "/strikes").ok()) return false;
                     { const ApplyScope scope(LogId::Of("log"), 0, 7, DeskName::Of("eu")); }
                     std::abort();
                   }),
                   SIGABRT));
  const auto strikes = ReadStrikes(dir_ + "/strikes");
  ASSERT_TRUE(strikes.ok());
  EXPECT_TRUE(strikes->empty());
}

}  // namespace
}  // namespace usher::router
