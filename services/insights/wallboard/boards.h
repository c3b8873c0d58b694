// Boards: who looks at which desk, and what they see. The one place where viewers' threads and the
// poller meet: the poller publishes a desk once, however many look at it, and each viewer takes the
// newest there is whenever it is ready, so that a slow one costs no memory and holds nobody up.
//
// Threads: any. Memory: the newest board of each desk that somebody looks at.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/time.h"
#include "insights/wallboard/board.h"

namespace usher::insights {

// What there is to see of a desk now.
struct BoardNow {
  std::shared_ptr<const std::string> json;  // shared with who is writing it; null: nothing yet
  std::string version;                      // of `json`: equal bytes, equal version
  std::shared_ptr<const Heavy> heavy;       // shared with who is reading a list of it; may be null
  Instant as_of = kNever;                   // of the last decision in it; kNever: none
  bool live = false;                        // it follows the log, and the store answers
  std::uint64_t change = 0;                 // counts up with each change of what is above
};

class Boards {
 public:
  struct Limits {
    std::size_t viewers = 32;
    std::size_t desks = 16;  // that somebody looks at
  };

  // A place before a desk's board; giving it up is destroying it.
  class Seat {
   public:
    Seat(Boards& boards, const DeskName& desk) : boards_(boards), desk_(desk) {}
    ~Seat() { boards_.Leave(desk_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    const DeskName& desk() const { return desk_; }

   private:
    Boards& boards_;
    const DeskName desk_;
  };

  explicit Boards(const Limits& limits) : limits_(limits) {}

  // Errors: kResourceExhausted: too many look; kUnavailable: it is closed.
  absl::StatusOr<std::unique_ptr<Seat>> Take(const DeskName& desk);

  // What there is once it is newer than `change`, or after `wait`. False: closed.
  bool Await(const Seat& seat, std::uint64_t change, Duration wait, BoardNow& now);

  // What there is now; nothing that is known if nobody looks.
  BoardNow Look(const DeskName& desk) const;

  std::vector<DeskName> watched() const;

  // Of the poller: what it saw of a desk. `json` that is what it was changes no version.
  void Publish(const DeskName& desk, BoardNow now);

  // Of the poller: waits for `wait`, or until somebody looks at a desk that nobody looked at.
  void Rest(Duration wait);

  // Ends all waits, for good.
  void Close();

 private:
  struct Watched {
    std::size_t viewers = 0;
    BoardNow now;
  };
  void Leave(const DeskName& desk);

  const Limits limits_;
  // Not absl's: its waits are by wall time.
  mutable std::mutex mutex_;
  std::condition_variable changed_;   // a board, or closed
  std::condition_variable newcomer_;  // a desk, or closed
  std::map<DeskName, Watched> desks_;
  std::size_t viewers_ = 0;
  bool waited_for_ = false;  // a desk that was not published yet
  bool closed_ = false;
};

}  // namespace usher::insights
