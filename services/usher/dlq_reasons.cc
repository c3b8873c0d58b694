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
  }
  return "";
}

}  // namespace usher
