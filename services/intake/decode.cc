#include "intake/decode.h"

#include <optional>
#include <string_view>
#include <utility>

#include "intake/content.h"
#include "intake/json_event.h"
#include "intake/mapping.h"
#include "intake/value_text.h"

namespace usher::intake {
namespace {

// What differs between the two events.
constexpr MappedInput InputOf(const v1::MessageEvent&) { return MappedInput::kMessages; }
constexpr MappedInput InputOf(const v1::OrderEvent&) { return MappedInput::kOrders; }
bool HasTime(const v1::MessageEvent& event) { return event.has_sent_at(); }
bool HasTime(const v1::OrderEvent& event) { return event.has_happened_at(); }
auto& Time(v1::MessageEvent& event) { return *event.mutable_sent_at(); }
auto& Time(v1::OrderEvent& event) { return *event.mutable_happened_at(); }

// A map with one of these keys is an event by itself, and no JSON of a shop.
constexpr std::string_view kOwnKeys[] = {
    "desk",           "event_id",    "eventId",   "conversation_id",
    "conversationId", "happened_at", "happenedAt"};

bool IsEvent(const Json& json) {
  for (const std::string_view key : kOwnKeys) {
    if (json.Member(json.root(), key) != nullptr) return true;
  }
  return false;
}

// The envelope stands in for what the event does not say itself.
template <class Event>
std::optional<Refusal> StandIn(const Envelope& envelope, const DeskName& desk, Event& event) {
  if (event.desk().empty()) event.set_desk(std::string(desk.view()));
  if (event.event_id().empty()) event.set_event_id(envelope.event_id);
  if (!HasTime(event) && !envelope.time.empty()) {
    const auto time = TimeOf(envelope.time, ValueForm::kIso);
    if (!time) return Refusal{RefusalReason::kBadEnvelope, "time"};
    Time(event) = *time;
  }
  return std::nullopt;
}

template <class Event>
using ReadEvent = std::variant<Event, Refusal, Ignored>;

// Nothing: `event` is read.
template <class Event>
std::optional<ReadEvent<Event>> ReadJson(const log::Record& record, const Content& content,
                                         const DeskName& desk, const Doorway& door, Event& event) {
  const Json json(content.bytes, kJsonLimits);
  if (auto refusal = RefusalOf(json)) return *refusal;
  if (!desk.none()) {
    const MappableRecord mappable{json, record.key, record.headers, content.envelope.attributes};
    const std::shared_ptr<const MappingRules> rules = door.mappings(desk);
    const Mapping* mapping = FindMapping(*rules, InputOf(event), mappable);
    if (mapping != nullptr && mapping->ignore) return Ignored{};
    if (mapping != nullptr) {
      if (auto refusal = FillEvent(*mapping, mappable, event)) return *refusal;
      return std::nullopt;
    }
    if (!IsEvent(json)) return Refusal{RefusalReason::kUnmapped, ""};
  }
  if (auto refusal = ReadJsonEvent(content.bytes, event)) return *refusal;
  return std::nullopt;
}

template <class Event>
ReadEvent<Event> Read(const log::Record& record, const Doorway& door) {
  Content content;
  if (auto refusal = Unwrap(record, content)) return *refusal;
  const auto named = DeskName::Parse(content.envelope.desk);
  if (!named) return Refusal{RefusalReason::kBadValue, "usher-desk"};
  const DeskName& desk = named->none() ? door.desk : *named;
  Event event;
  if (content.form == Form::kJson) {
    if (auto done = ReadJson(record, content, desk, door, event)) return *std::move(done);
  } else if (!event.ParseFromArray(content.bytes.data(), static_cast<int>(content.bytes.size()))) {
    return Refusal{RefusalReason::kBadProtobuf, ""};
  }
  if (auto refusal = StandIn(content.envelope, desk, event)) return *refusal;
  return event;
}

template <class Decoded, class Event, class Check>
Decoded Checked(const ReadEvent<Event>& read, const Check& check) {
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
  if (std::holds_alternative<Ignored>(read)) return Ignored{};
  return std::visit([](auto facts) { return Decoded(std::move(facts)); },
                    check(std::get<Event>(read)));
}

// A mail's headers that came as the record's stand in for those that the event does not say.
void TakeMailHeaders(const log::Record& record, v1::MessageEvent& event) {
  for (const log::Header& header : record.headers) {
    if (!IsMailHeader(header.key)) continue;
    event.mutable_headers()->insert({header.key, header.value});
  }
}

}  // namespace

std::variant<v1::MessageEvent, Refusal, Ignored> ReadMessage(const log::Record& record,
                                                             const Doorway& door) {
  auto read = Read<v1::MessageEvent>(record, door);
  if (auto* event = std::get_if<v1::MessageEvent>(&read)) TakeMailHeaders(record, *event);
  return read;
}

std::variant<v1::OrderEvent, Refusal, Ignored> ReadOrder(const log::Record& record,
                                                         const Doorway& door) {
  return Read<v1::OrderEvent>(record, door);
}

MessageDecoded DecodeMessage(const log::Record& record, const Doorway& door) {
  return Checked<MessageDecoded>(ReadMessage(record, door), CheckMessage);
}

OrderDecoded DecodeOrder(const log::Record& record, const Doorway& door) {
  return Checked<OrderDecoded>(Read<v1::OrderEvent>(record, door), CheckOrder);
}

}  // namespace usher::intake
