#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usher/answer_json.h"
#include "usher/staff_change.h"
#include "usher/staff_text.h"

namespace usher {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::GetStaffingRequest Request() {
  v1::GetStaffingRequest request;
  request.set_desk("shop");
  request.set_wanted(0.8);
  return request;
}

v1::GetStaffingResponse Response() {
  v1::GetStaffingResponse response;
  response.set_time_zone("Europe/Kyiv");
  response.set_growth(1);
  response.mutable_to()->set_seconds(86'400);
  v1::StaffingPool* pool = response.add_skills();
  pool->set_name("uk");
  v1::StaffingHour* hour = pool->add_hours();
  hour->set_hour(24 + 18);
  hour->set_arrivals(30);
  hour->set_handling(120);
  hour->set_agents_without_leaving(5);
  hour->set_agents(4);
  hour->set_present(2.5);
  hour->set_answered_in_time(0.61);
  return response;
}

TEST(StaffChange, IsReadAsItIsWritten) {
  const auto change = ReadChange("2 uk:60,orders 18-22");
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->count(), 2);
  ASSERT_EQ(change->skills_size(), 2);
  EXPECT_EQ(change->skills(0).skill(), "uk");
  EXPECT_EQ(change->skills(0).level(), 60);
  EXPECT_EQ(change->skills(1).level(), 100);
  EXPECT_EQ(change->from_hour(), 18);
  EXPECT_EQ(change->to_hour(), 22);
  const auto all_day = ReadChange("1 uk");
  ASSERT_TRUE(all_day.ok());
  EXPECT_EQ(all_day->from_hour(), 0);
  EXPECT_EQ(all_day->to_hour(), 24);
}

TEST(StaffChange, NonsenseIsSaidWithItsText) {
  for (const char* text : {"", "2", "two uk", "2 uk:a", "2 uk:1:2", "2 ,", "2 uk 18", "2 uk 18-x",
                           "2 uk 18-22 now", "-1 uk", "2 uk 18-22-23"}) {
    const auto change = ReadChange(text);
    ASSERT_FALSE(change.ok()) << text;
    EXPECT_THAT(std::string(change.status().message()), HasSubstr(std::string("'") + text + "'"));
  }
}

TEST(StaffText, SaysWhereAgentsAreMissing) {
  const std::string page = StaffText(Request(), Response(), "");
  EXPECT_THAT(page, HasSubstr("Staffing of shop"));
  EXPECT_THAT(page, HasSubstr("Tue 18:00"));
  EXPECT_THAT(page, HasSubstr("61%"));
  EXPECT_THAT(page, HasSubstr("By queue: nobody is missing."));
  EXPECT_THAT(page, Not(HasSubstr("played")));
}

TEST(StaffText, TheWholeWeekOfOnePool) {
  EXPECT_THAT(StaffText(Request(), Response(), "uk"), HasSubstr("4 / 2.5"));
  EXPECT_THAT(StaffText(Request(), Response(), "\x1b[2J"), HasSubstr("named \\x1b[2J"));
}

TEST(StaffText, ThePlayedDayAndWhomToAdd) {
  v1::GetStaffingRequest request = Request();
  request.set_day(2);
  request.set_suggest(true);
  v1::GetStaffingResponse response = Response();
  const auto play = [](double in_time, v1::PlayedDay& day) {
    day.set_placed(40);
    v1::PlayedQueue* queue = day.add_queues();
    queue->set_queue("live");
    v1::PlayedHour* all = queue->add_hours();
    all->set_hour(24);
    all->set_placed(40);
    all->set_in_time(in_time);
  };
  play(20, *response.mutable_expected());
  play(36, *response.mutable_changed());
  v1::StaffingMore* more = response.add_more();
  v1::Need* skill = more->add_skills();
  skill->set_skill("uk");
  skill->set_level(60);
  for (int hour = 0; hour < 24; ++hour) more->add_count(hour >= 18 && hour < 22 ? 2 : 0);
  response.add_not_met("mail");
  const std::string page = StaffText(request, response, "");
  EXPECT_THAT(page, HasSubstr("Tue, played"));
  EXPECT_THAT(page, HasSubstr("50%"));
  EXPECT_THAT(page, HasSubstr("90%"));
  EXPECT_THAT(page, HasSubstr("+2 from 18:00 to 22:00: uk 60"));
  EXPECT_THAT(page, HasSubstr("mail does not keep its target even then"));
}

TEST(StaffText, AsJsonWithEveryFigure) {
  EXPECT_THAT(AnswerJson(Response()), HasSubstr("\"answered_in_time\":0.61"));
  EXPECT_THAT(AnswerJson(Response()), HasSubstr("\"patience\":0"));
}

}  // namespace
}  // namespace usher
