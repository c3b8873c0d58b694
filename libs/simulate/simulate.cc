#include "simulate/simulate.h"

#include "support/status.h"

namespace usher::simulate {

absl::StatusOr<Report> Simulate(const Scenario& scenario, const Options& options) {
  Collector collector(scenario);
  for (std::uint32_t i = 1; i <= scenario.replications; ++i) {
    Tally tally;
    World world(scenario, i, options.decisions);
    USHER_RETURN_IF_ERROR(world.Run(tally));
    collector.Add(tally);
    if (options.progress) options.progress(i, scenario.replications);
  }
  return collector.Finish();
}

}  // namespace usher::simulate
