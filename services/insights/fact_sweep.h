// FactSweep: takes the days of desks that fell silent out of the store when they are too old.
//
// A desk that decides something takes out its own old days (facts.h). One that does not would keep
// its last ones for ever, so on each day of the partition's decisions the sweep goes over all its
// desks once, a few with each decision. How far it is, is in the batch of the watermark as all
// facts are: any owner goes on where the last one was, and makes the same.
//
// Threads: one. Cost: kSweptADecision desks with each decision while it goes on, else nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/names.h"
#include "store/store.h"

namespace usher::insights {

constexpr std::size_t kSweptADecision = 4;

class FactSweep {
 public:
  // The days that a desk may have, of UTC from 1970.
  struct Days {
    DeskName desk;
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  // The first desk after this one by name; of none: the first of all. Nothing: there is none.
  using Next = std::function<std::optional<Days>(const DeskName& after)>;

  FactSweep(std::int32_t partition, std::int64_t keep_days);

  // With each decision, of `day`: appends what is to be taken out to `writes`.
  void Step(std::int64_t day, const Next& next, std::vector<store::Write>& writes);

  // Where the store has it. False: it is not what this wrote. Errors: kUnavailable: try again.
  absl::StatusOr<bool> Load(store::Store& store);

  // How far it is, if that has changed since Committed().
  void AppendTo(std::vector<store::Write>& writes) const;
  void Committed() { changed_ = false; }

 private:
  std::string Encode() const;
  bool Decode(std::string_view bytes);

  std::int32_t partition_;
  std::int64_t keep_days_;
  std::optional<std::int64_t> swept_;  // the last day for which it went over all
  std::optional<std::int64_t> day_;    // for which it goes on
  DeskName at_;                        // the last desk that it looked at; none: it begins
  bool changed_ = false;
};

}  // namespace usher::insights
