// RollCall: who shares the partitions of a group, told by beats in a log alone. For owners that may
// overlap for a moment, and whose loss must be noticed sooner than a group protocol would.
//
// Every member appends a beat every so often, and never has two under way. A member is gone when
// some other got `missed` beats into the log since its last one. That is counted in records and not
// by any clock: a log that hangs makes nobody look gone, and all who read the same beats come to
// the same view at the same place. A new member takes part after `missed` beats of its own: by then
// it has heard of all the others.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::log {

struct Beat {
  std::string member;        // unique to one life of one process
  std::uint64_t number = 0;  // counts up from 0
  bool leaving = false;      // the last one: others need not wait

  friend bool operator==(const Beat&, const Beat&) = default;
};

std::string EncodeBeat(const Beat& beat);
std::optional<Beat> DecodeBeat(std::string_view bytes);  // nothing: these are no beat's bytes

class RollCall {
 public:
  explicit RollCall(std::uint64_t missed) : missed_(missed) {}

  // Takes the next beat of the log. True if who is there has changed.
  bool Take(const Beat& beat);

  // Who is there and takes part, sorted.
  std::vector<std::string> Present() const;

  // Those of [0, partitions) that are `member`'s; none if it does not take part. Every partition is
  // exactly one member's, no member has more than its fair share rounded up, and few move when
  // somebody comes or goes.
  std::vector<std::int32_t> Share(const std::string& member, std::int32_t partitions) const;

 private:
  struct Member {
    std::uint64_t number = 0;                    // of its last beat
    std::map<std::string, std::uint64_t> since;  // beats of others since then
  };

  const std::uint64_t missed_;
  std::map<std::string, Member> members_;
};

}  // namespace usher::log
