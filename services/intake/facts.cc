#include "intake/facts.h"

#include <map>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/hash.h"
#include "model/limits.h"
#include "wire/fields.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

constexpr int kMailHeadersMax = 200;
constexpr std::size_t kMailHeaderBytesMax = 2'000;

// Takes fields one by one and keeps the first problem.
class Check {
 public:
  std::optional<Refusal> problem;

  // An id or a text: any characters, but not too many.
  const std::string& Text(const char* field, const std::string& text, std::size_t bytes_max,
                          bool required) {
    if (text.empty() && required) Refuse(RefusalReason::kMissingField, field);
    if (text.size() > bytes_max) Refuse(RefusalReason::kTooLong, field);
    return text;
  }

  // An id; no sender means a NUL in one.
  const std::string& TakeId(const char* field, const std::string& text, bool required) {
    Text(field, text, kIdBytesMax, required);
    if (text.find('\0') != std::string::npos) Refuse(RefusalReason::kBadValue, field);
    return text;
  }

  template <class NameType>
  NameType TakeName(const char* field, const std::string& text, bool required = false) {
    Text(field, text, NameType::kMaxBytes, required);
    const auto name = NameType::Parse(text);
    if (!name) Refuse(RefusalReason::kBadValue, field);
    return name.value_or(NameType());
  }

  Duration Span(const char* field, const google::protobuf::Duration& duration) {
    const auto span = wire::FromDuration(field, duration);
    if (!span.ok()) Refuse(RefusalReason::kBadValue, field);
    return span.value_or(Duration(0));
  }

  Instant Time(const char* field, const google::protobuf::Timestamp& timestamp) {
    const auto at = wire::FromTimestamp(field, timestamp);
    if (!at.ok()) Refuse(RefusalReason::kBadValue, field);
    return at.value_or(Instant());
  }

  void Refuse(RefusalReason reason, const char* field) {
    if (!problem) problem = Refusal{reason, field};
  }
};

// Of all that the sender said and meant; not of `sent_at`, which a sender may set anew at a retry.
std::uint64_t DigestOf(const v1::MessageEvent& event) {
  ByteWriter said;
  for (const std::string* field :
       {&event.desk(), &event.event_id(), &event.conversation_id(), &event.customer_id(),
        &event.channel(), &event.text(), &event.order_id(), &event.language(), &event.topic()}) {
    said.Text(*field);
  }
  // Only what is there: an event that says none of these has the digest that it always had.
  if (event.has_arrived_at()) {
    said.I64(event.arrived_at().seconds());
    said.I64(event.arrived_at().nanos());
  }
  if (event.has_starts_at()) said.Text(event.starts_at().SerializeAsString());
  if (event.on_site()) said.Bool(true);
  if (event.value_cents() != 0) said.I64(event.value_cents());
  for (const std::string& agent : event.preferred_agents()) said.Text(agent);
  if (event.has_prefer_for()) said.Text(event.prefer_for().SerializeAsString());
  for (const v1::ExcludedAgent& agent : event.exclude()) said.Text(agent.SerializeAsString());
  if (event.author() != v1::MESSAGE_AUTHOR_UNSPECIFIED) {
    said.U32(static_cast<std::uint32_t>(event.author()));
    said.Text(event.agent());
  }
  const std::map<std::string, std::string> headers(event.headers().begin(), event.headers().end());
  for (const auto& [name, value] : headers) {
    said.Text(name);
    said.Text(value);
  }
  return Hash64(said.bytes());
}

}  // namespace

const char* ToText(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kOversize:
      return "oversize";
    case RefusalReason::kEmpty:
      return "empty";
    case RefusalReason::kBadFraming:
      return "bad_framing";
    case RefusalReason::kBadJson:
      return "bad_json";
    case RefusalReason::kBadProtobuf:
      return "bad_protobuf";
    case RefusalReason::kMissingField:
      return "missing_field";
    case RefusalReason::kTooLong:
      return "too_long";
    case RefusalReason::kBadValue:
      return "bad_value";
    case RefusalReason::kUnwritable:
      return "unwritable";
    case RefusalReason::kBadEncoding:
      return "bad_encoding";
    case RefusalReason::kBadEnvelope:
      return "bad_envelope";
    case RefusalReason::kTooComplex:
      return "too_complex";
    case RefusalReason::kUnmapped:
      return "unmapped";
    case RefusalReason::kBadMapping:
      return "bad_mapping";
  }
  return "bad_value";
}

std::string ToText(const Refusal& refusal) {
  return refusal.field.empty() ? ToText(refusal.reason)
                               : refusal.field + ": " + ToText(refusal.reason);
}

std::optional<Refusal> TakeExclusions(const ExcludedAgents& from, std::vector<AskedExclusion>& to) {
  Check check;
  if (static_cast<std::uint32_t>(from.size()) > Limits().exclusions_max) {
    check.Refuse(RefusalReason::kTooLong, "exclude");
    return check.problem;
  }
  for (const v1::ExcludedAgent& agent : from) {
    AskedExclusion& added = to.emplace_back();
    added.agent = check.TakeName<AgentName>("exclude.agent", agent.agent(), true);
    if (!agent.has_length()) continue;
    added.length = check.Span("exclude.length", agent.length());
    if (added.length == Duration(0)) check.Refuse(RefusalReason::kBadValue, "exclude.length");
  }
  return check.problem;
}

namespace {

// What is known of the inquiry beside the message's own.
void TakeWishes(const v1::MessageEvent& event, Check& check, MessageFacts& facts) {
  if (event.has_arrived_at()) {
    facts.arrived_at = check.Time("arrived_at", event.arrived_at());
    if (facts.arrived_at < Instant()) check.Refuse(RefusalReason::kBadValue, "arrived_at");
  }
  if (event.has_starts_at()) {
    facts.starts_at = check.Time("starts_at", event.starts_at());
    if (facts.starts_at < Instant() || facts.starts_at > wire::kMomentMax) {
      check.Refuse(RefusalReason::kBadValue, "starts_at");
    }
  }
  facts.on_site = event.on_site();
  facts.value_cents = event.value_cents();
  if (facts.value_cents < 0) check.Refuse(RefusalReason::kBadValue, "value_cents");
  if (static_cast<std::uint32_t>(event.preferred_agents_size()) > Limits().preferred_max) {
    check.Refuse(RefusalReason::kTooLong, "preferred_agents");
  } else {
    for (const std::string& agent : event.preferred_agents()) {
      facts.preferred.push_back(check.TakeName<AgentName>("preferred_agents", agent, true));
    }
  }
  if (event.has_prefer_for()) facts.prefer_for = check.Span("prefer_for", event.prefer_for());
  if (const auto refusal = TakeExclusions(event.exclude(), facts.exclude)) {
    check.Refuse(refusal->reason, refusal->field.c_str());
  }
}

// Who wrote it, a machine perhaps.
void TakeOrigin(const v1::MessageEvent& event, Check& check, MessageFacts& facts) {
  const bool known = event.author() == v1::MESSAGE_AUTHOR_UNSPECIFIED ||
                     event.author() == v1::MESSAGE_AUTHOR_CUSTOMER ||
                     event.author() == v1::MESSAGE_AUTHOR_AGENT ||
                     event.author() == v1::MESSAGE_AUTHOR_AUTOMATIC;
  if (!known) check.Refuse(RefusalReason::kBadValue, "author");
  if (event.headers_size() > kMailHeadersMax) check.Refuse(RefusalReason::kTooLong, "headers");
  for (const auto& [name, value] : event.headers()) {
    if (value.size() > kMailHeaderBytesMax && IsMailHeader(name)) {
      check.Refuse(RefusalReason::kTooLong, "headers");
    }
  }
  facts.by_agent = event.author() == v1::MESSAGE_AUTHOR_AGENT;
  facts.agent = check.TakeName<AgentName>("agent", event.agent());
  if (!check.problem) facts.automatic = FindAutomatic(event);
}

}  // namespace

MessageOrRefusal CheckMessage(const v1::MessageEvent& event) {
  Check check;
  MessageFacts facts;
  facts.desk = check.TakeName<DeskName>("desk", event.desk(), true);
  const std::string& id = check.TakeId("event_id", event.event_id(), true);
  const std::string& conversation = check.TakeId("conversation_id", event.conversation_id(), true);
  const std::string& customer = check.TakeId("customer_id", event.customer_id(), true);
  facts.channel = check.TakeName<ChannelName>("channel", event.channel(), true);
  facts.text = check.Text("text", event.text(), kTextBytesMax, false);
  const std::string& order = check.TakeId("order_id", event.order_id(), false);
  facts.language = check.TakeName<LanguageName>("language", event.language());
  facts.topic = check.TakeName<TopicName>("topic", event.topic());
  TakeWishes(event, check, facts);
  TakeOrigin(event, check, facts);
  if (check.problem) return *check.problem;

  facts.inquiry = wire::InquiryIdOf(facts.desk, id);
  facts.conversation = wire::ConversationIdOf(facts.desk, conversation);
  facts.customer = wire::CustomerIdOf(facts.desk, customer);
  facts.message = wire::MessageIdOf(facts.desk, id);
  // Same bits: unlike every id that a caller can choose, and the same on every way in.
  facts.request = RequestId{facts.message.bits};
  facts.digest = DigestOf(event);
  facts.order = wire::OrderIdOf(facts.desk, order);
  return facts;
}

OrderOrRefusal CheckOrder(const v1::OrderEvent& event) {
  Check check;
  OrderFacts facts;
  facts.desk = check.TakeName<DeskName>("desk", event.desk(), true);
  const std::string& id = check.TakeId("event_id", event.event_id(), true);
  const std::string& order = check.TakeId("order_id", event.order_id(), true);
  const std::string& customer = check.TakeId("customer_id", event.customer_id(), true);
  facts.status = event.status();
  if (facts.status == v1::ORDER_STATUS_UNSPECIFIED) {
    check.Refuse(RefusalReason::kMissingField, "status");
  } else if (!v1::OrderStatus_IsValid(facts.status)) {
    check.Refuse(RefusalReason::kBadValue, "status");
  }
  if (!event.has_happened_at()) check.Refuse(RefusalReason::kMissingField, "happened_at");
  facts.happened_at = check.Time("happened_at", event.happened_at());
  if (event.has_promised_at()) facts.promised_at = check.Time("promised_at", event.promised_at());
  facts.carrier = check.Text("carrier", event.carrier(), TierName::kMaxBytes, false);
  facts.value_cents = event.value_cents();
  if (facts.value_cents < 0) check.Refuse(RefusalReason::kBadValue, "value_cents");
  facts.tier = check.TakeName<TierName>("tier", event.tier());
  facts.items_count = event.items_count();
  if (check.problem) return *check.problem;

  facts.order = wire::OrderIdOf(facts.desk, order);
  facts.customer = wire::CustomerIdOf(facts.desk, customer);
  facts.event = wire::MessageIdOf(facts.desk, id);
  return facts;
}

}  // namespace usher::intake
