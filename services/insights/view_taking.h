// View::Taking: one decision on its way through View::Take(). For the parts of View alone.
#pragma once

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

template <class Change>
void View::Alter(Taking& taking, InquiryRow& row, const Change& change) {
  Leave(taking.desk, row);
  change();
  Enter(taking.desk, row);
  Touch(taking, row);
}

}  // namespace usher::insights
