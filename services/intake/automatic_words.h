// How automatic replies begin, and what they say, in the ten languages.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <string_view>

namespace usher::intake {

// The first line is, up to its first colon, bracket or end, what programs put there: "Automatic
// reply: ...", "Abwesenheitsnotiz". People who write of such things go on with the sentence.
bool OpensAutomatically(std::string_view text);

// Says that somebody is away from the desk. Customers write that, too: it needs a second sign.
bool SaysAway(std::string_view text);

}  // namespace usher::intake
