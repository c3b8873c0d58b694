#include "usher/play_view.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace usher::play {
namespace {

constexpr std::size_t kQueuesShown = 20;
constexpr std::size_t kQueuesLeast = 3;
constexpr std::size_t kOtherRows = 9 + kLastLines + 1;  // of a panel
constexpr std::size_t kRowsUnknown = 24;
constexpr std::size_t kNameWidth = 28;
constexpr std::size_t kBarWidth = 40;
constexpr const char kBold[] = "\x1b[1m";
constexpr const char kDim[] = "\x1b[2m";
constexpr const char kRed[] = "\x1b[31m";
constexpr const char kPlain[] = "\x1b[0m";

std::uint64_t Waiting(const Scene& scene) {
  std::uint64_t waiting = 0;
  for (const auto& [name, queue] : scene.queues) waiting += queue.waiting;
  return waiting;
}

Duration Oldest(const Scene& scene) {
  Duration oldest{0};
  for (const auto& [name, queue] : scene.queues) oldest = std::max(oldest, queue.oldest);
  return oldest;
}

std::uint64_t At(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

std::string Bar(Duration shop_now, Duration day) {
  const double share = std::clamp(
      static_cast<double>(shop_now.count()) / static_cast<double>(day.count()), 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * kBarWidth);
  return "[" + std::string(full, '#') + std::string(kBarWidth - full, '.') + "]";
}

// The largest first, as "ro 210  uk 180 ...".
std::string Ranking(const Counts& counts, std::size_t most) {
  std::vector<std::pair<std::uint64_t, std::string>> ranked;
  for (const auto& [name, count] : counts) ranked.emplace_back(count, name);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (std::size_t i = 0; i < ranked.size() && i < most; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : "  ", ranked[i].second, " ", ranked[i].first);
  }
  return text;
}

// The queues that had most, so that the panel does not jump about.
std::vector<std::string> QueuesToShow(const Scene& scene, std::size_t most) {
  std::vector<std::pair<std::uint64_t, std::string>> ranked;
  for (const auto& [name, count] : scene.totals.by_queue) ranked.emplace_back(count, name);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < ranked.size() && i < most; ++i) {
    names.push_back(ranked[i].second);
  }
  return names;
}

}  // namespace

std::string ClockText(Duration since_opening) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(since_opening).count();
  return absl::StrFormat("%02d:%02d", kOpeningHour + minutes / 60, minutes % 60);
}

std::string DurationText(Duration value) {
  const double seconds = std::chrono::duration<double>(value).count();
  if (seconds < 1) return absl::StrFormat("%dms", value.count() / 1'000);
  if (seconds < 60) return absl::StrFormat("%.1fs", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 3'600) return absl::StrFormat("%dm%02ds", whole / 60, whole % 60);
  return absl::StrFormat("%dh%02dm", whole / 3'600, whole / 60 % 60);
}

std::string SceneLine(const Scene& scene, const Tally& tally) {
  const Totals& totals = scene.totals;
  return absl::StrFormat(
      "%s  in %d msgs %d orders  inquiries %d  answered %d  done %d  waiting %d (oldest %s)  "
      "late %d  busy %d/%d  offers %d (declined %d, expired %d)",
      ClockText(scene.shop_now), tally.messages_sent, tally.orders_sent, totals.placed,
      totals.answered, totals.ended(), Waiting(scene), DurationText(Oldest(scene)), totals.breached,
      scene.busy, scene.agents, At(totals.offers, "made"), At(totals.offers, "declined"),
      At(totals.offers, "expired"));
}

std::string ScenePanel(const Scene& scene, const Tally& tally, std::size_t rows) {
  const std::size_t queues =
      rows < kOtherRows + kQueuesLeast ? kQueuesLeast : std::min(rows - kOtherRows, kQueuesShown);
  const Totals& totals = scene.totals;
  std::string out;
  absl::StrAppendFormat(&out, "%susher play%s  %s %s\n\n", kBold, kPlain, ClockText(scene.shop_now),
                        Bar(scene.shop_now, scene.day));
  absl::StrAppendFormat(&out, "  came in    %d messages (%d on open inquiries), %d order events\n",
                        tally.messages_sent, totals.joined, tally.orders_sent);
  absl::StrAppendFormat(&out, "  inquiries  %d of %d: %d waiting, %d answered, %d done, %d left\n",
                        totals.placed, scene.conversations, Waiting(scene), totals.answered,
                        totals.resolved, totals.abandoned);
  absl::StrAppendFormat(
      &out, "  late       %s%d%s   agents busy %d of %d   offers %d: %d declined, %d expired\n",
      totals.breached > 0 ? kRed : "", totals.breached, kPlain, scene.busy, scene.agents,
      At(totals.offers, "made"), At(totals.offers, "declined"), At(totals.offers, "expired"));
  absl::StrAppendFormat(&out, "  languages  %s\n\n", Ranking(totals.by_language, 10));
  absl::StrAppendFormat(&out, "  %s%-*s %8s %8s %8s %8s%s\n", kDim, static_cast<int>(kNameWidth),
                        "queue", "placed", "waiting", "working", "oldest", kPlain);
  for (const std::string& name : QueuesToShow(scene, queues)) {
    const auto found = scene.queues.find(name);
    const QueueScene queue = found == scene.queues.end() ? QueueScene{} : found->second;
    absl::StrAppendFormat(&out, "  %-*s %8d %8d %8d %8s\n", static_cast<int>(kNameWidth),
                          name.substr(0, kNameWidth), At(totals.by_queue, name), queue.waiting,
                          queue.assigned, queue.waiting == 0 ? "-" : DurationText(queue.oldest));
  }
  absl::StrAppend(&out, "\n");
  for (const std::string& line : tally.last) {
    absl::StrAppendFormat(&out, "  %s%s%s\n", kDim, line, kPlain);
  }
  return out;
}

void View::Draw(const Scene& scene, const Tally& tally) {
  winsize size{};
  const bool known = ioctl(fileno(out_), TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  const std::string panel = ScenePanel(scene, tally, known ? size.ws_row : kRowsUnknown);
  if (drawn_lines_ > 0) std::fprintf(out_, "\x1b[%zuA\r\x1b[J", drawn_lines_);
  // Without wrapping, so that a narrow terminal has as many lines as we count.
  std::fprintf(out_, "\x1b[?7l%s\x1b[?7h", panel.c_str());
  std::fflush(out_);
  drawn_lines_ = static_cast<std::size_t>(std::count(panel.begin(), panel.end(), '\n'));
}

void View::Show(const Scene& scene, const Tally& tally) {
  if (panels_) {
    Draw(scene, tally);
  } else if (scene.shop_now >= next_line_) {
    std::fprintf(out_, "%s\n", SceneLine(scene, tally).c_str());
    std::fflush(out_);
    next_line_ = (scene.shop_now / kLineEvery + 1) * kLineEvery;
  }
}

void View::ShowLast(const Scene& scene, const Tally& tally) {
  next_line_ = Duration(0);
  Show(scene, tally);
}

}  // namespace usher::play
