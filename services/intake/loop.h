// The loops of intake: input records become commands (messages) or order context and commands
// (orders), or dead letters.
//
// An input offset is committed only when all below it are done: the command or the dead letter is
// acknowledged by the log, the order is in the store. So a crash at any place loses nothing; what
// it repeats, the engine drops by its source.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <variant>
#include <vector>

#include "intake/context.h"
#include "intake/dead_letters.h"
#include "intake/decode.h"
#include "intake/drain_gate.h"
#include "intake/facts.h"
#include "intake/heard.h"
#include "intake/input.h"
#include "intake/meters.h"
#include "intake/order_taker.h"
#include "intake/placer.h"
#include "intake/readiness.h"
#include "intake/rules.h"
#include "journal/command_log.h"
#include "model/limits.h"
#include "support/stepper.h"

namespace usher::intake {

// Of one input partition, from the oldest record under way to the newest. The engine remembers
// kSourceWindow offsets: within half of it a hole that a crash left can always be filled.
constexpr std::int64_t kUnderWayMax = kSourceWindow / 2;

// Both wait for the rules, so that nothing is read by the default ones, or taken for unmapped, by
// mistake. `desk` is that of records that name none; empty: they must.

// Reads `usher.messages`.
//
// Threads: one.
class MessageLoop : public Stepper {
 public:
  MessageLoop(Input input, const journal::CommandLog& commands,
              std::unique_ptr<log::Appender> appender, DeadLetters dead_letters,
              const RuleBook& rules, const DeskName& desk, Placer placer, Meters& meters,
              Readiness& readiness);

  absl::Status Step(Instant now, Duration wait) override;

  DrainGate& gate() { return gate_; }

 private:
  struct DeadLetter {
    log::Record record;
    Refusal refusal;
  };
  struct Item {
    Place place;
    std::variant<wire::CommandRecord, DeadLetter, Ignored> body;
  };

  void Read(Instant now);
  absl::Status Append();
  absl::Status AppendOne(Item& item);
  absl::Status AwaitAcks(Duration wait);
  absl::Status PollAcks();

  Input input_;
  journal::CommandWriter writer_;
  DeadLetters dead_letters_;
  const RuleBook& rules_;
  const Doorway door_;
  Placer placer_;
  Meters& meters_;
  Readiness& readiness_;
  bool ready_ = false;
  std::vector<Taken> taken_;  // polled, not read yet
  std::deque<Item> items_;    // read, not appended yet
  DrainGate gate_;
};

// Reads `usher.orders`. A store that is away holds its partitions where they are; nothing is
// skipped. Waits for the rules: what a policy has usher do about an order is done when it comes.
//
// Threads: one.
class OrderLoop : public Stepper {
 public:
  OrderLoop(Input input, const journal::CommandLog& commands,
            std::unique_ptr<log::Appender> appender, DeadLetters dead_letters,
            const RuleBook& rules, const DeskName& desk, Context context, Heard& heard,
            Meters& meters, Readiness& readiness);

  absl::Status Step(Instant now, Duration wait) override;

  DrainGate& gate() { return gate_; }

 private:
  // True: all of `taken_` is in the store.
  absl::StatusOr<bool> TakeAll(Instant now);
  // False: not now; the place must come again.
  absl::StatusOr<bool> Take(const Taken& taken, Instant now);
  absl::StatusOr<bool> Tell(const Taken& taken, OrderOutcome outcome);
  absl::StatusOr<bool> Bury(const Taken& taken, const Refusal& refusal);
  bool Pass(const Place& place);  // done with it, and nothing is under way: true

  Input input_;
  journal::CommandWriter writer_;
  DeadLetters dead_letters_;
  const RuleBook& rules_;
  const Doorway door_;
  Context context_;
  Heard& heard_;
  Meters& meters_;
  Readiness& readiness_;
  bool ready_ = false;
  Instant again_;  // nothing is tried before
  std::vector<Taken> taken_;
  DrainGate gate_;
};

}  // namespace usher::intake
