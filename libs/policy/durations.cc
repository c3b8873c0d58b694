#include "policy/durations.h"

#include <algorithm>
#include <array>

namespace usher::policy {
namespace {

struct Unit {
  std::string_view name;
  Duration length;
};

constexpr std::array kUnits = {Unit{"h", Duration(1h)}, Unit{"m", Duration(1min)},
                               Unit{"s", Duration(1s)}, Unit{"ms", Duration(1ms)}};

constexpr std::int64_t kCountMax =
    100'000'000'000'000;  // a thousand years of milliseconds are fewer

bool Digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Duration sum{0};
  std::size_t allowed = 0;  // units from here on
  while (!text.empty()) {
    std::size_t digits = 0;
    std::int64_t count = 0;
    while (digits < text.size() && Digit(text[digits])) {
      count = count * 10 + (text[digits++] - '0');
      if (count > kCountMax) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    std::size_t letters = 0;
    while (letters < text.size() && !Digit(text[letters])) ++letters;
    const std::string_view name = text.substr(0, letters);
    text.remove_prefix(letters);
    const auto* unit = std::find_if(kUnits.begin() + allowed, kUnits.end(),
                                    [&](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end()) return std::nullopt;
    allowed = static_cast<std::size_t>(unit - kUnits.begin()) + 1;
    if (count > (std::chrono::hours(24 * 366'000) - sum) / unit->length) return std::nullopt;
    sum += count * unit->length;
  }
  return sum;
}

std::string WriteDuration(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  for (const Unit& unit : kUnits) {
    if (duration % unit.length == Duration::zero()) {
      return std::to_string(duration / unit.length) + std::string(unit.name);
    }
  }
  return std::to_string(duration / 1ms) + "ms";
}

std::optional<std::uint16_t> ParseShare(std::string_view text) {
  if (text.empty() || text.back() != '%') return std::nullopt;
  text.remove_suffix(1);
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view tenth = dot == std::string_view::npos ? "0" : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 3 || tenth.size() != 1 || !Digit(tenth[0])) {
    return std::nullopt;
  }
  int permille = 0;
  for (const char c : whole) {
    if (!Digit(c)) return std::nullopt;
    permille = permille * 10 + (c - '0');
  }
  permille = permille * 10 + (tenth[0] - '0');
  if (permille > 1000) return std::nullopt;
  return static_cast<std::uint16_t>(permille);
}

Duration Scaled(Duration duration, std::int64_t divisor) {
  if (duration <= Duration::zero()) return duration;
  return std::max(
      Duration(1ms),
      Duration(std::chrono::duration_cast<std::chrono::milliseconds>(duration / divisor)));
}

}  // namespace usher::policy
