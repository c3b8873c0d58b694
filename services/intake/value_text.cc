#include "intake/value_text.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/time/time.h"
#include "core/fold.h"

namespace usher::intake {
namespace {

constexpr std::size_t kTimeBytesMax = 40;
constexpr std::size_t kDigitsMax = 15;  // whole units of money, or of time
constexpr std::size_t kDateBytes = 10;  // 2026-05-01

bool IsNumeral(char c) { return c >= '0' && c <= '9'; }

// Numerals alone, few enough never to overflow when they become hundredths.
std::optional<std::int64_t> WholeOf(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax || !std::all_of(text.begin(), text.end(), IsNumeral))
    return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

google::protobuf::Timestamp StampOf(std::int64_t seconds, std::int64_t nanos) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<std::int32_t>(nanos));
  return stamp;
}

std::optional<google::protobuf::Timestamp> IsoOf(std::string_view text, bool utc) {
  if (text.size() <= kDateBytes || text.size() > kTimeBytesMax || !IsNumeral(text.front())) {
    return std::nullopt;
  }
  std::string written(text);
  if (written[kDateBytes] == ' ') written[kDateBytes] = 'T';
  const char* format = utc ? "%Y-%m-%dT%H:%M:%E*S" : "%Y-%m-%dT%H:%M:%E*S%Ez";
  absl::Time time;
  if (!absl::ParseTime(format, written, absl::UTCTimeZone(), &time, nullptr)) return std::nullopt;
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  return StampOf(seconds, absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds)));
}

std::optional<std::int64_t> DecimalOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t dot = text.find('.');
  const auto whole = WholeOf(text.substr(0, dot));
  if (!whole) return std::nullopt;
  std::int64_t cents = *whole * 100;
  if (dot != std::string_view::npos) {
    const std::string_view decimals = text.substr(dot + 1);
    if (decimals.empty() || !std::all_of(decimals.begin(), decimals.end(), IsNumeral)) {
      return std::nullopt;
    }
    cents += (decimals[0] - '0') * 10;
    if (decimals.size() > 1) cents += decimals[1] - '0';
    if (decimals.size() > 2 && decimals[2] >= '5') ++cents;
  }
  return negative ? -cents : cents;
}

}  // namespace

std::optional<google::protobuf::Timestamp> TimeOf(std::string_view text, ValueForm form) {
  if (form == ValueForm::kIso || form == ValueForm::kIsoUtc) {
    return IsoOf(text, form == ValueForm::kIsoUtc);
  }
  const auto whole = WholeOf(text);
  if (!whole) return std::nullopt;
  if (form == ValueForm::kSeconds) return StampOf(*whole, 0);
  return StampOf(*whole / 1'000, *whole % 1'000 * 1'000'000);
}

std::optional<std::int64_t> CentsOf(std::string_view text, ValueForm form) {
  if (form == ValueForm::kDecimal) return DecimalOf(text);
  const bool negative = text.starts_with('-');
  const auto whole = WholeOf(negative ? text.substr(1) : text);
  if (!whole) return std::nullopt;
  return negative ? -*whole : *whole;
}

std::optional<std::uint32_t> NumberOf(std::string_view text) {
  const auto whole = WholeOf(text);
  if (!whole || *whole > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*whole);
}

std::optional<bool> SwitchOf(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (NextCharacter(text, at) == 0xfffd && at - begin == 1) return false;
  }
  return true;
}

}  // namespace usher::intake
