#include "insights/fact_sweep.h"

#include <algorithm>
#include <limits>

#include "core/bytes.h"
#include "insights/keys.h"
#include "support/status.h"

namespace usher::insights {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr char kRow[] = "at";
constexpr std::int64_t kNoDay = std::numeric_limits<std::int64_t>::min();

std::optional<std::int64_t> DayOf(std::int64_t number) {
  return number == kNoDay ? std::nullopt : std::optional(number);
}

}  // namespace

FactSweep::FactSweep(std::int32_t partition, std::int64_t keep_days)
    : partition_(partition), keep_days_(keep_days) {}

void FactSweep::Step(std::int64_t day, const Next& next, std::vector<store::Write>& writes) {
  if (!day_) {
    if (swept_ && day <= *swept_) return;
    day_ = day;
    at_ = DeskName();
  }
  changed_ = true;
  const std::int64_t youngest = *day_ - keep_days_;  // that is too old
  for (std::size_t i = 0; i < kSweptADecision; ++i) {
    const std::optional<Days> desk = next(at_);
    if (!desk) {
      swept_ = day_;
      day_.reset();
      return;
    }
    at_ = desk->desk;
    // What was too old when it went over all the last time is gone.
    const std::int64_t from =
        swept_ ? std::max(desk->first, *swept_ - keep_days_ + 1) : desk->first;
    for (std::int64_t old = from; old <= std::min(desk->last, youngest); ++old) {
      writes.push_back(store::DeleteKey{FactTable(desk->desk, old)});
    }
  }
}

absl::StatusOr<bool> FactSweep::Load(store::Store& store) {
  USHER_TRY(const std::optional<std::string> bytes, store.GetRow(FactSweepTable(partition_), kRow));
  return !bytes || Decode(*bytes);  // a build without it had none
}

void FactSweep::AppendTo(std::vector<store::Write>& writes) const {
  if (changed_) writes.push_back(store::PutRow{FactSweepTable(partition_), kRow, Encode()});
}

std::string FactSweep::Encode() const {
  ByteWriter out;
  out.U8(kFormat);
  out.I64(swept_.value_or(kNoDay));
  out.I64(day_.value_or(kNoDay));
  out.Put(at_);
  return out.Take();
}

bool FactSweep::Decode(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  swept_ = DayOf(in.I64());
  day_ = DayOf(in.I64());
  at_ = in.GetName<DeskName>();
  return format == kFormat && in.done();
}

}  // namespace usher::insights
