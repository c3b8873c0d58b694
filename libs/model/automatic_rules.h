// AutomaticRules: what a desk's policy says about messages that no customer wrote: automatic
// replies, bounces, lists, loops. Made by libs/policy, used by intake; the engine never sees it.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace usher {

enum class AutomaticAct : std::uint8_t {
  kDrop,  // nothing comes of it
  kTake   // as if a customer wrote it
};

// More than so many within the window is no customer any more. 0: no bound.
struct MessageCap {
  std::uint32_t messages = 0;
  Duration window{0};

  friend bool operator==(const MessageCap&, const MessageCap&) = default;
};

struct AutomaticRules {
  AutomaticAct act = AutomaticAct::kDrop;
  MessageCap same_text;  // of one customer
  MessageCap flood;      // of one conversation, whatever they say

  friend bool operator==(const AutomaticRules&, const AutomaticRules&) = default;
};

}  // namespace usher
