#include "policy/automatic.h"

#include <array>
#include <string_view>

#include "policy/durations.h"

namespace usher::policy {
namespace {

constexpr std::array<std::string_view, 2> kActs = {"drop", "take"};
constexpr std::uint32_t kMessagesMost = 1'000'000;

MessageCap ReadCap(const Yaml& value, std::string_view what, Problems& problems) {
  MessageCap cap;
  Fields fields(value, what, {"messages", "window"}, problems);
  if (const Yaml* messages = fields.Need("messages")) {
    cap.messages = ReadNumber(*messages, "messages", 1, kMessagesMost, problems).value_or(0);
  }
  if (const Yaml* window = fields.Need("window")) {
    cap.window = ReadDuration(*window, "window", 1ms, problems).value_or(1ms);
  }
  return cap;
}

}  // namespace

AutomaticRules ReadAutomatic(const Yaml& value, Problems& problems) {
  AutomaticRules rules;
  Fields fields(value, "automatic", {"do", "same_text", "flood"}, problems);
  if (const Yaml* act = fields.Find("do")) {
    rules.act = static_cast<AutomaticAct>(ReadChoice(*act, "do", kActs, problems).value_or(0));
  }
  if (const Yaml* cap = fields.Find("same_text")) {
    rules.same_text = ReadCap(*cap, "same_text", problems);
  }
  if (const Yaml* cap = fields.Find("flood")) rules.flood = ReadCap(*cap, "flood", problems);
  return rules;
}

}  // namespace usher::policy
