#include "wire/plain_command.h"

#include <bit>
#include <cstring>
#include <limits>

#include "model/limits.h"
#include "usher/v1/command.pb.h"
#include "wire/enums.h"
#include "wire/fields.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

static_assert(std::endian::native == std::endian::little);

// Tags: https://protobuf.dev/programming-guides/encoding
constexpr std::uint32_t Number(int field) { return static_cast<std::uint32_t>(field) << 3; }
constexpr std::uint32_t Fixed(int field) { return Number(field) | 1; }
constexpr std::uint32_t Bytes(int field) { return Number(field) | 2; }

// The fields of a message, each at most once and in order. Whatever does not fit ends the reading:
// ok() is false from then on, and Next() is, too.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  bool ok() const { return ok_; }
  std::uint32_t tag() const { return tag_; }

  bool Next() {
    if (at_ == end_ || !ok_) return false;
    const std::uint64_t tag = Varint();
    ok_ = ok_ && tag <= std::numeric_limits<std::uint32_t>::max() && tag >> 3 > tag_ >> 3;
    tag_ = static_cast<std::uint32_t>(tag);
    return ok_;
  }

  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      if (at_ == end_) return Fail();
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Fail();  // 64 bits or more: negative, in what is read here
  }

  std::uint64_t Fixed64() {
    std::uint64_t value = 0;
    if (end_ - at_ < 8) return Fail();
    std::memcpy(&value, at_, 8);
    at_ += 8;
    return value;
  }

  std::string_view Bytes() {
    const std::uint64_t size = Varint();
    if (!ok_ || size > static_cast<std::uint64_t>(end_ - at_)) {
      ok_ = false;
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }

  std::uint64_t AtMost(std::uint64_t most) {
    const std::uint64_t value = Varint();
    return value <= most ? value : Fail();
  }

  bool Bool() { return AtMost(1) == 1; }

  template <class IdType>
  void Take(IdType& id) {
    const std::string_view bytes = Bytes();
    if (bytes.size() != 16) return static_cast<void>(Fail());
    id = IdOf<IdType>(bytes);
    if (id.none()) Fail();
  }

  template <class Tag>
  void Take(Name<Tag>& name) {
    const std::string_view text = Ascii();
    const std::optional<Name<Tag>> parsed = Name<Tag>::Parse(text);
    if (!parsed) return static_cast<void>(Fail());
    name = *parsed;
  }

  // An enumerator of the model's; `From` is the wire's.
  template <class From, class To>
  void TakeEnum(To& to) {
    const auto known = FromProto(static_cast<From>(AtMost(0x7f)));
    if (!known) return static_cast<void>(Fail());
    to = *known;
  }

  std::string_view Ascii() {
    const std::string_view text = Bytes();
    unsigned char all = 0;
    for (const char byte : text) all |= static_cast<unsigned char>(byte);
    if (all >= 0x80) Fail();
    return text;
  }

 private:
  std::uint64_t Fail() {
    ok_ = false;
    return 0;
  }

  const char* at_;
  const char* const end_;
  std::uint32_t tag_ = 0;
  bool ok_ = true;
};

std::int64_t Signed(std::uint64_t below_2_63) { return static_cast<std::int64_t>(below_2_63); }

// One overload a message. True: all of it was read.

bool Read(Fields from, Tick&) { return !from.Next() && from.ok(); }
bool Read(Fields from, Checkpoint&) { return !from.Next() && from.ok(); }

bool Read(Fields from, Source& to) {
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::Source::kTopicFieldNumber):
        to.topic = from.Ascii();
        break;
      case Number(v1::Source::kPartitionFieldNumber):
        to.partition =
            static_cast<std::int32_t>(from.AtMost(std::numeric_limits<std::int32_t>::max()));
        break;
      case Number(v1::Source::kOffsetFieldNumber):
        to.offset = Signed(from.Varint());
        break;
      default:
        return false;
    }
  }
  return from.ok() && !to.topic.empty() && to.topic.size() <= kTopicBytesMax;
}

bool Read(Fields from, Features& to) {
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::Features::kChannelFieldNumber):
        from.Take(to.channel);
        break;
      case Bytes(v1::Features::kLanguageFieldNumber):
        from.Take(to.language);
        break;
      case Bytes(v1::Features::kTopicFieldNumber):
        from.Take(to.topic);
        break;
      case Number(v1::Features::kSentimentFieldNumber):
        from.TakeEnum<v1::Sentiment>(to.sentiment);
        break;
      case Bytes(v1::Features::kTierFieldNumber):
        from.Take(to.tier);
        break;
      case Bytes(v1::Features::kOrderFieldNumber):
        from.Take(to.order);
        break;
      case Number(v1::Features::kOnSiteFieldNumber):
        to.on_site = from.Bool();
        break;
      case Number(v1::Features::kValueFieldNumber):
        to.value = Signed(from.Varint());
        break;
      case Bytes(v1::Features::kOrderStatusFieldNumber):
        from.Take(to.order_status);
        break;
      default:
        return false;
    }
  }
  return from.ok();
}

bool Read(Fields from, PlaceInquiry& to) {
  std::int64_t arrived = 0;
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::PlaceInquiry::kInquiryFieldNumber):
        from.Take(to.inquiry);
        break;
      case Bytes(v1::PlaceInquiry::kConversationFieldNumber):
        from.Take(to.conversation);
        break;
      case Bytes(v1::PlaceInquiry::kCustomerFieldNumber):
        from.Take(to.customer);
        break;
      case Bytes(v1::PlaceInquiry::kMessageFieldNumber):
        from.Take(to.message);
        break;
      case Bytes(v1::PlaceInquiry::kFeaturesFieldNumber):
        if (!Read(Fields(from.Bytes()), to.features)) return false;
        break;
      case Bytes(v1::PlaceInquiry::kQueueFieldNumber):
        from.Take(to.queue);
        break;
      case Number(v1::PlaceInquiry::kPriorityFieldNumber):
        to.priority = static_cast<std::uint8_t>(from.AtMost(kPriorities - 1));
        break;
      case Number(v1::PlaceInquiry::kArrivedUsFieldNumber):
        arrived = Signed(from.Varint());
        break;
      case Number(v1::PlaceInquiry::kPreferForUsFieldNumber):
        to.prefer_for = Duration(Signed(from.AtMost(kSpanMax.count())));
        break;
      case Number(v1::PlaceInquiry::kStartsUsFieldNumber):
        to.starts_at = FromMicros(Signed(from.AtMost(ToMicros(kMomentMax))));
        break;
      default:
        return false;
    }
  }
  if (arrived > 0) to.arrived_at = FromMicros(arrived);
  return from.ok() && !to.inquiry.none();
}

bool Read(Fields from, SetPresence& to) {
  bool said = false;
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::SetPresence::kAgentFieldNumber):
        from.Take(to.agent);
        break;
      case Number(v1::SetPresence::kPresenceFieldNumber):
        from.TakeEnum<v1::Presence>(to.presence);
        said = true;
        break;
      case Number(v1::SetPresence::kShiftEndsUsFieldNumber):
        to.shift_ends = InstantOrNever(Signed(from.Varint()));
        break;
      default:
        return false;
    }
  }
  return from.ok() && said;
}

bool Read(Fields from, AcceptOffer& to) {
  while (from.Next()) {
    switch (from.tag()) {
      case Number(v1::AcceptOffer::kOfferFieldNumber):
        to.offer.number = from.Varint();
        break;
      case Bytes(v1::AcceptOffer::kAgentFieldNumber):
        from.Take(to.agent);
        break;
      default:
        return false;
    }
  }
  return from.ok();
}

bool Read(Fields from, RecordReply& to) {
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::RecordReply::kInquiryFieldNumber):
        from.Take(to.inquiry);
        break;
      case Bytes(v1::RecordReply::kAgentFieldNumber):
        from.Take(to.agent);
        break;
      case Bytes(v1::RecordReply::kChannelFieldNumber):
        from.Take(to.channel);
        break;
      case Bytes(v1::RecordReply::kConversationFieldNumber):
        from.Take(to.conversation);
        break;
      default:
        return false;
    }
  }
  return from.ok() && !(to.inquiry.none() && to.conversation.none());
}

bool Read(Fields from, FinishInquiry& to) {
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::FinishInquiry::kInquiryFieldNumber):
        from.Take(to.inquiry);
        break;
      case Bytes(v1::FinishInquiry::kAgentFieldNumber):
        from.Take(to.agent);
        break;
      default:
        return false;
    }
  }
  return from.ok() && !to.inquiry.none();
}

template <class Body>
bool ReadBody(Fields& from, CommandBody& body) {
  return Read(Fields(from.Bytes()), body.emplace<Body>());
}

bool ReadBody(Fields& from, CommandBody& body) {
  switch (from.tag()) {
    case Bytes(v1::Command::kTickFieldNumber):
      return ReadBody<Tick>(from, body);
    case Bytes(v1::Command::kPlaceInquiryFieldNumber):
      return ReadBody<PlaceInquiry>(from, body);
    case Bytes(v1::Command::kSetPresenceFieldNumber):
      return ReadBody<SetPresence>(from, body);
    case Bytes(v1::Command::kAcceptOfferFieldNumber):
      return ReadBody<AcceptOffer>(from, body);
    case Bytes(v1::Command::kRecordReplyFieldNumber):
      return ReadBody<RecordReply>(from, body);
    case Bytes(v1::Command::kFinishInquiryFieldNumber):
      return ReadBody<FinishInquiry>(from, body);
    case Bytes(v1::Command::kCheckpointFieldNumber):
      return ReadBody<Checkpoint>(from, body);
    default:
      return false;
  }
}

}  // namespace

bool ReadPlainCommand(std::string_view bytes, CommandRecord& record) {
  Command& command = record.command;
  Fields from(bytes);
  bool body = false;
  while (from.Next()) {
    switch (from.tag()) {
      case Bytes(v1::Command::kDeskFieldNumber):
        from.Take(record.desk);
        break;
      case Bytes(v1::Command::kSourceFieldNumber):
        if (!Read(Fields(from.Bytes()), command.source)) return false;
        break;
      case Bytes(v1::Command::kRequestIdFieldNumber):
        from.Take(command.request);
        break;
      case Fixed(v1::Command::kDigestFieldNumber):
        command.digest = from.Fixed64();
        break;
      default:
        if (body || !ReadBody(from, command.body)) return false;
        body = true;
    }
  }
  return from.ok() && body && !record.desk.none();
}

}  // namespace usher::wire
