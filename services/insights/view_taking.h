// View::Taking: one decision on its way through View::Take(). For the parts of View alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "insights/view.h"

namespace usher::insights {

struct View::Taking {
  const wire::DecisionRecord& record;
  std::string_view bytes;
  std::int64_t offset;
  LiveDesk& desk;

  const DeskName& desk_name() const { return record.desk; }
  Instant at() const { return record.decision.at; }
};

// One more agent, or (`times` -1) one less.
inline void CountAgent(LiveDesk& desk, const AgentRecord& agent, int times) {
  desk.presences[static_cast<std::size_t>(agent.presence)] += static_cast<std::uint32_t>(times);
  if (agent.presence == Presence::kOffline) return;
  desk.units_here += static_cast<std::uint64_t>(static_cast<std::int64_t>(agent.units) * times);
}

template <class Change>
void View::Alter(Taking& taking, InquiryRow& row, const Change& change) {
  Leave(taking.desk, row);
  change();
  Enter(taking.desk, row);
  Touch(taking, row);
}

}  // namespace usher::insights
