// What all adapters hold of an entry alike: its size against the limit, its partition against the
// topic.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "log/log.h"

namespace usher::log {

constexpr std::size_t kEntryBytesMax = 900'000;  // fits Kafka's default limit of 1 MiB a batch

inline std::size_t EntryBytes(const Entry& entry) {
  std::size_t bytes = entry.key.size() + entry.value.size();
  for (const Header& header : entry.headers) bytes += header.key.size() + header.value.size();
  return bytes;
}

inline std::string ToText(const TopicPartition& partition) {
  return absl::StrCat(partition.topic, "/", partition.partition);
}

inline absl::Status CheckEntryBytes(const Entry& entry, std::size_t entry_bytes_max) {
  const std::size_t bytes = EntryBytes(entry);
  if (bytes <= entry_bytes_max) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("an entry of ", bytes, " bytes for ",
                                                 ToText(entry.to), "; the log takes at most ",
                                                 entry_bytes_max));
}

}  // namespace usher::log
