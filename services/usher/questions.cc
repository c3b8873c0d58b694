// usher explain, usher wait
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "support/stepper.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/question_client.h"
#include "usher/question_text.h"

namespace usher {
namespace {

struct QuestionOptions {
  std::string server = "127.0.0.1:7400";
  std::string desk;
  std::string inquiry;
  bool json = false;
};

int Explain(const QuestionOptions& options) {
  const auto answer = QuestionClient(options.server).Explain(options.desk, options.inquiry);
  if (!answer.ok()) return Complain(answer.status());
  std::cout << (options.json ? JsonLine(*answer)
                             : ExplainText(options.desk, *answer, options.inquiry, WallNow()));
  return kFine;
}

int Wait(const QuestionOptions& options) {
  const auto answer = QuestionClient(options.server).EstimateWait(options.desk, options.inquiry);
  if (!answer.ok()) return Complain(answer.status());
  std::cout << (options.json ? JsonLine(*answer)
                             : WaitText(options.desk, *answer, options.inquiry));
  return kFine;
}

}  // namespace

void AddQuestions(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<QuestionOptions>();
  CLI::App* explain = app.add_subcommand(
      "explain", "Says why an inquiry waits: who could take it, what keeps the others from it");
  CLI::App* wait = app.add_subcommand("wait", "Says how long an inquiry still waits");
  for (CLI::App* command : {explain, wait}) {
    command->add_option("INQUIRY", options->inquiry, "Its id, 32 hex digits")->required();
    command->add_option("--server", options->server, "Where the agents service is: HOST:PORT")
        ->capture_default_str();
    command->add_option("--desk", options->desk, "Whose inquiry")->required();
    command->add_flag("--json", options->json, "The answer as one JSON object");
  }
  explain->callback([options, &exit_code] { exit_code = Explain(*options); });
  wait->callback([options, &exit_code] { exit_code = Wait(*options); });
}

}  // namespace usher
