#include "policy/time_zone.h"

#include <cstdint>

#include "absl/time/civil_time.h"
#include "policy/source.h"
#include "policy/yaml_tree.h"

namespace usher::policy {
namespace {

const Yaml* Find(const Yaml& map, std::string_view key) {
  if (map.kind != Yaml::Kind::kMap) return nullptr;
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text == key) return &map.items[i];
  }
  return nullptr;
}

Instant FromAbsl(absl::Time time) { return FromMicros(absl::ToUnixMicros(time)); }

}  // namespace

std::optional<TimeZone> TimeZone::Load(std::string_view name) {
  const bool plain = !name.empty() && name != "localtime" && name.front() != '/' &&
                     name.find("..") == std::string_view::npos &&
                     name.find(':') == std::string_view::npos;
  absl::TimeZone zone;
  if (!plain || !absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return TimeZone(zone);
}

LocalTime TimeZone::At(Instant at) const {
  const absl::TimeZone::CivilInfo info = zone_.At(absl::FromUnixMicros(ToMicros(at)));
  LocalTime local;
  local.year = static_cast<int>(info.cs.year());
  local.month = info.cs.month();
  local.day = info.cs.day();
  local.hour = info.cs.hour();
  local.minute = info.cs.minute();
  local.weekday = static_cast<int>(absl::GetWeekday(info.cs));
  local.offset_minutes = info.offset / 60;
  return local;
}

Instant TimeZone::DayStart(int year, int month, int day) const {
  return FromAbsl(absl::FromCivil(absl::CivilDay(year, month, day), zone_));
}

std::string TimeZoneOf(std::string_view policy_yaml) {
  const Source source(policy_yaml);
  Problems problems(source);
  const std::optional<Yaml> root = ParseYaml(source, problems);
  if (!root) return "";
  if (const Yaml* own = Find(*root, "time_zone")) return own->text;
  const Yaml* calendars = Find(*root, "calendars");
  if (!calendars || calendars->items.empty()) return "";
  const Yaml* zone = Find(calendars->items.front(), "time_zone");
  return zone ? zone->text : "";
}

}  // namespace usher::policy
