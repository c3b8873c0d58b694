// Mapping: a shop's own JSON becomes an event, by the mappings of its desk
// (deploy/policies/README.md has the file's side of it).
//
// Threads: any; safe on hostile bytes. Cost: each source of the mapping walks the JSON once at
// most.
#pragma once

#include <optional>
#include <vector>

#include "core/json.h"
#include "google/protobuf/message.h"
#include "intake/facts.h"
#include "log/log.h"
#include "model/mapping_rules.h"

namespace usher::intake {

// What a mapping looks into. Borrows all.
struct MappableRecord {
  const Json& json;  // without a fault
  const std::string& key;
  const std::vector<log::Header>& headers;
  const std::vector<log::Header>& attributes;  // of a CloudEvent in structured mode
};

// The first for `input` whose conditions hold; null: none does.
const Mapping* FindMapping(const MappingRules& rules, MappedInput input,
                           const MappableRecord& record);

// Fills the fields of `event` (a MessageEvent or OrderEvent, as the mapping's input says) that are
// there. Nothing: filled. The refusal's field is one of the event, or the list that holds more than
// one event.
//
// Requires: !mapping.ignore.
std::optional<Refusal> FillEvent(const Mapping& mapping, const MappableRecord& record,
                                 google::protobuf::Message& event);

}  // namespace usher::intake
