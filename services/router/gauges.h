// The router's metrics, looked up once.
//
// Threads: any after construction.
#pragma once

#include "telemetry/metrics.h"

namespace usher::router {

struct Gauges {
  explicit Gauges(telemetry::Metrics& m)
      : commands(m.GetCounter("usher_router_commands_total", "Commands applied, replay included.")),
        decisions(m.GetCounter("usher_router_decisions_total", "Decisions handed to the log.")),
        undecodable(m.GetCounter("usher_router_skipped_commands_total", kSkippedHelp,
                                 {{"reason", "undecodable"}})),
        misplaced(m.GetCounter("usher_router_skipped_commands_total", kSkippedHelp,
                               {{"reason", "misplaced"}})),
        too_many_desks(m.GetCounter("usher_router_skipped_commands_total", kSkippedHelp,
                                    {{"reason", "too_many_desks"}})),
        superseded(m.GetCounter("usher_router_skipped_commands_total", kSkippedHelp,
                                {{"reason", "superseded"}})),
        held(m.GetCounter("usher_router_held_commands_total",
                          "Commands of desks in quarantine, met and held; replay counts again.")),
        quarantined(m.GetGauge("usher_router_desks_quarantined",
                               "Desks in the partitions here whose commands are held.")),
        logic(m.GetGauge("usher_router_logic_version",
                         "The version of the rules of deciding, the partition here with the "
                         "lowest; 0: none is here.")),
        renewals(m.GetCounter("usher_router_calendar_renewals_total",
                              "Policies appended again with calendars from now on.")),
        calendar_left(m.GetGauge("usher_router_calendar_left_seconds",
                                 "Time until the calendars of a desk end, the desk with the least; "
                                 "two years if there are none.")),
        ticks(m.GetCounter("usher_router_ticks_total", "Ticks appended for timers that were due.")),
        snapshots(m.GetCounter("usher_router_snapshots_total", "Snapshots of partitions written.")),
        snapshots_refused(m.GetCounter("usher_router_snapshots_refused_total",
                                       "Snapshots that did not verify when a partition was taken "
                                       "over.")),
        snapshot_bytes(m.GetGauge("usher_router_snapshot_bytes",
                                  "Bytes of desk states in the last snapshot written.")),
        snapshot_age(
            m.GetGauge("usher_router_snapshot_age_seconds",
                       "Age of the newest snapshot of a partition here, the oldest one that has "
                       "not all commands; 0 if none lacks any.")),
        recovering(
            m.GetGauge("usher_router_partitions", kPartitionsHelp, {{"state", "recovering"}})),
        live(m.GetGauge("usher_router_partitions", kPartitionsHelp, {{"state", "live"}})),
        desks(m.GetGauge("usher_router_desks", "Desks in the partitions here.")),
        recovery(m.GetGauge("usher_router_recovery_seconds",
                            "Time from the assignment of a partition until it had caught up, the "
                            "last one.")),
        replay_left(m.GetGauge("usher_router_replay_left_records",
                               "Commands still to be replayed by partitions that recover.")),
        lag(m.GetGauge("usher_router_lag_records",
                       "Commands in the log and not yet applied, the partition with the most.")) {}

  telemetry::Counter& commands;
  telemetry::Counter& decisions;
  telemetry::Counter& undecodable;
  telemetry::Counter& misplaced;
  telemetry::Counter& too_many_desks;
  telemetry::Counter& superseded;
  telemetry::Counter& held;
  telemetry::Gauge& quarantined;
  telemetry::Gauge& logic;
  telemetry::Counter& renewals;
  telemetry::Gauge& calendar_left;
  telemetry::Counter& ticks;
  telemetry::Counter& snapshots;
  telemetry::Counter& snapshots_refused;
  telemetry::Gauge& snapshot_bytes;
  telemetry::Gauge& snapshot_age;
  telemetry::Gauge& recovering;
  telemetry::Gauge& live;
  telemetry::Gauge& desks;
  telemetry::Gauge& recovery;
  telemetry::Gauge& replay_left;
  telemetry::Gauge& lag;

 private:
  static constexpr char kSkippedHelp[] = "Records of the command log that no engine took.";
  static constexpr char kPartitionsHelp[] = "Partitions that this router owns, by state.";
};

}  // namespace usher::router
