#include "store/sim/sim_store.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::store {
namespace {

class SimStoreFaulty : public testing::Test {
 protected:
  Instant now_ = FromMicros(1'000'000);
  SimStores stores_{7, [this] { return now_; }};
  std::unique_ptr<Store> store_ = stores_.Open().value();
};

TEST_F(SimStoreFaulty, DownIsUnavailableAndDoesNothing) {
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  stores_.faults.down = true;
  EXPECT_EQ(store_->Get("key").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->Put({"key", "other"}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->Apply({"mark", std::nullopt, "1", {}}).status().code(),
            absl::StatusCode::kUnavailable);
  stores_.faults.down = false;
  EXPECT_EQ(store_->Get("key").value(), "value");
  EXPECT_EQ(store_->Get("mark").value(), std::nullopt);
}

TEST_F(SimStoreFaulty, AWriteOfUnknownFateWasDone) {
  stores_.faults.fate_unknown_permille = 1000;
  const Batch batch{"mark", std::nullopt, "1", {AddToRow{"t", "r", 1}}};
  EXPECT_EQ(store_->Apply(batch).status().code(), absl::StatusCode::kUnavailable);
  stores_.faults = {};
  // Whoever tries again finds by the watermark that it was done.
  EXPECT_FALSE(store_->Apply(batch).value());
  EXPECT_EQ(store_->GetRow("t", "r").value(), "1");
}

TEST_F(SimStoreFaulty, RefusalsAreDrawnFromTheSeed) {
  const auto run = [](std::uint64_t seed) {
    SimStores stores(seed, [] { return FromMicros(0); });
    stores.faults.refused_permille = 300;
    const auto store = stores.Open().value();
    std::string history;
    for (int i = 0; i < 100; ++i) history += store->Put({"key", "value"}).ok() ? '+' : '-';
    return history;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
  EXPECT_NE(run(1).find('-'), std::string::npos);
  EXPECT_NE(run(1).find('+'), std::string::npos);
}

TEST_F(SimStoreFaulty, ContentOutlivesTheStoresThatWroteIt) {
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  store_.reset();
  EXPECT_EQ(stores_.Open().value()->Get("key").value(), "value");
}

}  // namespace
}  // namespace usher::store
