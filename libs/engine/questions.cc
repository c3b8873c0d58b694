// EstimateWait, PreviewPolicy, Checkpoint: what is asked of the whole state.
#include <memory>

#include "core/check.h"
#include "engine/desk.h"
#include "model/state.h"

namespace usher::engine {

void Engine::Desk::Do(const EstimateWait& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  if (inquiries_[slot].stage != Stage::kWaiting) return Reject(RejectReason::kNotWaiting);
  const WaitEstimated answer = Estimated(slot);
  Emit<WaitEstimated>() = answer;
}

// Done to a copy.
void Engine::Desk::Do(const PreviewPolicy& command) {
  PolicyPreviewed previewed;
  previewed.version = command.policy.version;
  previewed.sound = IsGood(command.policy);
  if (previewed.sound) {
    Desk copy(limits_);
    DecisionList untold;
    copy.out_ = &untold;
    USHER_CHECK(copy.Load(Save(), nullptr));
    previewed.moved = copy.TakePolicy(command.policy, false);
    previewed.open = static_cast<std::uint32_t>(copy.inquiries_.size());
    for (Slot slot = 0; slot < copy.inquiries_.end(); ++slot) {
      if (!copy.inquiries_.used(slot)) continue;
      const Inquiry& inquiry = copy.inquiries_[slot];
      if (inquiry.stage == Stage::kWaiting && !copy.IsStaffedAtAll(inquiry)) ++previewed.unstaffed;
    }
  }
  Emit<PolicyPreviewed>() = previewed;
}

void Engine::Desk::Do(const Checkpoint&) {
  const std::uint64_t hash = StateHash();
  Emit<Checkpointed>() = {hash, inquiries(), agents()};
}

}  // namespace usher::engine
