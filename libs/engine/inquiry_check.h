// The part of state_check.h that looks at one open inquiry.
//
// Threads: any.
#pragma once

#include <map>
#include <vector>

#include "model/limits.h"
#include "model/state.h"

namespace usher::engine {

// What an inquiry is judged against: a state whose policy and agents are right.
struct StateView {
  StateView(const DeskState& of, const Limits& bounds);

  const DeskState& state;
  const Limits& limits;
  std::map<QueueName, const Queue*> queues;
  std::map<SlaName, const SlaClass*> slas;
  std::map<AgentName, const AgentState*> agents;
};

bool IsConsistent(const InquiryState& inquiry, const StateView& view);

}  // namespace usher::engine
