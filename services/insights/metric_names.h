// The metrics of insights: every name and help text, in one place. Dashboards and alerts rest on
// these; renaming one is a breaking change.
//
// Labels: `desk`, `queue`, `channel`, `priority`, `outcome`, `reason`, `cause`, `target`, `state`,
// `partition`; never an id of an inquiry, an agent or a customer. deploy/prometheus/metrics.tsv is
// the list of all services' metrics; a test holds it against what they serve.
#pragma once

namespace usher::insights {

struct MetricName {
  const char* name;
  const char* help;
};

inline constexpr MetricName kFirstResponse{
    "usher_first_response_seconds",
    "From the placing of an inquiry to the first reply, by desk, queue and channel."};
inline constexpr MetricName kOfferWait{"usher_offer_wait_seconds",
                                       "From the placing of an inquiry to its first offer."};
inline constexpr MetricName kAccept{
    "usher_accept_seconds",
    "From an offer to its acceptance by the agent (not by a queue's rule)."};
inline constexpr MetricName kHandling{"usher_handling_seconds",
                                      "From the acceptance of an inquiry to its resolution."};
inline constexpr MetricName kNextResponse{
    "usher_next_response_seconds",
    "From a customer's message on an answered inquiry to the next reply."};
inline constexpr MetricName kResolution{"usher_resolution_seconds",
                                        "From the placing of an inquiry to its resolution."};
inline constexpr MetricName kWaiting{"usher_queue_waiting_inquiries",
                                     "Inquiries that wait or are on offer, by priority."};
inline constexpr MetricName kOldestAge{
    "usher_queue_oldest_age_seconds",
    "Age of the oldest inquiry that waits or is on offer, by priority; 0 if none does."};
inline constexpr MetricName kSlack{
    "usher_queue_slack_seconds",
    "Time until the most urgent first response of those that wait or are on offer is due; below 0 "
    "if it is late; absent if none has a target."};
inline constexpr MetricName kForetold{
    "usher_queue_foretold_inquiries",
    "Open inquiries of which a breach is foretold, and neither that nor an answer came since."};
inline constexpr MetricName kAssigned{"usher_queue_assigned_inquiries",
                                      "Inquiries that are with agents."};
inline constexpr MetricName kUnits{"usher_capacity_units",
                                   "Capacity of the agents who are not offline."};
inline constexpr MetricName kUnitsUsed{
    "usher_capacity_used_units",
    "Capacity that open inquiries with agents take, by the policy's units of their channel; "
    "without wrap-up."};
inline constexpr MetricName kRepeats{
    "usher_commands_repeated_total",
    "Commands that were in the log already and were dropped, by what told: source, request."};
inline constexpr MetricName kStrayReplies{
    "usher_stray_replies_total",
    "Agents' messages that went out elsewhere, of whose conversation nothing was open."};
inline constexpr MetricName kDesksNamed{
    "usher_insights_desks", "Desks here, by whether their series bear their name: named, other."};
inline constexpr MetricName kOffers{
    "usher_offers_total", "Offers by outcome: made, accepted, declined, expired, rescinded."};
inline constexpr MetricName kDeclines{"usher_offer_declines_total",
                                      "Offers that an agent turned down, by the reason given."};
inline constexpr MetricName kAsked{
    "usher_offers_made_total",
    "Offers made, by reason: arrival, reoffered, in_time, late_share, only_late, policy_changed, "
    "preferred, taken, assigned, changed."};
inline constexpr MetricName kRescinds{
    "usher_offer_rescinds_total",
    "Offers taken back, by cause: agent_unavailable, agent_removed, inquiry_cancelled, "
    "inquiry_abandoned, policy_changed, taken_by_another, inquiry_updated."};
inline constexpr MetricName kRequeues{
    "usher_requeues_total",
    "Inquiries that an agent had and that wait again, by reason: agent_removed, no_reply, "
    "agent_gone, transferred."};
inline constexpr MetricName kRelaxations{
    "usher_relaxations_total",
    "Times that an inquiry came to ask for less, by reason: time, nobody_fits."};
inline constexpr MetricName kEscalations{"usher_escalations_total",
                                         "Times that an inquiry rose by its age."};
inline constexpr MetricName kReservations{"usher_reservations_total",
                                          "Times that an inquiry was kept for certain agents."};
inline constexpr MetricName kStarved{"usher_starving_inquiries_total",
                                     "Inquiries that waited for the policy's longest time."};
inline constexpr MetricName kBreaches{"usher_sla_breaches_total", "First-response targets missed."};
inline constexpr MetricName kWarnings{"usher_sla_warnings_total",
                                      "First-response targets that came near."};
inline constexpr MetricName kTargetBreaches{
    "usher_target_breaches_total",
    "Targets missed, by target: first_response, next_response, resolution, update."};
inline constexpr MetricName kTargetWarnings{"usher_target_warnings_total",
                                            "Targets that came near, by target, each share once."};
inline constexpr MetricName kForecasts{"usher_breach_forecasts_total",
                                       "Breaches that were foretold."};
inline constexpr MetricName kPauses{"usher_pauses_total",
                                    "Times that an inquiry was set aside for its customer."};
inline constexpr MetricName kWakes{
    "usher_wakes_total",
    "Times that an inquiry was taken up again, by cause: owner, message, time."};
inline constexpr MetricName kPending{"usher_queue_pending_inquiries",
                                     "Inquiries that wait for their customer."};
inline constexpr MetricName kScheduled{"usher_queue_scheduled_inquiries",
                                       "Inquiries that begin later."};
inline constexpr MetricName kInquiries{
    "usher_inquiries_total",
    "Inquiries by outcome: placed, joined, rejected, answered, resolved, abandoned, cancelled."};
inline constexpr MetricName kAgents{"usher_agents",
                                    "Agents by state: offline, available, busy, away, draining."};
inline constexpr MetricName kLag{"usher_insights_lag_records",
                                 "Records of usher.decisions that the views have not taken yet."};
inline constexpr MetricName kStoreErrors{"usher_insights_store_errors_total",
                                         "Failed calls on the store, by what was tried."};
inline constexpr MetricName kRebuilds{"usher_insights_rebuilds_total",
                                      "Views of a partition built anew from the log's beginning."};

}  // namespace usher::insights
