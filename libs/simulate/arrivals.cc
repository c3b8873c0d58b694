#include "simulate/arrivals.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/check.h"
#include "simulate/laws.h"

namespace usher::simulate {
namespace {

constexpr double kDayUs = static_cast<double>(kDay.count());
constexpr double kLastUs = 4e18;  // beyond it nothing comes: the clock ends soon after

Instant At(double us) { return us < kLastUs ? FromMicros(static_cast<std::int64_t>(us)) : kNever; }

double Gap(double rate, Rng& rng) { return -std::log(rng.Unit()) / rate; }

class Poisson : public Arrivals {
 public:
  Poisson(double rate, std::uint64_t seed) : rate_(rate), rng_(seed) {}

  Instant Next() override {
    if (rate_ <= 0) return kNever;
    now_us_ += Gap(rate_, rng_);
    return At(now_us_);
  }

 private:
  double rate_;
  Rng rng_;
  double now_us_ = 0;
};

// By thinning (Lewis, Shedler 1979) from the sine's highest rate.
class Sine : public Arrivals {
 public:
  Sine(const ArrivalLaw& law, std::uint64_t seed)
      : mean_(law.rate),
        amplitude_(law.amplitude),
        turn_(2 * std::numbers::pi / static_cast<double>(law.period.count())),
        rng_(seed) {}

  Instant Next() override {
    if (mean_ <= 0) return kNever;
    const double highest = 1 + amplitude_;
    do {
      now_us_ += Gap(mean_ * highest, rng_);
    } while (rng_.Unit() * highest >= 1 + amplitude_ * std::sin(turn_ * now_us_));
    return At(now_us_);
  }

 private:
  double mean_;
  double amplitude_;
  double turn_;
  Rng rng_;
  double now_us_ = 0;
};

class Curve : public Arrivals {
 public:
  Curve(const ArrivalLaw& law, std::uint64_t seed) : law_(law), gaps_(seed), days_(KeyOf(seed, 1)) {
    any_ = std::any_of(law.curve.begin(), law.curve.end(),
                       [](const ArrivalLaw::Piece& piece) { return piece.rate > 0; });
    BeginDay();
  }

  Instant Next() override {
    if (!any_) return kNever;
    for (;;) {
      const double rate = law_.curve[piece_].rate * factor_;
      // Past the end of its piece a gap is drawn anew: it has no memory.
      const double next = rate > 0 ? now_us_ + Gap(rate, gaps_) : EndOfPiece();
      if (next < EndOfPiece()) {
        now_us_ = next;
        return At(now_us_);
      }
      now_us_ = EndOfPiece();
      if (now_us_ >= kLastUs) return kNever;
      if (++piece_ < law_.curve.size()) continue;
      ++day_;
      BeginDay();
    }
  }

 private:
  void BeginDay() {
    piece_ = 0;
    factor_ = law_.day_cv > 0 ? GammaFactor(law_.day_cv, days_) : 1;
  }
  double EndOfPiece() const {
    const bool last = piece_ + 1 == law_.curve.size();
    const double end = last ? kDayUs : static_cast<double>(law_.curve[piece_ + 1].from.count());
    return static_cast<double>(day_) * kDayUs + end;
  }

  const ArrivalLaw& law_;
  Rng gaps_;
  Rng days_;
  bool any_ = false;
  std::int64_t day_ = 0;
  std::size_t piece_ = 0;
  double factor_ = 1;
  double now_us_ = 0;
};

// By thinning from the rate of the moment, which holds until the next jump: between jumps it only
// falls, or, if `jump` is below 1, only rises towards the base.
class Flash : public Arrivals {
 public:
  Flash(const ArrivalLaw& law, std::uint64_t seed)
      : base_(law.rate),
        above_(law.jump - 1),
        decay_(std::numbers::ln2 / static_cast<double>(law.half_life.count())),
        next_jump_us_(static_cast<double>(law.at.count())),
        rng_(seed) {}

  Instant Next() override {
    if (base_ <= 0) return kNever;
    for (;;) {
      const double bound = above_ > 0 ? Shape(now_us_) : 1;
      const double next = now_us_ + Gap(base_ * bound, rng_);
      if (next >= next_jump_us_) {
        jumped_ = true;
        last_jump_us_ = now_us_ = next_jump_us_;
        next_jump_us_ += kDayUs;
        continue;
      }
      now_us_ = next;
      if (rng_.Unit() * bound < Shape(now_us_)) return At(now_us_);
    }
  }

 private:
  double Shape(double us) const {
    return jumped_ ? 1 + above_ * std::exp(-decay_ * (us - last_jump_us_)) : 1;
  }

  double base_;
  double above_;
  double decay_;
  double next_jump_us_;
  double last_jump_us_ = 0;
  bool jumped_ = false;
  Rng rng_;
  double now_us_ = 0;
};

class Trace : public Arrivals {
 public:
  explicit Trace(const std::vector<Instant>& times) : times_(times) {}

  Instant Next() override { return next_ < times_.size() ? times_[next_++] : kNever; }

 private:
  const std::vector<Instant>& times_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Arrivals> MakeArrivals(const ArrivalLaw& law, std::uint64_t seed) {
  switch (law.kind) {
    case ArrivalLaw::Kind::kPoisson:
      return std::make_unique<Poisson>(law.rate, seed);
    case ArrivalLaw::Kind::kSine:
      return std::make_unique<Sine>(law, seed);
    case ArrivalLaw::Kind::kCurve:
      return std::make_unique<Curve>(law, seed);
    case ArrivalLaw::Kind::kFlash:
      return std::make_unique<Flash>(law, seed);
    case ArrivalLaw::Kind::kTrace:
      return std::make_unique<Trace>(law.trace);
  }
  USHER_CHECK(false);
}

}  // namespace usher::simulate
