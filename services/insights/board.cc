#include "insights/board.h"

#include <algorithm>

namespace usher::insights {
namespace {

DeskNow Now(const LiveDesk& live) {
  DeskNow desk;
  std::copy(live.presences.begin(), live.presences.end(), desk.presences.begin());
  desk.units = live.units_here;
  desk.loads = live.loads;
  return desk;
}

}  // namespace

void QueueNow::Set(const LiveQueue& queue) {
  waiting = queue.waiting;
  for (std::size_t i = 0; i < kPriorities; ++i) {
    const auto& ids = queue.waiting_by_priority[i];
    oldest[i] = ids.empty() ? kNever : ids.begin()->first;
    known[i] = known[i] || !ids.empty();
  }
  earliest_due = queue.due_ids.empty() ? kNever : queue.due_ids.begin()->first;
  foretold = queue.foretold;
  assigned = queue.assigned;
  pending = queue.pending;
  scheduled = queue.scheduled;
}

void QueueNow::Merge(const QueueNow& other) {
  for (std::size_t i = 0; i < kPriorities; ++i) {
    waiting[i] += other.waiting[i];
    oldest[i] = std::min(oldest[i], other.oldest[i]);
    known[i] = known[i] || other.known[i];
  }
  earliest_due = std::min(earliest_due, other.earliest_due);
  foretold += other.foretold;
  assigned += other.assigned;
  pending += other.pending;
  scheduled += other.scheduled;
}

void Board::Follow(const View& view) {
  const DeskName* last = nullptr;  // queues of a desk are neighbours
  const LiveDesk* desk = nullptr;
  for (const auto& key : view.dirty_queues()) {
    if (!last || *last != key.first) {
      last = &key.first;
      desk = &view.desks().at(key.first);
      desks[key.first] = Now(*desk);
    }
    queues[key].Set(desk->queues.at(key.second));
  }
  for (const DeskName& name : view.dirty_desks()) desks[name] = Now(view.desks().at(name));
}

void Board::FollowAll(const View& view) {
  queues.clear();
  desks.clear();
  for (const auto& [desk, live] : view.desks()) {
    for (const auto& [queue, live_queue] : live.queues) queues[{desk, queue}].Set(live_queue);
    desks[desk] = Now(live);
  }
}

}  // namespace usher::insights
