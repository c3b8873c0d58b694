#include "kit/random_history.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

constexpr std::uint8_t kLevels[] = {0, 10, 10, 50, 90, 100};

// What differs from one history to the next, so that full desks, idle desks and narrow bounds all
// come up.
struct Mood {
  std::uint64_t inquiries;  // how many names inquiries share
  std::uint64_t agents;
  std::uint64_t placing;  // weight of new inquiries
  std::uint64_t working;  // weight of accept, reply, done
  std::uint64_t hurry;    // percent of commands at the very same time as the one before
};

class HistoryMaker {
 public:
  HistoryMaker(std::uint64_t seed, std::size_t steps, const Pools& pools)
      : dice_(seed), steps_(steps), pools_(pools), engine_(MakeLimits()) {
    mood_.inquiries = 4 + dice_.Below(pools.inquiries);
    mood_.agents = 1 + dice_.Below(pools.agents);
    mood_.placing = 10 + dice_.Below(40);
    mood_.working = 10 + dice_.Below(40);
    mood_.hurry = dice_.Below(70);
  }

  Scenario Make() {
    if (dice_.Chance(10)) at_ = Instant(Duration(dice_.Below(1'000'000'000'000)));
    if (dice_.Chance(98)) Add(ApplyPolicy{RandomPolicy(dice_, pools_)});
    for (std::uint64_t a = 0; a < mood_.agents; ++a) {
      if (dice_.Chance(80)) Add(MakeAgent(Agent(a)));
      if (dice_.Chance(80)) Add(SetPresence{Agent(a), Presence::kAvailable});
    }
    while (scenario_.steps.size() < steps_) {
      PassTime();
      AddOne();
    }
    return std::move(scenario_);
  }

 private:
  Limits MakeLimits() {
    Limits& l = scenario_.limits;
    if (dice_.Chance(20)) l.inquiries_max = static_cast<std::uint32_t>(1 + dice_.Below(20));
    if (dice_.Chance(10)) l.agents_max = static_cast<std::uint32_t>(1 + dice_.Below(4));
    if (dice_.Chance(10)) l.names_max = static_cast<std::uint32_t>(1 + dice_.Below(5));
    if (dice_.Chance(30)) l.exclusions_max = static_cast<std::uint32_t>(dice_.Below(4));
    if (dice_.Chance(50)) l.requests_max = static_cast<std::uint32_t>(1 + dice_.Below(4));
    if (dice_.Chance(50)) l.sources_max = static_cast<std::uint32_t>(1 + dice_.Below(4));
    if (dice_.Chance(10)) l.skills_per_agent_max = 2;
    if (dice_.Chance(10)) l.queues_max = static_cast<std::uint32_t>(1 + dice_.Below(pools_.queues));
    if (dice_.Chance(20)) l.jump_max = 1h;
    return l;
  }

  void PassTime() {
    at_ = std::min(at_, engine_.now());  // what was capped is not owed
    if (dice_.Chance(mood_.hurry)) return;
    const std::uint64_t kind = dice_.Below(100);
    if (kind < 60) {
      Jump(std::chrono::seconds(1 + dice_.Below(5)));
    } else if (kind < 75) {
      Jump(std::chrono::seconds(5 + dice_.Below(60)));
    } else if (kind < 85) {  // right at the next timer, or just before or after
      const Instant next = engine_.next_timer();
      if (next < Instant(1'000'000h)) at_ = next + Duration(dice_.Below(3)) - 1us;
    } else if (kind < 88) {
      at_ += Duration(1);
    } else if (kind < 93) {
      at_ -= std::chrono::seconds(dice_.Below(30));
    } else if (kind < 97) {
      Jump(10min);
    } else if (kind < 99) {
      Jump(2h);
    } else {
      Jump(30h);  // lies beyond what one command may move
    }
  }

  // No farther than some rounds of offers: where a window and a cool-down are short, each moment
  // has many.
  void Jump(Duration far) {
    const DeskState& desk = engine_.state();
    // With fewer exclusions than agents each one is forgotten before its cool-down is over.
    const bool forgets = scenario_.limits.exclusions_max < desk.agents.size();
    const Duration pause = forgets ? Duration(0) : desk.policy.decline_cooldown;
    const auto bound = [&](bool auto_accept, Duration window) {
      if (!auto_accept && window <= 1h) far = std::min(far, 10 * (window + pause));
    };
    for (const Queue& queue : desk.policy.queues) bound(queue.auto_accept, queue.offer_window);
    for (const InquiryState& i : desk.inquiries) bound(i.auto_accept, i.offer_window);
    at_ = engine_.now() + far;
  }

  void AddOne() {
    if (!engine_.state().has_policy && dice_.Chance(20)) return AddPolicy();
    using Make = void (HistoryMaker::*)();
    const std::pair<std::uint64_t, Make> makers[] = {
        {mood_.placing, &HistoryMaker::AddPlace},
        {mood_.working, &HistoryMaker::AddAnswerToOffer},
        {mood_.working, &HistoryMaker::AddWork},
        {10, &HistoryMaker::AddAgentCommand},
        {6, &HistoryMaker::AddTick},
        {5, &HistoryMaker::AddEnd},
        {1, &HistoryMaker::AddPolicy},
        {2, &HistoryMaker::AddRare},
    };
    std::uint64_t sum = 0;
    for (const auto& maker : makers) sum += maker.first;
    std::uint64_t roll = dice_.Below(sum);
    for (const auto& [weight, make] : makers) {
      if (roll < weight) return (this->*make)();
      roll -= weight;
    }
  }

  void AddPlace() {
    PlaceInquiry place;
    place.inquiry = AnyInquiry();
    if (IsOpen(place.inquiry) && dice_.Chance(90)) place.inquiry = AnyInquiry();
    if (dice_.Chance(25)) place.conversation = Labelled<ConversationId>("c", 6);
    place.customer = Labelled<CustomerId>("u", 6);
    place.message = Labelled<MessageId>("m", 100);
    constexpr const char* kChannels[] = {"chat", "chat", "voice", "email"};
    place.features.channel = ChannelName::Of(dice_.Chance(3) ? "fax" : dice_.Pick(kChannels));
    constexpr const char* kLanguages[] = {"", "uk", "uk", "ru"};
    place.features.language = LanguageName::Of(dice_.Pick(kLanguages));
    constexpr const char* kTopics[] = {"", "refund", "order"};
    place.features.topic = TopicName::Of(dice_.Pick(kTopics));
    place.features.sentiment = static_cast<Sentiment>(dice_.Below(4));
    if (dice_.Chance(20)) place.features.tier = TierName::Of("gold");
    if (dice_.Chance(20)) place.features.order = Labelled<OrderId>("o", 6);
    if (dice_.Chance(40)) {
      const auto& queues = engine_.state().policy.queues;
      const bool known = !queues.empty() && dice_.Chance(95);
      place.queue = known ? dice_.Pick(queues).name : QueueName::Of("nowhere");
    }
    if (dice_.Chance(25))
      place.priority = static_cast<std::uint8_t>(dice_.Below(dice_.Chance(5) ? 11 : 10));
    Add(place);
  }

  // Mostly an open offer by its own agent; else one that may be stale, or another's.
  void AddAnswerToOffer() {
    Step step;
    AgentName agent = AnyAgent();
    std::vector<const InquiryState*> offered;
    for (const InquiryState& i : engine_.state().inquiries) {
      if (i.offer) offered.push_back(&i);
    }
    if (offered.empty() && dice_.Chance(90)) return AddPlace();
    if (!offered.empty() && dice_.Chance(90)) {
      const InquiryState& i = *dice_.Pick(offered);
      step.offer_of = i.inquiry;
      if (dice_.Chance(95)) agent = i.offer->agent;
    } else {
      step.offer_of = AnyInquiry();
    }
    if (dice_.Chance(70)) {
      step.command.body = AcceptOffer{{}, agent};
    } else {
      step.command.body = DeclineOffer{{}, agent, static_cast<DeclineReason>(1 + dice_.Below(5))};
    }
    Add(std::move(step));
  }

  void AddWork() {
    InquiryId inquiry = AnyInquiry();
    AgentName agent = AnyAgent();
    std::vector<const InquiryState*> owned;
    for (const InquiryState& i : engine_.state().inquiries) {
      if (!i.agent.none()) owned.push_back(&i);
    }
    if (owned.empty() && dice_.Chance(90)) return AddPlace();
    if (!owned.empty() && dice_.Chance(95)) {
      const InquiryState& i = *dice_.Pick(owned);
      inquiry = i.inquiry;
      if (dice_.Chance(95)) agent = i.agent;
    }
    if (dice_.Chance(40)) {
      Add(RecordReply{inquiry, agent});
    } else {
      Add(FinishInquiry{inquiry, agent});
    }
  }

  void AddAgentCommand() {
    const AgentName agent = AnyAgent();
    const std::uint64_t kind = dice_.Below(20);
    if (kind < 8) {
      Add(SetPresence{agent, Presence::kAvailable});
    } else if (kind < 13) {
      Add(SetPresence{agent, static_cast<Presence>(dice_.Below(5))});
    } else if (kind < 16) {
      Add(MakeAgent(agent));
    } else if (kind < 18) {
      Add(ShowWork{agent});
    } else {
      Add(RemoveAgent{agent});
    }
  }

  void AddTick() { Add(Tick()); }

  void AddEnd() {
    const InquiryId inquiry = AnyOpen();
    if (dice_.Chance(50)) {
      Add(CancelInquiry{inquiry, static_cast<CancelReason>(1 + dice_.Below(4))});
    } else {
      Add(AbandonInquiry{inquiry});
    }
  }

  void AddPolicy() { Add(ApplyPolicy{RandomPolicy(dice_, pools_)}); }

  void AddRare() {
    if (dice_.Chance(60)) {
      Step restore;
      restore.restore = true;
      restore.command.at = at_;
      scenario_.steps.push_back(restore);
    } else if (dice_.Chance(50)) {
      Add(Checkpoint());
    } else {
      const OfferId offer{dice_.Below(engine_.state().last_offer + 2)};
      Add(AcceptOffer{offer, AnyAgent()});
    }
  }

  RegisterAgent MakeAgent(const AgentName& name) {
    RegisterAgent agent;
    agent.agent = dice_.Chance(99) ? name : AgentName();
    for (std::uint64_t skill = 0; skill < pools_.skills; ++skill) {
      if (dice_.Chance(45)) agent.skills.push_back({Skill(skill), dice_.Pick(kLevels)});
    }
    if (dice_.Chance(10)) {  // out of order, and twice
      std::reverse(agent.skills.begin(), agent.skills.end());
      agent.skills.push_back({Skill(0), dice_.Pick(kLevels)});
    }
    if (dice_.Chance(1)) agent.skills.push_back({Skill(0), 101});
    agent.units = static_cast<std::uint32_t>(1 + dice_.Below(dice_.Chance(50) ? 2 : 8));
    if (dice_.Chance(2)) agent.units = dice_.Chance(50) ? 0 : 1001;
    if (dice_.Chance(20)) agent.limits.push_back({ChannelName::Of("chat"), Small()});
    if (dice_.Chance(20)) agent.limits.push_back({ChannelName::Of("voice"), Small()});
    if (dice_.Chance(5)) agent.limits.push_back({ChannelName::Of("chat"), Small()});
    return agent;
  }

  void Add(CommandBody body) {
    Step step;
    step.command.body = std::move(body);
    Add(std::move(step));
  }

  void Add(Step step) {
    step.command.at = at_;
    if (dice_.Chance(5)) AddSource(step.command);
    if (dice_.Chance(5)) {
      step.command.request = Labelled<RequestId>("k", 8);
      step.command.digest = 1 + dice_.Below(2);
    }
    DecisionList decisions;
    engine_.Apply(offers_.Resolve(step), decisions);
    offers_.Note(decisions);
    scenario_.steps.push_back(std::move(step));
  }

  // Near the highest offset of a few partitions; now and then far beyond.
  void AddSource(Command& command) {
    command.source.topic = dice_.Chance(50) ? "orders" : "messages";
    command.source.partition = static_cast<std::int32_t>(dice_.Below(2));
    std::int64_t highest = 10;
    for (const SourceState& s : engine_.state().sources) {
      if (s.topic == command.source.topic && s.partition == command.source.partition) {
        highest = s.highest;
      }
    }
    const std::int64_t step = static_cast<std::int64_t>(dice_.Below(20)) - 10;
    constexpr std::int64_t kFar[] = {64, 4095, 4096, 10'000, -64, -4095, -4096, -9000};
    command.source.offset =
        std::max<std::int64_t>(0, highest + (dice_.Chance(85) ? step : dice_.Pick(kFar)));
  }

  std::uint32_t Small() { return static_cast<std::uint32_t>(dice_.Below(3)); }
  template <class IdType>
  IdType Labelled(const char* letter, std::uint64_t count) {
    return scenario_.labels.Make<IdType>(letter + std::to_string(dice_.Below(count)));
  }
  InquiryId AnyInquiry() { return Labelled<InquiryId>("i", mood_.inquiries); }
  bool IsOpen(const InquiryId& inquiry) const {
    const auto& open = engine_.state().inquiries;
    return std::any_of(open.begin(), open.end(),
                       [&](const InquiryState& i) { return i.inquiry == inquiry; });
  }
  InquiryId AnyOpen() {
    const auto& open = engine_.state().inquiries;
    return open.empty() || dice_.Chance(10) ? AnyInquiry() : dice_.Pick(open).inquiry;
  }
  AgentName AnyAgent() { return Agent(dice_.Below(std::min(mood_.agents + 1, pools_.agents))); }
  static AgentName Agent(std::uint64_t number) {
    return AgentName::Of("a" + std::to_string(number));
  }
  static SkillName Skill(std::uint64_t number) {
    return SkillName::Of("s" + std::to_string(number));
  }

  Dice dice_;
  std::size_t steps_;
  Pools pools_;
  Scenario scenario_;
  ReferenceEngine engine_;
  OfferBook offers_;
  Mood mood_;
  Instant at_;
};

// A step with one thing less, each in turn.
std::vector<Step> Plainer(const Step& step) {
  std::vector<Step> all;
  const auto add = [&](auto change) {
    Step plainer = step;
    change(plainer);
    if (!(plainer.command == step.command)) all.push_back(std::move(plainer));
  };
  add([](Step& s) { s.command.source = Source(); });
  add([](Step& s) { s.command.request = RequestId(), s.command.digest = 0; });
  if (std::holds_alternative<PlaceInquiry>(step.command.body)) {
    const auto place = [&](auto change) {
      add([&](Step& s) { change(std::get<PlaceInquiry>(s.command.body)); });
    };
    place([](PlaceInquiry& p) { p.features = {.channel = p.features.channel}; });
    place([](PlaceInquiry& p) { p.features.channel = ChannelName::Of("chat"); });
    place([](PlaceInquiry& p) { p.conversation = ConversationId(); });
    place([](PlaceInquiry& p) { p.customer = CustomerId(), p.message = MessageId(); });
    place([](PlaceInquiry& p) { p.queue = QueueName(); });
    place([](PlaceInquiry& p) { p.priority.reset(); });
  }
  if (const auto* agent = std::get_if<RegisterAgent>(&step.command.body)) {
    for (std::size_t i = 0; i < agent->skills.size(); ++i) {
      add([&](Step& s) {
        auto& skills = std::get<RegisterAgent>(s.command.body).skills;
        skills.erase(skills.begin() + static_cast<std::ptrdiff_t>(i));
      });
    }
    add([](Step& s) { std::get<RegisterAgent>(s.command.body).limits.clear(); });
    add([](Step& s) { std::get<RegisterAgent>(s.command.body).units = 1; });
  }
  if (const auto* apply = std::get_if<ApplyPolicy>(&step.command.body)) {
    const auto policy = [&](auto change) {
      add([&](Step& s) { change(std::get<ApplyPolicy>(s.command.body).policy); });
    };
    for (std::size_t i = 0; i < apply->policy.queues.size(); ++i) {
      policy([i](Policy& p) {
        const QueueName name = p.queues[i].name;
        std::erase_if(p.routes, [&](const Route& r) {
          return r.queue == name && r.name != RouteName::Of("otherwise");
        });
        p.queues.erase(p.queues.begin() + static_cast<std::ptrdiff_t>(i));
      });
      policy([i](Policy& p) { p.queues[i].needs.clear(); });
      policy([i](Policy& p) { p.queues[i].sla = SlaName(); });
      policy([i](Policy& p) { p.queues[i].wrap_up = 0s, p.queues[i].max_waiting = 0; });
      policy([i](Policy& p) { p.queues[i].auto_accept = false, p.queues[i].offer_window = 20s; });
    }
    policy([](Policy& p) { p.routes.erase(p.routes.begin(), p.routes.end() - !p.routes.empty()); });
    policy([](Policy& p) {
      p.decline_cooldown = 60s, p.missed_offers_max = 3, p.late_share_permille = 100;
    });
  }
  return all;
}

}  // namespace

std::uint64_t Dice::Next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

Scenario RandomHistory(std::uint64_t seed, std::size_t steps, const Pools& pools) {
  return HistoryMaker(seed, steps, pools).Make();
}

std::vector<std::function<Scenario()>> Simpler(const Scenario& scenario) {
  // Shared, since each of the many functions needs the whole of it.
  const auto whole = std::make_shared<const Scenario>(scenario);
  std::vector<std::function<Scenario()>> all;
  const std::size_t size = scenario.steps.size();
  for (std::size_t chunk = size / 2; chunk > 0; chunk /= 2) {
    for (std::size_t from = 0; from + chunk <= size; from += chunk) {
      all.push_back([whole, from, chunk] {
        Scenario shorter = *whole;
        const auto begin = shorter.steps.begin() + static_cast<std::ptrdiff_t>(from);
        shorter.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(chunk));
        return shorter;
      });
    }
  }
  if (size > 40) return all;  // plainer steps only once few are left
  for (std::size_t i = 0; i < size; ++i) {
    for (Step& step : Plainer(scenario.steps[i])) {
      all.push_back([whole, i, step = std::move(step)] {
        Scenario plainer = *whole;
        plainer.steps[i] = step;
        return plainer;
      });
    }
  }
  return all;
}

}  // namespace usher::kit
