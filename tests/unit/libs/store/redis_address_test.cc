#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "store/redis/address.h"
#include "store/redis/redis_store.h"

namespace usher::store {
namespace {

TEST(RedisAddress, IsHostAndPortOrASocket) {
  const Address plain = ParseAddress("localhost:6379").value();
  EXPECT_EQ(plain.host, "localhost");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(ParseAddress("[::1]:1").value().host, "::1");
  EXPECT_EQ(ParseAddress("unix:/run/redis.sock").value().unix_path, "/run/redis.sock");
  for (const char* text : {"", ":1", "host", "host:", "host:0", "host:65536", "host:1x", "::1:1",
                           "[]:1", "unix:", "unix:relative"}) {
    EXPECT_EQ(ParseAddress(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(RedisAddress, OtherMachinesAreRefusedUnlessAllowed) {
  for (const char* text : {"10.0.0.1:6379", "redis:6379", "localhost.evil.example:6379"}) {
    const auto refused = OpenRedisStores({.address = text});
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_TRUE(OpenRedisStores({.address = text, .allow_remote_plaintext = true}).ok()) << text;
  }
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1", "unix:/x"}) {
    EXPECT_TRUE(OpenRedisStores({.address = text}).ok()) << text;
  }
}

TEST(RedisAddress, NobodyThereIsUnavailable) {
  const auto stores = OpenRedisStores({.address = "unix:/nonexistent/redis.sock"}).value();
  const auto store = stores->Open().value();
  EXPECT_EQ(store->Get("key").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store->Apply({"mark", std::nullopt, "1", {}}).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace usher::store
