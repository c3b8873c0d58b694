#include "policy/compile.h"

#include <algorithm>
#include <utility>

#include "policy/acting.h"
#include "policy/automatic.h"
#include "policy/calendars.h"
#include "policy/mappings.h"
#include "policy/quality.h"
#include "policy/queues.h"
#include "policy/reader.h"
#include "policy/routes.h"
#include "policy/rules.h"
#include "policy/sections.h"
#include "policy/source.h"
#include "policy/yaml_tree.h"

namespace usher::policy {
namespace {

// What the intake needs: the languages, topics and tiers that messages are told apart by.
void ReadUnderstanding(const Yaml& root, const Fields& fields, UnderstandingRules& rules,
                       Declared& declared, Problems& problems) {
  if (const Yaml* languages = fields.Find("languages")) {
    rules.languages = ReadLanguages(*languages, declared, problems);
  }
  if (const Yaml* topics = fields.Find("topics")) ReadTopics(*topics, declared, rules, problems);
  // What is not understood has a topic too: routes may always name it.
  const bool listed = std::find(rules.topics.begin(), rules.topics.end(),
                                TopicName::Of(kOtherTopic)) != rules.topics.end();
  if (!listed) declared.topics.Declare(kOtherTopic, root.at, problems);
  if (const Yaml* confidence = fields.Find("topic_confidence")) {
    rules.topic_confidence_permille = ReadShare(*confidence, "topic_confidence", problems)
                                          .value_or(rules.topic_confidence_permille);
  }
  if (const Yaml* tiers = fields.Find("tiers")) rules.tiers = ReadTiers(*tiers, declared, problems);
  if (const Yaml* by_value = fields.Find("tier_by_value")) {
    rules.tier_by_value = ReadTierByValue(*by_value, declared, problems);
  }
}

// Who works and waits where.
void ReadDesk(Fields& fields, Instant now, Policy& policy, Declared& declared, Problems& problems) {
  if (const Yaml* skills = fields.Find("skills")) ReadSkills(*skills, declared, problems);
  if (const Yaml* attributes = fields.Find("attributes")) {
    ReadAttributes(*attributes, declared, problems);
  }
  if (const Yaml* channels = fields.Need("channels")) {
    policy.channels = ReadChannels(*channels, declared, problems);
  } else {
    declared.channels.SetBroken();
  }
  if (const Yaml* calendars = fields.Find("calendars")) {
    policy.calendars = ReadCalendars(*calendars, now, declared, problems);
  }
  if (const Yaml* sla = fields.Find("sla")) {
    policy.sla_classes = ReadSlaClasses(*sla, declared, problems);
  }
  if (const Yaml* queues = fields.Need("queues")) {
    policy.queues = ReadQueues(*queues, declared, problems);
  } else {
    declared.queues.SetBroken();
  }
}

void ReadRules(const Fields& fields, Policy& policy, Declared& declared, Problems& problems) {
  if (const Yaml* offers = fields.Find("offers")) ReadOffers(*offers, policy, problems);
  if (const Yaml* share = fields.Find("late_share")) {
    policy.late_share_permille =
        ReadShare(*share, "late_share", problems).value_or(policy.late_share_permille);
  }
  if (const Yaml* sticky = fields.Find("sticky")) {
    policy.sticky = ReadSticky(*sticky, declared, problems);
  }
  if (const Yaml* pace = fields.Find("pace")) policy.pace = ReadPace(*pace, problems);
  if (const Yaml* reopen = fields.Find("reopen")) {
    policy.reopen = ReadDuration(*reopen, "reopen", 1ms, problems, kMemoryMax).value_or(0s);
  }
  if (const Yaml* raises = fields.Find("order_raises")) {
    policy.status_raises = ReadOrderRaises(*raises, problems);
  }
  if (const Yaml* follow_ups = fields.Find("follow_ups")) {
    policy.follow_ups = ReadFollowUps(*follow_ups, problems);
  }
  if (const Yaml* quality = fields.Find("quality")) {
    policy.quality = ReadQuality(*quality, problems);
  }
  ReadOrder(fields, declared, policy, problems);
}

Compiled ReadPolicy(const Yaml& root, Instant now, Problems& problems) {
  Compiled made;
  Declared declared;
  Fields fields(root, "the policy",
                {"version",    "languages",    "topics",       "topic_confidence",
                 "tiers",      "skills",       "attributes",   "channels",
                 "calendars",  "sla",          "queues",       "routes",
                 "otherwise",  "angry",        "offers",       "pace",
                 "sticky",     "reopen",       "order_raises", "order",
                 "then",       "urgent",       "near",         "crowd",
                 "age_credit", "starve_after", "late_share",   "tier_by_value",
                 "acting",     "mappings",     "follow_ups",   "automatic",
                 "time_zone",  "quality"},
                problems);
  if (!fields.is_map()) return made;
  if (const Yaml* version = fields.Need("version")) {
    made.policy.version = ReadVersion(*version, problems);
  }
  if (const Yaml* zone = fields.Find("time_zone")) ReadTimeZone(*zone, problems);
  ReadUnderstanding(root, fields, made.understanding, declared, problems);
  ReadDesk(fields, now, made.policy, declared, problems);
  ReadRules(fields, made.policy, declared, problems);
  if (const Yaml* acting = fields.Find("acting")) {
    made.acting = ReadActing(*acting, made.policy.calendars, declared, problems);
  }
  if (const Yaml* automatic = fields.Find("automatic")) {
    made.automatic = ReadAutomatic(*automatic, problems);
  }
  made.policy.routes =
      ReadRoutes(fields.Find("routes"), fields.Need("otherwise"), declared, problems);
  if (const Yaml* mappings = fields.Find("mappings")) {
    made.mappings = ReadMappings(*mappings, declared, problems);
  }
  if (const Yaml* value = fields.Find("angry")) {
    const Angry angry = ReadAngry(*value, declared, problems);
    made.policy.angry_needs = angry.needs;
    made.policy.routes = WithAngry(made.policy.routes, angry, *value, problems);
  }
  return made;
}

std::optional<Problem> TooLong(std::string_view yaml) {
  if (yaml.size() <= kYamlBytesMax) return std::nullopt;
  return Problem{0, 0,
                 "the file has " + std::to_string(yaml.size()) + " bytes; at most " +
                     std::to_string(kYamlBytesMax) + " are taken"};
}

// Reads a file as a whole into `to`; it stays empty if there are problems.
// `read(root, problems)` gives what the file says.
template <class Result, class Made, class Read>
void CompileWith(std::string_view yaml, Result& result, std::optional<Made>& to, const Read& read) {
  if (const auto problem = TooLong(yaml)) {
    result.problems.push_back(*problem);
    return;
  }
  const Source source(yaml);
  Problems problems(source);
  if (const std::optional<Yaml> root = ParseYaml(source, problems)) {
    Made made = read(*root, problems);
    if (problems.none()) to = std::move(made);
  }
  result.problems = problems.InOrder();
}

}  // namespace

CompileResult Compile(std::string_view yaml, Instant now) {
  CompileResult result;
  CompileWith(yaml, result, result.compiled, [now](const Yaml& root, Problems& problems) {
    return ReadPolicy(root, now, problems);
  });
  return result;
}

MappingsResult CompileMappings(std::string_view yaml) {
  MappingsResult result;
  CompileWith(yaml, result, result.rules, [](const Yaml& root, Problems& problems) {
    Declared elsewhere;
    for (Names* names : {&elsewhere.channels, &elsewhere.topics, &elsewhere.tiers}) {
      names->SetBroken();
    }
    Fields fields(root, "the file", {"mappings"}, problems);
    const Yaml* const mappings = fields.Need("mappings");
    return mappings == nullptr ? MappingRules() : ReadMappings(*mappings, elsewhere, problems);
  });
  return result;
}

std::string ToString(const Problem& problem) {
  if (problem.line == 0) return problem.message;
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
         problem.message;
}

std::vector<Duration> SlaTargets(const Policy& policy) {
  std::vector<Duration> targets;
  for (const SlaClass& sla : policy.sla_classes) {
    if (sla.first_response > Duration::zero()) targets.push_back(sla.first_response);
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

}  // namespace usher::policy
