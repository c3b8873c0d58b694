// usher dlq list | show | replay
#include "usher/dlq.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "support/status.h"
#include "usher/cluster.h"
#include "usher/commands.h"
#include "usher/complain.h"

namespace usher {
namespace {

struct DlqOptions {
  KafkaFlags kafka;
  ReplayOptions replay;
  std::int64_t offset = 0;
  bool content = false;
};

void Print(const DeadLetter& letter) {
  std::cout << "offset=" << letter.offset << " reason=" << letter.reason
            << " field=" << (letter.field.empty() ? "-" : letter.field) << " from=" << letter.topic
            << "/" << letter.partition << "/" << letter.origin_offset << " at=" << letter.at
            << " bytes=" << letter.value_bytes << (letter.cut ? " cut=true" : "") << "\n";
}

absl::Status List(const DlqOptions& options) {
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLog(options.kafka, "usher-dlq"));
  return ListDeadLetters(*log, options.replay.topic, Print);
}

absl::Status Show(const DlqOptions& options) {
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLog(options.kafka, "usher-dlq"));
  USHER_TRY(const log::Record letter, FindDeadLetter(*log, options.replay.topic, options.offset));
  std::cout << DeadLetterText(letter, options.content);
  return absl::OkStatus();
}

absl::Status Replay(const DlqOptions& options) {
  USHER_TRY(const std::unique_ptr<log::Log> log, OpenLog(options.kafka, "usher-dlq"));
  USHER_TRY(const Replayed replayed, ReplayDeadLetters(*log, options.replay));
  std::cout << "sent=" << replayed.sent << " cut=" << replayed.cut << " next=" << replayed.next
            << "\n";
  return absl::OkStatus();
}

int Report(const absl::Status& status) { return status.ok() ? kFine : Complain(status); }

}  // namespace

void AddDlq(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DlqOptions>();
  CLI::App* dlq = app.add_subcommand("dlq", "Records that intake could not take");
  dlq->require_subcommand(1);
  CLI::App* list =
      dlq->add_subcommand("list", "Prints each with its reason and where it came from");
  CLI::App* replay = dlq->add_subcommand(
      "replay", "Sends each that came since the last replay to where it came from");
  CLI::App* show = dlq->add_subcommand("show", "Says of one why it is here and what helps");
  for (CLI::App* command : {list, show, replay}) {
    AddKafkaFlags(*command, options->kafka);
    command->add_option("TOPIC", options->replay.topic, "usher.messages or usher.orders")
        ->required();
  }
  show->add_option("OFFSET", options->offset, "Which, as `list` tells it")
      ->required()
      ->check(CLI::NonNegativeNumber);
  show->add_flag("--content", options->content,
                 "Its key, headers and bytes, too: they may be personal data");
  replay
      ->add_option("--from", options->replay.from,
                   "Begin at this dead letter, whether it was sent again before or not")
      ->check(CLI::NonNegativeNumber);
  show->callback([options, &exit_code] { exit_code = Report(Show(*options)); });
  list->callback([options, &exit_code] { exit_code = Report(List(*options)); });
  replay->callback([options, &exit_code] { exit_code = Report(Replay(*options)); });
}

}  // namespace usher
