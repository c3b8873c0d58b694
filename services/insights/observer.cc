#include "insights/observer.h"

#include <algorithm>
#include <utility>

#include "insights/counts.h"
#include "insights/labels.h"
#include "measure/histogram.h"

namespace usher::insights {
namespace {

double Seconds(Duration duration) {
  return static_cast<double>(std::max(duration, Duration::zero()).count()) / 1e6;
}

}  // namespace

Observer::Observer(telemetry::Metrics& metrics, Targets targets)
    : metrics_(metrics), targets_(std::move(targets)) {}

std::vector<double> Observer::Edges() {
  // Here and not with the policy's decision: by the first answer under a policy its record is
  // there.
  if (policy_changed_) policy_changed_ = !targets_.Refresh().ok();
  const std::vector<Duration> list(targets_.all().begin(), targets_.all().end());
  std::vector<double> edges;
  for (const Duration edge : measure::EdgesWith(list)) edges.push_back(insights::Seconds(edge));
  return edges;
}

void Observer::Observe(const Observation& observation) {
  switch (observation.kind) {
    case Observation::Kind::kFirstResponse:
      FirstResponse(observation).Observe(insights::Seconds(observation.value));
      break;
    case Observation::Kind::kOfferWait:
      Seconds(kOfferWait, observation).Observe(insights::Seconds(observation.value));
      break;
    case Observation::Kind::kAccept:
      Seconds(kAccept, observation).Observe(insights::Seconds(observation.value));
      break;
    case Observation::Kind::kHandling:
      Seconds(kHandling, observation).Observe(insights::Seconds(observation.value));
      break;
    case Observation::Kind::kOffer:
      Total(kOffers, "outcome", observation).Add();
      break;
    case Observation::Kind::kDecline:
      Total(kDeclines, "reason", observation).Add();
      break;
    case Observation::Kind::kAsked:
      Total(kAsked, "reason", observation).Add();
      break;
    case Observation::Kind::kRescind:
      Total(kRescinds, "cause", observation).Add();
      break;
    case Observation::Kind::kRequeue:
      Total(kRequeues, "reason", observation).Add();
      break;
    case Observation::Kind::kRelax:
      Total(kRelaxations, "reason", observation).Add();
      break;
    case Observation::Kind::kEscalate:
      Total(kEscalations, nullptr, observation).Add();
      break;
    case Observation::Kind::kReserve:
      Total(kReservations, nullptr, observation).Add();
      break;
    case Observation::Kind::kStarve:
      Total(kStarved, nullptr, observation).Add();
      break;
    case Observation::Kind::kTargetBreach:
      Total(kTargetBreaches, "target", observation).Add();
      break;
    case Observation::Kind::kTargetWarning:
      Total(kTargetWarnings, "target", observation).Add();
      break;
    case Observation::Kind::kForecast:
      Total(kForecasts, nullptr, observation).Add();
      break;
    case Observation::Kind::kPause:
      Total(kPauses, nullptr, observation).Add();
      break;
    case Observation::Kind::kWake:
      Total(kWakes, "cause", observation).Add();
      break;
    case Observation::Kind::kBreach:
      Total(kBreaches, nullptr, observation).Add();
      break;
    case Observation::Kind::kWarning:
      Total(kWarnings, nullptr, observation).Add();
      break;
    case Observation::Kind::kPolicy:
      policy_changed_ = true;
      break;
    case Observation::Kind::kInquiry:
      Total(kInquiries, "outcome", observation).Add();
      // From 0 on, so that the first breach is an increase.
      Total(kBreaches, nullptr, observation);
      Total(kWarnings, nullptr, observation);
      break;
  }
}

telemetry::Histogram& Observer::FirstResponse(const Observation& observation) {
  telemetry::Histogram*& histogram =
      first_response_[{observation.desk, observation.queue, observation.channel}];
  if (!histogram) {
    targets_.Add(observation.target);
    histogram = &metrics_.GetHistogram(kFirstResponse.name, kFirstResponse.help, Edges(),
                                       {{"desk", observation.desk.ToString()},
                                        {"queue", OrUnknown(observation.queue.view())},
                                        {"channel", OrUnknown(observation.channel.view())}});
  }
  return *histogram;
}

telemetry::Histogram& Observer::Seconds(const MetricName& metric, const Observation& observation) {
  telemetry::Histogram*& histogram = seconds_[{metric.name, observation.desk, observation.queue}];
  if (!histogram) {
    histogram = &metrics_.GetHistogram(
        metric.name, metric.help, Edges(),
        {{"desk", observation.desk.ToString()}, {"queue", OrUnknown(observation.queue.view())}});
  }
  return *histogram;
}

telemetry::Counter& Observer::Total(const MetricName& metric, const char* label_name,
                                    const Observation& observation) {
  telemetry::Counter*& counter = totals_[{metric.name, observation.desk, observation.queue,
                                          label_name ? observation.label : nullptr}];
  if (!counter) {
    telemetry::Labels labels = {{"desk", observation.desk.ToString()},
                                {"queue", OrUnknown(observation.queue.view())}};
    if (label_name) labels[label_name] = observation.label;
    counter = &metrics_.GetCounter(metric.name, metric.help, labels);
  }
  return *counter;
}

void Observer::PublishQueue(const QueueKey& key, const LiveQueue& queue) {
  absl::MutexLock lock(&mutex_);
  QueueGauges& gauges = queues_[key];
  const std::string desk = key.first.ToString();
  const std::string name = OrUnknown(key.second.view());
  if (!gauges.oldest_age) {
    gauges.waiting.resize(kPriorities, nullptr);
    gauges.oldest_age =
        &metrics_.GetGauge(kOldestAge.name, kOldestAge.help, {{"desk", desk}, {"queue", name}});
  }
  for (std::size_t priority = 0; priority < kPriorities; ++priority) {
    telemetry::Gauge*& gauge = gauges.waiting[priority];
    if (!gauge && queue.waiting[priority] == 0) continue;
    if (!gauge) {
      gauge = &metrics_.GetGauge(
          kWaiting.name, kWaiting.help,
          {{"desk", desk}, {"queue", name}, {"priority", std::to_string(priority)}});
    }
    gauge->Set(queue.waiting[priority]);
  }
  const telemetry::Labels labels = {{"desk", desk}, {"queue", name}};
  if (gauges.pending || queue.pending > 0) {
    if (!gauges.pending) gauges.pending = &metrics_.GetGauge(kPending.name, kPending.help, labels);
    gauges.pending->Set(queue.pending);
  }
  if (gauges.scheduled || queue.scheduled > 0) {
    if (!gauges.scheduled) {
      gauges.scheduled = &metrics_.GetGauge(kScheduled.name, kScheduled.help, labels);
    }
    gauges.scheduled->Set(queue.scheduled);
  }
  gauges.oldest_placed_at = queue.Row().oldest_placed_at;
}

void Observer::PublishDesk(const DeskName& desk, const LiveDesk& live) {
  std::vector<telemetry::Gauge*>& gauges = agents_[desk];
  for (std::size_t state = 0; state < live.presences.size(); ++state) {
    if (gauges.size() == state) {
      gauges.push_back(
          &metrics_.GetGauge(kAgents.name, kAgents.help,
                             {{"desk", desk.ToString()}, {"state", kPresenceLabels[state]}}));
    }
    gauges[state]->Set(live.presences[state]);
  }
}

void Observer::Publish(const View& view) {
  for (const QueueKey& key : view.dirty_queues()) {
    PublishQueue(key, view.desks().at(key.first).queues.at(key.second));
  }
  for (const DeskName& desk : view.dirty_desks()) PublishDesk(desk, view.desks().at(desk));
}

void Observer::PublishAll(const View& view) {
  for (const auto& [desk, live] : view.desks()) {
    for (const auto& [queue, live_queue] : live.queues) PublishQueue({desk, queue}, live_queue);
    PublishDesk(desk, live);
  }
}

void Observer::Withdraw(const View& view) {
  for (const auto& [desk, live] : view.desks()) {
    for (const auto& [queue, live_queue] : live.queues) PublishQueue({desk, queue}, LiveQueue());
    PublishDesk(desk, LiveDesk());
  }
}

void Observer::StoreFailed(const char* tried) {
  metrics_.GetCounter(kStoreErrors.name, kStoreErrors.help, {{"call", tried}}).Add();
}

void Observer::Rebuilding() { metrics_.GetCounter(kRebuilds.name, kRebuilds.help).Add(); }

void Observer::Refresh(Instant now) {
  absl::MutexLock lock(&mutex_);
  for (auto& [key, gauges] : queues_) {
    gauges.oldest_age->Set(
        gauges.oldest_placed_at == kNever ? 0 : insights::Seconds(now - gauges.oldest_placed_at));
  }
}

}  // namespace usher::insights
