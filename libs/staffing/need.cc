#include "staffing/need.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "staffing/erlang.h"

namespace usher::staffing {
namespace {

constexpr int kLevelMax = 100;

double Seconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

std::set<SkillName> SkillsIn(const Requirement& requirement) {
  std::set<SkillName> skills;
  for (const Need& need : requirement.needs) skills.insert(need.skill);
  for (const Clause& clause : requirement.who) {
    if (clause.op == ClauseOp::kSkill) skills.insert(clause.skill.skill);
  }
  return skills;
}

std::uint32_t UnitsOf(const Policy& policy, const ChannelName& channel) {
  for (const Channel& known : policy.channels) {
    if (known.name == channel) return std::max<std::uint32_t>(known.units, 1);
  }
  return 1;
}

// Queues that share one line of agents, and what comes to them.
class Pool {
 public:
  Pool(std::string name, const Policy& policy) : policy_(policy) { need_.name = std::move(name); }

  void Add(const Queue& queue) { targets_[queue.name] = Seconds(TargetOf(policy_, queue)); }
  bool empty() const { return targets_.empty(); }

  PoolNeed Finish(const Week& week, const std::vector<const Crew*>& able, double wanted) {
    for (int hour = 0; hour < kHoursOfWeek; ++hour) {
      need_.hours[hour] = Of(week, able, hour, wanted);
    }
    return need_;
  }

 private:
  HourNeed Of(const Week& week, const std::vector<const Crew*>& able, int hour, double wanted) {
    HourNeed need;
    double work = 0;
    double units = 0;
    double leaving = 0;  // the patient wait for ever: rates add up
    std::map<double, double> by_target;
    for (const KindWeek& kind : week.kinds) {
      const auto target = targets_.find(kind.kind.queue);
      const double arrivals = kind.arrivals[hour];
      if (target == targets_.end() || arrivals <= 0) continue;
      need.arrivals += arrivals;
      work += arrivals * kind.handling_s;
      units += arrivals * kind.handling_s * UnitsOf(policy_, kind.kind.channel);
      if (kind.patience_s > 0) leaving += arrivals / kind.patience_s;
      by_target[target->second] += arrivals;
    }
    double capacity = 0;
    for (const Crew* crew : able) {
      need.present += crew->present[hour];
      capacity += crew->present[hour] * crew->units;
    }
    if (need.arrivals <= 0 || work <= 0) {
      need.without = need.with = 0;
      return need;
    }
    need.handling_s = work / need.arrivals;
    need.patience_s = leaving > 0 ? need.arrivals / leaving : 0;

    // One agent serves as many at once as the units allow.
    const double each = units / work;
    const double agent = need.present > 0 ? capacity / need.present : TypicalUnits(able, each);
    const double at_once = std::max(1.0, std::floor(agent / each));
    std::vector<Part> parts;
    for (const auto& [target, arrivals] : by_target) {
      parts.push_back({arrivals / need.arrivals, target});
    }
    Load load{need.arrivals / 3600, need.handling_s, 0};
    const auto agents = [&](const Load& of) -> std::optional<int> {
      const std::optional<int> servers = ServersNeeded(of, parts, wanted);
      if (!servers) return std::nullopt;
      return static_cast<int>(std::ceil(*servers / at_once));
    };
    need.without = agents(load);
    load.patience = need.patience_s;
    if (load.patience > 0) need.with = agents(load);
    need.answered_in_time = 0;
    const int servers = static_cast<int>(std::lround(need.present * at_once));
    for (const Part& part : parts) {
      need.answered_in_time += part.share * AnsweredWithin(load, servers, part.target);
    }
    return need;
  }

  static double TypicalUnits(const std::vector<const Crew*>& able, double each) {
    double units = each;
    for (const Crew* crew : able) units = std::max(units, static_cast<double>(crew->units));
    return units;
  }

  const Policy& policy_;
  std::map<QueueName, double> targets_;
  PoolNeed need_;
};

// Nobody without the skill may take from the queue, whatever else they can do and are.
bool Indispensable(const SkillName& skill, const Requirement& requirement,
                   const Profile& everything) {
  Profile without = everything;
  std::erase_if(without.skills, [&](const Need& held) { return held.skill == skill; });
  return MayTake(requirement, everything) && !MayTake(requirement, without);
}

// All skills and attributes that the policy's queues speak of.
Profile Everything(const Policy& policy) {
  std::set<SkillName> skills;
  std::set<Attribute> attributes;
  for (const Queue& queue : policy.queues) {
    skills.merge(SkillsIn(queue.requirement));
    for (const Clause& clause : queue.requirement.who) {
      if (clause.op == ClauseOp::kAttribute) attributes.insert(clause.attribute);
    }
  }
  Profile profile;
  for (const SkillName& skill : skills) profile.skills.push_back({skill, kLevelMax});
  profile.attributes.assign(attributes.begin(), attributes.end());
  return profile;
}

}  // namespace

bool MayTake(const Requirement& requirement, const Profile& profile) {
  for (const Need& need : requirement.needs) {
    const std::optional<std::uint8_t> level = LevelOf(profile, need.skill);
    if (!level || *level < need.level) return false;
  }
  return Holds(requirement.who, profile);
}

Duration TargetOf(const Policy& policy, const Queue& queue) {
  for (const SlaClass& sla : policy.sla_classes) {
    if (sla.name == queue.sla) return sla.first_response;
  }
  return Duration(0);
}

Needs Compute(const Week& week, const Policy& policy, double wanted) {
  Needs needs;
  for (const Queue& queue : policy.queues) {
    if (TargetOf(policy, queue) == Duration(0)) continue;
    Pool pool(queue.name.ToString(), policy);
    pool.Add(queue);
    std::vector<const Crew*> able;
    for (const Crew& crew : week.crews) {
      if (MayTake(queue.requirement, crew.profile)) able.push_back(&crew);
    }
    needs.queues.push_back(pool.Finish(week, able, wanted));
  }
  const Profile everything = Everything(policy);
  for (const Need& skill : everything.skills) {
    Pool pool(skill.skill.ToString(), policy);
    for (const Queue& queue : policy.queues) {
      if (TargetOf(policy, queue) > Duration(0) &&
          Indispensable(skill.skill, queue.requirement, everything)) {
        pool.Add(queue);
      }
    }
    if (pool.empty()) continue;
    std::vector<const Crew*> able;
    for (const Crew& crew : week.crews) {
      if (LevelOf(crew.profile, skill.skill)) able.push_back(&crew);
    }
    needs.skills.push_back(pool.Finish(week, able, wanted));
  }
  return needs;
}

}  // namespace usher::staffing
