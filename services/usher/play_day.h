// A day, played: sets up the desks, lets customers and agents act, watches, and sums up.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "usher/play_client.h"
#include "usher/play_plan.h"

namespace usher::play {

constexpr std::int64_t kSpeedDefault = 420;  // 14 hours in two minutes
constexpr std::int64_t kSpeedMax = 100'000;

struct DayOptions {
  Addresses addresses;
  std::string metrics;       // URL to name at the end; empty: none
  std::string policy_file;   // empty: deploy/policies/shop.yaml beside the binary
  std::string messages_dir;  // empty: libs/understanding/data/messages beside the binary
  std::string report_file;   // empty: none
  std::vector<std::string> desks = {"shop"};
  std::int64_t speed = kSpeedDefault;
  std::uint32_t inquiries = 2'000;
  std::uint32_t hours = kHours;
  std::uint64_t seed = 1;
  bool exit = false;   // end when the day is over; else the agents stay until `stop`
  bool plain = false;  // lines even on a terminal
};

// Plays it; returns the exit code (play.h). `stop`: set from anywhere, ends it soon and cleanly.
int PlayDay(const DayOptions& options, const std::atomic<bool>& stop);

}  // namespace usher::play
