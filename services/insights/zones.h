// Zones: the time zone of each desk, as its policy says (policy/time_zone.h), read from
// `usher.policies` when it is asked for.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "log/log.h"
#include "model/names.h"

namespace usher::insights {

class Zones {
 public:
  explicit Zones(log::Log& log) : log_(log) {}

  // A name such as Europe/Kyiv; UTC where the policy says none. May block. Errors: as the log
  // says.
  absl::StatusOr<std::string> Of(const DeskName& desk);

 private:
  absl::Status Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  log::Log& log_;
  absl::Mutex mutex_;
  std::map<std::int32_t, std::int64_t> next_ ABSL_GUARDED_BY(mutex_);
  std::map<DeskName, std::string> zones_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::insights
