#include "understanding/examples.h"

#include <fstream>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "core/hash.h"
#include "support/status.h"

namespace usher::understanding {
namespace {

constexpr const char* kLanguages[] = {"de", "en", "es", "fr", "pl", "ro", "ru", "sr", "tr", "uk"};

using Row = std::map<std::string, std::string>;  // by column name

std::vector<std::string> Split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t end = line.find(separator); end != std::string::npos;
       end = line.find(separator, start)) {
    parts.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  parts.push_back(line.substr(start));
  return parts;
}

absl::StatusOr<std::vector<Row>> ReadTable(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!in || !std::getline(in, line)) return absl::NotFoundError("data: cannot read " + path);
  const std::vector<std::string> columns = Split(line, '\t');
  std::vector<Row> rows;
  for (int number = 2; std::getline(in, line); ++number) {
    std::vector<std::string> values = Split(line, '\t');
    if (values.size() + 1 == columns.size()) values.emplace_back();  // an empty last column
    if (values.size() != columns.size()) {
      return absl::DataLossError("data: " + path + " line " + std::to_string(number) + " has " +
                                 std::to_string(values.size()) + " columns");
    }
    Row row;
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = std::move(values[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Example ToExample(Row& row) {
  Example example;
  example.text = std::move(row["text"]);
  example.language = std::move(row["language"]);
  example.topic = std::move(row["topic"]);
  example.sentiment = std::move(row["sentiment"]);
  example.writer = std::move(row["writer"]);
  example.held_out = Mix64(Hash64(example.text)) % 10 == 0;
  return example;
}

absl::StatusOr<std::map<std::string, std::string>> ReadTopicsOfIntents(const std::string& path) {
  USHER_TRY(std::vector<Row> rows, ReadTable(path));
  std::map<std::string, std::string> topics;
  for (Row& row : rows) {
    for (const std::string& intent : Split(row["support-intents-en intents"], ',')) {
      if (!intent.empty()) topics[intent] = row["topic"];
    }
  }
  return topics;
}

}  // namespace

absl::StatusOr<Examples> ReadExamples(const std::string& data_directory) {
  Examples examples;
  for (const char* language : kLanguages) {
    USHER_TRY(std::vector<Row> rows, ReadTable(data_directory + "/messages/" + language + ".tsv"));
    for (Row& row : rows) examples.messages.push_back(ToExample(row));
    USHER_TRY(std::vector<Row> terms, ReadTable(data_directory + "/lexicon/" + language + ".tsv"));
    for (Row& row : terms) examples.terms.push_back({row["term"], row["topic"]});
    USHER_TRY(std::vector<Row> fragments,
              ReadTable(data_directory + "/fragments/" + language + ".tsv"));
    for (Row& row : fragments) examples.fragments.push_back(ToExample(row));
  }
  USHER_TRY(const auto topics, ReadTopicsOfIntents(data_directory + "/topics.tsv"));
  USHER_TRY(std::vector<Row> support, ReadTable(data_directory + "/support-intents-en/train.tsv"));
  for (Row& row : support) {
    const auto topic = topics.find(row["intent"]);
    if (topic == topics.end()) {
      return absl::DataLossError("data: no topic for the intent " + row["intent"]);
    }
    row["topic"] = topic->second;
    examples.support.push_back(ToExample(row));
  }
  USHER_TRY(std::vector<Row> products,
            ReadTable(data_directory + "/product-sentiment-en/train.tsv"));
  for (Row& row : products) examples.products.push_back(ToExample(row));
  USHER_TRY(std::vector<Row> general, ReadTable(data_directory + "/langid/train.tsv"));
  for (Row& row : general) examples.general.push_back(ToExample(row));
  return examples;
}

}  // namespace usher::understanding
