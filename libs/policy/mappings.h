// Mappings: the section of a policy that says how a shop's own JSON becomes events.
//
// Tells misfits as problems and reads on; what it reads is whole only if none were.
#pragma once

#include <cstddef>

#include "model/mapping_rules.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

constexpr std::size_t kMappingsMax = 64;
constexpr std::size_t kMappingSourcesMax =
    128;                                      // in one mapping: each is looked for in each record
constexpr std::size_t kMappingTextMax = 200;  // bytes of a path, a constant, an entry of a table
constexpr std::size_t kMappingTableMax = 200;
constexpr std::size_t kMappingStepsMax = 16;  // of a path

// After channels, topics and tiers, which mappings may name.
MappingRules ReadMappings(const Yaml& value, const Declared& declared, Problems& problems);

}  // namespace usher::policy
