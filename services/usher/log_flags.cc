#include "usher/log_flags.h"

#include <CLI/CLI.hpp>

#include "log/embedded/embedded_log.h"

namespace usher {

void AddLogFlags(CLI::App& command, LogFlags& flags) {
  AddKafkaFlags(command, flags.kafka);
  CLI::Option* const kafka = command.get_option("--kafka");
  kafka->required(false);
  CLI::Option* const data_dir =
      command.add_option("--data-dir", flags.data_dir, "The folder of an `usher up`, or a copy");
  kafka->excludes(data_dir);
  data_dir->excludes(kafka);
}

absl::StatusOr<std::unique_ptr<log::Log>> OpenLogToWrite(const LogFlags& flags,
                                                         const std::string& client_id) {
  if (flags.data_dir.empty()) return OpenLogToRead(flags, client_id);
  log::EmbeddedOptions options;
  options.dir = flags.data_dir + "/log";
  // One that is not there must not be made.
  if (const auto beside = log::OpenEmbeddedLogBeside(options.dir); !beside.ok()) {
    return beside.status();
  }
  return log::OpenEmbeddedLog(options);
}

absl::StatusOr<std::unique_ptr<log::Log>> OpenLogToRead(const LogFlags& flags,
                                                        const std::string& client_id) {
  if (!flags.data_dir.empty()) return log::OpenEmbeddedLogBeside(flags.data_dir + "/log");
  if (flags.kafka.kafka.empty()) {
    return absl::InvalidArgumentError("say which log: --kafka or --data-dir");
  }
  return OpenLog(flags.kafka, client_id);
}

}  // namespace usher
