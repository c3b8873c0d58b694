// Automatic: the part of a policy that says what becomes of messages that no customer wrote.
#pragma once

#include "model/automatic_rules.h"
#include "policy/reader.h"

namespace usher::policy {

// Tells misfits as problems and reads on; what it returns is whole only if there were none.
AutomaticRules ReadAutomatic(const Yaml& value, Problems& problems);

}  // namespace usher::policy
