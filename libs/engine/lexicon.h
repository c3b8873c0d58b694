// Lexicon: the names that inquiries carry, as numbers. One that the policy has dropped lives on
// while something has it.
//
// Threads: one.
#pragma once

#include "engine/names.h"
#include "model/names.h"

namespace usher::engine {

struct Lexicon {
  Names<ChannelName> channels;
  Names<LanguageName> languages;
  Names<TopicName> topics;
  Names<TierName> tiers;
  Names<OrderStatusName> statuses;
  Names<CalendarName> calendars;
};

}  // namespace usher::engine
