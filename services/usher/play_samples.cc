#include "usher/play_samples.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "support/status.h"

namespace usher::play {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kColumns = 4;
constexpr int kFoldersUpMax = 8;

absl::Status ReadSamples(const std::string& path, std::vector<Sample>& samples) {
  USHER_TRY(const std::string text, ReadFile(path, kFileBytesMax));
  std::istringstream lines(text);
  std::string line;
  std::size_t number = 0;
  while (samples.size() < kSamplesMax && std::getline(lines, line)) {
    if (++number == 1 || line.empty()) continue;
    std::vector<std::string> columns;
    std::istringstream cells(line);
    for (std::string cell; columns.size() < kColumns && std::getline(cells, cell, '\t');) {
      columns.push_back(cell);
    }
    if (columns.size() < kColumns || columns[0].empty() || columns[1].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, ": want text, language, topic, sentiment"));
    }
    samples.push_back({columns[0], columns[1], columns[2], columns[3]});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  if (error) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  if (bytes > bytes_max) {
    return absl::ResourceExhaustedError(absl::StrCat(path, " is larger than ", bytes_max));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return text.str();
}

absl::StatusOr<std::vector<Sample>> LoadSamples(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".tsv") paths.push_back(entry->path().string());
  }
  if (error) return absl::NotFoundError(absl::StrCat("cannot list ", folder));
  std::sort(paths.begin(), paths.end());
  std::vector<Sample> samples;
  for (const std::string& path : paths) USHER_RETURN_IF_ERROR(ReadSamples(path, samples));
  if (samples.empty()) return absl::NotFoundError(absl::StrCat("no messages in ", folder));
  return samples;
}

absl::StatusOr<std::string> FindBesideBinary(const std::string& relative,
                                             const std::string& installed) {
  std::error_code error;
  fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (int i = 0; !error && i < kFoldersUpMax; ++i) {
    for (const fs::path& path : {folder / relative, folder / "share" / "usher" / installed}) {
      std::error_code missing;
      if (fs::exists(path, missing)) return path.string();
    }
    if (folder == folder.root_path()) break;
    folder = folder.parent_path();
  }
  return absl::NotFoundError(absl::StrCat("neither ", relative, " nor share/usher/", installed,
                                          " is beside the binary or above it"));
}

}  // namespace usher::play
