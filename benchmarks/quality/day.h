// Day: what comes to a shop on one day, and who is there to answer. Drawn before any rule is tried,
// so that all rules meet the same customers.
//
// Threads: any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace usher::quality {

// What the target of the first response hangs on.
enum class Kind : std::uint8_t { kVipChat, kChat, kMessenger, kEmail };
constexpr std::size_t kKinds = 4;
constexpr std::array<std::string_view, kKinds> kKindNames = {"vip", "chat", "messenger", "email"};
constexpr std::array<Duration, kKinds> kTargets = {30s, 60s, 300s, 3600s};

constexpr std::size_t kLanguages = 4;
constexpr std::array<std::string_view, kLanguages> kLanguageNames = {"en", "de", "fr", "pl"};
constexpr std::size_t kAreas = 4;  // each is a skill
constexpr std::array<std::string_view, kAreas> kAreaNames = {"orders", "payments", "returns",
                                                             "products"};
constexpr std::size_t kTopicsPerArea = 3;
constexpr std::size_t kPools = kLanguages * kAreas;  // who may answer hangs on the pool

// How far the topics of one area differ in handling time; the spread of all is the same.
enum class Topics : std::uint8_t {
  kAlike,    // a topic tells no more than its area
  kApart,    // 0.5, 0.9 and 1.6 of the area's mean, as service types of a bank differ (3.2 times)
  kFarApart  // 0.25, 0.75 and 2 of it
};

struct DaySpec {
  char name = 'A';
  double inquiries = 7'600;  // expected, but for the flash sale
  double jump = 0;           // at 19:00 the rate rises by so many times the day's mean
  std::uint32_t agents = 68;
  bool skewed = false;      // who comes for the sale speaks the rarest language more often
  bool outage = false;      // a fifth of the agents is offline from 19:10 to 19:40
  bool offers = false;      // agents take time to accept, and miss some offers
  bool concurrent = false;  // three conversations at once, and an email beside them
  bool impatient = false;   // chats leave after a while
  Topics topics = Topics::kApart;

  friend bool operator==(const DaySpec&, const DaySpec&) = default;
};

// The days A to H, and P: B with customers who leave.
const std::vector<DaySpec>& Days();

struct Inquiry {
  Instant at;
  Kind kind = Kind::kChat;
  std::uint8_t language = 0;
  std::uint8_t area = 0;
  std::uint8_t topic = 0;  // within the area
  Duration handling{0};
  Duration patience = kForever;
  bool leaves_silently = false;  // nobody is told; who answers finds out

  Duration target() const { return kTargets[static_cast<std::size_t>(kind)]; }
  std::size_t pool() const { return language * kAreas + area; }
  friend bool operator==(const Inquiry&, const Inquiry&) = default;
};

struct AgentSpec {
  std::uint32_t group = 0;
  std::uint8_t languages = 0;  // bit by language
  std::uint8_t areas = 0;      // bit by area

  bool Serves(std::size_t pool) const {
    return (languages >> (pool / kAreas) & 1) != 0 && (areas >> (pool % kAreas) & 1) != 0;
  }
  friend bool operator==(const AgentSpec&, const AgentSpec&) = default;
};

// By time. Hangs on nothing but the arguments; days that differ in agents or offers alone have the
// same customers.
std::vector<Inquiry> DrawDay(const DaySpec& spec, std::uint64_t seed);

// 34 groups: for each language four of one area, two of two, one of all; for each two languages one
// of all areas. Groups are filled as the load asks, one agent each first if that leaves half.
std::vector<AgentSpec> StaffOf(const DaySpec& spec);

constexpr Instant kFlashAt = Instant(std::chrono::hours(19));
constexpr Instant kOutageFrom = kFlashAt + 10min;
constexpr Instant kOutageTo = kFlashAt + 40min;
constexpr Duration kSilentHandling = 60s;  // to find that the customer has left

// On such a day an agent has so many conversations, and one email, at once.
constexpr std::uint32_t kConversations = 3;

// Is the agent of this number among those who are away in an outage?
constexpr bool AwayInOutage(std::size_t agent) { return agent % 5 == 2; }

}  // namespace usher::quality
