#include "quality/day.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "simulate/laws.h"
#include "simulate/rng.h"

namespace usher::quality {
namespace {

using simulate::KeyOf;
using simulate::Rng;

// Of the hours from 8 to 22, relative to their mean.
constexpr std::array kCurve = {.55,  .85,  1.15, 1.30, 1.25, 1.15, 1.10,
                               1.05, 1.00, 1.00, 1.10, 1.15, .85,  .50};
constexpr std::size_t kFirstHour = 8;
constexpr std::size_t kSlotsPerHour = 12;
constexpr Duration kSlot = 5min;
constexpr double kDayCv = 0.10;
constexpr double kSlotDispersion = 1.5;  // variance over mean of the counts of a slot
constexpr double kHalfLifeS = 20 * 60;

constexpr std::array<double, kKinds> kKindShares = {.1, .4, .3, .2};
constexpr std::array<double, kLanguages> kLanguageShares = {.45, .27, .18, .10};
constexpr std::array<double, kLanguages> kSkewedShares = {.15, .15, .20, .50};
constexpr std::array<double, kAreas> kAreaShares = {.40, .25, .20, .15};
constexpr std::array<double, kAreas> kFlashAreaShares = {.45, .40, .10, .05};
constexpr std::array<double, kAreas> kAreaMeansS = {240, 300, 360, 420};
constexpr double kScv = 1.2;

// Where conversations run beside each other each takes its own time.
constexpr std::array<double, kKinds> kKindMeansS = {480, 480, 240, 300};
constexpr std::array<double, kKinds> kKindSigmas = {.8, .8, .9, .9};

constexpr double kPatienceS = 240;  // of chats
constexpr double kSilentShare = .5;

std::array<double, kTopicsPerArea> FactorsOf(Topics topics) {
  switch (topics) {
    case Topics::kAlike:
      return {1, 1, 1};
    case Topics::kApart:
      return {.5, .9, 1.6};
    case Topics::kFarApart:
      return {.25, .75, 2};
  }
  return {1, 1, 1};
}

double MeanAreaS() {
  double mean = 0;
  for (std::size_t area = 0; area < kAreas; ++area) mean += kAreaShares[area] * kAreaMeansS[area];
  return mean;
}

template <std::size_t n>
std::uint8_t Choose(const std::array<double, n>& shares, double unit) {
  std::size_t chosen = 0;
  while (chosen + 1 < n && unit >= shares[chosen]) unit -= shares[chosen++];
  return static_cast<std::uint8_t>(chosen);
}

// Poisson, by the product of uniforms; a large mean in halves.
std::uint64_t Count(double mean, Rng& rng) {
  if (mean > 30) return Count(mean / 2, rng) + Count(mean / 2, rng);
  const double stop = std::exp(-mean);
  std::uint64_t count = 0;
  for (double product = rng.Unit(); product > stop; product *= rng.Unit()) ++count;
  return count;
}

// With more spread than a Poisson count has.
std::uint64_t SlotCount(double mean, Rng& rng) {
  if (mean <= 0) return 0;
  return Count(mean * simulate::GammaFactor(std::sqrt((kSlotDispersion - 1) / mean), rng), rng);
}

class Drawer {
 public:
  Drawer(const DaySpec& spec, std::uint64_t seed)
      : spec_(spec), counts_(KeyOf(seed, 1)), customers_(KeyOf(seed, 2)) {
    per_s_ = spec.inquiries * simulate::GammaFactor(kDayCv, counts_) /
             (static_cast<double>(kCurve.size()) * 3600);
    double mean_square = 0;
    factors_ = FactorsOf(spec.topics);
    for (const double factor : factors_) mean_square += factor * factor / kTopicsPerArea;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      for (std::size_t area = 0; area < kAreas; ++area) {
        for (std::size_t topic = 0; topic < kTopicsPerArea; ++topic) {
          const double sigma = kKindSigmas[kind];
          const double scv = spec.concurrent ? std::exp(sigma * sigma) - 1 : kScv;
          const double mean_s =
              (spec.concurrent ? kKindMeansS[kind] * kAreaMeansS[area] / MeanAreaS()
                               : kAreaMeansS[area]) *
              factors_[topic];
          laws_[kind][area][topic] = simulate::Sampler(simulate::Law{
              simulate::Law::Kind::kLognormal, mean_s * 1e6, (1 + scv) / mean_square - 1});
        }
      }
    }
  }

  std::vector<Inquiry> Draw() {
    for (std::size_t slot = 0; slot < kCurve.size() * kSlotsPerHour; ++slot) {
      const Instant from = Instant(std::chrono::hours(kFirstHour)) + slot * kSlot;
      const double mean = kCurve[slot / kSlotsPerHour] * per_s_ * 300;
      const std::uint64_t count = SlotCount(mean, counts_);
      for (std::uint64_t i = 0; i < count; ++i) {
        Add(from + Micros(customers_.Unit() * 300), false);
      }
      if (spec_.jump > 0 && from >= kFlashAt) DrawFlash(from);
    }
    std::stable_sort(day_.begin(), day_.end(),
                     [](const Inquiry& a, const Inquiry& b) { return a.at < b.at; });
    return std::move(day_);
  }

 private:
  static Duration Micros(double seconds) {
    return Duration(static_cast<std::int64_t>(seconds * 1e6));
  }

  void DrawFlash(Instant from) {
    const double tau = kHalfLifeS / std::log(2.0);
    const double since = static_cast<double>((from - kFlashAt).count()) / 1e6;
    const double begin = std::exp(-since / tau);
    const double end = std::exp(-(since + 300) / tau);
    const std::uint64_t count = SlotCount(spec_.jump * per_s_ * tau * (begin - end), counts_);
    for (std::uint64_t i = 0; i < count; ++i) {
      const double at = -tau * std::log(begin - customers_.Unit() * (begin - end));
      Add(kFlashAt + Micros(at), true);
    }
  }

  void Add(Instant at, bool flash) {
    Inquiry inquiry;
    inquiry.at = at;
    inquiry.language =
        Choose(flash && spec_.skewed ? kSkewedShares : kLanguageShares, customers_.Unit());
    inquiry.area = Choose(flash ? kFlashAreaShares : kAreaShares, customers_.Unit());
    inquiry.kind = static_cast<Kind>(Choose(kKindShares, customers_.Unit()));
    inquiry.topic = static_cast<std::uint8_t>(customers_.Unit() * kTopicsPerArea);
    const auto& law = laws_[static_cast<std::size_t>(inquiry.kind)][inquiry.area][inquiry.topic];
    inquiry.handling = std::max(law.At(customers_.Unit()), Duration(1s));
    const double patience_s = -kPatienceS * std::log(customers_.Unit());
    const bool silent = customers_.Unit() < kSilentShare;
    if (spec_.impatient && (inquiry.kind == Kind::kVipChat || inquiry.kind == Kind::kChat)) {
      inquiry.patience = Micros(patience_s);
      inquiry.leaves_silently = silent;
    }
    day_.push_back(inquiry);
  }

  const DaySpec& spec_;
  Rng counts_;
  Rng customers_;
  double per_s_ = 0;
  std::array<double, kTopicsPerArea> factors_{};
  std::array<std::array<std::array<simulate::Sampler, kTopicsPerArea>, kAreas>, kKinds> laws_;
  std::vector<Inquiry> day_;
};

struct Group {
  AgentSpec spec;
  double load = 0;
  std::uint32_t agents = 0;
};

std::vector<Group> GroupsOf() {
  constexpr double kOneArea = .20;
  constexpr double kTwoAreas = .25;
  constexpr double kAllAreas = .30;
  constexpr double kTwoLanguages = .25;
  std::array<double, kAreas> loads{};
  for (std::size_t area = 0; area < kAreas; ++area) {
    loads[area] = kAreaShares[area] * kAreaMeansS[area] / MeanAreaS();
  }
  std::vector<Group> groups;
  const auto add = [&](unsigned languages, unsigned areas, double load) {
    const auto number = static_cast<std::uint32_t>(groups.size());
    groups.push_back(
        {{number, static_cast<std::uint8_t>(languages), static_cast<std::uint8_t>(areas)}, load});
  };
  for (unsigned language = 0; language < kLanguages; ++language) {
    const double share = kLanguageShares[language];
    for (unsigned area = 0; area < kAreas; ++area) {
      add(1U << language, 1U << area, share * loads[area] * kOneArea);
    }
    add(1U << language, 0b0011, share * (loads[0] + loads[1]) * kTwoAreas);
    add(1U << language, 0b1100, share * (loads[2] + loads[3]) * kTwoAreas);
    add(1U << language, 0b1111, share * kAllAreas);
  }
  for (unsigned a = 0; a < kLanguages; ++a) {
    for (unsigned b = a + 1; b < kLanguages; ++b) {
      add(1U << a | 1U << b, 0b1111,
          (kLanguageShares[a] + kLanguageShares[b]) / (kLanguages - 1) * kTwoLanguages);
    }
  }
  return groups;
}

}  // namespace

const std::vector<DaySpec>& Days() {
  static const std::vector<DaySpec> days = {
      {.name = 'A'},
      {.name = 'B', .jump = 4, .agents = 75},
      {.name = 'C', .jump = 9, .agents = 75, .skewed = true},
      {.name = 'D', .inquiries = 20'000, .agents = 175},
      {.name = 'E', .inquiries = 50'000, .jump = 4, .agents = 430},
      {.name = 'F', .jump = 4, .agents = 75, .outage = true},
      {.name = 'G', .jump = 4, .agents = 75, .offers = true},
      {.name = 'H', .jump = 4, .agents = 28, .concurrent = true},
      {.name = 'P', .jump = 4, .agents = 75, .impatient = true},
  };
  return days;
}

std::vector<Inquiry> DrawDay(const DaySpec& spec, std::uint64_t seed) {
  return Drawer(spec, seed).Draw();
}

std::vector<AgentSpec> StaffOf(const DaySpec& spec) {
  std::vector<Group> groups = GroupsOf();
  std::uint32_t left = spec.agents;
  if (left >= 2 * groups.size()) {
    for (Group& group : groups) group.agents = 1;
    left -= static_cast<std::uint32_t>(groups.size());
  }
  for (; left > 0; --left) {
    const auto neediest =
        std::max_element(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
          return a.load * (b.agents + .5) < b.load * (a.agents + .5);
        });
    ++neediest->agents;
  }
  std::vector<AgentSpec> staff;
  for (const Group& group : groups) staff.insert(staff.end(), group.agents, group.spec);
  return staff;
}

}  // namespace usher::quality
