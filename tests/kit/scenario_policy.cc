#include "kit/scenario_policy.h"

#include <array>
#include <limits>

#include "kit/scenario_expression.h"

namespace usher::kit {
namespace {

constexpr std::uint64_t kMost16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr auto kMost64 = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

// With a minus or without; 0 if it is not there. Unsigned on the way, since the lowest number has
// no positive twin.
std::int64_t SignedOf(ScenarioLine& line, const char* name) {
  const auto text = line.Take(name);
  if (!text) return 0;
  const bool negative = text->starts_with('-');
  const std::uint64_t number = line.ToNumber(text->substr(negative), kMost64 + (negative ? 1 : 0));
  return static_cast<std::int64_t>(negative ? 0 - number : number);
}

std::optional<std::uint8_t> TakePriority(ScenarioLine& line) {
  const auto text = line.Take("priority");
  if (!text) return std::nullopt;
  return static_cast<std::uint8_t>(line.ToNumber(*text, std::numeric_limits<std::uint8_t>::max()));
}

Requirement TakeRequirement(ScenarioLine& line) {
  Requirement requirement;
  requirement.needs = line.TakeNeeds("needs");
  requirement.who = line.TakeExpression("who");
  return requirement;
}

// `hold`, `reject`, `divert:night`.
void TakeRefuge(ScenarioLine& line, const char* name, Refuge& refuge, QueueName& queue) {
  const auto text = line.Take(name);
  if (!text) return;
  const std::size_t colon = text->find(':');
  refuge = line.ToEnum<Refuge>(text->substr(0, colon));
  if (colon != std::string::npos) queue = line.ToName<QueueName>(text->substr(colon + 1));
}

Queue ReadQueue(ScenarioLine& line) {
  Queue queue;
  queue.name = line.WordName<QueueName>("the queue's name");
  queue.requirement = TakeRequirement(line);
  queue.pick = line.TakeEnum("pick", queue.pick);
  queue.score = line.TakeScore("score");
  queue.offer_to = line.TakeNumber8("offer-to", queue.offer_to);
  queue.rank = line.TakeNumber8("rank", queue.rank);
  queue.sla = line.TakeName<SlaName>("sla");
  queue.offer_window = line.TakeDuration("window", queue.offer_window);
  queue.answer_within = line.TakeDuration("answer-within", queue.answer_within);
  queue.wrap_up = line.TakeDuration("wrap-up", queue.wrap_up);
  queue.max_waiting = line.TakeNumber32("max-waiting", queue.max_waiting);
  TakeRefuge(line, "when-full", queue.when_full, queue.full_queue);
  TakeRefuge(line, "when-nobody", queue.when_nobody, queue.nobody_queue);
  queue.hours = line.TakeName<CalendarName>("hours");
  TakeRefuge(line, "when-closed", queue.when_closed, queue.closed_queue);
  queue.expected_work = line.TakeDuration("expected-work", queue.expected_work);
  queue.wake = line.TakeEnum("wake", queue.wake);
  const auto flags = line.TakeFlags({"auto-accept", "interrupts", "interruptible"});
  queue.auto_accept = flags[0];
  queue.interrupts = flags[1];
  queue.interruptible = flags[2];
  return queue;
}

// `step`, `prefer`, `escalate`, `borrow` and `forecast` say more of the queue above them.
void ReadQueueLine(const std::string& word, ScenarioLine& line, Policy& policy) {
  if (policy.queues.empty()) return line.Fail("there is no queue above this '" + word + "'");
  Queue& queue = policy.queues.back();
  if (word == "step") {
    RelaxStep step;
    step.after = line.TakeDuration("after", step.after);
    step.requirement = TakeRequirement(line);
    queue.steps.push_back(step);
  } else if (word == "prefer") {
    queue.prefer.push_back(line.TakeExpression("who"));
  } else if (word == "borrow") {
    Borrow borrow;
    borrow.from = line.TakeName<QueueName>("from");
    borrow.service_permille = line.TakeNumber16("service", borrow.service_permille);
    queue.borrow.push_back(borrow);
  } else if (word == "forecast") {
    queue.forecast.priority = TakePriority(line);
    queue.forecast.queue = line.TakeName<QueueName>("queue");
    queue.forecast.relax = line.TakeFlags({"relax"})[0];
  } else {
    Escalation escalation;
    escalation.age = line.TakeDuration("age", escalation.age);
    escalation.priority = TakePriority(line);
    escalation.queue = line.TakeName<QueueName>("queue");
    queue.escalations.push_back(escalation);
  }
}

Route ReadRoute(ScenarioLine& line) {
  Route route;
  route.channels = line.TakeNames<ChannelName>("channel");
  route.languages = line.TakeNames<LanguageName>("language");
  route.topics = line.TakeNames<TopicName>("topic");
  for (const std::string& each : line.TakeList("sentiment")) {
    route.sentiments.push_back(line.ToEnum<Sentiment>(each));
  }
  route.tiers = line.TakeNames<TierName>("tier");
  route.on_site = line.TakeYesNo("on-site");
  route.repeat = line.TakeYesNo("repeat");
  route.order_statuses = line.TakeNames<OrderStatusName>("order-status");
  route.value_min = SignedOf(line, "value-min");
  route.queue = line.TakeName<QueueName>("queue");
  route.priority = line.TakeNumber8("priority", route.priority);
  route.needs = line.TakeNeeds("needs");
  return route;
}

void ReadChannel(ScenarioLine& line, Policy& policy) {
  Channel channel;
  channel.name = line.WordName<ChannelName>("the channel's name");
  channel.units = line.TakeNumber32("units", channel.units);
  if (const auto grace = line.Take("grace")) channel.grace = line.ToDuration(*grace);
  channel.pending_holds = line.TakeFlags({"pending-holds"})[0];
  policy.channels.push_back(channel);
}

void ReadSlaClass(ScenarioLine& line, Policy& policy) {
  SlaClass sla;
  sla.name = line.WordName<SlaName>("the SLA class's name");
  sla.first_response = line.TakeDuration("first", sla.first_response);
  sla.next_response = line.TakeDuration("next", sla.next_response);
  sla.resolution = line.TakeDuration("resolution", sla.resolution);
  sla.update = line.TakeDuration("update", sla.update);
  if (const auto shares = line.Take("warn")) {
    sla.warn_permilles.clear();
    if (*shares != "-") {
      for (const std::string& each : Split(*shares, ',')) {
        sla.warn_permilles.push_back(static_cast<std::uint16_t>(line.ToNumber(each, kMost16)));
      }
    }
  }
  sla.hours = line.TakeName<CalendarName>("hours");
  policy.sla_classes.push_back(sla);
}

// `open=9h..13h,14h..18h`
void ReadCalendar(ScenarioLine& line, Policy& policy) {
  Calendar calendar;
  calendar.name = line.WordName<CalendarName>("the calendar's name");
  for (const std::string& span : line.TakeList("open")) {
    const std::size_t dots = span.find("..");
    if (dots == std::string::npos) {
      line.Fail("'" + span + "' is not from..to");
      continue;
    }
    calendar.open.push_back({Instant(line.ToDuration(span.substr(0, dots))),
                             Instant(line.ToDuration(span.substr(dots + 2)))});
  }
  policy.calendars.push_back(calendar);
}

// What the policy has once.
void ReadRule(const std::string& word, ScenarioLine& line, Policy& policy) {
  if (word == "version") {
    const std::string version = line.Word("the version");
    policy.version = version == "-" ? "" : version;
  } else if (word == "cool-down") {
    policy.decline_cooldown = line.ToDuration(line.Word("the cool-down"));
  } else if (word == "missed-offers") {
    policy.missed_offers_max =
        static_cast<std::uint32_t>(line.ToNumber(line.Word("the number"), kMost32));
  } else if (word == "late-share") {
    policy.late_share_permille =
        static_cast<std::uint16_t>(line.ToNumber(line.Word("the share"), kMost16));
  } else if (word == "order") {
    policy.order = line.ToEnum<Order>(line.Word("the order"));
    while (const auto then = line.NextWord()) {
      if (*then != "then") policy.then.push_back(line.ToEnum<SortField>(*then));
    }
  } else if (word == "urgent") {
    policy.urgent = line.ToDuration(line.Word("the time"));
  } else if (word == "near") {
    policy.near = line.ToDuration(line.Word("the time"));
  } else if (word == "crowd") {
    policy.crowd = static_cast<std::uint32_t>(line.ToNumber(line.Word("the number"), kMost32));
  } else if (word == "age-credit") {
    policy.age_credit = line.ToDuration(line.Word("the credit"));
  } else if (word == "starve-after") {
    policy.starve_after = line.ToDuration(line.Word("the time"));
  } else if (word == "pace") {
    policy.pace.most = line.TakeNumber32("most", policy.pace.most);
    policy.pace.window = line.TakeDuration("window", policy.pace.window);
    policy.pace.start_most = line.TakeNumber32("start-most", policy.pace.start_most);
    policy.pace.start = line.TakeDuration("start", policy.pace.start);
  } else if (word == "sticky") {
    Sticky& sticky = policy.sticky;
    sticky.last_agent = line.TakeDuration("last-agent", sticky.last_agent);
    sticky.wait = line.TakeDuration("wait", sticky.wait);
    sticky.repeat = line.TakeDuration("repeat", sticky.repeat);
    sticky.repeat_raise = line.TakeNumber8("repeat-raise", sticky.repeat_raise);
    sticky.linked = line.TakeFlags({"linked"})[0];
  } else if (word == "reopen") {
    policy.reopen = line.ToDuration(line.Word("the time"));
  } else if (word == "angry") {
    policy.angry_needs = line.TakeNeeds("needs");
  } else if (word == "follow-ups") {
    FollowUps& follow_ups = policy.follow_ups;
    follow_ups.unanswered = line.TakeNumber8("unanswered", follow_ups.unanswered);
    follow_ups.raise = line.TakeNumber8("raise", follow_ups.raise);
    follow_ups.angry_raise = line.TakeNumber8("angry-raise", follow_ups.angry_raise);
  } else if (word == "quality") {
    Quality& quality = policy.quality;
    quality.criteria = line.TakeNames<CriterionName>("criteria");
    quality.share_permille = line.TakeNumber16("share", quality.share_permille);
    quality.angry_permille = line.TakeNumber16("angry", quality.angry_permille);
    quality.repeats_permille = line.TakeNumber16("repeats", quality.repeats_permille);
    quality.new_agents_permille = line.TakeNumber16("new-agents", quality.new_agents_permille);
    quality.new_agents_first = line.TakeNumber32("first", quality.new_agents_first);
    quality.keep = line.TakeDuration("keep", quality.keep);
  } else if (word == "status") {
    const auto status = line.WordName<OrderStatusName>("the status");
    policy.status_raises.push_back({status, line.TakeNumber8("raise", 0)});
  } else {
    line.Fail(
        "'" + word +
        "' is none of version, channel, calendar, sla, queue, step, prefer, escalate, "
        "borrow, forecast, route, otherwise, cool-down, missed-offers, late-share, order, "
        "urgent, near, crowd, age-credit, starve-after, pace, sticky, reopen, angry, follow-ups, "
        "quality, status, end");
  }
}

template <class Tag>
std::string Text(const Name<Tag>& name) {
  return name.none() ? "-" : name.ToString();
}
std::string Text(Sentiment sentiment) { return EnumText(sentiment); }
std::string Text(const Need& need) { return TextOf(need); }
std::string Text(Duration duration) { return TimeText(duration); }
std::string Text(std::uint16_t number) { return std::to_string(number); }
std::string Text(const OpenSpan& span) { return TimeText(span.from) + ".." + TimeText(span.to); }
std::string Text(bool value) { return value ? "yes" : "no"; }

std::string Option(const char* name, const std::string& value) {
  return std::string(" ") + name + "=" + value;
}

// Nothing if it is as it would be without being written.
template <class T>
std::string Unless(const T& usual, const char* name, const T& value) {
  if (value == usual) return "";
  if constexpr (std::is_arithmetic_v<T>) {
    return Option(name, std::to_string(value));
  } else if constexpr (std::is_enum_v<T>) {
    return Option(name, EnumText(value));
  } else {
    return Option(name, Text(value));
  }
}

template <class T>
std::string Option(const char* name, const std::vector<T>& list) {
  std::string text;
  for (const T& each : list) text += (text.empty() ? "" : ",") + Text(each);
  return text.empty() ? "" : Option(name, text);
}

std::string Options(const Requirement& requirement) {
  return Option("needs", requirement.needs) +
         (requirement.who.empty() ? "" : Option("who", TextOf(requirement.who)));
}

std::string RefugeOption(const char* name, Refuge usual, Refuge refuge, const QueueName& queue) {
  if (refuge == usual && queue.none()) return "";
  return Option(name, EnumText(refuge) + (queue.none() ? "" : ":" + Text(queue)));
}

// What the lines below that of the queue say.
std::string MoreLines(const Queue& queue) {
  std::string text;
  const auto priority = [](const std::optional<std::uint8_t>& p) {
    return p ? Option("priority", std::to_string(*p)) : "";
  };
  for (const RelaxStep& step : queue.steps) {
    text += "    step" + Option("after", Text(step.after)) + Options(step.requirement) + "\n";
  }
  for (const Expression& who : queue.prefer) {
    text += "    prefer" + Option("who", TextOf(who)) + "\n";
  }
  for (const Borrow& borrow : queue.borrow) {
    text += "    borrow" + Option("from", Text(borrow.from)) +
            Option("service", Text(borrow.service_permille)) + "\n";
  }
  const Forecast& forecast = queue.forecast;
  if (!forecast.none()) {
    text += std::string("    forecast") + (forecast.relax ? " relax" : "") +
            priority(forecast.priority) + Unless(QueueName(), "queue", forecast.queue) + "\n";
  }
  for (const Escalation& each : queue.escalations) {
    text += "    escalate" + Option("age", Text(each.age)) + priority(each.priority) +
            Unless(QueueName(), "queue", each.queue) + "\n";
  }
  return text;
}

std::string Lines(const Queue& queue) {
  const Queue usual;
  std::string text =
      "  queue " + Text(queue.name) + (queue.auto_accept ? " auto-accept" : "") +
      (queue.interrupts ? " interrupts" : "") + (queue.interruptible ? " interruptible" : "") +
      Options(queue.requirement) + Unless(usual.pick, "pick", queue.pick) +
      (queue.score.empty() ? "" : Option("score", TextOf(queue.score))) +
      Unless(usual.offer_to, "offer-to", queue.offer_to) + Unless(usual.rank, "rank", queue.rank) +
      Unless(usual.sla, "sla", queue.sla) + Option("window", Text(queue.offer_window)) +
      Unless(usual.answer_within, "answer-within", queue.answer_within) +
      Unless(usual.wrap_up, "wrap-up", queue.wrap_up) +
      Unless(usual.max_waiting, "max-waiting", queue.max_waiting) +
      RefugeOption("when-full", usual.when_full, queue.when_full, queue.full_queue) +
      RefugeOption("when-nobody", usual.when_nobody, queue.when_nobody, queue.nobody_queue) +
      Unless(usual.hours, "hours", queue.hours) +
      RefugeOption("when-closed", usual.when_closed, queue.when_closed, queue.closed_queue) +
      Unless(usual.expected_work, "expected-work", queue.expected_work) +
      Unless(usual.wake, "wake", queue.wake) + "\n" + MoreLines(queue);
  return text;
}

std::string Line(const Route& route) {
  return "  route " + Text(route.name) + Option("channel", route.channels) +
         Option("language", route.languages) + Option("topic", route.topics) +
         Option("sentiment", route.sentiments) + Option("tier", route.tiers) +
         (route.on_site ? Option("on-site", Text(*route.on_site)) : "") +
         (route.repeat ? Option("repeat", Text(*route.repeat)) : "") +
         Option("order-status", route.order_statuses) +
         Unless(std::int64_t{0}, "value-min", route.value_min) +
         Option("queue", Text(route.queue)) + Option("priority", std::to_string(route.priority)) +
         Option("needs", route.needs) + "\n";
}

std::string RuleLines(const Policy& policy) {
  const Policy usual;
  std::string text = "  cool-down " + Text(policy.decline_cooldown) + "\n";
  text += "  missed-offers " + std::to_string(policy.missed_offers_max) + "\n";
  text += "  late-share " + std::to_string(policy.late_share_permille) + "\n";
  if (policy.order != usual.order || !policy.then.empty()) {
    text += "  order " + EnumText(policy.order) + (policy.then.empty() ? "" : " then");
    for (const SortField field : policy.then) text += " " + EnumText(field);
    text += "\n";
  }
  if (policy.urgent != usual.urgent) text += "  urgent " + Text(policy.urgent) + "\n";
  if (policy.near != usual.near) text += "  near " + Text(policy.near) + "\n";
  if (policy.crowd != usual.crowd) text += "  crowd " + std::to_string(policy.crowd) + "\n";
  if (policy.age_credit != usual.age_credit) {
    text += "  age-credit " + Text(policy.age_credit) + "\n";
  }
  if (policy.starve_after != usual.starve_after) {
    text += "  starve-after " + Text(policy.starve_after) + "\n";
  }
  const Pace& pace = policy.pace;
  if (pace != usual.pace) {
    text += "  pace" + Unless(usual.pace.most, "most", pace.most) +
            Unless(usual.pace.window, "window", pace.window) +
            Unless(usual.pace.start_most, "start-most", pace.start_most) +
            Unless(usual.pace.start, "start", pace.start) + "\n";
  }
  const Sticky& sticky = policy.sticky;
  if (sticky != usual.sticky) {
    text += std::string("  sticky") + (sticky.linked ? " linked" : "") +
            Unless(usual.sticky.last_agent, "last-agent", sticky.last_agent) +
            Unless(usual.sticky.wait, "wait", sticky.wait) +
            Unless(usual.sticky.repeat, "repeat", sticky.repeat) +
            Unless(usual.sticky.repeat_raise, "repeat-raise", sticky.repeat_raise) + "\n";
  }
  if (policy.reopen != usual.reopen) text += "  reopen " + Text(policy.reopen) + "\n";
  if (!policy.angry_needs.empty()) text += "  angry" + Option("needs", policy.angry_needs) + "\n";
  const FollowUps& follow_ups = policy.follow_ups;
  if (follow_ups != usual.follow_ups) {
    text += "  follow-ups" +
            Unless(usual.follow_ups.unanswered, "unanswered", follow_ups.unanswered) +
            Unless(usual.follow_ups.raise, "raise", follow_ups.raise) +
            Unless(usual.follow_ups.angry_raise, "angry-raise", follow_ups.angry_raise) + "\n";
  }
  const Quality& quality = policy.quality;
  if (quality != usual.quality) {
    text += "  quality" + Option("criteria", quality.criteria) +
            Unless(usual.quality.share_permille, "share", quality.share_permille) +
            Unless(usual.quality.angry_permille, "angry", quality.angry_permille) +
            Unless(usual.quality.repeats_permille, "repeats", quality.repeats_permille) +
            Unless(usual.quality.new_agents_permille, "new-agents", quality.new_agents_permille) +
            Unless(usual.quality.new_agents_first, "first", quality.new_agents_first) +
            Unless(usual.quality.keep, "keep", quality.keep) + "\n";
  }
  for (const StatusRaise& each : policy.status_raises) {
    text += "  status " + Text(each.status) + Option("raise", std::to_string(each.raise)) + "\n";
  }
  return text;
}

}  // namespace

void ReadPolicyLine(const std::string& word, ScenarioLine& line, Policy& policy) {
  if (word == "channel") {
    ReadChannel(line, policy);
  } else if (word == "calendar") {
    ReadCalendar(line, policy);
  } else if (word == "sla") {
    ReadSlaClass(line, policy);
  } else if (word == "queue") {
    policy.queues.push_back(ReadQueue(line));
  } else if (word == "step" || word == "prefer" || word == "escalate" || word == "borrow" ||
             word == "forecast") {
    ReadQueueLine(word, line, policy);
  } else if (word == "route") {
    const auto name = line.WordName<RouteName>("the route's name");
    policy.routes.push_back(ReadRoute(line));
    policy.routes.back().name = name;
  } else if (word == "otherwise") {
    policy.routes.push_back(ReadRoute(line));
    policy.routes.back().name = RouteName::Of("otherwise");
  } else {
    ReadRule(word, line, policy);
  }
}

std::string WritePolicy(const std::string& name, const Policy& policy) {
  std::string text = "policy " + name + "\n";
  text += "  version " + (policy.version.empty() ? "-" : policy.version) + "\n";
  for (const Channel& channel : policy.channels) {
    text += "  channel " + Text(channel.name) + Option("units", std::to_string(channel.units)) +
            (channel.grace ? Option("grace", Text(*channel.grace)) : "") +
            (channel.pending_holds ? " pending-holds" : "") + "\n";
  }
  for (const Calendar& calendar : policy.calendars) {
    text += "  calendar " + Text(calendar.name) + Option("open", calendar.open) + "\n";
  }
  for (const SlaClass& sla : policy.sla_classes) {
    const SlaClass usual;
    text += "  sla " + Text(sla.name) + Option("first", Text(sla.first_response)) +
            Unless(usual.next_response, "next", sla.next_response) +
            Unless(usual.resolution, "resolution", sla.resolution) +
            Unless(usual.update, "update", sla.update) +
            (sla.warn_permilles.empty() ? " warn=-" : Option("warn", sla.warn_permilles)) +
            Unless(usual.hours, "hours", sla.hours) + "\n";
  }
  for (const Queue& queue : policy.queues) text += Lines(queue);
  for (const Route& route : policy.routes) text += Line(route);
  return text + RuleLines(policy) + "end\n";
}

}  // namespace usher::kit
