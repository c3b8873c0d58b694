// A mistake on purpose: tests/tidy/clang_test.py proves by it that thread safety is checked.
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

class Counter {
 public:
  int Read() { return count_; }

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

int main() { return Counter().Read(); }
