#include "sim/world/gate.h"

#include <deque>
#include <utility>
#include <vector>

#include "kit/forwarding_log.h"
#include "support/status.h"

namespace usher::sim {
namespace {

absl::Status Gone() { return absl::AbortedError("the simulated process is gone"); }
absl::Status Frozen() { return absl::UnavailableError("the simulated process is frozen"); }
absl::Status Away() { return absl::UnavailableError("simulated log: no answer"); }
absl::Status NotThere(const Gate& gate) {
  return gate.state == Gate::State::kDead ? Gone() : Frozen();
}

class GatedAppender : public log::Appender {
 public:
  GatedAppender(std::unique_ptr<log::Appender> inner, Gate& gate)
      : inner_(std::move(inner)), gate_(gate) {}

  absl::Status Append(log::Entry entry, std::uint64_t token) override {
    Release();
    gate_.Pass();
    if (gate_.state == Gate::State::kDead) return Gone();
    if (gate_.state == Gate::State::kFrozen || !held_.empty()) {
      held_.push_back({std::move(entry), token});
      return absl::OkStatus();
    }
    USHER_RETURN_IF_ERROR(inner_->Append(std::move(entry), token));
    return gate_.Pass() || gate_.state == Gate::State::kFrozen ? absl::OkStatus() : Gone();
  }

  void Poll(std::vector<log::Ack>& acks) override {
    if (!gate_.open()) return;
    Release();
    const std::size_t before = acks.size();
    acks.insert(acks.end(), late_.begin(), late_.end());
    late_.clear();
    inner_->Poll(acks);
    if (acks.size() == before) return;
    // Who dies or freezes here has not looked at them yet; a frozen one finds them when it wakes.
    if (gate_.Pass()) return;
    late_.insert(late_.end(), acks.begin() + static_cast<std::ptrdiff_t>(before), acks.end());
    acks.resize(before);
  }

  absl::Status Flush(Duration wait) override {
    if (!gate_.open()) return NotThere(gate_);
    Release();
    return inner_->Flush(wait);
  }

 private:
  struct Held {
    log::Entry entry;
    std::uint64_t token;
  };

  // After a freeze: what was about to be appended is, in order.
  void Release() {
    if (!gate_.open()) return;
    while (!held_.empty()) {
      if (!inner_->Append(held_.front().entry, held_.front().token).ok()) return;
      held_.pop_front();
    }
  }

  const std::unique_ptr<log::Appender> inner_;
  Gate& gate_;
  std::deque<Held> held_;
  std::vector<log::Ack> late_;
};

class GatedReader : public log::Reader {
 public:
  GatedReader(std::unique_ptr<log::Reader> inner, Gate& gate)
      : inner_(std::move(inner)), gate_(gate) {}

  absl::Status Poll(std::size_t most, Duration wait, std::vector<log::ReaderEvent>& out) override {
    if (!gate_.open()) return NotThere(gate_);
    if (!late_.empty()) {
      std::swap(out, late_);
      late_.clear();
      return absl::OkStatus();
    }
    const std::size_t before = out.size();
    USHER_RETURN_IF_ERROR(inner_->Poll(most, wait, out));
    if (out.size() == before || gate_.Pass()) return absl::OkStatus();
    late_.assign(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
    out.resize(before);
    return gate_.state == Gate::State::kDead ? Gone() : absl::OkStatus();
  }

  absl::Status Start(const log::TopicPartition& partition, std::int64_t offset) override {
    if (!gate_.Pass()) {
      // The reader of a frozen process knows its own position: it is the process that stands still.
      if (gate_.state == Gate::State::kFrozen) return inner_->Start(partition, offset);
      return Gone();
    }
    return inner_->Start(partition, offset);
  }

  absl::Status Commit(const log::TopicPartition& partition, std::int64_t offset) override {
    if (!gate_.Pass()) return NotThere(gate_);
    USHER_RETURN_IF_ERROR(inner_->Commit(partition, offset));
    gate_.Pass();
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<log::Reader> inner_;
  Gate& gate_;
  std::vector<log::ReaderEvent> late_;  // read when the process froze
};

class GatedLog : public kit::ForwardingLog {
 public:
  GatedLog(log::Log& inner, Gate& gate) : ForwardingLog(inner), gate_(gate) {}

  absl::StatusOr<std::int64_t> EndOffset(const log::TopicPartition& partition) override {
    if (!gate_.open()) return NotThere(gate_);
    if (gate_.away()) return Away();
    return inner_.EndOffset(partition);
  }
  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    if (!gate_.Pass()) return NotThere(gate_);
    if (gate_.away()) return Away();
    return inner_.ReadRange(partition, from, most);
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    USHER_TRY(auto appender, inner_.OpenAppender());
    return std::make_unique<GatedAppender>(std::move(appender), gate_);
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(
      const log::ReaderOptions& options) override {
    USHER_TRY(auto reader, inner_.OpenReader(options));
    return std::make_unique<GatedReader>(std::move(reader), gate_);
  }

 private:
  Gate& gate_;
};

class GatedStore : public store::Store {
 public:
  GatedStore(std::unique_ptr<store::Store> inner, Gate& gate)
      : inner_(std::move(inner)), gate_(gate) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) override {
    return Read([&] { return inner_->Get(key); });
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<std::string>& keys) override {
    return Read([&] { return inner_->GetMany(keys); });
  }
  absl::StatusOr<std::optional<std::string>> GetRow(const std::string& table,
                                                    const std::string& row) override {
    return Read([&] { return inner_->GetRow(table, row); });
  }
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> GetTable(
      const std::string& table) override {
    return Read([&] { return inner_->GetTable(table); });
  }
  absl::StatusOr<std::vector<std::string>> GetList(const std::string& key,
                                                   std::size_t most) override {
    return Read([&] { return inner_->GetList(key, most); });
  }
  absl::Status Put(const store::PutValue& put) override {
    return Write([&] { return inner_->Put(put); });
  }
  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const store::PutValue& put) override {
    return Write([&] { return inner_->PutIf(expected, put); });
  }
  absl::StatusOr<bool> Apply(const store::Batch& batch) override {
    return Write([&] { return inner_->Apply(batch); });
  }

 private:
  template <class Call>
  auto Read(Call call) -> decltype(call()) {
    if (!gate_.Pass()) return NotThere(gate_);
    return call();
  }
  // Two boundaries: before it happens, and after.
  template <class Call>
  auto Write(Call call) -> decltype(call()) {
    if (!gate_.Pass()) return NotThere(gate_);
    auto result = call();
    if (!gate_.Pass()) return NotThere(gate_);
    return result;
  }

  const std::unique_ptr<store::Store> inner_;
  Gate& gate_;
};

class GatedStores : public store::Stores {
 public:
  GatedStores(store::Stores& inner, Gate& gate) : inner_(inner), gate_(gate) {}
  absl::StatusOr<std::unique_ptr<store::Store>> Open() override {
    USHER_TRY(auto store, inner_.Open());
    return std::make_unique<GatedStore>(std::move(store), gate_);
  }

 private:
  store::Stores& inner_;
  Gate& gate_;
};

}  // namespace

std::unique_ptr<log::Log> GateLog(log::Log& inner, Gate& gate) {
  return std::make_unique<GatedLog>(inner, gate);
}

std::unique_ptr<store::Stores> GateStores(store::Stores& inner, Gate& gate) {
  return std::make_unique<GatedStores>(inner, gate);
}

}  // namespace usher::sim
