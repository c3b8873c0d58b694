// Queues: who takes what waits in them, in which steps, and where newcomers go when they can't.
#pragma once

#include <vector>

#include "model/policy.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// After SLA classes, skills and attributes, which queues refer to; declares the queues. Told as
// problems besides misfits: a step that lets nobody new take, what comes after a move to another
// queue, and diversions that lead back to where they began.
std::vector<Queue> ReadQueues(const Yaml& value, Declared& declared, Problems& problems);

}  // namespace usher::policy
