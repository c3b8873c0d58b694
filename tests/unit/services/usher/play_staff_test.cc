#include "usher/play_staff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "kit/tree/tree.h"
#include "policy/compile.h"

namespace usher::play {
namespace {

// The policy that is played by default, and the messages that are played.
struct Shop {
  Policy policy;
  std::vector<Sample> samples;
  DayPlan plan;

  explicit Shop(std::uint32_t inquiries) {
    const auto yaml = ReadFile(kit::TreePath("deploy/policies/shop.yaml"), policy::kYamlBytesMax);
    EXPECT_TRUE(yaml.ok());
    const auto compiled = policy::Compile(*yaml);
    EXPECT_TRUE(compiled.compiled.has_value());
    policy = compiled.compiled->policy;
    for (const char* language : {"ro", "uk", "ru", "en", "sr", "de", "pl", "tr", "es", "fr"}) {
      for (const char* topic :
           {"order_status", "refund", "payment", "complaint", "purchase_help"}) {
        samples.push_back({"text", language, topic, "neutral"});
      }
    }
    PlanOptions options{.inquiries = inquiries};
    for (const Channel& channel : policy.channels) {
      options.channels.push_back(channel.name.ToString());
    }
    plan = MakeDayPlan(options, samples);
  }
};

bool Able(const Hand& hand, const Queue& queue) {
  return std::all_of(
      queue.requirement.needs.begin(), queue.requirement.needs.end(), [&](const Need& need) {
        return std::any_of(hand.skills.begin(), hand.skills.end(), [&](const Need& held) {
          return held.skill == need.skill && held.level >= need.level;
        });
      });
}

TEST(Staff, HasTwoForEveryQueueOfThePolicy) {
  for (const std::uint32_t inquiries : {1u, 2'000u}) {
    const Shop shop(inquiries);
    const auto staff = MakeStaff(shop.policy, shop.plan, shop.samples, 0, 1);
    for (const Queue& queue : shop.policy.queues) {
      EXPECT_GE(std::count_if(staff.begin(), staff.end(),
                              [&](const Hand& hand) { return Able(hand, queue); }),
                2)
          << queue.name.view() << " with " << inquiries;
    }
  }
}

TEST(Staff, IsTheSameForTheSamePlan) {
  const Shop shop(500);
  EXPECT_EQ(MakeStaff(shop.policy, shop.plan, shop.samples, 0, 1),
            MakeStaff(shop.policy, shop.plan, shop.samples, 0, 1));
}

TEST(Staff, GrowsWithTheLoad) {
  const Shop small(500);
  const Shop large(20'000);
  const auto few = MakeStaff(small.policy, small.plan, small.samples, 0, 1);
  const auto many = MakeStaff(large.policy, large.plan, large.samples, 0, 1);
  EXPECT_GT(many.size(), 4 * few.size());
  EXPECT_LE(many.size(), kStaffMax);
}

TEST(Staff, HasNamesOfItsOwnSortedSkillsAndLevelsFrom60To100) {
  const Shop shop(2'000);
  std::set<std::string> names;
  for (const Hand& hand : MakeStaff(shop.policy, shop.plan, shop.samples, 0, 1)) {
    EXPECT_TRUE(names.insert(hand.name).second) << hand.name;
    EXPECT_LE(hand.name.size(), AgentName::kMaxBytes);
    EXPECT_EQ(hand.units, 6u);  // so that each can take a call
    EXPECT_LE(hand.skills.size(), kSkillsMax);
    EXPECT_TRUE(std::is_sorted(hand.skills.begin(), hand.skills.end()));
    for (const Need& skill : hand.skills) {
      EXPECT_GE(skill.level, 60);
      EXPECT_LE(skill.level, 100);
    }
  }
}

TEST(QueueFor, TakesTheFirstRouteThatMatches) {
  const Shop shop(1);
  PlannedConversation conversation;
  conversation.channel = "email";
  const auto queue = [&](const Sample& sample) {
    return QueueFor(shop.policy, conversation, sample)->name.ToString();
  };
  EXPECT_EQ(queue({"", "de", "order_status", "neutral"}), "de-mail");
  EXPECT_EQ(queue({"", "de", "complaint", "negative"}), "de-calm");
  EXPECT_EQ(queue({"", "xx", "order_status", "neutral"}), "general");
  conversation.tier = "vip";
  EXPECT_EQ(queue({"", "de", "order_status", "neutral"}), "de-live");
}

}  // namespace
}  // namespace usher::play
