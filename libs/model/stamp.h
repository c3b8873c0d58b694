// Stamp: the name of a decision, for ever: which log, which partition, which command, which of its
// decisions.
#pragma once

#include <compare>
#include <cstdint>

#include "model/names.h"

namespace usher {

struct Stamp {
  LogId log;
  std::int32_t partition = 0;
  std::int64_t offset = -1;  // of the command in `usher.commands`; -1: before all
  std::uint32_t index = 0;   // among the decisions of that command, from 0

  bool none() const { return offset < 0; }

  // Order within one log and one partition.
  bool After(const Stamp& other) const {
    return offset != other.offset ? offset > other.offset : index > other.index;
  }

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

}  // namespace usher
