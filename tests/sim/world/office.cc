#include "sim/world/office.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agents/requests.h"
#include "core/check.h"
#include "policy/compile.h"
#include "usher/v1/agents.pb.h"
#include "wire/surface.h"

namespace usher::sim {
namespace {

// Every turn that matters to recovery: offers that expire, wrap-ups, steps, auto-accept, grace.
constexpr char kRules[] = R"(
topics: [refund, exchange]
skills: [help, returns]
channels:
  chat: {units: 1, grace: 6s}
  email: {units: 1}
sla:
  live: {first_response: 6s, warn: 50%}
  mail: {first_response: 20s}
queues:
  - name: live
    needs: {help: 20}
    sla: live
    offer_window: 3s
    wrap_up: 1s
  - name: returns
    needs: {returns: 60}
    relax: [{after: 3s, needs: {}}]
    borrow: [{from: live, service: 80%}]
    sla: mail
    offer_window: 4s
  - name: mail
    sla: mail
    auto_accept: true
    answer_within: 15s
sticky: {last_agent: 72h, wait: 2s}
acting:
  late_promise: {after: 1s, channel: email, text: promise_passed, queue: mail}
  confirming_call: {from: 500ms, to: 3s, value: {min: 5000}, channel: chat, text: confirm_order, queue: live}
  carrier_incident: {orders: 3, window: 1h, channel: email, text: carrier_late, queue: mail}
)";

constexpr const char* kRoutes[] = {
    R"(routes:
  - name: returns
    match: {topic: [refund]}
    queue: returns
  - name: live
    match: {channel: [chat]}
    queue: live
    priority: 6
otherwise: {queue: mail, priority: 3}
)",
    R"(routes:
  - name: live
    match: {channel: [chat]}
    queue: live
    priority: 5
  - name: returns
    match: {topic: [refund, exchange]}
    queue: returns
    priority: 7
otherwise: {queue: mail, priority: 2}
)"};

}  // namespace

Office::Office(Cluster::Parts parts, Cluster& cluster, Ledger& ledger)
    : parts_(std::move(parts)), cluster_(cluster), ledger_(ledger) {}

std::string Office::AgentOf(std::int64_t number) { return absl::StrCat("agent-", number); }

void Office::Plan(Instant from, Instant until) {
  for (std::int64_t desk = 0; desk < parts_.workload.desks; ++desk) {
    const std::string name = absl::StrCat("desk-", desk);
    AddPolicy(name, 0, Instant());
    for (std::int64_t agent = 0; agent < parts_.workload.agents; ++agent) AddAgent(name, agent);
    for (int i = 1; i <= parts_.workload.policies; ++i) {
      const auto within = static_cast<std::uint64_t>((until - from).count());
      AddPolicy(name, i, from + Duration(static_cast<std::int64_t>(parts_.dice.Below(within))));
    }
  }
}

void Office::AddPolicy(const std::string& desk, int version, Instant at) {
  Errand errand;
  const std::string yaml =
      absl::StrCat("version: v", version, kRules, kRoutes[static_cast<std::size_t>(version) % 2]);
  policy::CompileResult compiled = policy::Compile(yaml, parts_.now());
  USHER_CHECK(compiled.compiled.has_value());
  errand.record.desk = DeskName::Of(desk);
  errand.record.command.body = ApplyPolicy{std::move(compiled.compiled->policy)};
  errand.record.command.request =
      wire::RequestIdOf(errand.record.desk, absl::StrCat("policy-", version));
  errand.record.policy_yaml = yaml;
  errand.at = at;
  errand.first = version == 0;
  first_left_ += errand.first ? 1 : 0;
  errands_.emplace(next_++, std::move(errand));
}

void Office::AddAgent(const std::string& desk, std::int64_t number) {
  v1::RegisterAgentRequest request;
  request.set_desk(desk);
  request.set_agent(AgentOf(number));
  request.set_units(2);
  request.set_may_take(true);
  request.set_supervisor(number == 0);
  request.set_request_id(absl::StrCat("agent-", number));
  v1::Need& help = *request.add_skills();
  help.set_skill("help");
  help.set_level(50);
  if (number % 2 == 0) {
    v1::Need& returns = *request.add_skills();
    returns.set_skill("returns");
    returns.set_level(80);
  }
  Errand errand;
  errand.by = Kind::kAgents;
  errand.record = *agents::ToRecord(request);
  errand.first = true;
  ++first_left_;
  errands_.emplace(next_++, std::move(errand));
}

void Office::Step() {
  for (auto& [number, errand] : errands_) {
    if (parts_.now() < errand.at) continue;
    Slot* const slot = cluster_.Any(errand.by);
    if (slot == nullptr) continue;
    errand.at = parts_.now() + 2s + std::chrono::milliseconds(parts_.workload.land_ms * 2);
    Cluster::SubmitterOf(*slot->process)
        ->Submit(errand.record, [this, n = number, there = std::weak_ptr<bool>(there_)](
                                    const absl::StatusOr<journal::Appended>& at) {
          if (!there.expired()) Answered(n, at);
        });
    return;  // one a step: answers may come at once and change the list
  }
}

void Office::Answered(std::uint64_t number, const absl::StatusOr<journal::Appended>& at) {
  const auto errand = errands_.find(number);
  if (errand == errands_.end() || !at.ok()) return;
  if (at->offset >= 0) ledger_.told.insert({at->partition, at->offset});
  if (errand->second.first) --first_left_;
  errands_.erase(errand);
}

}  // namespace usher::sim
