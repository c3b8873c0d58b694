#include "contract/store_bench.h"

#include <hiredis.h>
#include <unistd.h>

#include <chrono>

#include "contract/parts_control.h"
#include "contract/temp_dir.h"
#include "core/check.h"
#include "store/embedded/embedded_store.h"
#include "store/redis/redis_store.h"
#include "store/sim/sim_store.h"

namespace usher::contract {
namespace {

class SimBench : public StoreBench {
 public:
  std::unique_ptr<store::Store> Open() override { return stores_.Open().value(); }
  bool FlushAll() override {
    stores_.FlushAll();
    return true;
  }
  void PassTime(Duration time) override { now_ += time; }

 private:
  Instant now_ = FromMicros(1'000'000);
  store::SimStores stores_{1, [this] { return now_; }};
};

class EmbeddedBench : public StoreBench {
 public:
  EmbeddedBench() {
    auto stores = store::OpenEmbeddedStores({.dir = dir_.path(), .clock = [this] { return now_; }});
    USHER_CHECK(stores.ok());
    stores_ = std::move(stores).value();
  }
  std::unique_ptr<store::Store> Open() override { return stores_->Open().value(); }
  void PassTime(Duration time) override { now_ += time; }

 private:
  Instant now_ = FromMicros(1'000'000);
  TempDir dir_;
  std::unique_ptr<store::Stores> stores_;
};

class RedisBench : public StoreBench {
 public:
  RedisBench() {
    // A prefix of its own, so that tests do not see each other's keys.
    static int counter = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    prefix_ = std::to_string(now) + "." + std::to_string(getpid()) + "." +
              std::to_string(++counter) + ":";
    auto stores =
        store::OpenRedisStores({.address = Environment("USHER_TEST_REDIS"), .prefix = prefix_});
    USHER_CHECK(stores.ok());
    stores_ = std::move(stores).value();
  }

  std::unique_ptr<store::Store> Open() override { return stores_->Open().value(); }

  bool Restart() override {
    Disturb("redis kill");
    Disturb("redis start");
    return true;
  }

  bool FlushAll() override {
    Disturb("redis flush_all");
    return true;
  }

  // Keys live by the server's clock: ask it until it says so.
  void PassTime(Duration time) override {
    const Duration until = ServerTime() + time;
    while (ServerTime() < until) {
    }
  }

 private:
  static Duration ServerTime() {
    const std::string address = Environment("USHER_TEST_REDIS");
    const std::size_t colon = address.rfind(':');
    redisContext* const context =
        redisConnect(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)));
    USHER_CHECK(context != nullptr && context->err == 0);
    auto* const reply = static_cast<redisReply*>(redisCommand(context, "TIME"));
    USHER_CHECK(reply != nullptr && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2);
    const Duration now = std::chrono::seconds(std::stoll(reply->element[0]->str)) +
                         Duration(std::stoll(reply->element[1]->str));
    freeReplyObject(reply);
    redisFree(context);
    return now;
  }

  std::string prefix_;
  std::unique_ptr<store::Stores> stores_;
};

}  // namespace

std::vector<std::string> StoreAdapters() {
  std::vector<std::string> adapters{"sim", "embedded"};
  if (!Environment("USHER_TEST_REDIS").empty()) adapters.push_back("redis");
  return adapters;
}

std::unique_ptr<StoreBench> MakeStoreBench(const std::string& adapter) {
  if (adapter == "sim") return std::make_unique<SimBench>();
  if (adapter == "redis") return std::make_unique<RedisBench>();
  return std::make_unique<EmbeddedBench>();
}

}  // namespace usher::contract
