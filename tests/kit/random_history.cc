#include "kit/random_history.h"

#include <algorithm>
#include <utility>

#include "kit/random_commands.h"
#include "kit/reference_engine.h"

namespace usher::kit {
namespace {

class HistoryMaker {
 public:
  HistoryMaker(const Dice& dice, std::size_t steps, const Pools& pools)
      : dice_(dice),
        steps_(steps),
        mood_(MakeMood(pools)),
        engine_(MakeLimits(pools)),
        commands_(dice_, pools, mood_, scenario_.labels, engine_.state()) {}

  Scenario Make() {
    if (dice_.Chance(20)) at_ = Instant(Duration(dice_.Below(1'000'000'000'000)));
    if (dice_.Chance(98)) {
      if (dice_.Chance(50)) Add(Tick());  // so that a calendar finds the time
      AddPolicy();
    }
    for (std::uint64_t a = 0; a < mood_.agents; ++a) {
      if (dice_.Chance(80)) Add(commands_.Agent(AgentOf(a)));
      if (dice_.Chance(80)) Add(commands_.PresenceOf(AgentOf(a), Presence::kAvailable));
    }
    while (scenario_.steps.size() < steps_ && !dice_.done()) {
      PassTime();
      AddOne();
    }
    return std::move(scenario_);
  }

 private:
  Mood MakeMood(const Pools& pools) {
    Mood mood;
    mood.inquiries = 4 + dice_.Below(pools.inquiries);
    mood.agents = 1 + dice_.Below(pools.agents);
    mood.placing = 10 + dice_.Below(40);
    mood.working = 10 + dice_.Below(40);
    mood.hurry = dice_.Below(70);
    mood.wishes = dice_.Below(50);
    return mood;
  }

  Limits MakeLimits(const Pools& pools) {
    Limits& l = scenario_.limits;
    const auto narrow = [&](std::uint64_t percent, std::uint32_t& limit, std::uint64_t least,
                            std::uint64_t range) {
      if (dice_.Chance(percent)) limit = static_cast<std::uint32_t>(least + dice_.Below(range));
    };
    narrow(20, l.inquiries_max, 1, 20);
    narrow(10, l.agents_max, 1, 4);
    narrow(10, l.names_max, 1, 5);
    narrow(30, l.exclusions_max, 0, 4);
    narrow(20, l.preferred_max, 0, 4);
    narrow(30, l.memories_max, 0, 4);
    narrow(20, l.handlings_max, 0, 4);
    narrow(30, l.candidates_max, 0, 5);
    narrow(50, l.requests_max, 1, 4);
    narrow(50, l.sources_max, 1, 4);
    narrow(10, l.skills_per_agent_max, 2, 1);
    narrow(10, l.attributes_per_agent_max, 1, 2);
    narrow(10, l.queues_max, 1, pools.queues);
    narrow(3, l.steps_max, 0, 3);
    narrow(3, l.clauses_max, 0, 4);
    narrow(3, l.score_steps_max, 0, 4);
    narrow(3, l.offers_max, 1, 3);
    narrow(3, l.borrow_max, 0, 2);
    narrow(3, l.calendars_max, 0, 2);
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

  void Jump(Duration far) {
    at_ = engine_.now() + std::min(far, ShortReach(engine_.state(), scenario_.limits));
  }

  void AddOne() {
    if (!engine_.state().has_policy && dice_.Chance(20)) return AddPolicy();
    const std::uint64_t weights[] = {
        mood_.placing, mood_.working, mood_.working, 12, 6, 8, 5, 4, 1, 2};
    std::uint64_t sum = 0;
    for (const std::uint64_t weight : weights) sum += weight;
    std::uint64_t roll = dice_.Below(sum);
    std::size_t kind = 0;
    while (roll >= weights[kind]) roll -= weights[kind++];
    switch (kind) {
      case 0:
        return Add(commands_.Place());
      case 1:
        return AddStep(commands_.AnswerToOffer());
      case 2:
        return Add(commands_.Work());
      case 3:
        return Add(commands_.OnAgent());
      case 4:
        return Add(Tick());
      case 5:
        return Add(commands_.OnInquiry());
      case 6:
        return Add(commands_.OfSupervisor());
      case 7:
        return Add(commands_.Question());
      case 8:
        return AddPolicy();
      default:
        return AddRare();
    }
  }

  void AddPolicy() { Add(ApplyPolicy{commands_.NewPolicy(), dice_.Chance(30)}); }

  void AddRare() {
    if (dice_.Chance(60)) {
      Step restore;
      restore.restore = true;
      restore.command.at = at_;
      scenario_.steps.push_back(restore);
    } else if (dice_.Chance(50)) {
      Add(Checkpoint());
    } else {
      AddStep(commands_.StaleAnswer());
    }
  }

  void Add(CommandBody body) {
    Step step;
    step.command.body = std::move(body);
    AddStep(std::move(step));
  }

  void AddStep(Step step) {
    step.command.at = at_;
    if (dice_.Chance(5)) commands_.AddSource(step.command);
    if (dice_.Chance(5)) commands_.AddRequest(step.command);
    DecisionList decisions;
    engine_.Apply(offers_.Resolve(step), decisions);
    offers_.Note(decisions);
    scenario_.steps.push_back(std::move(step));
  }

  Dice dice_;
  std::size_t steps_;
  Scenario scenario_;
  Mood mood_;
  ReferenceEngine engine_;
  RandomCommands commands_;
  OfferBook offers_;
  Instant at_;
};

}  // namespace

Duration ShortReach(const DeskState& desk, const Limits& limits) {
  Duration reach = 1000h;
  // With fewer exclusions than agents each one is forgotten before its cool-down is over.
  const bool forgets = limits.exclusions_max < desk.agents.size();
  const Duration cooldown = std::min<Duration>(desk.policy.decline_cooldown, 30h);
  const Duration pause = forgets ? Duration(0) : cooldown;
  for (const Queue& queue : desk.policy.queues) {
    if (!queue.auto_accept && queue.offer_window <= 1h) {
      reach = std::min(reach, 10 * (queue.offer_window + pause));
    }
    if (queue.auto_accept && queue.answer_within > Duration(0)) {
      reach = std::min(reach, 10 * (queue.answer_within + pause));
    }
  }
  return reach;
}

Scenario RandomHistory(std::uint64_t seed, std::size_t steps, const Pools& pools) {
  return HistoryOf(Dice(seed), steps, pools);
}

Scenario HistoryOf(const Dice& dice, std::size_t steps, const Pools& pools) {
  return HistoryMaker(dice, steps, pools).Make();
}

}  // namespace usher::kit
