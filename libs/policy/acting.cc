#include "policy/acting.h"

#include <string>

#include "model/limits.h"
#include "policy/durations.h"

namespace usher::policy {
namespace {

constexpr std::uint32_t kIncidentOrdersMax = 250;

OwnInquiry ReadOwnInquiry(Fields& fields, const Declared& declared, Problems& problems) {
  OwnInquiry inquiry;
  if (const Yaml* channel = fields.Need("channel")) {
    const auto name = ReadName(*channel, "channel", problems);
    if (name && declared.channels.Resolve(*name, channel->at, problems)) {
      inquiry.channel = ChannelName::Of(*name);
    }
  }
  if (const Yaml* text = fields.Need("text")) {
    inquiry.text = TopicName::Of(ReadName(*text, "text", problems).value_or(""));
  }
  if (const Yaml* queue = fields.Find("queue")) {
    const auto name = ReadName(*queue, "queue", problems);
    if (name && declared.queues.Resolve(*name, queue->at, problems)) {
      inquiry.queue = QueueName::Of(*name);
    }
  }
  if (const Yaml* priority = fields.Find("priority")) {
    const auto number = ReadNumber(*priority, "priority", 0, kPriorities - 1, problems);
    if (number) inquiry.priority = static_cast<std::uint8_t>(*number);
  }
  return inquiry;
}

LatePromise ReadLatePromise(const Yaml& value, const Declared& declared, Problems& problems) {
  LatePromise late;
  Fields fields(value, "late_promise", {"after", "channel", "text", "queue", "priority"}, problems);
  if (const Yaml* after = fields.Find("after")) {
    late.after = ReadDuration(*after, "after", 0s, problems).value_or(0s);
  }
  late.inquiry = ReadOwnInquiry(fields, declared, problems);
  return late;
}

ConfirmingCall ReadConfirmingCall(const Yaml& value, const std::vector<Calendar>& calendars,
                                  const Declared& declared, Problems& problems) {
  ConfirmingCall call;
  Fields fields(value, "confirming_call",
                {"from", "to", "hours", "value", "channel", "text", "queue", "priority"}, problems);
  const Yaml* from = fields.Need("from");
  const Yaml* to = fields.Need("to");
  if (from != nullptr) call.from = ReadDuration(*from, "from", 0s, problems).value_or(0s);
  if (to != nullptr) call.to = ReadDuration(*to, "to", 0s, problems).value_or(kDurationMax);
  if (from != nullptr && to != nullptr && call.from > call.to) {
    problems.Add(to->at, "to is " + WriteDuration(call.to) + " and from is " +
                             WriteDuration(call.from) + "; a call is made from one to the other");
  }
  if (const Yaml* hours = fields.Find("hours")) {
    const auto name = ReadName(*hours, "hours", problems);
    if (name && declared.calendars.Resolve(*name, hours->at, problems)) {
      for (const Calendar& calendar : calendars) {
        if (calendar.name.view() == *name) call.hours = calendar;
      }
    }
  }
  if (const Yaml* least = fields.Find("value")) {
    Fields inner(*least, "value", {"min"}, problems);
    if (const Yaml* min = inner.Need("min")) {
      call.value_min = ReadAmount(*min, "min", 1, kValueMost, problems).value_or(0);
    }
  }
  call.inquiry = ReadOwnInquiry(fields, declared, problems);
  return call;
}

CarrierIncident ReadCarrierIncident(const Yaml& value, const Declared& declared,
                                    Problems& problems) {
  CarrierIncident incident;
  Fields fields(value, "carrier_incident",
                {"orders", "window", "channel", "text", "queue", "priority"}, problems);
  if (const Yaml* orders = fields.Need("orders")) {
    incident.orders = ReadNumber(*orders, "orders", 2, kIncidentOrdersMax, problems).value_or(2);
  }
  if (const Yaml* window = fields.Need("window")) {
    incident.window = ReadDuration(*window, "window", 1ms, problems).value_or(1ms);
  }
  incident.inquiry = ReadOwnInquiry(fields, declared, problems);
  return incident;
}

}  // namespace

ActingRules ReadActing(const Yaml& value, const std::vector<Calendar>& calendars,
                       const Declared& declared, Problems& problems) {
  ActingRules acting;
  Fields fields(value, "acting", {"late_promise", "confirming_call", "carrier_incident"}, problems);
  if (const Yaml* late = fields.Find("late_promise")) {
    acting.late_promise = ReadLatePromise(*late, declared, problems);
  }
  if (const Yaml* call = fields.Find("confirming_call")) {
    acting.confirming_call = ReadConfirmingCall(*call, calendars, declared, problems);
  }
  if (const Yaml* incident = fields.Find("carrier_incident")) {
    acting.carrier_incident = ReadCarrierIncident(*incident, declared, problems);
  }
  return acting;
}

}  // namespace usher::policy
