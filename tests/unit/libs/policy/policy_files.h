// What the tests of policies share: a whole small policy, and the deployed ones.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace usher::policy {

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(std::string(USHER_SOURCE_DIR) + "/" + path);
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

}  // namespace usher::policy
