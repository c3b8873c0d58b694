// RedisClient: one connection to Redis that heals. Commands go out one at a time; what comes back
// is a reply that was expected, or an error.
//
// Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "hiredis.h"
#include "store/redis/address.h"
#include "store/redis/redis_store.h"

namespace usher::store {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};

class RedisClient {
 public:
  // Borrows both.
  RedisClient(const RedisOptions& options, const Address& address);

  using Words = std::vector<std::string_view>;

  // Errors: kUnavailable: no connection, no answer in time, or an error reply; for writes the fate
  // is unknown.
  //         kFailedPrecondition: WRONGTYPE, what lies there is not ours.
  //         kNotFound: NOSCRIPT.
  absl::StatusOr<Reply> Run(const Words& words);

  // Runs a script by its hash, and by its text if the server has forgotten it. `words`: key count,
  // keys, arguments.
  absl::StatusOr<std::int64_t> RunScript(const std::string& text, std::string& sha,
                                         const Words& words);

 private:
  absl::Status Connect();
  absl::Status Greet();
  absl::StatusOr<Reply> Send(const Words& words);
  absl::Status Lost(const std::string& doing);

  const RedisOptions& options_;
  const Address& address_;
  std::unique_ptr<redisContext, FreeContext> context_;
  std::chrono::steady_clock::time_point retry_at_{};
  Duration backoff_;
};

// The bytes of a string reply.
inline std::string Bytes(const redisReply& reply) { return std::string(reply.str, reply.len); }

// The reply was of a kind that this command does not give.
absl::Status Unexpected(const redisReply& reply);

}  // namespace usher::store
