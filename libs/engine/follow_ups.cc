// Join and Hear: what a further message of a conversation tells, and how it raises its open
// inquiry.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {
namespace {

template <class T>
bool IsNews(const T& known, const T& told) {
  return known == T() && told != T();
}

// What is known once the message is read. What was known stays, but that it names a topic, that it
// is angry, and what became of the same order.
Features Merged(const Features& known, const Features& told) {
  Features merged = known;
  if (IsNews(known.language, told.language)) merged.language = told.language;
  const bool understood = !told.topic.none() && told.topic.view() != kOtherTopic;
  if (known.topic.none() || (known.topic.view() == kOtherTopic && understood)) {
    merged.topic = told.topic;
  }
  const bool angry = told.sentiment == Sentiment::kNegative;
  if (angry || known.sentiment == Sentiment::kUnknown) merged.sentiment = told.sentiment;
  if (known.tier.none()) merged.tier = told.tier;
  if (known.order.none() && !told.order.none()) {
    merged.order = told.order;
    merged.order_status = told.order_status;
  } else if (known.order == told.order && !told.order_status.none()) {
    merged.order_status = told.order_status;
  }
  if (known.value == 0) merged.value = told.value;
  merged.on_site = known.on_site || told.on_site;
  return merged;
}

template <class Names, class Name>
void Rename(Names& names, std::uint32_t& slot, const Name& name) {
  const std::uint32_t before = slot;
  slot = name.none() ? kNone : names.Add(name);
  if (before != kNone) names.Drop(before);
}

}  // namespace

// The open inquiry of the conversation hears of its message.
void Engine::Desk::Join(Slot slot, const PlaceInquiry& command) {
  const InquiryId id = inquiries_[slot].id;
  Emit<MessageJoined>() = {id, command.message};
  if (inquiries_[slot].stage == Stage::kScheduled) {
    Start(slot);
  } else if (inquiries_[slot].stage == Stage::kPending) {
    Resume(slot, WakeCause::kMessage);
  }
  if (FindInquiry(id) == kNone) return;
  const Inquiry& inquiry = inquiries_[slot];
  if (inquiry.answered && ClockOf(inquiry, Target::kNextResponse) == nullptr) {
    StartClock(slot, Target::kNextResponse, now_);
  }
  Hear(slot, command);
}

void Engine::Desk::Hear(Slot slot, const PlaceInquiry& command) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  const FollowUps& follow_ups = rules_.policy().follow_ups;
  bool waited = false;
  if (!command.message.none() && inquiry.unanswered < kUnansweredMost) {
    inquiry.unanswered = (inquiry.unanswered + 1U) & kUnansweredMost;
    waited = inquiry.unanswered == follow_ups.unanswered && follow_ups.raise > 0;
  }
  const Features known = FeaturesOf(inquiry);
  const Features merged = Merged(known, command.features);
  if (!waited && merged == known) return;
  Touch(slot);
  const Before before = BeforeOf(inquiry);
  Adopt(slot, known, merged);
  const bool turned = inquiry.angry() && !before.angry && follow_ups.angry_raise > 0;
  const unsigned raised =
      inquiry.raised + (waited ? follow_ups.raise : 0U) + (turned ? follow_ups.angry_raise : 0U);
  inquiry.raised = std::min(9U, raised) & kUnansweredMost;
  Reroute(slot, before, nullptr);
  if (merged != known) Emit<InquiryUpdated>() = {inquiry.id, merged, inquiry.priority};
  const auto tell = [&](EscalateReason reason) {
    Emit<InquiryEscalated>() = {inquiry.id, QueueOf(inquiry).name, inquiry.priority, reason};
  };
  if (waited) tell(EscalateReason::kUnanswered);
  if (turned) tell(EscalateReason::kAngry);
  if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
}

// Requires: touched. `told` differs from `known` in what may change.
void Engine::Desk::Adopt(Slot slot, const Features& known, const Features& told) {
  Inquiry& inquiry = inquiries_[slot];
  if (told.language != known.language) {
    Rename(lexicon_.languages, inquiry.language, told.language);
  }
  if (told.topic != known.topic) {
    Rename(lexicon_.topics, inquiry.topic, told.topic);
    inquiry.repeat = IsRepeat(inquiry);
  }
  inquiry.sentiment = told.sentiment;
  inquiry.on_site = told.on_site;
  if (told.tier != known.tier) Rename(lexicon_.tiers, AboutFor(inquiry).tier, told.tier);
  if (told.order_status != known.order_status) {
    Rename(lexicon_.statuses, AboutFor(inquiry).order_status, told.order_status);
  }
  if (told.order != known.order) {
    AboutFor(inquiry).order = told.order;
    of_order_.Put(told.order, slot);
  }
  if (told.value != known.value) AboutFor(inquiry).value = told.value;
}

}  // namespace usher::engine
