#include "log/roll_call.h"

#include <algorithm>
#include <iterator>

#include "core/bytes.h"
#include "core/hash.h"

namespace usher::log {
namespace {

constexpr std::uint8_t kFormat = 1;

// How much `member` is drawn to a partition: the same everywhere, and as good as random.
std::uint64_t Draw(const std::string& member, std::int32_t partition) {
  return Mix64(Hash64(member) ^ Mix64(static_cast<std::uint64_t>(partition) + 1));
}

}  // namespace

std::string EncodeBeat(const Beat& beat) {
  ByteWriter out;
  out.U8(kFormat);
  out.Text(beat.member);
  out.U64(beat.number);
  out.Bool(beat.sharing);
  out.Bool(beat.leaving);
  return out.Take();
}

std::optional<Beat> DecodeBeat(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.U8() != kFormat) return std::nullopt;
  Beat beat;
  beat.member = std::string(in.Text());
  beat.number = in.U64();
  beat.sharing = in.Bool();
  beat.leaving = in.Bool();
  if (!in.done() || beat.member.empty()) return std::nullopt;
  return beat;
}

Beat RollCall::Next(bool leaving) {
  const std::uint64_t waited = next_ - began_;
  sharing_ = sharing_ || waited >= patience_ || (waited >= missed_ && Sharing().empty());
  return {self_, next_++, sharing_ && !leaving, leaving};
}

bool RollCall::Take(const Beat& beat) {
  const std::vector<std::string> before = Sharing();
  if (beat.leaving) {
    members_.erase(beat.member);
    return Sharing() != before;
  }
  const auto [own, added] = members_.try_emplace(beat.member);
  if (!added && beat.number <= own->second.number) return false;  // sent twice by the client
  own->second = {beat.number, beat.sharing, {}};
  if (beat.member == self_ && beat.sharing) sharing_ = true;  // it came late, and others believe it
  for (auto other = members_.begin(); other != members_.end();) {
    const bool gone = other != own && ++other->second.since[beat.member] >= missed_;
    if (gone && other->first == self_) {
      began_ = next_;
      sharing_ = false;
    }
    other = gone ? members_.erase(other) : std::next(other);
  }
  return Sharing() != before;
}

std::vector<std::string> RollCall::Sharing() const {
  std::vector<std::string> sharing;
  for (const auto& [name, member] : members_) {
    if (member.sharing) sharing.push_back(name);
  }
  return sharing;
}

std::vector<std::int32_t> RollCall::Share(const std::string& member,
                                          std::int32_t partitions) const {
  const std::vector<std::string> sharing = Sharing();
  std::vector<std::int32_t> share;
  if (sharing.empty()) return share;
  const auto count = static_cast<std::int32_t>(sharing.size());
  const std::int32_t most = (partitions + count - 1) / count;
  std::vector<std::int32_t> held(sharing.size(), 0);
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    std::size_t owner = sharing.size();
    for (std::size_t i = 0; i < sharing.size(); ++i) {
      if (held[i] >= most) continue;
      if (owner == sharing.size() || Draw(sharing[i], partition) > Draw(sharing[owner], partition))
        owner = i;
    }
    ++held[owner];
    if (sharing[owner] == member) share.push_back(partition);
  }
  return share;
}

}  // namespace usher::log
