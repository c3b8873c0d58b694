#include "insights/wallboard/poller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/hash.h"
#include "insights/keys.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::insights {
namespace {

constexpr Duration kLightEvery = 250ms;
constexpr Duration kPacedEvery = 500ms;
constexpr Duration kPacedWaitMax = 60s;
constexpr std::int64_t kShare = 20;   // reading takes at most 1 / 20 of the time, each of the two
constexpr Duration kHourMoves = 60s;  // it goes on when nothing is decided, too

std::string VersionOf(const std::string& json) {
  return Id<struct VersionTag>::Of(json).ToString();
}

// Not the clock of the house: how long something took, on which nothing depends but how soon it is
// done again.
class StopWatch {
 public:
  Duration took() const {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_);
  }

 private:
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

bool Poller::Paced::Now(Instant now) const {
  // A clock that was set back must not stop the board.
  return due && (now >= again || again - now > kPacedWaitMax);
}

void Poller::Paced::Read(Instant now, Duration took) {
  due = false;
  again = now + std::clamp(Duration(took * kShare), kPacedEvery, kPacedWaitMax);
}

// Brings what is known of the desk to what the store has, as far as it is time for it.
absl::Status Poller::Read(const DeskName& name, Desk& desk, Instant now) {
  USHER_TRY(const std::optional<std::string> watermark, store_->Get(WatermarkKey(desk.partition)));
  if (!desk.read || watermark != desk.watermark) {
    desk.heavy_pace.due = desk.hour_pace.due = true;
    USHER_TRY(desk.light, ReadLight(*store_, name));
  }
  if (desk.heavy_pace.Now(now)) {
    const StopWatch watch;
    USHER_TRY(Heavy heavy, ReadHeavy(*store_, desk.partition, name, desk.light.open() <= kOpenMax));
    desk.heavy = std::make_shared<const Heavy>(std::move(heavy));
    desk.heavy_pace.Read(now, watch.took());
  }
  if (now - desk.hour_read >= kHourMoves) desk.hour_pace.due = true;
  if (desk.hour_pace.Now(now)) {
    const StopWatch watch;
    USHER_TRY(desk.hour, ReadHour(*store_, partitions_, zones_, name, now));
    desk.hour_pace.Read(now, watch.took());
    desk.hour_read = now;
  }
  desk.watermark = watermark;
  desk.read = true;
  return absl::OkStatus();
}

absl::Status Poller::Poll(const DeskName& name, Desk& desk, Instant now) {
  USHER_RETURN_IF_ERROR(Read(name, desk, now));
  std::string json = BoardJson(name, desk.light, *desk.heavy, desk.hour);
  if (!desk.json || json != *desk.json) {
    desk.version = VersionOf(json);
    desk.json = std::make_shared<const std::string>(std::move(json));
  }
  BoardNow board;
  board.json = desk.json;
  board.version = desk.version;
  board.heavy = desk.heavy;
  const std::optional<Watermark> place =
      desk.watermark ? DecodeWatermark(*desk.watermark) : std::nullopt;
  if (place) board.as_of = place->at;
  board.live = live_();
  boards_.Publish(name, std::move(board));
  return absl::OkStatus();
}

absl::Status Poller::Step(Instant now, Duration wait) {
  const std::vector<DeskName> watched = boards_.watched();
  std::erase_if(desks_, [&watched](const auto& desk) {
    return !std::binary_search(watched.begin(), watched.end(), desk.first);
  });
  for (const DeskName& name : watched) {
    const auto [found, fresh] = desks_.try_emplace(name);
    Desk& desk = found->second;
    if (fresh) desk.partition = journal::PartitionOf(name, partitions_);
    if (!fresh && now < desk.light_again && desk.light_again - now <= kLightEvery) continue;
    desk.light_again = now + kLightEvery;
    if (!Poll(name, desk, now).ok()) {
      BoardNow away = boards_.Look(name);
      away.live = false;
      boards_.Publish(name, std::move(away));
    }
  }
  boards_.Rest(wait);
  return absl::OkStatus();
}

}  // namespace usher::insights
