// The hash of the state, and copies of it in slices: only rows that changed are read.
#include "engine/desk.h"
#include "model/state_codec.h"
#include "model/state_copy.h"

namespace usher::engine {

constexpr std::size_t kRestBytes = 48;  // of an entry, about

std::uint64_t Engine::Desk::StateHash() {
  StateSum sum;
  std::string bytes;
  sum.inquiries = inquiries();
  sum.inquiry_hashes = inquiry_rows_.Sum([&](Slot slot) -> std::uint64_t {
    if (!inquiries_.used(slot)) return 0;
    bytes.clear();
    SaveInquiry(inquiries_[slot], saved_inquiry_);
    EncodeRow(saved_inquiry_, bytes);
    return HashBytes(bytes);
  });
  sum.agents = registered_;
  sum.agent_hashes = agent_rows_.Sum([&](Slot slot) -> std::uint64_t {
    if (!HasAgentRow(slot)) return 0;
    bytes.clear();
    EncodeRow(SaveAgent(agents_[slot]), bytes);
    return HashBytes(bytes);
  });
  bytes.clear();
  bytes.reserve(kRestBytes * RestEntries());
  PutRest(bytes);
  sum.rest = HashBytes(bytes);
  if (inquiry_rows_.copying()) {
    rest_.swap(bytes);
    rest_as_of_ = commands_;
  }
  return HashOf(sum);
}

// As EncodeRest(SaveRest()) would, without the lists in between: they are long.
void Engine::Desk::PutRest(std::string& out) const {
  DeskState brief;
  SaveBrief(brief);
  state_codec::Encoder encoder(out);
  encoder(brief.now, brief.commands, brief.last_arrival, brief.last_offer, brief.last_idle,
          brief.last_timer, brief.late_credit, brief.has_policy, rules_.policy(), brief.queues);
  encoder(static_cast<std::uint32_t>(memories_.size()));
  for (Slot each = memories_.oldest(); each != kNone; each = memories_[each].newer) {
    const auto& memory = memories_[each];
    if (memory.newer != kNone) __builtin_prefetch(&memories_[memory.newer]);
    encoder(memory.key, memory.what == kNone ? TopicName() : lexicon_.topics[memory.what],
            agents_[memory.agent].name, memory.at);
  }
  encoder(static_cast<std::uint32_t>(resolved_.size()));
  for (Slot each = resolved_.oldest(); each != kNone; each = resolved_[each].newer) {
    const auto& resolved = resolved_[each];
    if (resolved.newer != kNone) __builtin_prefetch(&resolved_[resolved.newer]);
    encoder(resolved.key, resolved.what, agents_[resolved.agent].name, resolved.at);
  }
  encoder(brief.handlings, brief.edges, brief.sources, requests_.Save());
}

bool Engine::Desk::HasAgentRow(Slot slot) const {
  return slot < agents_.end() && agents_.used(slot) && agents_[slot].registered;
}

void Engine::Desk::BeginCopy(std::string& out) {
  inquiry_rows_.BeginCopy(inquiries_.end());
  agent_rows_.BeginCopy(agents_.end());
  rest_.clear();
  usher::BeginCopy(out);
}

std::size_t Engine::Desk::CopySome(std::size_t most, std::string& out) {
  const auto put = [&out](CopyKind kind, Slot slot, bool there, bool again,
                          const auto& encode) -> std::uint64_t {
    if (!there && !again) return 0;
    const std::size_t begin = PutEntry(kind, slot, out, [&](std::string& to) {
      if (there) encode(to);
    });
    return there ? HashBytes(std::string_view(out).substr(begin)) : 0;
  };
  const std::size_t agents = agent_rows_.CopySome(most, [&](Slot slot, bool again) {
    return put(CopyKind::kAgent, slot, HasAgentRow(slot), again,
               [&](std::string& to) { EncodeRow(SaveAgent(agents_[slot]), to); });
  });
  inquiry_rows_.CopySome(most - agents, [&](Slot slot, bool again) {
    const bool there = slot < inquiries_.end() && inquiries_.used(slot);
    return put(CopyKind::kInquiry, slot, there, again, [&](std::string& to) {
      SaveInquiry(inquiries_[slot], saved_inquiry_);
      EncodeRow(saved_inquiry_, to);
    });
  });
  return RowsToCopy();
}

std::size_t Engine::Desk::RowsToCopy() const {
  return inquiry_rows_.wanted() + agent_rows_.wanted();
}

std::size_t Engine::Desk::RestEntries() const {
  return facts_.size() + memories_.size() + resolved_.size() + handlings_.entries().size() +
         requests_.size() + sources_.size() * kSourceWindow / 64;
}

void Engine::Desk::EndCopy(std::string& out) {
  CopySome(inquiries_.end() + std::size_t{agents_.end()} + 1, out);
  PutEntry(CopyKind::kRest, 0, out, [&](std::string& to) {
    if (rest_.empty() || rest_as_of_ != commands_) {
      PutRest(to);
    } else {
      to.append(rest_);
    }
  });
  rest_ = {};
  inquiry_rows_.EndCopy();
  agent_rows_.EndCopy();
}

}  // namespace usher::engine
