#include "engine/timers.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "core/hash.h"

namespace usher::engine {
namespace {

Instant At(std::int64_t micros) { return FromMicros(micros); }

TEST(Timers, NoneIsFirstWhenNoneIsSet) {
  Timers timers;
  EXPECT_EQ(timers.first(), kNone);
  EXPECT_EQ(timers.Plain(kNone), Timer());
}

TEST(Timers, KeepWhatTheyAreFor) {
  Timers timers;
  const std::uint32_t timer = timers.Set(TimerKind::kExpiry, 9, At(50), 20us, 3);
  EXPECT_EQ(timers[timer].kind, TimerKind::kExpiry);
  EXPECT_EQ(timers[timer].owner, 9U);
  EXPECT_EQ(timers.Plain(timer), (Timer{At(50), 3}));
}

TEST(Timers, OneThatWouldBreakItsRunHasARunOfItsOwn) {
  Timers timers;
  const std::uint32_t late = timers.Set(TimerKind::kBreach, 1, At(90), 20us, 1);
  const std::uint32_t early = timers.Set(TimerKind::kBreach, 2, At(30), 20us, 2);
  EXPECT_EQ(timers.first(), early);
  timers.Clear(early);
  EXPECT_EQ(timers.first(), late);
}

TEST(Timers, AgreeWithASortedMap) {
  Timers timers;
  std::map<std::pair<Instant, std::uint64_t>, std::uint32_t> plain;
  std::uint64_t seed = 11;
  std::int64_t now = 0;
  for (std::uint64_t order = 1; order <= 30'000; ++order) {
    seed = Mix64(seed + 1);
    const Duration length{static_cast<std::int64_t>(seed % 7 * 100)};
    const std::int64_t base = seed % 50 == 0 ? now / 2 : now;  // a few out of order
    const Instant at = At(base) + length;
    plain[{at, order}] = timers.Set(TimerKind::kWarn, 0, at, length, order);
    if (seed % 3 == 0 && plain.size() > 2) {  // clear one from the middle
      auto place = plain.lower_bound({At(now + static_cast<std::int64_t>(seed / 3 % 400)), 0});
      if (place == plain.end()) place = plain.begin();
      timers.Clear(place->second);
      plain.erase(place);
    }
    while (!plain.empty() && plain.begin()->first.first <= At(now)) {
      ASSERT_EQ(timers.first(), plain.begin()->second);
      timers.Clear(timers.first());
      plain.erase(plain.begin());
    }
    ASSERT_EQ(timers.first(), plain.empty() ? kNone : plain.begin()->second);
    now += static_cast<std::int64_t>(seed / 1000 % 4);
  }
}

}  // namespace
}  // namespace usher::engine
