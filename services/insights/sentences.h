// Sentences: what a decision means, in English, for people who ask why.
//
// Names of agents, queues and routes appear, as the decision has them; nothing of the customer
// does. Threads: any; pure.
#pragma once

#include <string>

#include "core/time.h"
#include "wire/records.h"

namespace usher::insights {

// One sentence: what happened, and why where there was a choice.
std::string Sentence(const wire::DecisionRecord& record);

// "850ms", "20s", "1m 30s", "2h 5m", "3d 4h": the two largest units, cut.
std::string DurationText(Duration duration);

}  // namespace usher::insights
