// Events, and a plain way to read them, for the tests of intake.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "intake/decode.h"
#include "log/log.h"
#include "model/understanding_rules.h"
#include "understanding/understand.h"
#include "usher/v1/event.pb.h"

namespace usher::intake {

// Reads "uk: ..." as Ukrainian and a text with "refund" as about refunds, if the desk's rules know
// such things.
inline understanding::Understood ReadPlainly(std::string_view text, const UnderstandingRules& rules,
                                             LanguageName last_language) {
  understanding::Understood understood;
  if (text.size() > 3 && text[2] == ':') {
    understood.language = LanguageName::Of(text.substr(0, 2));
    understood.language_source = understanding::LanguageSource::kText;
  } else if (!last_language.none()) {
    understood.language = last_language;
    understood.language_source = understanding::LanguageSource::kEarlier;
  }
  understood.topic = TopicName::Of(kOtherTopic);
  for (const TopicName& topic : rules.topics) {
    if (text.find(topic.view()) != std::string_view::npos) understood.topic = topic;
  }
  return understood;
}

// A door with these mappings, whatever the desk.
inline Doorway DoorWith(MappingRules rules = {}, const DeskName& desk = {}) {
  auto shared = std::make_shared<const MappingRules>(std::move(rules));
  return {[shared](const DeskName&) { return shared; }, desk};
}

inline v1::MessageEvent Message(const std::string& id, const std::string& text = "uk: hello",
                                const std::string& customer = "c1") {
  v1::MessageEvent event;
  event.set_desk("shop");
  event.set_event_id(id);
  event.set_conversation_id("talk-" + id);
  event.set_customer_id(customer);
  event.set_channel("chat");
  event.set_text(text);
  return event;
}

inline v1::OrderEvent Order(const std::string& id, std::int64_t at_s,
                            v1::OrderStatus status = v1::ORDER_STATUS_PLACED) {
  v1::OrderEvent event;
  event.set_desk("shop");
  event.set_event_id(id);
  event.set_order_id("o1");
  event.set_customer_id("c1");
  event.set_status(status);
  event.mutable_happened_at()->set_seconds(at_s);
  return event;
}

inline log::Record RecordOf(std::string value, std::vector<log::Header> headers = {}) {
  log::Record record;
  record.value = std::move(value);
  record.headers = std::move(headers);
  return record;
}

inline std::string JsonOf(const google::protobuf::Message& event) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(event, &json).ok());
  return json;
}

inline std::string HeaderOf(const log::Record& record, const std::string& key) {
  for (const log::Header& header : record.headers) {
    if (header.key == key) return header.value;
  }
  return "(none)";
}

}  // namespace usher::intake
