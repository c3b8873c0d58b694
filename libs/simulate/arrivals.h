// Arrivals: when the inquiries of a class come.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulate/rng.h"

namespace usher::simulate {

constexpr Duration kDay = std::chrono::hours(24);

// Rates are per microsecond.
struct ArrivalLaw {
  enum class Kind : std::uint8_t { kPoisson, kSine, kCurve, kFlash, kTrace };

  // A piece of a day, from `from` to the next one or the day's end.
  struct Piece {
    Duration from{0};
    double rate = 0;
    friend bool operator==(const Piece&, const Piece&) = default;
  };

  Kind kind = Kind::kPoisson;
  double rate = 0;           // kPoisson; the mean of kSine; the base of kFlash
  double amplitude = 0;      // kSine: 0 to 1, rate * (1 + amplitude * sin(2 pi t / period))
  Duration period{0};        // kSine
  std::vector<Piece> curve;  // kCurve: the first from 0h, rising; the same every day
  double day_cv = 0;         // kCurve: each day times a gamma factor of mean 1; 0: none
  // kFlash: every day at `at` the rate jumps to `jump` times the base, and what it has above the
  // base halves each `half_life`.
  Duration at{0};
  double jump = 1;
  Duration half_life{0};
  std::vector<Instant> trace;  // kTrace: rising

  friend bool operator==(const ArrivalLaw&, const ArrivalLaw&) = default;
};

// One replication's arrivals of one class, one after the other.
class Arrivals {
 public:
  virtual ~Arrivals() = default;

  // The next one, not before the one before it; kNever: no more.
  virtual Instant Next() = 0;
};

// Borrows `law`. What is drawn hangs on `seed` alone.
std::unique_ptr<Arrivals> MakeArrivals(const ArrivalLaw& law, std::uint64_t seed);

}  // namespace usher::simulate
