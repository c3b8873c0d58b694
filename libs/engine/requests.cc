#include "engine/requests.h"

namespace usher::engine {

RequestWindow::Seen RequestWindow::Note(const RequestId& request, std::uint64_t digest) {
  const std::uint32_t known =
      places_.Find(request, [this](std::uint32_t place) { return ring_[place].request; });
  if (known != kNone) {
    return ring_[known].digest == digest ? Seen::kRepeat : Seen::kReused;
  }
  if (most_ == 0) return Seen::kNew;
  if (ring_.size() < most_) {
    places_.Insert(request, static_cast<std::uint32_t>(ring_.size()));
    ring_.push_back({request, digest});
    return Seen::kNew;
  }
  places_.Erase(ring_[oldest_].request, static_cast<std::uint32_t>(oldest_));
  ring_[oldest_] = {request, digest};
  places_.Insert(request, static_cast<std::uint32_t>(oldest_));
  oldest_ = oldest_ + 1 == most_ ? 0 : oldest_ + 1;
  places_.Prefetch(ring_[oldest_].request);  // the next to go
  return Seen::kNew;
}

bool RequestWindow::Load(const std::vector<RequestState>& requests) {
  constexpr std::size_t kAhead = 8;
  places_.Reserve(requests.size());
  ring_.reserve(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (i + kAhead < requests.size()) places_.Prefetch(requests[i + kAhead].request);
    if (Note(requests[i].request, requests[i].digest) != Seen::kNew) return false;
  }
  return true;
}

std::vector<RequestState> RequestWindow::Save() const {
  std::vector<RequestState> requests;
  requests.reserve(ring_.size());
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    requests.push_back(ring_[(oldest_ + i) % ring_.size()]);
  }
  return requests;
}

}  // namespace usher::engine
