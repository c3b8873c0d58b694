// Decode: the bytes of an input record become a checked event, or the reason why not.
//
// Accepted forms of the value: the protobuf encoding; its JSON mapping, when the value begins with
// `{` or the record's content-type says JSON; either of them behind the framing of a schema
// registry (magic 0, 4 bytes of schema id, a list of message indexes). Headers of CloudEvents'
// binary mode (ce_id, ce_type, ...) are allowed and only inform. Fields that are not known are
// ignored.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include "intake/facts.h"
#include "log/log.h"

namespace usher::intake {

MessageOrRefusal DecodeMessage(const log::Record& record);
OrderOrRefusal DecodeOrder(const log::Record& record);

}  // namespace usher::intake
