// DeskView: what follows from a DeskState alone: who fits what, who holds how much, who is able.
//
// A second reading of the chapter "Words" of libs/engine/README.md, apart from the reference
// engine, for the rules that both engines are held to.
//
// Threads: one. Borrows the state.
// Cost:    built in one walk over the state; each question takes a walk over what it names.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/time.h"
#include "model/state.h"

namespace usher::kit {

// What an agent holds and wraps up.
struct Load {
  std::uint64_t firm = 0;   // units that nothing may take
  std::uint64_t soft = 0;   // units that what interrupts may take
  std::uint64_t wraps = 0;  // of `firm`: units of wrap-ups
  std::map<ChannelName, std::uint64_t> channels;

  std::uint64_t Count(const ChannelName& channel) const {
    const auto found = channels.find(channel);
    return found == channels.end() ? 0 : found->second;
  }
};

class DeskView {
 public:
  explicit DeskView(const DeskState& state);

  const AgentState* agent(const AgentName& name) const;
  const Queue* queue(const QueueName& name) const;
  const Channel* channel(const ChannelName& name) const;
  const Calendar* calendar(const CalendarName& name) const;
  const SlaClass* sla(const InquiryState& inquiry) const;
  const Load& load(const AgentName& name) const;

  bool Fits(const AgentState& agent, const InquiryState& inquiry, std::size_t step) const;
  bool Staffed(const InquiryState& inquiry, std::size_t step) const;
  bool Able(const AgentState& agent, const InquiryState& inquiry) const;
  bool IsGateOpen(const Borrow& borrow) const;
  bool IsOpen(const Queue& queue) const;
  static bool IsLate(const InquiryState& inquiry);

 private:
  bool Meets(const AgentState& agent, const InquiryState& inquiry,
             const Requirement& requirement) const;
  bool MayBorrow(const AgentState& agent, const InquiryState& inquiry, const Queue& queue) const;
  bool HasRoom(const AgentState& agent, const InquiryState& inquiry, const Queue& queue) const;

  const DeskState& state_;
  std::map<AgentName, const AgentState*> agents_;
  std::map<QueueName, const Queue*> queues_;
  std::map<AgentName, Load> loads_;
};

inline bool IsOwned(const InquiryState& i) {
  return i.stage == Stage::kAssigned || i.stage == Stage::kAnswered;
}
inline bool IsUnowned(const InquiryState& i) {
  return i.stage == Stage::kWaiting || i.stage == Stage::kOffered;
}

}  // namespace usher::kit
