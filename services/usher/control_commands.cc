// usher desk list | quarantine | release, usher logic show | switch: what operators say to the log.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "journal/topics.h"
#include "router/logic.h"
#include "support/status.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/control.h"
#include "usher/log_flags.h"
#include "usher/question_text.h"

namespace usher {
namespace {

struct ControlOptions {
  LogFlags log;
  std::string desk;
  bool skip = false;
  bool retry = false;
  std::vector<std::int64_t> also_skip;
  std::uint32_t to = 0;
};

// A log with its header.
struct Opened {
  std::unique_ptr<log::Log> log;
  journal::CommandLog commands;
};

absl::StatusOr<Opened> ToRead(const ControlOptions& options) {
  Opened opened;
  USHER_TRY(opened.log, OpenLogToRead(options.log, "usher-control"));
  USHER_TRY(opened.commands, journal::ReadCommandLog(*opened.log));
  return opened;
}

absl::StatusOr<Opened> ToWrite(const ControlOptions& options) {
  Opened opened;
  USHER_TRY(opened.log, OpenLogToWrite(options.log, "usher-control"));
  USHER_TRY(opened.commands, journal::ReadCommandLog(*opened.log));
  return opened;
}

absl::StatusOr<DeskName> DeskOf(const ControlOptions& options) {
  const auto desk = DeskName::Parse(options.desk);
  if (desk && !desk->none()) return *desk;
  return absl::InvalidArgumentError("the desk: not a name");
}

absl::Status List(const ControlOptions& options) {
  USHER_TRY(const Opened opened, ToRead(options));
  USHER_TRY(const std::vector<HeldDesk> held, HeldDesks(*opened.log, opened.commands));
  if (held.empty()) std::cout << "no desk is in quarantine\n";
  for (const HeldDesk& each : held) {
    std::cout << "desk " << Printable(each.desk.view()) << ": partition " << each.partition
              << ", held from command " << each.places.front();
    if (each.places.size() > 1) {
      const std::vector<std::int64_t> later(each.places.begin() + 1, each.places.end());
      std::cout << ", crashed again at " << absl::StrJoin(later, ", ");
    }
    std::cout << "\n";
  }
  return absl::OkStatus();
}

absl::Status Quarantine(const ControlOptions& options) {
  USHER_TRY(const DeskName desk, DeskOf(options));
  USHER_TRY(const Opened opened, ToWrite(options));
  const std::int32_t partition = journal::PartitionOf(desk, opened.commands.partitions);
  USHER_TRY(const std::int64_t offset, AppendControl(*opened.log, partition, wire::DeskHold{desk}));
  std::cout << "desk " << Printable(options.desk) << ": held from partition " << partition
            << " offset " << offset << "\n";
  return absl::OkStatus();
}

absl::Status Release(const ControlOptions& options) {
  USHER_TRY(const DeskName desk, DeskOf(options));
  if (options.skip == options.retry) {
    return absl::InvalidArgumentError(
        "say --skip (without the command that crashed) or --retry (with it)");
  }
  USHER_TRY(const Opened opened, ToWrite(options));
  USHER_TRY(const std::vector<HeldDesk> held, HeldDesks(*opened.log, opened.commands));
  const auto found = std::find_if(held.begin(), held.end(),
                                  [&](const HeldDesk& each) { return each.desk == desk; });
  if (found == held.end()) return absl::NotFoundError("the desk is not in quarantine");
  wire::DeskRelease release{desk, options.also_skip};
  if (options.skip) release.skip.push_back(found->places.front());
  std::sort(release.skip.begin(), release.skip.end());
  USHER_TRY(const std::int64_t offset, AppendControl(*opened.log, found->partition, release));
  std::cout << "desk " << Printable(options.desk) << ": released at partition " << found->partition
            << " offset " << offset << ", without "
            << (release.skip.empty() ? "leaving out any command"
                                     : "command " + absl::StrJoin(release.skip, ", "))
            << "\n";
  return absl::OkStatus();
}

absl::Status Show(const ControlOptions& options) {
  USHER_TRY(const Opened opened, ToRead(options));
  USHER_TRY(const std::vector<LogicPlace> last, LastLogic(*opened.log, opened.commands));
  for (const LogicPlace& place : last) {
    std::cout << "partition " << place.partition << ": logic " << place.version << " from offset "
              << place.offset << "\n";
  }
  const router::Logic known;
  std::cout << "this usher knows logic " << known.oldest << " to " << known.newest << "\n";
  return absl::OkStatus();
}

absl::Status Switch(const ControlOptions& options) {
  const router::Logic known;
  if (!known.Knows(options.to)) {
    return absl::InvalidArgumentError(absl::StrCat("--to: this usher knows logic ", known.oldest,
                                                   " to ", known.newest,
                                                   "; routers like it would stop there"));
  }
  USHER_TRY(const Opened opened, ToWrite(options));
  USHER_TRY(const std::vector<LogicPlace> last, LastLogic(*opened.log, opened.commands));
  for (const LogicPlace& place : last) {
    std::int64_t offset = place.offset;
    if (place.version != options.to) {  // so that the command can be repeated
      USHER_TRY(offset, AppendControl(*opened.log, place.partition, wire::LogicSwitch{options.to}));
    }
    std::cout << "partition " << place.partition << ": logic " << options.to << " from offset "
              << offset << "\n";
  }
  return absl::OkStatus();
}

using Action = absl::Status (*)(const ControlOptions&);

CLI::App* AddAction(CLI::App& group, const char* name, const char* what, Action action,
                    const std::shared_ptr<ControlOptions>& options, int& exit_code) {
  CLI::App* const command = group.add_subcommand(name, what);
  AddLogFlags(*command, options->log);
  command->callback([options, action, &exit_code] {
    const absl::Status done = action(*options);
    exit_code = done.ok() ? kFine : Complain(done);
  });
  return command;
}

}  // namespace

void AddDesk(CLI::App& app, int& exit_code) {
  CLI::App* const desk = app.add_subcommand("desk", "Desks in quarantine");
  desk->require_subcommand(1);
  AddAction(*desk, "list", "Says which desks are held, and from which command on", List,
            std::make_shared<ControlOptions>(), exit_code);
  auto options = std::make_shared<ControlOptions>();
  AddAction(*desk, "quarantine", "Holds a desk from here on", Quarantine, options, exit_code)
      ->add_option("DESK", options->desk, "Which")
      ->required();
  options = std::make_shared<ControlOptions>();
  CLI::App* const release = AddAction(
      *desk, "release", "Lets a desk decide what was held, and go on", Release, options, exit_code);
  release->add_option("DESK", options->desk, "Which")->required();
  release->add_flag("--skip", options->skip, "Leave out the command from which it is held");
  release->add_flag("--retry", options->retry, "Apply that command too: by a router that can");
  release->add_option("--also-skip", options->also_skip,
                      "Leave out this command as well: its offset; repeat for more");
}

void AddLogic(CLI::App& app, int& exit_code) {
  CLI::App* const logic = app.add_subcommand("logic", "The version of the rules of deciding");
  logic->require_subcommand(1);
  AddAction(*logic, "show", "Says which version holds, and from where on", Show,
            std::make_shared<ControlOptions>(), exit_code);
  auto options = std::make_shared<ControlOptions>();
  AddAction(*logic, "switch", "Lets all desks decide by another version from here on", Switch,
            options, exit_code)
      ->add_option("--to", options->to, "Which; every router must know it")
      ->required();
}

}  // namespace usher
