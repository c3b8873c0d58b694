#include "store/redis/redis_store.h"

#include <signal.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "store/redis/address.h"
#include "store/redis/client.h"
#include "store/redis/scripts.h"
#include "support/status.h"

namespace usher::store {
namespace {

// Redis counts in milliseconds: never shorter than asked for.
std::string ToMillis(Duration ttl) { return std::to_string((ttl.count() + 999) / 1000); }

absl::StatusOr<std::optional<std::string>> OptionalBytes(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_NIL) return std::nullopt;
  if (reply.type != REDIS_REPLY_STRING) return Unexpected(reply);
  return Bytes(reply);
}

// The words of a batch, kept alive while they are sent.
class BatchWords {
 public:
  void Add(std::string_view word) { words_.push_back(word); }
  void Keep(std::string word) { words_.push_back(kept_.emplace_back(std::move(word))); }
  const RedisClient::Words& words() const { return words_; }

  void Add(const Write& write) {
    if (const auto* const put = std::get_if<PutValue>(&write)) {
      for (const std::string_view word :
           {std::string_view("v"), std::string_view(put->key), std::string_view(put->value)}) {
        Add(word);
      }
      Keep(ToMillis(put->ttl));
    } else if (const auto* const drop = std::get_if<DeleteKey>(&write)) {
      Add("d");
      Add(drop->key);
    } else if (const auto* const row = std::get_if<PutRow>(&write)) {
      Add("r");
      Add(row->table);
      Add(row->row);
      Add(row->value);
    } else if (const auto* const gone = std::get_if<DeleteRow>(&write)) {
      Add("x");
      Add(gone->table);
      Add(gone->row);
    } else if (const auto* const add = std::get_if<AddToRow>(&write)) {
      Add("a");
      Add(add->table);
      Add(add->row);
      Keep(std::to_string(add->amount));
    } else {
      const auto& push = std::get<PushToList>(write);
      Add("l");
      Add(push.key);
      Add(push.value);
      Keep(ToMillis(push.ttl));
    }
  }

 private:
  std::deque<std::string> kept_;  // its elements do not move
  RedisClient::Words words_;
};

class RedisStore : public Store {
 public:
  RedisStore(const RedisOptions& options, const Address& address)
      : prefix_(options.prefix), client_(options, address) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    USHER_TRY(const Reply reply, client_.Run({"GET", ValueKey(key)}));
    return OptionalBytes(*reply);
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    std::vector<std::optional<std::string>> values;
    if (keys.empty()) return values;
    std::vector<std::string> names;
    names.reserve(keys.size());
    for (const std::string& key : keys) names.push_back(ValueKey(key));
    RedisClient::Words words{"MGET"};
    words.insert(words.end(), names.begin(), names.end());
    USHER_TRY(const Reply reply, client_.Run(words));
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != keys.size()) {
      return Unexpected(*reply);
    }
    values.reserve(keys.size());
    for (std::size_t i = 0; i < reply->elements; ++i) {
      USHER_TRY(auto value, OptionalBytes(*reply->element[i]));
      values.push_back(std::move(value));
    }
    return values;
  }

  absl::Status Put(const PutValue& put) override {
    const std::string key = ValueKey(put.key);
    const std::string millis = ToMillis(put.ttl);
    RedisClient::Words words{"SET", key, put.value};
    if (put.ttl != kKeep) words.insert(words.end(), {"PX", millis});
    USHER_TRY(const Reply reply, client_.Run(words));
    return reply->type == REDIS_REPLY_STATUS ? absl::OkStatus() : Unexpected(*reply);
  }

  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const PutValue& put) override {
    const std::string key = ValueKey(put.key);
    const std::string millis = ToMillis(put.ttl);
    USHER_TRY(const std::int64_t done,
              client_.RunScript(kPutIfScript, put_if_sha_,
                                {"1", key, expected ? "1" : "0",
                                 expected ? std::string_view(*expected) : std::string_view(),
                                 put.value, millis}));
    return done == 1;
  }

  absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                    const std::string& row) override {
    USHER_TRY(const Reply reply, client_.Run({"HGET", TableKey(table), row}));
    return OptionalBytes(*reply);
  }

  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) override {
    USHER_TRY(const Reply reply, client_.Run({"HGETALL", TableKey(table)}));
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements % 2 != 0) return Unexpected(*reply);
    std::vector<std::pair<std::string, std::string>> rows;
    rows.reserve(reply->elements / 2);
    for (std::size_t i = 0; i + 1 < reply->elements; i += 2) {
      const redisReply& row = *reply->element[i];
      const redisReply& value = *reply->element[i + 1];
      if (row.type != REDIS_REPLY_STRING) return Unexpected(row);
      if (value.type != REDIS_REPLY_STRING) return Unexpected(value);
      rows.emplace_back(Bytes(row), Bytes(value));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                   std::size_t most) override {
    std::vector<std::string> elements;
    if (most == 0) return elements;
    const std::string last = std::to_string(most - 1);
    USHER_TRY(const Reply reply, client_.Run({"LRANGE", ListKey(key), "0", last}));
    if (reply->type != REDIS_REPLY_ARRAY) return Unexpected(*reply);
    elements.reserve(reply->elements);
    for (std::size_t i = 0; i < reply->elements; ++i) {
      const redisReply& element = *reply->element[i];
      if (element.type != REDIS_REPLY_STRING) return Unexpected(element);
      elements.push_back(Bytes(element));
    }
    return elements;
  }

  absl::StatusOr<bool> Apply(const Batch& batch) override {
    BatchWords words;
    words.Add("1");
    words.Keep(ValueKey(batch.watermark_key));
    words.Add(prefix_);
    words.Add(batch.expected ? "1" : "0");
    words.Add(batch.expected ? std::string_view(*batch.expected) : std::string_view());
    words.Add(batch.next);
    for (const Write& write : batch.writes) words.Add(write);
    USHER_TRY(const std::int64_t done, client_.RunScript(kApplyScript, apply_sha_, words.words()));
    if (done < 0) {
      return absl::FailedPreconditionError("redis: a row of the batch cannot be counted up");
    }
    return done == 1;
  }

 private:
  std::string ValueKey(const std::string& key) const { return prefix_ + "v:" + key; }
  std::string TableKey(const std::string& table) const { return prefix_ + "t:" + table; }
  std::string ListKey(const std::string& list) const { return prefix_ + "l:" + list; }

  const std::string prefix_;
  RedisClient client_;
  std::string put_if_sha_;
  std::string apply_sha_;
};

class RedisStores : public Stores {
 public:
  RedisStores(RedisOptions options, Address address)
      : options_(std::move(options)), address_(std::move(address)) {}

  absl::StatusOr<std::unique_ptr<Store>> Open() override {
    return std::make_unique<RedisStore>(options_, address_);
  }

 private:
  const RedisOptions options_;
  const Address address_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Stores>> OpenRedisStores(const RedisOptions& options) {
  USHER_TRY(Address address, ParseAddress(options.address));
  if (!address.local() && !options.allow_remote_plaintext) {
    return absl::FailedPreconditionError(
        absl::StrCat("redis ", options.address,
                     ": another machine, and the connection would not be encrypted; put a TLS "
                     "proxy beside this process, or allow it expressly"));
  }
  struct sigaction now {};
  if (sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
    std::signal(SIGPIPE, SIG_IGN);
  }
  return std::make_unique<RedisStores>(options, std::move(address));
}

}  // namespace usher::store
