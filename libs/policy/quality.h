// Quality: the part of a policy that says which ended inquiries are wanted for review.
#pragma once

#include "model/quality.h"
#include "policy/reader.h"

namespace usher::policy {

// Tells misfits as problems and reads on; what it returns is whole only if there were none.
Quality ReadQuality(const Yaml& value, Problems& problems);

}  // namespace usher::policy
