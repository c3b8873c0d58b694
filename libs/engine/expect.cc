// Lookahead: most of a command's time goes into waiting for memory, and what the next commands
// touch can come near meanwhile. Nothing here reads more than it may, nor changes what is decided.
#include "engine/desk.h"

namespace usher::engine {
namespace {

// How many commands before its own turn the parts of a command are fetched: first the places of its
// ids, then what stands there, then what that refers to.
constexpr std::uint32_t kFound = 4;
constexpr std::uint32_t kReferred = 2;
constexpr std::uint32_t kServed = 1;

constexpr std::size_t kLine = 64;

template <class Value>
void Near(const Value& value) {
  const auto* bytes = reinterpret_cast<const char*>(&value);
  for (std::size_t at = 0; at < sizeof(Value); at += kLine) __builtin_prefetch(bytes + at);
}

}  // namespace

void Engine::Desk::Expect(const Command& command) {
  Expected& expected = expected_[expected_count_++ % kExpectedMost];
  expected = Expected();
  Prefetch(command);
  expected.finishes = std::holds_alternative<FinishInquiry>(command.body);
  std::visit(
      [&expected](const auto& body) {
        if constexpr (requires { body.inquiry; }) expected.inquiry = body.inquiry;
        if constexpr (requires { body.offer; }) expected.offer = body.offer;
      },
      command.body);
}

// One command is applied. True if it was expected.
bool Engine::Desk::Approach() {
  if (applied_count_ == expected_count_) return false;
  ++applied_count_;
  const std::uint64_t left = expected_count_ - applied_count_;
  const auto at = [&](std::uint32_t ahead) -> Expected& {
    return expected_[(applied_count_ + ahead - 1) % kExpectedMost];
  };
  if (left >= kFound) FetchFound(at(kFound));
  if (left >= kReferred) FetchReferred(at(kReferred));
  if (left >= kServed) FetchServed(at(kServed));
  return true;
}

void Engine::Desk::FetchFound(Expected& expected) const {
  if (!expected.offer.none()) {
    const Slot offer = offer_of_.Likely(expected.offer);
    if (offer == kNone) return;
    expected.slot = offers_[offer].inquiry;
    Near(agents_[offers_[offer].agent]);
  } else if (!expected.inquiry.none()) {
    expected.slot = inquiry_of_.Likely(expected.inquiry);
  }
  if (expected.slot != kNone) Near(inquiries_[expected.slot]);
}

void Engine::Desk::FetchReferred(const Expected& expected) const {
  if (expected.slot == kNone) return;
  const Inquiry& inquiry = inquiries_[expected.slot];
  if (inquiry.clocks != kNone) Near(clocks_[inquiry.clocks]);
  if (inquiry.owner != kNone) Near(agents_[inquiry.owner]);
  if (!expected.finishes) return;
  inquiry_of_conversation_.Prefetch(inquiry.conversation);
  memories_.Prefetch(inquiry.customer);
  resolved_.Prefetch(inquiry.conversation);
}

void Engine::Desk::FetchServed(const Expected& expected) const {
  if (expected.slot == kNone) return;
  const Inquiry& inquiry = inquiries_[expected.slot];
  if (inquiry.clocks != kNone) timers_.Prefetch(clocks_[inquiry.clocks].breach);
  if (inquiry.previous != kNone) __builtin_prefetch(&inquiries_[inquiry.previous]);
  if (inquiry.next != kNone) __builtin_prefetch(&inquiries_[inquiry.next]);
  if (!expected.finishes || inquiry.owner == kNone) return;
  const Agent& agent = agents_[inquiry.owner];
  if (agent.group != kNone) coverage_.Prefetch(agent.group);
}

}  // namespace usher::engine
