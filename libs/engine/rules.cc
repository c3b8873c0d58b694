#include "engine/rules.h"

#include <algorithm>

namespace usher::engine {
namespace {

// Both, each skill once, at the higher level; by skill name.
std::vector<Need> Joined(const std::vector<Need>& needs, const std::vector<Need>& more) {
  std::vector<Need> both;
  auto a = needs.begin();
  auto b = more.begin();
  while (a != needs.end() || b != more.end()) {
    if (b == more.end() || (a != needs.end() && a->skill < b->skill)) {
      both.push_back(*a++);
    } else if (a == needs.end() || b->skill < a->skill) {
      both.push_back(*b++);
    } else {
      both.push_back({a->skill, std::max(a->level, b->level)});
      ++a;
      ++b;
    }
  }
  return both;
}

Expression Both(const Expression& a, const Expression& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  Expression both = {Clause{ClauseOp::kAll, 2, {}, {}}};
  both.insert(both.end(), a.begin(), a.end());
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

}  // namespace

void Rules::Take(const Policy& policy, const Bits& limited, Lexicon& lexicon, Coverage& coverage) {
  taken_ = true;
  policy_ = policy;
  for (const Channel& channel : policy_.channels) {
    const auto place = static_cast<std::uint32_t>(channels_.size());
    channels_.push_back({lexicon.channels.Add(channel.name), channel.units});
    const std::uint32_t name = channels_.back().name;
    if (name >= place_of_channel_.size()) place_of_channel_.resize(name + 1, kNone);
    place_of_channel_[name] = place;
  }
  for (const Calendar& calendar : policy_.calendars) lexicon.calendars.Add(calendar.name);
  TakeQueues(coverage);
  Sort(limited);
  for (const Route& route : policy_.routes) {
    route_queues_.push_back(FindQueue(route.queue));
    routes_need_ = routes_need_ || !route.needs.empty();
  }
  anger_needs_ = !policy_.angry_needs.empty();
  index_ = RouteIndex(policy_.routes, lexicon);
}

void Rules::Sort(const Bits& limited) {
  kinds_ = Kinds();
  for (const ChannelRule& channel : channels_) {
    kinds_.Add(channel.name, channel.units, limited.Has(channel.name));
  }
  kinds_.Finish(interrupts_);
}

void Rules::TakeQueues(Coverage& coverage) {
  for (std::uint32_t i = 0; i < policy_.queues.size(); ++i) {
    queue_of_.Insert(policy_.queues[i].name, i);
  }
  for (std::uint32_t place = 0; place < policy_.queues.size(); ++place) {
    const Queue& queue = policy_.queues[place];
    queues_.push_back(RuleFor(queue));
    if (!queue.borrow.empty()) borrowers_.push_back(place);
    has_steps_ = has_steps_ || !queue.steps.empty();
    interrupts_ = interrupts_ || queue.interrupts;
  }
  for (std::uint32_t place = 0; place < policy_.queues.size(); ++place) {
    const auto steps = static_cast<std::uint32_t>(policy_.queues[place].steps.size());
    for (std::uint32_t step = 0; step <= steps; ++step) {
      const std::uint32_t made = MakeAsked(place, step, {}, coverage);
      if (step == 0) queues_[place].asked = made;
    }
  }
}

QueueRule Rules::RuleFor(const Queue& queue) const {
  QueueRule rule;
  const auto& classes = policy_.sla_classes;
  const auto sla = std::find_if(classes.begin(), classes.end(),
                                [&](const SlaClass& each) { return each.name == queue.sla; });
  if (!queue.sla.none()) {
    rule.sla = static_cast<std::uint32_t>(sla - classes.begin());
    rule.lengths[static_cast<std::size_t>(Target::kFirstResponse)] = sla->first_response;
    rule.lengths[static_cast<std::size_t>(Target::kNextResponse)] = sla->next_response;
    rule.lengths[static_cast<std::size_t>(Target::kResolution)] = sla->resolution;
    rule.lengths[static_cast<std::size_t>(Target::kUpdate)] = sla->update;
  }
  rule.max_waiting = queue.max_waiting;
  rule.steps = static_cast<std::uint8_t>(queue.steps.size());
  rule.escalations = static_cast<std::uint8_t>(queue.escalations.size());
  rule.offer_to = queue.offer_to;
  rule.rank = queue.rank;
  rule.pick = queue.pick;
  rule.auto_accept = queue.auto_accept;
  rule.interrupts = queue.interrupts;
  rule.interruptible = queue.interruptible;
  rule.diverts_closed = queue.when_closed != Refuge::kHold;
  rule.diverts_nobody = queue.when_nobody != Refuge::kHold;
  rule.forecasts = !queue.forecast.none();
  rule.expected_work = queue.expected_work;
  rule.offer_window = queue.offer_window;
  rule.answer_within = queue.answer_within;
  rule.wrap_up = queue.wrap_up;
  if (!queue.hours.none()) rule.calendar = FindCalendar(queue.hours);
  rule.full_queue = FindQueue(queue.full_queue);
  rule.nobody_queue = FindQueue(queue.nobody_queue);
  rule.closed_queue = FindQueue(queue.closed_queue);
  for (const Borrow& borrow : queue.borrow) rule.lenders.push_back(FindQueue(borrow.from));
  return rule;
}

std::uint32_t Rules::MakeAsked(std::uint32_t place, std::uint32_t step,
                               const std::vector<Need>& more, Coverage& coverage) {
  const Queue& queue = policy_.queues[place];
  Requirement own = step == 0 ? queue.requirement : queue.steps[step - 1].requirement;
  own.needs = Joined(own.needs, more);
  Asked asked;
  asked.queue = place;
  asked.base = coverage.AddNeeds(own);
  asked.set = coverage.AddNeeds(own, queue.borrow.empty() ? 0 : TagFor(place, more));
  for (const Expression& prefer : queue.prefer) {
    asked.prefer.push_back(coverage.AddNeeds({own.needs, Both(own.who, prefer)}));
  }
  for (const std::uint32_t lender : queues_[place].lenders) {
    Requirement lent = policy_.queues[lender].requirement;
    lent.needs = Joined(lent.needs, more);
    asked.lent.push_back(coverage.AddNeeds(lent));
  }
  asked_.push_back(std::move(asked));
  return static_cast<std::uint32_t>(asked_.size() - 1);
}

// What is asked of the lenders depends on both.
std::uint32_t Rules::TagFor(std::uint32_t queue, const std::vector<Need>& more) {
  const auto next = static_cast<std::uint32_t>(tags_.size() + 1);
  return tags_.try_emplace({queue, more}, next).first->second;
}

std::uint32_t Rules::AskedBeside(std::uint32_t queue, std::uint32_t step, std::uint32_t route,
                                 bool angry, Coverage& coverage) {
  static const std::vector<Need> kNoNeeds;
  const std::vector<Need>& routed = route == kNone ? kNoNeeds : policy_.routes[route].needs;
  const std::vector<Need>& besides = angry ? policy_.angry_needs : kNoNeeds;
  if (routed.empty() && besides.empty()) return queues_[queue].asked + step;
  const std::vector<Need> more = besides.empty() ? routed : Joined(routed, besides);
  const auto [place, is_new] = asked_of_.try_emplace(std::tuple(queue, step, more), kNone);
  if (is_new) place->second = MakeAsked(queue, step, more, coverage);
  return place->second;
}

std::uint32_t Rules::FindCalendar(const CalendarName& name) const {
  for (std::uint32_t place = 0; place < policy_.calendars.size(); ++place) {
    if (policy_.calendars[place].name == name) return place;
  }
  return kNone;
}

std::uint32_t Rules::FindRoute(const RouteName& name, const std::vector<Need>& needs) const {
  for (std::uint32_t place = 0; place < policy_.routes.size(); ++place) {
    if (policy_.routes[place].name == name && policy_.routes[place].needs == needs) return place;
  }
  return kNone;
}

void Rules::Release(Lexicon& lexicon, Coverage& coverage) {
  if (!taken_) return;
  index_.Release(lexicon);
  for (const ChannelRule& channel : channels_) lexicon.channels.Drop(channel.name);
  for (const Calendar& calendar : policy_.calendars) {
    lexicon.calendars.Drop(lexicon.calendars.Find(calendar.name));
  }
  for (const Asked& asked : asked_) {
    coverage.DropNeeds(asked.base);
    coverage.DropNeeds(asked.set);
    for (const std::uint32_t set : asked.prefer) coverage.DropNeeds(set);
    for (const std::uint32_t set : asked.lent) coverage.DropNeeds(set);
  }
  *this = Rules();
}

}  // namespace usher::engine
