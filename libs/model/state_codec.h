// The encoder and the decoder of states: fixed bytes, little-endian, as model/state.h says.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/bytes.h"
#include "model/state_fields.h"

namespace usher::state_codec {

// The last enumerator of each enum of the state: what lies beyond is refused.
constexpr Sentiment Last(Sentiment) { return Sentiment::kPositive; }
constexpr Stage Last(Stage) { return Stage::kPending; }
constexpr Wake Last(Wake) { return Wake::kPool; }
constexpr Presence Last(Presence) { return Presence::kDraining; }
constexpr AwayReason Last(AwayReason) { return AwayReason::kMissedOffers; }
constexpr ClockState Last(ClockState) { return ClockState::kPaused; }
constexpr Target Last(Target) { return Target::kUpdate; }
constexpr ClauseOp Last(ClauseOp) { return ClauseOp::kAttribute; }
constexpr ScoreOp Last(ScoreOp) { return ScoreOp::kEqual; }
constexpr Pick Last(Pick) { return Pick::kScore; }
constexpr Refuge Last(Refuge) { return Refuge::kReject; }
constexpr Order Last(Order) { return Order::kAgentLevel; }
constexpr SortField Last(SortField) { return SortField::kRepeat; }

// Appends to a string, by way of a buffer of its own: a row is many small values.
class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}
  ~Encoder() { Flush(); }
  Encoder(const Encoder&) = delete;

  template <class... T>
  void operator()(const T&... fields) {
    (One(fields), ...);
  }

 private:
  static constexpr std::size_t kBuffer = 512;

  void Flush() {
    out_.append(buffer_, used_);
    used_ = 0;
  }
  char* Room(std::size_t bytes) {
    if (used_ + bytes > kBuffer) Flush();
    char* const at = buffer_ + used_;
    used_ += bytes;
    return at;
  }
  template <class Unsigned>
  void Put(Unsigned value) {
    StoreLittle<sizeof(value)>(value, Room(sizeof(value)));
  }

  void One(bool value) { Put(static_cast<std::uint8_t>(value ? 1 : 0)); }
  void One(std::uint8_t value) { Put(value); }
  void One(std::uint16_t value) { Put(value); }
  void One(std::uint32_t value) { Put(value); }
  void One(std::uint64_t value) { Put(value); }
  void One(std::int32_t value) { Put(static_cast<std::uint32_t>(value)); }
  void One(std::int64_t value) { Put(static_cast<std::uint64_t>(value)); }
  void One(Instant value) { Put(static_cast<std::uint64_t>(ToMicros(value))); }
  void One(Duration value) { Put(static_cast<std::uint64_t>(value.count())); }
  void One(const std::string& value) {
    Put(static_cast<std::uint32_t>(value.size()));
    Flush();
    out_.append(value);
  }
  template <class Tag>
  void One(const Id<Tag>& id) {
    Put(id.bits.high);
    Put(id.bits.low);
  }
  template <class Tag>
  void One(const Serial<Tag>& serial) {
    Put(serial.number);
  }
  template <class Tag>
  void One(const Name<Tag>& name) {
    const std::string_view text = name.view();
    char* const at = Room(1 + text.size());
    at[0] = static_cast<char>(text.size());
    std::memcpy(at + 1, text.data(), text.size());
  }
  template <class T>
  void One(const std::optional<T>& value) {
    One(value.has_value());
    if (value) One(*value);
  }
  template <class T>
  void One(const std::vector<T>& list) {
    Put(static_cast<std::uint32_t>(list.size()));
    for (const T& element : list) One(element);
  }
  template <class T>
  void One(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      Put(static_cast<std::uint8_t>(value));
    } else {
      Fields(*this, value);
    }
  }

  std::string& out_;
  std::size_t used_ = 0;
  char buffer_[kBuffer];
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : in_(bytes) {}

  template <class... T>
  void operator()(T&... fields) {
    (One(fields), ...);
  }
  bool done() const { return in_.done(); }

 private:
  void One(bool& value) { value = in_.Bool(); }
  void One(std::uint8_t& value) { value = in_.U8(); }
  void One(std::uint16_t& value) { value = in_.U16(); }
  void One(std::uint32_t& value) { value = in_.U32(); }
  void One(std::uint64_t& value) { value = in_.U64(); }
  void One(std::int32_t& value) { value = static_cast<std::int32_t>(in_.U32()); }
  void One(std::int64_t& value) { value = in_.I64(); }
  void One(Instant& value) { value = in_.At(); }
  void One(Duration& value) { value = in_.For(); }
  void One(std::string& value) { value = in_.Text(); }
  template <class Tag>
  void One(Id<Tag>& id) {
    id = in_.template GetId<Id<Tag>>();
  }
  template <class Tag>
  void One(Serial<Tag>& serial) {
    serial = in_.template GetSerial<Serial<Tag>>();
  }
  template <class Tag>
  void One(Name<Tag>& name) {
    name = in_.template GetName<Name<Tag>>();
  }
  template <class T>
  void One(std::optional<T>& value) {
    value.reset();
    if (in_.Bool()) One(value.emplace());
  }
  // Element by element and no further than the bytes reach: a hostile count reserves nothing.
  template <class T>
  void One(std::vector<T>& list) {
    list.clear();
    const std::uint32_t count = in_.Count(1);
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) One(list.emplace_back());
  }
  template <class T>
  void One(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = in_.GetEnum(Last(T{}));
    } else {
      Fields(*this, value);
    }
  }

  ByteReader in_;
};

}  // namespace usher::state_codec
