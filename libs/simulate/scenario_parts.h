// The parts of a scenario: its classes and its agent groups, each read into what it becomes.
//
// Each function tells misfits as problems and reads on; what it returns is whole only if none were.
// Threads: one.
#pragma once

#include <vector>

#include "simulate/scenario.h"
#include "simulate/values.h"

namespace usher::simulate {

// What the parts refer to in one another, by name; a name's place is its index.
struct Named {
  std::vector<std::string> classes;
  std::vector<std::string> groups;
  std::vector<std::string> channels;  // of the classes, or of the policy
  bool routed = false;                // by a policy
};

// The `name` of each item of a list, empty where it has none.
std::vector<std::string> NamesIn(const Yaml* list);

// With a policy (`routed`) a class has features instead of needs and groups.
std::vector<ClassSpec> ReadClasses(const Yaml& value, const Named& named, bool routed,
                                   const FileText& files, Problems& problems);

std::vector<AgentGroup> ReadAgents(const Yaml& value, const Named& named, Problems& problems);

}  // namespace usher::simulate
