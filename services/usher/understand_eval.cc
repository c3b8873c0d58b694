#include "usher/understand_eval.h"

#include <algorithm>
#include <iomanip>
#include <map>
#include <optional>
#include <ostream>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "support/status.h"
#include "understanding/score.h"
#include "usher/files.h"
#include "usher/understand.h"

namespace usher {
namespace {

using understanding::Calibration;
using understanding::Score;

constexpr std::size_t kConfusionsShown = 10;

// Of one question, as a whole and by language.
struct Measured {
  Score all;
  std::map<std::string, Score> by_language;
  std::map<std::string, Score> by_writer;
  Calibration calibration;

  void Count(const std::string& wanted, const std::string& found, std::uint16_t permille,
             const std::string& language, const std::string& writer) {
    if (wanted.empty()) return;
    all.Count(wanted, found);
    if (!language.empty()) by_language[language].Count(wanted, found);
    if (!writer.empty()) by_writer[writer].Count(wanted, found);
    calibration.Count(permille, wanted == found);
  }
};

void PrintLine(const std::string& name, const Score& score, std::ostream& out) {
  out << "  " << std::left << std::setw(20) << name << std::right << std::setw(7) << score.all()
      << std::setw(10) << score.Accuracy() << std::setw(10) << score.MacroF1() << "\n";
}

void Print(const std::string& what, const Measured& measured, std::ostream& out) {
  if (measured.all.all() == 0) return;
  out << std::fixed << std::setprecision(3) << what << "\n  " << std::left << std::setw(20) << ""
      << std::right << std::setw(7) << "texts" << std::setw(10) << "accuracy" << std::setw(10)
      << "macro-F1"
      << "\n";
  PrintLine("all", measured.all, out);
  for (const auto& [language, score] : measured.by_language) PrintLine(language, score, out);
  for (const auto& [writer, score] : measured.by_writer) PrintLine("writer " + writer, score, out);
  out << "  by label" << std::string(19, ' ') << "recall        F1\n";
  for (const auto& [label, count] : measured.all.wanted()) {
    out << "  " << std::left << std::setw(20) << label << std::right << std::setw(7) << count
        << std::setw(10) << measured.all.Recall(label) << std::setw(10) << measured.all.F1(label)
        << "\n";
  }
  out << "  most confused\n";
  for (const Score::Confusion& each : measured.all.Confusions(kConfusionsShown)) {
    out << "  " << std::setw(6) << each.count << "  " << each.wanted << " taken for " << each.found
        << "\n";
  }
  out << "  how sure, and how often right\n";
  for (const Calibration::Bin& bin : measured.calibration.bins()) {
    if (bin.count == 0) continue;
    out << "  " << std::setw(6) << bin.count << std::setw(8)
        << static_cast<double>(bin.permille) / 1000 / bin.count << std::setw(8)
        << static_cast<double>(bin.right) / bin.count << "\n";
  }
  out << "  expected calibration error " << measured.calibration.ExpectedError() << "\n";
}

// The cells of a line by the names of the columns.
class Table {
 public:
  static absl::StatusOr<Table> Read(const std::string& file) {
    USHER_TRY(const std::string text, ReadWholeFile(file));
    Table table;
    std::size_t number = 0;
    for (const absl::string_view part : absl::StrSplit(text, '\n')) {
      ++number;
      std::string line(part);
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty()) continue;
      std::vector<std::string> cells = absl::StrSplit(line, '\t');
      if (table.columns_.empty()) {
        table.columns_ = std::move(cells);
        if (!table.Column("text")) {
          return absl::InvalidArgumentError(file + ":1: no column `text`");
        }
        continue;
      }
      if (cells.size() != table.columns_.size()) {
        return absl::InvalidArgumentError(absl::StrCat(
            file, ":", number, ": ", cells.size(), " columns instead of ", table.columns_.size()));
      }
      table.rows_.push_back(std::move(cells));
    }
    if (table.rows_.empty()) return absl::InvalidArgumentError(file + ": no rows");
    return table;
  }

  std::optional<std::size_t> Column(const std::string& name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns_.begin());
  }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace

absl::Status EvaluateUnderstanding(const std::string& file,
                                   const understanding::Understanding& understanding,
                                   const UnderstandingRules& rules, std::ostream& out) {
  USHER_TRY(const Table table, Table::Read(file));
  const auto text = table.Column("text");
  const auto cell = [&](const std::vector<std::string>& row, const std::string& column) {
    const auto at = table.Column(column);
    return at ? row[*at] : std::string();
  };
  if (!table.Column("language") && !table.Column("topic") && !table.Column("sentiment")) {
    return absl::InvalidArgumentError(file + ":1: none of `language`, `topic`, `sentiment`");
  }
  Measured language;
  Measured topic;
  Measured sentiment;
  for (const std::vector<std::string>& row : table.rows()) {
    const auto understood = understanding.Understand(row[*text], rules, LanguageName());
    const std::string spoken = cell(row, "language");
    const std::string writer = cell(row, "writer");
    language.Count(spoken, LanguageText(understood), understood.language_permille, spoken, writer);
    topic.Count(cell(row, "topic"), understood.topic.ToString(), understood.topic_permille, spoken,
                writer);
    sentiment.Count(cell(row, "sentiment"), SentimentText(understood.sentiment),
                    understood.sentiment_permille, spoken, writer);
  }
  Print("language", language, out);
  Print("topic", topic, out);
  Print("sentiment", sentiment, out);
  return absl::OkStatus();
}

}  // namespace usher
