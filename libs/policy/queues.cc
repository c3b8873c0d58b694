#include "policy/queues.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "model/limits.h"
#include "policy/expressions.h"
#include "policy/score.h"
#include "policy/steps.h"

namespace usher::policy {
namespace {

constexpr std::array<std::string_view, 6> kPicks = {"rarest_first", "longest_idle", "least_loaded",
                                                    "round_robin",  "best_level",   "score"};
constexpr std::uint8_t kRankMax = 9;

class QueueReader {
 public:
  QueueReader(Declared& declared, Problems& problems) : declared_(declared), problems_(problems) {}

  Queue Read(const Yaml& value) {
    Queue queue;
    Fields fields(
        value, "a queue",
        {"name",      "needs",       "who",          "relax",         "helpers",    "prefer",
         "pick",      "score",       "offer_to",     "rank",          "interrupts", "interruptible",
         "sla",       "auto_accept", "offer_window", "answer_within", "wrap_up",    "max_waiting",
         "when_full", "when_nobody", "escalate"},
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
    const Yaml* priority = fields.Find("priority");
    const Yaml* to = fields.Find("queue");
    if (priority != nullptr) {
      const auto read = ReadNumber(*priority, "priority", 0, kPriorities - 1, problems_);
      if (read) made.priority = static_cast<std::uint8_t>(*read);
    }
    if (to != nullptr) {
      const auto name = ReadName(*to, "queue", problems_);
      if (name && QueueName::Of(*name) == queue.name) {
        problems_.Add(to->at, "it waits in " + Quoted(*name) + " already");
      } else if (name) {
        references_.emplace_back(*name, to->at);
        made.queue = QueueName::Of(*name);
      }
    }
    if (fields.is_map() && priority == nullptr && to == nullptr) {
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
