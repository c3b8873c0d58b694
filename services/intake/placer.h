// Placer: checked messages become PlaceInquiry commands: read, understood, enriched.
//
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "intake/context.h"
#include "intake/facts.h"
#include "intake/loop_guard.h"
#include "intake/meters.h"
#include "intake/rules.h"
#include "understanding/understand.h"
#include "wire/records.h"

namespace usher::intake {

// Reads a text by the desk's rules; in production that is Understanding::Understand().
using ReadText = std::function<understanding::Understood(
    std::string_view text, const UnderstandingRules& rules, LanguageName last_language)>;

class Placer {
 public:
  Placer(const RuleBook& rules, ReadText read, std::unique_ptr<store::Store> store, Duration keep,
         Meters& meters);

  // What comes of a message: a record without a source; or nothing, by that sign.
  using Outcome = std::variant<wire::CommandRecord, AutomaticSign>;

  // One outcome a message, in the same order. A store that does not answer costs the messages their
  // context, not their way: it is left alone for a while and counted.
  std::vector<Outcome> Place(const std::vector<MessageFacts>& messages, Instant now);

  Context& context() { return context_; }
  const RuleBook& rules() const { return rules_; }

 private:
  AutomaticSign SignOf(const MessageFacts& message, Instant now);
  std::vector<Known> Look(const std::vector<MessageFacts>& messages, Instant now);
  wire::CommandRecord PlaceOne(const MessageFacts& message, const Known& known,
                               LanguageName& told_language);
  void StoreFailed(Instant now, const absl::Status& status);

  const RuleBook& rules_;
  ReadText read_;
  Context context_;
  Meters& meters_;
  LoopGuard same_texts_;
  LoopGuard floods_;
  Instant store_again_;  // not asked before
};

}  // namespace usher::intake
