// Acting: the part of a policy that says what usher does before the customer asks.
#pragma once

#include <vector>

#include "model/acting_rules.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// After channels, calendars and queues. Tells misfits as problems and reads on; what it returns is
// whole only if there were none.
ActingRules ReadActing(const Yaml& value, const std::vector<Calendar>& calendars,
                       const Declared& declared, Problems& problems);

}  // namespace usher::policy
