// Facts: an event from outside that has been checked, as the rest of intake uses it: ids instead of
// addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "intake/automatic.h"
#include "model/command.h"
#include "model/names.h"
#include "usher/v1/event.pb.h"

namespace usher::intake {

constexpr std::size_t kEventBytesMax = 256 * 1024;  // encoded
constexpr std::size_t kTextBytesMax = 64 * 1024;
constexpr std::size_t kIdBytesMax = 200;

// Why an event was not taken. Part of the dead letters' headers: only append, never rename.
enum class RefusalReason : std::uint8_t {
  kOversize,      // over kEventBytesMax
  kEmpty,         // no bytes at all
  kBadFraming,    // begins with the magic of a schema registry, but is cut or not well-formed
  kBadJson,       // begins as JSON and is none, or has a field of another type
  kBadProtobuf,   // neither JSON nor the message's encoding
  kMissingField,  // a required field is not there
  kTooLong,       // a field is longer than its limit
  kBadValue,      // a field says what has no meaning
  kUnwritable,    // the store holds something else at the order's place
  kBadEncoding,   // compressed in a way that is not known, or not so, or a bomb
  kBadEnvelope,   // a CloudEvent that is none, or that holds none
  kTooComplex,    // JSON that is nested too deep, has too many values, or one too long
  kUnmapped,      // no mapping of its desk fits, or a value is not in its table
  kBadMapping,    // a mapping meets another kind of value, or more than one event
};
constexpr std::size_t kRefusalReasons = 14;

const char* ToText(RefusalReason reason);  // "missing_field"

struct Refusal {
  RefusalReason reason = RefusalReason::kBadValue;
  std::string field;  // as in the proto; empty: the record as a whole

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// "conversation_id: missing_field"
std::string ToText(const Refusal& refusal);

struct MessageFacts {
  DeskName desk;
  InquiryId inquiry;
  ConversationId conversation;
  CustomerId customer;
  MessageId message;
  RequestId request;         // of the event: a repeat under another offset has the same
  std::uint64_t digest = 0;  // of what the sender said: tells a repeat from a reused event id
  ChannelName channel;
  LanguageName language;  // empty: not said
  TopicName topic;        // empty: not said
  OrderId order;          // none: not said
  std::string text;
  Instant arrived_at = kNever;  // kNever: now
  Instant starts_at;            // 1970: now
  bool on_site = false;
  std::int64_t value_cents = 0;  // 0: not said
  std::vector<AgentName> preferred;
  Duration prefer_for{0};  // 0: not said
  std::vector<AskedExclusion> exclude;
  AutomaticSign automatic = AutomaticSign::kNone;
  bool by_agent = false;  // a reply that went out elsewhere
  AgentName agent;        // who, if it is said
};

struct OrderFacts {
  DeskName desk;
  OrderId order;
  CustomerId customer;
  MessageId event;
  v1::OrderStatus status = v1::ORDER_STATUS_UNSPECIFIED;
  Instant happened_at;
  Instant promised_at = kNever;   // kNever: not said
  std::string carrier;            // empty: not said
  std::int64_t value_cents = 0;   // 0: not said
  TierName tier;                  // empty: not said
  std::uint32_t items_count = 0;  // 0: not said
};

using MessageOrRefusal = std::variant<MessageFacts, Refusal>;
using OrderOrRefusal = std::variant<OrderFacts, Refusal>;

using ExcludedAgents = google::protobuf::RepeatedPtrField<v1::ExcludedAgent>;

// Nothing: all of `from` is in `to`. Fields are named from `exclude` on.
std::optional<Refusal> TakeExclusions(const ExcludedAgents& from, std::vector<AskedExclusion>& to);

// Every limit of event.proto but the size as a whole. The first field that breaks one is told.
MessageOrRefusal CheckMessage(const v1::MessageEvent& event);
OrderOrRefusal CheckOrder(const v1::OrderEvent& event);

}  // namespace usher::intake
