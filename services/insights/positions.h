// Positions: how far each partition has been read, told by the loop to who watches the lag.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "log/log.h"

namespace usher::insights {

class Positions {
 public:
  void Set(const log::TopicPartition& partition, std::int64_t next) {
    absl::MutexLock lock(&mutex_);
    next_[partition] = next;
  }
  void Remove(const log::TopicPartition& partition) {
    absl::MutexLock lock(&mutex_);
    next_.erase(partition);
  }
  std::map<log::TopicPartition, std::int64_t> all() const {
    absl::MutexLock lock(&mutex_);
    return next_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<log::TopicPartition, std::int64_t> next_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::insights
