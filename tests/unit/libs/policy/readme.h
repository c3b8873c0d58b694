// deploy/policies/README.md as tests read it: its example, and its table of rows.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {

inline std::string ReadmeExample() {
  const std::string readme = ReadFile("deploy/policies/README.md");
  const std::string opening = "```yaml\n";
  const std::size_t start = readme.find(opening) + opening.size();
  return readme.substr(start, readme.find("```", start) - start);
}

// The cells of the table of rows, without their backticks.
inline std::vector<std::vector<std::string>> Rows() {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(ReadFile("deploy/policies/README.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| F") && !line.starts_with("| – |")) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      std::string plain;
      for (const char c : cell) plain += c == '`' ? std::string() : std::string(1, c);
      const std::size_t start = plain.find_first_not_of(' ');
      if (start == std::string::npos) continue;
      cells.push_back(plain.substr(start, plain.find_last_not_of(' ') + 1 - start));
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

// A policy in which `yaml` stands where the row says, and all is declared that rows refer to.
inline std::string Around(const std::string& of, const std::string& yaml) {
  const auto more = [&](std::string_view place) { return of == place ? yaml : std::string(); };
  const auto then = [&](std::string_view place) {
    return of == place ? ", " + yaml : std::string();
  };
  return "version: 1\nskills: [uk, en, returns, calm]\nattributes: {team: [day, night]}\n"
         "channels: {chat: {" +
         more("channel") +
         "}}\ncalendars: {office: {time_zone: UTC, open: {mon: 09:00-18:00}}}\nsla: {live: {" +
         (of == "sla" ? yaml : "update: 1h") +
         "}}\nqueues:\n  - {name: general}\n  - {name: q, sla: live" + then("queue") +
         "}\nroutes:\n  - {name: r, match: {channel: chat, sentiment: negative}, queue: q" +
         then("route") + "}\notherwise: {queue: general}\n" + more("policy") + "\n";
}

}  // namespace usher::policy
