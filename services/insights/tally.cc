#include "insights/tally.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/hash.h"
#include "insights/counted.h"
#include "insights/keys.h"

namespace usher::insights {
namespace {

constexpr std::size_t kToldMax = 50'000;
constexpr std::string_view kDeskRow = "desk\n";
constexpr std::string_view kQueueRow = "queue\n";

std::size_t Share(std::size_t all, std::int32_t partitions) {
  return std::max<std::size_t>(1, all / static_cast<std::size_t>(std::max(1, partitions)));
}

bool ToNumber(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string ToRow(const TallyKey& key) {
  std::string row = kCounted[key.metric].metric.name;
  for (const std::string* part : {&key.desk, &key.queue, &key.label}) {
    row += kRowSplit;
    row += *part;
  }
  return row + kRowSplit + std::to_string(key.edge);
}

bool FromRow(std::string_view row, TallyKey& key) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? row.find(kRowSplit) : row.size();
    if (end == std::string_view::npos) return false;
    parts[i] = row.substr(0, end);
    row.remove_prefix(std::min(row.size(), end + 1));
  }
  const auto* counted =
      std::find_if(std::begin(kCounted), std::end(kCounted),
                   [&parts](const Counted& one) { return parts[0] == one.metric.name; });
  if (counted == std::end(kCounted)) return false;
  key.metric = static_cast<std::uint8_t>(counted - std::begin(kCounted));
  key.desk = parts[1];
  key.queue = parts[2];
  key.label = parts[3];
  return ToNumber(parts[4], key.edge);
}

Tally::Tally(std::int32_t partitions)
    : desks_max_(Share(kNamedDesksMax, partitions)),
      queues_max_(Share(kNamedQueuesMax, partitions)) {}

void Tally::Load(const Rows& rows) {
  named_.clear();
  counts_.clear();
  pending_.clear();
  told_.clear();
  series_.clear();
  pending_names_.clear();
  queues_ = 0;
  for (const auto& [row, value] : rows) {
    const std::string_view text = row;
    TallyKey key;
    std::int64_t count = 0;
    if (text.starts_with(kDeskRow)) {
      named_[DeskName::Parse(text.substr(kDeskRow.size())).value_or(DeskName())];
    } else if (text.starts_with(kQueueRow)) {
      const std::string_view names = text.substr(kQueueRow.size());
      const std::size_t split = std::min(names.find(kRowSplit), names.size() - 1);
      const DeskName desk = DeskName::Parse(names.substr(0, split)).value_or(DeskName());
      named_[desk].insert(QueueName::Parse(names.substr(split + 1)).value_or(QueueName()));
      ++queues_;
    } else if (FromRow(text, key) && ToNumber(value, count)) {
      counts_[key] = count;
    }
  }
}

void Tally::Name(const DeskName& desk) {
  if (named_.size() >= desks_max_ || !named_.try_emplace(desk).second) return;
  pending_names_.push_back(std::string(kDeskRow) + desk.ToString());
}

void Tally::Name(const DeskName& desk, const QueueName& queue) {
  Name(desk);
  const auto named = named_.find(desk);
  if (named == named_.end() || queues_ >= queues_max_ || !named->second.insert(queue).second)
    return;
  ++queues_;
  pending_names_.push_back(std::string(kQueueRow) + desk.ToString() + kRowSplit + queue.ToString());
}

std::string Tally::DeskLabel(const DeskName& desk) const {
  return named_.contains(desk) ? desk.ToString() : kOther;
}

std::string Tally::QueueLabel(const DeskName& desk, const QueueName& queue) const {
  if (queue.none()) return kUnknown;
  const auto named = named_.find(desk);
  return named != named_.end() && named->second.contains(queue) ? queue.ToString() : kOther;
}

std::size_t Tally::ToldHash::operator()(const Told& told) const {
  std::uint64_t hash = Hash64(told.desk.view());
  hash = Mix64(hash) ^ Hash64(told.queue.view());
  hash = Mix64(hash) ^ Hash64(told.channel.view());
  hash = Mix64(hash) ^ reinterpret_cast<std::uintptr_t>(told.label);
  return Mix64(hash ^ static_cast<std::uint64_t>(told.edge)) ^ told.metric;
}

Tally::SeriesMap::value_type& Tally::Find(const Told& told, const Counted& counted) {
  if (const auto known = told_.find(told); known != told_.end()) return *known->second;
  Name(told.desk);
  if (!told.queue.none()) Name(told.desk, told.queue);
  TallyKey key;
  key.metric = told.metric;
  key.desk = DeskLabel(told.desk);
  key.queue = QueueLabel(told.desk, told.queue);
  if (counted.label) {
    key.label = counted.histogram ? OrUnknown(told.channel.view()) : told.label;
  }
  key.edge = told.edge;
  const auto [found, is_new] = series_.try_emplace(std::move(key));
  if (is_new) found->second.row = ToRow(found->first);
  // Desks without a name share series, and are as many as there are: they are not all remembered.
  if (told_.size() >= kToldMax) told_.clear();
  told_[told] = &*found;
  return *found;
}

void Tally::Add(const Told& told, const Counted& counted, std::int64_t amount) {
  SeriesMap::value_type& found = Find(told, counted);
  Series& series = found.second;
  if (!series.touched) pending_.push_back(&found);
  series.touched = true;
  series.pending += amount;
}

void Tally::Count(const Observation& observation, const std::vector<Duration>& edges) {
  if (observation.kind == Observation::Kind::kPolicy) {
    Name(observation.desk);
    return;
  }
  Told told;
  told.metric = static_cast<std::uint8_t>(observation.kind);
  const Counted& counted = kCounted[told.metric];
  told.desk = observation.desk;
  told.queue = observation.queue;
  if (!counted.histogram) {
    if (counted.label) told.label = observation.label;
    Add(told, counted, 1);
    return;
  }
  if (counted.label) told.channel = observation.channel;
  const Duration value = std::max(observation.value, Duration::zero());
  const auto edge = std::lower_bound(edges.begin(), edges.end(), value);
  told.edge = edge == edges.end() ? TallyKey::kAbove : edge->count();
  Add(told, counted, 1);
  told.edge = TallyKey::kSum;
  Add(told, counted, std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
}

void Tally::AppendWrites(const std::string& table, std::vector<store::Write>& writes) const {
  for (const std::string& row : pending_names_) writes.push_back(store::PutRow{table, row, "1"});
  for (const auto* each : pending_) {
    writes.push_back(store::AddToRow{table, each->second.row, each->second.pending});
  }
}

void Tally::Committed() {
  for (auto* each : pending_) {
    Series& series = each->second;
    if (series.count == nullptr) series.count = &counts_[each->first];
    *series.count += std::exchange(series.pending, 0);
    series.touched = false;
  }
  pending_.clear();
  pending_names_.clear();
}

}  // namespace usher::insights
