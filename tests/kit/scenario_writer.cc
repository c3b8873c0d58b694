#include "kit/scenario.h"
#include "kit/scenario_expression.h"
#include "kit/scenario_limits.h"
#include "kit/scenario_policy.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

template <class Tag>
std::string Text(const Name<Tag>& name) {
  return name.none() ? "-" : name.ToString();
}

std::string Text(const Need& need) { return TextOf(need); }
std::string Text(const Attribute& attribute) { return TextOf(attribute); }
std::string Text(const ChannelLimit& limit) {
  return Text(limit.channel) + ":" + std::to_string(limit.most);
}
std::string Text(const Mark& mark) {
  return Text(mark.criterion) + ":" + std::to_string(mark.mark);
}
std::string Keeps(const ApplyPolicy& apply) { return apply.keep ? " keep" : ""; }
std::string Text(const AskedExclusion& exclusion) {
  return Text(exclusion.agent) + ":" + TimeText(exclusion.length);
}

template <class T>
std::string List(const std::vector<T>& list) {
  std::string text;
  for (const T& each : list) text += (text.empty() ? "" : ",") + Text(each);
  return text.empty() ? "-" : text;
}

std::string Priority(const std::optional<std::uint8_t>& priority) {
  return priority ? " priority=" + std::to_string(*priority) : "";
}

std::string Option(const char* name, const std::string& value) {
  return value == "-" ? "" : std::string(" ") + name + "=" + value;
}

// The words and options of each body after its verb.
class BodyWriter {
 public:
  BodyWriter(const Step& step, const Labels& labels) : step_(step), labels_(labels) {}

  std::string operator()(const Tick&) const { return ""; }
  std::string operator()(const Checkpoint&) const { return ""; }
  std::string operator()(const PlaceInquiry& c) const {
    const Features& f = c.features;
    return " " + labels_.Of(c.inquiry) + " channel=" + Text(f.channel) +
           Option("language", Text(f.language)) + Option("topic", Text(f.topic)) +
           Option("sentiment", f.sentiment == Sentiment::kUnknown ? "-" : EnumText(f.sentiment)) +
           Option("tier", Text(f.tier)) + Option("order", labels_.Of(f.order)) +
           Option("conversation", labels_.Of(c.conversation)) +
           Option("customer", labels_.Of(c.customer)) + Option("message", labels_.Of(c.message)) +
           Option("order-status", Text(f.order_status)) + (f.on_site ? " on-site=yes" : "") +
           (f.value == 0 ? "" : " value=" + std::to_string(f.value)) +
           Option("queue", Text(c.queue)) + Priority(c.priority) +
           (c.arrived_at == kNever ? "" : " arrived=" + TimeText(c.arrived_at)) +
           Option("preferred", List(c.preferred)) +
           (c.prefer_for == Duration(0) ? "" : " prefer-for=" + TimeText(c.prefer_for)) +
           Option("exclude", List(c.exclude)) +
           (c.starts_at == Instant() ? "" : " starts=" + TimeText(c.starts_at));
  }
  std::string operator()(const UpdateInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + Priority(c.priority) +
           (c.sentiment ? " sentiment=" + EnumText(*c.sentiment) : "") +
           (c.on_site ? std::string(" on-site=") + (*c.on_site ? "yes" : "no") : "") +
           (c.value ? " value=" + std::to_string(*c.value) : "") +
           Option("exclude", List(c.exclude));
  }
  std::string operator()(const CancelInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " reason=" + EnumText(c.reason);
  }
  std::string operator()(const AbandonInquiry& c) const { return " " + labels_.Of(c.inquiry); }
  std::string operator()(const RegisterAgent& c) const {
    return " " + Text(c.agent) + (c.may_take ? " may-take" : "") +
           (c.supervisor ? " supervisor" : "") + (c.bot ? " bot" : "") +
           Option("skills", List(c.skills)) + " capacity=" + std::to_string(c.units) +
           Option("limit", List(c.limits)) + Option("attributes", List(c.attributes));
  }
  std::string operator()(const RemoveAgent& c) const { return " " + Text(c.agent); }
  std::string operator()(const SetPresence& c) const {
    return " " + Text(c.agent) + " " + EnumText(c.presence) +
           (c.shift_ends == kNever ? "" : " shift-ends=" + TimeText(c.shift_ends));
  }
  std::string operator()(const AcceptOffer& c) const { return Offer(c.offer) + Text(c.agent); }
  std::string operator()(const DeclineOffer& c) const {
    return Offer(c.offer) + Text(c.agent) + " reason=" + EnumText(c.reason);
  }
  std::string operator()(const RecordReply& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent) + Option("channel", Text(c.channel)) +
           Option("conversation", labels_.Of(c.conversation));
  }
  std::string operator()(const FinishInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent);
  }
  std::string operator()(const TakeInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent);
  }
  std::string operator()(const AssignInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent) + Option("by", Text(c.supervisor));
  }
  std::string operator()(const TransferInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent) + Option("queue", Text(c.queue)) +
           Option("to", Text(c.to));
  }
  std::string operator()(const PauseInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent) +
           (c.until == kNever ? "" : " until=" + TimeText(c.until));
  }
  std::string operator()(const ResumeInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent);
  }
  std::string operator()(const ScheduleInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + TimeText(c.at);
  }
  std::string operator()(const UpdateOrder& c) const {
    return " " + labels_.Of(c.order) + " " + Text(c.status);
  }
  std::string operator()(const ReviewInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + Text(c.agent) + Option("by", Text(c.reviewer)) +
           Option("marks", List(c.marks));
  }
  std::string operator()(const RateInquiry& c) const {
    return " " + labels_.Of(c.inquiry) + " " + std::to_string(c.rating);
  }
  std::string operator()(const EstimateWait& c) const { return " " + labels_.Of(c.inquiry); }
  std::string operator()(const ExplainInquiry& c) const { return " " + labels_.Of(c.inquiry); }
  std::string operator()(const ShowWork& c) const { return " " + Text(c.agent); }
  std::string operator()(const ApplyPolicy& c) const { return Version(c.policy) + Keeps(c); }
  std::string operator()(const PreviewPolicy& c) const { return Version(c.policy); }

 private:
  static std::string Version(const Policy& policy) {
    return " " + (policy.version.empty() ? "-" : policy.version);
  }
  std::string Offer(const OfferId& offer) const {
    if (!step_.offer_of.none()) return " " + labels_.Of(step_.offer_of) + " ";
    return " offer=" + std::to_string(offer.number) + " ";
  }

  const Step& step_;
  const Labels& labels_;
};

std::string Origin(const Command& command, const Labels& labels) {
  std::string text;
  if (!command.source.none()) {
    text += " source=" + command.source.topic + ":" + std::to_string(command.source.partition) +
            ":" + std::to_string(command.source.offset);
  }
  text += Option("request", labels.Of(command.request));
  if (command.digest != 0) text += " digest=" + std::to_string(command.digest);
  return text;
}

std::string WriteLimits(const Limits& l) {
  const Limits usual;
  std::string text;
  ForEachLimit([&](const char* name, std::uint32_t Limits::*bound) {
    if (l.*bound != usual.*bound) text += std::string(" ") + name + "=" + std::to_string(l.*bound);
  });
  if (l.jump_max != usual.jump_max) text += " jump=" + TimeText(l.jump_max);
  return text.empty() ? "" : "limits" + text + "\n";
}

// The policy that the command speaks of; null if it speaks of none.
const Policy* PolicyOf(const CommandBody& body) {
  if (const auto* apply = std::get_if<ApplyPolicy>(&body)) return &apply->policy;
  const auto* preview = std::get_if<PreviewPolicy>(&body);
  return preview == nullptr ? nullptr : &preview->policy;
}

std::string WriteStepAs(const Step& step, const Labels& labels, const std::string& policy) {
  const Command& command = step.command;
  std::string text = "at " + TimeText(command.at) + " ";
  if (step.restore) return text + "restore";
  text += CommandWord(command.body.index());
  text += policy.empty() ? std::visit(BodyWriter(step, labels), command.body) : " " + policy;
  const auto* apply = std::get_if<ApplyPolicy>(&command.body);
  if (!policy.empty() && apply != nullptr) text += Keeps(*apply);
  return text + Origin(command, labels);
}

}  // namespace

std::string WriteStep(const Step& step, const Labels& labels) {
  return WriteStepAs(step, labels, "");
}

std::string WriteScenario(const Scenario& scenario) {
  std::string text = WriteLimits(scenario.limits);
  if (!scenario.ignored.empty()) {
    text += "ignore";
    for (const std::string& kind : scenario.ignored) text += " " + kind;
    text += "\n";
  }
  std::vector<Policy> policies;
  for (const Step& step : scenario.steps) {
    std::string name;
    if (const Policy* policy = PolicyOf(step.command.body)) {
      std::size_t at = 0;
      while (at < policies.size() && !(policies[at] == *policy)) ++at;
      name = "p" + std::to_string(at + 1);
      if (at == policies.size()) {
        policies.push_back(*policy);
        text += WritePolicy(name, *policy);
      }
    }
    text += WriteStepAs(step, scenario.labels, name) + "\n";
    for (const Expectation& each : step.expects) text += "  expect " + each.text.ToString() + "\n";
  }
  return text;
}

}  // namespace usher::kit
