#include "journal/submitter.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "support/status.h"

namespace usher::journal {
namespace {

// While the log works on what it was given, look for new commands this often.
constexpr Duration kAckSlice = 1ms;

}  // namespace

Submitter::Submitter(const CommandLog& commands, std::unique_ptr<log::Appender> appender,
                     std::size_t queue_max)
    : queue_max_(queue_max), writer_(commands, std::move(appender)) {}

Submitter::~Submitter() {
  std::deque<Item> left;
  {
    const absl::MutexLock lock(&mutex_);
    left.swap(queue_);
  }
  for (Item& item : left) item.done(absl::UnavailableError("stopping; nothing was taken"));
}

void Submitter::Submit(wire::CommandRecord record, CommandWriter::Done done) {
  {
    const absl::MutexLock lock(&mutex_);
    if (queue_.size() < queue_max_) {
      queue_.push_back({std::move(record), std::move(done)});
      return;
    }
  }
  done(absl::ResourceExhaustedError("too many commands wait for the log; nothing was taken"));
}

std::deque<Submitter::Item> Submitter::TakeQueue(Duration wait) {
  const absl::MutexLock lock(&mutex_);
  // What waits for the log's answer comes first: nobody sleeps here while it does.
  if (wait > Duration::zero() && writer_.pending() == 0) {
    mutex_.AwaitWithTimeout(absl::Condition(
                                +[](std::deque<Item>* queue) { return !queue->empty(); }, &queue_),
                            absl::FromChrono(wait));
  }
  std::deque<Item> taken;
  taken.swap(queue_);
  return taken;
}

void Submitter::PutBack(std::deque<Item> rest) {
  const absl::MutexLock lock(&mutex_);
  queue_.insert(queue_.begin(), std::make_move_iterator(rest.begin()),
                std::make_move_iterator(rest.end()));
}

absl::Status Submitter::Step(Instant, Duration wait) {
  std::deque<Item> taken = TakeQueue(wait);
  while (!taken.empty()) {
    Item& item = taken.front();
    // Copied, not moved: when the log is full the item goes back into the queue.
    const absl::Status status = writer_.Append(item.record, item.done);
    // While answers are due there will be room. With none due the log takes nothing at all now.
    if (absl::IsResourceExhausted(status) && writer_.pending() > 0) break;
    if (!status.ok()) item.done(status);
    taken.pop_front();
  }
  if (!taken.empty()) PutBack(std::move(taken));
  if (wait > Duration::zero() && writer_.pending() > 0) {
    const absl::Status flushed = writer_.Flush(std::min(wait, kAckSlice));
    if (!flushed.ok() && !absl::IsDeadlineExceeded(flushed)) return flushed;
  }
  return writer_.Poll();
}

}  // namespace usher::journal
