#include "wire/surface.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/bytes.h"
#include "wire/fields.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01, the bound of Timestamp
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59

template <class IdType>
IdType IdOf(std::string_view kind, const DeskName& desk, std::string_view outside) {
  if (outside.empty()) return IdType();
  ByteWriter parts;
  parts.Text(kind);
  parts.Text(desk.view());
  parts.Text(outside);
  return IdType::Of(parts.bytes());
}

}  // namespace

InquiryId InquiryIdOf(const DeskName& desk, std::string_view event_id) {
  return IdOf<InquiryId>("inquiry", desk, event_id);
}
ConversationId ConversationIdOf(const DeskName& desk, std::string_view conversation_id) {
  return IdOf<ConversationId>("conversation", desk, conversation_id);
}
CustomerId CustomerIdOf(const DeskName& desk, std::string_view customer_id) {
  return IdOf<CustomerId>("customer", desk, customer_id);
}
MessageId MessageIdOf(const DeskName& desk, std::string_view event_id) {
  return IdOf<MessageId>("message", desk, event_id);
}
OrderId OrderIdOf(const DeskName& desk, std::string_view order_id) {
  return IdOf<OrderId>("order", desk, order_id);
}
RequestId RequestIdOf(const DeskName& desk, std::string_view request_id) {
  return IdOf<RequestId>("request", desk, request_id);
}

absl::StatusOr<InquiryId> ParseInquiryId(std::string_view field, std::string_view text) {
  const auto id = InquiryId::Parse(text);
  if (!id || id->none()) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), ": an inquiry id is 32 lower-case hex digits, not zero"));
  }
  return *id;
}

absl::Status NameProblem(std::string_view field, bool empty) {
  return absl::InvalidArgumentError(absl::StrCat(
      std::string(field),
      empty ? ": required" : ": a name has at most 39 bytes and no control characters"));
}

google::protobuf::Timestamp ToTimestamp(Instant at) {
  const std::int64_t micros = ToMicros(at);
  std::int64_t seconds = micros / kMicrosPerSecond;
  std::int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {  // nanos always count forwards
    rest += kMicrosPerSecond;
    seconds -= 1;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>(rest * 1000));
  return timestamp;
}

absl::StatusOr<Instant> FromTimestamp(std::string_view field,
                                      const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() < kFirstSecond || timestamp.seconds() > kLastSecond ||
      timestamp.nanos() < 0 || timestamp.nanos() > 999'999'999) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), ": a time lies in the years 1 to 9999"));
  }
  return FromMicros(timestamp.seconds() * kMicrosPerSecond + timestamp.nanos() / 1000);
}

absl::StatusOr<Duration> FromDuration(std::string_view field,
                                      const google::protobuf::Duration& duration) {
  constexpr std::int64_t kSecondsMax =
      std::chrono::duration_cast<std::chrono::seconds>(kSpanMax).count();
  if (duration.seconds() < 0 || duration.seconds() > kSecondsMax || duration.nanos() < 0 ||
      duration.nanos() > 999'999'999) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), ": a span of 0 to 100 years"));
  }
  return Duration(duration.seconds() * kMicrosPerSecond + duration.nanos() / 1000);
}

google::protobuf::Duration ToDuration(Duration duration) {
  google::protobuf::Duration to;
  to.set_seconds(duration.count() / kMicrosPerSecond);
  to.set_nanos(static_cast<std::int32_t>(duration.count() % kMicrosPerSecond * 1000));
  return to;
}

v1::Features ToFeatures(const Features& features) {
  v1::Features to;
  ToProto(features, to);
  return to;
}

absl::StatusOr<Features> FromFeatures(const v1::Features& features) {
  FieldCheck check;
  Features to = FromProto(features, check);
  if (!check.ok()) return check.status();
  return to;
}

}  // namespace usher::wire
