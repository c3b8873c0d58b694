// Content: what an input record holds once all that its way put around it is off: compression by
// its sender, the framing of a schema registry, the envelope of CloudEvents.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/facts.h"
#include "log/log.h"

namespace usher::intake {

enum class Form : std::uint8_t { kProtobuf, kJson };

// What the way of a record says of its event. The event's own fields count; these stand in for what
// it does not say.
struct Envelope {
  std::string desk;      // header `usher-desk`, or the attribute `usherdesk`; empty: not said
  std::string event_id;  // of a CloudEvent: its source, '#', its id: unique as only the two are
  std::string time;      // of a CloudEvent, as written
  std::vector<log::Header> attributes;  // of a CloudEvent in structured mode, as in binary mode
};

// Points into the record and into itself: it stays where it is.
struct Content {
  Content() = default;
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  std::string_view bytes;
  Form form = Form::kProtobuf;
  Envelope envelope;

  std::string inflated;  // what `bytes` may point into
  std::string decoded;
};

// Fills `content`. Nothing: done.
std::optional<Refusal> Unwrap(const log::Record& record, Content& content);

// The value of the last header of this name, in any case of letters, or of the attribute.
std::optional<std::string_view> FindHeader(const std::vector<log::Header>& headers,
                                           std::string_view name);

}  // namespace usher::intake
