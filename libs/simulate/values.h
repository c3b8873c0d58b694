// Values: what a scenario's YAML values become, each misfit a problem that says what would be
// right. Beside libs/policy's reader: rates, laws, arrivals, numbers with a point.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "policy/reader.h"
#include "simulate/arrivals.h"
#include "simulate/laws.h"

namespace usher::simulate {

using policy::Problems;
using policy::Yaml;

constexpr Duration kSpanMax = std::chrono::hours(24 * 366 * 100);

// The text of a file that the scenario names, by the path written there.
using FileText = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// "what is 'got'; it must be wanted"
void Misfit(const Yaml& value, std::string_view what, std::string_view wanted, Problems& problems);

// For lists that may say nothing.
inline bool EmptyList(const Yaml& value) {
  return value.kind == Yaml::Kind::kList && value.items.empty();
}

std::optional<double> ReadReal(const Yaml& value, std::string_view what, double least, double most,
                               Problems& problems);
std::optional<std::uint64_t> ReadCount(const Yaml& value, std::string_view what,
                                       std::uint64_t least, Problems& problems);
std::optional<Duration> ReadSpan(const Yaml& value, std::string_view what, Duration least,
                                 Duration most, Problems& problems);

// 75/h or 0.5/s, as a number in a microsecond.
std::optional<double> ReadRate(const Yaml& value, std::string_view what, Problems& problems);

// A list of exactly two; both null if it is not.
std::pair<const Yaml*, const Yaml*> ReadPair(const Yaml& value, std::string_view what,
                                             Problems& problems);

// A map with exactly one of `keys`: that key, and its value.
struct Choice {
  std::string_view key;
  const Yaml* value = nullptr;
};
std::optional<Choice> ReadChoice(const Yaml& value, std::string_view what,
                                 std::initializer_list<std::string_view> keys, Problems& problems);

std::optional<Law> ReadLaw(const Yaml& value, std::string_view what, Problems& problems);

std::optional<ArrivalLaw> ReadArrivals(const Yaml& value, const FileText& files,
                                       Problems& problems);

}  // namespace usher::simulate
