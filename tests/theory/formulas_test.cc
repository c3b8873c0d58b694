// The formulas themselves, against printed values.
#include <gtest/gtest.h>

#include <vector>

#include "theory/theory.h"

namespace usher::theory {
namespace {

TEST(Formulas, GiveTheBookExampleOfErlangC) {
  const Waits waits = MMn(8, 5, 300);  // Koole, Call Center Mathematics
  EXPECT_NEAR(waits.p_wait, 0.1673, 5e-5);
  EXPECT_NEAR(waits.mean, 16.73, 5e-3);
  EXPECT_NEAR(1 - waits.PAbove(20), 0.8631, 5e-5);
  EXPECT_NEAR(ErlangC(10, 6), 0.1013, 5e-5);
  EXPECT_NEAR(MMn(90, 84, 600).mean, 41.20, 5e-3);
}

TEST(Formulas, GiveTheTableOfGarnettMandelbaumAndReiman) {
  // 48 calls a minute, a minute each, 50 agents; customers who wait for ever or two minutes.
  const Waits patient = MMn(50, 48, 60);
  EXPECT_NEAR(patient.mean, 20.83, 5e-3);
  EXPECT_NEAR(patient.Quantile(0.9), 58.1, 0.05);
  const WithAbandonment leaving = MMnM(50, 48, 60, 120, 30);
  EXPECT_NEAR(leaving.p_abandon, 0.0309, 5e-5);
  EXPECT_NEAR(leaving.wait_mean, 3.71, 5e-3);
  EXPECT_NEAR(leaving.queue_mean, 2.97, 5e-3);
  EXPECT_NEAR(leaving.busy_mean / 50, 0.930, 5e-4);
}

TEST(Formulas, OfAbandonmentComeToThoseWithout) {
  const Waits never = MMn(8, 5, 300);
  const WithAbandonment hardly = MMnM(8, 5, 300, 3e7, 20);
  EXPECT_NEAR(hardly.p_wait, never.p_wait, 1e-4);
  EXPECT_NEAR(hardly.wait_mean, never.mean, 1e-2);
  EXPECT_NEAR(hardly.p_above, never.PAbove(20), 1e-4);
}

TEST(Formulas, OfPrioritiesKeepTheMeanWait) {
  const std::vector<double> loads = {1, 2, 4};
  const std::vector<double> waits = PriorityWaits(8, loads, 300);
  EXPECT_LT(waits[0], waits[1]);
  EXPECT_LT(waits[1], waits[2]);
  const double mean = (waits[0] + 2 * waits[1] + 4 * waits[2]) / 7;
  EXPECT_NEAR(mean, MMn(8, 7, 300).mean, 1e-9);
}

TEST(Formulas, OfOneServerAgreeWhereLawsMeet) {
  // With scv 0 handling is fixed: M/D/1 waits half as long as M/M/1.
  EXPECT_NEAR(MLognormal1(0.7, 100, 0).mean, MMn(1, 0.7, 100).mean / 2, 1e-9);
}

TEST(Formulas, OfASineLagBehindIt) {
  // A slow sine is followed at once, a fast one not at all.
  EXPECT_NEAR(SineBusy(40, 1, 0.5, 1e6, 0.25e6), 60, 1e-3);
  EXPECT_NEAR(SineBusy(40, 1000, 0.5, 1, 0.25), 40, 0.01);
}

}  // namespace
}  // namespace usher::theory
