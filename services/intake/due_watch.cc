#include "intake/due_watch.h"

#include <algorithm>
#include <string>

#include "support/note.h"
#include "support/status.h"

namespace usher::intake {
namespace {

constexpr Duration kAtOnce = 1h;        // of promises, where it has to catch up
constexpr Duration kAckWait = 5ms;      // before it looks around again
constexpr Duration kFullPause = 200ms;  // of a log that takes nothing
constexpr int kPatience = 3;            // looks that another may miss

// What passed longer ago is let rest: neither does it count within the window any more, nor does
// its own inquiry still wait.
Duration LookBack(const ActingRules& rules) {
  const Duration after = rules.late_promise ? rules.late_promise->after : Duration::zero();
  return std::min(std::max(rules.carrier_incident->window, after), kDueFor);
}

}  // namespace

DueWatch::DueWatch(const RuleBook& rules, Context context, const journal::CommandLog& commands,
                   std::unique_ptr<log::Appender> appender, const Heard* heard, Duration look_every,
                   Meters& meters)
    : rules_(rules),
      context_(std::move(context)),
      writer_(commands, std::move(appender)),
      heard_(heard),
      look_every_(look_every),
      meters_(meters) {}

absl::Status DueWatch::Step(Instant now, Duration wait) {
  if (next_ - now > look_every_) next_ = now;  // the clock was put back
  if (again_ - now > kFullPause) again_ = now;
  const Duration pause = std::max(Duration::zero(), (finds_ ? again_ : next_) - now);
  const bool draining = gate_.asked(std::min(wait, pause));
  if (!draining && !rules_.Ready(wait)) return absl::OkStatus();
  if (draining) {
    finds_.reset();
  } else if (!finds_ && now >= next_) {
    Begin(now);
  }
  if (finds_ && now >= again_) USHER_RETURN_IF_ERROR(Append(now));
  if (writer_.pending() > 0) {
    const absl::Status waited = writer_.Flush(std::min(wait, kAckWait));
    if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) return waited;
  }
  USHER_RETURN_IF_ERROR(writer_.Poll());
  if (finds_ && finds_->acts.empty() && writer_.pending() == 0) Finish();
  return absl::OkStatus();
}

void DueWatch::Begin(Instant now) {
  if (desks_.empty()) {
    for (Desk& desk : rules_.WithIncidents()) desks_.push_back(std::move(desk));
  }
  if (!desks_.empty()) {
    const Desk desk = std::move(desks_.front());
    desks_.pop_front();
    auto finds = Look(desk, now);
    if (finds.ok()) {
      finds_ = *std::move(finds);
    } else {
      note::Warn("due.waits", {{"desk", desk.first.ToString()},
                               {"error", std::string(finds.status().message())}});
    }
  }
  if (desks_.empty()) next_ = now + look_every_;
}

absl::StatusOr<std::optional<DueWatch::Finds>> DueWatch::Look(const Desk& desk, Instant now) {
  const auto& [name, rules] = desk;
  Finds finds;
  finds.desk = name;
  USHER_TRY(finds.before, context_.LookedOf(name));
  Instant looked = finds.before.until;
  if (looked - now > kTrail) looked = now - kTrail;  // by a clock that was off
  const auto own = own_.find(name);
  const bool sits = own != own_.end() && own->second == looked;
  const Instant until = heard_ == nullptr ? now : std::min(now, heard_->until());
  // Nothing was heard since, or another looks.
  if (looked + look_every_ > until) return std::nullopt;
  if (looked != Instant() && !sits && looked + kPatience * look_every_ > until) return std::nullopt;

  const Instant after = std::max(looked - kTrail, now - LookBack(*rules));
  if (after >= until) return std::nullopt;
  finds.until = std::min(until, after + kAtOnce + kTrail);
  USHER_TRY(std::vector<DueOrder> due, context_.DueWithin(name, after, finds.until));
  std::set<DueOrder>& found = found_[name];
  found.erase(found.begin(), found.upper_bound({after, OrderId()}));
  std::erase_if(due, [&found](const DueOrder& order) { return found.count(order) > 0; });
  USHER_TRY(finds.overdue, context_.OverdueOf(name, due));
  USHER_RETURN_IF_ERROR(Count(*rules, now, finds));
  return finds;
}

absl::Status DueWatch::Count(const ActingRules& rules, Instant now, Finds& finds) {
  std::map<std::string, std::vector<OrderFacts>> by_carrier;
  for (const Overdue& overdue : finds.overdue) {
    by_carrier[overdue.carrier].push_back(SilenceOf(finds.desk, overdue.due));
  }
  for (const auto& [carrier, late] : by_carrier) {
    USHER_TRY(const std::vector<Incident> incidents,
              context_.TakeLate(late, carrier, *rules.carrier_incident));
    for (std::size_t i = 0; i < late.size(); ++i) {
      for (Act& act : ActOnSilence(late[i], incidents[i], rules, now)) {
        meters_.acts[static_cast<std::size_t>(act.kind)]->Add();
        finds.acts.push_back(std::move(act));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status DueWatch::Append(Instant now) {
  while (!finds_->acts.empty()) {
    // What the log refuses for good, Poll() tells.
    const absl::Status status = writer_.Append(finds_->acts.front().record, [](const auto&) {});
    if (absl::IsResourceExhausted(status)) {
      if (writer_.pending() == 0) again_ = now + kFullPause;
      return absl::OkStatus();
    }
    USHER_RETURN_IF_ERROR(status);
    finds_->acts.pop_front();
  }
  return absl::OkStatus();
}

void DueWatch::Finish() {
  const Finds finds = *std::exchange(finds_, std::nullopt);
  for (const Overdue& overdue : finds.overdue) found_[finds.desk].insert(overdue.due);
  const auto set = context_.SetLooked(finds.desk, finds.before, finds.until);
  // Of an answer that was lost the next look tells what came of it.
  if (!set.ok() || *set) own_[finds.desk] = finds.until;
}

}  // namespace usher::intake
