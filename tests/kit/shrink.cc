#include "kit/shrink.h"

#include <algorithm>
#include <utility>

namespace usher::kit {
namespace {

constexpr int kTriesMost = 20'000;

// Collects what a step becomes by one change each; changes without effect are left out.
class Plainer {
 public:
  explicit Plainer(const Step& step) : step_(step) {}

  template <class Change>
  void Try(Change change) {
    Step plainer = step_;
    change(plainer);
    if (!(plainer.command == step_.command)) all_.push_back(std::move(plainer));
  }

  // The same for the body, if it is a `Body`.
  template <class Body, class Change>
  void TryBody(Change change) {
    if (!std::holds_alternative<Body>(step_.command.body)) return;
    Try([&](Step& s) { change(std::get<Body>(s.command.body)); });
  }

  std::vector<Step> Take() { return std::move(all_); }

 private:
  const Step& step_;
  std::vector<Step> all_;
};

template <class T>
void Erase(std::vector<T>& list, std::size_t place) {
  if (place < list.size()) list.erase(list.begin() + static_cast<std::ptrdiff_t>(place));
}

void PlainerPlace(Plainer& plainer) {
  const auto place = [&](auto change) { plainer.TryBody<PlaceInquiry>(change); };
  place([](PlaceInquiry& p) {
    const ChannelName channel = p.features.channel;
    p.features = Features();
    p.features.channel = channel;
  });
  place([](PlaceInquiry& p) { p.features.channel = ChannelName::Of("chat"); });
  place([](PlaceInquiry& p) { p.features.value = 0; });
  place([](PlaceInquiry& p) { p.features.order = OrderId(); });
  place([](PlaceInquiry& p) { p.features.topic = TopicName(); });
  place([](PlaceInquiry& p) { p.conversation = ConversationId(); });
  place([](PlaceInquiry& p) { p.customer = CustomerId(), p.message = MessageId(); });
  place([](PlaceInquiry& p) { p.queue = QueueName(); });
  place([](PlaceInquiry& p) { p.priority.reset(); });
  place([](PlaceInquiry& p) { p.starts_at = Instant(); });
  place([](PlaceInquiry& p) { p.arrived_at = kNever; });
  place([](PlaceInquiry& p) { p.preferred.clear(), p.prefer_for = 0s; });
  place([](PlaceInquiry& p) { p.exclude.clear(); });
}

void PlainerAgent(Plainer& plainer) {
  const auto agent = [&](auto change) { plainer.TryBody<RegisterAgent>(change); };
  for (std::size_t i = 0; i < 16; ++i) {
    agent([i](RegisterAgent& a) { Erase(a.skills, i); });
  }
  agent([](RegisterAgent& a) { a.attributes.clear(); });
  agent([](RegisterAgent& a) { a.limits.clear(); });
  agent([](RegisterAgent& a) { a.units = 1; });
  agent([](RegisterAgent& a) { a.may_take = a.supervisor = a.bot = false; });
  plainer.TryBody<SetPresence>([](SetPresence& s) { s.shift_ends = kNever; });
  plainer.TryBody<ApplyPolicy>([](ApplyPolicy& a) { a.keep = false; });
}

void PlainerQueue(Plainer& plainer, std::size_t n) {
  const auto queue = [&](auto change) {
    plainer.TryBody<ApplyPolicy>([&](ApplyPolicy& a) {
      if (n < a.policy.queues.size()) change(a.policy.queues[n]);
    });
  };
  queue([](Queue& q) { q.requirement = {}; });
  queue([](Queue& q) { q.requirement.who.clear(); });
  queue([](Queue& q) { q.steps.clear(); });
  queue([](Queue& q) { Erase(q.steps, 1); });
  queue([](Queue& q) { q.prefer.clear(); });
  queue([](Queue& q) { q.pick = Pick::kRarestFirst, q.score.clear(); });
  queue([](Queue& q) { q.offer_to = 1; });
  queue([](Queue& q) { q.rank = 0; });
  queue([](Queue& q) { q.interrupts = q.interruptible = false; });
  queue([](Queue& q) { q.sla = SlaName(); });
  queue([](Queue& q) { q.wrap_up = 0s, q.answer_within = 0s; });
  queue([](Queue& q) { q.max_waiting = 0, q.when_full = Refuge::kReject; });
  queue([](Queue& q) { q.when_nobody = q.when_closed = Refuge::kHold; });
  queue([](Queue& q) { q.full_queue = q.nobody_queue = q.closed_queue = QueueName(); });
  queue([](Queue& q) { q.hours = CalendarName(); });
  queue([](Queue& q) { q.expected_work = 0s, q.wake = Wake::kOwner; });
  queue([](Queue& q) { q.borrow.clear(); });
  queue([](Queue& q) { q.forecast = {}; });
  queue([](Queue& q) { q.escalations.clear(); });
  queue([](Queue& q) { q.auto_accept = false, q.offer_window = 20s; });
  queue([](Queue& q) { q.auto_accept = true, q.offer_window = 20s; });
}

// Without a queue, and whatever leads to it.
void DropQueue(Policy& policy, std::size_t n) {
  if (n >= policy.queues.size() || policy.queues.size() == 1) return;
  const QueueName name = policy.queues[n].name;
  Erase(policy.queues, n);
  const QueueName other = policy.queues[0].name;
  for (Route& route : policy.routes) {
    if (route.queue == name) route.queue = other;
  }
  for (Queue& q : policy.queues) {
    for (QueueName* to : {&q.full_queue, &q.nobody_queue, &q.closed_queue, &q.forecast.queue}) {
      if (*to == name) *to = other;
    }
    for (Escalation& e : q.escalations) {
      if (e.queue == name) e.queue = other;
    }
    std::erase_if(q.borrow, [&](const Borrow& b) { return b.from == name; });
  }
}

void PlainerPolicy(Plainer& plainer, const Policy& whole) {
  const auto policy = [&](auto change) {
    plainer.TryBody<ApplyPolicy>([&](ApplyPolicy& a) { change(a.policy); });
  };
  for (std::size_t n = 0; n < whole.queues.size(); ++n) {
    policy([n](Policy& p) { DropQueue(p, n); });
  }
  for (std::size_t n = 0; n < whole.queues.size(); ++n) PlainerQueue(plainer, n);
  policy([](Policy& p) { p.routes.erase(p.routes.begin(), p.routes.end() - !p.routes.empty()); });
  for (std::size_t n = 0; n < whole.sla_classes.size(); ++n) {
    policy([n](Policy& p) { p.sla_classes[n].next_response = p.sla_classes[n].update = 0s; });
    policy([n](Policy& p) { p.sla_classes[n].resolution = 0s; });
    policy([n](Policy& p) { p.sla_classes[n].first_response = 0s; });
    policy([n](Policy& p) { p.sla_classes[n].warn_permilles.clear(); });
    policy([n](Policy& p) { p.sla_classes[n].hours = CalendarName(); });
  }
  policy([](Policy& p) {
    for (Queue& q : p.queues) q.sla = SlaName();
    p.sla_classes.clear();
  });
  policy([](Policy& p) {
    for (Queue& q : p.queues) q.hours = CalendarName();
    for (SlaClass& s : p.sla_classes) s.hours = CalendarName();
    p.calendars.clear();
  });
  policy([](Policy& p) {
    p.decline_cooldown = 60s, p.missed_offers_max = 3, p.late_share_permille = 0;
  });
  policy([](Policy& p) { p.order = Order::kDefault; });
  policy([](Policy& p) { p.then.clear(), p.crowd = 4; });
  policy([](Policy& p) { p.urgent = 60s, p.near = 600s, p.age_credit = 60s; });
  policy([](Policy& p) { p.starve_after = 0s; });
  policy([](Policy& p) { p.pace = {}; });
  policy([](Policy& p) { p.sticky = {}, p.reopen = 0s; });
  policy([](Policy& p) { p.status_raises.clear(); });
  policy([](Policy& p) { p.angry_needs.clear(); });
  policy([](Policy& p) { p.follow_ups = {}; });
  policy([](Policy& p) { p.quality = {}; });
}

// A step with one thing less, each in turn.
std::vector<Step> PlainerSteps(const Step& step) {
  Plainer plainer(step);
  plainer.Try([](Step& s) { s.command.source = Source(); });
  plainer.Try([](Step& s) { s.command.request = RequestId(), s.command.digest = 0; });
  PlainerPlace(plainer);
  PlainerAgent(plainer);
  if (const auto* apply = std::get_if<ApplyPolicy>(&step.command.body)) {
    PlainerPolicy(plainer, apply->policy);
  }
  plainer.TryBody<UpdateInquiry>([](UpdateInquiry& u) { u.exclude.clear(); });
  plainer.TryBody<UpdateInquiry>([](UpdateInquiry& u) { u.value.reset(), u.on_site.reset(); });
  plainer.TryBody<UpdateInquiry>([](UpdateInquiry& u) { u.priority.reset(); });
  plainer.TryBody<TransferInquiry>([](TransferInquiry& t) { t.to = AgentName(); });
  plainer.TryBody<TransferInquiry>([](TransferInquiry& t) { t.queue = QueueName(); });
  return plainer.Take();
}

}  // namespace

Scenario Shrunk(Scenario failing, const std::function<bool(const Scenario&)>& fails) {
  int tries = 0;
  const auto take = [&](Scenario simpler) {
    if (++tries > kTriesMost || !fails(simpler)) return false;
    failing = std::move(simpler);
    return true;
  };
  bool smaller = true;
  while (smaller && tries < kTriesMost) {
    smaller = false;
    for (std::size_t chunk = std::max<std::size_t>(1, failing.steps.size() / 2); chunk > 0;
         chunk /= 2) {
      for (std::size_t from = 0; from + chunk <= failing.steps.size();) {
        Scenario shorter = failing;
        const auto begin = shorter.steps.begin() + static_cast<std::ptrdiff_t>(from);
        shorter.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(chunk));
        const bool taken = take(std::move(shorter));
        smaller = smaller || taken;
        if (!taken) from += chunk;
      }
    }
    for (std::size_t i = 0; i < failing.steps.size(); ++i) {
      // What one step may become changes with each change that is taken.
      for (std::size_t n = 0; n < PlainerSteps(failing.steps[i]).size();) {
        Scenario plainer = failing;
        plainer.steps[i] = PlainerSteps(failing.steps[i])[n];
        const bool taken = take(std::move(plainer));
        smaller = smaller || taken;
        if (!taken) ++n;
      }
    }
  }
  return failing;
}

}  // namespace usher::kit
