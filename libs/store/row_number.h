// The integer in a row that AddToRow counts up. The same bounds hold in every adapter: what a
// double holds exactly, since that is what Redis' scripts compute with.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::store {

constexpr std::int64_t kRowNumberMax = (std::int64_t{1} << 53) - 1;

// Nothing if `text` is not a decimal integer within the bounds, written as we write it.
inline std::optional<std::int64_t> ParseRowNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number > kRowNumberMax || number < -kRowNumberMax) return std::nullopt;
  return number;
}

// Nothing if what is there is no number, or the sum is out of bounds.
inline std::optional<std::string> AddToRowNumber(const std::optional<std::string>& there,
                                                 std::int64_t amount) {
  const auto number = there ? ParseRowNumber(*there) : std::optional<std::int64_t>(0);
  if (!number || amount > kRowNumberMax || amount < -kRowNumberMax) return std::nullopt;
  const std::int64_t sum = *number + amount;
  if (sum > kRowNumberMax || sum < -kRowNumberMax) return std::nullopt;
  return std::to_string(sum);
}

}  // namespace usher::store
