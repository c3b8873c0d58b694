// usher map: what a payload would become at the door.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "intake/decode.h"
#include "journal/topics.h"
#include "policy/compile.h"
#include "support/status.h"
#include "support/stepper.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/dlq_reasons.h"
#include "usher/files.h"

namespace usher {
namespace {

struct MapOptions {
  std::string file;
  std::string policy;
  std::string mappings;
  std::string desk;
  std::string input = "messages";
  std::string key;
  std::vector<std::string> headers;
};

absl::Status AsCompilersDo(const std::string& file, const std::vector<policy::Problem>& problems) {
  std::string lines;
  for (const policy::Problem& problem : problems) {
    lines += (lines.empty() ? "" : "\n") + file + ":" + policy::ToString(problem);
  }
  return absl::InvalidArgumentError(lines);
}

absl::StatusOr<MappingRules> ReadRules(const MapOptions& options) {
  if (!options.mappings.empty()) {
    USHER_TRY(const std::string yaml, ReadWholeFile(options.mappings));
    policy::MappingsResult result = policy::CompileMappings(yaml);
    if (!result.rules) return AsCompilersDo(options.mappings, result.problems);
    return std::move(*result.rules);
  }
  if (options.policy.empty()) return MappingRules();
  USHER_TRY(const std::string yaml, ReadWholeFile(options.policy));
  policy::CompileResult result = policy::Compile(yaml, WallNow());
  if (!result.compiled) return AsCompilersDo(options.policy, result.problems);
  return std::move(result.compiled->mappings);
}

absl::StatusOr<log::Record> ReadRecord(const MapOptions& options) {
  log::Record record;
  USHER_TRY(record.value, ReadWholeFile(options.file));
  record.key = options.key;
  for (const std::string& header : options.headers) {
    const std::size_t equals = header.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError("--header " + header + ": must be NAME=VALUE");
    }
    record.headers.push_back({header.substr(0, equals), header.substr(equals + 1)});
  }
  return record;
}

int Tell(const intake::Refusal& refusal) {
  std::cout << "refused: " << intake::ToText(refusal) << "\n" << MeaningOf(refusal.reason) << "\n";
  return kFailed;
}

template <class Event, class Check>
int Tell(const std::variant<Event, intake::Refusal, intake::Ignored>& read, const Check& check) {
  if (const auto* refusal = std::get_if<intake::Refusal>(&read)) return Tell(*refusal);
  if (std::holds_alternative<intake::Ignored>(read)) {
    std::cout << "ignored: a mapping says that it is no event\n";
    return kFine;
  }
  const Event& event = std::get<Event>(read);
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = true;
  print.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(event, &json, print).ok()) {
    return Complain(absl::InternalError("the event cannot be written as JSON"));
  }
  std::cout << json;
  const auto checked = check(event);
  const auto* refusal = std::get_if<intake::Refusal>(&checked);
  return refusal == nullptr ? kFine : Tell(*refusal);
}

int Map(const MapOptions& options) {
  const absl::StatusOr<MappingRules> rules = ReadRules(options);
  if (!rules.ok()) return Complain(rules.status());
  const absl::StatusOr<log::Record> record = ReadRecord(options);
  if (!record.ok()) return Complain(record.status());
  const auto desk = DeskName::Parse(options.desk);
  if (!desk) return Complain(absl::InvalidArgumentError("--desk: not the name of a desk"));
  // shared: as the door has it, where a newer policy may take its place.
  const auto shared = std::make_shared<const MappingRules>(*rules);
  const intake::Doorway door{[&shared](const DeskName&) { return shared; }, *desk};
  if (options.input == "orders") {
    return Tell(intake::ReadOrder(*record, door), intake::CheckOrder);
  }
  return Tell(intake::ReadMessage(*record, door), intake::CheckMessage);
}

}  // namespace

void AddMap(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<MapOptions>();
  CLI::App* map = app.add_subcommand(
      "map", "Says which event a payload would become, or why it would be refused");
  map->add_option("FILE", options->file, "The payload, as the record's value")->required();
  CLI::Option* policy =
      map->add_option("--policy", options->policy, "The policy whose mappings are tried");
  map->add_option("--mappings", options->mappings, "A file with the mappings alone")
      ->excludes(policy);
  map->add_option("--desk", options->desk, "The desk that the record is for, if it names none");
  map->add_option("--input", options->input, "The topic that it comes by")
      ->check(CLI::IsMember({"messages", "orders"}))
      ->capture_default_str();
  map->add_option("--key", options->key, "The record's key");
  map->add_option("--header", options->headers,
                  "A header of the record, NAME=VALUE; may come often");
  map->callback([options, &exit_code] { exit_code = Map(*options); });
}

}  // namespace usher
