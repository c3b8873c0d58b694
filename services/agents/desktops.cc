#include "agents/desktops.h"

#include <optional>
#include <variant>

namespace usher::agents {
namespace {

telemetry::Counter& EndCounter(telemetry::Metrics& metrics, const char* reason) {
  return metrics.GetCounter("usher_work_streams_ended_total",
                            "Work streams that the service ended, by reason: slow, replaced.",
                            {{"reason", reason}});
}

}  // namespace

Desktops::Desktops(telemetry::Metrics& metrics)
    : offers_sent_(metrics.GetCounter("usher_work_offers_sent_total",
                                      "Offers that went down a Work stream.")),
      slow_ended_(EndCounter(metrics, "slow")),
      replaced_(EndCounter(metrics, "replaced")) {}

absl::Status Desktops::Open(const DeskName& desk, const AgentName& agent,
                            std::shared_ptr<Outbox> outbox) {
  const Key key{desk, agent};
  absl::MutexLock lock(&mutex_);
  if (ending_) return absl::UnavailableError("the server stops: connect again");
  if (desktops_.count(key) > 0) {
    replaced_.Add();
    End(key, absl::AbortedError("a newer stream of this agent took over"));
  }
  desktops_[key] = {std::move(outbox), false};
  return absl::OkStatus();
}

void Desktops::Close(const DeskName& desk, const AgentName& agent, const Outbox* outbox) {
  absl::MutexLock lock(&mutex_);
  const auto found = desktops_.find({desk, agent});
  if (found != desktops_.end() && found->second.outbox.get() == outbox) desktops_.erase(found);
}

void Desktops::Tell(const DeskName& desk, const News& news) {
  const Key key{desk, news.agent};
  absl::MutexLock lock(&mutex_);
  const auto found = desktops_.find(key);
  if (found != desktops_.end()) Pass(key, found->second, news.body);
}

void Desktops::Pass(const Key& key, Desktop& desktop, const NewsBody& news) {
  if (std::holds_alternative<NotKnown>(news)) {
    if (!desktop.live) End(key, absl::NotFoundError("no such agent: register it first"));
    return;
  }
  if (std::holds_alternative<Removed>(news)) {
    if (desktop.live) End(key, absl::NotFoundError("the agent was removed"));
    return;
  }
  // What comes before the work is shown is in it; what is shown to another stream of the agent is
  // known here.
  const bool shown = std::holds_alternative<WorkShown>(news);
  if (shown == desktop.live) return;
  desktop.live = true;
  std::optional<v1::WorkResponse> response = ToResponse(news);
  if (!response) return;
  const bool offer = response->has_offer();
  if (!desktop.outbox->Send(*std::move(response))) {
    slow_ended_.Add();
    desktops_.erase(key);
  } else if (offer) {
    offers_sent_.Add();
  }
}

void Desktops::End(const Key& key, absl::Status status) {
  const auto found = desktops_.find(key);
  found->second.outbox->End(std::move(status));
  desktops_.erase(found);
}

void Desktops::EndAll() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
  for (const auto& [key, desktop] : desktops_) {
    desktop.outbox->End(absl::UnavailableError("the server stops: connect again"));
  }
  desktops_.clear();
}

std::size_t Desktops::open() const {
  absl::MutexLock lock(&mutex_);
  return desktops_.size();
}

}  // namespace usher::agents
