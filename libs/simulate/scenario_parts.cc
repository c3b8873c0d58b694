#include "simulate/scenario_parts.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "model/moods.h"
#include "policy/durations.h"

namespace usher::simulate {
namespace {

constexpr const char kDefaultChannel[] = "chat";

// The place of the name that `value` says.
std::optional<std::size_t> Resolve(const Yaml& value, std::string_view noun,
                                   const std::vector<std::string>& known, Problems& problems) {
  if (value.kind != Yaml::Kind::kText) {
    Misfit(value, noun, "a name", problems);
    return std::nullopt;
  }
  if (known.empty()) return 0;  // what declares them is missing or broken: told there
  const auto found = std::find(known.begin(), known.end(), value.text);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view meant = policy::Nearest(value.text, views);
  problems.Add(value.at, "no " + std::string(noun) + " " + policy::Quoted(value.text) +
                             (meant.empty() ? "" : "; is " + policy::Quoted(meant) + " meant?"));
  return std::nullopt;
}

// Skills with levels: a map, or a list of names that have `otherwise` each.
std::vector<Need> ReadSkills(const Yaml& value, std::string_view what, std::uint8_t otherwise,
                             Problems& problems) {
  std::vector<Need> skills;
  const auto add = [&](const Yaml& name, const Yaml* level) {
    const auto text = policy::ReadName(name, "a skill", problems);
    std::optional<std::uint32_t> number = otherwise;
    if (level != nullptr) number = policy::ReadNumber(*level, "a level", 0, kMaxLevel, problems);
    if (!text || !number) return;
    const SkillName skill = SkillName::Of(*text);
    const bool twice = std::any_of(skills.begin(), skills.end(),
                                   [&](const Need& need) { return need.skill == skill; });
    if (twice) problems.Add(name.at, "the skill " + policy::Quoted(*text) + " is there twice");
    skills.push_back({skill, static_cast<std::uint8_t>(*number)});
  };
  if (value.kind == Yaml::Kind::kMap) {
    for (std::size_t i = 0; i < value.keys.size(); ++i) add(value.keys[i], &value.items[i]);
  } else if (value.kind == Yaml::Kind::kList) {
    for (const Yaml& item : value.items) add(item, nullptr);
  } else {
    Misfit(value, what, "a list of skills, or a map of skills and levels", problems);
  }
  std::sort(skills.begin(), skills.end());
  return skills;
}

std::vector<std::vector<std::size_t>> ReadPreference(const Yaml& value, const Named& named,
                                                     Problems& problems) {
  std::vector<std::vector<std::size_t>> levels;
  std::set<std::size_t> seen;
  if (EmptyList(value)) return levels;  // no preference
  for (const Yaml* level : policy::ReadList(value, "groups", false, problems)) {
    levels.emplace_back();
    for (const Yaml* item : policy::ReadList(*level, "a level of groups", true, problems)) {
      const auto group = Resolve(*item, "agent group", named.groups, problems);
      if (!group) continue;
      if (!seen.insert(*group).second) {
        problems.Add(item->at, "the agent group " + policy::Quoted(item->text) + " is there twice");
      }
      levels.back().push_back(*group);
    }
  }
  return levels;
}

template <class NameType>
void ReadFeature(policy::Fields& fields, std::string_view key, NameType& feature,
                 Problems& problems) {
  const Yaml* found = fields.Find(key);
  if (found == nullptr) return;
  if (const auto name = policy::ReadName(*found, key, problems)) feature = NameType::Of(*name);
}

void ReadFeatures(policy::Fields& fields, Features& features, Problems& problems) {
  ReadFeature(fields, "language", features.language, problems);
  ReadFeature(fields, "topic", features.topic, problems);
  ReadFeature(fields, "tier", features.tier, problems);
  if (const Yaml* found = fields.Find("sentiment")) {
    features.sentiment = MoodNamed(found->text);
    if (features.sentiment == Sentiment::kUnknown) {
      Misfit(*found, "sentiment", "negative, neutral or positive", problems);
    }
  }
}

// Keys that only stand with a policy, or only without one.
void RefuseMisplaced(policy::Fields& fields, bool routed, Problems& problems) {
  for (const std::string_view key : {"needs", "groups"}) {
    const Yaml* found = fields.Find(key);
    if (found != nullptr && routed) {
      problems.Add(found->at, std::string(key) + " has no effect: the policy says who may take it");
    }
  }
  for (const std::string_view key : {"language", "topic", "tier", "sentiment"}) {
    const Yaml* found = fields.Find(key);
    if (found != nullptr && !routed) {
      problems.Add(found->at, std::string(key) + " has no effect without a policy to read it");
    }
  }
}

ClassSpec ReadClass(const Yaml& value, const Named& named, bool routed, const FileText& files,
                    Problems& problems) {
  policy::Fields fields(
      value, "a class",
      {"name", "arrivals", "needs", "groups", "channel", "priority", "first_response", "patience",
       "handling", "language", "topic", "tier", "sentiment"},
      problems);
  ClassSpec made;
  made.features.channel = made.channel = ChannelName::Of(kDefaultChannel);
  if (!fields.is_map()) return made;
  RefuseMisplaced(fields, routed, problems);
  if (const Yaml* found = fields.Need("name")) {
    made.name = policy::ReadName(*found, "the name of a class", problems).value_or("");
  }
  if (const Yaml* found = fields.Need("arrivals")) {
    made.arrivals = ReadArrivals(*found, files, problems).value_or(ArrivalLaw());
  }
  if (const Yaml* found = fields.Find("needs")) {
    made.needs = ReadSkills(*found, "needs", 0, problems);
  }
  if (const Yaml* found = fields.Find("groups")) {
    made.groups = ReadPreference(*found, named, problems);
  }
  if (const Yaml* found = fields.Find("channel")) {
    if (routed) Resolve(*found, "channel", named.channels, problems);
    if (const auto name = policy::ReadName(*found, "channel", problems)) {
      made.features.channel = made.channel = ChannelName::Of(*name);
    }
  }
  if (const Yaml* found = fields.Find("priority")) {
    const auto number = policy::ReadNumber(*found, "priority", 0, kPriorities - 1, problems);
    if (number) made.priority = static_cast<std::uint8_t>(*number);
  }
  if (const Yaml* found = fields.Find("first_response")) {
    made.first_response = ReadSpan(*found, "first_response", 0s, kSpanMax, problems);
  }
  if (const Yaml* found = fields.Find("patience"); found != nullptr && found->text != "none") {
    made.patience = ReadLaw(*found, "patience", problems);
  }
  if (const Yaml* found = fields.Need("handling")) {
    made.handling = ReadLaw(*found, "handling", problems).value_or(Law());
  }
  ReadFeatures(fields, made.features, problems);
  return made;
}

void ReadPerChannel(const Yaml& value, std::string_view what, const Named& named,
                    std::map<ChannelName, std::uint32_t>& into, Problems& problems) {
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const Yaml& key = value.keys[i];
    if (what == "capacity" && (key.text == "total" || key.text == "costs")) continue;
    // People may be ready for a channel on which nobody comes, if it is no slip of another.
    const std::vector<std::string_view> known(named.channels.begin(), named.channels.end());
    const bool unused = !named.routed && policy::Nearest(key.text, known).empty();
    const bool good = unused ? policy::ReadName(key, "channel", problems).has_value()
                             : Resolve(key, "channel", named.channels, problems).has_value();
    const std::uint32_t least = what == "costs" ? 1 : 0;
    const auto number =
        policy::ReadNumber(value.items[i], what, least, Limits().units_max, problems);
    if (good && number) into[ChannelName::Of(key.text)] = *number;
  }
}

void ReadCapacity(const Yaml& value, const Named& named, AgentGroup& group, Problems& problems) {
  if (value.kind != Yaml::Kind::kMap) {
    Misfit(value, "capacity", "a map: {total: 3, chat: 3, voice: 1}", problems);
    return;
  }
  ReadPerChannel(value, "capacity", named, group.limits, problems);
  bool total = false;
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    if (value.keys[i].text == "costs") {
      ReadPerChannel(value.items[i], "costs", named, group.costs, problems);
    }
    if (value.keys[i].text != "total") continue;
    total = true;
    group.units = policy::ReadNumber(value.items[i], "total", 1, Limits().units_max, problems)
                      .value_or(group.units);
  }
  if (!total) problems.Add(value.at, "capacity needs the key 'total'");
}

void ReadShifts(const Yaml& value, AgentGroup& group, Problems& problems) {
  for (const Yaml* item : policy::ReadList(value, "shift", false, problems)) {
    const auto [from_value, to_value] = ReadPair(*item, "a shift", problems);
    if (from_value == nullptr) continue;
    const auto from = ReadSpan(*from_value, "the start of a shift", 0s, kDay, problems);
    const auto to = ReadSpan(*to_value, "the end of a shift", 0s, kDay, problems);
    if (!from || !to) continue;
    if (*from >= *to || (!group.shifts.empty() && *from < group.shifts.back().to)) {
      problems.Add(item->at,
                   "shifts are hours of one day, rising and apart: [[0h, 8h], [9h, 17h]]");
      continue;
    }
    if (!group.shifts.empty() && *from == group.shifts.back().to) {
      group.shifts.back().to = *to;
    } else {
      group.shifts.push_back({*from, *to});
    }
  }
}

void ReadOwnHandling(const Yaml& value, const Named& named, AgentGroup& group, Problems& problems) {
  if (value.kind != Yaml::Kind::kMap) {
    Misfit(value, "handling", "a map of classes and laws", problems);
    return;
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const auto of = Resolve(value.keys[i], "class", named.classes, problems);
    const auto law = ReadLaw(value.items[i], "handling", problems);
    if (of && law) group.handling[*of] = *law;
  }
}

AgentGroup ReadGroup(const Yaml& value, const Named& named, Problems& problems) {
  policy::Fields fields(value, "an agent group",
                        {"name", "count", "skills", "handling", "capacity", "costs", "shift"},
                        problems);
  AgentGroup made;
  if (!fields.is_map()) return made;
  if (const Yaml* found = fields.Need("name")) {
    made.name = policy::ReadName(*found, "the name of an agent group", problems).value_or("");
  }
  if (const Yaml* found = fields.Need("count")) {
    made.count = policy::ReadNumber(*found, "count", 1, Limits().agents_max, problems).value_or(0);
  }
  if (const Yaml* found = fields.Find("skills")) {
    made.skills = ReadSkills(*found, "skills", kMaxLevel, problems);
  }
  if (const Yaml* found = fields.Find("handling")) ReadOwnHandling(*found, named, made, problems);
  if (const Yaml* found = fields.Find("capacity")) ReadCapacity(*found, named, made, problems);
  if (const Yaml* found = fields.Find("costs")) {
    if (found->kind == Yaml::Kind::kMap) {
      ReadPerChannel(*found, "costs", named, made.costs, problems);
    } else {
      Misfit(*found, "costs", "a map of channels and units", problems);
    }
  }
  if (named.routed && !made.costs.empty()) {
    problems.Add(value.at, "costs has no effect: the policy says what a channel takes");
  }
  if (const Yaml* found = fields.Find("shift")) ReadShifts(*found, made, problems);
  return made;
}

void RefuseTwice(const std::vector<const Yaml*>& items, const std::vector<std::string>& names,
                 std::string_view noun, Problems& problems) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || seen.insert(names[i]).second) continue;
    problems.Add(items[i]->at,
                 "the " + std::string(noun) + " " + policy::Quoted(names[i]) + " is there twice");
  }
}

}  // namespace

std::vector<std::string> NamesIn(const Yaml* list) {
  std::vector<std::string> names;
  if (list == nullptr) return names;
  for (const Yaml& item : list->items) {
    names.emplace_back();
    for (std::size_t i = 0; i < item.keys.size(); ++i) {
      if (item.keys[i].text == "name") names.back() = item.items[i].text;
    }
  }
  return names;
}

std::vector<ClassSpec> ReadClasses(const Yaml& value, const Named& named, bool routed,
                                   const FileText& files, Problems& problems) {
  std::vector<ClassSpec> classes;
  const std::vector<const Yaml*> items = policy::ReadList(value, "classes", false, problems);
  for (const Yaml* item : items) {
    classes.push_back(ReadClass(*item, named, routed, files, problems));
  }
  if (!items.empty()) RefuseTwice(items, named.classes, "class", problems);
  return classes;
}

std::vector<AgentGroup> ReadAgents(const Yaml& value, const Named& named, Problems& problems) {
  std::vector<AgentGroup> groups;
  std::map<ChannelName, std::pair<std::size_t, std::uint32_t>> costs;
  std::size_t count = 0;
  const std::vector<const Yaml*> items = policy::ReadList(value, "agents", false, problems);
  for (const Yaml* item : items) {
    groups.push_back(ReadGroup(*item, named, problems));
    count += groups.back().count;
    for (const auto& [channel, units] : groups.back().costs) {
      const auto [known, fresh] = costs.try_emplace(channel, groups.size() - 1, units);
      if (fresh || known->second.second == units) continue;
      problems.Add(item->at, "the agent group costs another number of units for " +
                                 policy::Quoted(channel.view()) + " than " +
                                 policy::Quoted(groups[known->second.first].name) +
                                 " does; a channel costs the same everywhere");
    }
  }
  if (count > Limits().agents_max) {
    problems.Add(value.at, std::to_string(count) + " agents; at most " +
                               std::to_string(Limits().agents_max) + " are taken");
  }
  if (!items.empty()) RefuseTwice(items, named.groups, "agent group", problems);
  return groups;
}

}  // namespace usher::simulate
