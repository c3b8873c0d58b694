#include "insights/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "insights/counts.h"
#include "insights/facts_read.h"
#include "insights/facts_rows.h"
#include "insights/report_sum.h"
#include "insights/reviews_list.h"
#include "measure/sketch.h"
#include "policy/time_zone.h"
#include "support/status.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

// What a request asks for, checked.
struct Asked {
  DeskName desk;
  std::int64_t from = 0;  // slots
  std::int64_t to = 0;    // the first one not in it
  std::vector<v1::ReportGroup> groups;
  std::set<std::string> queues;
  std::set<std::string> channels;
  std::set<std::string> topics;
  std::set<std::string> languages;
  std::set<std::string> agents;
  std::optional<std::int64_t> before_from;

  bool Wants(const FactKey& key) const {
    const auto in = [](const std::set<std::string>& names, std::string_view name) {
      return names.empty() || names.contains(OrUnknown(name));
    };
    return in(queues, key.queue.view()) && in(channels, key.channel.view()) &&
           in(topics, key.topic.view()) && in(languages, key.language.view()) &&
           in(agents, key.agent.view());
  }
  // Agents' time is not by these.
  bool narrow() const {
    return !queues.empty() || !channels.empty() || !topics.empty() || !languages.empty();
  }
};

template <class Names>
absl::StatusOr<std::set<std::string>> ReadNames(std::string_view field, const Names& names) {
  if (names.size() > kReportNamesMax) {
    return absl::InvalidArgumentError(std::string(field) + ": at most " +
                                      std::to_string(kReportNamesMax) + " names");
  }
  std::set<std::string> read;
  for (const std::string& name : names) {
    USHER_TRY(const AgentName parsed, wire::ParseName<AgentName>(field, name));
    read.insert(parsed.ToString());
  }
  return read;
}

absl::Status ReadPeriod(const v1::GetReportRequest& request, Asked& asked) {
  if (!request.has_from()) return absl::InvalidArgumentError("from: is missing");
  if (!request.has_to()) return absl::InvalidArgumentError("to: is missing");
  USHER_TRY(const Instant from, wire::FromTimestamp("from", request.from()));
  USHER_TRY(const Instant to, wire::FromTimestamp("to", request.to()));
  if (to <= from) return absl::InvalidArgumentError("to: must be after from");
  if (to - from > kReportMax) return absl::InvalidArgumentError("to: at most 100 days after from");
  asked.from = SlotOf(from);
  asked.to = SlotOf(to - Duration(1)) + 1;
  if (!request.has_before_from()) return absl::OkStatus();
  USHER_TRY(const Instant before, wire::FromTimestamp("before_from", request.before_from()));
  if (before > from) return absl::InvalidArgumentError("before_from: must not be after from");
  asked.before_from = SlotOf(before);
  return absl::OkStatus();
}

absl::StatusOr<Asked> Read(const v1::GetReportRequest& request) {
  Asked asked;
  USHER_TRY(asked.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_RETURN_IF_ERROR(ReadPeriod(request, asked));
  for (const int group : request.group_by()) {
    const auto by = static_cast<v1::ReportGroup>(group);
    if (!v1::ReportGroup_IsValid(group) || by == v1::REPORT_GROUP_UNSPECIFIED) {
      return absl::InvalidArgumentError("group_by: no such group");
    }
    if (std::find(asked.groups.begin(), asked.groups.end(), by) != asked.groups.end()) {
      return absl::InvalidArgumentError("group_by: each once");
    }
    if (by == v1::REPORT_GROUP_HOUR && (asked.to - asked.from) * kSlot > kReportHoursMax) {
      return absl::InvalidArgumentError("group_by: by hour at most 31 days");
    }
    asked.groups.push_back(by);
  }
  USHER_TRY(asked.queues, ReadNames("queues", request.queues()));
  USHER_TRY(asked.channels, ReadNames("channels", request.channels()));
  USHER_TRY(asked.topics, ReadNames("topics", request.topics()));
  USHER_TRY(asked.languages, ReadNames("languages", request.languages()));
  USHER_TRY(asked.agents, ReadNames("agents", request.agents()));
  return asked;
}

std::string Text(const char* format, int a, int b, int c = 0) {
  std::array<char, 48> text{};
  const int size = std::snprintf(text.data(), text.size(), format, a, b, c);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

// Where a slot goes in the sections by time: what it sorts by, and what it is called.
using TimeKey = std::pair<std::int64_t, std::string>;

TimeKey KeyOfTime(v1::ReportGroup group, std::int64_t slot, const policy::TimeZone& zone) {
  static constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const policy::LocalTime local = zone.At(SlotStart(slot));
  const std::string day = Text("%04d-%02d-%02d", local.year, local.month, local.day);
  const std::int64_t date = (std::int64_t{local.year} * 16 + local.month) * 32 + local.day;
  if (group == v1::REPORT_GROUP_DAY) return {date, day};
  if (group == v1::REPORT_GROUP_WEEKDAY_HOUR) {
    return {local.weekday * 24 + local.hour,
            std::string(kDays[local.weekday % 7]) + Text(" %02d:00", local.hour, 0)};
  }
  // By its own beginning: an hour that comes twice is two.
  const std::int64_t begins = slot * (kSlot / 1min) - local.minute;
  const int ahead = std::abs(local.offset_minutes);
  return {begins, day + Text("T%02d:00", local.hour, 0) + (local.offset_minutes < 0 ? "-" : "+") +
                      Text("%02d:%02d", ahead / 60, ahead % 60)};
}

std::string_view NameOf(v1::ReportGroup group, const FactKey& key) {
  const auto named = [](std::string_view name) { return name.empty() ? kUnknown : name; };
  switch (group) {
    case v1::REPORT_GROUP_QUEUE:
      return named(key.queue.view());
    case v1::REPORT_GROUP_CHANNEL:
      return named(key.channel.view());
    case v1::REPORT_GROUP_TOPIC:
      return named(key.topic.view());
    case v1::REPORT_GROUP_LANGUAGE:
      return named(key.language.view());
    default:
      return key.agent.view();
  }
}

bool ByTime(v1::ReportGroup group) {
  return group == v1::REPORT_GROUP_HOUR || group == v1::REPORT_GROUP_DAY ||
         group == v1::REPORT_GROUP_WEEKDAY_HOUR;
}

// The sums of a report while its facts are read.
class Sums {
 public:
  Sums(const Asked& asked, const policy::TimeZone& zone, std::vector<CriterionName> criteria)
      : asked_(asked),
        zone_(zone),
        criteria_(std::move(criteria)),
        sections_(asked.groups.size()) {}

  void Add(std::int64_t slot, const std::vector<FactEntry>& entries) {
    std::vector<ReportSum*> times;  // where all of the slot goes
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const v1::ReportGroup group = asked_.groups[i];
      times.push_back(ByTime(group) ? &sections_[i].rows[KeyOfTime(group, slot, zone_)] : nullptr);
    }
    for (const FactEntry& entry : entries) {
      if (!asked_.Wants(entry.key)) continue;
      total_.Add(entry.amounts, !asked_.narrow());
      for (std::size_t i = 0; i < sections_.size(); ++i) {
        const bool agents = asked_.groups[i] == v1::REPORT_GROUP_AGENT;
        if (agents && entry.key.agent.none()) continue;
        ReportSum& sum =
            times[i] ? *times[i] : sections_[i].Named(NameOf(asked_.groups[i], entry.key));
        sum.Add(entry.amounts, (agents || times[i]) && !asked_.narrow());
      }
    }
  }

  void AddBefore(const std::vector<FactEntry>& entries) {
    for (const FactEntry& entry : entries) {
      if (!asked_.Wants(entry.key)) continue;
      total_.AddBefore(entry.amounts);
      for (std::size_t i = 0; i < sections_.size(); ++i) {
        const v1::ReportGroup group = asked_.groups[i];
        if (ByTime(group) || group == v1::REPORT_GROUP_AGENT) continue;
        sections_[i].Named(NameOf(group, entry.key)).AddBefore(entry.amounts);
      }
    }
  }

  void Tell(v1::GetReportResponse& response) const {
    *response.mutable_total() = total_.Figures(criteria_);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      v1::ReportSection* section = response.add_sections();
      section->set_group_by(asked_.groups[i]);
      TellRows(asked_.groups[i], sections_[i].rows, *section);
    }
  }

 private:
  using Rows = std::map<TimeKey, ReportSum>;

  struct Section {
    Rows rows;
    std::unordered_map<std::string_view, ReportSum*> named;  // of `rows`: found without a copy

    ReportSum& Named(std::string_view name) {
      const auto found = named.find(name);
      if (found != named.end()) return *found->second;
      const auto row = rows.try_emplace(TimeKey(0, name)).first;
      return *named.emplace(row->first.second, &row->second).first->second;
    }
  };

  void TellRow(const std::string& name, const ReportSum& sum, v1::ReportSection& section) const {
    v1::ReportRow* row = section.add_rows();
    row->set_key(name);
    *row->mutable_figures() = sum.Figures(criteria_);
  }

  void TellRows(v1::ReportGroup group, const Rows& rows, v1::ReportSection& section) const {
    std::vector<const Rows::value_type*> sorted;
    ReportSum more;
    for (const auto& row : rows) {
      if (row.second.empty()) continue;
      if (row.first.second == kMoreName) {
        more.Merge(row.second);
      } else {
        sorted.push_back(&row);
      }
    }
    if (!ByTime(group)) {
      std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        return a->second.placed() > b->second.placed();
      });
    }
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (ByTime(group) || i < kReportRowsMax) {
        TellRow(sorted[i]->first.second, sorted[i]->second, section);
      } else {
        more.Merge(sorted[i]->second);
      }
    }
    if (!more.empty()) TellRow(kMoreName, more, section);
  }

  const Asked& asked_;
  const policy::TimeZone& zone_;
  const std::vector<CriterionName> criteria_;
  ReportSum total_;
  std::vector<Section> sections_;
};

}  // namespace

absl::StatusOr<v1::GetReportResponse> GetReport(store::Store& store, std::int32_t partitions,
                                                Zones& zones, const v1::GetReportRequest& request) {
  USHER_TRY(const Asked asked, Read(request));
  USHER_TRY(const DeskZone zone, ZoneOf(asked.desk, request.time_zone(), zones));
  USHER_TRY(const FactPlace place, FindFacts(store, asked.desk, partitions));
  // Before the facts: what they are numbered by only grows.
  USHER_TRY(std::vector<CriterionName> criteria, CriteriaOf(store, asked.desk, partitions));
  Sums sums(asked, zone.zone, std::move(criteria));
  USHER_RETURN_IF_ERROR(ReadFacts(
      store, asked.desk, std::max(asked.from, place.first), std::min(asked.to, place.last),
      [&sums](std::int64_t slot, const std::vector<FactEntry>& facts) { sums.Add(slot, facts); }));
  if (asked.before_from) {
    USHER_RETURN_IF_ERROR(ReadFacts(
        store, asked.desk, std::max(*asked.before_from, place.first),
        std::min(*asked.before_from + asked.to - asked.from, place.last),
        [&sums](std::int64_t, const std::vector<FactEntry>& facts) { sums.AddBefore(facts); }));
  }

  v1::GetReportResponse response;
  *response.mutable_from() = wire::ToTimestamp(SlotStart(asked.from));
  *response.mutable_to() = wire::ToTimestamp(SlotStart(asked.to));
  if (asked.before_from) {
    *response.mutable_before_from() = wire::ToTimestamp(SlotStart(*asked.before_from));
  }
  response.set_time_zone(zone.name);
  *response.mutable_since() = wire::ToTimestamp(place.since);
  if (place.as_of) *response.mutable_as_of() = wire::ToTimestamp(*place.as_of);
  response.set_relative_error(1.0 / static_cast<double>(measure::kSketchErrorDivisor));
  sums.Tell(response);
  return response;
}

}  // namespace usher::insights
