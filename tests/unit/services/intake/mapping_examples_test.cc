// The example mappings of deploy/policies/mappings: each of their samples becomes the event that
// stands beside it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "intake/decode.h"
#include "kit/tree/tree.h"
#include "policy/compile.h"
#include "unit/services/intake/intake_events.h"

namespace usher::intake {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string sample;    // of samples/: SAMPLE.json
  std::string mappings;  // MAPPINGS.yaml
  std::string input;
  std::vector<log::Header> headers;
  bool ignored = false;
};

const std::vector<Example>& Examples() {
  static const std::vector<Example> examples = {
      {"shopify_order_created",
       "shopify",
       "orders",
       {{"X-Shopify-Topic", "orders/create"}, {"X-Shopify-Webhook-Id", "b54557e4"}}},
      {"shopify_order_refunded", "shopify", "orders", {{"X-Shopify-Topic", "orders/updated"}}},
      {"shopify_fulfilled", "shopify", "orders", {{"X-Shopify-Topic", "fulfillments/create"}}},
      {"shopify_refund", "shopify", "orders", {{"X-Shopify-Topic", "refunds/create"}}, true},
      {"woocommerce_order_created",
       "woocommerce",
       "orders",
       {{"X-WC-Webhook-Resource", "order"}, {"X-WC-Webhook-Topic", "order.created"}}},
      {"woocommerce_order_updated",
       "woocommerce",
       "orders",
       {{"X-WC-Webhook-Resource", "order"}, {"X-WC-Webhook-Topic", "order.updated"}}},
      {"adobe_commerce_order",
       "adobe_commerce",
       "orders",
       {{"content-type", "application/cloudevents+json"}}},
      {"adobe_commerce_shipment",
       "adobe_commerce",
       "orders",
       {{"content-type", "application/cloudevents+json"}},
       true},
      {"prestashop_order", "prestashop", "orders", {}},
      {"whatsapp_message", "whatsapp", "messages", {}},
      {"whatsapp_status", "whatsapp", "messages", {}, true},
      {"telegram_message", "telegram", "messages", {}},
      {"messenger_message", "messenger", "messages", {}},
      {"viber_message", "viber", "messages", {}},
      {"zendesk_message", "zendesk", "messages", {}},
      {"freshchat_message", "freshchat", "messages", {}},
  };
  return examples;
}

fs::path Folder() { return kit::TreePath("deploy/policies/mappings"); }

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

MappingRules RulesOf(const std::string& name) {
  const fs::path path = Folder() / (name + ".yaml");
  const policy::MappingsResult result = policy::CompileMappings(ReadFile(path));
  EXPECT_TRUE(result.rules) << path << ":" << policy::ToString(result.problems.at(0));
  return result.rules.value_or(MappingRules());
}

log::Record RecordOf(const Example& example) {
  log::Record record;
  record.value = ReadFile(Folder() / "samples" / (example.sample + ".json"));
  record.headers = example.headers;
  record.headers.push_back({"usher-desk", "shop"});
  return record;
}

template <class Event>
void Expect(const Example& example, const std::variant<Event, Refusal, Ignored>& read) {
  SCOPED_TRACE(example.sample);
  if (const auto* refusal = std::get_if<Refusal>(&read)) FAIL() << ToText(*refusal);
  ASSERT_EQ(std::holds_alternative<Ignored>(read), example.ignored);
  if (example.ignored) return;
  Event wanted;
  const auto status = google::protobuf::util::JsonStringToMessage(
      ReadFile(Folder() / "samples" / (example.sample + ".event.json")), &wanted);
  ASSERT_TRUE(status.ok()) << status.ToString();
  const auto& event = std::get<Event>(read);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(event, wanted))
      << event.DebugString();
}

TEST(MappingExamples, BecomeTheEventsBesideThem) {
  for (const Example& example : Examples()) {
    const Doorway door = DoorWith(RulesOf(example.mappings));
    if (example.input == "orders") {
      Expect(example, ReadOrder(RecordOf(example), door));
      EXPECT_FALSE(std::holds_alternative<Refusal>(DecodeOrder(RecordOf(example), door)))
          << example.sample;
    } else {
      Expect(example, ReadMessage(RecordOf(example), door));
      EXPECT_FALSE(std::holds_alternative<Refusal>(DecodeMessage(RecordOf(example), door)))
          << example.sample;
    }
  }
}

TEST(MappingExamples, AreAllHere) {
  std::set<std::string> samples;
  std::set<std::string> mappings;
  for (const Example& example : Examples()) {
    samples.insert(example.sample + ".json");
    if (!example.ignored) samples.insert(example.sample + ".event.json");
    mappings.insert(example.mappings + ".yaml");
  }
  for (const auto& file : fs::directory_iterator(Folder() / "samples")) {
    EXPECT_TRUE(samples.contains(file.path().filename())) << file.path();
  }
  for (const auto& file : fs::directory_iterator(Folder())) {
    if (file.path().extension() == ".yaml") {
      EXPECT_TRUE(mappings.contains(file.path().filename())) << file.path();
    }
  }
}

}  // namespace
}  // namespace usher::intake
