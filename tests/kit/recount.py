"""Counts again, from the decisions alone, what the metrics of insights must say: reads bytes of `usher.decisions`, knows the
meaning of decisions, and nothing of how insights keeps its views.

    told = Recount(p)                      # p: protos.load()
    for value in values_in_log_order: told.take(value)
    told.differences(metrics)              # metrics: as kit.usher.parse_metrics, of all insights together
"""

import bisect
import collections

# Which counter a decision counts in, with which further label and value.
_PLAIN = {
    "inquiry_relaxed": ("usher_relaxations_total", "reason", lambda d: "nobody_fits" if d.skipped else "time"),
    "inquiry_reserved": ("usher_reservations_total", None, None),
    "inquiry_starving": ("usher_starving_inquiries_total", None, None),
    "breach_forecast": ("usher_breach_forecasts_total", None, None),
    "inquiry_paused": ("usher_pauses_total", None, None),
}
_ENDS = {"inquiry_resolved": "resolved", "inquiry_cancelled": "cancelled", "inquiry_abandoned": "abandoned"}
_HISTOGRAMS = ("usher_first_response_seconds", "usher_next_response_seconds", "usher_resolution_seconds",
               "usher_offer_wait_seconds", "usher_accept_seconds", "usher_handling_seconds")
_COUNTERS = ("usher_inquiries_total", "usher_offers_total", "usher_offers_made_total", "usher_offer_declines_total",
             "usher_offer_rescinds_total", "usher_requeues_total", "usher_wakes_total", "usher_target_breaches_total",
             "usher_target_warnings_total", "usher_sla_breaches_total", "usher_sla_warnings_total", "usher_escalations_total",
             "usher_commands_repeated_total", "usher_stray_replies_total", *sorted(name for name, _, _ in _PLAIN.values()))


class _Open:
    def __init__(self, queue, channel, placed):
        self.queue, self.channel, self.placed = queue, channel, placed
        self.offered = self.asked = None
        self.offers = 0
        self.answered = False


class Recount:
    def __init__(self, p):
        self.p = p
        self.counters = collections.Counter()  # (name, labels) → count
        self.values = collections.defaultdict(list)  # (name, labels) → microseconds
        self.decisions = 0
        self._seen = set()
        self._open = {}  # (desk, inquiry) → _Open

    def take(self, value):
        """One record, in the order of its partition. Copies by routers that took over count once."""
        d = self.p.decision.Decision.FromString(value)
        stamp = (d.stamp.log_id, d.stamp.partition, d.stamp.offset, d.stamp.index)
        if stamp in self._seen:
            return
        self._seen.add(stamp)
        self.decisions += 1
        kind = d.WhichOneof("body")
        body = getattr(d, kind)
        inquiry = self._open.get((d.desk, getattr(body, "inquiry", None)))
        if kind in _PLAIN:
            name, label, value_of = _PLAIN[kind]
            self._count(d, name, inquiry.queue if inquiry else "", **({label: value_of(body)} if label else {}))
        elif kind in _ENDS:
            self._ends(d, kind, body, inquiry)
        elif hasattr(self, "_" + kind):
            getattr(self, "_" + kind)(d, body, inquiry)

    def _count(self, d, name, queue, **labels):
        self.counters[name, _labels(desk=d.desk, queue=queue or "unknown", **labels)] += 1

    def _value(self, d, name, inquiry, micros, **labels):
        self.values[name, _labels(desk=d.desk, queue=inquiry.queue, **labels)].append(max(0, micros))

    def _inquiry_placed(self, d, body, _):
        self._open[d.desk, body.inquiry] = _Open(body.queue, body.features.channel or "unknown", body.arrived_us or d.at_us)
        self._count(d, "usher_inquiries_total", body.queue, outcome="placed")

    def _message_joined(self, d, _, inquiry):
        self._count(d, "usher_inquiries_total", inquiry.queue if inquiry else "", outcome="joined")
        if inquiry and inquiry.answered and inquiry.asked is None:
            inquiry.asked = d.at_us

    def _inquiry_rejected(self, d, body, inquiry):
        self._count(d, "usher_inquiries_total", body.queue, outcome="rejected")

    def _inquiry_rerouted(self, _, body, inquiry):
        if inquiry:
            inquiry.queue = body.queue

    def _inquiry_escalated(self, d, body, inquiry):
        self._count(d, "usher_escalations_total", body.queue)
        self._inquiry_rerouted(d, body, inquiry)

    def _inquiry_started(self, d, body, inquiry):
        if inquiry:
            inquiry.placed = d.at_us
            inquiry.queue = body.queue

    def _schedule_changed(self, _, body, inquiry):
        if inquiry:
            inquiry.placed = body.at_us

    def _inquiry_updated(self, _, body, inquiry):
        if inquiry:
            inquiry.channel = body.features.channel or "unknown"

    def _offer_made(self, d, body, inquiry):
        self._count(d, "usher_offers_total", body.queue, outcome="made")
        self._count(d, "usher_offers_made_total", body.queue, reason=self._word("decision", "OfferReason", body.reason))
        if inquiry:
            if inquiry.offers == 0:
                self.values["usher_offer_wait_seconds", _labels(desk=d.desk, queue=body.queue)].append(
                    max(0, d.at_us - inquiry.placed))
            inquiry.offers += 1
            inquiry.offered = d.at_us

    def _offer_accepted(self, d, body, inquiry):
        self._offer_ends(d, inquiry, "accepted")
        if inquiry and not body.automatic and inquiry.offered is not None:
            self._value(d, "usher_accept_seconds", inquiry, d.at_us - inquiry.offered)

    def _offer_declined(self, d, body, inquiry):
        self._offer_ends(d, inquiry, "declined")
        reason = self._word("inquiry", "DeclineReason", body.reason)
        self._count(d, "usher_offer_declines_total", inquiry.queue if inquiry else "",
                    reason="other" if reason == "unspecified" else reason)

    def _offer_expired(self, d, _, inquiry):
        self._offer_ends(d, inquiry, "expired")

    def _offer_rescinded(self, d, body, inquiry):
        self._offer_ends(d, inquiry, "rescinded")
        self._count(d, "usher_offer_rescinds_total", inquiry.queue if inquiry else "",
                    cause=self._word("decision", "RescindCause", body.cause))

    def _offer_ends(self, d, inquiry, outcome):
        self._count(d, "usher_offers_total", inquiry.queue if inquiry else "", outcome=outcome)

    def _inquiry_answered(self, d, body, inquiry):
        if body.first:
            self._count(d, "usher_inquiries_total", inquiry.queue if inquiry else "", outcome="answered")
        if not inquiry:
            return
        if body.first:
            self._value(d, "usher_first_response_seconds", inquiry, body.since_placed_us, channel=inquiry.channel)
            inquiry.answered = True
        elif inquiry.asked is not None:
            self._value(d, "usher_next_response_seconds", inquiry, d.at_us - inquiry.asked)
        inquiry.asked = None

    def _ends(self, d, kind, body, inquiry):
        if kind == "inquiry_resolved" and inquiry:
            self._value(d, "usher_handling_seconds", inquiry, body.handled_us)
            self._value(d, "usher_resolution_seconds", inquiry, body.since_placed_us)
        self._count(d, "usher_inquiries_total", inquiry.queue if inquiry else "", outcome=_ENDS[kind])
        self._open.pop((d.desk, body.inquiry), None)

    def _inquiry_requeued(self, d, body, inquiry):
        self._count(d, "usher_requeues_total", inquiry.queue if inquiry else "",
                    reason=self._word("decision", "RequeueReason", body.reason))

    def _inquiry_resumed(self, d, body, inquiry):
        self._count(d, "usher_wakes_total", inquiry.queue if inquiry else "",
                    cause=self._word("decision", "WakeCause", body.cause))

    def _command_repeated(self, d, body, _):
        self._count(d, "usher_commands_repeated_total", "", reason=self._word("decision", "RepeatReason", body.reason))

    def _command_rejected(self, d, body, _):
        reply = self.p.command.Command.DESCRIPTOR.fields_by_name["record_reply"].number
        reason = self._word("inquiry", "RejectReason", body.reason)
        if (body.command, reason, body.inquiry) == (reply, "unknown_inquiry", b""):
            self._count(d, "usher_stray_replies_total", "")

    def _sla_warned(self, d, body, inquiry):
        self._sla(d, body, inquiry, "warnings")

    def _sla_breached(self, d, body, inquiry):
        self._sla(d, body, inquiry, "breaches")

    def _sla(self, d, body, inquiry, what):
        queue = inquiry.queue if inquiry else ""
        # Of older records: the first response.
        target = "first_response" if body.target == 0 else self._word("inquiry", "SlaTarget", body.target)
        self._count(d, f"usher_target_{what}_total", queue, target=target)
        if target == "first_response":
            self._count(d, f"usher_sla_{what}_total", queue)

    def _word(self, file, enum, number):
        """The label of a value: OFFER_REASON_IN_TIME is in_time."""
        kind = getattr(getattr(self.p, file), enum)
        prefix = "".join(("_" + c if c.isupper() else c) for c in enum).strip("_").upper() + "_"
        return kind.Name(number).removeprefix(prefix).lower()

    def differences(self, metrics):
        """A line for each series that another number is shown for; none: all agree to the last one."""
        lines = []
        shown = {(name, labels): value for name in _COUNTERS for labels, value in metrics.get(name, {}).items() if value}
        for key in sorted(shown.keys() | self.counters.keys()):
            if shown.get(key, 0) != self.counters.get(key, 0):
                lines.append(f"{key}: {shown.get(key, 0):.0f} shown, {self.counters.get(key, 0)} recounted")
        for name in _HISTOGRAMS:
            lines += self._histogram_differences(name, metrics)
        return lines

    def _histogram_differences(self, name, metrics):
        counts = metrics.get(name + "_count", {})
        recounted = {labels: sorted(values) for (told, labels), values in self.values.items() if told == name}
        for labels in sorted(counts.keys() | recounted.keys()):
            values = recounted.get(labels, [])
            if counts.get(labels, 0) != len(values):
                yield f"{name} {labels}: {counts.get(labels, 0):.0f} shown, {len(values)} recounted"
            # Each value is kept to the millisecond.
            total = metrics.get(name + "_sum", {}).get(labels, 0)
            if not sum(values) / 1e6 - len(values) / 1e3 - 1e-6 <= total <= sum(values) / 1e6 + 1e-6:
                yield f"{name}_sum {labels}: {total} shown, {sum(values) / 1e6} recounted"
        for labels, value in metrics.get(name + "_bucket", {}).items():
            edge = dict(labels)["le"]
            values = recounted.get(tuple(pair for pair in labels if pair[0] != "le"), [])
            within = len(values) if edge == "+Inf" else bisect.bisect_right(values, round(float(edge) * 1e6))
            if within != value:
                yield f"{name} {labels}: {value:.0f} shown, {within} recounted"


def _labels(**labels):
    return tuple(sorted(labels.items()))
