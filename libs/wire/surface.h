// What the gRPC surfaces need between their messages and the model: ids from outside, times,
// features.
//
// Ids of things that have an id outside are made of it, so that every service and every retry makes
// the same one. Each is a hash over its kind, the desk and the outside id, each with its length, so
// that no two divisions of the same letters meet. An empty outside id gives no id.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "model/command.h"
#include "model/names.h"
#include "usher/v1/inquiry.pb.h"

namespace usher::wire {

InquiryId InquiryIdOf(const DeskName& desk, std::string_view event_id);
ConversationId ConversationIdOf(const DeskName& desk, std::string_view conversation_id);
CustomerId CustomerIdOf(const DeskName& desk, std::string_view customer_id);
MessageId MessageIdOf(const DeskName& desk, std::string_view event_id);
OrderId OrderIdOf(const DeskName& desk, std::string_view order_id);
RequestId RequestIdOf(const DeskName& desk, std::string_view request_id);

// Errors: kInvalidArgument unless it is 32 lower-case hex digits and not zero. `field` is named.
absl::StatusOr<InquiryId> ParseInquiryId(std::string_view field, std::string_view text);

// Errors: kInvalidArgument if it is longer than a name may be, holds a control character, or is
// empty though required. `field` is named.
enum class NameIs { kRequired, kOptional };
template <class NameType>
absl::StatusOr<NameType> ParseName(std::string_view field, std::string_view text,
                                   NameIs must = NameIs::kRequired);

google::protobuf::Timestamp ToTimestamp(Instant at);

// Errors: kInvalidArgument outside the years 1 to 9999. `field` is named. Cuts below a microsecond.
absl::StatusOr<Instant> FromTimestamp(std::string_view field,
                                      const google::protobuf::Timestamp& timestamp);

// Errors: kInvalidArgument below 0 or above 100 years. `field` is named. Cuts below a microsecond.
absl::StatusOr<Duration> FromDuration(std::string_view field,
                                      const google::protobuf::Duration& duration);

google::protobuf::Duration ToDuration(Duration duration);

v1::Features ToFeatures(const Features& features);
absl::StatusOr<Features> FromFeatures(const v1::Features& features);

// ---- how it is done ----

absl::Status NameProblem(std::string_view field, bool empty);

template <class NameType>
absl::StatusOr<NameType> ParseName(std::string_view field, std::string_view text, NameIs must) {
  const auto name = NameType::Parse(text);
  if (!name || (name->none() && must == NameIs::kRequired)) {
    return NameProblem(field, text.empty());
  }
  return *name;
}

}  // namespace usher::wire
