#include "contract/store_bench.h"

#include "contract/temp_dir.h"
#include "core/check.h"
#include "store/embedded/embedded_store.h"
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

}  // namespace

std::vector<std::string> StoreAdapters() { return {"sim", "embedded"}; }

std::unique_ptr<StoreBench> MakeStoreBench(const std::string& adapter) {
  if (adapter == "sim") return std::make_unique<SimBench>();
  return std::make_unique<EmbeddedBench>();
}

}  // namespace usher::contract
