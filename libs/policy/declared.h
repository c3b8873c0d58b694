// Declared: the names that the sections of a policy declare, for those who refer to them.
//
// Threads: one.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "policy/reader.h"

namespace usher::policy {

// What a route calls a language that nobody could tell; no policy may declare it.
inline constexpr std::string_view kUnknownLanguage = "unknown";

struct Declared {
  Names channels{"channel"};
  Names sla_classes{"SLA class"};
  Names skills{"skill"};
  Names languages{"language"};
  Names topics{"topic"};
  Names tiers{"tier"};
  Names queues{"queue"};
  Names calendars{"calendar"};
  Names attributes{"attribute"};
  std::map<std::string, Names> values;  // of each attribute
  bool any_attribute = true;            // none are declared: any may be named
  bool repeats = false;                 // there is a window for repeats
};

}  // namespace usher::policy
