#include "journal/append.h"

#include <memory>
#include <utility>

#include "support/status.h"

namespace usher::journal {

absl::StatusOr<std::vector<std::int64_t>> AppendAndWait(log::Log& log,
                                                        std::vector<log::Entry> entries,
                                                        Duration wait) {
  USHER_TRY(const std::unique_ptr<log::Appender> appender, log.OpenAppender());
  std::vector<std::int64_t> offsets(entries.size(), -1);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    USHER_RETURN_IF_ERROR(appender->Append(std::move(entries[i]), i));
  }
  USHER_RETURN_IF_ERROR(appender->Flush(wait));
  std::vector<log::Ack> acks;
  appender->Poll(acks);
  for (const log::Ack& ack : acks) {
    USHER_RETURN_IF_ERROR(ack.status);
    offsets[ack.token] = ack.offset;
  }
  if (acks.size() == offsets.size()) return offsets;
  return absl::UnavailableError("the log did not say what became of what was appended");
}

}  // namespace usher::journal
