// Store: the port to a key-value store that holds views and order context, never truth.
// Adapters: redis, embedded (RocksDB), sim (memory, seeded faults).
//
// Three shapes: plain values (with an optional time to live), tables of rows, and lists that only
// grow at the end. Each shape has a name space of its own: a value, a table and a list of one key
// do not meet. What is inside a value is no concern of this library. All may vanish at any time
// (FLUSHALL); every view can be rebuilt from the log.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"

namespace usher::store {

constexpr Duration kKeep = Duration::zero();  // no time to live

struct PutValue {
  std::string key;
  std::string value;
  Duration ttl = kKeep;
};
struct DeleteKey {  // of any shape
  std::string key;
};
struct PutRow {
  std::string table;
  std::string row;
  std::string value;
};
struct DeleteRow {
  std::string table;
  std::string row;
};
struct AddToRow {  // the row holds a decimal integer, under 2^53 either way; absent counts as 0
  std::string table;
  std::string row;
  std::int64_t amount = 0;
};
struct PushToList {
  std::string key;
  std::string value;
  Duration ttl = kKeep;  // of the whole list, set anew by each push
};

using Write = std::variant<PutValue, DeleteKey, PutRow, DeleteRow, AddToRow, PushToList>;

// Writes that happen together or not at all, once: only if the watermark still says `expected`.
struct Batch {
  std::string watermark_key;            // a plain key
  std::optional<std::string> expected;  // its value before; nothing: absent
  std::string next;                     // its value after
  std::vector<Write> writes;            // in order
};

// Threads: one, or one Store a thread (Stores::Open). Errors of all calls: kUnavailable (try again;
// for writes the fate is unknown), kFailedPrecondition (a row to be counted up holds no such
// number: nothing changed; or what lies there is not the store's own).
class Store {
 public:
  virtual ~Store() = default;

  virtual absl::StatusOr<std::optional<std::string>> Get(const std::string& key) = 0;
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) = 0;
  virtual absl::Status Put(const PutValue& put) = 0;

  // True if the key held `expected` (nothing: absent) and now holds `put.value`; false: it did not,
  // nothing changed.
  virtual absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                                     const PutValue& put) = 0;

  virtual absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                            const std::string& row) = 0;

  // All rows, sorted by row.
  virtual absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) = 0;

  // The first `most` elements of a list, in order of the pushes.
  virtual absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                           std::size_t most) = 0;

  // True if applied; false if the watermark said something else (nothing changed).
  virtual absl::StatusOr<bool> Apply(const Batch& batch) = 0;
};

// Where stores come from. Threads: any.
class Stores {
 public:
  virtual ~Stores() = default;
  virtual absl::StatusOr<std::unique_ptr<Store>> Open() = 0;
};

}  // namespace usher::store
