// What the tests of policies share: a whole small policy, and the deployed ones.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "kit/tree/tree.h"
#include "policy/compile.h"

namespace usher::policy {

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(kit::TreePath(path));
  EXPECT_TRUE(in.good()) << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A whole policy to which a test adds one section.
inline constexpr std::string_view kBase = R"(version: v1
languages: [ru, uk, de]
topics: [refund, payment]
tiers: [vip]
skills: [ru, calm]
channels: {chat: {units: 2}, email: {units: 1}}
sla: {live: {first_response: 60s}}
queues:
  - {name: q1, sla: live}
  - {name: q2}
otherwise: {queue: q1}
)";
inline constexpr int kBaseLines = 11;

inline std::string With(std::string_view more) { return std::string(kBase) + std::string(more); }

// How a problem begins, such as "12:5: ", for a place in what a test added after kBase.
inline std::string At(int line, int column) {
  return std::to_string(kBaseLines + line) + ":" + std::to_string(column) + ": ";
}

// A whole policy with a queue `q` of which a test says more: in line 8, from column 15 on.
inline std::string WithQueue(std::string_view body, std::string_view more = "") {
  return "version: 1\n"
         "skills: [uk, en, calm]\n"
         "attributes: {team: [day, night], site: [kyiv]}\n"
         "channels: {chat: {}}\n"
         "queues:\n"
         "  - {name: r}\n"
         "  - {name: s}\n"
         "  - {name: q, " +
         std::string(body) +
         "}\n"
         "otherwise: {queue: q}\n" +
         std::string(more);
}

// All problems, as they are told.
inline std::vector<std::string> Told(std::string_view yaml) {
  std::vector<std::string> told;
  const CompileResult result = Compile(yaml);
  for (const Problem& problem : result.problems) told.push_back(ToString(problem));
  EXPECT_EQ(result.compiled.has_value(), told.empty());
  return told;
}

// What is said of the queue of WithQueue(), and the one problem that it must bring.
struct Mistake {
  const char* body;
  int column;  // in line 8
  const char* message;
};

inline void ExpectMistake(const Mistake& mistake) {
  const std::vector<std::string> told = Told(WithQueue(mistake.body));
  ASSERT_EQ(told.size(), 1u) << mistake.body << ::testing::PrintToString(told);
  EXPECT_NE(told[0].find(mistake.message), std::string::npos) << mistake.body << "\n" << told[0];
  const std::string place = "8:" + std::to_string(mistake.column) + ": ";
  EXPECT_TRUE(told[0].starts_with(place)) << mistake.body << "\n" << told[0];
}

// The policy of a text that must compile.
inline Policy Made(std::string_view yaml) {
  for (const std::string& problem : Told(yaml)) ADD_FAILURE() << problem << "\nin\n" << yaml;
  const CompileResult result = Compile(yaml);
  return result.compiled ? result.compiled->policy : Policy();
}

}  // namespace usher::policy
