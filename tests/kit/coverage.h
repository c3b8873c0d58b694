// Coverage: what a set of histories has reached, by name; so that a generator cannot go blind.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/command.h"
#include "model/decision.h"
#include "model/state.h"

namespace usher::kit {

class Coverage {
 public:
  // All names that can be reached begin at 0.
  Coverage();

  // One step: the state before, the command, what was decided, the state after.
  void Note(const DeskState& before, const Command& command, const DecisionList& decisions,
            const DeskState& after);

  // Names that were reached fewer than `least` times, each with its count.
  std::vector<std::string> Below(std::uint64_t least) const;

 private:
  void Hit(const std::string& name);
  void NoteDecision(const Decision& decision, const DeskState& after);
  void NoteOffers(const DecisionList& decisions, const DeskState& before, const DeskState& after);
  void NoteState(const DeskState& before, const DeskState& after);
  void NoteInquiry(const InquiryState& inquiry, const DeskState& state);

  std::map<std::string, std::uint64_t> hits_;
};

}  // namespace usher::kit
