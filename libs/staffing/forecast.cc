#include "staffing/forecast.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace usher::staffing {
namespace {

constexpr std::uint64_t kLeftMin = 10;  // so many must have left for a mean patience

double Seconds(Duration time) { return static_cast<double>(time.count()) / 1e6; }

void Add(Came& sum, const Came& came) {
  sum.placed += came.placed;
  sum.handled += came.handled;
  sum.abandoned += came.abandoned;
  sum.handling += came.handling;
  sum.waited += came.waited;
}

// How often each hour of the week was seen.
std::array<double, kHoursOfWeek> TimesSeen(const History& history) {
  std::array<double, kHoursOfWeek> times{};
  for (LocalHour hour = history.from; hour < history.to; ++hour) {
    const auto part = history.seen.find(hour);
    times[HourOfWeek(hour)] += part == history.seen.end() ? 1 : Seconds(part->second) / 3600;
  }
  return times;
}

double Growth(const History& history) {
  const LocalHour weeks = (history.to - history.from) / kHoursOfWeek;
  if (weeks < 2) return 1;
  const LocalHour last = history.to - kHoursOfWeek;
  const LocalHour first = history.to - weeks * kHoursOfWeek;
  double lately = 0;
  double before = 0;
  for (const auto& [key, came] : history.came) {
    if (key.first < first || key.first >= history.to) continue;
    (key.first >= last ? lately : before) += static_cast<double>(came.placed);
  }
  before /= static_cast<double>(weeks - 1);
  if (before <= 0) return 1;
  return std::clamp(lately / before, kGrowthMin, kGrowthMax);
}

// What is known of times: of a kind, of its queue, of all.
class Times {
 public:
  explicit Times(const History& history) {
    for (const auto& [key, came] : history.came) {
      Add(kinds_[key.second], came);
      Add(queues_[key.second.queue], came);
      Add(all_, came);
    }
  }

  const std::map<Kind, Came>& kinds() const { return kinds_; }

  double Handling(const Kind& kind) const {
    const Came& own = kinds_.at(kind);
    const Came& queue = queues_.at(kind.queue);
    const Came& from = own.handled >= kOwnMeanMin     ? own
                       : queue.handled >= kOwnMeanMin ? queue
                                                      : all_;
    return from.handled == 0 ? 0 : Seconds(from.handling) / static_cast<double>(from.handled);
  }

  // Who was answered would have left later: the mean of an exponential law is all the waiting over
  // those who left.
  double Patience(const Kind& kind) const {
    const Came& queue = queues_.at(kind.queue);
    if (queue.abandoned < kLeftMin) return 0;
    return Seconds(queue.waited) / static_cast<double>(queue.abandoned);
  }

 private:
  std::map<Kind, Came> kinds_;
  std::map<QueueName, Came> queues_;
  Came all_;
};

std::vector<Crew> Crews(const History& history, const std::array<double, kHoursOfWeek>& times) {
  std::map<std::tuple<Profile, std::uint32_t>, Crew> crews;
  for (const Member& member : history.members) {
    Crew& crew = crews[{member.profile, member.units}];
    crew.profile = member.profile;
    crew.units = member.units;
    for (const auto& [hour, present] : member.present) {
      if (hour < history.from || hour >= history.to) continue;
      const int of_week = HourOfWeek(hour);
      crew.present[of_week] += Seconds(present) / 3600 / times[of_week];
    }
  }
  std::vector<Crew> list;
  for (auto& [key, crew] : crews) list.push_back(std::move(crew));
  return list;
}

}  // namespace

Week Expect(const History& history) {
  const std::array<double, kHoursOfWeek> seen = TimesSeen(history);
  const Times times(history);
  Week week;
  week.growth = Growth(history);
  std::map<Kind, std::size_t> places;
  for (const auto& [kind, came] : times.kinds()) {
    places[kind] = week.kinds.size();
    week.kinds.push_back({kind, {}, times.Handling(kind), times.Patience(kind)});
  }
  for (const auto& [key, came] : history.came) {
    const auto& [hour, kind] = key;
    if (hour < history.from || hour >= history.to) continue;
    const int of_week = HourOfWeek(hour);
    week.kinds[places.at(kind)].arrivals[of_week] +=
        static_cast<double>(came.placed) * week.growth / seen[of_week];
  }
  week.crews = Crews(history, seen);
  return week;
}

}  // namespace usher::staffing
