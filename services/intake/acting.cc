#include "intake/acting.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/bytes.h"
#include "intake/orders.h"

namespace usher::intake {
namespace {

InquiryId InquiryOf(std::string_view kind, OrderId order) {
  ByteWriter parts;
  parts.Text(kind);
  parts.Put(order);
  return InquiryId::Of(parts.bytes());
}

// Names what is asked: asked again it is the same request.
template <class What>
RequestId RequestOf(std::string_view verb, InquiryId inquiry, const What& what) {
  ByteWriter parts;
  parts.Text(verb);
  parts.Put(inquiry);
  if constexpr (std::is_same_v<What, Instant>) {
    parts.At(what);
  } else {
    parts.Put(what);
  }
  return RequestId::Of(parts.bytes());
}

// The first instant from `from` on at which it is open.
Instant NextOpen(const Calendar& hours, Instant from) {
  if (hours.name.none()) return from;
  const auto span = std::partition_point(hours.open.begin(), hours.open.end(),
                                         [from](const OpenSpan& open) { return open.to <= from; });
  return span == hours.open.end() ? kNever : std::max(span->from, from);
}

// One event, its acts appended one by one.
class Acting {
 public:
  Acting(const OrderFacts& facts, const OrderTaken& taken, Instant now)
      : facts_(facts), taken_(taken), order_(taken.after), now_(now) {}

  void Open(ActKind kind, InquiryId inquiry, RequestId request, const OwnInquiry& rule,
            Instant starts_at) {
    PlaceInquiry place;
    place.inquiry = inquiry;
    place.features.channel = rule.channel;
    place.features.topic = rule.text;
    place.queue = rule.queue;
    place.priority = rule.priority;
    place.starts_at = std::max(starts_at, Instant());
    if (kind != ActKind::kCarrierIncident) {  // which has no order and no customer of its own
      place.customer = order_.customer.value;
      place.features.language = taken_.language;
      place.features.tier = taken_.tier;
      place.features.order = facts_.order;
      place.features.order_status = StatusName(static_cast<v1::OrderStatus>(order_.status.value));
      place.features.value = order_.value_cents.value;
    }
    Add(kind, request, std::move(place));
  }

  void TakeBack(InquiryId inquiry, RequestId request, CancelReason reason) {
    Add(ActKind::kTakenBack, request, CancelInquiry{inquiry, reason});
  }

  void ActOnPromise(const LatePromise& rule) {
    const InquiryId inquiry = LateInquiryOf(facts_.order);
    const Instant promised = order_.promised_at.value;
    if (facts_.promised_at != promised) return;  // says none, or one that holds no more
    const std::optional<Instant> before = PromiseBefore();
    if (taken_.changed && before == promised) return;  // said again
    const Instant starts = promised + rule.after;
    if (now_ - starts > (taken_.changed ? kActWithin : kActAgainWithin)) return;
    // Where an earlier promise is known, or may be, it is moved. It is placed, too: there may be
    // nothing to move, since what there was has begun and is over, or since the process that took
    // the earlier promise into the store died before it placed anything. If it is there, nothing
    // comes of that.
    const bool first = !before && IsFirst();
    if (!first) {
      Add(ActKind::kMoved, RequestOf("move", inquiry, promised),
          ScheduleInquiry{inquiry, std::max(starts, Instant())});
    }
    Open(ActKind::kLatePromise, inquiry, RequestOf("late", inquiry, promised), rule.inquiry,
         starts);
    const bool still_waits = taken_.changed && before && *before + rule.after > now_;
    acts_.back().spare = still_waits;
  }

  void ActOnPlacing(const ConfirmingCall& rule) {
    const std::uint8_t status = order_.status.value;
    if (facts_.status != v1::ORDER_STATUS_PLACED) return;
    if (status != v1::ORDER_STATUS_PLACED && status != v1::ORDER_STATUS_PAID) return;
    if (order_.value_cents.value < rule.value_min) return;
    // Placed once more, with other things in it: the call is there already.
    const bool again =
        taken_.changed && taken_.before && taken_.before->status.value == v1::ORDER_STATUS_PLACED;
    const Instant starts = CallAt(rule, facts_.order, facts_.happened_at, now_);
    if (again || starts == kNever) return;
    if (!taken_.changed && now_ - facts_.happened_at - rule.to > kActAgainWithin) return;
    const InquiryId inquiry = CallInquiryOf(facts_.order);
    Open(ActKind::kConfirmingCall, inquiry, RequestOf("call", inquiry, facts_.order), rule.inquiry,
         starts);
  }

  void ActOnIncident(const Incident& incident, const ActingRules& rules) {
    if (incident.opens) {
      Open(ActKind::kCarrierIncident, incident.inquiry,
           RequestOf("incident", incident.inquiry, facts_.event), rules.carrier_incident->inquiry,
           Instant());
    }
    if (!rules.late_promise) return;
    for (const OrderId& order : incident.orders) {
      const InquiryId inquiry = LateInquiryOf(order);
      TakeBack(inquiry, RequestOf("in incident", inquiry, incident.inquiry),
               CancelReason::kDuplicate);
    }
  }

  // The order came, or is no more. An event that was taken before may have been on its way when
  // the order closed, in another process: what it asked for is taken back.
  void Closed(const ActingRules& rules) {
    const bool again = !taken_.changed && now_ - facts_.happened_at <= kActWithin;
    if (!taken_.status_holds && !again) return;
    const bool was_open = !taken_.before || IsOpen(taken_.before->status.value);
    if (taken_.changed && !was_open) return;
    const bool promised = !taken_.before || order_.promised_at.moment != Moment();
    if (rules.late_promise && promised) {
      const InquiryId inquiry = LateInquiryOf(facts_.order);
      TakeBack(inquiry, RequestOf("take back", inquiry, facts_.event), CancelReason::kShop);
    }
    if (rules.confirming_call && MayHaveACall(*rules.confirming_call)) {
      const InquiryId inquiry = CallInquiryOf(facts_.order);
      TakeBack(inquiry, RequestOf("take back", inquiry, facts_.event), CancelReason::kShop);
    }
  }

  std::vector<Act> acts() { return std::move(acts_); }

 private:
  template <class Body>
  void Add(ActKind kind, RequestId request, Body body) {
    Act& act = acts_.emplace_back();
    act.kind = kind;
    act.record.desk = facts_.desk;
    act.record.command.request = request;
    act.record.command.body = std::move(body);
  }

  std::optional<Instant> PromiseBefore() const {
    if (!taken_.before || taken_.before->promised_at.moment == Moment()) return std::nullopt;
    return taken_.before->promised_at.value;
  }

  // Nothing can have been asked for the order before, even if the store lost what it knew.
  bool IsFirst() const {
    return facts_.status == v1::ORDER_STATUS_PLACED || facts_.status == v1::ORDER_STATUS_PAID ||
           taken_.before.has_value();
  }

  // A call is made soon after the placing, or not at all.
  bool MayHaveACall(const ConfirmingCall& rule) const {
    if (!taken_.before) return true;
    if (order_.value_cents.value < rule.value_min) return false;
    if (facts_.status == v1::ORDER_STATUS_CANCELLED) return true;
    return facts_.happened_at - taken_.before->status.moment.at < rule.to + kCallWithin;
  }

  const OrderFacts& facts_;
  const OrderTaken& taken_;
  const OrderRecord& order_;
  const Instant now_;
  std::vector<Act> acts_;
};

}  // namespace

const char* ToText(ActKind kind) {
  switch (kind) {
    case ActKind::kLatePromise:
      return "late_promise";
    case ActKind::kConfirmingCall:
      return "confirming_call";
    case ActKind::kCarrierIncident:
      return "carrier_incident";
    case ActKind::kMoved:
      return "moved";
    case ActKind::kTakenBack:
      return "taken_back";
  }
  return "taken_back";
}

InquiryId LateInquiryOf(OrderId order) { return InquiryOf("late promise", order); }
InquiryId CallInquiryOf(OrderId order) { return InquiryOf("confirming call", order); }

Instant CallAt(const ConfirmingCall& rule, OrderId order, Instant placed_at, Instant now) {
  if (now - placed_at - rule.to > kCallWithin) return kNever;
  const auto width = static_cast<std::uint64_t>((rule.to - rule.from).count()) + 1;
  const Duration spread(static_cast<std::int64_t>(order.bits.low % width));
  const Instant wished = std::max(placed_at + rule.from + spread, now);
  if (NextOpen(rule.hours, wished) == wished) return wished;
  const Instant earliest = std::max(placed_at + rule.from, now);
  const Instant opens = NextOpen(rule.hours, earliest);
  if (opens == kNever || opens <= placed_at + rule.to) return opens;
  // The next opening, spread alike, as far as it is open then.
  return NextOpen(rule.hours, opens + spread) == opens + spread ? opens + spread : opens;
}

bool TellsLate(const OrderFacts& facts, const OrderTaken& taken) {
  const OrderRecord& order = taken.after;
  if (!taken.status_holds || !IsOpen(order.status.value)) return false;
  if (order.status.value == v1::ORDER_STATUS_LATE || order.status.value == v1::ORDER_STATUS_LOST) {
    return true;
  }
  return order.promised_at.moment != Moment() && order.promised_at.value < facts.happened_at;
}

std::vector<Act> ActOn(const OrderFacts& facts, const OrderTaken& taken, const Incident& incident,
                       const ActingRules& rules, Instant now) {
  Acting acting(facts, taken, now);
  if (!IsOpen(taken.after.status.value)) {
    acting.Closed(rules);
    return acting.acts();
  }
  const bool in_incident = !incident.inquiry.none();
  if (rules.late_promise && !in_incident) acting.ActOnPromise(*rules.late_promise);
  if (rules.confirming_call) acting.ActOnPlacing(*rules.confirming_call);
  if (in_incident) acting.ActOnIncident(incident, rules);
  return acting.acts();
}

OrderFacts SilenceOf(const DeskName& desk, const DueOrder& due) {
  ByteWriter parts;
  parts.Text("promise passed");
  parts.Put(due.order);
  parts.At(due.promised_at);
  OrderFacts silence;
  silence.desk = desk;
  silence.order = due.order;
  silence.event = MessageId::Of(parts.bytes());
  silence.happened_at = due.promised_at;
  return silence;
}

std::vector<Act> ActOnSilence(const OrderFacts& silence, const Incident& incident,
                              const ActingRules& rules, Instant now) {
  if (incident.inquiry.none()) return {};
  const OrderTaken nothing;
  Acting acting(silence, nothing, now);
  acting.ActOnIncident(incident, rules);
  return acting.acts();
}

}  // namespace usher::intake
