#include "intake/dead_letters.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "support/status.h"

namespace usher::intake {
namespace {

// Room that an adapter may need besides key, value and headers.
constexpr std::size_t kEntryOverheadBytes = 1'024;

std::size_t BytesOf(const log::Entry& entry) {
  std::size_t bytes = kEntryOverheadBytes + entry.key.size() + entry.value.size();
  for (const log::Header& header : entry.headers) bytes += header.key.size() + header.value.size();
  return bytes;
}

// Takes from the end of `text` what `bytes` are over `most`, as far as it goes.
void CutBy(std::size_t bytes, std::size_t most, std::string& text) {
  const std::size_t over = bytes > most ? bytes - most : 0;
  text.resize(text.size() - std::min(over, text.size()));
}

}  // namespace

log::Entry DeadLetterOf(const log::Record& record, const Refusal& refusal,
                        std::size_t entry_bytes_max) {
  log::Entry entry{{record.from.topic + ".dlq", 0}, record.key, record.value, record.headers};
  const absl::Time at = absl::FromUnixMicros(ToMicros(record.at));
  entry.headers.push_back({"usher-reason", ToText(refusal.reason)});
  entry.headers.push_back({"usher-field", refusal.field});
  entry.headers.push_back({"usher-topic", record.from.topic});
  entry.headers.push_back({"usher-partition", absl::StrCat(record.from.partition)});
  entry.headers.push_back({"usher-offset", absl::StrCat(record.offset)});
  entry.headers.push_back(
      {"usher-at", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", at, absl::UTCTimeZone())});
  if (BytesOf(entry) <= entry_bytes_max) return entry;

  // A record that is as large as the log takes has no room for our headers: the reason matters more
  // than its end.
  entry.headers.push_back({"usher-value-bytes", absl::StrCat(record.value.size())});
  CutBy(BytesOf(entry), entry_bytes_max, entry.value);
  if (BytesOf(entry) > entry_bytes_max) {
    entry.headers.erase(entry.headers.begin(),
                        entry.headers.begin() + static_cast<std::ptrdiff_t>(record.headers.size()));
    CutBy(BytesOf(entry), entry_bytes_max, entry.key);
  }
  return entry;
}

DeadLetters::DeadLetters(std::unique_ptr<log::Appender> appender, std::size_t entry_bytes_max)
    : appender_(std::move(appender)), entry_bytes_max_(entry_bytes_max) {}

absl::Status DeadLetters::Append(const log::Record& record, const Refusal& refusal, Done done) {
  const std::uint64_t token = next_token_++;
  USHER_RETURN_IF_ERROR(appender_->Append(DeadLetterOf(record, refusal, entry_bytes_max_), token));
  waiting_.emplace(token, std::move(done));
  return absl::OkStatus();
}

absl::Status DeadLetters::Poll() {
  acks_.clear();
  appender_->Poll(acks_);
  absl::Status result;
  for (const log::Ack& ack : acks_) {
    const auto found = waiting_.find(ack.token);
    if (found == waiting_.end()) continue;
    const Done done = std::move(found->second);
    waiting_.erase(found);
    if (ack.status.ok()) {
      done();
    } else {
      result.Update(ack.status);
    }
  }
  return result;
}

}  // namespace usher::intake
