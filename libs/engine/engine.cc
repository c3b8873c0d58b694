#include "engine/engine.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/desk.h"
#include "engine/times.h"
#include "model/calendar.h"

namespace usher::engine {

Engine::Engine(const Limits& limits) : desk_(std::make_unique<Desk>(limits)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::Apply(const Command& command, DecisionList& out) { desk_->Apply(command, out); }
void Engine::Expect(const Command& command) { desk_->Expect(command); }
Instant Engine::now() const { return desk_->now(); }
Instant Engine::next_timer() const { return desk_->next_timer(); }
DeskState Engine::Save() const { return desk_->Save(); }
std::uint64_t Engine::StateHash() const { return desk_->StateHash(); }
void Engine::BeginCopy(std::string& out) { desk_->BeginCopy(out); }
std::size_t Engine::CopySome(std::size_t most, std::string& out) {
  return desk_->CopySome(most, out);
}
std::size_t Engine::rows_to_copy() const { return desk_->RowsToCopy(); }
std::size_t Engine::rest_entries() const { return desk_->RestEntries(); }
void Engine::EndCopy(std::string& out) { desk_->EndCopy(out); }
const Policy& Engine::policy() const { return desk_->policy(); }
std::uint64_t Engine::inquiries() const { return desk_->inquiries(); }
std::uint64_t Engine::agents() const { return desk_->agents(); }

bool Engine::Restore(const DeskState& state) {
  const Limits limits = desk_->limits();
  desk_ = std::make_unique<Desk>(limits);
  if (desk_->Restore(state)) return true;
  desk_ = std::make_unique<Desk>(limits);
  return false;
}

bool Engine::Restore(const CopyRows& copy) {
  const Limits limits = desk_->limits();
  desk_ = std::make_unique<Desk>(limits);
  if (desk_->Restore(copy)) return true;
  desk_ = std::make_unique<Desk>(limits);
  return false;
}

void Engine::Desk::Apply(const Command& command, DecisionList& out) {
  command_ = &command;
  out_ = &out;
  if (!Approach()) Prefetch(command);
  Advance(command.at);
  ++commands_;
  if (!IsNew(command)) return;
  std::visit([this](const auto& body) { Do(body); }, command.body);
  Settle();
}

// Most of a command's time goes into waiting for memory; these waits can pass side by side.
void Engine::Desk::Prefetch(const Command& command) const {
  if (!command.request.none()) requests_.Prefetch(command.request);
  std::visit(
      [this](const auto& body) {
        if constexpr (requires { body.inquiry; }) inquiry_of_.Prefetch(body.inquiry);
        if constexpr (requires { body.offer; }) offer_of_.Prefetch(body.offer);
        if constexpr (requires { body.conversation; }) {
          inquiry_of_conversation_.Prefetch(body.conversation);
        }
      },
      command.body);
}

// Takes the time to `asked`, if it may, and fires what is due on the way.
void Engine::Desk::Advance(Instant asked) {
  Instant until = std::max(now_, asked);
  if (commands_ > 0 && until - now_ > limits_.jump_max) {
    until = After(now_, limits_.jump_max);
    Decision& capped = out_->emplace_back();
    capped.at = until;
    capped.body = ClockCapped{asked};
  }
  while (timers_.first() != kNone) {
    const Instant at = timers_[timers_.first()].at;
    if (at > until || at == kNever) break;
    SetNow(std::max(now_, at));
    Fire(timers_.first());
    Settle();
  }
  SetNow(until);
}

// What follows the clock without any event: the order's classes, and which queues are open.
void Engine::Desk::SetNow(Instant now) {
  now_ = now;
  for (Slot slot = NextRipe(); slot != kNone; slot = NextRipe()) {
    Unlist(slot);
    List(slot);
  }
  if (now_ >= edge_) FindOpen();
}

// One that is listed under a class that it has left; kNone if there is none.
Engine::Desk::Slot Engine::Desk::NextRipe() {
  const Slot slot = waiting_.Ripe(ToMicros(now_));
  if (slot != kNone || ripening_.first() == kNone) return slot;
  const Timers::Entry& first = ripening_[ripening_.first()];
  return first.at <= now_ ? Slot{first.owner} : kNone;
}

// Which queues are open now, and until when that holds.
void Engine::Desk::FindOpen() {
  const Policy& policy = rules_.policy();
  edge_ = kNever;
  for (std::uint32_t place = 0; place < policy.queues.size(); ++place) {
    const Slot calendar = rules_.queue(place).calendar;
    if (calendar == kNone) continue;
    facts_[place].is_open = IsOpen(&policy.calendars[calendar], now_);
    edge_ = std::min(edge_, NextEdge(&policy.calendars[calendar], now_));
  }
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
    if (!inquiries_.used(slot) || !inquiries_[slot].listed) continue;
    const Inquiry& inquiry = inquiries_[slot];
    if (inquiry.reserved != kNone || inquiry.parked != facts_[inquiry.queue].is_open) continue;
    Unlist(slot);
    List(slot);
  }
}

Instant Engine::Desk::next_timer() const {
  return timers_.first() == kNone ? kNever : timers_[timers_.first()].at;
}

bool Engine::Desk::IsNew(const Command& command) {
  if (!command.source.none()) {
    const SourceWindows::Seen seen = sources_.Note(command.source);
    if (seen == SourceWindows::Seen::kTooMany) Reject(RejectReason::kTooManySources);
    if (seen == SourceWindows::Seen::kRepeat)
      Emit<CommandRepeated>().reason = RepeatReason::kSource;
    if (seen != SourceWindows::Seen::kNew) return false;
  }
  if (!command.request.none()) {
    const RequestWindow::Seen seen = requests_.Note(command.request, command.digest);
    if (seen == RequestWindow::Seen::kReused) Reject(RejectReason::kRequestReused);
    if (seen == RequestWindow::Seen::kRepeat) {
      Emit<CommandRepeated>().reason = RepeatReason::kRequest;
    }
    if (seen != RequestWindow::Seen::kNew) return false;
  }
  return true;
}

// Tells what the command named, whichever of the three its body has.
void Engine::Desk::Reject(RejectReason reason) {
  CommandRejected& rejected = Emit<CommandRejected>();
  rejected.command = static_cast<std::uint8_t>(command_->body.index());
  rejected.reason = reason;
  std::visit(
      [&rejected](const auto& body) {
        if constexpr (requires { body.inquiry; }) rejected.inquiry = body.inquiry;
        if constexpr (requires { body.agent; }) rejected.agent = body.agent;
        if constexpr (requires { body.offer; }) rejected.offer = body.offer;
      },
      command_->body);
}

}  // namespace usher::engine
