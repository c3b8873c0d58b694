"""The boards of Grafana, made from the list of metrics: what each panel asks, in a line. Unit and description come from the list."""

import lead_board

# (title, the metric that the panel is about, what is asked, legend), or a list of (what is asked, legend) for several, and what else there
# is to say of the panel. $W is the window of a rate.
_RATE = "$__rate_interval"

OPERATIONS = ("usher-operations", "usher: operations", [
    ("Calls by method", "usher_rpc_seconds", "method:usher_rpc:rate5m", "{{method}}"),
    ("Calls by status", "usher_rpc_seconds", "sum by (code) (rate(usher_rpc_seconds_count[$W]))", "{{code}}"),
    ("Calls that failed, by method", "usher_rpc_seconds", "method:usher_rpc_errors:rate5m or 0 * method:usher_rpc:rate5m", "{{method}}"),
    ("How long calls take, 99th", "usher_rpc_seconds",
     'histogram_quantile(0.99, sum by (method, le) (rate(usher_rpc_seconds_bucket{method!~".*(Work|Stream).*"}[$W])))', "{{method}}"),
    ("Who is up", "usher_build_info", "sum by (instance, version) (usher_build_info)", "{{instance}} {{version}}"),
    ("Work streams", "usher_work_streams", "sum(usher_work_streams)", "open"),
    ("Work streams that were ended", "usher_work_streams_ended_total", "sum by (reason) (rate(usher_work_streams_ended_total[$W]))",
     "{{reason}}"),
    ("Offers sent to desktops", "usher_work_offers_sent_total", "sum(rate(usher_work_offers_sent_total[$W]))", "sent"),
    ("Events at the door", "usher_intake_events_total", "sum by (input, outcome) (rate(usher_intake_events_total[$W]))",
     "{{input}} {{outcome}}"),
    ("Refused at the door, by reason", "usher_intake_refused_total", "sum by (input, reason) (rate(usher_intake_refused_total[$W]))",
     "{{input}} {{reason}}"),
    ("To understand one message, 99th", "usher_understanding_seconds",
     "histogram_quantile(0.99, sum by (le) (rate(usher_understanding_seconds_bucket[$W])))", "p99"),
    ("What usher did before customers asked", "usher_intake_acts_total", "sum by (kind) (rate(usher_intake_acts_total[$W]))", "{{kind}}"),
    ("Placed without context", "usher_intake_without_context_total", "sum(rate(usher_intake_without_context_total[$W]))", "placed"),
    ("Orders that waited for the store", "usher_intake_order_retries_total", "sum(rate(usher_intake_order_retries_total[$W]))", "retries"),
    ("Policies that intake refused", "usher_intake_policies_refused_total", "sum(rate(usher_intake_policies_refused_total[$W]))", "refused"),
    ("Desks in quarantine", "usher_router_desks_quarantined", "sum(usher_router_desks_quarantined)", "held"),
    ("Commands held", "usher_router_held_commands_total", "sum(rate(usher_router_held_commands_total[$W]))", "held"),
    ("Time until calendars end", "usher_router_calendar_left_seconds", "min(usher_router_calendar_left_seconds)", "the first"),
    ("Calendars renewed", "usher_router_calendar_renewals_total", "sum(increase(usher_router_calendar_renewals_total[$W]))", "renewed"),
    ("No customer's", "usher_intake_automatic_total", "sum by (sign) (rate(usher_intake_automatic_total[$W]))", "{{sign}}"),
    ("Repeated commands", "usher_commands_repeated_total", "sum by (desk, reason) (rate(usher_commands_repeated_total[$W]))",
     "{{desk}} {{reason}}"),
    ("Agents' messages about nothing open", "usher_stray_replies_total", "sum by (desk) (rate(usher_stray_replies_total[$W]))", "{{desk}}"),
    ("Desks with series of their own", "usher_insights_desks", "sum by (series) (usher_insights_desks)", "{{series}}"),
    ("Version of logic", "usher_router_logic_version", "max by (instance) (usher_router_logic_version)", "{{instance}}"),
])

PIPELINE = ("usher-pipeline", "usher: from command to view", [
    ("Behind the log, the partition with the most", "usher_insights_lag_records",
     "max by (service) (service_partition:usher_lag_records:max)", "{{service}}"),
    ("The router, behind the commands", "usher_router_lag_records", "max by (instance) (usher_router_lag_records)", "{{instance}}"),
    ("The views, behind the decisions", "usher_insights_lag_records", "max by (partition) (usher_insights_lag_records)", "{{partition}}"),
    ("The desktops, behind the decisions", "usher_agents_lag_records", "max by (partition) (usher_agents_lag_records)", "{{partition}}"),
    ("Partitions by state", "usher_router_partitions", "sum by (state) (usher_router_partitions)", "{{state}}"),
    ("Partitions with a router, of all", "usher_router_partitions",
     "cluster:usher_router_partitions:sum / on () cluster:usher_partitions:count", "owned"),
    ("Commands and decisions", "usher_router_commands_total", "sum(rate(usher_router_commands_total[$W]))", "commands"),
    ("Decisions", "usher_router_decisions_total", "sum(rate(usher_router_decisions_total[$W]))", "decisions"),
    ("Decisions taken by the desktops", "usher_agents_decisions_total", "sum(rate(usher_agents_decisions_total[$W]))", "taken"),
    ("Ticks", "usher_router_ticks_total", "sum(rate(usher_router_ticks_total[$W]))", "ticks"),
    ("Commands that no engine took", "usher_router_skipped_commands_total", "sum by (reason) (rate(usher_router_skipped_commands_total[$W]))",
     "{{reason}}"),
    ("Replay left", "usher_router_replay_left_records", "sum by (instance) (usher_router_replay_left_records)", "{{instance}}"),
    ("Last recovery", "usher_router_recovery_seconds", "max by (instance) (usher_router_recovery_seconds)", "{{instance}}"),
    ("Age of the snapshot", "usher_router_snapshot_age_seconds", "max by (instance) (usher_router_snapshot_age_seconds)", "{{instance}}"),
    ("Snapshots", "usher_router_snapshots_total", "sum(increase(usher_router_snapshots_total[$W]))", "written"),
    ("Snapshots refused", "usher_router_snapshots_refused_total", "sum(increase(usher_router_snapshots_refused_total[$W]))", "refused"),
    ("Size of a snapshot", "usher_router_snapshot_bytes", "max by (instance) (usher_router_snapshot_bytes)", "{{instance}}"),
    ("Desks", "usher_router_desks", "sum(usher_router_desks)", "desks"),
    ("To append a command, 99th", "usher_intake_append_seconds",
     "histogram_quantile(0.99, sum by (le) (rate(usher_intake_append_seconds_bucket[$W])))", "p99"),
    ("From the hand-over of a record to its ack, 99th", "usher_log_append_seconds",
     "histogram_quantile(0.99, sum by (instance, le) (rate(usher_log_append_seconds_bucket[$W])))", "{{instance}}"),
    ("Rebalances", "usher_log_rebalances_total", "sum by (instance) (increase(usher_log_rebalances_total[$W]))", "{{instance}}"),
    ("Records under way", "usher_intake_under_way_records", "sum(usher_intake_under_way_records)", "under way"),
    ("The log's adapter, what it counts", "usher_log_stat", 'sum by (name) (rate(usher_log_stat{name=~".*_total"}[$W]))', "{{name}}"),
    ("Rebuilds of views", "usher_insights_rebuilds_total", "sum(increase(usher_insights_rebuilds_total[$W]))", "rebuilds"),
    ("Failed calls on the store", "usher_insights_store_errors_total", "sum by (call) (rate(usher_insights_store_errors_total[$W]))",
     "{{call}}"),
    ("The verifier: differences", "usher_verify_differences_total", "sum(usher_verify_differences_total)", "differences"),
    ("The verifier: decisions compared", "usher_verify_decisions_total", "sum(rate(usher_verify_decisions_total[$W]))", "decisions"),
    ("The verifier: hashes of whole states", "usher_verify_checkpoints_total", "sum(usher_verify_checkpoints_total)", "hashes"),
    ("The verifier: copies compared", "usher_verify_copies_total", "sum(usher_verify_copies_total)", "copies"),
    ("The verifier, behind the commands", "usher_verify_lag_records", "max(usher_verify_lag_records)", "records"),
    ("The verifier: where it is", "usher_verify_offset", "max by (partition) (usher_verify_offset)", "{{partition}}"),
])

BOARDS = (lead_board.RESPONSE, OPERATIONS, PIPELINE)

_UNITS = {"seconds": "s", "bytes": "bytes"}


def _unit(metric, expression):
    if "* 60" in expression:
        return "cpm"
    if " / " in expression:
        return "percentunit"
    if "histogram_quantile" in expression or metric.type == "gauge":
        return _UNITS.get(metric.unit, "short")
    return "short" if "increase(" in expression else "cps"


def _variables(names):
    source = {"type": "prometheus", "uid": "${datasource}"}
    made = [{"name": "datasource", "type": "datasource", "query": "prometheus"}]
    for name, query in names:
        made.append({"name": name, "type": "query", "datasource": source, "query": query, "refresh": 2, "includeAll": True, "multi": True,
                     "current": {"text": "All", "value": "$__all"}})
    return made


def _panel(number, title, metric, asked, more):
    defaults = {"unit": more.get("unit") or _unit(metric, asked[0][0])}
    drawn = {
        "id": number + 1, "title": title, "description": more.get("description") or metric.help, "type": more.get("type", "timeseries"),
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [{"refId": chr(ord("A") + place), "expr": expression.replace("$W", _RATE), "legendFormat": legend}
                    for place, (expression, legend) in enumerate(asked)]}
    if "steps" in more:  # from which value on which colour
        defaults["thresholds"] = {"mode": "absolute", "steps": [{"color": color, "value": value} for value, color in more["steps"]]}
    if drawn["type"] != "timeseries":
        drawn["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}}
        defaults.update({"min": 0, "max": 1} if defaults["unit"] == "percentunit" and drawn["type"] == "bargauge" else {})
    if "bars_of" in more:  # a bar for each of these, over a time of its own
        drawn["interval"], drawn["timeFrom"] = more["bars_of"]
        defaults["custom"] = {"drawStyle": "bars", "fillOpacity": 70, "stacking": {"mode": "normal"}}
    return drawn


def board(made, metrics):
    uid, title, panels = made[:3]
    drawn = []
    for number, (name, about, asked, legend, *more) in enumerate(panels):
        asked = [(asked, legend)] if isinstance(asked, str) else asked
        drawn.append(_panel(number, name, metrics[about], asked, more[0] if more else {}))
    return {
        "title": title, "uid": uid, "schemaVersion": 38, "editable": True, "time": {"from": "now-3h", "to": "now"}, "refresh": "10s",
        "tags": ["usher"], "templating": {"list": _variables(made[3] if len(made) > 3 else [])}, "panels": drawn}
