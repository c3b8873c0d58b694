#include "usher/dlq_reasons.h"

namespace usher {

using intake::RefusalReason;

std::optional<RefusalReason> ReasonOf(std::string_view code) {
  for (std::size_t i = 0; i < intake::kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    if (intake::ToText(reason) == code) return reason;
  }
  return std::nullopt;
}

std::string_view MeaningOf(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kOversize:
      return "The record is larger than an event may be: its sender must shorten it.";
    case RefusalReason::kEmpty:
      return "The record has no bytes: a tombstone, or a sender's fault.";
    case RefusalReason::kBadFraming:
      return "It begins like a record of a schema registry and is cut: look at its sender's "
             "serializer.";
    case RefusalReason::kBadJson:
      return "It begins as JSON and is none, or a field has another type: its sender must mend it.";
    case RefusalReason::kBadProtobuf:
      return "It is neither JSON nor the event's protobuf encoding: perhaps it went to the wrong "
             "topic.";
    case RefusalReason::kMissingField:
      return "The named field is required and not there: its sender must fill it.";
    case RefusalReason::kTooLong:
      return "The named field is longer than its limit in proto/usher/v1/event.proto.";
    case RefusalReason::kBadValue:
      return "The named field says what has no meaning: see its comment in "
             "proto/usher/v1/event.proto.";
    case RefusalReason::kUnwritable:
      return "The store has something else at the order's place: rebuild the context, then replay.";
    case RefusalReason::kBadEncoding:
      return "Its content-encoding is not gzip, zstd or lz4, its bytes are not what it says, or "
             "they grow too much: look at its sender.";
    case RefusalReason::kBadEnvelope:
      return "The named attribute of the CloudEvent is not there or has no meaning, or it is a "
             "batch: one event a record.";
    case RefusalReason::kTooComplex:
      return "Its JSON goes beyond the bounds at the named place: nested too deep, too many "
             "values, or one too long.";
    case RefusalReason::kUnmapped:
      return "No mapping of its desk fits, or the named field has a value that is not in its "
             "table: mend the policy's mappings (usher map tries them), then replay.";
    case RefusalReason::kBadMapping:
      return "A mapping finds for the named field what it can't hold, or a list with more than "
             "one event: mend the policy's mappings (usher map tries them), then replay.";
  }
  return "";
}

}  // namespace usher
