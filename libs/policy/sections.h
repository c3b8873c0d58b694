// Sections: the parts of a policy but for its queues, routes and rules, each read into what it
// becomes.
//
// Each function tells misfits as problems and reads on; what it returns is whole only if none were.
#pragma once

#include <vector>

#include "model/policy.h"
#include "model/understanding_rules.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

std::string ReadVersion(const Yaml& value, Problems& problems);

std::vector<Channel> ReadChannels(const Yaml& value, Declared& declared, Problems& problems);
std::vector<SlaClass> ReadSlaClasses(const Yaml& value, Declared& declared, Problems& problems);
std::vector<LanguageName> ReadLanguages(const Yaml& value, Declared& declared, Problems& problems);
std::vector<TierName> ReadTiers(const Yaml& value, Declared& declared, Problems& problems);

// After tiers. The highest value first.
std::vector<TierByValue> ReadTierByValue(const Yaml& value, const Declared& declared,
                                         Problems& problems);

void ReadSkills(const Yaml& value, Declared& declared, Problems& problems);
void ReadAttributes(const Yaml& value, Declared& declared, Problems& problems);  // after skills

// Into `rules`: the topics and their keywords.
void ReadTopics(const Yaml& value, Declared& declared, UnderstandingRules& rules,
                Problems& problems);

// Into `policy`: how agents who decline or miss offers are treated.
void ReadOffers(const Yaml& value, Policy& policy, Problems& problems);

}  // namespace usher::policy
