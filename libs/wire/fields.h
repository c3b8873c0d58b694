// FieldCheck: what is wrong with a message while its fields are taken over, and in which field.
//
// Only the first problem is kept; after it every Take gives a value that is safe to hold, so a
// conversion reads all fields and asks once at the end. Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/id.h"
#include "core/time.h"

namespace usher::wire {

// No span of time in a record may be longer: sums of a few of them with an instant stay in range.
constexpr Duration kSpanMax = std::chrono::hours(24 * 366 * 100);

// No time that a command asks for may be later: the ages that follow from it are such spans.
constexpr Instant kMomentMax = Instant(kSpanMax);

constexpr std::size_t kTopicBytesMax = 249;  // of a topic's name: Kafka's own bound

enum class Field { kRequired, kOptional };

// The id whose bytes these are: high and low, each big-endian. Requires: 16 bytes.
template <class IdType>
IdType IdOf(std::string_view bytes) {
  IdType id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.bits.high = (id.bits.high << 8) | static_cast<unsigned char>(bytes[i]);
    id.bits.low = (id.bits.low << 8) | static_cast<unsigned char>(bytes[i + 8]);
  }
  return id;
}

class FieldCheck {
 public:
  bool ok() const { return problem_.empty(); }
  absl::Status status() const {
    return ok() ? absl::OkStatus() : absl::InvalidArgumentError(problem_);
  }

  // Notes that `field` of the message under way is wrong.
  void Refuse(const char* field, std::string_view what);

  // 16 bytes, not all zero; when optional, also empty.
  template <class IdType>
  IdType TakeId(const char* field, const std::string& bytes, Field must) {
    IdType id;
    if (bytes.empty() && must == Field::kOptional) return id;
    if (bytes.size() != 16) {
      Refuse(field, "an id has 16 bytes");
      return id;
    }
    id = IdOf<IdType>(bytes);
    if (id.none()) Refuse(field, "an id is not zero");
    return id;
  }

  template <class NameType>
  NameType TakeName(const char* field, const std::string& text) {
    const std::optional<NameType> name = NameType::Parse(text);
    if (!name) Refuse(field, "a name has at most 39 bytes and no control characters");
    return name.value_or(NameType());
  }

  // `known` is empty when the number on the wire has no meaning here.
  template <class Enum>
  Enum TakeEnum(const char* field, std::optional<Enum> known) {
    if (!known) Refuse(field, "an unknown value");
    return known.value_or(Enum{});
  }

  // As TakeEnum(); the first enumerator, which says "none", is refused too.
  template <class Enum>
  Enum TakeReason(const char* field, std::optional<Enum> known) {
    if (!known || *known == Enum{}) Refuse(field, "no reason, or an unknown one");
    return known.value_or(Enum{});
  }

  std::uint32_t TakeNumber(const char* field, std::uint32_t value, std::uint32_t most) {
    if (value > most) Refuse(field, "at most " + std::to_string(most));
    return value > most ? most : value;
  }

  Duration TakeSpan(const char* field, std::int64_t micros) {
    const Duration span(micros);
    if (span > kSpanMax || span < -kSpanMax) {
      Refuse(field, "a span of at most 100 years");
      return Duration(0);
    }
    return span;
  }

  // As TakeSpan(), and not below 0.
  Duration TakeLength(const char* field, std::int64_t micros) {
    if (micros < 0) Refuse(field, "below 0");
    return micros < 0 ? Duration(0) : TakeSpan(field, micros);
  }

  // A time between 1970 and kMomentMax.
  Instant TakeMoment(const char* field, std::int64_t micros) {
    const Instant at = FromMicros(micros);
    if (at >= Instant() && at <= kMomentMax) return at;
    Refuse(field, "a time between 1970 and 2070");
    return Instant();
  }

  // An amount of money.
  std::int64_t TakeAmount(const char* field, std::int64_t value) {
    if (value < 0) Refuse(field, "below 0");
    return value < 0 ? 0 : value;
  }

  bool CheckCount(const char* field, int count, std::uint32_t most) {
    if (count >= 0 && static_cast<std::uint32_t>(count) <= most) return true;
    Refuse(field, "at most " + std::to_string(most) + " entries");
    return false;
  }

  // Names the message that the fields belong to, while it lives: `place_inquiry.features.`
  class Inside {
   public:
    Inside(FieldCheck& check, const char* field, int index = -1) : check_(check) {
      check_.path_[check_.depth_++] = {field, index};
    }
    ~Inside() { --check_.depth_; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    FieldCheck& check_;
  };

 private:
  struct Part {
    const char* field = nullptr;
    int index = -1;
  };

  std::array<Part, 8> path_;  // deeper than any message of ours is nested
  std::size_t depth_ = 0;
  std::string problem_;
};

// The bytes of an id as they stand in a record: empty for none.
template <class Tag>
std::string IdBytes(const Id<Tag>& id) {
  if (id.none()) return {};
  std::string bytes(16, '\0');
  for (int i = 0; i < 8; ++i) {
    bytes[7 - i] = static_cast<char>(id.bits.high >> (8 * i));
    bytes[15 - i] = static_cast<char>(id.bits.low >> (8 * i));
  }
  return bytes;
}

}  // namespace usher::wire
