// RandomCommands: commands that mostly make sense in the state of a desk.
//
// Threads: one. Borrows the dice, the labels and the state, which may change between two calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kit/dice.h"
#include "kit/random_policy.h"
#include "kit/scenario.h"
#include "model/state.h"

namespace usher::kit {

// What differs from one history to the next, so that full desks, idle desks and narrow bounds all
// come up.
struct Mood {
  std::uint64_t inquiries = 0;  // how many names inquiries share
  std::uint64_t agents = 0;
  std::uint64_t placing = 0;  // weight of new inquiries
  std::uint64_t working = 0;  // weight of accept, reply, done
  std::uint64_t hurry = 0;    // percent of commands at the very same time as the one before
  std::uint64_t wishes = 0;   // percent of inquiries with preferred agents, exclusions, other times
};

class RandomCommands {
 public:
  RandomCommands(Dice& dice, const Pools& pools, const Mood& mood, Labels& labels,
                 const DeskState& state)
      : dice_(dice), pools_(pools), mood_(mood), labels_(labels), state_(state) {}

  PlaceInquiry Place();
  Step AnswerToOffer();  // accept or decline
  Step StaleAnswer();
  CommandBody Work();          // reply, finish, pause, resume, transfer
  CommandBody OnAgent();       // register, remove, presence
  CommandBody OnInquiry();     // cancel, abandon, update, schedule, update of an order
  CommandBody Afterwards();    // a review, a rating
  CommandBody OfSupervisor();  // take, assign
  CommandBody Question();      // show work, estimate, explain, preview
  RegisterAgent Agent(const AgentName& name);
  SetPresence PresenceOf(const AgentName& agent, Presence presence);
  Policy NewPolicy() { return RandomPolicy(dice_, pools_, state_.now); }
  void AddSource(Command& command);
  void AddRequest(Command& command);

 private:
  template <class IdType>
  IdType Labelled(const char* letter, std::uint64_t count) {
    return labels_.Make<IdType>(letter + std::to_string(dice_.Below(count)));
  }
  InquiryId AnyInquiry() { return Labelled<InquiryId>("i", mood_.inquiries); }
  InquiryId AnyOpen();
  InquiryId AnyAt(Stage stage);  // mostly
  bool IsOpen(const InquiryId& inquiry) const;
  AgentName AnyAgent();
  AgentName AnyRegistered();
  QueueName AnyQueue();
  std::vector<AskedExclusion> Exclusions();
  void AddWishes(PlaceInquiry& place);
  Features AnyFeatures();
  CommandBody Replied(const InquiryId& inquiry, const AgentName& agent);

  Dice& dice_;
  const Pools pools_;
  const Mood mood_;
  Labels& labels_;
  const DeskState& state_;
};

}  // namespace usher::kit
