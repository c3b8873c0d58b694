#include "kit/random_commands.h"

#include <algorithm>

namespace usher::kit {
namespace {

constexpr Duration kLengths[] = {0s, 1s, 5s, 20s, 60s, 1h, Duration::max()};
constexpr Duration kSpans[] = {1us, 1s, 3s, 10s, 60s, 10min, 3h};

}  // namespace

// --- Inquiries
// ------------------------------------------------------------------------------------

PlaceInquiry RandomCommands::Place() {
  PlaceInquiry place;
  place.inquiry = AnyInquiry();
  if (IsOpen(place.inquiry) && dice_.Chance(90)) place.inquiry = AnyInquiry();
  if (dice_.Chance(35)) place.conversation = Labelled<ConversationId>("c", 6);
  if (dice_.Chance(30)) {  // a customer who writes again
    for (const InquiryState& i : state_.inquiries) {
      const bool listens = i.answered || i.stage == Stage::kPending;
      if (!i.conversation.none() && dice_.Chance(listens ? 50 : 15)) {
        place.conversation = i.conversation;
      }
    }
  }
  if (dice_.Chance(80)) place.customer = Labelled<CustomerId>("u", 6);
  place.message = Labelled<MessageId>("m", 100);
  place.features = AnyFeatures();
  if (dice_.Chance(40)) place.queue = AnyQueue();
  if (dice_.Chance(25)) {
    place.priority = static_cast<std::uint8_t>(dice_.Below(dice_.Chance(5) ? 11 : 10));
  }
  if (dice_.Chance(mood_.wishes)) AddWishes(place);
  return place;
}

Features RandomCommands::AnyFeatures() {
  Features features;
  features.channel = ChannelName::Of(dice_.Chance(3) ? "fax" : dice_.Pick(kChannelNames));
  constexpr const char* kLanguages[] = {"", "uk", "uk", "ru"};
  features.language = LanguageName::Of(dice_.Pick(kLanguages));
  constexpr const char* kTopics[] = {"", "refund", "order", "other"};
  features.topic = TopicName::Of(dice_.Pick(kTopics));
  features.sentiment = static_cast<Sentiment>(dice_.Below(4));
  if (dice_.Chance(20)) features.tier = TierName::Of("gold");
  if (dice_.Chance(30)) features.order = Labelled<OrderId>("o", 6);
  if (dice_.Chance(20)) features.order_status = OrderStatusName::Of(dice_.Pick(kStatusNames));
  features.on_site = dice_.Chance(20);
  if (dice_.Chance(30)) features.value = static_cast<std::int64_t>(dice_.Below(200)) - 50;
  if (dice_.Chance(1)) features.value = INT64_MIN;
  return features;
}

void RandomCommands::AddWishes(PlaceInquiry& place) {
  if (dice_.Chance(25)) place.starts_at = state_.now + dice_.Pick(kSpans);
  if (dice_.Chance(2)) place.starts_at = kNever;
  if (dice_.Chance(25)) place.arrived_at = state_.now - dice_.Pick(kSpans);
  if (dice_.Chance(1)) place.arrived_at = Instant::min();
  if (dice_.Chance(50)) {
    for (std::uint64_t left = 1 + dice_.Below(3); left > 0; --left) {
      place.preferred.push_back(AnyAgent());
    }
    if (dice_.Chance(2)) place.preferred.resize(9, AnyAgent());
  }
  if (dice_.Chance(60)) place.prefer_for = dice_.Pick(kLengths);
  if (dice_.Chance(2)) place.prefer_for = -1s;
  if (dice_.Chance(40)) place.exclude = Exclusions();
}

std::vector<AskedExclusion> RandomCommands::Exclusions() {
  std::vector<AskedExclusion> exclusions;
  for (std::uint64_t left = 1 + dice_.Below(2); left > 0; --left) {
    const AgentName agent = dice_.Chance(3) ? AgentName() : AnyAgent();
    exclusions.push_back({agent, dice_.Chance(3) ? Duration(-1) : dice_.Pick(kLengths)});
  }
  if (dice_.Chance(2)) exclusions.resize(17);
  return exclusions;
}

CommandBody RandomCommands::OnInquiry() {
  const std::uint64_t kind = dice_.Below(23);
  if (kind >= 20) return Afterwards();
  if (kind < 4) return CancelInquiry{AnyOpen(), static_cast<CancelReason>(1 + dice_.Below(4))};
  if (kind < 7) return AbandonInquiry{AnyOpen()};
  if (kind < 10) {
    UpdateOrder update;
    if (!dice_.Chance(3)) update.order = Labelled<OrderId>("o", 6);
    update.status = OrderStatusName::Of(dice_.Pick(kStatusNames));
    return update;
  }
  if (kind < 13) {
    ScheduleInquiry schedule;
    schedule.inquiry = AnyAt(Stage::kScheduled);
    schedule.at = dice_.Chance(20) ? state_.now - 1s : state_.now + dice_.Pick(kSpans);
    return schedule;
  }
  UpdateInquiry update;
  update.inquiry = AnyOpen();
  if (dice_.Chance(30)) {
    update.priority = static_cast<std::uint8_t>(dice_.Below(dice_.Chance(5) ? 11 : 10));
  }
  if (dice_.Chance(50)) update.sentiment = static_cast<Sentiment>(dice_.Below(4));
  if (dice_.Chance(50)) update.on_site = dice_.Chance(50);
  if (dice_.Chance(50)) update.value = static_cast<std::int64_t>(dice_.Below(200)) - 50;
  if (dice_.Chance(35)) update.exclude = Exclusions();
  return update;
}

// A review or a rating: of any inquiry, open, ended or never seen.
CommandBody RandomCommands::Afterwards() {
  const InquiryId inquiry = dice_.Chance(2) ? InquiryId() : AnyInquiry();
  if (dice_.Chance(50)) return RateInquiry{inquiry, static_cast<std::uint8_t>(dice_.Below(7))};
  ReviewInquiry review{inquiry, AnyAgent(), AnyAgent(), {}};
  if (dice_.Chance(5)) (dice_.Chance(50) ? review.agent : review.reviewer) = AgentName();
  for (const char* criterion : kCriterionNames) {
    if (!dice_.Chance(40)) continue;
    review.marks.push_back({CriterionName::Of(criterion),
                            static_cast<std::uint8_t>(dice_.Below(dice_.Chance(5) ? 102 : 101))});
  }
  if (!review.marks.empty() && dice_.Chance(5)) review.marks.push_back(review.marks.front());
  if (dice_.Chance(2)) review.marks.resize(17);
  return review;
}

// --- Work
// -----------------------------------------------------------------------------------------

// Mostly an open offer by its own agent; else one that may be stale, or another's.
Step RandomCommands::AnswerToOffer() {
  Step step;
  std::vector<const InquiryState*> offered;
  for (const InquiryState& i : state_.inquiries) {
    if (!i.offers.empty()) offered.push_back(&i);
  }
  if (offered.empty() && dice_.Chance(90)) {
    step.command.body = Place();
    return step;
  }
  AgentName agent = AnyAgent();
  if (!offered.empty() && dice_.Chance(90)) {
    const InquiryState& i = *dice_.Pick(offered);
    step.offer_of = i.inquiry;
    if (dice_.Chance(95)) agent = dice_.Pick(i.offers).agent;
  } else {
    step.offer_of = AnyInquiry();
  }
  if (dice_.Chance(70)) {
    step.command.body = AcceptOffer{{}, agent};
  } else {
    step.command.body = DeclineOffer{{}, agent, static_cast<DeclineReason>(1 + dice_.Below(5))};
  }
  return step;
}

Step RandomCommands::StaleAnswer() {
  Step step;
  const OfferId offer{dice_.Below(state_.last_offer + 2)};
  step.command.body = AcceptOffer{offer, AnyAgent()};
  return step;
}

CommandBody RandomCommands::Work() {
  InquiryId inquiry = AnyInquiry();
  AgentName agent = AnyAgent();
  std::vector<const InquiryState*> owned;
  for (const InquiryState& i : state_.inquiries) {
    if (!i.agent.none()) owned.push_back(&i);
  }
  if (owned.empty() && dice_.Chance(90)) return Place();
  const bool any = !owned.empty() && dice_.Chance(95);
  const InquiryState* i = any ? dice_.Pick(owned) : nullptr;
  if (i != nullptr) {
    inquiry = i->inquiry;
    if (dice_.Chance(95)) agent = i->agent;
  }
  const std::uint64_t kind = dice_.Below(20);
  if (kind < 7) return Replied(inquiry, agent);
  if (kind < 13) return FinishInquiry{inquiry, agent};
  if (kind < 15 || (kind < 18 && i != nullptr && i->stage == Stage::kPending)) {
    return ResumeInquiry{inquiry, agent};
  }
  if (kind < 18) {
    PauseInquiry pause{inquiry, agent, kNever};
    if (dice_.Chance(60)) pause.until = state_.now + dice_.Pick(kSpans);
    if (dice_.Chance(5)) pause.until = state_.now - 1s;
    return pause;
  }
  TransferInquiry transfer{inquiry, agent, {}, {}};
  if (dice_.Chance(50)) transfer.queue = AnyQueue();
  if (dice_.Chance(50)) transfer.to = AnyAgent();
  return transfer;
}

CommandBody RandomCommands::Replied(const InquiryId& inquiry, const AgentName& agent) {
  RecordReply reply{inquiry, agent, {}};
  if (dice_.Chance(20)) reply.channel = ChannelName::Of(dice_.Pick(kChannelNames));
  if (dice_.Chance(20)) {  // elsewhere
    reply.conversation = Labelled<ConversationId>("c", 6);
    for (const InquiryState& i : state_.inquiries) {
      if (!i.conversation.none() && dice_.Chance(20)) reply.conversation = i.conversation;
    }
    reply.inquiry = InquiryId();
    if (dice_.Chance(60)) reply.agent = dice_.Chance(50) ? AgentName() : AnyAgent();
  }
  return reply;
}

CommandBody RandomCommands::OfSupervisor() {
  std::vector<AgentName> takers;
  std::vector<AgentName> supervisors;
  for (const AgentState& a : state_.agents) {
    if (a.may_take) takers.push_back(a.agent);
    if (a.supervisor) supervisors.push_back(a.agent);
  }
  const InquiryId inquiry = AnyAt(Stage::kWaiting);
  if (dice_.Chance(50)) {
    const bool may = !takers.empty() && dice_.Chance(95);
    return TakeInquiry{inquiry, may ? dice_.Pick(takers) : AnyAgent()};
  }
  AssignInquiry assign{inquiry, AnyRegistered(), {}};
  const bool may = !supervisors.empty() && dice_.Chance(95);
  assign.supervisor = may ? dice_.Pick(supervisors) : AnyAgent();
  return assign;
}

CommandBody RandomCommands::Question() {
  const std::uint64_t kind = dice_.Below(10);
  if (kind < 2) return ShowWork{AnyAgent()};
  if (kind < 5) return EstimateWait{AnyAt(Stage::kWaiting)};
  if (kind < 9) {
    for (const InquiryState& i : state_.inquiries) {
      if (i.reserved.set() && dice_.Chance(30)) return ExplainInquiry{i.inquiry};
    }
    return ExplainInquiry{dice_.Chance(80) ? AnyAt(Stage::kWaiting) : AnyOpen()};
  }
  return PreviewPolicy{NewPolicy()};
}

// --- Agents
// ---------------------------------------------------------------------------------------

CommandBody RandomCommands::OnAgent() {
  const AgentName agent = AnyAgent();
  const std::uint64_t kind = dice_.Below(20);
  if (kind < 8) return PresenceOf(agent, Presence::kAvailable);
  if (kind < 15) return PresenceOf(agent, static_cast<Presence>(dice_.Below(5)));
  if (kind < 18) return Agent(agent);
  return RemoveAgent{agent};
}

SetPresence RandomCommands::PresenceOf(const AgentName& agent, Presence presence) {
  SetPresence set{agent, presence, kNever};
  if (dice_.Chance(20)) set.shift_ends = state_.now + dice_.Pick(kSpans);
  if (dice_.Chance(1)) set.shift_ends = Instant::min();
  return set;
}

RegisterAgent RandomCommands::Agent(const AgentName& name) {
  RegisterAgent agent;
  agent.agent = dice_.Chance(99) ? name : AgentName();
  for (std::uint64_t skill = 0; skill < pools_.skills; ++skill) {
    if (dice_.Chance(45)) agent.skills.push_back({SkillOf(skill), dice_.Pick(kSomeLevels)});
  }
  if (dice_.Chance(10)) {  // out of order, and twice
    std::reverse(agent.skills.begin(), agent.skills.end());
    agent.skills.push_back({SkillOf(0), dice_.Pick(kSomeLevels)});
  }
  if (dice_.Chance(1)) agent.skills.push_back({SkillOf(0), 101});
  agent.units = static_cast<std::uint32_t>(1 + dice_.Below(dice_.Chance(50) ? 2 : 8));
  if (dice_.Chance(2)) agent.units = dice_.Chance(50) ? 0 : 1001;
  const auto limit = [&](const char* channel) {
    const auto most = static_cast<std::uint32_t>(dice_.Below(3));
    agent.limits.push_back({ChannelName::Of(channel), most});
  };
  if (dice_.Chance(20)) limit("chat");
  if (dice_.Chance(20)) limit("voice");
  if (dice_.Chance(5)) limit("chat");
  for (std::uint64_t left = dice_.Below(4); left > 0; --left) {
    agent.attributes.push_back(RandomAttribute(dice_));
  }
  agent.may_take = dice_.Chance(40);
  agent.supervisor = dice_.Chance(30);
  agent.bot = dice_.Chance(10);
  return agent;
}

// --- Sources, requests, names
// ---------------------------------------------------------------------

// Near the highest offset of a few partitions; now and then far beyond.
void RandomCommands::AddSource(Command& command) {
  command.source.topic = dice_.Chance(50) ? "orders" : "messages";
  command.source.partition = static_cast<std::int32_t>(dice_.Below(2));
  std::int64_t highest = 10;
  for (const SourceState& s : state_.sources) {
    if (s.topic == command.source.topic && s.partition == command.source.partition) {
      highest = s.highest;
    }
  }
  const std::int64_t step = static_cast<std::int64_t>(dice_.Below(20)) - 10;
  constexpr std::int64_t kFar[] = {64, 4095, 4096, 10'000, -64, -4095, -4096, -9000};
  command.source.offset =
      std::max<std::int64_t>(0, highest + (dice_.Chance(85) ? step : dice_.Pick(kFar)));
}

void RandomCommands::AddRequest(Command& command) {
  command.request = Labelled<RequestId>("k", 8);
  command.digest = 1 + dice_.Below(2);
}

bool RandomCommands::IsOpen(const InquiryId& inquiry) const {
  return std::any_of(state_.inquiries.begin(), state_.inquiries.end(),
                     [&](const InquiryState& i) { return i.inquiry == inquiry; });
}

InquiryId RandomCommands::AnyOpen() {
  const auto& open = state_.inquiries;
  return open.empty() || dice_.Chance(10) ? AnyInquiry() : dice_.Pick(open).inquiry;
}

InquiryId RandomCommands::AnyAt(Stage stage) {
  std::vector<InquiryId> there;
  for (const InquiryState& i : state_.inquiries) {
    if (i.stage == stage) there.push_back(i.inquiry);
  }
  return there.empty() || dice_.Chance(15) ? AnyOpen() : dice_.Pick(there);
}

AgentName RandomCommands::AnyAgent() {
  return AgentOf(dice_.Below(std::min(mood_.agents + 1, pools_.agents)));
}

AgentName RandomCommands::AnyRegistered() {
  const auto& agents = state_.agents;
  return agents.empty() || dice_.Chance(5) ? AnyAgent() : dice_.Pick(agents).agent;
}

QueueName RandomCommands::AnyQueue() {
  const auto& queues = state_.policy.queues;
  const bool known = !queues.empty() && dice_.Chance(95);
  return known ? dice_.Pick(queues).name : QueueName::Of("nowhere");
}

}  // namespace usher::kit
