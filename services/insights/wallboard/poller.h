// Poller: reads the desks that somebody looks at from the store, and publishes what it sees. One
// for all viewers of all desks.
//
// The watermark of the desk's partition is read four times a second; only when it moved the queues
// are, and with them the agents and what is open, and the last hour, less often the longer either
// takes.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "insights/wallboard/boards.h"
#include "insights/wallboard/hour.h"
#include "store/store.h"
#include "support/stepper.h"

namespace usher::insights {

class Poller : public Stepper {
 public:
  // Borrows `boards` and `zones`. `live` says whether the views follow the log.
  Poller(Boards& boards, std::unique_ptr<store::Store> store, std::int32_t partitions, Zones& zones,
         std::function<bool()> live)
      : boards_(boards),
        store_(std::move(store)),
        partitions_(partitions),
        zones_(zones),
        live_(std::move(live)) {}

  // Never fails: a store that is away is said on the board.
  absl::Status Step(Instant now, Duration wait) override;

 private:
  // Something that is read again when it may have changed, at most for a share of the time.
  struct Paced {
    bool due = true;
    Instant again;

    bool Now(Instant now) const;
    void Read(Instant now, Duration took);  // no more due
  };
  struct Desk {
    std::int32_t partition = 0;
    std::optional<std::string> watermark;  // when it was read
    bool read = false;
    Light light;
    std::shared_ptr<const Heavy> heavy;  // shared with the boards
    Paced heavy_pace;
    HourFacts hour;
    Paced hour_pace;
    Instant hour_read;
    std::shared_ptr<const std::string> json;  // shared with the boards
    std::string version;
    Instant light_again;
  };

  absl::Status Poll(const DeskName& name, Desk& desk, Instant now);
  absl::Status Read(const DeskName& name, Desk& desk, Instant now);

  Boards& boards_;
  const std::unique_ptr<store::Store> store_;
  const std::int32_t partitions_;
  Zones& zones_;
  const std::function<bool()> live_;
  std::map<DeskName, Desk> desks_;  // that are watched
};

}  // namespace usher::insights
