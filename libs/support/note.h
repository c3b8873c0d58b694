// Notes: diagnostic lines for operators, one fact a line, in logfmt or JSON, on standard error.
//
//   note::Warn("log.stalled", {{"partition", 3}, {"lag_records", lag}});
//
// `noun.verb`, then fields, never prose; never message text or personal data. Threads: any.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace usher::note {

struct Field {
  std::string_view key;
  std::string value;
  bool quoted = true;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  template <std::integral T>
  Field(std::string_view k, T v) : key(k), value(std::to_string(v)), quoted(false) {}
  template <std::floating_point T>
  Field(std::string_view k, T v) : key(k), value(std::to_string(v)), quoted(false) {}
};

using Fields = std::initializer_list<Field>;

enum class Format { kLogfmt, kJson };
enum class Level { kDebug, kInfo, kWarn, kError };

// Before the first note; later calls hold for the notes after them.
void Configure(Format format, Level least);

void Debug(std::string_view name, Fields fields = {});
void Info(std::string_view name, Fields fields = {});
void Warn(std::string_view name, Fields fields = {});
void Error(std::string_view name, Fields fields = {});

}  // namespace usher::note
