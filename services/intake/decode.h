// Decode: an input record becomes a checked event, or the reason why not.
//
// README.md of this folder has the table of what is accepted and what is refused: protobuf and its
// JSON mapping, bare, framed by a schema registry or in a CloudEvent, compressed by the sender or
// not, and a shop's own JSON by the mappings of its desk.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "intake/facts.h"
#include "log/log.h"
#include "model/mapping_rules.h"

namespace usher::intake {

// What decoding goes by, beside the record.
struct Doorway {
  // A desk's mappings, never null.
  std::function<std::shared_ptr<const MappingRules>(const DeskName& desk)> mappings;
  DeskName desk;  // of records that name none; empty: none is assumed
};

// A mapping says that the record is no event: nothing comes of it.
struct Ignored {};

// The event as it was sent, with what its envelope says for it; not checked yet.
std::variant<v1::MessageEvent, Refusal, Ignored> ReadMessage(const log::Record& record,
                                                             const Doorway& door);
std::variant<v1::OrderEvent, Refusal, Ignored> ReadOrder(const log::Record& record,
                                                         const Doorway& door);

using MessageDecoded = std::variant<MessageFacts, Refusal, Ignored>;
using OrderDecoded = std::variant<OrderFacts, Refusal, Ignored>;

MessageDecoded DecodeMessage(const log::Record& record, const Doorway& door);
OrderDecoded DecodeOrder(const log::Record& record, const Doorway& door);

}  // namespace usher::intake
