// What the Redis adapter does when its server does not do what it should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis.h>

#include <chrono>
#include <string>

#include "contract/parts_control.h"
#include "store/redis/redis_store.h"

namespace usher::contract {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

class RedisFaults : public testing::Test {
 protected:
  void SetUp() override {
    if (address_.empty()) GTEST_SKIP() << "USHER_TEST_REDIS names no server";
    stores_ = store::OpenRedisStores({.address = address_,
                                      .prefix = "faults:",
                                      .command_timeout = 200ms,
                                      .backoff_min = 10ms,
                                      .backoff_max = 50ms})
                  .value();
    store_ = stores_->Open().value();
  }

  // A command of somebody else's.
  void Foreign(const std::string& command) {
    const std::size_t colon = address_.rfind(':');
    redisContext* const context =
        redisConnect(address_.substr(0, colon).c_str(), std::stoi(address_.substr(colon + 1)));
    ASSERT_NE(context, nullptr);
    ASSERT_EQ(context->err, 0) << context->errstr;
    auto* const reply = static_cast<redisReply*>(redisCommand(context, command.c_str()));
    ASSERT_NE(reply, nullptr);
    EXPECT_NE(reply->type, REDIS_REPLY_ERROR) << reply->str;
    freeReplyObject(reply);
    redisFree(context);
  }

  absl::Status PutUntilItWorks() {
    const auto deadline = steady_clock::now() + 30s;
    absl::Status put = absl::UnavailableError("not tried");
    while (absl::IsUnavailable(put) && steady_clock::now() < deadline) {
      put = store_->Put({"key", "value"});
    }
    return put;
  }

  const std::string address_ = Environment("USHER_TEST_REDIS");
  std::unique_ptr<store::Stores> stores_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(RedisFaults, AnErrorReplyIsNeverData) {
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  Foreign("CONFIG SET maxmemory 1");
  const absl::Status refused = store_->Put({"key", "other"});
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("OOM"));
  const auto applied = store_->Apply({"mark", std::nullopt, "1", {store::PutValue{"v", "v"}}});
  EXPECT_EQ(applied.status().code(), absl::StatusCode::kUnavailable) << applied.status();
  Foreign("CONFIG SET maxmemory 0");
  EXPECT_EQ(store_->Get("key").value(), "value");
  EXPECT_EQ(store_->Get("v").value(), std::nullopt);
}

TEST_F(RedisFaults, WhatIsNotOursIsNotRead) {
  Foreign("RPUSH faults:v:alien element");
  EXPECT_EQ(store_->Get("alien").status().code(), absl::StatusCode::kFailedPrecondition);
  Foreign("SET faults:t:alien text");
  EXPECT_EQ(store_->GetTable("alien").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(store_->Put({"key", "the connection lives"}).ok());
}

TEST_F(RedisFaults, AServerThatHangsCostsOneTimeoutAndNoMixedUpAnswers) {
  ASSERT_TRUE(store_->Put({"a", "of a"}).ok());
  ASSERT_TRUE(store_->Put({"b", "of b"}).ok());
  Disturb("redis pause");
  const auto began = steady_clock::now();
  const auto got = store_->Get("a");
  const auto took = steady_clock::now() - began;
  Disturb("redis resume");
  EXPECT_EQ(got.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(got.status().message()), HasSubstr("no answer in time"));
  EXPECT_GE(took, 200ms);
  EXPECT_LT(took, 5s);
  ASSERT_TRUE(PutUntilItWorks().ok());
  EXPECT_EQ(store_->Get("b").value(), "of b");
  EXPECT_EQ(store_->Get("a").value(), "of a");
}

TEST_F(RedisFaults, WithoutAServerCallsFailAtOnceAndItIsFoundAgain) {
  ASSERT_TRUE(store_->Put({"key", "value"}).ok());
  Disturb("redis kill");
  const auto began = steady_clock::now();
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(store_->Get("key").status().code(), absl::StatusCode::kUnavailable);
  }
  // The pauses between attempts make all but a few of them answer without the network.
  EXPECT_LT(steady_clock::now() - began, 10s);
  Disturb("redis start");
  EXPECT_TRUE(PutUntilItWorks().ok());
  EXPECT_TRUE(store_->Apply({"mark2", std::nullopt, "1", {}}).value());
}

TEST_F(RedisFaults, AServerThatForgotTheScriptsIsToldThemAgain) {
  EXPECT_TRUE(store_->Apply({"mark3", std::nullopt, "1", {}}).value());
  Foreign("SCRIPT FLUSH");
  EXPECT_TRUE(store_->Apply({"mark3", "1", "2", {}}).value());
}

TEST_F(RedisFaults, AWrongPasswordIsAnErrorOfEveryCall) {
  Foreign("ACL SETUSER guarded on >right ~* +@all");
  const auto open = [&](const std::string& password) {
    return store::OpenRedisStores(
        {.address = address_, .prefix = "faults:", .user = "guarded", .password = password});
  };
  const auto wrong = open("wrong").value();
  EXPECT_EQ(wrong->Open().value()->Get("key").status().code(), absl::StatusCode::kUnavailable);
  const auto right = open("right").value();
  EXPECT_TRUE(right->Open().value()->Get("key").ok());
  Foreign("ACL DELUSER guarded");
}

}  // namespace
}  // namespace usher::contract
