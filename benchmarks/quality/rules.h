// Rules: the ways of routing that are compared, as settings of one policy.
//
// Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/command.h"
#include "model/policy.h"
#include "quality/day.h"

namespace usher::quality {

struct Rule {
  std::string name;
  void (*set)(Policy& policy);
  bool topics = true;  // the engine is told the topic, so it may learn how long one takes
};

// First come first served, strict priority to the longest idle, earliest due: what usher is
// measured against. Then in time first; usher where no topic is told, and where it is.
const std::vector<Rule>& Rules();
constexpr std::size_t kBaselines = 3;

// The shop of such a day: a queue for each kind of inquiry, a route for each kind, area and
// language.
Policy PolicyOf(const DaySpec& spec, const Rule& rule);

RegisterAgent RegistrationOf(const DaySpec& spec, const AgentSpec& agent, std::size_t number);
PlaceInquiry PlacingOf(const Rule& rule, const Inquiry& inquiry, std::size_t number);

// The numbers that the names and ids above carry.
std::size_t NumberOf(const AgentName& agent);
std::size_t NumberOf(const InquiryId& inquiry);

}  // namespace usher::quality
