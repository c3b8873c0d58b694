#include "simulate/values.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "policy/durations.h"

namespace usher::simulate {
namespace {

constexpr double kHourUs = 3.6e9;
constexpr double kSecondUs = 1e6;
constexpr double kRateMax = 1;  // one each microsecond
constexpr double kScvMax = 10'000;
constexpr double kJumpMax = 10'000;
constexpr double kTraceSecondsMax = 3.2e9;  // a hundred years
constexpr std::string_view kArrivalForms = "poisson, sine, curve, flash or trace";

// Digits with at most one point: no sign, nothing beyond; an exponent where it may be (programs
// that write traces use it for what is small).
enum class Exponent { kNo, kMay };
std::optional<double> ParseReal(std::string_view text, Exponent exponent = Exponent::kNo) {
  const std::string_view taken = exponent == Exponent::kMay ? "0123456789.eE+-" : "0123456789.";
  if (text.empty() || text.front() == '-' || text.find_first_not_of(taken) != text.npos) {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "1.5s": as a policy writes it, but not in whole units.
std::optional<Duration> ParseBroken(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ms", 1e3}, {"s", kSecondUs}, {"m", 60 * kSecondUs}, {"h", kHourUs}};
  const std::size_t end = text.find_first_not_of("0123456789.");
  if (end == text.npos) return std::nullopt;
  const std::optional<double> number = ParseReal(text.substr(0, end));
  for (const auto& [unit, us] : kUnits) {
    if (!number || text.substr(end) != unit) continue;
    const double whole = *number * us;
    if (whole <= static_cast<double>(kSpanMax.count())) return Duration(std::llround(whole));
  }
  return std::nullopt;
}

std::string Written(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
  return std::string(text, end);
}

std::optional<ArrivalLaw> ReadSine(const Yaml& value, Problems& problems) {
  policy::Fields fields(value, "sine", {"mean", "amplitude", "period"}, problems);
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kSine;
  std::optional<double> mean, amplitude;
  std::optional<Duration> period;
  if (const Yaml* found = fields.Need("mean")) mean = ReadRate(*found, "mean", problems);
  if (const Yaml* found = fields.Need("amplitude")) {
    amplitude = ReadReal(*found, "amplitude", 0, 1, problems);
  }
  if (const Yaml* found = fields.Need("period")) {
    period = ReadSpan(*found, "period", 1s, kSpanMax, problems);
  }
  if (!mean || !amplitude || !period) return std::nullopt;
  law.rate = *mean;
  law.amplitude = *amplitude;
  law.period = *period;
  return law;
}

std::optional<ArrivalLaw> ReadFlash(const Yaml& value, Problems& problems) {
  policy::Fields fields(value, "flash", {"base", "at", "jump", "half_life"}, problems);
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kFlash;
  std::optional<double> base, jump;
  std::optional<Duration> at, half_life;
  if (const Yaml* found = fields.Need("base")) base = ReadRate(*found, "base", problems);
  if (const Yaml* found = fields.Need("at")) {
    at = ReadSpan(*found, "at", 0s, kDay - 1ms, problems);
  }
  if (const Yaml* found = fields.Need("jump")) {
    jump = ReadReal(*found, "jump", 0, kJumpMax, problems);
  }
  if (const Yaml* found = fields.Need("half_life")) {
    half_life = ReadSpan(*found, "half_life", 1s, kSpanMax, problems);
  }
  if (!base || !jump || !at || !half_life) return std::nullopt;
  law.rate = *base;
  law.at = *at;
  law.jump = *jump;
  law.half_life = *half_life;
  return law;
}

std::optional<ArrivalLaw> ReadCurve(const Yaml& value, Problems& problems) {
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kCurve;
  for (const Yaml* item : policy::ReadList(value, "curve", false, problems)) {
    const auto [from_value, rate_value] = ReadPair(*item, "a piece of a curve", problems);
    if (from_value == nullptr) return std::nullopt;
    const auto from = ReadSpan(*from_value, "the start of a piece", 0s, kDay - 1ms, problems);
    const auto rate = ReadRate(*rate_value, "the rate of a piece", problems);
    if (!from || !rate) return std::nullopt;
    const bool first = law.curve.empty();
    if (first ? *from != 0s : *from <= law.curve.back().from) {
      Misfit(*from_value, "the start of a piece", first ? "0h in the first one" : "rising",
             problems);
      return std::nullopt;
    }
    law.curve.push_back({*from, *rate});
  }
  if (law.curve.empty()) return std::nullopt;
  return law;
}

std::optional<ArrivalLaw> ReadTrace(const Yaml& value, const FileText& files, Problems& problems) {
  if (value.kind != Yaml::Kind::kText || value.text.empty()) {
    Misfit(value, "trace", "the path of a file", problems);
    return std::nullopt;
  }
  const absl::StatusOr<std::string> text = files(value.text);
  if (!text.ok()) {
    problems.Add(value.at, std::string(text.status().message()));
    return std::nullopt;
  }
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kTrace;
  std::size_t number = 0;
  for (std::string_view left = *text; !left.empty();) {
    ++number;
    const std::size_t end = std::min(left.find('\n'), left.size());
    std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::optional<double> seconds = ParseReal(line, Exponent::kMay);
    const bool fits = seconds && *seconds <= kTraceSecondsMax;
    const Instant at = FromMicros(fits ? std::llround(*seconds * kSecondUs) : 0);
    if (!fits || (!law.trace.empty() && at < law.trace.back())) {
      problems.Add(value.at, value.text + ":" + std::to_string(number) + ": " +
                                 policy::Quoted(line) +
                                 " is no time in seconds that is not before the one before it");
      return std::nullopt;
    }
    law.trace.push_back(at);
  }
  return law;
}

}  // namespace

void Misfit(const Yaml& value, std::string_view what, std::string_view wanted, Problems& problems) {
  const std::string got = value.kind == Yaml::Kind::kText ? policy::Quoted(value.text)
                                                          : std::string(policy::KindOf(value));
  problems.Add(value.at, std::string(what) + " is " + got + "; it must be " + std::string(wanted));
}

std::optional<double> ReadReal(const Yaml& value, std::string_view what, double least, double most,
                               Problems& problems) {
  std::optional<double> number;
  if (value.kind == Yaml::Kind::kText && value.plain) number = ParseReal(value.text);
  if (number && *number >= least && *number <= most) return number;
  Misfit(value, what, "a number from " + Written(least) + " to " + Written(most), problems);
  return std::nullopt;
}

std::optional<std::uint64_t> ReadCount(const Yaml& value, std::string_view what,
                                       std::uint64_t least, Problems& problems) {
  std::uint64_t number = 0;
  if (value.kind == Yaml::Kind::kText && value.plain) {
    const char* last = value.text.data() + value.text.size();
    const auto [end, error] = std::from_chars(value.text.data(), last, number);
    if (error == std::errc() && end == last && number >= least) return number;
  }
  Misfit(value, what, "a whole number, at least " + std::to_string(least), problems);
  return std::nullopt;
}

std::optional<Duration> ReadSpan(const Yaml& value, std::string_view what, Duration least,
                                 Duration most, Problems& problems) {
  std::optional<Duration> span;
  if (value.kind == Yaml::Kind::kText) span = policy::ParseDuration(value.text);
  if (!span && value.kind == Yaml::Kind::kText) span = ParseBroken(value.text);
  if (!span) {
    Misfit(value, what, "a duration with its unit, such as 250ms, 20s, 5m, 1h or 1h30m", problems);
    return std::nullopt;
  }
  if (*span < least || *span > most) {
    Misfit(value, what,
           "from " + policy::WriteDuration(least) + " to " + policy::WriteDuration(most), problems);
    return std::nullopt;
  }
  return span;
}

std::optional<double> ReadRate(const Yaml& value, std::string_view what, Problems& problems) {
  const std::string_view text = value.text;
  const std::size_t slash = text.find('/');
  if (value.kind == Yaml::Kind::kText && slash != std::string_view::npos) {
    const std::string_view unit = text.substr(slash + 1);
    const double unit_us = unit == "h" ? kHourUs : unit == "s" ? kSecondUs : 0;
    const std::optional<double> count = ParseReal(text.substr(0, slash));
    if (count && unit_us > 0 && *count / unit_us <= kRateMax) return *count / unit_us;
  }
  Misfit(value, what, "a rate such as 75/h or 0.5/s", problems);
  return std::nullopt;
}

std::pair<const Yaml*, const Yaml*> ReadPair(const Yaml& value, std::string_view what,
                                             Problems& problems) {
  if (value.kind == Yaml::Kind::kList && value.items.size() == 2) {
    return {value.items.data(), value.items.data() + 1};
  }
  Misfit(value, what, "a list of two", problems);
  return {nullptr, nullptr};
}

std::optional<Choice> ReadChoice(const Yaml& value, std::string_view what,
                                 std::initializer_list<std::string_view> keys, Problems& problems) {
  const policy::Fields fields(value, what, keys, problems);
  if (!fields.is_map()) return std::nullopt;
  std::optional<Choice> chosen;
  for (const std::string_view key : keys) {
    const Yaml* found = fields.Find(key);
    if (found == nullptr) continue;
    if (chosen) {
      problems.Add(found->at, std::string(what) + " has both " + std::string(chosen->key) +
                                  " and " + std::string(key) + "; one of them is taken");
      return std::nullopt;
    }
    chosen = {key, found};
  }
  if (!chosen && value.keys.empty()) Misfit(value, what, "a map with one key", problems);
  return chosen;
}

std::optional<Law> ReadLaw(const Yaml& value, std::string_view what, Problems& problems) {
  const auto chosen = ReadChoice(value, what, {"exp", "fixed", "lognormal"}, problems);
  if (!chosen) return std::nullopt;
  const Duration least = chosen->key == "fixed" ? Duration(0) : Duration(1ms);
  if (chosen->key != "lognormal") {
    const auto mean = ReadSpan(*chosen->value, chosen->key, least, kSpanMax, problems);
    if (!mean) return std::nullopt;
    return chosen->key == "exp" ? Law::Exponential(*mean) : Law::Fixed(*mean);
  }
  policy::Fields fields(*chosen->value, "lognormal", {"mean", "scv"}, problems);
  std::optional<Duration> mean;
  std::optional<double> scv;
  if (const Yaml* found = fields.Need("mean")) {
    mean = ReadSpan(*found, "mean", least, kSpanMax, problems);
  }
  if (const Yaml* found = fields.Need("scv")) scv = ReadReal(*found, "scv", 0, kScvMax, problems);
  if (!mean || !scv) return std::nullopt;
  return Law::Lognormal(*mean, *scv);
}

std::optional<ArrivalLaw> ReadArrivals(const Yaml& value, const FileText& files,
                                       Problems& problems) {
  // A curve may have `day_cv` beside it; every other form stands alone.
  const policy::Fields fields(value, "arrivals",
                              {"poisson", "sine", "curve", "flash", "trace", "day_cv"}, problems);
  if (!fields.is_map()) return std::nullopt;
  std::optional<ArrivalLaw> law;
  int forms = 0;
  if (const Yaml* found = fields.Find("poisson")) {
    ++forms;
    if (const auto rate = ReadRate(*found, "poisson", problems)) {
      law.emplace();
      law->rate = *rate;
    }
  }
  if (const Yaml* found = fields.Find("sine")) ++forms, law = ReadSine(*found, problems);
  if (const Yaml* found = fields.Find("curve")) ++forms, law = ReadCurve(*found, problems);
  if (const Yaml* found = fields.Find("flash")) ++forms, law = ReadFlash(*found, problems);
  if (const Yaml* found = fields.Find("trace")) ++forms, law = ReadTrace(*found, files, problems);
  if (forms != 1) {
    problems.Add(value.at, "arrivals need exactly one of " + std::string(kArrivalForms));
    return std::nullopt;
  }
  if (const Yaml* found = fields.Find("day_cv")) {
    if (fields.Find("curve") == nullptr) {
      problems.Add(found->at, "day_cv goes with a curve");
      return std::nullopt;
    }
    const auto cv = ReadReal(*found, "day_cv", 0, 10, problems);
    if (!cv || !law) return std::nullopt;
    law->day_cv = *cv;
  }
  return law;
}

}  // namespace usher::simulate
