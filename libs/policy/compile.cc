#include "policy/compile.h"

#include <algorithm>
#include <utility>

#include "policy/reader.h"
#include "policy/routes.h"
#include "policy/sections.h"
#include "policy/source.h"
#include "policy/yaml_tree.h"

namespace usher::policy {
namespace {

Compiled ReadPolicy(const Yaml& root, Problems& problems) {
  Compiled made;
  Policy& policy = made.policy;
  UnderstandingRules& rules = made.understanding;
  Declared declared;
  Fields fields(root, "the policy",
                {"version", "languages", "topics", "topic_confidence", "tiers", "skills",
                 "channels", "sla", "queues", "routes", "otherwise", "offers", "late_share"},
                problems);
  if (!fields.is_map()) return made;

  if (const Yaml* version = fields.Need("version")) {
    policy.version = ReadVersion(*version, problems);
  }
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
  if (const Yaml* skills = fields.Find("skills")) ReadSkills(*skills, declared, problems);
  if (const Yaml* channels = fields.Need("channels")) {
    policy.channels = ReadChannels(*channels, declared, problems);
  } else {
    declared.channels.SetBroken();
  }
  if (const Yaml* sla = fields.Find("sla")) {
    policy.sla_classes = ReadSlaClasses(*sla, declared, problems);
  }
  if (const Yaml* queues = fields.Need("queues")) {
    policy.queues = ReadQueues(*queues, declared, problems);
  } else {
    declared.queues.SetBroken();
  }
  if (const Yaml* offers = fields.Find("offers")) ReadOffers(*offers, policy, problems);
  if (const Yaml* share = fields.Find("late_share")) {
    policy.late_share_permille =
        ReadShare(*share, "late_share", problems).value_or(policy.late_share_permille);
  }
  policy.routes = ReadRoutes(fields.Find("routes"), fields.Need("otherwise"), declared, problems);
  return made;
}

}  // namespace

CompileResult Compile(std::string_view yaml) {
  CompileResult result;
  if (yaml.size() > kYamlBytesMax) {
    result.problems.push_back({0, 0,
                               "the file has " + std::to_string(yaml.size()) + " bytes; at most " +
                                   std::to_string(kYamlBytesMax) + " are taken"});
    return result;
  }
  const Source source(yaml);
  Problems problems(source);
  if (const std::optional<Yaml> root = ParseYaml(source, problems)) {
    Compiled compiled = ReadPolicy(*root, problems);
    if (problems.none()) result.compiled = std::move(compiled);
  }
  result.problems = problems.InOrder();
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
