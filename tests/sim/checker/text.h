// Records of the two logs as one line each, for traces and violations.
#pragma once

#include <string>

#include "kit/scenario.h"
#include "model/command.h"
#include "model/decision.h"

namespace usher::sim {

inline std::string ToText(const Decision& decision) {
  return kit::Describe(decision, kit::Labels()).ToString();
}

inline std::string ToText(const Command& command) {
  kit::Step step;
  step.command = command;
  return kit::WriteStep(step, kit::Labels());
}

}  // namespace usher::sim
