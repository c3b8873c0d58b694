// The tables of reasons, for people, against the code's closed set.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "intake/facts.h"
#include "kit/tree/tree.h"

namespace usher::intake {
namespace {

// The codes in the first column of the table whose head begins so.
std::set<std::string> CodesOf(const std::string& file, const std::string& head) {
  std::ifstream in(kit::TreePath(file));
  EXPECT_TRUE(in.good()) << file;
  std::set<std::string> codes;
  bool in_table = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(head)) {
      in_table = true;
    } else if (!line.starts_with("|")) {
      in_table = false;
    } else if (in_table && line.starts_with("| `")) {
      const std::string code = line.substr(3, line.find('`', 3) - 3);
      EXPECT_TRUE(codes.insert(code).second) << file << " has " << code << " twice";
    }
  }
  return codes;
}

TEST(Readme, TablesNameEachReasonAndNoOther) {
  std::set<std::string> reasons;
  for (std::size_t i = 0; i < kRefusalReasons; ++i) {
    EXPECT_TRUE(reasons.insert(ToText(static_cast<RefusalReason>(i))).second);
  }
  EXPECT_EQ(CodesOf("services/intake/README.md", "| `usher-reason` |"), reasons);
  std::set<std::string> signs;
  for (std::size_t i = 1; i < kAutomaticSigns; ++i) {
    EXPECT_TRUE(signs.insert(ToText(static_cast<AutomaticSign>(i))).second);
  }
  EXPECT_EQ(CodesOf("services/intake/README.md", "| sign | the message |"), signs);
  EXPECT_EQ(CodesOf("deploy/README.md", "| reason | the record |"), reasons);
}

}  // namespace
}  // namespace usher::intake
