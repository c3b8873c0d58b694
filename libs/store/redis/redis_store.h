// The Redis store: values, tables and lists on one Redis server (hiredis, RESP2).
//
// Every answer that is not the expected one is an error, never data. After an error the connection
// is closed and made anew by a later call, with a growing pause while that fails; a call never
// takes longer than its timeout. Batches are one Lua script each. Not for Redis Cluster: a batch
// touches keys of any slot.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/store.h"

namespace usher::store {

struct RedisOptions {
  std::string address = "127.0.0.1:6379";  // host:port, [v6]:port or unix:/path
  std::string prefix = "usher:";           // of all keys
  std::string user;                        // with a password only; empty: the default user
  std::string password;                    // empty: none
  int database = 0;

  Duration connect_timeout = 1s;
  Duration command_timeout = 1s;
  Duration backoff_min = 50ms;  // between attempts to connect, doubled up to
  Duration backoff_max = 2s;

  // hiredis 0.14 has no TLS: what is sent to another machine can be read on the way. Without this,
  // only this machine.
  bool allow_remote_plaintext = false;
};

// The stores must go before what they came from. A server that is not there now may come later:
// Open() does not ask. Ignores SIGPIPE for the process, since hiredis writes to sockets that the
// server may have closed. Errors: kInvalidArgument: the address; kFailedPrecondition: another
// machine, and that is not allowed.
absl::StatusOr<std::unique_ptr<Stores>> OpenRedisStores(const RedisOptions& options);

}  // namespace usher::store
