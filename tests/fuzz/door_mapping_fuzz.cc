// Bytes become a mapping file and a payload, divided by a byte 0: the file is refused with its
// problems, or maps the payload. Without a file that compiles, the payload goes to the examples.
#include <cstring>
#include <string_view>

#include "fuzz/door_record.h"
#include "policy/compile.h"

namespace {

// A bit of everything that a mapping can say.
constexpr char kEverything[] = R"(
mappings:
  - {name: skip, input: messages, ignore: true, when: [{path: bot, is: "true"}, {header: x-topic}]}
  - name: m
    input: messages
    when: [{path: a, is_not: [x, y]}, {path: b, there: false}, {key: true, is: key}]
    single: [list, list.0.inner]
    fields:
      event_id: {first: [id, {header: x-topic}, {join: [list.*.id, {count: list}], with: /}]}
      conversation_id: {path: talk, table: {a: b, "*": c}, otherwise: d}
      customer_id: {first: [who, {value: c}]}
      channel: {value: chat}
      text: {join: [list.*.inner.*.text, said], with: "\n"}
      sent_at: at
      arrived_at: {path: came, as: milliseconds}
      starts_at: {path: begins, as: iso_utc}
      on_site: site
      value_cents: {path: total, as: decimal}
  - name: o
    input: orders
    fields: {event_id: id, order_id: id, customer_id: who, status: state, happened_at: {path: at, as: seconds}, value_cents: {path: total, as: cents}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::intake;
  static const Doorway everything =
      DoorWith(usher::policy::CompileMappings(kEverything).rules.value());
  const std::vector<usher::log::Header> headers = {{"usher-desk", "shop"}, {"x-topic", "t"}};
  const void* end = size == 0 ? nullptr : std::memchr(data, 0, size);
  if (end == nullptr) {
    Take(RecordOf(data, size, headers), everything);
    return 0;
  }
  const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - data);
  const std::string_view yaml(reinterpret_cast<const char*>(data), length);
  const auto payload = RecordOf(data + length + 1, size - length - 1, headers);
  const auto compiled = usher::policy::CompileMappings(yaml);
  if (!compiled.rules && compiled.problems.empty()) std::abort();
  Take(payload, compiled.rules ? DoorWith(*compiled.rules) : everything);
  return 0;
}
