// Outcome: which decision is the answer to a command.
#pragma once

#include "model/command.h"
#include "model/decision.h"

namespace usher::sim {

// Has every command of this kind exactly one answer? A Tick has none.
bool WantsAnswer(const Command& command);

// Is `decision` the answer to `command`, rather than one of its consequences or a timer's?
bool Answers(const Command& command, const DecisionBody& decision);

}  // namespace usher::sim
