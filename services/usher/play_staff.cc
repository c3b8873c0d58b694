#include "usher/play_staff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "model/moods.h"
#include "usher/play_dice.h"

namespace usher::play {
namespace {

constexpr double kPeak = 1.30;      // of the mean hour: staff is there for the peak
constexpr double kOccupancy = 0.4;  // more, and chance alone makes queues
constexpr std::size_t kHandsLeast = 2;
constexpr int kQueuesMost = 6;  // that a generalist begins with: nobody speaks all languages
constexpr std::uint8_t kLevelLeast = 60;
constexpr std::uint8_t kLevelMost = 100;
constexpr std::size_t kQueueNameMax = 32;

template <class Name>
bool Holds(const std::vector<Name>& list, std::string_view name) {
  return list.empty() ||
         std::any_of(list.begin(), list.end(), [&](const Name& n) { return n.view() == name; });
}

Sentiment MoodOf(const std::string& sentiment) {
  const Sentiment mood = MoodNamed(sentiment);
  return mood == Sentiment::kUnknown ? Sentiment::kNeutral : mood;
}

using Skills = std::map<SkillName, std::uint8_t>;  // with the least level that is needed

struct Part {
  const Queue* queue = nullptr;
  double hands = 0;  // how many agents its load keeps busy at the peak
};

Skills SkillsOf(const Queue& queue) {
  Skills skills;
  for (const Need& need : queue.requirement.needs) skills[need.skill] = need.level;
  return skills;
}

void Learn(const Queue& queue, Skills& skills) {
  for (const Need& need : queue.requirement.needs) {
    std::uint8_t& level = skills[need.skill];
    level = std::max(level, need.level);
  }
}

bool Serves(const Skills& skills, const Queue& queue) {
  return std::all_of(queue.requirement.needs.begin(), queue.requirement.needs.end(),
                     [&](const Need& need) {
                       const auto found = skills.find(need.skill);
                       return found != skills.end() && found->second >= need.level;
                     });
}

// How many skills of `queue` are there already: who knows most of it learns it first.
std::size_t Shared(const Skills& skills, const Queue& queue) {
  return static_cast<std::size_t>(
      std::count_if(queue.requirement.needs.begin(), queue.requirement.needs.end(),
                    [&](const Need& need) { return skills.count(need.skill) > 0; }));
}

struct Draft {
  std::string label;
  Skills skills;
};

std::uint32_t UnitsOf(const Policy& policy) {
  std::uint32_t most = 1;
  for (const Channel& channel : policy.channels) most = std::max(most, channel.units);
  return most;
}

std::uint32_t UnitsOf(const Policy& policy, std::string_view name) {
  for (const Channel& channel : policy.channels) {
    if (channel.name.view() == name) return channel.units;
  }
  return 1;
}

// The load that the plan gives to each queue, in the order of the policy.
std::vector<Part> LoadOf(const Policy& policy, const DayPlan& plan,
                         const std::vector<Sample>& samples, std::uint32_t desk) {
  std::map<const Queue*, double> seconds;
  const double units = UnitsOf(policy);
  for (const PlannedConversation& conversation : plan.conversations) {
    if (conversation.desk != desk) continue;
    const Queue* queue = QueueFor(policy, conversation, samples[conversation.sample]);
    if (queue == nullptr) continue;
    seconds[queue] += MannerOf(conversation.channel).handling_mean *
                      UnitsOf(policy, conversation.channel) / units;
  }
  const double day = std::chrono::duration<double>(plan.day).count();
  std::vector<Part> parts;
  for (const Queue& queue : policy.queues) {
    const auto found = seconds.find(&queue);
    const double load = found == seconds.end() ? 0 : found->second / day;
    parts.push_back({&queue, load * kPeak / kOccupancy});
  }
  return parts;
}

// Generalists for the parts of agents that specialists leave: each begins with the largest part
// left and learns the queues nearest to what it knows until it is full.
void HireGeneralists(std::vector<Part> parts, std::vector<Draft>& drafts) {
  while (drafts.size() < kStaffMax) {
    const auto largest = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.hands < b.hands; });
    if (largest == parts.end() || largest->hands <= 0) return;
    Draft draft{"all-round", SkillsOf(*largest->queue)};
    double left = 1.0 - largest->hands;
    largest->hands = 0;
    for (int queues = 1; left > 0 && queues < kQueuesMost; ++queues) {
      Part* nearest = nullptr;
      for (Part& part : parts) {
        if (part.hands <= 0 ||
            draft.skills.size() + part.queue->requirement.needs.size() > kSkillsMax)
          continue;
        if (nearest == nullptr ||
            Shared(draft.skills, *part.queue) > Shared(draft.skills, *nearest->queue)) {
          nearest = &part;
        }
      }
      if (nearest == nullptr) break;
      Learn(*nearest->queue, draft.skills);
      const double taken = std::min(left, nearest->hands);
      nearest->hands -= taken;
      left -= taken;
    }
    drafts.push_back(std::move(draft));
  }
}

// One who declined is not asked again for a while, so a queue needs another; and what is understood
// differently than it was meant may fill a queue that the plan leaves empty.
void CoverTwice(const std::vector<Part>& parts, std::vector<Draft>& drafts) {
  for (const Part& part : parts) {
    std::size_t able = 0;
    for (const Draft& draft : drafts) able += Serves(draft.skills, *part.queue) ? 1 : 0;
    while (able < kHandsLeast) {
      Draft* nearest = nullptr;
      for (Draft& draft : drafts) {
        if (Serves(draft.skills, *part.queue) ||
            draft.skills.size() + part.queue->requirement.needs.size() > kSkillsMax) {
          continue;
        }
        if (nearest == nullptr ||
            Shared(draft.skills, *part.queue) > Shared(nearest->skills, *part.queue)) {
          nearest = &draft;
        }
      }
      if (nearest != nullptr) {
        Learn(*part.queue, nearest->skills);
      } else if (drafts.size() < kStaffMax) {
        drafts.push_back({"all-round", SkillsOf(*part.queue)});
      } else {
        return;
      }
      ++able;
    }
  }
}

}  // namespace

const Queue* QueueFor(const Policy& policy, const PlannedConversation& conversation,
                      const Sample& sample) {
  const Sentiment mood = MoodOf(sample.sentiment);
  for (const Route& route : policy.routes) {
    const bool in_mood =
        route.sentiments.empty() ||
        std::find(route.sentiments.begin(), route.sentiments.end(), mood) != route.sentiments.end();
    if (!in_mood || !Holds(route.channels, conversation.channel) ||
        !Holds(route.languages, sample.language) || !Holds(route.topics, sample.topic) ||
        !Holds(route.tiers, conversation.tier)) {
      continue;
    }
    for (const Queue& queue : policy.queues) {
      if (queue.name == route.queue) return &queue;
    }
  }
  return nullptr;
}

std::vector<Hand> MakeStaff(const Policy& policy, const DayPlan& plan,
                            const std::vector<Sample>& samples, std::uint32_t desk,
                            std::uint64_t seed) {
  std::vector<Part> parts = LoadOf(policy, plan, samples, desk);
  std::vector<Draft> drafts;
  for (Part& part : parts) {
    for (; part.hands >= 1 && drafts.size() < kStaffMax; part.hands -= 1) {
      drafts.push_back({part.queue->name.ToString(), SkillsOf(*part.queue)});
    }
  }
  HireGeneralists(parts, drafts);
  CoverTwice(parts, drafts);

  Dice dice(seed);
  std::vector<Hand> staff;
  std::map<std::string, int> count;
  for (const Draft& draft : drafts) {
    const int number = ++count[draft.label];
    std::string name = draft.label.substr(0, kQueueNameMax);
    name += number < 10 ? "-0" : "-";
    name += std::to_string(number);
    Hand hand{std::move(name), {}, UnitsOf(policy)};
    for (const auto& [skill, least] : draft.skills) {
      const std::uint8_t floor = std::max(least, kLevelLeast);
      const auto level = floor + dice.Below(kLevelMost - floor + 1u);
      hand.skills.push_back({skill, static_cast<std::uint8_t>(level)});
    }
    staff.push_back(std::move(hand));
  }
  return staff;
}

}  // namespace usher::play
