// A policy whose clocks run faster: for playing a day in minutes.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/check.h"
#include "policy/compile.h"
#include "policy/durations.h"
#include "policy/source.h"
#include "policy/yaml_tree.h"

namespace usher::policy {
namespace {

const Yaml* Child(const Yaml& map, std::string_view key) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text == key) return &map.items[i];
  }
  return nullptr;
}

// Replaces `bytes` at `at` by `text`.
struct Edit {
  std::size_t at;
  std::size_t bytes;
  std::string text;
};

// A new first entry for `map`, in the way in which that map is written.
Edit Insertion(std::string_view yaml, const Yaml& map, const std::string& entry) {
  if (yaml[map.at] == '{') return {map.at + 1, 0, entry + ", "};
  const std::size_t line = yaml.rfind('\n', map.at);
  const std::size_t indent = line == std::string_view::npos ? map.at : map.at - line - 1;
  return {map.at, 0, entry + "\n" + std::string(indent, ' ')};
}

// Of one map's duration; where the file relies on the built-in value, that is scaled and put in.
void Collect(std::string_view yaml, const Yaml& map, std::string_view key, Duration built_in,
             std::int64_t divisor, std::vector<Edit>& edits) {
  const Yaml* value = Child(map, key);
  if (value != nullptr) {
    edits.push_back({value->at + (value->plain ? 0 : 1), value->text.size(),
                     WriteDuration(Scaled(*ParseDuration(value->text), divisor))});
  } else if (built_in > Duration::zero()) {
    const std::string entry = std::string(key) + ": " + WriteDuration(Scaled(built_in, divisor));
    edits.push_back(Insertion(yaml, map, entry));
  }
}

// For a file that compiles.
std::vector<Edit> Edits(std::string_view yaml, const Yaml& root, std::int64_t divisor) {
  std::vector<Edit> edits;
  if (const Yaml* offers = Child(root, "offers")) {
    Collect(yaml, *offers, "decline_cooldown", Policy().decline_cooldown, divisor, edits);
  } else {
    const Duration cooldown = Scaled(Policy().decline_cooldown, divisor);
    edits.push_back(
        Insertion(yaml, root, "offers: {decline_cooldown: " + WriteDuration(cooldown) + "}"));
  }
  if (const Yaml* sla = Child(root, "sla")) {
    for (const Yaml& sla_class : sla->items) {
      Collect(yaml, sla_class, "first_response", Duration::zero(), divisor, edits);
    }
  }
  if (const Yaml* queues = Child(root, "queues")) {
    for (const Yaml& queue : queues->items) {
      Collect(yaml, queue, "offer_window", Queue().offer_window, divisor, edits);
      Collect(yaml, queue, "wrap_up", Queue().wrap_up, divisor, edits);
    }
  }
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at < b.at; });
  return edits;
}

}  // namespace

Policy ScaleDurations(const Policy& policy, std::int64_t divisor) {
  USHER_CHECK(divisor >= 1);
  Policy scaled = policy;
  for (SlaClass& sla : scaled.sla_classes) sla.first_response = Scaled(sla.first_response, divisor);
  for (Queue& queue : scaled.queues) {
    queue.offer_window = Scaled(queue.offer_window, divisor);
    queue.wrap_up = Scaled(queue.wrap_up, divisor);
  }
  scaled.decline_cooldown = Scaled(scaled.decline_cooldown, divisor);
  return scaled;
}

std::string ScaleYamlDurations(std::string_view yaml, std::int64_t divisor) {
  USHER_CHECK(divisor >= 1);
  if (!Compile(yaml).compiled) return std::string(yaml);
  const Source source(yaml);
  Problems problems(source);
  const std::optional<Yaml> root = ParseYaml(source, problems);
  std::string scaled;
  std::size_t copied = 0;
  for (const Edit& edit : Edits(yaml, *root, divisor)) {
    scaled += yaml.substr(copied, edit.at - copied);
    scaled += edit.text;
    copied = edit.at + edit.bytes;
  }
  scaled += yaml.substr(copied);
  return scaled;
}

}  // namespace usher::policy
