// quality_bench: days A to H, each under all rules with the same customers; prints Markdown.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "quality/bound.h"
#include "quality/day.h"
#include "quality/figures.h"
#include "quality/play.h"
#include "quality/rules.h"
#include "quality/table.h"

namespace {

using namespace usher::quality;  // NOLINT: the program is nothing but its parts

constexpr std::string_view kUsage =
    "usage: quality_bench [--days ABCDEFGHP] [--seeds 20] [--first SEED] [--topics "
    "alike|apart|far]\n"
    "                     [--bin SECONDS of the bound; 0: none]\n";

struct Wish {
  std::string days = "ABCDEFGHP";
  std::uint64_t seeds = 20;
  std::uint64_t first = 1;
  std::uint64_t bin_s = 60;
  Topics topics = Topics::kApart;
};

bool ParseNumber(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool Parse(int count, char** words, Wish& wish) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view key = words[i];
    const std::string_view value = words[i + 1];
    if (key == "--days") {
      wish.days = value;
    } else if (key == "--seeds") {
      if (!ParseNumber(value, wish.seeds) || wish.seeds == 0) return false;
    } else if (key == "--first") {
      if (!ParseNumber(value, wish.first)) return false;
    } else if (key == "--bin") {
      if (!ParseNumber(value, wish.bin_s)) return false;
    } else if (key == "--topics") {
      if (value != "alike" && value != "apart" && value != "far") return false;
      wish.topics = value == "alike"   ? Topics::kAlike
                    : value == "apart" ? Topics::kApart
                                       : Topics::kFarApart;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

Comparison Compare(const DaySpec& spec, const Wish& wish) {
  Comparison comparison{spec, Rules(), {}, {}};
  comparison.plays.resize(comparison.rules.size());
  const auto staff = StaffOf(spec);
  for (std::uint64_t seed = wish.first; seed < wish.first + wish.seeds; ++seed) {
    const auto day = DrawDay(spec, seed);
    for (std::size_t i = 0; i < comparison.rules.size(); ++i) {
      const Result result = Play(spec, day, staff, comparison.rules[i], seed);
      comparison.plays[i].push_back(FiguresOf(day, staff, result));
    }
    if (wish.bin_s > 0) {
      comparison.bounds.push_back(
          FewestBreaches(spec, day, staff, std::chrono::seconds(wish.bin_s)));
    }
    std::fprintf(stderr, "%c %llu/%llu\r", spec.name,
                 static_cast<unsigned long long>(seed - wish.first + 1),
                 static_cast<unsigned long long>(wish.seeds));
  }
  return comparison;
}

}  // namespace

int main(int count, char** words) {
  Wish wish;
  if (!Parse(count, words, wish)) {
    std::fputs(kUsage.data(), stderr);
    return 2;
  }
  for (DaySpec spec : Days()) {
    if (wish.days.find(spec.name) == std::string::npos) continue;
    spec.topics = wish.topics;
    std::fputs(ToMarkdown(Compare(spec, wish)).c_str(), stdout);
    std::fflush(stdout);
  }
  return 0;
}
