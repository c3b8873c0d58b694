#include "insights/staffing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts_shop.h"
#include "insights/staffing_history.h"
#include "journal/topics.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::insights {
namespace {

using testing::HasSubstr;

constexpr char kPolicy[] = R"(
version: test-1
languages: [uk]
topics: [delivery]
skills: [uk]
channels: {chat: {units: 1}}
sla: {live: {first_response: 60s}}
queues: [{name: live, needs: {uk: 50}, sla: live}]
otherwise: {queue: live}
)";

// A desk with one agent who is there from 9 to 12 on a Monday, and an inquiry each three minutes
// that takes two.
struct StaffedShop : FactsShop {
  explicit StaffedShop(bool with_policy = true) {
    EXPECT_TRUE(log.CreateTopic({.name = journal::kPolicies, .partitions = 1}).ok());
    if (with_policy) Apply(kPolicy);
    AgentRegistered ana;
    ana.agent = AgentName::Of("ana");
    ana.skills = {{SkillName::Of("uk"), 80}};
    ana.units = 1;
    Say(ana);
    At(kMonday + 9h);
    Presence("ana", usher::Presence::kAvailable);
    for (int i = 0; i < 60; ++i) {
      const InquiryId id = InquiryId::Of("i" + std::to_string(i));
      At(kMonday + 9h + i * 3min);
      Place(id);
      Offer(id, "ana");
      Accept(id, "ana");
      After(2min);
      Say(InquiryResolved{id, AgentName::Of("ana"), 120s, 120s});
    }
    At(kMonday + 12h);
    Presence("ana", usher::Presence::kOffline);
    At(kMonday + 14h);
    Presence("ana", usher::Presence::kAway);
  }

  void Apply(const char* yaml) {
    v1::PolicyRecord record;
    record.set_desk("shop");
    record.mutable_policy()->set_yaml(yaml);
    const auto appender = *log.OpenAppender();
    EXPECT_TRUE(
        appender->Append({{journal::kPolicies, 0}, "shop", record.SerializeAsString(), {}}, 1)
            .ok());
  }

  v1::GetStaffingRequest Asking() const {
    v1::GetStaffingRequest request;
    request.set_desk("shop");
    request.set_time_zone("UTC");
    return request;
  }
  absl::StatusOr<v1::GetStaffingResponse> Staffing(const v1::GetStaffingRequest& request) {
    shop.Commit(view);
    return GetStaffing(*shop.store, 1, zones, log, request);
  }
  std::string Why(const v1::GetStaffingRequest& request) {
    return std::string(Staffing(request).status().message());
  }
};

const v1::StaffingHour* HourOf(const v1::StaffingPool& pool, std::uint32_t hour) {
  for (const v1::StaffingHour& row : pool.hours()) {
    if (row.hour() == hour) return &row;
  }
  return nullptr;
}

TEST(Staffing, SaysWhatWasSeenHourByHour) {
  StaffedShop desk;
  const auto staffing = desk.Staffing(desk.Asking());
  ASSERT_TRUE(staffing.ok()) << staffing.status();
  EXPECT_EQ(staffing->growth(), 1);
  ASSERT_EQ(staffing->queues_size(), 1);
  ASSERT_EQ(staffing->skills_size(), 1);
  EXPECT_EQ(staffing->queues(0).name(), "live");
  EXPECT_EQ(staffing->skills(0).name(), "uk");
  const v1::StaffingHour* ten = HourOf(staffing->queues(0), 10);
  ASSERT_NE(ten, nullptr);
  EXPECT_DOUBLE_EQ(ten->arrivals(), 20);
  EXPECT_NEAR(ten->handling(), 120, 120.0 / 64);
  EXPECT_EQ(ten->patience(), 0);
  EXPECT_DOUBLE_EQ(ten->present(), 1);
  EXPECT_GE(ten->agents_without_leaving(), 2);
  EXPECT_FALSE(ten->has_agents());
  EXPECT_EQ(HourOf(staffing->queues(0), 13), nullptr);  // nobody wrote, nobody was there
}

TEST(Staffing, HoursAreThoseOfTheClockAskedFor) {
  StaffedShop desk;
  v1::GetStaffingRequest request = desk.Asking();
  request.set_time_zone("Asia/Kolkata");  // five and a half hours ahead
  const auto staffing = desk.Staffing(request);
  ASSERT_TRUE(staffing.ok()) << staffing.status();
  EXPECT_EQ(HourOf(staffing->queues(0), 10), nullptr);
  ASSERT_NE(HourOf(staffing->queues(0), 15), nullptr);
  EXPECT_DOUBLE_EQ(HourOf(staffing->queues(0), 15)->arrivals(), 20);
}

TEST(Staffing, PlaysADayWithMoreAgents) {
  StaffedShop desk;
  v1::GetStaffingRequest request = desk.Asking();
  request.set_day(1);
  v1::StaffingChange* change = request.add_changes();
  change->set_count(2);
  change->set_from_hour(9);
  change->set_to_hour(12);
  v1::Need* skill = change->add_skills();
  skill->set_skill("uk");
  skill->set_level(60);
  const auto staffing = desk.Staffing(request);
  ASSERT_TRUE(staffing.ok()) << staffing.status();
  const auto day = [](const v1::PlayedDay& played) {
    const v1::PlayedHour& all = *played.queues(0).hours().rbegin();
    return all.in_time() / all.placed();
  };
  EXPECT_NEAR(staffing->expected().placed(), 60, 12);
  EXPECT_LT(day(staffing->expected()), 0.8);
  EXPECT_GT(day(staffing->changed()), 0.9);
}

TEST(Staffing, SaysWhomToAdd) {
  StaffedShop desk;
  v1::GetStaffingRequest request = desk.Asking();
  request.set_day(1);
  request.set_suggest(true);
  const auto staffing = desk.Staffing(request);
  ASSERT_TRUE(staffing.ok()) << staffing.status();
  ASSERT_EQ(staffing->more_size(), 1);
  EXPECT_EQ(staffing->more(0).skills(0).skill(), "uk");
  EXPECT_EQ(staffing->more(0).skills(0).level(), 80);
  ASSERT_EQ(staffing->more(0).count_size(), 24);
  EXPECT_EQ(staffing->more(0).count(3), 0);
  EXPECT_EQ(staffing->not_met_size(), 0);
}

TEST(Staffing, WhoIsGoneOrNoHumanIsNoMember) {
  StaffedShop desk;
  AgentRegistered robot;
  robot.agent = AgentName::Of("robot");
  robot.units = 50;
  robot.bot = true;
  desk.Say(robot);
  desk.Say(AgentRemoved{AgentName::Of("ana")});
  v1::GetStaffingRequest request = desk.Asking();
  const auto staffing = desk.Staffing(request);
  ASSERT_TRUE(staffing.ok()) << staffing.status();
  EXPECT_EQ(HourOf(staffing->queues(0), 10)->present(), 0);
  request.set_day(1);
  EXPECT_THAT(desk.Why(request), HasSubstr("nobody worked"));
}

TEST(Staffing, NonsenseIsNamed) {
  StaffedShop desk;
  const auto why = [&](auto set) {
    v1::GetStaffingRequest request = desk.Asking();
    request.set_day(1);
    set(request);
    return desk.Why(request);
  };
  EXPECT_THAT(why([](auto& r) { r.clear_desk(); }), HasSubstr("desk"));
  EXPECT_THAT(why([](auto& r) { r.set_desk("nowhere"); }), HasSubstr("nowhere"));
  EXPECT_THAT(why([](auto& r) { r.set_weeks(13); }), HasSubstr("weeks"));
  EXPECT_THAT(why([](auto& r) { r.set_wanted(1); }), HasSubstr("wanted"));
  EXPECT_THAT(why([](auto& r) { r.set_wanted(-0.5); }), HasSubstr("wanted"));
  EXPECT_THAT(why([](auto& r) { r.set_day(8); }), HasSubstr("day"));
  EXPECT_THAT(why([](auto& r) {
                r.clear_day();
                r.set_suggest(true);
              }),
              HasSubstr("day"));
  EXPECT_THAT(why([](auto& r) { r.set_time_zone("Mars/Base"); }), HasSubstr("time_zone"));
  EXPECT_THAT(why([](auto& r) { r.add_changes(); }), HasSubstr("changes.count"));
  EXPECT_THAT(why([](auto& r) {
                for (int i = 0; i < 21; ++i) r.add_changes();
              }),
              HasSubstr("changes: at most 20"));
  EXPECT_THAT(why([](auto& r) {
                r.add_changes()->set_count(1);
                r.set_suggest(true);
              }),
              HasSubstr("suggest"));
}

TEST(Staffing, WithoutAPolicyOrFactsNothingIsSaid) {
  StaffedShop bare(/*with_policy=*/false);
  EXPECT_THAT(bare.Why(bare.Asking()), HasSubstr("no policy"));
  StaffedShop desk;
  v1::GetStaffingRequest request = desk.Asking();
  *request.mutable_to() = wire::ToTimestamp(Instant());
  EXPECT_THAT(desk.Why(request), HasSubstr("nothing is known"));
}

}  // namespace
}  // namespace usher::insights
