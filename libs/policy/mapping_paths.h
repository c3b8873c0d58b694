// Paths into a shop's JSON, as a mapping writes them: `line_items.0.name`.
#pragma once

#include <optional>
#include <string_view>

#include "model/mapping_rules.h"
#include "policy/reader.h"

namespace usher::policy {

// Steps between dots: the key of a map, the number of an item of a list from 0, or `*` for each
// item. A dot that belongs to a key has a backslash in front.
// `each`: whether `*` is allowed. Nothing and a problem if it does not fit.
std::optional<JsonPath> ReadPath(const Yaml& value, std::string_view what, bool each,
                                 Problems& problems);

}  // namespace usher::policy
