// What every store adapter promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "contract/store_bench.h"

namespace usher::contract {
namespace {

using store::AddToRow;
using store::Batch;
using store::DeleteKey;
using store::DeleteRow;
using store::PushToList;
using store::PutRow;
using store::PutValue;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class StoreContract : public testing::TestWithParam<std::string> {
 protected:
  StoreContract() : bench_(MakeStoreBench(GetParam())), store_(bench_->Open()) {}

  std::optional<std::string> Get(const std::string& key) {
    auto value = store_->Get(key);
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *value : std::nullopt;
  }
  bool Apply(std::optional<std::string> expected, const std::string& next,
             std::vector<store::Write> writes) {
    auto applied = store_->Apply({"mark", std::move(expected), next, std::move(writes)});
    EXPECT_TRUE(applied.ok()) << applied.status();
    return applied.ok() && *applied;
  }

  const std::unique_ptr<StoreBench> bench_;
  std::unique_ptr<store::Store> store_;
};

std::string AllBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

TEST_P(StoreContract, KeepsValuesOfAnyBytes) {
  EXPECT_EQ(Get("key"), std::nullopt);
  ASSERT_TRUE(store_->Put({AllBytes(), AllBytes()}).ok());
  EXPECT_EQ(Get(AllBytes()), AllBytes());
  ASSERT_TRUE(store_->Put({"key", ""}).ok());
  EXPECT_EQ(Get("key"), "");
  ASSERT_TRUE(store_->Put({"key", "other"}).ok());
  EXPECT_EQ(Get("key"), "other");
  ASSERT_TRUE(store_->Put({"", "no name"}).ok());
  EXPECT_EQ(Get(""), "no name");
}

TEST_P(StoreContract, GetManyKeepsTheOrderAndTheHoles) {
  ASSERT_TRUE(store_->Put({"a", "1"}).ok());
  ASSERT_TRUE(store_->Put({"c", "3"}).ok());
  EXPECT_THAT(store_->GetMany({"c", "b", "a", "c"}).value(),
              ElementsAre("3", std::nullopt, "1", "3"));
  EXPECT_THAT(store_->GetMany({}).value(), IsEmpty());
}

TEST_P(StoreContract, PutIfLooksBeforeItPuts) {
  EXPECT_FALSE(store_->PutIf("something", {"key", "new"}).value());
  EXPECT_EQ(Get("key"), std::nullopt);
  EXPECT_TRUE(store_->PutIf(std::nullopt, {"key", "first"}).value());
  EXPECT_FALSE(store_->PutIf(std::nullopt, {"key", "second"}).value());
  EXPECT_FALSE(store_->PutIf("else", {"key", "second"}).value());
  EXPECT_EQ(Get("key"), "first");
  EXPECT_TRUE(store_->PutIf("first", {"key", AllBytes()}).value());
  EXPECT_TRUE(store_->PutIf(AllBytes(), {"key", ""}).value());
  EXPECT_FALSE(store_->PutIf(std::nullopt, {"key", "empty is not absent"}).value());
  EXPECT_TRUE(store_->PutIf("", {"key", "end"}).value());
}

TEST_P(StoreContract, AValueOutlivesItsTimeByNothing) {
  ASSERT_TRUE(store_->Put({"brief", "value", 200ms}).ok());
  ASSERT_TRUE(store_->Put({"long", "value", 1h}).ok());
  ASSERT_TRUE(store_->PutIf(std::nullopt, {"if", "value", 200ms}).value());
  ASSERT_TRUE(Apply(std::nullopt, "1", {PutValue{"batch", "value", 200ms}}));
  EXPECT_EQ(Get("long"), "value");
  bench_->PassTime(300ms);
  EXPECT_THAT(store_->GetMany({"brief", "long", "if", "batch", "mark"}).value(),
              ElementsAre(std::nullopt, "value", std::nullopt, std::nullopt, "1"));
  EXPECT_TRUE(store_->PutIf(std::nullopt, {"brief", "anew"}).value());
}

TEST_P(StoreContract, PuttingAgainGivesANewTime) {
  ASSERT_TRUE(store_->Put({"key", "brief", 200ms}).ok());
  ASSERT_TRUE(store_->Put({"key", "kept"}).ok());
  ASSERT_TRUE(store_->Put({"other", "brief", 200ms}).ok());
  ASSERT_TRUE(store_->Put({"other", "long", 1h}).ok());
  bench_->PassTime(300ms);
  ASSERT_TRUE(store_->Put({"clean", "up"}).ok());
  EXPECT_EQ(Get("key"), "kept");
  EXPECT_EQ(Get("other"), "long");
}

TEST_P(StoreContract, ABatchIsAppliedOnce) {
  const std::vector<store::Write> writes{AddToRow{"t", "count", 1}, PushToList{"l", "once"}};
  EXPECT_TRUE(Apply(std::nullopt, "7", writes));
  EXPECT_FALSE(Apply(std::nullopt, "7", writes));
  EXPECT_FALSE(Apply("6", "8", writes));
  EXPECT_EQ(store_->GetRow("t", "count").value(), "1");
  EXPECT_THAT(store_->GetList("l", 10).value(), ElementsAre("once"));
  EXPECT_EQ(Get("mark"), "7");
  EXPECT_TRUE(Apply("7", AllBytes(), writes));
  EXPECT_TRUE(Apply(AllBytes(), "9", {}));
  EXPECT_EQ(store_->GetRow("t", "count").value(), "2");
}

TEST_P(StoreContract, WritesOfABatchSeeEachOtherInOrder) {
  EXPECT_TRUE(Apply(
      std::nullopt, "1",
      {PutRow{"t", "a", "5"}, AddToRow{"t", "a", 2}, AddToRow{"t", "a", -10},
       PutRow{"t", "b", "gone"}, DeleteRow{"t", "b"}, AddToRow{"t", "b", 4}, PushToList{"l", "1"},
       PushToList{"l", "2"}, PutValue{"v", "first"}, PutValue{"v", "second"}, PutRow{"u", "x", "y"},
       DeleteKey{"u"}, AddToRow{"u", "n", 1}, PutValue{"w", "w"}, DeleteKey{"w"}}));
  EXPECT_THAT(store_->GetTable("t").value(), ElementsAre(Pair("a", "-3"), Pair("b", "4")));
  EXPECT_THAT(store_->GetList("l", 10).value(), ElementsAre("1", "2"));
  EXPECT_EQ(Get("v"), "second");
  EXPECT_EQ(Get("w"), std::nullopt);
  EXPECT_THAT(store_->GetTable("u").value(), ElementsAre(Pair("n", "1")));
}

TEST_P(StoreContract, ARowThatIsNoNumberIsNotCountedUpAndNothingElseHappens) {
  ASSERT_TRUE(Apply(std::nullopt, "1",
                    {PutRow{"t", "text", "12x"}, PutRow{"t", "big", "9007199254740991"},
                     PutRow{"t", "over", "9007199254740993"}}));
  for (const AddToRow& add :
       {AddToRow{"t", "text", 1}, AddToRow{"t", "big", 1},
        AddToRow{"t", "new", std::numeric_limits<std::int64_t>::max()}, AddToRow{"t", "over", 0}}) {
    const auto applied = store_->Apply(
        {"mark", "1", "2", {PutValue{"v", "v"}, PushToList{"l", "l"}, PutRow{"t", "r", "r"}, add}});
    EXPECT_EQ(applied.status().code(), absl::StatusCode::kFailedPrecondition) << add.row;
  }
  EXPECT_EQ(Get("mark"), "1");
  EXPECT_EQ(Get("v"), std::nullopt);
  EXPECT_THAT(store_->GetList("l", 10).value(), IsEmpty());
  EXPECT_EQ(store_->GetTable("t").value().size(), 3u);
  EXPECT_TRUE(Apply("1", "2", {AddToRow{"t", "big", -1}}));
  EXPECT_EQ(store_->GetRow("t", "big").value(), "9007199254740990");
}

TEST_P(StoreContract, TablesAreSortedByRow) {
  EXPECT_THAT(store_->GetTable("t").value(), IsEmpty());
  EXPECT_EQ(store_->GetRow("t", "a").value(), std::nullopt);
  ASSERT_TRUE(Apply(std::nullopt, "1",
                    {PutRow{"t", "b", "2"}, PutRow{"t", "\xff", "4"}, PutRow{"t", "", "0"},
                     PutRow{"t", "a", "1"}, PutRow{"t2", "c", "3"}}));
  EXPECT_THAT(store_->GetTable("t").value(),
              ElementsAre(Pair("", "0"), Pair("a", "1"), Pair("b", "2"), Pair("\xff", "4")));
  EXPECT_EQ(store_->GetRow("t", "b").value(), "2");
  EXPECT_EQ(store_->GetRow("t", "c").value(), std::nullopt);
}

TEST_P(StoreContract, ListsGrowAtTheEnd) {
  EXPECT_THAT(store_->GetList("l", 10).value(), IsEmpty());
  ASSERT_TRUE(Apply(std::nullopt, "1", {PushToList{"l", "a"}, PushToList{"l", AllBytes()}}));
  ASSERT_TRUE(Apply("1", "2", {PushToList{"l", "c"}}));
  EXPECT_THAT(store_->GetList("l", 10).value(), ElementsAre("a", AllBytes(), "c"));
  EXPECT_THAT(store_->GetList("l", 2).value(), ElementsAre("a", AllBytes()));
  EXPECT_THAT(store_->GetList("l", 0).value(), IsEmpty());
}

TEST_P(StoreContract, AListLivesAsLongAsItsLastPushSays) {
  ASSERT_TRUE(Apply(std::nullopt, "1",
                    {PushToList{"gone", "a", 1h}, PushToList{"gone", "b", 200ms},
                     PushToList{"kept", "a", 200ms}, PushToList{"kept", "b"}}));
  bench_->PassTime(300ms);
  EXPECT_THAT(store_->GetList("gone", 10).value(), IsEmpty());
  EXPECT_THAT(store_->GetList("kept", 10).value(), ElementsAre("a", "b"));
  ASSERT_TRUE(Apply("1", "2", {PushToList{"gone", "c", 1h}}));
  EXPECT_THAT(store_->GetList("gone", 10).value(), ElementsAre("c"));
}

TEST_P(StoreContract, ShapesDoNotMeet) {
  ASSERT_TRUE(
      Apply(std::nullopt, "1",
            {PutValue{"x", "value"}, PutRow{"x", "row", "cell"}, PushToList{"x", "element"}}));
  EXPECT_EQ(Get("x"), "value");
  EXPECT_EQ(store_->GetRow("x", "row").value(), "cell");
  EXPECT_THAT(store_->GetList("x", 10).value(), ElementsAre("element"));
  ASSERT_TRUE(Apply("1", "2", {DeleteKey{"x"}}));
  EXPECT_EQ(Get("x"), std::nullopt);
  EXPECT_THAT(store_->GetTable("x").value(), IsEmpty());
  EXPECT_THAT(store_->GetList("x", 10).value(), IsEmpty());
}

TEST_P(StoreContract, NamesThatBeginAlikeAreNotMixedUp) {
  ASSERT_TRUE(Apply(std::nullopt, "1",
                    {PutRow{"a", "bc", "1"}, PutRow{"ab", "c", "2"}, PushToList{"a", "1"},
                     PushToList{std::string("a\0", 2), "2"}, DeleteKey{"a"}}));
  EXPECT_THAT(store_->GetTable("ab").value(), ElementsAre(Pair("c", "2")));
  EXPECT_THAT(store_->GetTable("a").value(), IsEmpty());
  EXPECT_THAT(store_->GetList(std::string("a\0", 2), 10).value(), ElementsAre("2"));
}

TEST_P(StoreContract, CarriesLargeValuesAndBatches) {
  const std::string large(5 << 20, 'x');
  ASSERT_TRUE(store_->Put({"large", large}).ok());
  EXPECT_EQ(Get("large"), large);
  std::vector<store::Write> writes;
  for (int i = 0; i < 20'000; ++i) {
    writes.push_back(PutRow{"t", std::to_string(100'000 + i), std::to_string(i)});
  }
  ASSERT_TRUE(Apply(std::nullopt, "1", writes));
  const auto rows = store_->GetTable("t").value();
  ASSERT_EQ(rows.size(), 20'000u);
  EXPECT_EQ(rows[777], std::make_pair(std::string("100777"), std::string("777")));
}

TEST_P(StoreContract, StoresOfOneSourceSeeEachOther) {
  const std::unique_ptr<store::Store> other = bench_->Open();
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  EXPECT_EQ(other->Get("key").value(), "value");
  EXPECT_TRUE(other->Apply({"mark", std::nullopt, "1", {}}).value());
  EXPECT_FALSE(Apply(std::nullopt, "1", {}));
}

TEST_P(StoreContract, ComesBackAfterItsServerWentAway) {
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  if (!bench_->Restart()) GTEST_SKIP() << "lives inside this process";
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  absl::Status put = absl::UnavailableError("");
  while (absl::IsUnavailable(put) && std::chrono::steady_clock::now() < deadline) {
    put = store_->Put({"key", "again"});
  }
  EXPECT_TRUE(put.ok()) << put;
  // A server that has forgotten the scripts is told them again.
  EXPECT_TRUE(Apply(std::nullopt, "1", {PutRow{"t", "r", "v"}}));
  EXPECT_EQ(Get("key"), "again");
}

TEST_P(StoreContract, EverythingMayVanish) {
  ASSERT_TRUE(
      Apply(std::nullopt, "5", {PutValue{"v", "v"}, PutRow{"t", "r", "v"}, PushToList{"l", "e"}}));
  if (!bench_->FlushAll()) GTEST_SKIP() << "nobody can do that here";
  EXPECT_EQ(Get("v"), std::nullopt);
  EXPECT_THAT(store_->GetTable("t").value(), IsEmpty());
  EXPECT_THAT(store_->GetList("l", 10).value(), IsEmpty());
  EXPECT_FALSE(Apply("5", "6", {}));
  EXPECT_TRUE(Apply(std::nullopt, "1", {PutValue{"v", "rebuilt"}}));
}

INSTANTIATE_TEST_SUITE_P(Adapters, StoreContract, testing::ValuesIn(StoreAdapters()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace usher::contract
