// usher policy check | preview | apply | show
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/policy_client.h"
#include "usher/policy_file.h"
#include "usher/question_client.h"
#include "usher/question_text.h"

namespace usher {
namespace {

struct PolicyOptions {
  std::string file;
  std::string server = "127.0.0.1:7400";
  std::string desk;
  bool json = false;
  bool keep_open = false;
};

int Check(const PolicyOptions& options) {
  const absl::StatusOr<PolicyFile> file = ReadPolicyFile(options.file);
  if (!file.ok()) return Complain(file.status());
  std::cout << options.file << ": fine, version " << file->version << "\n";
  return kFine;
}

int Preview(const PolicyOptions& options) {
  const absl::StatusOr<PolicyFile> file = ReadPolicyFile(options.file);
  if (!file.ok()) return Complain(file.status());
  const auto previewed = QuestionClient(options.server).Preview(options.desk, file->yaml);
  if (!previewed.ok()) return Complain(previewed.status());
  std::cout << (options.json ? JsonLine(*previewed) : PreviewText(options.desk, *previewed));
  return kFine;
}

int Apply(const PolicyOptions& options) {
  const absl::StatusOr<PolicyFile> file = ReadPolicyFile(options.file);
  if (!file.ok()) return Complain(file.status());
  const auto applied =
      PolicyClient(options.server).Apply(options.desk, file->yaml, options.keep_open, 10s);
  if (!applied.ok()) return Complain(applied.status());
  std::cout << "desk " << options.desk << ": version " << applied->version()
            << " holds from partition " << applied->position().partition() << " offset "
            << applied->position().offset() << "\n";
  return kFine;
}

int Show(const PolicyOptions& options) {
  const auto holds = PolicyClient(options.server).Get(options.desk);
  if (!holds.ok()) return Complain(holds.status());
  std::cout << holds->yaml();
  return kFine;
}

}  // namespace

void AddPolicy(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PolicyOptions>();
  CLI::App* policy =
      app.add_subcommand("policy", "Checks, previews, applies and shows the rules of a desk");
  policy->require_subcommand(1);

  CLI::App* check = policy->add_subcommand("check", "Says all that is wrong with a policy file");
  check->add_option("FILE", options->file, "The YAML")->required();
  check->callback([options, &exit_code] { exit_code = Check(*options); });

  CLI::App* preview = policy->add_subcommand(
      "preview", "Says how many open inquiries a policy would move, and changes nothing");
  preview->add_option("FILE", options->file, "The YAML")->required();
  preview->add_option("--server", options->server, "Where the agents service is: HOST:PORT")
      ->capture_default_str();
  preview->add_option("--desk", options->desk, "Whose policy")->required();
  preview->add_flag("--json", options->json, "The answer as one JSON object");
  CLI::App* apply = policy->add_subcommand("apply", "Makes a policy the one that holds");
  apply->add_option("FILE", options->file, "The YAML")->required();
  apply->add_flag("--keep-open", options->keep_open,
                  "What is open keeps its queue, route and priority, if the policy still has them");
  CLI::App* show = policy->add_subcommand("show", "Prints the policy that holds");
  for (CLI::App* command : {apply, show}) {
    command->add_option("--server", options->server, "Where the router serves: HOST:PORT")
        ->capture_default_str();
    command->add_option("--desk", options->desk, "Whose policy")->required();
  }
  preview->callback([options, &exit_code] { exit_code = Preview(*options); });
  apply->callback([options, &exit_code] { exit_code = Apply(*options); });
  show->callback([options, &exit_code] { exit_code = Show(*options); });
}

}  // namespace usher
