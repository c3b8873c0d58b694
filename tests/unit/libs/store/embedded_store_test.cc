#include "store/embedded/embedded_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "store/embedded/keys.h"
#include "store/row_number.h"

namespace usher::store {
namespace {

class EmbeddedStore : public testing::Test {
 protected:
  EmbeddedStore() {
    dir_ = (std::filesystem::temp_directory_path() / "usher-store-XXXXXX").string();
    EXPECT_NE(mkdtemp(dir_.data()), nullptr);
  }
  ~EmbeddedStore() override {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  std::string dir_;
  Instant now_ = FromMicros(1'000'000);
};

TEST_F(EmbeddedStore, SaysWhoseFolderItIsWhenItIsInUse) {
  const auto stores = OpenEmbeddedStores({.dir = dir_}).value();
  const auto second = OpenEmbeddedStores({.dir = dir_});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), testing::HasSubstr("is in use"));
}

TEST_F(EmbeddedStore, KeepsEverythingWhenOpenedAgain) {
  {
    const auto stores = OpenEmbeddedStores({.dir = dir_}).value();
    const auto store = stores->Open().value();
    ASSERT_TRUE(store
                    ->Apply({"mark",
                             std::nullopt,
                             "7",
                             {PutValue{"v", "value"}, PutRow{"t", "r", "cell"},
                              PushToList{"l", "one"}, PushToList{"l", "two"}}})
                    .value());
  }
  const auto stores = OpenEmbeddedStores({.dir = dir_}).value();
  const auto store = stores->Open().value();
  EXPECT_EQ(store->Get("mark").value(), "7");
  EXPECT_EQ(store->Get("v").value(), "value");
  EXPECT_EQ(store->GetRow("t", "r").value(), "cell");
  EXPECT_THAT(store->GetList("l", 10).value(), testing::ElementsAre("one", "two"));
}

// What has outlived its time is really gone, not only hidden: seen through a clock that goes back.
TEST_F(EmbeddedStore, WritesRemoveWhatHasOutlivedItsTime) {
  const auto stores = OpenEmbeddedStores({.dir = dir_, .clock = [this] { return now_; }}).value();
  const auto store = stores->Open().value();
  ASSERT_TRUE(store->Put({"v", "value", 1s}).ok());
  ASSERT_TRUE(store->Put({"longer", "value", 1s}).ok());
  ASSERT_TRUE(store->Put({"longer", "value", 10s}).ok());
  ASSERT_TRUE(store->Apply({"mark", std::nullopt, "1", {PushToList{"l", "old", 1s}}}).value());
  now_ += 2s;
  ASSERT_TRUE(store->Put({"other", "value"}).ok());
  now_ -= 2s;
  EXPECT_EQ(store->Get("v").value(), std::nullopt);
  EXPECT_EQ(store->Get("longer").value(), "value");
  EXPECT_TRUE(store->GetList("l", 10).value().empty());
}

TEST(StoreKeys, TheEndOfAPrefixLiesBehindAllThatBeginWithIt) {
  EXPECT_EQ(AfterPrefix("ab"), "ac");
  EXPECT_EQ(AfterPrefix("a\xff\xff"), "b");
  EXPECT_LT(RowKey("t", std::string(50, '\xff')), AfterPrefix(TablePrefix("t")));
}

TEST(RowNumber, IsADecimalIntegerThatADoubleHoldsExactly) {
  EXPECT_EQ(ParseRowNumber("-12"), -12);
  for (const char* text : {"", " 1", "1 ", "+1", "1e3", "0x1", "9007199254740992"}) {
    EXPECT_EQ(ParseRowNumber(text), std::nullopt) << text;
  }
  EXPECT_EQ(AddToRowNumber(std::nullopt, 5), "5");
  EXPECT_EQ(AddToRowNumber("9007199254740990", 1), "9007199254740991");
  EXPECT_EQ(AddToRowNumber("9007199254740991", 1), std::nullopt);
}

}  // namespace
}  // namespace usher::store
