#include "sim/world/plants.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "kit/forwarding_log.h"
#include "kit/forwarding_store.h"
#include "model/state.h"
#include "model/state_copy.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/records.h"

namespace usher::sim {
namespace {

constexpr char kCommands[] = "usher.commands";
constexpr char kDecisions[] = "usher.decisions";
constexpr char kSnapshots[] = "usher.snapshots";

// Snapshot before flush, and commit before the log: says that all is in these topics as soon as it
// is handed over.
class EagerAppender : public log::Appender {
 public:
  EagerAppender(std::unique_ptr<log::Appender> inner, log::Log& log, Planted& planted,
                std::set<std::string> topics)
      : inner_(std::move(inner)), log_(log), planted_(planted), topics_(std::move(topics)) {}

  absl::Status Append(log::Entry entry, std::uint64_t token) override {
    const log::TopicPartition to = entry.to;
    if (topics_.count(to.topic) == 0) return inner_->Append(std::move(entry), token);
    std::string bytes = entry.value;
    USHER_RETURN_IF_ERROR(inner_->Append(std::move(entry), token));
    USHER_TRY(const std::int64_t end, log_.EndOffset(to));
    std::int64_t& next = next_[to];
    next = std::max(next, end);
    if (to.topic == kDecisions) planted_.said[{to.partition, next}] = std::move(bytes);
    said_.push_back({token, absl::OkStatus(), to, next++});
    return absl::OkStatus();
  }
  void Poll(std::vector<log::Ack>& acks) override {
    std::vector<log::Ack> real;
    inner_->Poll(real);
    for (log::Ack& ack : real) {
      if (topics_.count(ack.to.topic) == 0) acks.push_back(std::move(ack));
    }
    acks.insert(acks.end(), said_.begin(), said_.end());
    said_.clear();
  }
  absl::Status Flush(Duration) override { return absl::OkStatus(); }

 private:
  const std::unique_ptr<log::Appender> inner_;
  log::Log& log_;
  Planted& planted_;
  const std::set<std::string> topics_;
  std::map<log::TopicPartition, std::int64_t> next_;
  std::vector<log::Ack> said_;
};

// Reuse of offers: the saved state forgets how many there were.
class ForgetfulAppender : public log::Appender {
 public:
  ForgetfulAppender(std::unique_ptr<log::Appender> inner, Planted& planted)
      : inner_(std::move(inner)), planted_(planted) {}

  absl::Status Append(log::Entry entry, std::uint64_t token) override {
    if (entry.to.topic == kSnapshots) Spoil(entry);
    return inner_->Append(std::move(entry), token);
  }
  void Poll(std::vector<log::Ack>& acks) override { inner_->Poll(acks); }
  absl::Status Flush(Duration wait) override { return inner_->Flush(wait); }

 private:
  void Spoil(log::Entry& entry) {
    if (entry.key.rfind("manifest/", 0) == 0) return SpoilManifest(entry);
    v1::SnapshotChunk chunk;
    if (!chunk.ParseFromString(entry.value)) return;
    const std::string copy = chunk.data();
    std::optional<CopyRows> rows = ReadCopy(copy);
    const std::optional<DeskState> state = rows ? DecodeCopy(*rows) : std::nullopt;
    if (!state) return;
    DeskState forgetful = *state;
    forgetful.last_offer = 0;
    for (const InquiryState& inquiry : state->inquiries) {
      for (const OfferState& offer : inquiry.offers) {
        forgetful.last_offer = std::max(forgetful.last_offer, offer.offer.number);
      }
    }
    std::string spoiled = copy.substr(0, copy.size() - rows->rest.size() - kCopyEntryHead);
    PutEntry(CopyKind::kRest, 0, spoiled, [&](std::string& out) { EncodeRest(forgetful, out); });
    planted_.states[{chunk.desk(), chunk.copy()}] = {spoiled.size(), HashState(forgetful)};
    chunk.set_data(std::move(spoiled));
    entry.value = chunk.SerializeAsString();
  }
  void SpoilManifest(log::Entry& entry) {
    v1::Manifest manifest;
    if (!manifest.ParseFromString(entry.value)) return;
    for (v1::DeskSnapshot& desk : *manifest.mutable_desks()) {
      const auto spoiled = planted_.states.find({desk.desk(), desk.copy()});
      if (spoiled == planted_.states.end()) continue;
      desk.set_bytes(spoiled->second.first);
      desk.set_hash(spoiled->second.second);
    }
    manifest.clear_sum();  // of what it said before
    entry.value = manifest.SerializeAsString();
  }

  const std::unique_ptr<log::Appender> inner_;
  Planted& planted_;
};

// Tick backwards: the time of a tick is that of the process's own clock.
class OwnClockReader : public log::Reader {
 public:
  OwnClockReader(std::unique_ptr<log::Reader> inner, std::function<Instant()> clock)
      : inner_(std::move(inner)), clock_(std::move(clock)) {}

  absl::Status Poll(std::size_t most, Duration wait, std::vector<log::ReaderEvent>& out) override {
    const std::size_t before = out.size();
    USHER_RETURN_IF_ERROR(inner_->Poll(most, wait, out));
    for (std::size_t i = before; i < out.size(); ++i) {
      auto* record = std::get_if<log::Record>(&out[i]);
      if (record == nullptr || record->from.topic != kCommands) continue;
      const auto decoded = wire::DecodeCommand(record->value);
      if (!decoded.ok()) continue;
      const auto* command = std::get_if<wire::CommandRecord>(&*decoded);
      if (command == nullptr || !std::holds_alternative<Tick>(command->command.body)) continue;
      record->at = clock_();
    }
    return absl::OkStatus();
  }
  absl::Status Start(const log::TopicPartition& partition, std::int64_t offset) override {
    return inner_->Start(partition, offset);
  }
  absl::Status Commit(const log::TopicPartition& partition, std::int64_t offset) override {
    return inner_->Commit(partition, offset);
  }

 private:
  const std::unique_ptr<log::Reader> inner_;
  const std::function<Instant()> clock_;
};

class PlantedLog : public kit::ForwardingLog {
 public:
  PlantedLog(log::Log& inner, Planted& planted, std::function<Instant()> clock)
      : ForwardingLog(inner), planted_(planted), clock_(std::move(clock)) {}

  absl::StatusOr<std::vector<log::Record>> ReadRange(const log::TopicPartition& partition,
                                                     std::int64_t from, std::size_t most) override {
    USHER_TRY(std::vector<log::Record> records, inner_.ReadRange(partition, from, most));
    if (partition.topic != kDecisions) return records;
    if (planted_.plant == Plant::kEmitBeforeTail && most > 1) AddTail(partition, records);
    const auto said = planted_.said.find({partition.partition, from});
    if (most == 1 && said != planted_.said.end()) {
      // What a snapshot rests on is there: so it was said.
      records.assign(1, log::Record{partition, from, {}, {}, said->second, {}});
    }
    return records;
  }
  absl::StatusOr<std::unique_ptr<log::Appender>> OpenAppender() override {
    USHER_TRY(std::unique_ptr<log::Appender> appender, inner_.OpenAppender());
    if (planted_.plant == Plant::kSnapshotBeforeFlush) {
      appender = std::make_unique<EagerAppender>(std::move(appender), inner_, planted_,
                                                 std::set<std::string>{kDecisions, kSnapshots});
    } else if (planted_.plant == Plant::kCommitBeforeLog) {
      appender = std::make_unique<EagerAppender>(std::move(appender), inner_, planted_,
                                                 std::set<std::string>{kCommands});
    } else if (planted_.plant == Plant::kReuseOffer) {
      appender = std::make_unique<ForgetfulAppender>(std::move(appender), planted_);
    }
    return appender;
  }
  absl::StatusOr<std::unique_ptr<log::Reader>> OpenReader(
      const log::ReaderOptions& options) override {
    USHER_TRY(std::unique_ptr<log::Reader> reader, inner_.OpenReader(options));
    if (planted_.plant == Plant::kTickBackwards) {
      reader = std::make_unique<OwnClockReader>(std::move(reader), clock_);
    }
    return reader;
  }

 private:
  // Emit before the tail is known: as if all commands that are there were decided.
  void AddTail(const log::TopicPartition& decisions, std::vector<log::Record>& records) {
    const log::TopicPartition commands{kCommands, decisions.partition};
    const auto all = inner_.ReadRange(commands, 0, 1'000'000);
    if (!all.ok() || all->size() < 2) return;
    const auto first = wire::DecodeCommand(all->front().value);
    const auto last = wire::DecodeCommand(all->back().value);
    if (!first.ok() || !last.ok()) return;
    const auto* command = std::get_if<wire::CommandRecord>(&*last);
    if (command == nullptr) return;
    wire::DecisionRecord record;
    record.stamp = {std::get<wire::LogHeader>(*first).log, decisions.partition, all->back().offset,
                    0};
    record.desk = command->desk;
    record.command_at = all->back().at;
    record.decision = {record.command_at, Checkpointed{}};
    records.push_back({decisions,
                       records.empty() ? 0 : records.back().offset + 1,
                       all->back().at,
                       {},
                       wire::EncodeDecision(record),
                       {}});
  }

  Planted& planted_;
  const std::function<Instant()> clock_;
};

// Skip the watermark: a batch is applied whatever the store's watermark says.
class HeedlessStore : public kit::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  absl::StatusOr<bool> Apply(const store::Batch& batch) override {
    store::Batch heedless = batch;
    USHER_TRY(heedless.expected, inner_->Get(batch.watermark_key));
    return inner_->Apply(heedless);
  }
};

class HeedlessStores : public store::Stores {
 public:
  explicit HeedlessStores(store::Stores& inner) : inner_(inner) {}
  absl::StatusOr<std::unique_ptr<store::Store>> Open() override {
    USHER_TRY(auto store, inner_.Open());
    return std::make_unique<HeedlessStore>(std::move(store));
  }

 private:
  store::Stores& inner_;
};

}  // namespace

std::unique_ptr<log::Log> PlantLog(log::Log& inner, Planted& planted, bool of_intake,
                                   std::function<Instant()> clock) {
  if (planted.plant == Plant::kNone || planted.plant == Plant::kSkipWatermark) return nullptr;
  if (of_intake != (planted.plant == Plant::kCommitBeforeLog)) return nullptr;
  return std::make_unique<PlantedLog>(inner, planted, std::move(clock));
}

std::unique_ptr<store::Stores> PlantStores(store::Stores& inner, const Planted& planted) {
  if (planted.plant != Plant::kSkipWatermark) return nullptr;
  return std::make_unique<HeedlessStores>(inner);
}

}  // namespace usher::sim
