#include "contract/parts_control.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "core/check.h"

namespace usher::contract {

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

void Disturb(const std::string& what) {
  static const int kControl = std::atoi(Environment("USHER_TEST_CONTROL").c_str());
  USHER_CHECK(kControl > 0);
  const std::string line = what + "\n";
  USHER_CHECK(write(kControl, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  std::string answer;
  for (char c = 0; c != '\n';) {
    USHER_CHECK(read(kControl, &c, 1) == 1);
    answer.push_back(c);
  }
  if (answer != "ok\n") std::fprintf(stderr, "%s: %s", what.c_str(), answer.c_str());
  USHER_CHECK(answer == "ok\n");
}

std::string Broker(int node, const std::string& verb) {
  return "kafka." + std::to_string(node) + " " + verb;
}

}  // namespace usher::contract
