// CloudEvent: the JSON envelope of CloudEvents 1.0 in structured mode.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/facts.h"
#include "log/log.h"

namespace usher::intake {

struct CloudEvent {
  std::vector<log::Header> attributes;  // "ce_id", "ce_source", ...: as headers in binary mode
  std::string_view data;                // a piece of the bytes, as JSON; or:
  std::string decoded;                  // what data_base64 or a text was
  bool is_decoded = false;
  std::string content_type;  // datacontenttype; empty: not said, which means JSON
};

// Nothing: taken.
std::optional<Refusal> TakeCloudEvent(std::string_view bytes, CloudEvent& event);

}  // namespace usher::intake
