// usher: the one binary.
#include <CLI/CLI.hpp>
#include <string>

#include "usher/commands.h"
#include "usher/environment.h"
#include "usher/play.h"

int main(int argc, char** argv) {
  CLI::App app("usher: routes every question of a shop's customers to the right free agent in time",
               "usher");
  app.set_version_flag("--version", std::string("usher " USHER_VERSION));
  app.require_subcommand(1);
  int exit_code = usher::kFine;
  usher::AddUp(app, exit_code);
  usher::AddMembers(app, exit_code);
  usher::AddTopics(app, exit_code);
  usher::AddPolicy(app, exit_code);
  usher::AddMap(app, exit_code);
  usher::AddQuestions(app, exit_code);
  usher::AddReport(app, exit_code);
  usher::AddReview(app, exit_code);
  usher::AddStaff(app, exit_code);
  usher::AddDlq(app, exit_code);
  usher::AddDesk(app, exit_code);
  usher::AddLogic(app, exit_code);
  usher::AddRebuild(app, exit_code);
  usher::AddVerify(app, exit_code);
  usher::AddSimulate(app, exit_code);
  usher::AddUnderstand(app, exit_code);
  usher::play::AddPlay(app, exit_code);
  usher::TakeFlagsFromEnvironment(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? usher::kFine : usher::kBadUsage;
  }
  return exit_code;
}
