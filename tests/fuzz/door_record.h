// Records for the fuzz targets of the door, and what must hold for each that is taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "intake/decode.h"

namespace usher::intake {

inline log::Record RecordOf(const std::uint8_t* data, std::size_t size,
                            std::vector<log::Header> headers) {
  google::protobuf::SetLogHandler(nullptr);  // it tells of each text that is not UTF-8
  log::Record record;
  record.key = "key";
  record.value.assign(reinterpret_cast<const char*>(data), size);
  record.headers = std::move(headers);
  return record;
}

inline Doorway DoorWith(MappingRules rules = {}) {
  auto shared = std::make_shared<const MappingRules>(std::move(rules));
  return {[shared](const DeskName&) { return shared; }, DeskName()};
}

// Both kinds of event of the same bytes: taken within every limit, or refused with a reason.
inline void Take(const log::Record& record, const Doorway& door) {
  const auto message = DecodeMessage(record, door);
  if (const auto* facts = std::get_if<MessageFacts>(&message)) {
    if (facts->desk.none() || facts->message.none() || facts->channel.none()) std::abort();
    if (facts->text.size() > kTextBytesMax || facts->value_cents < 0) std::abort();
  }
  const auto order = DecodeOrder(record, door);
  if (const auto* facts = std::get_if<OrderFacts>(&order)) {
    if (facts->desk.none() || facts->order.none() || facts->customer.none()) std::abort();
    if (facts->status == v1::ORDER_STATUS_UNSPECIFIED || facts->value_cents < 0) std::abort();
  }
}

}  // namespace usher::intake
