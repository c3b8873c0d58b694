#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "support/status.h"
#include "usher/dlq.h"
#include "usher/dlq_reasons.h"
#include "usher/question_text.h"

namespace usher {
namespace {

constexpr std::string_view kSuffix = ".dlq";
constexpr std::size_t kPage = 500;
constexpr std::array<std::string_view, 7> kOurHeaders = {
    "usher-reason", "usher-field", "usher-topic",      "usher-partition",
    "usher-offset", "usher-at",    "usher-value-bytes"};

std::string LetterTopic(const std::string& topic) {
  return topic.ends_with(kSuffix) ? topic : topic + std::string(kSuffix);
}

bool IsOurs(const log::Header& header) {
  return std::find(kOurHeaders.begin(), kOurHeaders.end(), header.key) != kOurHeaders.end();
}

// Ours come last; a sender may have used the same name.
std::optional<std::string> Ours(const log::Record& record, std::string_view name) {
  for (auto header = record.headers.rbegin(); header != record.headers.rend(); ++header) {
    if (header->key == name) return header->value;
  }
  return std::nullopt;
}

std::int64_t Number(const std::string& text, std::int64_t otherwise) {
  std::int64_t number = otherwise;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

using Clock = std::chrono::steady_clock;

// One replay under way.
class Replay {
 public:
  Replay(log::Log& log, const ReplayOptions& options)
      : log_(log), options_(options), deadline_(Clock::now() + options.wait) {}

  absl::StatusOr<Replayed> Run() {
    USHER_TRY(appender_, log_.OpenAppender());
    USHER_TRY(reader_, log_.OpenReader({{LetterTopic(options_.topic)}, options_.group, "replay"}));
    while (!done_) {
      if (Clock::now() >= deadline_) {
        return absl::DeadlineExceededError("the log did not give " + LetterTopic(options_.topic) +
                                           " within " + std::to_string(options_.wait / 1s) +
                                           " s: is another replay running?");
      }
      USHER_RETURN_IF_ERROR(Step());
    }
    return result_;
  }

 private:
  absl::Status Step() {
    events_.clear();
    const absl::Status polled = reader_->Poll(kPage, 100ms, events_);
    if (!polled.ok() && !absl::IsUnavailable(polled)) return polled;
    std::vector<const log::Record*> letters;
    for (const log::ReaderEvent& event : events_) {
      if (const auto* assigned = std::get_if<log::Assigned>(&event)) {
        USHER_RETURN_IF_ERROR(Begin(*assigned));
      } else if (std::holds_alternative<log::Revoked>(event)) {
        return absl::UnavailableError("another replay took over");
      } else {
        letters.push_back(&std::get<log::Record>(event));
      }
    }
    if (!letters.empty()) USHER_RETURN_IF_ERROR(Send(letters));
    done_ = assigned_ && result_.next >= end_;
    return absl::OkStatus();
  }

  absl::Status Begin(const log::Assigned& assigned) {
    std::int64_t begin = std::max(assigned.begin, assigned.committed);
    if (options_.from >= 0) begin = std::max(assigned.begin, options_.from);
    assigned_ = assigned.partition;
    end_ = assigned.end;
    result_.next = std::min(begin, assigned.end);
    return reader_->Start(assigned.partition, result_.next);
  }

  absl::Status Send(const std::vector<const log::Record*>& letters) {
    const std::int64_t next = std::min(letters.back()->offset + 1, end_);
    for (const log::Record* letter : letters) {
      if (letter->offset >= end_) continue;  // came since; it is for the next replay
      if (ReadDeadLetter(*letter).cut) {
        ++result_.cut;
        continue;
      }
      USHER_RETURN_IF_ERROR(Append(OriginalOf(*letter)));
    }
    USHER_RETURN_IF_ERROR(Acknowledged());
    result_.next = next;
    return reader_->Commit(*assigned_, next);  // after: nothing is left out
  }

  absl::Status Append(log::Entry entry) {
    USHER_TRY(const std::int32_t partitions, log_.Partitions(entry.to.topic));
    if (entry.to.partition < 0 || entry.to.partition >= partitions) entry.to.partition = 0;
    absl::Status appended = appender_->Append(entry, ++tokens_);
    if (absl::IsResourceExhausted(appended)) {
      USHER_RETURN_IF_ERROR(Acknowledged());
      appended = appender_->Append(std::move(entry), tokens_);
    }
    return appended;
  }

  absl::Status Acknowledged() {
    USHER_RETURN_IF_ERROR(appender_->Flush(options_.wait));
    std::vector<log::Ack> acks;
    appender_->Poll(acks);
    for (const log::Ack& ack : acks) {
      if (!ack.status.ok()) return ack.status;
      ++result_.sent;
    }
    return absl::OkStatus();
  }

  log::Log& log_;
  const ReplayOptions& options_;
  const Clock::time_point deadline_;
  std::unique_ptr<log::Appender> appender_;
  std::unique_ptr<log::Reader> reader_;
  std::vector<log::ReaderEvent> events_;
  std::optional<log::TopicPartition> assigned_;
  std::int64_t end_ = 0;
  std::uint64_t tokens_ = 0;
  bool done_ = false;
  Replayed result_;
};

}  // namespace

DeadLetter ReadDeadLetter(const log::Record& record) {
  DeadLetter letter;
  letter.offset = record.offset;
  letter.reason = Ours(record, "usher-reason").value_or("unknown");
  letter.field = Ours(record, "usher-field").value_or("");
  letter.topic = Ours(record, "usher-topic").value_or("");
  letter.partition =
      static_cast<std::int32_t>(Number(Ours(record, "usher-partition").value_or(""), 0));
  letter.origin_offset = Number(Ours(record, "usher-offset").value_or(""), -1);
  letter.at = Ours(record, "usher-at").value_or("");
  letter.value_bytes = record.value.size();
  if (const auto whole = Ours(record, "usher-value-bytes")) {
    letter.cut = true;
    letter.value_bytes = static_cast<std::size_t>(Number(*whole, 0));
  }
  return letter;
}

log::Entry OriginalOf(const log::Record& letter) {
  const DeadLetter read = ReadDeadLetter(letter);
  std::string topic = read.topic;
  if (topic.empty()) {
    topic = letter.from.topic.substr(0, letter.from.topic.size() - kSuffix.size());
  }
  log::Entry entry{{topic, read.partition}, letter.key, letter.value, letter.headers};
  while (!entry.headers.empty() && IsOurs(entry.headers.back())) entry.headers.pop_back();
  return entry;
}

absl::Status ListDeadLetters(log::Log& log, const std::string& topic,
                             const std::function<void(const DeadLetter&)>& each) {
  const log::TopicPartition letters{LetterTopic(topic), 0};
  for (std::int64_t from = 0;;) {
    USHER_TRY(const std::vector<log::Record> records, log.ReadRange(letters, from, kPage));
    for (const log::Record& record : records) each(ReadDeadLetter(record));
    if (records.empty()) return absl::OkStatus();
    from = records.back().offset + 1;
  }
}

absl::StatusOr<log::Record> FindDeadLetter(log::Log& log, const std::string& topic,
                                           std::int64_t offset) {
  const log::TopicPartition letters{LetterTopic(topic), 0};
  USHER_TRY(std::vector<log::Record> records, log.ReadRange(letters, offset, 1));
  if (records.empty() || records[0].offset != offset) {
    return absl::NotFoundError("no dead letter " + std::to_string(offset) + " in " + letters.topic);
  }
  return std::move(records[0]);
}

std::string DeadLetterText(const log::Record& record, bool content) {
  const DeadLetter letter = ReadDeadLetter(record);
  const auto reason = ReasonOf(letter.reason);
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text.append(name).append(": ").append(Printable(value)).append("\n");
  };
  line("offset", std::to_string(letter.offset));
  line("from", letter.topic + "/" + std::to_string(letter.partition) + "/" +
                   std::to_string(letter.origin_offset) + " at " + letter.at);
  line("reason", letter.reason + (letter.field.empty() ? "" : ", field " + letter.field));
  line("meaning", reason ? std::string(MeaningOf(*reason)) : "a reason of another release");
  line("bytes",
       std::to_string(letter.value_bytes) + (letter.cut ? ", cut: it cannot be sent again" : ""));
  if (!content) return text;
  const log::Entry original = OriginalOf(record);
  line("key", original.key);
  for (const log::Header& header : original.headers)
    line("header " + Printable(header.key), header.value);
  line("value", original.value);
  return text;
}

absl::StatusOr<Replayed> ReplayDeadLetters(log::Log& log, const ReplayOptions& options) {
  return Replay(log, options).Run();
}

}  // namespace usher
