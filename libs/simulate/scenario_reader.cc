#include "simulate/scenario_reader.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "policy/source.h"
#include "simulate/scenario_parts.h"

namespace usher::simulate {
namespace {

constexpr std::uint32_t kReplicationsMax = 10'000;
constexpr std::uint32_t kReplications = 10;
constexpr std::size_t kTimesMax = 100;  // of `thresholds` and `busy_at`

constexpr std::array<std::pair<std::string_view, Order>, 6> kOrders = {
    {{"default", Order::kDefault},
     {"fifo", Order::kFifo},
     {"priority", Order::kPriority},
     {"due", Order::kDue},
     {"in_time_first", Order::kInTimeFirst},
     {"agent_level", Order::kAgentLevel}}};
constexpr std::array<std::pair<std::string_view, Pick>, 5> kPicks = {
    {{"default", Pick::kDefault},
     {"longest_idle", Pick::kLongestIdle},
     {"rarest_first", Pick::kRarestFirst},
     {"best_level", Pick::kBestLevel},
     {"least_loaded", Pick::kLeastLoaded}}};

template <class Enum, std::size_t kSize>
Enum ReadWord(const Yaml& value, std::string_view what,
              const std::array<std::pair<std::string_view, Enum>, kSize>& words,
              Problems& problems) {
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (value.kind == Yaml::Kind::kText && value.text == word) return meaning;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  Misfit(value, what, "one of " + known, problems);
  return Enum{};
}

Extent ReadExtent(const Yaml& value, std::string_view what, std::uint64_t least,
                  Problems& problems) {
  Extent extent;
  const auto chosen = ReadChoice(value, what, {"inquiries", "time"}, problems);
  if (!chosen) return extent;
  if (chosen->key == "time") {
    extent.time = ReadSpan(*chosen->value, "time", least > 0 ? Duration(1ms) : Duration(0),
                           kSpanMax, problems)
                      .value_or(extent.time);
  } else {
    extent.inquiries = ReadCount(*chosen->value, "inquiries", least, problems).value_or(0);
  }
  return extent;
}

Offers ReadOffers(const Yaml& value, bool routed, Problems& problems) {
  Offers offers;
  if (value.kind == Yaml::Kind::kText && value.text == "instant") return offers;
  if (value.kind == Yaml::Kind::kText) {
    Misfit(value, "offers", "'instant', or a map with accept, ignore and timeout", problems);
    return offers;
  }
  policy::Fields fields(value, "offers", {"accept", "ignore", "timeout"}, problems);
  offers.instant = false;
  if (const Yaml* found = fields.Find("accept")) {
    offers.accept = ReadLaw(*found, "accept", problems).value_or(Law());
  }
  if (const Yaml* found = fields.Find("ignore")) {
    offers.ignore = ReadReal(*found, "ignore", 0, 1, problems).value_or(0);
  }
  if (const Yaml* found = fields.Find("timeout")) {
    if (routed) problems.Add(found->at, "timeout has no effect: it comes from the policy's queues");
    offers.timeout =
        ReadSpan(*found, "timeout", 1ms, policy::kDurationMax, problems).value_or(offers.timeout);
  }
  return offers;
}

// Each time once, rising.
std::vector<Duration> ReadTimes(const Yaml& value, std::string_view what, Duration most,
                                Problems& problems) {
  std::vector<Duration> times;
  if (EmptyList(value)) return times;
  for (const Yaml* item : policy::ReadList(value, what, true, problems)) {
    if (const auto time = ReadSpan(*item, what, 0s, most, problems)) times.push_back(*time);
  }
  if (times.size() > kTimesMax) {
    problems.Add(value.at,
                 std::string(what) + " has more than " + std::to_string(kTimesMax) + " times");
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

// The period in which things come back: that of the sines, else a day.
Duration PeriodOf(const std::vector<ClassSpec>& classes, const Yaml& value, Problems& problems) {
  Duration period{0};
  for (const ClassSpec& spec : classes) {
    if (spec.arrivals.kind != ArrivalLaw::Kind::kSine) continue;
    if (period != Duration(0) && period != spec.arrivals.period) {
      problems.Add(value.at, "busy_at needs one period; the classes have several");
    }
    period = spec.arrivals.period;
  }
  return period == Duration(0) ? kDay : period;
}

void ReadReport(const Yaml& value, Scenario& scenario, Problems& problems) {
  const policy::Fields fields(value, "report", {"thresholds", "busy_at"}, problems);
  if (const Yaml* found = fields.Find("thresholds")) {
    scenario.thresholds = ReadTimes(*found, "thresholds", kSpanMax, problems);
  }
  if (const Yaml* found = fields.Find("busy_at")) {
    scenario.busy_period = PeriodOf(scenario.classes, *found, problems);
    scenario.busy_at = ReadTimes(*found, "busy_at", scenario.busy_period - Duration(1ms), problems);
  }
}

std::optional<Policy> ReadPolicyFile(const Yaml& value, const FileText& files, Problems& problems) {
  if (value.kind != Yaml::Kind::kText || value.text.empty()) {
    Misfit(value, "policy", "the path of a file", problems);
    return std::nullopt;
  }
  const absl::StatusOr<std::string> text = files(value.text);
  if (!text.ok()) {
    problems.Add(value.at, std::string(text.status().message()));
    return std::nullopt;
  }
  policy::CompileResult result = policy::Compile(*text);
  for (const policy::Problem& problem : result.problems) {
    problems.Add(value.at, value.text + ":" + policy::ToString(problem));
  }
  if (!result.compiled) return std::nullopt;
  return std::move(result.compiled->policy);
}

// The rules of the scenario itself, which a policy has of its own.
void ReadRules(policy::Fields& fields, bool routed, Scenario& scenario, Problems& problems) {
  const auto refuse = [&](const Yaml& value, std::string_view what) {
    problems.Add(value.at, std::string(what) + " has no effect: it comes from the policy");
  };
  if (const Yaml* found = fields.Find("order")) {
    scenario.order = ReadWord(*found, "order", kOrders, problems);
    if (routed && scenario.order != Order::kDefault) refuse(*found, "order");
  }
  if (const Yaml* found = fields.Find("pick")) {
    scenario.pick = ReadWord(*found, "pick", kPicks, problems);
    if (routed && scenario.pick != Pick::kDefault) refuse(*found, "pick");
  }
  if (const Yaml* found = fields.Find("wrap_up")) {
    scenario.wrap_up =
        ReadSpan(*found, "wrap_up", 0s, policy::kDurationMax, problems).value_or(scenario.wrap_up);
    if (routed && scenario.wrap_up != 0s) refuse(*found, "wrap_up");
  }
  if (const Yaml* found = fields.Find("offers")) {
    scenario.offers = ReadOffers(*found, routed, problems);
  }
  if (const Yaml* found = fields.Find("places")) {
    scenario.places = policy::ReadNumber(*found, "places", 1, Limits().inquiries_max, problems)
                          .value_or(scenario.places);
  }
}

std::vector<std::string> ChannelsOf(const Scenario& scenario) {
  std::vector<std::string> channels;
  if (scenario.policy) {
    for (const Channel& channel : scenario.policy->channels) {
      channels.push_back(channel.name.ToString());
    }
  } else {
    for (const ClassSpec& spec : scenario.classes) channels.push_back(spec.channel.ToString());
  }
  return channels;
}

void ReadRuns(policy::Fields& fields, Scenario& scenario, Problems& problems) {
  scenario.name = "scenario";
  if (const Yaml* found = fields.Find("name")) {
    if (found->kind != Yaml::Kind::kText) Misfit(*found, "name", "text", problems);
    scenario.name = found->text;
  }
  if (const Yaml* found = fields.Find("seed")) {
    scenario.seed = ReadCount(*found, "seed", 0, problems).value_or(scenario.seed);
  }
  scenario.replications = kReplications;
  if (const Yaml* found = fields.Find("replications")) {
    scenario.replications =
        policy::ReadNumber(*found, "replications", 1, kReplicationsMax, problems)
            .value_or(scenario.replications);
  }
  if (const Yaml* found = fields.Find("warmup")) {
    scenario.warmup = ReadExtent(*found, "warmup", 0, problems);
  }
  if (const Yaml* found = fields.Need("stop")) {
    scenario.stop = ReadExtent(*found, "stop", 1, problems);
  }
}

Scenario ReadRoot(const Yaml& root, const FileText& files, Problems& problems) {
  Scenario scenario;
  policy::Fields fields(root, "a scenario",
                        {"name", "seed", "replications", "warmup", "stop", "order", "pick",
                         "places", "offers", "wrap_up", "policy", "classes", "agents", "report"},
                        problems);
  if (!fields.is_map()) return scenario;
  ReadRuns(fields, scenario, problems);
  const Yaml* policy = fields.Find("policy");
  if (policy != nullptr) scenario.policy = ReadPolicyFile(*policy, files, problems);
  ReadRules(fields, policy != nullptr, scenario, problems);
  const Yaml* classes = fields.Need("classes");
  const Yaml* agents = fields.Need("agents");
  Named named{NamesIn(classes), NamesIn(agents), ChannelsOf(scenario), policy != nullptr};
  if (classes != nullptr) {
    scenario.classes = ReadClasses(*classes, named, policy != nullptr, files, problems);
  }
  named.channels = ChannelsOf(scenario);
  if (agents != nullptr) scenario.agents = ReadAgents(*agents, named, problems);
  if (const Yaml* report = fields.Find("report")) ReadReport(*report, scenario, problems);
  return scenario;
}

absl::StatusOr<std::string> WholeFile(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(path + ": is a folder, not a file");
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof())) {
    return absl::InvalidArgumentError(path + ": cannot be read");
  }
  return text.str();
}

}  // namespace

ReadResult ReadScenario(std::string_view yaml, const FileText& files) {
  ReadResult result;
  if (yaml.size() > policy::kYamlBytesMax) {
    result.problems.push_back({0, 0,
                               "the file has " + std::to_string(yaml.size()) + " bytes; at most " +
                                   std::to_string(policy::kYamlBytesMax) + " are taken"});
    return result;
  }
  if (yaml.find_first_not_of(" \t\r\n") == yaml.npos) {
    result.problems.push_back({1, 1, "the file is empty; libs/simulate/README.md has a start"});
    return result;
  }
  const policy::Source source(yaml);
  Problems problems(source);
  if (const std::optional<Yaml> root = policy::ParseYaml(source, problems)) {
    Scenario scenario = ReadRoot(*root, files, problems);
    if (problems.none()) result.scenario = std::move(scenario);
  }
  result.problems = problems.InOrder();
  return result;
}

absl::StatusOr<Scenario> LoadScenario(const std::string& path) {
  const absl::StatusOr<std::string> yaml = WholeFile(path);
  if (!yaml.ok()) return yaml.status();
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  ReadResult result = ReadScenario(
      *yaml, [&](const std::string& named) { return WholeFile((folder / named).string()); });
  if (result.scenario) return std::move(*result.scenario);
  std::string lines;
  for (const policy::Problem& problem : result.problems) {
    if (!lines.empty()) lines += "\n";
    lines += path + (problem.line == 0 ? ": " : ":") + policy::ToString(problem);
  }
  return absl::InvalidArgumentError(lines);
}

}  // namespace usher::simulate
