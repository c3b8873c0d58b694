#include "policy/queues.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "model/limits.h"
#include "policy/expressions.h"
#include "policy/score.h"
#include "policy/steps.h"

namespace usher::policy {
namespace {

constexpr std::array<std::string_view, 6> kPicks = {"rarest_first", "longest_idle", "least_loaded",
                                                    "round_robin",  "best_level",   "score"};
constexpr std::array<std::string_view, 2> kWakes = {"owner", "pool"};
constexpr std::uint8_t kRankMax = 9;

class QueueReader {
 public:
  QueueReader(Declared& declared, Problems& problems) : declared_(declared), problems_(problems) {}

  Queue Read(const Yaml& value) {
    Queue queue;
    Fields fields(value, "a queue",
                  {"name",          "needs",         "who",         "relax",         "helpers",
                   "prefer",        "pick",          "score",       "offer_to",      "rank",
                   "interrupts",    "interruptible", "sla",         "auto_accept",   "offer_window",
                   "answer_within", "wrap_up",       "max_waiting", "when_full",     "when_nobody",
                   "escalate",      "hours",         "when_closed", "expected_work", "wake",
                   "borrow",        "forecast"},
                  problems_);
    if (!fields.is_map()) {
      declared_.queues.SetBroken();
      return queue;
    }
    ReadQueueName(fields, queue);
    ReadWho(fields, queue);
    ReadWhich(fields, queue);
    ReadOffering(fields, queue);
    ReadRoom(fields, queue);
    ReadNewcomers(fields, queue);
    if (const Yaml* escalate = fields.Find("escalate")) ReadEscalations(*escalate, queue);
    ReadTime(fields, queue);
    if (const Yaml* borrow = fields.Find("borrow")) ReadBorrow(*borrow, queue);
    if (const Yaml* forecast = fields.Find("forecast")) ReadForecast(*forecast, fields, queue);
    return queue;
  }

  // When all queues are declared.
  void Finish() {
    for (const auto& [name, at] : references_) declared_.queues.Resolve(name, at, problems_);
    FindCircles();
  }

 private:
  struct Diversion {
    std::string to;
    std::size_t at;
  };

  void ReadQueueName(Fields& fields, Queue& queue) {
    const Yaml* name = fields.Need("name");
    const auto text =
        name == nullptr ? std::nullopt : ReadName(*name, "the name of a queue", problems_);
    if (!text) {
      declared_.queues.SetBroken();
      return;
    }
    declared_.queues.Declare(*text, name->at, problems_);
    queue.name = QueueName::Of(*text);
  }

  void ReadWho(const Fields& fields, Queue& queue) {
    const std::size_t before = problems_.count();
    if (const Yaml* needs = fields.Find("needs")) {
      queue.requirement.needs = ReadNeeds(*needs, declared_, problems_);
    }
    if (const Yaml* who = fields.Find("who")) {
      queue.requirement.who =
          ReadExpression(*who, "who", declared_, problems_).value_or(Expression());
    }
    const bool whole = problems_.count() == before;
    const Yaml* relax = fields.Find("relax");
    const Yaml* helpers = fields.Find("helpers");
    if (relax != nullptr && helpers != nullptr) {
      problems_.Add(helpers->at,
                    "a queue has either relax or helpers; helpers are steps of relax with 'any' of "
                    "the queue's own and them");
      return;
    }
    if (relax != nullptr) {
      queue.steps = ReadRelax(*relax, queue.requirement, whole, declared_, problems_);
    }
    if (helpers != nullptr) {
      queue.steps = ReadHelpers(*helpers, queue.requirement, whole, declared_, problems_);
    }
  }

  void ReadWhich(const Fields& fields, Queue& queue) {
    const Yaml* pick = fields.Find("pick");
    const Yaml* score = fields.Find("score");
    if (score != nullptr) queue.score = ReadScore(*score, declared_, problems_).value_or(Score());
    if (pick != nullptr) {
      const auto chosen = ReadChoice(*pick, "pick", kPicks, problems_);
      if (chosen) queue.pick = static_cast<Pick>(*chosen);
      if (chosen && queue.pick != Pick::kScore && score != nullptr) {
        problems_.Add(pick->at, "with a score the pick is 'score'; take one of them out");
      }
      if (queue.pick == Pick::kScore && score == nullptr) {
        problems_.Add(pick->at, "the pick 'score' needs the key 'score'");
      }
    } else if (score != nullptr) {
      queue.pick = Pick::kScore;
    }
    if (const Yaml* prefer = fields.Find("prefer")) ReadPrefer(*prefer, queue);
  }

  void ReadPrefer(const Yaml& value, Queue& queue) {
    std::vector<const Yaml*> items = {&value};
    if (value.kind != Yaml::Kind::kMap) items = ReadList(value, "prefer", false, problems_);
    if (items.size() > Limits().prefer_max) {
      problems_.Add(value.at, std::to_string(items.size()) + " groups to prefer; at most " +
                                  std::to_string(Limits().prefer_max) + " are taken");
    }
    for (const Yaml* item : items) {
      const auto group = ReadExpression(*item, "prefer", declared_, problems_);
      if (!group) continue;
      if (group->empty()) {
        problems_.Add(item->at, "to prefer anyone is to prefer nobody; take it out");
      } else if (std::find(queue.prefer.begin(), queue.prefer.end(), *group) !=
                 queue.prefer.end()) {
        problems_.Add(item->at, "this group is in the list twice");
      }
      queue.prefer.push_back(*group);
    }
  }

  void ReadOffering(const Fields& fields, Queue& queue) {
    if (const Yaml* window = fields.Find("offer_window")) {
      queue.offer_window =
          ReadDuration(*window, "offer_window", 1ms, problems_).value_or(queue.offer_window);
    }
    if (const Yaml* automatic = fields.Find("auto_accept")) {
      queue.auto_accept = ReadSwitch(*automatic, "auto_accept", problems_).value_or(false);
    }
    if (const Yaml* agents = fields.Find("offer_to")) {
      queue.offer_to = static_cast<std::uint8_t>(
          ReadNumber(*agents, "offer_to", 1, Limits().offers_max, problems_).value_or(1));
      if (queue.auto_accept && queue.offer_to > 1) {
        problems_.Add(agents->at,
                      "with auto_accept the first agent asked has it; take offer_to out");
      }
    }
    if (const Yaml* within = fields.Find("answer_within")) {
      queue.answer_within = ReadDuration(*within, "answer_within", 1ms, problems_).value_or(0s);
    }
    if (const Yaml* sla = fields.Find("sla")) {
      const auto sla_class = ReadName(*sla, "sla", problems_);
      if (sla_class) {
        declared_.sla_classes.Resolve(*sla_class, sla->at, problems_);
        queue.sla = SlaName::Of(*sla_class);
      }
    }
  }

  void ReadRoom(const Fields& fields, Queue& queue) {
    if (const Yaml* wrap_up = fields.Find("wrap_up")) {
      queue.wrap_up = ReadDuration(*wrap_up, "wrap_up", 0s, problems_).value_or(0s);
    }
    if (const Yaml* rank = fields.Find("rank")) {
      queue.rank =
          static_cast<std::uint8_t>(ReadNumber(*rank, "rank", 0, kRankMax, problems_).value_or(0));
    }
    if (const Yaml* interrupts = fields.Find("interrupts")) {
      queue.interrupts = ReadSwitch(*interrupts, "interrupts", problems_).value_or(false);
    }
    if (const Yaml* interruptible = fields.Find("interruptible")) {
      queue.interruptible = ReadSwitch(*interruptible, "interruptible", problems_).value_or(false);
      if (queue.interruptible && queue.interrupts) {
        problems_.Add(interruptible->at,
                      "a queue that interrupts itself fills its agents without end; take "
                      "'interrupts' or 'interruptible' out");
      }
    }
  }

  void ReadNewcomers(const Fields& fields, Queue& queue) {
    if (const Yaml* most = fields.Find("max_waiting")) {
      queue.max_waiting =
          ReadNumber(*most, "max_waiting", 1, Limits().inquiries_max, problems_).value_or(0);
    }
    if (const Yaml* full = fields.Find("when_full")) {
      if (fields.Find("max_waiting") == nullptr) {
        problems_.Add(full->at,
                      "a queue without max_waiting is never full; give it one, or take "
                      "when_full out");
      }
      queue.when_full = ReadRefuge(*full, "when_full", false, queue.name, queue.full_queue);
    }
    if (const Yaml* nobody = fields.Find("when_nobody")) {
      queue.when_nobody = ReadRefuge(*nobody, "when_nobody", true, queue.name, queue.nobody_queue);
    }
  }

  void ReadTime(const Fields& fields, Queue& queue) {
    if (const Yaml* hours = fields.Find("hours")) {
      const auto calendar = ReadName(*hours, "hours", problems_);
      if (calendar) declared_.calendars.Resolve(*calendar, hours->at, problems_);
      queue.hours = CalendarName::Of(calendar.value_or(""));
    }
    if (const Yaml* closed = fields.Find("when_closed")) {
      if (fields.Find("hours") == nullptr) {
        problems_.Add(closed->at,
                      "a queue without hours is never closed; give it some, or take when_closed "
                      "out");
      }
      queue.when_closed = ReadRefuge(*closed, "when_closed", true, queue.name, queue.closed_queue);
    }
    if (const Yaml* work = fields.Find("expected_work")) {
      queue.expected_work = ReadDuration(*work, "expected_work", 1ms, problems_).value_or(0s);
    }
    if (const Yaml* wake = fields.Find("wake")) {
      const auto chosen = ReadChoice(*wake, "wake", kWakes, problems_);
      if (chosen) queue.wake = static_cast<Wake>(*chosen);
    }
  }

  // Names of queues, or {from: queue, service: 90%}.
  void ReadBorrow(const Yaml& value, Queue& queue) {
    const std::vector<const Yaml*> items = ReadList(value, "borrow", true, problems_);
    if (items.size() > Limits().borrow_max) {
      problems_.Add(value.at, std::to_string(items.size()) + " queues to borrow from; at most " +
                                  std::to_string(Limits().borrow_max) + " are taken");
    }
    for (const Yaml* item : items) {
      Borrow made;
      const Yaml* from = item;
      if (item->kind != Yaml::Kind::kText) {
        Fields fields(*item, "an item of borrow", {"from", "service"}, problems_);
        from = fields.Need("from");
        if (const Yaml* service = fields.Find("service")) {
          made.service_permille =
              ReadShare(*service, "service", problems_).value_or(made.service_permille);
        }
      }
      const auto name = from == nullptr ? std::nullopt : ReadName(*from, "from", problems_);
      if (!name) continue;
      made.from = QueueName::Of(*name);
      const bool twice = std::any_of(queue.borrow.begin(), queue.borrow.end(),
                                     [&](const Borrow& b) { return b.from == made.from; });
      if (made.from == queue.name) {
        problems_.Add(from->at, "the agents of " + Quoted(*name) + " are its own already");
      } else if (twice) {
        problems_.Add(from->at, Quoted(*name) + " is in this list twice");
      }
      references_.emplace_back(*name, from->at);
      queue.borrow.push_back(made);
    }
  }

  void ReadForecast(const Yaml& value, const Fields& of_queue, Queue& queue) {
    Fields fields(value, "forecast", {"relax", "priority", "queue"}, problems_);
    const Yaml* relax = fields.Find("relax");
    if (relax != nullptr) {
      queue.forecast.relax = ReadSwitch(*relax, "relax", problems_).value_or(false);
      if (queue.forecast.relax && of_queue.Find("relax") == nullptr &&
          of_queue.Find("helpers") == nullptr) {
        problems_.Add(relax->at, "this queue has no step to go to; give it relax or helpers");
      }
    }
    const auto [priority, to] = ReadMove(fields, queue);
    queue.forecast.priority = priority;
    queue.forecast.queue = to;
    if (fields.is_map() && fields.Find("priority") == nullptr && fields.Find("queue") == nullptr &&
        !queue.forecast.relax) {
      problems_.Add(value.at, "forecast needs 'relax: true', 'priority' or 'queue'");
    }
    if (of_queue.Find("sla") == nullptr) {
      problems_.Add(value.at, "without an SLA class there is no breach to foresee; give it one");
    }
  }

  // The keys `priority` and `queue` of what changes a waiting inquiry.
  std::pair<std::optional<std::uint8_t>, QueueName> ReadMove(const Fields& fields,
                                                             const Queue& queue) {
    std::optional<std::uint8_t> priority;
    QueueName moved_to;
    if (const Yaml* value = fields.Find("priority")) {
      const auto read = ReadNumber(*value, "priority", 0, kPriorities - 1, problems_);
      if (read) priority = static_cast<std::uint8_t>(*read);
    }
    if (const Yaml* to = fields.Find("queue")) {
      const auto name = ReadName(*to, "queue", problems_);
      if (name && QueueName::Of(*name) == queue.name) {
        problems_.Add(to->at, "it waits in " + Quoted(*name) + " already");
      } else if (name) {
        references_.emplace_back(*name, to->at);
        moved_to = QueueName::Of(*name);
      }
    }
    return {priority, moved_to};
  }

  // `hold` where it is allowed, `reject`, or {divert: queue}.
  Refuge ReadRefuge(const Yaml& value, std::string_view what, bool hold, const QueueName& from,
                    QueueName& to) {
    if (value.kind == Yaml::Kind::kText) {
      if (hold && value.text == "hold") return Refuge::kHold;
      if (value.text == "reject") return Refuge::kReject;
    }
    if (value.kind != Yaml::Kind::kMap) {
      TellMisfit(value, what,
                 hold ? "hold, reject or {divert: <queue>}" : "reject or {divert: <queue>}",
                 problems_);
      return Refuge::kReject;
    }
    Fields fields(value, what, {"divert"}, problems_);
    const Yaml* divert = fields.Need("divert");
    const auto queue = divert == nullptr ? std::nullopt : ReadName(*divert, "divert", problems_);
    if (!queue) return Refuge::kReject;
    references_.emplace_back(*queue, divert->at);
    to = QueueName::Of(*queue);
    if (!from.none()) diversions_[from.ToString()].push_back({*queue, divert->at});
    return Refuge::kDivert;
  }

  void ReadEscalations(const Yaml& value, Queue& queue) {
    std::vector<const Yaml*> items = ReadList(value, "escalate", false, problems_);
    if (items.size() > Limits().escalations_max) {
      problems_.Add(value.at, std::to_string(items.size()) + " escalations; at most " +
                                  std::to_string(Limits().escalations_max) + " are taken");
    }
    const Yaml* left = nullptr;  // the first that moves it elsewhere
    for (const Yaml* item : items) {
      const Escalation made = ReadEscalation(*item, queue);
      if (left != nullptr) {
        problems_.Add(item->at, "never reached: it has gone to another queue in line " +
                                    std::to_string(problems_.LineOf(left->at)) +
                                    ", and what that queue says of escalation holds");
      }
      if (left == nullptr && !made.queue.none()) left = item;
      queue.escalations.push_back(made);
    }
  }

  Escalation ReadEscalation(const Yaml& value, const Queue& queue) {
    Escalation made;
    Fields fields(value, "an escalation", {"age", "priority", "queue"}, problems_);
    if (const Yaml* age = fields.Need("age")) {
      const auto read = ReadDuration(*age, "age", 1ms, problems_);
      if (read && !queue.escalations.empty() && *read < queue.escalations.back().age) {
        problems_.Add(age->at, "the age is below that of the escalation before; order them by age");
      }
      made.age = read.value_or(1ms);
    }
    std::tie(made.priority, made.queue) = ReadMove(fields, queue);
    if (fields.is_map() && fields.Find("priority") == nullptr && fields.Find("queue") == nullptr) {
      problems_.Add(value.at, "an escalation needs the key 'priority' or 'queue'");
    }
    return made;
  }

  // Each circle is told once, at the diversion that closes it.
  void FindCircles() {
    std::map<std::string, bool> done;  // false: on the way
    for (const auto& [start, ways] : diversions_) {
      if (done.contains(start)) continue;
      std::vector<std::pair<std::string, std::size_t>> path = {{start, 0}};
      done[start] = false;
      while (!path.empty()) {
        auto& [name, next] = path.back();
        const auto found = diversions_.find(name);
        if (found == diversions_.end() || next == found->second.size()) {
          done[name] = true;
          path.pop_back();
          continue;
        }
        const Diversion& way = found->second[next++];
        const auto [seen, fresh] = done.emplace(way.to, false);
        if (fresh) {
          path.emplace_back(way.to, 0);
        } else if (!seen->second) {
          TellCircle(path, way);
        }
      }
    }
  }

  void TellCircle(const std::vector<std::pair<std::string, std::size_t>>& path,
                  const Diversion& way) {
    std::string circle;
    bool on = false;
    for (const auto& [name, next] : path) {
      on = on || name == way.to;
      if (on) circle += name + " -> ";
    }
    problems_.Add(way.at, "diversions lead in a circle: " + circle + way.to +
                              "; let one of these queues hold or reject");
  }

  Declared& declared_;
  Problems& problems_;
  std::vector<std::pair<std::string, std::size_t>> references_;
  std::map<std::string, std::vector<Diversion>> diversions_;
};

}  // namespace

std::vector<Queue> ReadQueues(const Yaml& value, Declared& declared, Problems& problems) {
  if (value.kind != Yaml::Kind::kList) declared.queues.SetBroken();
  std::vector<Queue> queues;
  QueueReader reader(declared, problems);
  for (const Yaml* item : ReadList(value, "queues", false, problems)) {
    queues.push_back(reader.Read(*item));
  }
  reader.Finish();
  if (queues.size() > Limits().queues_max) {
    problems.Add(value.at, std::to_string(queues.size()) + " queues; at most " +
                               std::to_string(Limits().queues_max) + " are taken");
  }
  return queues;
}

}  // namespace usher::policy
