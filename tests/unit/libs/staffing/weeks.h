// A small shop's weeks for tests.
#pragma once

#include <string_view>

#include "core/check.h"
#include "policy/compile.h"
#include "staffing/forecast.h"

namespace usher::staffing {

inline Kind KindOf(std::string_view queue, std::string_view language = "uk") {
  return {QueueName::Of(queue), ChannelName::Of("chat"), LanguageName::Of(language), TopicName()};
}

inline Profile Speaks(std::initializer_list<std::string_view> skills) {
  Profile profile;
  for (const std::string_view skill : skills) profile.skills.push_back({SkillName::Of(skill), 100});
  return profile;
}

inline Policy CompiledPolicy(std::string_view yaml) {
  const policy::CompileResult result = policy::Compile(yaml);
  USHER_CHECK(result.compiled.has_value());
  return result.compiled->policy;
}

// One kind, so many an hour, all hours alike.
inline KindWeek Steady(const Kind& kind, double an_hour, double handling_s, double patience_s = 0) {
  KindWeek week{kind, {}, handling_s, patience_s};
  week.arrivals.fill(an_hour);
  return week;
}

inline Crew Always(const Profile& profile, double present) {
  Crew crew{profile, 1, {}};
  crew.present.fill(present);
  return crew;
}

constexpr std::string_view kTwoLanguages = R"(
version: test-1
languages: [uk, ro]
topics: [delivery]
skills: [uk, ro]
channels: {chat: {units: 1}}
sla: {live: {first_response: 20s}}
queues:
  - {name: uk, needs: {uk: 50}, sla: live}
  - {name: ro, needs: {ro: 50}, sla: live}
  - {name: later}
routes:
  - {name: uk, match: {language: uk}, queue: uk}
  - {name: ro, match: {language: ro}, queue: ro}
otherwise: {queue: later}
)";

}  // namespace usher::staffing
