// View: a played day as people watch it: a panel that is drawn anew on a terminal, or one line a
// half hour of the shop where there is none.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

#include "core/time.h"
#include "usher/play_plan.h"
#include "usher/play_tally.h"
#include "usher/play_totals.h"

namespace usher::play {

struct QueueScene {
  std::uint64_t waiting = 0;
  std::uint64_t assigned = 0;
  Duration oldest{0};  // shop time that the oldest waiting one has waited
};

struct Scene {
  Duration shop_now{0};             // since the shop opened
  Duration day = kDay;              // when it closes
  std::uint64_t conversations = 0;  // that the plan has
  Totals totals;
  std::map<std::string, QueueScene> queues;
  std::size_t agents = 0;
  std::size_t busy = 0;
};

// "10:30", for a time since the shop opened.
std::string ClockText(Duration since_opening);

// "850ms", "4.2s", "3m10s", "2h05m": for people.
std::string DurationText(Duration value);

// The scene as one line.
std::string SceneLine(const Scene& scene, const Tally& tally);

// The scene as a panel of lines, each ended by a newline; as many queues as fit in `rows`.
std::string ScenePanel(const Scene& scene, const Tally& tally, std::size_t rows = 50);

class View {
 public:
  // Borrows `out`; draws panels if `panels`, else lines.
  View(std::FILE* out, bool panels) : out_(out), panels_(panels) {}

  // Shows the scene if it is time for it.
  void Show(const Scene& scene, const Tally& tally);

  // Shows the last scene; what is written after it stays below.
  void ShowLast(const Scene& scene, const Tally& tally);

 private:
  void Draw(const Scene& scene, const Tally& tally);

  static constexpr Duration kLineEvery = kHour / 2;

  std::FILE* const out_;
  const bool panels_;
  std::size_t drawn_lines_ = 0;
  Duration next_line_{0};
};

}  // namespace usher::play
