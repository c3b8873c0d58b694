// Book: one desk, written from its decisions alone: who has which inquiry, who is asked, how much
// of each agent is used, what was counted. It knows the meaning of decisions, and nothing of how
// the services keep theirs.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/command.h"
#include "model/decision.h"

namespace usher::sim {

// What the views must say of a desk.
struct Counts {
  std::uint64_t placed = 0;
  std::uint64_t joined = 0;
  std::uint64_t rejected = 0;
  std::uint64_t answered = 0;
  std::uint64_t resolved = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t breached = 0;
  std::uint64_t offers_made = 0;
};

class Book {
 public:
  struct Inquiry {
    Stage stage = Stage::kWaiting;
    AgentName owner;
    bool held = false;  // it takes units of its owner
    bool answered = false;
    bool awaits = true;  // a reply, to the last message
    ConversationId conversation;
    std::map<OfferId, AgentName> offers;
    std::map<OfferId, Instant> expires;
    QueueName queue;
    ChannelName channel;
  };
  struct Agent {
    Presence presence = Presence::kOffline;
    std::uint32_t units = 0;
    std::map<InquiryId, ChannelName> wrap_ups;
  };

  // Empty, or why `decision`, on `command`, cannot follow from what came before.
  std::string Take(const Command& command, const Decision& decision);

  const std::map<InquiryId, Inquiry>& open() const { return open_; }
  const std::map<InquiryId, bool>& ended() const { return ended_; }  // told of, and over
  const std::map<AgentName, Agent>& agents() const { return agents_; }
  const std::map<MessageId, std::uint32_t>& messages() const { return messages_; }  // outcomes
  const Counts& counts() const { return counts_; }

 private:
  std::string On(const InquiryPlaced& d);
  std::string On(const MessageJoined& d);
  std::string On(const InquiryRejected& d);
  std::string On(const InquiryRerouted& d);
  std::string On(const InquiryEscalated& d);
  std::string On(const InquiryStarted& d);
  std::string On(const OfferMade& d);
  std::string On(const OfferAccepted& d);
  std::string On(const OfferDeclined& d) { return OfferEnds(d.offer, d.inquiry, d.agent); }
  std::string On(const OfferExpired& d);
  std::string On(const OfferRescinded& d) { return OfferEnds(d.offer, d.inquiry, d.agent); }
  std::string On(const InquiryAnswered& d);
  std::string On(const InquiryResolved& d);
  std::string On(const InquiryCancelled& d);
  std::string On(const InquiryAbandoned& d);
  std::string On(const InquiryRequeued& d);
  std::string On(const InquiryPaused& d);
  std::string On(const InquiryResumed& d);
  std::string On(const WrapUpEnded& d);
  std::string On(const AgentRegistered& d);
  std::string On(const AgentRemoved& d);
  std::string On(const PresenceChanged& d);
  std::string On(const WorkShown& d);
  std::string On(const SlaBreached& d);
  std::string On(const PolicyApplied& d);
  std::string On(const Checkpointed& d);
  std::string On(const CommandRejected& d);
  template <class Other>
  std::string On(const Other&) {
    return "";
  }

  Inquiry* Find(const InquiryId& inquiry);
  std::string OfferEnds(OfferId offer, const InquiryId& inquiry, const AgentName& agent);
  std::string Ends(const InquiryId& inquiry);
  std::uint32_t UnitsOf(const ChannelName& channel) const;
  std::uint32_t UsedBy(const AgentName& agent) const;
  bool WrapsUp(const QueueName& queue) const;

  const Command* command_ = nullptr;  // under way
  Instant at_;
  Policy policy_;
  std::map<InquiryId, Inquiry> open_;
  std::map<InquiryId, bool> ended_;
  std::map<AgentName, Agent> agents_;
  std::map<MessageId, std::uint32_t> messages_;
  OfferId last_offer_;
  Instant now_;
  Counts counts_;
};

}  // namespace usher::sim
