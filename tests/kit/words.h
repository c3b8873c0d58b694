// The words of the scenario language for the closed sets and times of the model, both ways.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "model/policy.h"
#include "model/reason.h"

namespace usher::kit {

// The word of each enumerator, in order.
std::span<const std::string_view> WordsOf(Sentiment);
std::span<const std::string_view> WordsOf(Presence);
std::span<const std::string_view> WordsOf(AwayReason);
std::span<const std::string_view> WordsOf(OfferReason);
std::span<const std::string_view> WordsOf(DeclineReason);
std::span<const std::string_view> WordsOf(RescindCause);
std::span<const std::string_view> WordsOf(RequeueReason);
std::span<const std::string_view> WordsOf(CancelReason);
std::span<const std::string_view> WordsOf(RejectReason);
std::span<const std::string_view> WordsOf(RepeatReason);
std::span<const std::string_view> WordsOf(Pick);
std::span<const std::string_view> WordsOf(Refuge);
std::span<const std::string_view> WordsOf(Order);
std::span<const std::string_view> WordsOf(SortField);
std::span<const std::string_view> WordsOf(Wake);
std::span<const std::string_view> WordsOf(Target);
std::span<const std::string_view> WordsOf(Stage);
std::span<const std::string_view> WordsOf(ClockState);
std::span<const std::string_view> WordsOf(WakeCause);
std::span<const std::string_view> WordsOf(EscalateReason);
std::span<const std::string_view> WordsOf(Verdict);
std::span<const std::string_view> WordsOf(NextChange);

template <class Enum>
std::string EnumText(Enum value) {
  const auto words = WordsOf(value);
  const auto index = static_cast<std::size_t>(value);
  return index < words.size() ? std::string(words[index]) : std::to_string(index);
}

template <class Enum>
std::optional<Enum> EnumOf(std::string_view text) {
  const auto words = WordsOf(Enum{});
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// All words of the enum, for an error: "available, busy, ...".
template <class Enum>
std::string AllWords() {
  std::string all;
  for (const std::string_view word : WordsOf(Enum{})) {
    if (!all.empty()) all += ", ";
    all += word;
  }
  return all;
}

// The word of a command by its index in CommandBody: place, cancel, ...
std::string CommandWord(std::size_t index);

// 1m30s, 250ms, 0s, -5s; `never` for the end of time. Parts from h, m, s, ms, us, largest first.
std::string TimeText(Duration value);
std::string TimeText(Instant value);
std::optional<Duration> DurationOf(std::string_view text);

// A whole number without sign, nothing else around it.
std::optional<std::uint64_t> NumberOf(std::string_view text);

}  // namespace usher::kit
