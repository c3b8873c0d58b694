#include "kit/words.h"

#include <charconv>
#include <limits>

#include "model/command.h"

namespace usher::kit {
namespace {

using Word = std::string_view;

constexpr Word kSentiments[] = {"unknown", "negative", "neutral", "positive"};
constexpr Word kPresences[] = {"offline", "available", "busy", "away", "draining"};
constexpr Word kAwayReasons[] = {"none", "asked", "missed_offers"};
constexpr Word kOfferReasons[] = {"none",       "arrival",   "reoffered",      "in_time",
                                  "late_share", "only_late", "policy_changed", "preferred",
                                  "taken",      "assigned",  "changed"};
constexpr Word kDeclineReasons[] = {"none",           "busy",      "not_my_skill",
                                    "knows_customer", "technical", "other"};
constexpr Word kRescindCauses[] = {"none",
                                   "agent_unavailable",
                                   "agent_removed",
                                   "inquiry_cancelled",
                                   "inquiry_abandoned",
                                   "policy_changed",
                                   "taken_by_another",
                                   "inquiry_updated"};
constexpr Word kRequeueReasons[] = {"none", "agent_removed", "no_reply", "agent_gone",
                                    "transferred"};
constexpr Word kCancelReasons[] = {"none", "shop", "spam", "duplicate", "other"};
constexpr Word kRejectReasons[] = {"none",
                                   "no_policy",
                                   "unknown_channel",
                                   "unknown_queue",
                                   "unknown_inquiry",
                                   "unknown_agent",
                                   "unknown_offer",
                                   "inquiry_exists",
                                   "not_the_owner",
                                   "not_assigned",
                                   "bad_priority",
                                   "bad_capacity",
                                   "too_many_skills",
                                   "bad_level",
                                   "queue_full",
                                   "too_many_inquiries",
                                   "too_many_agents",
                                   "too_many_names",
                                   "bad_policy",
                                   "request_reused",
                                   "too_many_sources",
                                   "not_permitted",
                                   "not_waiting",
                                   "not_able",
                                   "too_many_exclusions",
                                   "nobody_here",
                                   "too_many_attributes",
                                   "queue_closed",
                                   "not_scheduled",
                                   "not_pending",
                                   "unknown_order",
                                   "wrong_channel",
                                   "bad_mark",
                                   "bad_rating"};
constexpr Word kRepeatReasons[] = {"none", "source", "request"};

constexpr Word kPicks[] = {"rarest_first", "longest_idle", "least_loaded",
                           "round_robin",  "best_level",   "score"};
constexpr Word kRefuges[] = {"hold", "divert", "reject"};
constexpr Word kOrders[] = {"default",       "fifo", "priority",   "due",
                            "in_time_first", "aged", "agent_level"};
constexpr Word kWakes[] = {"owner", "pool"};
constexpr Word kTargets[] = {"first", "next", "resolution", "update"};
constexpr Word kStages[] = {"waiting", "offered", "assigned", "answered", "scheduled", "pending"};
constexpr Word kClockStates[] = {"none", "running", "warned", "met", "breached", "paused"};
constexpr Word kEscalateReasons[] = {"none", "age", "unanswered", "angry"};

constexpr Word kWakeCauses[] = {"none", "owner", "message", "time"};
constexpr Word kVerdicts[] = {
    "able",   "offline",    "lacks_skill",   "low_level", "who",          "excluded", "reserved",
    "closed", "shift_ends", "not_available", "no_units",  "channel_full", "paced"};
constexpr Word kNextChanges[] = {"none",       "relax",   "reservation_end", "exclusion_end",
                                 "escalation", "opening", "pace_end"};
constexpr Word kSortFields[] = {"value", "on_site", "repeat"};

constexpr Word kCommands[] = {
    "tick",   "place",    "cancel",  "abandon",  "agent",  "remove", "presence",
    "accept", "decline",  "reply",   "done",     "work",   "policy", "checkpoint",
    "update", "take",     "assign",  "transfer", "pause",  "resume", "schedule",
    "order",  "estimate", "explain", "preview",  "review", "rate"};
static_assert(std::size(kCommands) == std::variant_size_v<CommandBody>);

struct Unit {
  Word name;
  std::int64_t micros;
};
constexpr Unit kUnits[] = {
    {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}};

}  // namespace

std::span<const Word> WordsOf(Sentiment) { return kSentiments; }
std::span<const Word> WordsOf(Presence) { return kPresences; }
std::span<const Word> WordsOf(AwayReason) { return kAwayReasons; }
std::span<const Word> WordsOf(OfferReason) { return kOfferReasons; }
std::span<const Word> WordsOf(DeclineReason) { return kDeclineReasons; }
std::span<const Word> WordsOf(RescindCause) { return kRescindCauses; }
std::span<const Word> WordsOf(RequeueReason) { return kRequeueReasons; }
std::span<const Word> WordsOf(CancelReason) { return kCancelReasons; }
std::span<const Word> WordsOf(RejectReason) { return kRejectReasons; }
std::span<const Word> WordsOf(RepeatReason) { return kRepeatReasons; }
std::span<const Word> WordsOf(Pick) { return kPicks; }
std::span<const Word> WordsOf(Refuge) { return kRefuges; }
std::span<const Word> WordsOf(Order) { return kOrders; }
std::span<const Word> WordsOf(SortField) { return kSortFields; }
std::span<const Word> WordsOf(Wake) { return kWakes; }
std::span<const Word> WordsOf(Target) { return kTargets; }
std::span<const Word> WordsOf(Stage) { return kStages; }
std::span<const Word> WordsOf(ClockState) { return kClockStates; }
std::span<const Word> WordsOf(WakeCause) { return kWakeCauses; }
std::span<const Word> WordsOf(EscalateReason) { return kEscalateReasons; }
std::span<const Word> WordsOf(Verdict) { return kVerdicts; }
std::span<const Word> WordsOf(NextChange) { return kNextChanges; }

std::string CommandWord(std::size_t index) {
  return index < std::size(kCommands) ? std::string(kCommands[index]) : std::to_string(index);
}

std::string TimeText(Duration value) {
  if (value == Duration::max()) return "never";
  if (value == Duration(0)) return "0s";
  std::string text = value < Duration(0) ? "-" : "";
  // Unsigned: the lowest number has no positive twin.
  std::uint64_t left = static_cast<std::uint64_t>(value.count());
  if (value < Duration(0)) left = 0 - left;
  for (const Unit& unit : kUnits) {
    const auto micros = static_cast<std::uint64_t>(unit.micros);
    if (left >= micros) text += std::to_string(left / micros) + std::string(unit.name);
    left %= micros;
  }
  return text;
}

std::string TimeText(Instant value) { return TimeText(value.time_since_epoch()); }

std::optional<Duration> DurationOf(Word text) {
  if (text == "never") return Duration::max();
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  const Unit* next = std::begin(kUnits);
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const Word name = text.substr(0, text.find_first_of("0123456789"));
    while (next != std::end(kUnits) && next->name != name) ++next;
    if (next == std::end(kUnits)) return std::nullopt;
    // A negative one is summed up below zero: the lowest number has no positive twin.
    std::int64_t part = 0;
    if (__builtin_mul_overflow(negative ? -number : number, next->micros, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
    text.remove_prefix(name.size());
    ++next;
  }
  return Duration(total);
}

std::optional<std::uint64_t> NumberOf(Word text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace usher::kit
