#include "log/sim/sim_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/hash.h"
#include "log/sim/sim_ports.h"
#include "support/status.h"

namespace usher::log {

SimLog::SimLog(SimLogOptions options) : options_(std::move(options)), random_(options_.seed) {
  USHER_CHECK(options_.clock != nullptr);
  stats_["append_total"] = 0;
}

SimLog::~SimLog() = default;

std::uint64_t SimLog::Random() {
  random_ += 0x9e3779b97f4a7c15ULL;
  return Mix64(random_);
}

bool SimLog::Draw(std::uint32_t permille) { return permille > 0 && Random() % 1000 < permille; }

Duration SimLog::DrawUpTo(Duration most) {
  if (most <= Duration::zero()) return Duration::zero();
  return Duration(
      static_cast<std::int64_t>(Random() % (static_cast<std::uint64_t>(most.count()) + 1)));
}

SimLog::Partition* SimLog::Find(const TopicPartition& partition) {
  const auto found = topics_.find(partition.topic);
  if (found == topics_.end() || partition.partition < 0) return nullptr;
  const auto index = static_cast<std::size_t>(partition.partition);
  auto& partitions = found->second.partitions;
  return index < partitions.size() ? &partitions[index] : nullptr;
}

void SimLog::Advance() {
  const Instant now = Now();
  while (!flights_.empty() && flights_.begin()->first.first <= now) {
    auto node = flights_.extract(flights_.begin());
    Land(std::move(node.mapped()), node.key().first);
  }
  std::erase_if(ghosts_, [&](const Ghost& ghost) {
    if (ghost.until > now) return false;
    groups_.Leave(ghost.member);
    return true;
  });
}

void SimLog::Land(Flight flight, Instant at) {
  Partition& partition = *Find(flight.entry.to);
  const std::int64_t offset = partition.end++;
  partition.last_at = std::max(partition.last_at, at);
  partition.last_visible_at =
      std::max(partition.last_visible_at, at + DrawUpTo(faults.delivery_max));
  if (partition.compacted) {
    const auto [last, fresh] = partition.last_of_key.try_emplace(flight.entry.key, offset);
    if (!fresh && !Draw(faults.uncompacted_permille)) partition.records.erase(last->second);
    last->second = offset;
  }
  Ack ack{flight.token, absl::OkStatus(), flight.entry.to, offset};
  if (Draw(faults.ack_lost_permille)) ack.offset = -1;
  partition.records[offset] = {
      Record{std::move(flight.entry.to), offset, partition.last_at, std::move(flight.entry.key),
             std::move(flight.entry.value), std::move(flight.entry.headers)},
      partition.last_visible_at};
  --flight.producer->under_way;
  const Instant acked_at = at + DrawUpTo(faults.ack_max);
  flight.producer->acks.push_back({acked_at, std::move(ack)});
  stats_["append_total"] += 1;
  appends_.Take(acked_at - flight.since);
}

void SimLog::LandAll(Producer& producer) {
  std::vector<FlightKey> keys;
  for (const auto& [key, flight] : flights_) {
    if (flight.producer == &producer) keys.push_back(key);
  }
  for (const FlightKey& key : keys) {
    Land(std::move(flights_.extract(key).mapped()), Now());
  }
}

void SimLog::Crash(Producer& producer) {
  std::map<TopicPartition, bool> broken;  // from here on nothing of this partition lands
  std::vector<FlightKey> keys;
  for (const auto& [key, flight] : flights_) {
    if (flight.producer == &producer) keys.push_back(key);
  }
  const std::size_t acks = producer.acks.size();
  for (const FlightKey& key : keys) {
    Flight flight = std::move(flights_.extract(key).mapped());
    bool& stopped = broken[flight.entry.to];
    stopped = stopped || Draw(300);
    if (stopped) {
      --producer.under_way;
    } else {
      Land(std::move(flight), Now());
    }
  }
  producer.acks.resize(acks);  // nobody hears of what landed now
}

void SimLog::Leave(GroupTable::Member member) {
  member_ids_.erase(member);
  deaf_until_.erase(member);
  if (faults.session > Duration::zero()) {
    ghosts_.push_back({member, Now() + faults.session});
  } else {
    groups_.Leave(member);
  }
}

void SimLog::DropBefore(const TopicPartition& partition, std::int64_t begin) {
  Partition& state = *Find(partition);
  state.begin = std::clamp(begin, state.begin, state.end);
  state.records.erase(state.records.begin(), state.records.lower_bound(state.begin));
}

void SimLog::CutBack(const TopicPartition& partition, std::int64_t end) {
  Partition& state = *Find(partition);
  state.end = std::clamp(end, state.begin, state.end);
  state.cuts.push_back(state.end);
  state.records.erase(state.records.lower_bound(state.end), state.records.end());
  std::erase_if(state.last_of_key, [&](const auto& last) { return last.second >= state.end; });
}

void SimLog::Expel(const std::string& group, const std::string& member_id) {
  for (const auto& [member, id] : member_ids_) {
    if (id == member_id && groups_.GroupOf(member) == group) Expel(member);
  }
}

void SimLog::ExpelMember(const std::string& member_id) {
  for (const auto& [member, id] : member_ids_) {
    if (id == member_id && !groups_.GroupOf(member).empty()) Expel(member);
  }
}

void SimLog::Expel(GroupTable::Member member) {
  groups_.Expel(member);
  deaf_until_[member] = Now() + DrawUpTo(faults.deaf_max);
}

absl::Status SimLog::CreateTopic(const TopicSpec& spec) {
  if (spec.name.empty() || spec.partitions < 1) {
    return absl::InvalidArgumentError("a topic needs a name and at least one partition");
  }
  const auto [topic, fresh] = topics_.try_emplace(spec.name);
  if (!fresh) return absl::OkStatus();
  topic->second.spec = spec;
  topic->second.partitions.resize(static_cast<std::size_t>(spec.partitions));
  for (Partition& partition : topic->second.partitions) partition.compacted = spec.compacted;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SimLog::CheckTopic(const TopicSpec& spec) {
  std::vector<std::string> lines;
  const auto found = topics_.find(spec.name);
  if (found == topics_.end()) {
    lines.push_back(absl::StrCat("topic ", spec.name, " is missing"));
    return lines;
  }
  const TopicSpec& have = found->second.spec;
  if (have.partitions != spec.partitions) {
    lines.push_back(absl::StrCat("topic ", spec.name, " has ", have.partitions, " partitions, not ",
                                 spec.partitions));
  }
  if (have.compacted != spec.compacted) {
    lines.push_back(
        absl::StrCat("topic ", spec.name, have.compacted ? " is compacted" : " is not compacted"));
  }
  if (!spec.compacted && spec.kept_for_ever && !have.kept_for_ever) {
    lines.push_back(absl::StrCat("topic ", spec.name, " is not kept for ever"));
  }
  return lines;
}

absl::StatusOr<std::int32_t> SimLog::Partitions(const std::string& topic) {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return absl::NotFoundError("no topic " + topic);
  return found->second.spec.partitions;
}

absl::StatusOr<std::int64_t> SimLog::EndOffset(const TopicPartition& partition) {
  Advance();
  const Partition* const state = Find(partition);
  if (state == nullptr) return absl::NotFoundError("no partition " + ToText(partition));
  return state->end;
}

absl::StatusOr<std::vector<Record>> SimLog::ReadRange(const TopicPartition& partition,
                                                      std::int64_t from, std::size_t most) {
  Advance();
  const Partition* const state = Find(partition);
  if (state == nullptr) return absl::NotFoundError("no partition " + ToText(partition));
  std::vector<Record> records;
  for (auto it = state->records.lower_bound(from);
       it != state->records.end() && records.size() < most; ++it) {
    records.push_back(it->second.record);
  }
  return records;
}

absl::StatusOr<std::unique_ptr<Appender>> SimLog::OpenAppender() {
  return std::make_unique<SimAppender>(*this);
}

absl::StatusOr<std::unique_ptr<Reader>> SimLog::OpenReader(const ReaderOptions& options) {
  std::vector<TopicPartition> wanted;
  for (const std::string& topic : options.topics) {
    USHER_TRY(const std::int32_t partitions, Partitions(topic));
    for (std::int32_t p = 0; p < partitions; ++p) wanted.push_back({topic, p});
  }
  const GroupTable::Member member = groups_.Join(options.group, std::move(wanted));
  member_ids_[member] = options.member_id;
  return std::make_unique<SimReader>(*this, member, options.group);
}

}  // namespace usher::log
