#include "router/outbox.h"

#include <utility>

#include "core/check.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr std::size_t kBulkBytesAPump = 1 << 20;

}  // namespace

absl::Status Outbox::Pump() {
  while (!urgent_.empty()) {
    USHER_TRY(const bool taken, HandOver(urgent_));
    if (!taken) return absl::OkStatus();
  }
  for (std::size_t bytes = 0; !bulk_.empty() && bytes < kBulkBytesAPump;) {
    const std::size_t size = bulk_.front().entry.value.size();
    USHER_TRY(const bool taken, HandOver(bulk_));
    if (!taken) return absl::OkStatus();
    bytes += size;
    bulk_bytes_ -= size;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Outbox::HandOver(std::deque<Item>& queue) {
  const std::uint64_t number = next_number();
  USHER_CHECK(number >> kNumberBits == 0);
  const std::uint64_t token = (std::uint64_t{epoch_} << kNumberBits) | number;
  // Copied, since a log without room takes nothing. Entries are small but for pieces of snapshots.
  const absl::Status status = appender_.Append(queue.front().entry, token);
  if (absl::IsResourceExhausted(status)) return false;
  USHER_RETURN_IF_ERROR(status);
  in_flight_.push_back({queue.front().stamp, queue.front().first});
  queue.pop_front();
  return true;
}

absl::Status Outbox::Take(const log::Ack& ack) {
  USHER_RETURN_IF_ERROR(ack.status);
  const std::uint64_t number = ack.token & ((std::uint64_t{1} << kNumberBits) - 1);
  USHER_CHECK(number >= first_number_ && number < next_number());
  Sent& sent = in_flight_[number - first_number_];
  sent.landed = true;
  sent.offset = ack.offset;
  if (sent.first) bulk_place_ = ack.offset;
  while (!in_flight_.empty() && in_flight_.front().landed) {
    if (!in_flight_.front().stamp.none() && in_flight_.front().offset >= 0) {
      settled_stamp_ = in_flight_.front().stamp;
      settled_offset_ = in_flight_.front().offset;
    }
    in_flight_.pop_front();
    ++first_number_;
  }
  return absl::OkStatus();
}

}  // namespace usher::router
