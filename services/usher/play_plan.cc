#include "usher/play_plan.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "usher/play_dice.h"

namespace usher::play {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Weight {
  std::string_view name;
  double weight;
};

// A shop on the Danube that sells to all its neighbours: no language is alone, none is absent.
constexpr Weight kLanguages[] = {{"ro", 18}, {"uk", 15}, {"ru", 13}, {"en", 13}, {"sr", 10},
                                 {"de", 9},  {"pl", 8},  {"tr", 6},  {"es", 4},  {"fr", 4}};

// "Where is my order?" comes first in every shop.
constexpr Weight kTopics[] = {
    {"order_status", 20}, {"delivery_late", 11},   {"return_exchange", 10},
    {"purchase_help", 9}, {"order_change", 8},     {"refund", 7},
    {"delivery", 7},      {"wrong_or_damaged", 6}, {"payment", 6},
    {"account", 4},       {"promotion", 3},        {"invoice", 3},
    {"complaint", 2},     {"feedback", 2},         {"human", 1},
    {"other", 1}};
constexpr double kUnknownWeight = 1;

constexpr double kFollowUpShare = 0.14;
constexpr double kFollowUpMeanMinutes = 9;
constexpr std::uint32_t kTurnsMax = 3;
constexpr double kTierShare = 0.10;
constexpr double kOrderShare = 0.55;       // of the conversations are about an order
constexpr double kQuietOrdersShare = 0.6;  // orders of customers who do not write, per inquiry

double WeightOf(const Weight* begin, const Weight* end, std::string_view name) {
  const Weight* found = std::find_if(begin, end, [&](const Weight& w) { return w.name == name; });
  return found == end ? kUnknownWeight : found->weight;
}

Duration Minutes(double value) { return Duration(static_cast<std::int64_t>(value * 60e6)); }

// The samples by language and topic, each combination with the weight of both.
struct Deck {
  std::vector<std::vector<std::uint32_t>> piles;
  std::vector<double> weights;
  std::map<std::pair<std::string, std::string>, std::size_t> pile_of;

  explicit Deck(const std::vector<Sample>& samples) {
    for (std::uint32_t i = 0; i < samples.size(); ++i) {
      const Sample& sample = samples[i];
      const auto [found, fresh] =
          pile_of.try_emplace({sample.language, sample.topic}, piles.size());
      if (fresh) {
        piles.emplace_back();
        weights.push_back(WeightOf(std::begin(kLanguages), std::end(kLanguages), sample.language) *
                          WeightOf(std::begin(kTopics), std::end(kTopics), sample.topic));
      }
      piles[found->second].push_back(i);
    }
  }

  std::uint32_t Draw(Dice& dice) const { return DrawFrom(piles[dice.Pick(weights)], dice); }
  std::uint32_t DrawLike(const Sample& sample, Dice& dice) const {
    return DrawFrom(piles[pile_of.at({sample.language, sample.topic})], dice);
  }
  static std::uint32_t DrawFrom(const std::vector<std::uint32_t>& pile, Dice& dice) {
    return pile[dice.Below(pile.size())];
  }
};

bool IsAboutOrder(const std::string& topic) {
  return topic == "order_status" || topic == "order_change" || topic == "delivery_late" ||
         topic == "return_exchange" || topic == "refund" || topic == "wrong_or_damaged";
}

// What the shop's systems said of an order before (and after) its customer wrote at `at`.
void PlanOrderOf(const std::string& topic, Duration at, Duration day, PlannedOrderEvent event,
                 Dice& dice, std::vector<PlannedOrderEvent>& out) {
  const auto say = [&](Duration when, v1::OrderStatus status) {
    event.at = std::clamp(when, Duration(0), day);
    event.status = status;
    out.push_back(event);
  };
  const Duration before = Minutes(5 + 40 * dice.Unit());
  say(at - before, v1::ORDER_STATUS_PLACED);
  if (topic == "delivery_late") {
    say(at - before / 2, v1::ORDER_STATUS_SHIPPED);
    say(at - before / 4, v1::ORDER_STATUS_LATE);
  } else if (topic == "return_exchange" || topic == "refund" || topic == "wrong_or_damaged") {
    say(at - before / 2, v1::ORDER_STATUS_DELIVERED);
  } else if (dice.Chance(0.5)) {
    say(at + Minutes(10 + 60 * dice.Unit()), v1::ORDER_STATUS_SHIPPED);
  }
}

// Opening times, each hour as full as the curve says, in order.
std::vector<Duration> OpeningTimes(std::uint32_t inquiries, std::uint32_t hours, Dice& dice) {
  std::vector<Duration> times;
  times.reserve(inquiries);
  const auto share = ShareByHour(inquiries, hours);
  for (std::size_t hour = 0; hour < share.size(); ++hour) {
    for (std::uint32_t i = 0; i < share[hour]; ++i) {
      times.push_back(kHour * hour + Duration(dice.Below(kHour.count())));
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

std::uint32_t DrawDesk(std::uint32_t desks, Dice& dice) {
  std::vector<double> weights(desks);
  for (std::uint32_t i = 0; i < desks; ++i) weights[i] = 1.0 / (i + 1);
  return static_cast<std::uint32_t>(dice.Pick(weights));
}

}  // namespace

ChannelManner MannerOf(const std::string& channel) {
  if (channel == "chat") return {34, 480, 0.8, 0.03, 900};
  if (channel == "messenger") return {18, 360, 0.8, 0.10, 0};
  if (channel == "email") return {22, 300, 0.9, 0.30, 0};
  if (channel == "voice") return {10, 200, 1.0, 0.02, 450};
  if (channel == "social") return {9, 240, 0.9, 0.30, 0};
  if (channel == "marketplace") return {7, 240, 0.9, 0.30, 0};
  return {5, 300, 0.9, 0.30, 0};
}

std::vector<std::uint32_t> ShareByHour(std::uint32_t inquiries, std::uint32_t hours) {
  USHER_CHECK(hours >= 1 && hours <= kHours);
  std::uint64_t total = 0;
  for (std::size_t hour = 0; hour < hours; ++hour) total += kCurvePercent[hour];
  std::vector<std::uint32_t> share(hours);
  std::uint64_t percents = 0;
  std::uint32_t given = 0;
  for (std::size_t hour = 0; hour < hours; ++hour) {
    // What is due by the end of this hour, rounded; the differences cannot drift.
    percents += kCurvePercent[hour];
    const auto due = static_cast<std::uint32_t>((inquiries * percents + total / 2) / total);
    share[hour] = due - given;
    given = due;
  }
  return share;
}

DayPlan MakeDayPlan(const PlanOptions& options, const std::vector<Sample>& samples) {
  USHER_CHECK(!samples.empty() && !options.channels.empty() && options.desks > 0);
  Dice dice(options.seed);
  const Deck deck(samples);
  std::vector<double> channel_weights;
  for (const std::string& channel : options.channels) {
    channel_weights.push_back(MannerOf(channel).weight);
  }
  const std::uint32_t inquiries = std::min(options.inquiries, kInquiriesMax);
  const std::uint32_t customers = inquiries - inquiries / 8;  // some come back the same day

  DayPlan plan;
  plan.day = kHour * options.hours;
  std::uint32_t order = 0;
  for (const Duration at : OpeningTimes(inquiries, options.hours, dice)) {
    PlannedConversation conversation;
    conversation.desk = DrawDesk(options.desks, dice);
    conversation.customer = static_cast<std::uint32_t>(dice.Below(customers + 1));
    conversation.sample = deck.Draw(dice);
    conversation.channel = options.channels[dice.Pick(channel_weights)];
    if (!options.tiers.empty() && dice.Chance(kTierShare)) {
      conversation.tier = options.tiers[dice.Below(options.tiers.size())];
    }
    const double patience = MannerOf(conversation.channel).patience_mean;
    if (patience > 0) conversation.patience = Minutes(0.5 + dice.Exponential(patience / 60));

    const Sample& sample = samples[conversation.sample];
    const std::int64_t value_cents = 500 + static_cast<std::int64_t>(dice.Lognormal(4'500, 0.9));
    // A tier reaches usher with an order event, so who has one has an order.
    if (!conversation.tier.empty() || (IsAboutOrder(sample.topic) && dice.Chance(kOrderShare))) {
      conversation.order = ++order;
      PlanOrderOf(sample.topic, at, plan.day,
                  {.order = order,
                   .customer = conversation.customer,
                   .desk = conversation.desk,
                   .value_cents = value_cents,
                   .tier = conversation.tier},
                  dice, plan.orders);
    }

    const auto index = static_cast<std::uint32_t>(plan.conversations.size());
    plan.messages.push_back({at, index, 0, conversation.sample});
    Duration next = at;
    for (std::uint32_t turn = 1; turn < kTurnsMax && dice.Chance(kFollowUpShare); ++turn) {
      next += Minutes(0.5 + dice.Lognormal(kFollowUpMeanMinutes, 0.9));
      if (next > plan.day) break;
      plan.messages.push_back({next, index, turn, deck.DrawLike(sample, dice)});
    }
    plan.conversations.push_back(std::move(conversation));
  }

  const auto quiet = static_cast<std::uint32_t>(inquiries * kQuietOrdersShare);
  for (const Duration at : OpeningTimes(quiet, options.hours, dice)) {
    PlannedOrderEvent event{.at = at,
                            .order = ++order,
                            .customer = static_cast<std::uint32_t>(dice.Below(customers + 1)),
                            .desk = DrawDesk(options.desks, dice),
                            .value_cents = 500 + static_cast<std::int64_t>(dice.Below(20'000))};
    plan.orders.push_back(event);
    event.at = std::min(plan.day, at + minutes(20) + Minutes(60 * dice.Unit()));
    event.status = v1::ORDER_STATUS_SHIPPED;
    plan.orders.push_back(event);
  }

  const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::stable_sort(plan.messages.begin(), plan.messages.end(), by_time);
  std::stable_sort(plan.orders.begin(), plan.orders.end(), by_time);
  return plan;
}

}  // namespace usher::play
