#include <variant>

#include "kit/scenario.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

// Adds to a text what each decision has to say. One overload a decision, in the order of
// DecisionBody.
class Describer {
 public:
  Describer(const Labels& labels, DecisionText& text) : labels_(labels), text_(text) {}

  void operator()(const InquiryPlaced& d) {
    Begin("placed", {Of(d.inquiry)});
    Add("queue", d.queue);
    Add("route", d.route);
    Add("priority", d.priority);
    Add("sla", d.sla);
    Add("due", d.due);
    Add("conversation", d.conversation);
    Add("customer", d.customer);
    Add("message", d.message);
    AddFeatures(d.features);
    Add("diverted_from", d.diverted_from);
    Add("repeat", d.repeat);
    Add("arrived_at", d.arrived_at);
    Add("starts_at", d.starts_at);
    Add("reopens", d.reopens);
  }
  void operator()(const MessageJoined& d) {
    Begin("joined", {Of(d.inquiry)});
    Add("message", d.message);
  }
  void operator()(const InquiryRejected& d) {
    Begin("refused", {Of(d.inquiry)});
    Add("reason", d.reason);
    Add("queue", d.queue);
    Add("message", d.message);
  }
  void operator()(const InquiryRerouted& d) {
    Begin("rerouted", {Of(d.inquiry)});
    Add("queue", d.queue);
    Add("route", d.route);
    Add("priority", d.priority);
    Add("sla", d.sla);
    Add("due", d.due);
  }
  void operator()(const OfferMade& d) {
    Begin("offered", {Of(d.inquiry), "->", Of(d.agent)});
    Add("reason", d.reason);
    Add("queue", d.queue);
    Add("expires", d.expires);
    Add("offer", d.offer.number);
  }
  void operator()(const OfferAccepted& d) {
    Begin("accepted", {Of(d.inquiry), "->", Of(d.agent)});
    Add("automatic", d.automatic);
    Add("offer", d.offer.number);
  }
  void operator()(const OfferDeclined& d) {
    Begin("declined", {Of(d.inquiry), "->", Of(d.agent)});
    Add("reason", d.reason);
    Add("offer", d.offer.number);
  }
  void operator()(const OfferExpired& d) {
    Begin("expired", {Of(d.inquiry), "->", Of(d.agent)});
    Add("offer", d.offer.number);
  }
  void operator()(const OfferRescinded& d) {
    Begin("rescinded", {Of(d.inquiry), "->", Of(d.agent)});
    Add("cause", d.cause);
    Add("offer", d.offer.number);
  }
  void operator()(const InquiryAnswered& d) {
    Begin("answered", {Of(d.inquiry), "by", Of(d.agent)});
    Add("first", d.first);
    Add("since_placed", d.since_placed);
    Add("outside", d.outside);
  }
  void operator()(const InquiryResolved& d) {
    Begin("resolved", {Of(d.inquiry), "by", Of(d.agent)});
    Add("handled", d.handled);
    Add("since_placed", d.since_placed);
  }
  void operator()(const InquiryCancelled& d) {
    Begin("cancelled", {Of(d.inquiry)});
    Add("reason", d.reason);
  }
  void operator()(const InquiryAbandoned& d) {
    Begin("abandoned", {Of(d.inquiry)});
    Add("since_placed", d.since_placed);
  }
  void operator()(const InquiryRequeued& d) {
    Begin("requeued", {Of(d.inquiry), "from", Of(d.agent)});
    Add("reason", d.reason);
  }
  void operator()(const InquiryRelaxed& d) {
    Begin("relaxed", {Of(d.inquiry)});
    Add("step", d.step);
    Add("skipped", d.skipped);
  }
  void operator()(const InquiryEscalated& d) {
    Begin("escalated", {Of(d.inquiry)});
    Add("queue", d.queue);
    Add("priority", d.priority);
    Add("reason", d.reason);
  }
  void operator()(const InquiryReserved& d) {
    Begin("reserved", {Of(d.inquiry)});
    std::string agents;
    for (const AgentName& a : d.agents) Append(agents, Of(a));
    Add("agents", Listed(agents));
    Add("until", d.until);
  }
  void operator()(const ReservationEnded& d) { Begin("reservation_ended", {Of(d.inquiry)}); }
  void operator()(const InquiryStarving& d) { Begin("starving", {Of(d.inquiry)}); }
  void operator()(const InquiryUpdated& d) {
    Begin("updated", {Of(d.inquiry)});
    Add("priority", d.priority);
    AddFeatures(d.features);
  }
  void operator()(const InquiryStarted& d) {
    Begin("started", {Of(d.inquiry)});
    Add("queue", d.queue);
    Add("diverted_from", d.diverted_from);
    Add("sla", d.sla);
    Add("due", d.due);
  }
  void operator()(const ScheduleChanged& d) {
    Begin("rescheduled", {Of(d.inquiry)});
    Add("starts_at", d.at);
  }
  void operator()(const InquiryPaused& d) {
    Begin("paused", {Of(d.inquiry), "by", Of(d.agent)});
    Add("until", d.until);
  }
  void operator()(const InquiryResumed& d) {
    Begin("resumed", {Of(d.inquiry), "->", Of(d.agent)});
    Add("cause", d.cause);
  }
  void operator()(const OrderUpdated& d) {
    Begin("order_updated", {Of(d.order)});
    Add("status", d.status);
    Add("inquiries", d.inquiries);
  }
  void operator()(const InquiryReviewed& d) {
    Begin("reviewed", {Of(d.inquiry)});
    Add("agent", d.agent);
    Add("reviewer", d.reviewer);
    std::string marks;
    for (const Mark& m : d.marks) Append(marks, Of(m.criterion) + ":" + std::to_string(m.mark));
    Add("marks", Listed(marks));
  }
  void operator()(const InquiryRated& d) {
    Begin("rated", {Of(d.inquiry)});
    Add("rating", d.rating);
  }
  void operator()(const BreachForecast& d) {
    Begin("forecast", {Of(d.inquiry)});
    Add("due", d.due);
    Add("estimate", d.estimate);
  }
  void operator()(const WaitEstimated& d) {
    Begin("estimated", {Of(d.inquiry)});
    Add("queue", d.queue);
    Add("position", d.position);
    Add("slots", d.slots);
    Add("estimate", d.estimate);
  }
  void operator()(const InquiryExplained& d) {
    Begin("explained", {Of(d.inquiry)});
    Add("stage", d.stage);
    Add("queue", d.queue);
    Add("route", d.route);
    Add("priority", d.priority);
    Add("step", d.step);
    Add("clock", d.clock);
    Add("due", d.due);
    Add("position", d.position);
    std::string candidates, verdicts, clauses;
    for (const Candidate& each : d.candidates) Append(candidates, Text(each));
    for (const VerdictCount& each : d.verdicts) {
      Append(verdicts, EnumText(each.verdict) + ":" + std::to_string(each.agents));
    }
    for (const ClauseCount& each : d.clauses) Append(clauses, Text(each));
    Add("candidates", Listed(candidates));
    Add("verdicts", Listed(verdicts));
    Add("clauses", Listed(clauses));
    Add("next", d.next);
    Add("next_at", d.next_at);
  }
  void operator()(const PolicyPreviewed& d) {
    Begin("previewed", {d.version.empty() ? "-" : d.version});
    Add("sound", d.sound);
    Add("open", d.open);
    Add("moved", d.moved);
    Add("unstaffed", d.unstaffed);
  }
  void operator()(const WrapUpEnded& d) {
    Begin("wrap_up_ended", {Of(d.inquiry), "by", Of(d.agent)});
  }
  void operator()(const AgentRegistered& d) {
    Begin("agent_registered", {Of(d.agent)});
    std::string skills;
    for (const Need& s : d.skills) Append(skills, Of(s.skill) + ":" + std::to_string(s.level));
    Add("skills", Listed(skills));
    Add("capacity", d.units);
    std::string limits;
    for (const ChannelLimit& l : d.limits) {
      Append(limits, Of(l.channel) + ":" + std::to_string(l.most));
    }
    Add("limit", Listed(limits));
    std::string attributes;
    for (const Attribute& a : d.attributes) Append(attributes, Of(a.name) + "=" + Of(a.value));
    Add("attributes", Listed(attributes));
    Add("may_take", d.may_take);
    Add("supervisor", d.supervisor);
    Add("bot", d.bot);
  }
  void operator()(const AgentRemoved& d) { Begin("agent_removed", {Of(d.agent)}); }
  void operator()(const PresenceChanged& d) {
    Begin("presence", {Of(d.agent), EnumText(d.presence)});
    Add("away", d.away);
    Add("shift_ends", d.shift_ends);
  }
  void operator()(const SlaWarned& d) {
    Begin("warned", {Of(d.inquiry)});
    Add("target", d.target);
    Add("due", d.due);
    Add("permille", d.permille);
  }
  void operator()(const SlaBreached& d) {
    Begin("breached", {Of(d.inquiry)});
    Add("target", d.target);
    Add("due", d.due);
  }
  void operator()(const SlaMet& d) {
    Begin("met", {Of(d.inquiry)});
    Add("target", d.target);
    Add("due", d.due);
  }
  void operator()(const WorkShown& d) {
    Begin("work", {Of(d.agent)});
    Add("presence", d.presence);
    std::string offers, expires, numbers, assigned, answered, pending;
    for (const OpenOffer& o : d.offers) {
      Append(offers, Of(o.inquiry));
      Append(expires, TimeText(o.expires));
      Append(numbers, std::to_string(o.offer.number));
    }
    for (const OpenAssignment& a : d.assignments) {
      Append(assigned, Of(a.inquiry));
      if (a.answered) Append(answered, Of(a.inquiry));
      if (a.pending) Append(pending, Of(a.inquiry));
    }
    Add("offers", Listed(offers));
    Add("expires", Listed(expires));
    Add("numbers", Listed(numbers));
    Add("assigned", Listed(assigned));
    Add("answered", Listed(answered));
    Add("pending", Listed(pending));
  }
  void operator()(const PolicyApplied& d) {
    Begin("policy_applied", {d.version.empty() ? "-" : d.version});
    Add("rerouted", d.rerouted);
    std::string criteria;
    for (const CriterionName& c : d.quality.criteria) Append(criteria, Of(c));
    Add("criteria", Listed(criteria));
    Add("share", d.quality.share_permille);
    Add("angry", d.quality.angry_permille);
    Add("repeats", d.quality.repeats_permille);
    Add("new_agents", d.quality.new_agents_permille);
    Add("first", d.quality.new_agents_first);
    Add("keep", d.quality.keep);
  }
  void operator()(const CommandRejected& d) {
    Begin("rejected", {CommandWord(d.command)});
    Add("reason", d.reason);
    Add("inquiry", d.inquiry);
    Add("agent", d.agent);
    Add("offer", d.offer.number);
  }
  void operator()(const CommandRepeated& d) {
    Begin("repeated", {});
    Add("reason", d.reason);
  }
  void operator()(const ClockCapped& d) {
    Begin("clock_capped", {});
    Add("asked", d.asked);
  }
  void operator()(const Checkpointed& d) {
    Begin("checkpointed", {});
    Add("inquiries", d.inquiries);
    Add("agents", d.agents);
    Add("hash", d.hash);
  }

  void Add(const char* name, std::string value) {
    text_.fields.emplace_back(name, std::move(value));
  }
  void Add(const char* name, Instant value) { Add(name, TimeText(value)); }
  void Add(const char* name, Duration value) { Add(name, TimeText(value)); }
  void Add(const char* name, bool value) { Add(name, std::string(value ? "yes" : "no")); }
  template <class T>
  void Add(const char* name, const T& value) {
    if constexpr (std::is_enum_v<T>) {
      Add(name, EnumText(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
      Add(name, std::to_string(value));
    } else {
      Add(name, Of(value));
    }
  }

 private:
  void Begin(const char* kind, std::vector<std::string> subject) {
    text_.kind = kind;
    text_.subject = std::move(subject);
  }
  void AddFeatures(const Features& f) {
    Add("channel", f.channel);
    Add("language", f.language);
    Add("topic", f.topic);
    Add("sentiment", f.sentiment);
    Add("tier", f.tier);
    Add("order", f.order);
    Add("order_status", f.order_status);
    Add("on_site", f.on_site);
    Add("value", f.value);
  }
  template <class Tag>
  std::string Of(const Id<Tag>& id) const {
    return labels_.Of(id);
  }
  template <class Tag>
  std::string Of(const Name<Tag>& name) const {
    return name.none() ? "-" : name.ToString();
  }
  // `ana:able/12` with the score, `bob:low_level/billing` with the skill, `eva:offline`.
  std::string Text(const Candidate& c) const {
    std::string text = Of(c.agent) + ":" + EnumText(c.verdict);
    if (c.verdict == Verdict::kAble) text += "/" + std::to_string(c.score);
    return c.skill.none() ? text : text + "/" + Of(c.skill);
  }
  // `billing:60=3/1`: three fail it, one of them only it. The expression is `who`.
  std::string Text(const ClauseCount& c) const {
    const std::string clause = c.skill.none() ? "who" : Of(c.skill) + ":" + std::to_string(c.level);
    return clause + "=" + std::to_string(c.failing) + "/" + std::to_string(c.only);
  }
  static void Append(std::string& list, const std::string& element) {
    if (!list.empty()) list += ",";
    list += element;
  }
  static std::string Listed(const std::string& list) { return list.empty() ? "-" : list; }

  const Labels& labels_;
  DecisionText& text_;
};

// One decision of each kind, of no value.
template <std::size_t... I>
std::vector<DecisionBody> EachKind(std::index_sequence<I...>) {
  return {DecisionBody(std::in_place_index<I>)...};
}

}  // namespace

std::string DecisionText::ToString() const {
  std::string line = kind;
  for (const std::string& word : subject) line += " " + word;
  for (const auto& [name, value] : fields) line += " " + name + "=" + value;
  return line;
}

DecisionText Describe(const Decision& decision, const Labels& labels) {
  DecisionText text;
  Describer describer(labels, text);
  std::visit(describer, decision.body);
  describer.Add("at", decision.at);
  return text;
}

std::vector<std::string> FieldsOf(std::string_view kind) {
  for (DecisionBody& body :
       EachKind(std::make_index_sequence<std::variant_size_v<DecisionBody>>())) {
    const DecisionText text = Describe({Instant(), std::move(body)}, Labels());
    if (text.kind != kind) continue;
    std::vector<std::string> names;
    for (const auto& field : text.fields) names.push_back(field.first);
    return names;
  }
  return {};
}

bool Matches(const DecisionText& expected, const DecisionText& decided) {
  if (expected.kind != decided.kind || expected.subject != decided.subject) return false;
  for (const auto& field : expected.fields) {
    bool found = false;
    for (const auto& other : decided.fields) found = found || field == other;
    if (!found) return false;
  }
  return true;
}

}  // namespace usher::kit
