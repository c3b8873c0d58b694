#include "store/sim/sim_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/hash.h"
#include "store/row_number.h"
#include "support/status.h"

namespace usher::store {
namespace {

using Content = SimStores::Content;

template <class Map>
auto* Live(Map& map, const std::string& key, Instant now) {
  const auto found = map.find(key);
  if (found != map.end() && found->second.expires <= now) map.erase(found);
  const auto live = map.find(key);
  return live == map.end() ? nullptr : &live->second;
}

Instant Expiry(Instant now, Duration ttl) { return ttl == kKeep ? kNever : now + ttl; }

std::optional<std::string> RowOf(const Content& content, const std::string& table,
                                 const std::string& row) {
  const auto rows = content.tables.find(table);
  if (rows == content.tables.end()) return std::nullopt;
  const auto found = rows->second.find(row);
  return found == rows->second.end() ? std::nullopt : std::optional(found->second);
}

// True if every row that is counted up can be: the one thing for which a batch may fail half-way.
bool CanDo(const std::vector<Write>& writes, const Content& content) {
  std::map<std::pair<std::string, std::string>, std::optional<std::string>> rows;
  std::set<std::string> dropped;
  for (const Write& write : writes) {
    if (const auto* const row = std::get_if<PutRow>(&write)) {
      rows[{row->table, row->row}] = row->value;
    } else if (const auto* const gone = std::get_if<DeleteRow>(&write)) {
      rows[{gone->table, gone->row}] = std::nullopt;
    } else if (const auto* const drop = std::get_if<DeleteKey>(&write)) {
      std::erase_if(rows, [&](const auto& row) { return row.first.first == drop->key; });
      dropped.insert(drop->key);
    } else if (const auto* const add = std::get_if<AddToRow>(&write)) {
      const auto [row, fresh] = rows.try_emplace({add->table, add->row});
      if (fresh && !dropped.contains(add->table))
        row->second = RowOf(content, add->table, add->row);
      auto sum = AddToRowNumber(row->second, add->amount);
      if (!sum) return false;
      row->second = std::move(sum);
    }
  }
  return true;
}

void Do(const Write& write, Instant now, Content& content) {
  if (const auto* const put = std::get_if<PutValue>(&write)) {
    content.values[put->key] = {put->value, Expiry(now, put->ttl)};
  } else if (const auto* const drop = std::get_if<DeleteKey>(&write)) {
    content.values.erase(drop->key);
    content.tables.erase(drop->key);
    content.lists.erase(drop->key);
  } else if (const auto* const row = std::get_if<PutRow>(&write)) {
    content.tables[row->table][row->row] = row->value;
  } else if (const auto* const gone = std::get_if<DeleteRow>(&write)) {
    const auto table = content.tables.find(gone->table);
    if (table != content.tables.end()) table->second.erase(gone->row);
  } else if (const auto* const add = std::get_if<AddToRow>(&write)) {
    const auto sum = AddToRowNumber(RowOf(content, add->table, add->row), add->amount);
    USHER_CHECK(sum.has_value());
    content.tables[add->table][add->row] = *sum;
  } else {
    const auto& push = std::get<PushToList>(write);
    Live(content.lists, push.key, now);
    SimStores::List& list = content.lists[push.key];
    list.elements.push_back(push.value);
    list.expires = Expiry(now, push.ttl);
  }
}

class SimStore : public Store {
 public:
  explicit SimStore(SimStores& server) : server_(server) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    USHER_RETURN_IF_ERROR(Reach());
    const auto* const value = Live(content().values, key, server_.Now());
    return value == nullptr ? std::nullopt : std::optional(value->bytes);
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    USHER_RETURN_IF_ERROR(Reach());
    std::vector<std::optional<std::string>> values;
    for (const std::string& key : keys) {
      const auto* const value = Live(content().values, key, server_.Now());
      values.push_back(value == nullptr ? std::nullopt : std::optional(value->bytes));
    }
    return values;
  }

  absl::Status Put(const PutValue& put) override {
    USHER_RETURN_IF_ERROR(Reach());
    content().values[put.key] = {put.value, Expiry(server_.Now(), put.ttl)};
    return Answer();
  }

  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const PutValue& put) override {
    USHER_RETURN_IF_ERROR(Reach());
    const auto* const value = Live(content().values, put.key, server_.Now());
    if ((value == nullptr ? std::nullopt : std::optional(value->bytes)) != expected) return false;
    content().values[put.key] = {put.value, Expiry(server_.Now(), put.ttl)};
    USHER_RETURN_IF_ERROR(Answer());
    return true;
  }

  absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                    const std::string& row) override {
    USHER_RETURN_IF_ERROR(Reach());
    return RowOf(content(), table, row);
  }

  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) override {
    USHER_RETURN_IF_ERROR(Reach());
    std::vector<std::pair<std::string, std::string>> rows;
    const auto found = content().tables.find(table);
    if (found != content().tables.end()) rows.assign(found->second.begin(), found->second.end());
    return rows;
  }

  absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                   std::size_t most) override {
    USHER_RETURN_IF_ERROR(Reach());
    const auto* const list = Live(content().lists, key, server_.Now());
    std::vector<std::string> elements;
    if (list == nullptr) return elements;
    const std::size_t count = std::min(most, list->elements.size());
    elements.assign(list->elements.begin(),
                    list->elements.begin() + static_cast<std::ptrdiff_t>(count));
    return elements;
  }

  absl::StatusOr<bool> Apply(const Batch& batch) override {
    USHER_RETURN_IF_ERROR(Reach());
    const Instant now = server_.Now();
    const auto* const watermark = Live(content().values, batch.watermark_key, now);
    if ((watermark == nullptr ? std::nullopt : std::optional(watermark->bytes)) != batch.expected) {
      return false;
    }
    if (!CanDo(batch.writes, content())) {
      return absl::FailedPreconditionError("simulated store: a row cannot be counted up");
    }
    for (const Write& write : batch.writes) Do(write, now, content());
    content().values[batch.watermark_key] = {batch.next, kNever};
    USHER_RETURN_IF_ERROR(Answer());
    return true;
  }

 private:
  Content& content() { return server_.content(); }

  absl::Status Reach() {
    if (server_.faults.down || server_.Draw(server_.faults.refused_permille)) {
      return absl::UnavailableError("simulated store: no answer");
    }
    return absl::OkStatus();
  }

  absl::Status Answer() {
    if (server_.Draw(server_.faults.fate_unknown_permille)) {
      return absl::UnavailableError("simulated store: the answer is lost");
    }
    return absl::OkStatus();
  }

  SimStores& server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> SimStores::Open() {
  return std::make_unique<SimStore>(*this);
}

bool SimStores::Draw(std::uint32_t permille) {
  if (permille == 0) return false;
  random_ = Mix64(random_ + 0x9e3779b97f4a7c15ULL);
  return random_ % 1000 < permille;
}

}  // namespace usher::store
