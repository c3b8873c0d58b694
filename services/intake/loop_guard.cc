#include "intake/loop_guard.h"

#include "core/hash.h"

namespace usher::intake {

bool LoopGuard::IsOver(std::uint64_t key, const MessageCap& cap, Instant now) {
  if (cap.messages == 0) return false;
  if (places_.empty()) places_.resize(kPlaces);
  Place& place = places_[Mix64(key) % kPlaces];
  const bool running = place.count > 0 && place.key == key && now - place.since < cap.window;
  if (!running) place = {key, now, 0};
  if (place.count < cap.messages) {
    ++place.count;
    return false;
  }
  place.since = now;  // it goes on
  return true;
}

}  // namespace usher::intake
