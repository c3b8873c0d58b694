#include "staffing/scenario.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace usher::staffing {
namespace {

constexpr double kHandlingScv = 1.2;
constexpr double kDayCv = 0.1;
constexpr double kHourUs = 3600e6;

Duration FromSeconds(double seconds) {
  return Duration(static_cast<Duration::rep>(std::llround(seconds * 1e6)));
}

// The clocks always count and the queues are always open.
Policy WithoutHours(Policy policy) {
  policy.calendars.clear();
  for (SlaClass& sla : policy.sla_classes) sla.hours = CalendarName();
  for (Queue& queue : policy.queues) {
    queue.hours = CalendarName();
    queue.when_closed = Refuge::kHold;
    queue.closed_queue = QueueName();
  }
  return policy;
}

simulate::ClassSpec ToClass(const KindWeek& kind, std::size_t number, int weekday) {
  simulate::ClassSpec spec;
  spec.name = "k" + std::to_string(number);
  spec.channel = kind.kind.channel;
  spec.features.channel = kind.kind.channel;
  spec.features.language = kind.kind.language;
  spec.features.topic = kind.kind.topic;
  spec.arrivals.kind = simulate::ArrivalLaw::Kind::kCurve;
  spec.arrivals.day_cv = kDayCv;
  for (int hour = 0; hour < kHoursOfDay; ++hour) {
    const double arrivals = kind.arrivals[weekday * kHoursOfDay + hour];
    spec.arrivals.curve.push_back({std::chrono::hours(hour), arrivals / kHourUs});
  }
  spec.handling = simulate::Law::Lognormal(FromSeconds(kind.handling_s), kHandlingScv);
  if (kind.patience_s > 0) {
    spec.patience = simulate::Law::Exponential(FromSeconds(kind.patience_s));
  }
  return spec;
}

using Shifts = std::vector<simulate::AgentGroup::Shift>;

// The hours in which at least `place` of the crew are there.
Shifts ShiftsOf(const std::array<int, kHoursOfDay>& present, int place) {
  Shifts shifts;
  for (int hour = 0; hour < kHoursOfDay; ++hour) {
    if (present[hour] < place) continue;
    const Duration from = std::chrono::hours(hour);
    const Duration to = std::chrono::hours(hour + 1);
    if (!shifts.empty() && shifts.back().to == from) {
      shifts.back().to = to;
    } else {
      shifts.push_back({from, to});
    }
  }
  return shifts;
}

void AddCrew(const Crew& crew, std::size_t number, int weekday, simulate::Scenario& scenario) {
  std::array<int, kHoursOfDay> present{};
  int most = 0;
  for (int hour = 0; hour < kHoursOfDay; ++hour) {
    present[hour] = static_cast<int>(std::floor(crew.present[weekday * kHoursOfDay + hour] + 0.5));
    most = std::max(most, present[hour]);
  }
  Shifts before;
  for (int place = 1; place <= most; ++place) {
    const Shifts shifts = ShiftsOf(present, place);
    if (place > 1 && shifts == before) {
      ++scenario.agents.back().count;
      continue;
    }
    before = shifts;
    simulate::AgentGroup& group = scenario.agents.emplace_back();
    group.name = "c" + std::to_string(number) + "." + std::to_string(place);
    group.count = 1;
    group.skills = crew.profile.skills;
    group.attributes = crew.profile.attributes;
    group.units = crew.units;
    group.shifts = shifts;
  }
}

bool HasChannel(const Policy& policy, const ChannelName& name) {
  return std::any_of(policy.channels.begin(), policy.channels.end(),
                     [&](const Channel& channel) { return channel.name == name; });
}

}  // namespace

absl::StatusOr<ShopDay> ToScenario(const Week& week, const Policy& policy, int weekday) {
  ShopDay day;
  day.scenario.name = "day";
  day.scenario.policy = WithoutHours(policy);
  day.scenario.warmup.time = simulate::kDay;
  day.scenario.stop.time = simulate::kDay;
  for (const KindWeek& kind : week.kinds) {
    double arrivals = 0;
    for (int hour = 0; hour < kHoursOfDay; ++hour) {
      arrivals += kind.arrivals[weekday * kHoursOfDay + hour];
    }
    if (arrivals <= 0) continue;
    if (!HasChannel(policy, kind.kind.channel)) {
      day.left_out += arrivals;
      continue;
    }
    day.arrivals += arrivals;
    day.scenario.classes.push_back(ToClass(kind, day.scenario.classes.size(), weekday));
  }
  if (day.scenario.classes.empty()) {
    return absl::InvalidArgumentError("nothing came on that day of the week");
  }
  for (std::size_t i = 0; i < week.crews.size(); ++i) {
    AddCrew(week.crews[i], i, weekday, day.scenario);
  }
  if (day.scenario.agents.empty()) {
    return absl::InvalidArgumentError("nobody worked on that day of the week");
  }
  return day;
}

}  // namespace usher::staffing
