#include "model/state.h"

#include <bit>
#include <cstring>

#include "core/bytes.h"
#include "core/hash.h"
#include "model/state_codec.h"

namespace usher {
namespace {

using state_codec::Decoder;
using state_codec::Encoder;

bool SourcesAreWhole(const DeskState& state) {
  for (const SourceState& source : state.sources) {
    if (source.seen.size() != kSourceWindow / 64) return false;
  }
  return true;
}

template <class Row>
std::uint64_t SumOf(const std::vector<Row>& rows) {
  std::uint64_t sum = 0;
  std::string bytes;
  for (const Row& row : rows) {
    bytes.clear();
    EncodeRow(row, bytes);
    sum += HashBytes(bytes);
  }
  return sum;
}

template <class Row>
bool DecodeWhole(std::string_view bytes, Row& row) {
  Decoder decoder(bytes);
  decoder(row);
  return decoder.done();
}

}  // namespace

std::string EncodeState(const DeskState& state) {
  std::string bytes;
  Encoder{bytes}(kStateFormat, state);
  return bytes;
}

std::optional<DeskState> DecodeState(std::string_view bytes) {
  Decoder decoder(bytes);
  std::uint16_t format = 0;
  decoder(format);
  if (format != kStateFormat) return std::nullopt;
  std::optional<DeskState> state(std::in_place);
  decoder(*state);
  if (!decoder.done() || !SourcesAreWhole(*state)) return std::nullopt;
  return state;
}

void EncodeRow(const AgentState& agent, std::string& out) { Encoder{out}(agent); }
void EncodeRow(const InquiryState& inquiry, std::string& out) { Encoder{out}(inquiry); }
void EncodeRest(const DeskState& state, std::string& out) {
  Encoder encoder(out);
  RestOf(encoder, state);
}

bool DecodeRow(std::string_view bytes, AgentState& agent) { return DecodeWhole(bytes, agent); }
bool DecodeRow(std::string_view bytes, InquiryState& inquiry) {
  return DecodeWhole(bytes, inquiry);
}
bool DecodeRest(std::string_view bytes, DeskState& state) {
  Decoder decoder(bytes);
  RestOf(decoder, state);
  return decoder.done() && SourcesAreWhole(state);
}

std::uint64_t HashOf(const StateSum& sum) {
  std::string bytes;
  Encoder{bytes}(sum.rest, sum.agents, sum.agent_hashes, sum.inquiries, sum.inquiry_hashes);
  return HashBytes(bytes);
}

std::uint64_t HashState(const DeskState& state) {
  std::string rest;
  EncodeRest(state, rest);
  return HashOf({HashBytes(rest), state.agents.size(), SumOf(state.agents), state.inquiries.size(),
                 SumOf(state.inquiries)});
}

std::uint64_t HashBytes(std::string_view bytes) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;  // 2^64 divided by the golden ratio
  std::uint64_t hash = bytes.size();
  const auto take = [&hash](std::uint64_t word) { hash = std::rotl((hash ^ word) * kOdd, 29); };
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) take(LoadLittle<8>(bytes.data()));
  if (!bytes.empty()) {
    char last[8] = {};
    std::memcpy(last, bytes.data(), bytes.size());
    take(LoadLittle<8>(last));
  }
  return Mix64(hash);
}

}  // namespace usher
