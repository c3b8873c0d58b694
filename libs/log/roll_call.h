// RollCall: who shares the partitions of a group, told by beats in a log alone. For owners that may
// overlap for a moment, and whose loss must be noticed sooner than a group protocol would.
//
// Every member appends a beat every so often, and never has two under way. A member is gone when
// some other got `missed` beats into the log since its last one. That is counted in records and not
// by any clock: a log that hangs makes nobody look gone, and all who read the same beats come to
// the same view at the same place. Who shares is what their last beats say.
//
// A new member shares after `patience` beats, so that one which died and was started again does not
// disturb those who are just taking over from it; where nobody shares, after `missed`: by then it
// has heard of all others. One that was taken for gone begins anew.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::log {

struct Beat {
  std::string member;        // unique to one life of one process
  std::uint64_t number = 0;  // counts up from 0
  bool sharing = false;      // it takes its share
  bool leaving = false;      // the last one: others need not wait

  friend bool operator==(const Beat&, const Beat&) = default;
};

std::string EncodeBeat(const Beat& beat);
std::optional<Beat> DecodeBeat(std::string_view bytes);  // nothing: these are no beat's bytes

class RollCall {
 public:
  RollCall(std::string self, std::uint64_t missed, std::uint64_t patience)
      : self_(std::move(self)), missed_(missed), patience_(patience) {}

  // The next beat of this member, to be appended.
  Beat Next(bool leaving = false);

  // Takes the next beat of the log, anybody's. True if it changed who shares.
  bool Take(const Beat& beat);

  // Who shares, sorted.
  std::vector<std::string> Sharing() const;

  // Those of [0, partitions) that are `member`'s; none if it does not share. If anybody does, every
  // partition is exactly one member's, no member has more than its fair share rounded up, and few
  // move when somebody comes or goes.
  std::vector<std::int32_t> Share(const std::string& member, std::int32_t partitions) const;

 private:
  struct Member {
    std::uint64_t number = 0;  // of its last beat
    bool sharing = false;
    std::map<std::string, std::uint64_t> since;  // beats of others since then
  };

  const std::string self_;
  const std::uint64_t missed_;
  const std::uint64_t patience_;
  std::uint64_t next_ = 0;
  std::uint64_t began_ = 0;  // the beat from which patience is counted
  bool sharing_ = false;
  std::map<std::string, Member> members_;
};

}  // namespace usher::log
