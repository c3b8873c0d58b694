// Steps: how a queue asks for less as time passes, read from `relax` or `helpers`.
#pragma once

#include <vector>

#include "model/policy.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// What a step leaves out stays as it was in the step before, `first` before all. Told besides
// misfits: a step that lets nobody new take. If the queue's own requirement is not `whole`, since
// it was misread, misfits alone are told.
std::vector<RelaxStep> ReadRelax(const Yaml& value, const Requirement& first, bool whole,
                                 const Declared& declared, Problems& problems);

// With each step another group may take besides those before; what the group leaves out is as it is
// for the queue's own agents.
std::vector<RelaxStep> ReadHelpers(const Yaml& value, const Requirement& own, bool whole,
                                   const Declared& declared, Problems& problems);

// Who fits any of them. Skills that all of them need stay needs, at the least level.
//
// Requires: not empty.
Requirement AnyOf(const std::vector<Requirement>& groups);

}  // namespace usher::policy
