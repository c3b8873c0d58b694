// What `usher explain`, `usher wait` and `usher policy preview` say to a person.
#include "usher/question_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace usher {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant kNow = FromMicros(1'777'627'800'000'000);  // 2026-05-01 09:30:00

void Count(v1::InquiryExplained& told, v1::Verdict verdict, std::uint32_t agents) {
  v1::VerdictCount& count = *told.add_verdicts();
  count.set_verdict(verdict);
  count.set_agents(agents);
}

void Candidate(v1::InquiryExplained& told, const std::string& agent, v1::Verdict verdict,
               const std::string& skill = "", std::int64_t score = 0) {
  v1::Candidate& candidate = *told.add_candidates();
  candidate.set_agent(agent);
  candidate.set_verdict(verdict);
  candidate.set_skill(skill);
  candidate.set_score(score);
}

void Clause(v1::InquiryExplained& told, const std::string& skill, std::uint32_t level,
            std::uint32_t failing, std::uint32_t only) {
  v1::ClauseCount& clause = *told.add_clauses();
  clause.set_skill(skill);
  clause.set_level(level);
  clause.set_failing(failing);
  clause.set_only(only);
}

v1::ExplainInquiryResponse Waiting() {
  v1::ExplainInquiryResponse answer;
  v1::InquiryExplained& told = *answer.mutable_explained();
  told.set_stage(v1::STAGE_WAITING);
  told.set_queue("returns");
  told.set_route("refunds");
  told.set_priority(7);
  told.set_position(3);
  told.set_clock(v1::CLOCK_STATE_WARNED);
  told.set_due_us(ToMicros(kNow + 20s));
  return answer;
}

std::string Text(const v1::ExplainInquiryResponse& answer) {
  return ExplainText("shop", answer, "0123", kNow);
}

TEST(QuestionText, ExplainsWhereAnInquiryStandsAndWhatFreesIt) {
  v1::ExplainInquiryResponse answer = Waiting();
  v1::InquiryExplained& told = *answer.mutable_explained();
  Candidate(told, "ana", v1::VERDICT_LACKS_SKILL, "returns");
  Candidate(told, "ben", v1::VERDICT_LOW_LEVEL, "calm");
  Candidate(told, "cem", v1::VERDICT_OFFLINE);
  Count(told, v1::VERDICT_OFFLINE, 1);
  Count(told, v1::VERDICT_LACKS_SKILL, 1);
  Count(told, v1::VERDICT_LOW_LEVEL, 1);
  Clause(told, "calm", 60, 1, 1);
  Clause(told, "returns", 20, 1, 1);
  told.set_next(v1::NEXT_CHANGE_RELAX);
  told.set_next_at_us(ToMicros(kNow + 90s));
  EXPECT_EQ(Text(answer),
            "inquiry 0123 of desk shop\n"
            "  waits in queue returns, by route refunds, priority 7\n"
            "  place 3 there\n"
            "  the queue's own needs hold\n"
            "  target: in time, with a warning, due 2026-05-01 09:30:20 UTC (in 20s)\n"
            "\n"
            "kept from it\n"
            "  ana  lacks the skill returns\n"
            "  ben  has the skill calm at too low a level\n"
            "  cem  offline\n"
            "\n"
            "of 3 agents\n"
            "  1  offline\n"
            "  1  without a skill that is needed\n"
            "  1  with a skill at too low a level\n"
            "\n"
            "what it asks for, of 2 agents logged in\n"
            "  calm at level 60: 1 without it; asking for less here would add 1 agent\n"
            "  returns at level 20: 1 without it; asking for less here would add 1 agent\n"
            "  so nobody logged in fits\n"
            "\n"
            "next: the queue's next step asks for less, at 2026-05-01 09:31:30 UTC (in 1m 30s)\n");
}

TEST(QuestionText, NamesTheClauseThatLeavesNobody) {
  v1::ExplainInquiryResponse answer = Waiting();
  v1::InquiryExplained& told = *answer.mutable_explained();
  Count(told, v1::VERDICT_LACKS_SKILL, 4);
  Clause(told, "calm", 60, 4, 0);
  Clause(told, "", 0, 4, 0);
  const std::string text = Text(answer);
  EXPECT_THAT(text, HasSubstr("calm at level 60: 4 without it, which leaves nobody\n"));
  EXPECT_THAT(text, HasSubstr("the queue's expression: 4 without it, which leaves nobody\n"));
  EXPECT_THAT(text, HasSubstr("no single one of these would change that"));
}

TEST(QuestionText, DoesNotSayThatNobodyFitsWhileSomebodyDoes) {
  v1::ExplainInquiryResponse answer = Waiting();
  v1::InquiryExplained& told = *answer.mutable_explained();
  Candidate(told, "ana", v1::VERDICT_NOT_AVAILABLE);
  Count(told, v1::VERDICT_NOT_AVAILABLE, 1);
  Count(told, v1::VERDICT_LACKS_SKILL, 1);
  Clause(told, "returns", 20, 1, 1);
  const std::string text = Text(answer);
  EXPECT_THAT(text, Not(HasSubstr("nobody")));
  EXPECT_THAT(text, HasSubstr("  ana  busy, away or draining\n"));
  EXPECT_THAT(text, HasSubstr("next: nothing that has a time"));
}

TEST(QuestionText, SaysThatNobodyIsLoggedIn) {
  v1::ExplainInquiryResponse answer = Waiting();
  EXPECT_THAT(Text(answer), Not(HasSubstr("logged in")))
      << "an answer without agents' lists tells nothing of them";
  Count(*answer.mutable_explained(), v1::VERDICT_OFFLINE, 2);
  EXPECT_THAT(Text(answer), HasSubstr("nobody is logged in\n"));
}

TEST(QuestionText, ListsTheAbleInTheOrderInWhichTheyAreAskedAndCountsTheRest) {
  v1::ExplainInquiryResponse answer = Waiting();
  v1::InquiryExplained& told = *answer.mutable_explained();
  told.set_step(2);
  told.set_route("");
  Candidate(told, "zoe", v1::VERDICT_ABLE, "", -4);
  Candidate(told, "ana", v1::VERDICT_ABLE, "", 9);
  Candidate(told, "ben", v1::VERDICT_WHO);
  Count(told, v1::VERDICT_ABLE, 2);
  Count(told, v1::VERDICT_WHO, 61);
  const std::string text = Text(answer);
  EXPECT_THAT(text, HasSubstr("waits in queue returns, as it was asked, priority 7\n"));
  EXPECT_THAT(text, HasSubstr("  step 2 of the queue holds\n"));
  EXPECT_THAT(text,
              HasSubstr("able to take it now, in the order in which they are asked\n"
                        "  zoe  score -4\n  ana  score 9\n\nkept from it\n"
                        "  ben  the queue's expression does not hold\n  and 60 agents more\n"));
}

TEST(QuestionText, KnowsEveryValueOfTheProtos) {
  for (int verdict = v1::Verdict_MIN + 1; verdict <= v1::Verdict_MAX; ++verdict) {
    v1::ExplainInquiryResponse answer = Waiting();
    Candidate(*answer.mutable_explained(), "ana", static_cast<v1::Verdict>(verdict));
    Count(*answer.mutable_explained(), static_cast<v1::Verdict>(verdict), 2);
    EXPECT_THAT(Text(answer), Not(HasSubstr("does not know"))) << verdict;
  }
  for (int next = v1::NextChange_MIN + 1; next <= v1::NextChange_MAX; ++next) {
    v1::ExplainInquiryResponse answer = Waiting();
    answer.mutable_explained()->set_next(static_cast<v1::NextChange>(next));
    EXPECT_THAT(Text(answer), Not(HasSubstr("does not know"))) << next;
  }
  v1::ExplainInquiryResponse newer = Waiting();
  newer.mutable_explained()->set_next(static_cast<v1::NextChange>(99));
  Count(*newer.mutable_explained(), static_cast<v1::Verdict>(99), 1);
  EXPECT_THAT(Text(newer), HasSubstr("kept off by what this release does not know"));
  EXPECT_THAT(Text(newer), HasSubstr("next: something that this release does not know"));
}

TEST(QuestionText, EstimatesAWaitOrSaysWhyThereIsNone) {
  v1::EstimateWaitResponse answer;
  answer.set_queue("live");
  answer.set_place(4);
  answer.set_slots(2);
  EXPECT_THAT(WaitText("shop", answer, "0123"),
              HasSubstr("none; no work in this queue was measured yet\n"));
  answer.mutable_wait()->set_seconds(90);
  EXPECT_EQ(WaitText("shop", answer, "0123"),
            "inquiry 0123 of desk shop\n"
            "  place 4 in queue live\n"
            "  2 slots for its like among the agents at work\n"
            "  estimate: 1m 30s\n");
  answer.clear_wait();
  answer.set_slots(0);
  EXPECT_THAT(WaitText("shop", answer, "0123"),
              HasSubstr("none; nobody who could take it is at work\n"));
}

TEST(QuestionText, PreviewsInOneLine) {
  v1::PreviewPolicyResponse answer;
  answer.mutable_previewed()->set_version("small-2");
  answer.mutable_previewed()->set_open(12);
  answer.mutable_previewed()->set_moved(3);
  answer.mutable_previewed()->set_unstaffed(1);
  EXPECT_EQ(PreviewText("shop", answer),
            "desk shop, version small-2: 3 of 12 open inquiries would move, 1 would wait with "
            "nobody logged in who could take it\n");
}

TEST(QuestionText, PrintsNothingThatATerminalObeys) {
  EXPECT_EQ(Printable("\x1b[2Jana\r\n"), "\\x1b[2Jana\\x0d\\x0a");
  EXPECT_EQ(Printable("a\nb\x07", Newlines::kKeep), "a\nb\\x07");
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("\x7f\xc2\x9b"), "\\x7f\\xc2\\x9b") << "C1 controls are controls";
  EXPECT_EQ(Printable("ana\xe2\x80\xae"), "ana\\xe2\\x80\\xae") << "turns the line around";
  EXPECT_EQ(Printable("Ганна 安娜 😀 é"), "Ганна 安娜 😀 é");
  for (const char* broken : {"\xff", "\xc0\x80", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                             "\x80", "\xf0\x82\x82\xac"}) {
    EXPECT_EQ(Printable(broken).find_first_not_of("\\x0123456789abcdef"), std::string::npos);
    EXPECT_EQ(Printable(broken).size(), 4 * std::string(broken).size());
  }
  v1::ExplainInquiryResponse answer = Waiting();
  v1::InquiryExplained& told = *answer.mutable_explained();
  told.set_queue("q\x1b]0;t\x07");
  told.set_route("r\n");
  Candidate(told, "ana\nroot", v1::VERDICT_LACKS_SKILL, "s\x1b[A");
  Clause(told, "s\r", 1, 1, 1);
  Count(told, v1::VERDICT_LACKS_SKILL, 1);
  const std::string text = ExplainText("d\x1b", answer, "i\x08", kNow);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << int{c};
  EXPECT_THAT(text, HasSubstr("  ana\\x0aroot  lacks the skill s\\x1b[A\n"));
}

TEST(QuestionText, TimesOfAnyKindAreTold) {
  EXPECT_EQ(WhenText(ToMicros(kNow) - 5'000'000, kNow), "2026-05-01 09:29:55 UTC (5s ago)");
  for (const std::int64_t at :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_FALSE(WhenText(at, kNow).empty());
    EXPECT_FALSE(WhenText(at, FromMicros(-at - 1)).empty());
  }
  v1::EstimateWaitResponse answer;
  answer.mutable_wait()->set_seconds(std::numeric_limits<std::int64_t>::max());
  answer.mutable_wait()->set_nanos(std::numeric_limits<std::int32_t>::max());
  EXPECT_THAT(WaitText("shop", answer, "0123"), HasSubstr("estimate: "));
}

}  // namespace
}  // namespace usher
