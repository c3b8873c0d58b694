#include "usher/environment.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <string>

namespace usher {

void TakeFlagsFromEnvironment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;  // what is told by its place
    std::string name = "USHER_";
    for (const char c : option->get_lnames().front()) {
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (name != "USHER_HELP" && name != "USHER_VERSION") option->envname(name);
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    TakeFlagsFromEnvironment(*command);
  }
}

}  // namespace usher
