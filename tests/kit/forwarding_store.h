// ForwardingStore: a store that hands every call to another one, for tests that change one call.
//
// Threads: as the other one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace usher::kit {

class ForwardingStore : public store::Store {
 public:
  explicit ForwardingStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    return inner_->Get(key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    return inner_->GetMany(keys);
  }
  absl::Status Put(const store::PutValue& put) override { return inner_->Put(put); }
  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const store::PutValue& put) override {
    return inner_->PutIf(expected, put);
  }
  absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                    const std::string& row) override {
    return inner_->GetRow(table, row);
  }
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) override {
    return inner_->GetTable(table);
  }
  absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                   std::size_t most) override {
    return inner_->GetList(key, most);
  }
  absl::StatusOr<bool> Apply(const store::Batch& batch) override { return inner_->Apply(batch); }

 protected:
  const std::unique_ptr<store::Store> inner_;
};

}  // namespace usher::kit
