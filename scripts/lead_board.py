"""The board of those who lead: are customers answered in time, how long do they wait, what is late next, and when is it busy. Of the form
that boards.py reads."""

_DESK = '{desk=~"$desk"}'
_QUEUE = '{desk=~"$desk",queue=~"$queue"}'

# The share of first responses in time that the burn-rate alerts watch (prometheus/rules.yml).
OBJECTIVE = 0.95


def _per_minute(metric, by=""):
    return f"sum{' by (' + by + ')' if by else ''} (rate({metric}{_QUEUE}[$W])) * 60"


def _quantiles(metric, *shares):
    return [(f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{_QUEUE}[$W])))", f"p{round(share * 100)}") for share in shares]


def _missed(window, by=""):
    """The share of what was placed that missed its first response."""
    level = f" by ({by})" if by else ""
    placed = _QUEUE.replace("{", '{outcome="placed",')
    return f"sum{level} (increase(usher_sla_breaches_total{_QUEUE}[{window}])) / (sum{level} (increase(usher_inquiries_total{placed}[{window}])) > 0)"


_LEVELS = {"type": "stat", "unit": "percentunit", "steps": [(None, "red"), (OBJECTIVE - 0.05, "orange"), (OBJECTIVE, "green")]}
_OF_28_DAYS = "Prometheus must keep 28 days for it (--storage.tsdb.retention.time); it says what those it has amount to."

RESPONSE = ("usher-response", "usher: response times", [
    ("Service level, the last hour", "usher_sla_breaches_total", f"1 - {_missed('1h')}", "in time", {
        **_LEVELS, "description": f"Of the inquiries placed in the last hour, the share that did not miss the first response. Objective: {OBJECTIVE:.0%}."}),
    ("Service level, 28 days", "usher_sla_breaches_total", f"1 - {_missed('28d')}", "in time", {
        **_LEVELS, "description": f"As the last hour, over 28 days. Objective: {OBJECTIVE:.0%}. {_OF_28_DAYS}"}),
    ("Service level by queue, and the objective", "usher_sla_breaches_total",
     [(f"1 - {_missed('1h', 'queue')}", "{{queue}}"), (f"vector({OBJECTIVE})", "objective")], "", {
         "unit": "percentunit", "description": "Of what was placed in the hour before, the share that did not miss the first response."}),
    ("Of 28 days' budget for misses, what is left", "usher_sla_breaches_total", f"1 - {_missed('28d', 'queue')} / {1 - OBJECTIVE:.2f}", "{{queue}}", {
        "type": "bargauge", "unit": "percentunit", "steps": [(None, "red"), (0, "orange"), (0.25, "green")],
        "description": f"{1 - OBJECTIVE:.0%} of the inquiries of 28 days may miss the first response; below 0 more did. {_OF_28_DAYS}"}),
    ("First response", "usher_first_response_seconds", _quantiles("usher_first_response_seconds", 0.5, 0.9, 0.99), ""),
    ("Breaches of the first-response target", "usher_sla_breaches_total", _per_minute("usher_sla_breaches_total", "queue"), "{{queue}}"),
    ("Next response", "usher_next_response_seconds", _quantiles("usher_next_response_seconds", 0.5, 0.9, 0.99), ""),
    ("Resolution", "usher_resolution_seconds", _quantiles("usher_resolution_seconds", 0.5, 0.9, 0.99), ""),
    ("Waiting", "usher_queue_waiting_inquiries", f"sum by (queue) (usher_queue_waiting_inquiries{_QUEUE})", "{{queue}}"),
    ("Age of the oldest", "usher_queue_oldest_age_seconds", f"max by (queue) (usher_queue_oldest_age_seconds{_QUEUE})", "{{queue}}"),
    ("Breaches foretold", "usher_queue_foretold_inquiries", f"sum by (queue) (usher_queue_foretold_inquiries{_QUEUE})", "{{queue}}"),
    ("Slack of the most urgent", "usher_queue_slack_seconds", f"min by (queue) (usher_queue_slack_seconds{_QUEUE})", "{{queue}}"),
    ("Busiest hours of seven days", "usher_inquiries_total",
     "sum by (queue) (increase(usher_inquiries_total" + _QUEUE.replace("{", '{outcome="placed",') + "[1h]))", "{{queue}}", {
         "bars_of": ("1h", "7d"), "description": "Inquiries placed in each hour. `usher report` has them by hour of the day and of the week."}),
    ("Inquiries by outcome", "usher_inquiries_total", _per_minute("usher_inquiries_total", "outcome"), "{{outcome}}"),
    ("Agents", "usher_agents", f"sum by (state) (usher_agents{_DESK})", "{{state}}"),
    ("Capacity used", "usher_capacity_used_units",
     f"sum by (desk) (usher_capacity_used_units{_DESK}) / (sum by (desk) (usher_capacity_units{_DESK}) > 0)", "{{desk}}"),
    ("With agents", "usher_queue_assigned_inquiries", f"sum by (queue) (usher_queue_assigned_inquiries{_QUEUE})", "{{queue}}"),
    ("Handling", "usher_handling_seconds", _quantiles("usher_handling_seconds", 0.5, 0.9), ""),
    ("Time to offer and to accept", "usher_offer_wait_seconds", [
        (f"histogram_quantile(0.9, sum by (le) (rate({metric}_bucket{_QUEUE}[$W])))", legend)
        for metric, legend in (("usher_offer_wait_seconds", "p90 to the first offer"), ("usher_accept_seconds", "p90 offer to accept"))], ""),
    ("Offers by outcome", "usher_offers_total", _per_minute("usher_offers_total", "outcome"), "{{outcome}}"),
    ("Offers that came back", "usher_offer_declines_total", [
        (_per_minute("usher_offer_declines_total", "reason"), "declined: {{reason}}"),
        (_per_minute("usher_offer_rescinds_total", "cause"), "taken back: {{cause}}")], ""),
    ("Why agents were asked", "usher_offers_made_total", _per_minute("usher_offers_made_total", "reason"), "{{reason}}"),
    ("Targets missed", "usher_target_breaches_total", _per_minute("usher_target_breaches_total", "target"), "{{target}}"),
    ("Targets that came near", "usher_target_warnings_total", [
        (_per_minute("usher_target_warnings_total", "target"), "{{target}}"),
        (_per_minute("usher_breach_forecasts_total"), "foretold"),
        (_per_minute("usher_sla_warnings_total"), "first response, of all inquiries")], ""),
    ("What agents had and waits again", "usher_requeues_total", _per_minute("usher_requeues_total", "reason"), "{{reason}}"),
    ("What a long wait brought", "usher_relaxations_total", [
        (_per_minute("usher_relaxations_total", "reason"), "relaxed: {{reason}}"),
        (_per_minute("usher_escalations_total"), "escalated"),
        (_per_minute("usher_reservations_total"), "reserved"),
        (_per_minute("usher_starving_inquiries_total"), "starving")], ""),
    ("Set aside and to begin later", "usher_queue_pending_inquiries", [
        (f"sum by (queue) (usher_queue_pending_inquiries{_QUEUE})", "for the customer: {{queue}}"),
        (f"sum by (queue) (usher_queue_scheduled_inquiries{_QUEUE})", "later: {{queue}}")], ""),
    ("Set aside and taken up again", "usher_pauses_total", [
        (_per_minute("usher_pauses_total"), "set aside"),
        (_per_minute("usher_wakes_total", "cause"), "taken up: {{cause}}")], ""),
], [("desk", "label_values(usher_inquiries_total, desk)"),
    ("queue", 'label_values(usher_inquiries_total{desk=~"$desk"}, queue)')])
