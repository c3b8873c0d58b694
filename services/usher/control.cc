#include "usher/control.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "journal/append.h"
#include "journal/topics.h"
#include "router/logic.h"
#include "support/status.h"

namespace usher {
namespace {

constexpr std::size_t kReadMax = 4'096;
constexpr Duration kAppendWait = 30s;

// Calls `each` for every record of the partition from `next` on that can be decoded.
template <class Each>
absl::Status ReadCommands(log::Log& log, std::int32_t partition, std::int64_t next, Each each) {
  while (true) {
    USHER_TRY(const std::vector<log::Record> records,
              log.ReadRange({journal::kCommands, partition}, next, kReadMax));
    for (const log::Record& record : records) {
      next = record.offset + 1;
      const auto command = wire::DecodeCommand(record.value);
      if (command.ok()) each(record, *command);
    }
    if (records.empty()) return absl::OkStatus();
  }
}

// Follows the places and releases of one partition, as a router does.
class HeldBook {
 public:
  explicit HeldBook(const std::vector<router::Hold>& holds) {
    for (const router::Hold& hold : holds) places_[hold.desk].insert(hold.offset);
  }

  void Take(const log::Record& record, const wire::AnyCommand& command) {
    if (const auto* hold = std::get_if<wire::DeskHold>(&command)) {
      if (Since(hold->desk, record.offset) < 0) places_[hold->desk].insert(record.offset);
    } else if (const auto* release = std::get_if<wire::DeskRelease>(&command)) {
      if (places_[release->desk].contains(record.offset)) return;  // it crashed
      if (Since(release->desk, record.offset) >= 0) released_[release->desk] = record.offset;
    }
  }

  std::vector<HeldDesk> Held(std::int32_t partition) const {
    std::vector<HeldDesk> held;
    for (const auto& [desk, places] : places_) {
      const auto first = places.upper_bound(Released(desk));
      if (first == places.end()) continue;
      held.push_back({partition, desk, {first, places.end()}});
    }
    return held;
  }

 private:
  std::int64_t Since(const DeskName& desk, std::int64_t offset) const {
    const auto places = places_.find(desk);
    if (places == places_.end()) return -1;
    return router::HeldFrom(places->second, Released(desk), offset);
  }

  std::int64_t Released(const DeskName& desk) const {  // last; -1: never
    const auto released = released_.find(desk);
    return released == released_.end() ? -1 : released->second;
  }

  std::map<DeskName, std::set<std::int64_t>> places_;
  std::map<DeskName, std::int64_t> released_;
};

}  // namespace

absl::StatusOr<std::vector<LogicPlace>> LastLogic(log::Log& log,
                                                  const journal::CommandLog& commands) {
  std::vector<LogicPlace> last;
  for (std::int32_t partition = 0; partition < commands.partitions; ++partition) {
    LogicPlace place{partition, 0, router::kFirstLogic};
    USHER_RETURN_IF_ERROR(ReadCommands(
        log, partition, 0, [&](const log::Record& record, const wire::AnyCommand& command) {
          const auto* to = std::get_if<wire::LogicSwitch>(&command);
          if (to != nullptr) place = {partition, record.offset, to->version};
        }));
    last.push_back(place);
  }
  return last;
}

absl::StatusOr<std::int64_t> AppendControl(log::Log& log, std::int32_t partition,
                                           const wire::Control& control) {
  USHER_TRY(const std::vector<std::int64_t> offsets,
            journal::AppendAndWait(
                log, {{{journal::kCommands, partition}, "", wire::EncodeControl(control), {}}},
                kAppendWait));
  return offsets.front();
}

absl::StatusOr<std::vector<HeldDesk>> HeldDesks(log::Log& log,
                                                const journal::CommandLog& commands) {
  std::vector<HeldDesk> all;
  for (std::int32_t partition = 0; partition < commands.partitions; ++partition) {
    USHER_TRY(const router::PartitionQuarantines known,
              router::ReadQuarantines(log, commands.log_ids[static_cast<std::size_t>(partition)],
                                      partition));
    if (known.holds.empty()) continue;  // what a command holds is put there by the router
    std::int64_t first = known.holds.front().offset;
    for (const router::Hold& hold : known.holds) first = std::min(first, hold.offset);
    HeldBook book(known.holds);
    USHER_RETURN_IF_ERROR(ReadCommands(
        log, partition, first, [&](const log::Record& record, const wire::AnyCommand& command) {
          book.Take(record, command);
        }));
    for (HeldDesk& held : book.Held(partition)) all.push_back(std::move(held));
  }
  return all;
}

}  // namespace usher
