// A policy whose clocks run faster: for playing a day in minutes.

#include <algorithm>
#include <initializer_list>
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

using Keys = std::initializer_list<std::string_view>;

class Scaler {
 public:
  Scaler(std::string_view yaml, std::int64_t divisor) : yaml_(yaml), divisor_(divisor) {}

  // For a file that compiles.
  std::vector<Edit> Edits(const Yaml& root) {
    if (const Yaml* offers = Child(root, "offers")) {
      Take(*offers, "decline_cooldown", Policy().decline_cooldown);
    } else {
      const Duration cooldown = Scaled(Policy().decline_cooldown, divisor_);
      edits_.push_back(
          Insertion(yaml_, root, "offers: {decline_cooldown: " + WriteDuration(cooldown) + "}"));
    }
    Take(root, "urgent", Policy().urgent);
    Take(root, "near", Policy().near);
    Take(root, "age_credit", Policy().age_credit);
    Take(root, "starve_after");
    TakeEach(root, "channels", {"grace"});
    TakeEach(root, "sla", {"first_response", "next_response", "resolution", "update"});
    Take(root, "reopen");
    TakeOf(root, "pace", {"window", "start"});
    TakeOf(root, "sticky", {"last_agent", "wait"});
    if (const Yaml* sticky = Child(root, "sticky")) TakeOf(*sticky, "repeat", {"window"});
    if (const Yaml* acting = Child(root, "acting")) {
      TakeOf(*acting, "late_promise", {"after"});
      TakeOf(*acting, "confirming_call", {"from", "to"});
      TakeOf(*acting, "carrier_incident", {"window"});
    }
    if (const Yaml* queues = Child(root, "queues")) {
      for (const Yaml& queue : queues->items) TakeQueue(queue);
    }
    std::stable_sort(edits_.begin(), edits_.end(),
                     [](const Edit& a, const Edit& b) { return a.at < b.at; });
    return std::move(edits_);
  }

 private:
  void TakeQueue(const Yaml& queue) {
    Take(queue, "offer_window", Queue().offer_window);
    Take(queue, "wrap_up");
    Take(queue, "answer_within");
    Take(queue, "expected_work");
    TakeEach(queue, "relax", {"after"});
    TakeEach(queue, "helpers", {"after"});
    TakeEach(queue, "escalate", {"age"});
  }

  // One map's duration; where the file relies on the built-in value, that is scaled and put in.
  void Take(const Yaml& map, std::string_view key, Duration built_in = Duration::zero()) {
    if (const Yaml* value = Child(map, key)) {
      edits_.push_back({value->at + (value->plain ? 0 : 1), value->text.size(),
                        WriteDuration(Scaled(*ParseDuration(value->text), divisor_))});
    } else if (built_in > Duration::zero()) {
      edits_.push_back(Insertion(
          yaml_, map, std::string(key) + ": " + WriteDuration(Scaled(built_in, divisor_))));
    }
  }

  void TakeOf(const Yaml& map, std::string_view section, Keys keys) {
    const Yaml* inner = Child(map, section);
    if (inner == nullptr) return;
    for (const std::string_view key : keys) Take(*inner, key);
  }

  // Of each value of a list or map.
  void TakeEach(const Yaml& map, std::string_view section, Keys keys) {
    const Yaml* list = Child(map, section);
    if (list == nullptr) return;
    for (const Yaml& item : list->items) {
      for (const std::string_view key : keys) Take(item, key);
    }
  }

  const std::string_view yaml_;
  const std::int64_t divisor_;
  std::vector<Edit> edits_;
};

}  // namespace

Policy ScaleDurations(const Policy& policy, std::int64_t divisor) {
  USHER_CHECK(divisor >= 1);
  Policy scaled = policy;
  for (SlaClass& sla : scaled.sla_classes) {
    for (Duration* target :
         {&sla.first_response, &sla.next_response, &sla.resolution, &sla.update}) {
      *target = Scaled(*target, divisor);
    }
  }
  for (Queue& queue : scaled.queues) {
    for (Duration* span :
         {&queue.offer_window, &queue.wrap_up, &queue.answer_within, &queue.expected_work}) {
      *span = Scaled(*span, divisor);
    }
    for (RelaxStep& step : queue.steps) step.after = Scaled(step.after, divisor);
    for (Escalation& escalation : queue.escalations) {
      escalation.age = Scaled(escalation.age, divisor);
    }
  }
  for (Channel& channel : scaled.channels) {
    if (channel.grace) channel.grace = Scaled(*channel.grace, divisor);
  }
  for (Duration* span :
       {&scaled.decline_cooldown, &scaled.urgent, &scaled.near, &scaled.age_credit,
        &scaled.starve_after, &scaled.pace.window, &scaled.pace.start, &scaled.sticky.last_agent,
        &scaled.sticky.wait, &scaled.sticky.repeat, &scaled.reopen}) {
    *span = Scaled(*span, divisor);
  }
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
  for (const Edit& edit : Scaler(yaml, divisor).Edits(*root)) {
    scaled += yaml.substr(copied, edit.at - copied);
    scaled += edit.text;
    copied = edit.at + edit.bytes;
  }
  scaled += yaml.substr(copied);
  return scaled;
}

}  // namespace usher::policy
