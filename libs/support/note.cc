#include "support/note.h"

#include <atomic>
#include <memory>

#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace usher::note {
namespace {

std::atomic<Format> g_format{Format::kLogfmt};

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("usher",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

void AppendQuoted(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

bool Plain(std::string_view text) {
  return !text.empty() && text.find_first_of(" \"=\n\t\\") == std::string_view::npos;
}

std::string Timestamp() {
  const auto now = std::chrono::system_clock::now();
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return std::string(text, size) + fmt::format(".{:06}Z", micros % 1'000'000);
}

void Write(Level level, std::string_view level_name, std::string_view name, Fields fields) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  std::string line;
  if (g_format.load(std::memory_order_relaxed) == Format::kJson) {
    line += "{\"time\":\"" + Timestamp() + "\",\"level\":\"";
    line += level_name;
    line += "\",\"note\":\"";
    line += name;
    line += '"';
    for (const Field& field : fields) {
      line += ",\"";
      line += field.key;
      line += "\":";
      if (field.quoted) {
        AppendQuoted(line, field.value);
      } else {
        line += field.value;
      }
    }
    line += '}';
  } else {
    line += "time=" + Timestamp() + " level=";
    line += level_name;
    line += " note=";
    line += name;
    for (const Field& field : fields) {
      line += ' ';
      line += field.key;
      line += '=';
      if (field.quoted && !Plain(field.value)) {
        AppendQuoted(line, field.value);
      } else {
        line += field.value;
      }
    }
  }
  Logger().log(ToSpdlog(level), "{}", line);
}

}  // namespace

void Configure(Format format, Level least) {
  g_format = format;
  Logger().set_level(ToSpdlog(least));
}

void Debug(std::string_view name, Fields fields) { Write(Level::kDebug, "debug", name, fields); }
void Info(std::string_view name, Fields fields) { Write(Level::kInfo, "info", name, fields); }
void Warn(std::string_view name, Fields fields) { Write(Level::kWarn, "warn", name, fields); }
void Error(std::string_view name, Fields fields) { Write(Level::kError, "error", name, fields); }

}  // namespace usher::note
