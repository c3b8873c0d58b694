#include "agents/directory.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace usher::agents {

class Directory::Reading {
 public:
  explicit Reading(Board& board) : board_(board) {}

  std::optional<News> operator()(const OfferMade& made) {
    Inquiry& inquiry = board_.inquiries[made.inquiry];
    inquiry.queue = made.queue;
    inquiry.asked.push_back(made.agent);
    Count(made.agent, +1, 0);
    return News{made.agent,
                Offered{made.offer, made.inquiry, made.queue, made.expires, made.reason}};
  }

  // The offers to others, if there are any, are taken back next.
  std::optional<News> operator()(const OfferAccepted& accepted) {
    Inquiry& inquiry = board_.inquiries[accepted.inquiry];
    AskNoMore(inquiry, accepted.agent);
    inquiry.owner = accepted.agent;
    Count(accepted.agent, 0, +1);
    return News{accepted.agent, Assigned{accepted.inquiry, inquiry.queue, inquiry.answered}};
  }

  std::optional<News> operator()(const OfferDeclined& declined) {
    return Over(declined.offer, declined.inquiry, declined.agent, v1::OFFER_END_DECLINED);
  }
  std::optional<News> operator()(const OfferExpired& expired) {
    return Over(expired.offer, expired.inquiry, expired.agent, v1::OFFER_END_EXPIRED);
  }
  std::optional<News> operator()(const OfferRescinded& rescinded) {
    return Over(rescinded.offer, rescinded.inquiry, rescinded.agent, v1::OFFER_END_RESCINDED,
                rescinded.cause);
  }

  std::optional<News> operator()(const InquiryAnswered& answered) {
    board_.inquiries[answered.inquiry].answered = true;
    return std::nullopt;
  }
  std::optional<News> operator()(const InquiryResolved& resolved) {
    return End(resolved.inquiry, v1::STAGE_RESOLVED);
  }
  std::optional<News> operator()(const InquiryCancelled& cancelled) {
    return End(cancelled.inquiry, v1::STAGE_CANCELLED);
  }
  std::optional<News> operator()(const InquiryAbandoned& abandoned) {
    return End(abandoned.inquiry, v1::STAGE_ABANDONED);
  }
  std::optional<News> operator()(const InquiryRequeued& requeued) {
    LetGo(requeued.inquiry);
    return News{requeued.agent, Ended{requeued.inquiry, v1::STAGE_WAITING}};
  }

  std::optional<News> operator()(const InquiryPaused& paused) {
    board_.pending.insert(paused.inquiry);
    return News{paused.agent, Paused{paused.inquiry, paused.until}};
  }
  std::optional<News> operator()(const InquiryResumed& resumed) {
    board_.pending.erase(resumed.inquiry);
    if (!resumed.agent.none()) {
      return News{resumed.agent, Resumed{resumed.inquiry, resumed.cause}};
    }
    const AgentName owner = LetGo(resumed.inquiry);
    if (owner.none()) return std::nullopt;
    return News{owner, Ended{resumed.inquiry, v1::STAGE_WAITING}};
  }

  std::optional<News> operator()(const MessageJoined& joined) {
    const auto found = board_.inquiries.find(joined.inquiry);
    if (found == board_.inquiries.end() || found->second.owner.none()) return std::nullopt;
    return News{found->second.owner, MessageCame{joined.inquiry}};
  }

  std::optional<News> operator()(const AgentRegistered& registered) {
    board_.agents[registered.agent].agent = registered;
    return std::nullopt;
  }
  // What it was asked for or had is told one by one, but for what waits for its customer.
  std::optional<News> operator()(const AgentRemoved& removed) {
    board_.agents.erase(removed.agent);
    for (auto at = board_.pending.begin(); at != board_.pending.end();) {
      const auto inquiry = board_.inquiries.find(*at);
      const bool its = inquiry != board_.inquiries.end() && inquiry->second.owner == removed.agent;
      if (its) inquiry->second.owner = AgentName();
      at = its ? board_.pending.erase(at) : std::next(at);
    }
    return News{removed.agent, Removed{}};
  }
  std::optional<News> operator()(const PresenceChanged& changed) {
    if (const auto found = board_.agents.find(changed.agent); found != board_.agents.end()) {
      found->second.presence = changed.presence;
      found->second.away = changed.away;
      found->second.shift_ends = changed.shift_ends;
    }
    return News{changed.agent, PresenceIs{changed.presence, changed.away}};
  }
  std::optional<News> operator()(const WorkShown& shown) { return News{shown.agent, shown}; }

  std::optional<News> operator()(const CommandRejected& rejected) {
    if (rejected.agent.none()) return std::nullopt;
    const bool asked_for_work = rejected.command == CommandBody(ShowWork()).index();
    if (asked_for_work) return News{rejected.agent, NotKnown{}};
    // A supervisor asked, not the agent.
    if (rejected.command == CommandBody(AssignInquiry()).index()) return std::nullopt;
    return News{rejected.agent, Refused{rejected.reason, rejected.inquiry, rejected.offer}};
  }

  // All else changes nothing for an agent.
  template <class Other>
  std::optional<News> operator()(const Other&) {
    return std::nullopt;
  }

 private:
  void Count(const AgentName& agent, int offered, int assigned) {
    const auto found = board_.agents.find(agent);
    if (found == board_.agents.end()) return;  // removed: its inquiries follow
    found->second.offered += static_cast<std::uint32_t>(offered);
    found->second.assigned += static_cast<std::uint32_t>(assigned);
  }

  // The agent is no longer asked.
  void AskNoMore(Inquiry& inquiry, const AgentName& agent) {
    const auto found = std::find(inquiry.asked.begin(), inquiry.asked.end(), agent);
    if (found == inquiry.asked.end()) return;
    inquiry.asked.erase(found);
    Count(agent, -1, 0);
  }

  // Nobody has the inquiry now. Returns who had it.
  AgentName LetGo(const InquiryId& id) {
    const auto found = board_.inquiries.find(id);
    if (found == board_.inquiries.end()) return AgentName();
    board_.pending.erase(id);
    const AgentName owner = std::exchange(found->second.owner, AgentName());
    if (!owner.none()) Count(owner, 0, -1);
    ForgetIfIdle(found);
    return owner;
  }

  // What nobody has or is asked for is remembered only for the reply that was given.
  void ForgetIfIdle(std::unordered_map<InquiryId, Inquiry>::iterator at) {
    const Inquiry& inquiry = at->second;
    if (inquiry.asked.empty() && inquiry.owner.none() && !inquiry.answered) {
      board_.inquiries.erase(at);
    }
  }

  std::optional<News> Over(OfferId offer, const InquiryId& id, const AgentName& agent,
                           v1::OfferEnd end, RescindCause cause = RescindCause::kNone) {
    if (const auto found = board_.inquiries.find(id); found != board_.inquiries.end()) {
      AskNoMore(found->second, agent);
      ForgetIfIdle(found);
    }
    return News{agent, OfferOver{offer, id, end, cause}};
  }

  std::optional<News> End(const InquiryId& inquiry, v1::Stage stage) {
    const AgentName owner = LetGo(inquiry);
    board_.inquiries.erase(inquiry);
    if (owner.none()) return std::nullopt;
    return News{owner, Ended{inquiry, stage}};
  }

  Board& board_;
};

std::optional<News> Directory::Take(const DeskName& desk, const Decision& decision) {
  absl::MutexLock lock(&mutex_);
  return std::visit(Reading(boards_[desk]), decision.body);
}

std::vector<Row> Directory::List(const DeskName& desk, const AgentName& after,
                                 std::size_t most) const {
  std::vector<Row> rows;
  absl::MutexLock lock(&mutex_);
  const auto board = boards_.find(desk);
  if (board == boards_.end()) return rows;
  const auto& agents = board->second.agents;
  for (auto at = agents.upper_bound(after); at != agents.end() && rows.size() < most; ++at) {
    rows.push_back(at->second);
  }
  return rows;
}

}  // namespace usher::agents
