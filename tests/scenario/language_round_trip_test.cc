// What the scenario language writes, it reads back: every command and every field of a policy, and
// expressions and scores, well formed or not.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "kit/scenario.h"
#include "kit/scenario_expression.h"

namespace usher::kit {
namespace {

constexpr ScoreStep Plain(ScoreOp op) { return {op, 0, {}, {}}; }
ScoreStep Number(std::int64_t number) { return {ScoreOp::kNumber, number, {}, {}}; }
ScoreStep Level(std::string_view skill) { return {ScoreOp::kLevel, 0, SkillName::Of(skill), {}}; }
Clause Skill(std::string_view skill, std::uint8_t level) {
  return {ClauseOp::kSkill, 0, {SkillName::Of(skill), level}, {}};
}
Clause Has(std::string_view name, std::string_view value) {
  return {ClauseOp::kAttribute, 0, {}, {AttributeName::Of(name), ValueName::Of(value)}};
}
Clause Group(ClauseOp op, std::uint16_t count = 0) { return {op, count, {}, {}}; }

// A file with one step, read again from what was written of it.
Step ReadBack(const std::string& lines) {
  const ReadResult read = ReadScenario("x.scenario", lines);
  EXPECT_EQ(read.error, "") << lines;
  const std::string written = WriteScenario(read.scenario);
  const ReadResult again = ReadScenario("written", written);
  EXPECT_EQ(again.error, "") << written;
  EXPECT_EQ(WriteScenario(again.scenario), written);
  EXPECT_EQ(again.scenario.limits, read.scenario.limits);
  if (read.scenario.steps.size() != 1 || again.scenario.steps.size() != 1) {
    ADD_FAILURE() << written;
    return {};
  }
  EXPECT_EQ(again.scenario.steps[0].command, read.scenario.steps[0].command) << written;
  return again.scenario.steps[0];
}

template <class Body>
Body BodyOf(const std::string& line) {
  return std::get<Body>(ReadBack(line).command.body);
}

TEST(ScenarioRoundTrip, KeepsEveryFieldOfAnInquiry) {
  const auto place = BodyOf<PlaceInquiry>(
      "at 1s place i1 channel=voice language=uk topic=refund sentiment=negative tier=gold "
      "order=o1 conversation=c1 customer=u1 message=m1 queue=vip priority=7 on-site=yes value=-5 "
      "arrived=250ms preferred=ana,bob prefer-for=30s exclude=eva,kim:5m");
  EXPECT_TRUE(place.features.on_site);
  EXPECT_EQ(place.features.value, -5);
  EXPECT_EQ(place.priority, 7);
  EXPECT_EQ(place.arrived_at, Instant(250ms));
  EXPECT_EQ(place.preferred, (std::vector<AgentName>{AgentName::Of("ana"), AgentName::Of("bob")}));
  EXPECT_EQ(place.prefer_for, 30s);
  const std::vector<AskedExclusion> exclude = {{AgentName::Of("eva"), kForever},
                                               {AgentName::Of("kim"), 5min}};
  EXPECT_EQ(place.exclude, exclude);

  const auto plain = BodyOf<PlaceInquiry>("at 1s place i1");
  EXPECT_EQ(plain.arrived_at, kNever);
  EXPECT_EQ(plain.features.channel, ChannelName::Of("chat"));
  EXPECT_FALSE(plain.priority);

  const auto update = BodyOf<UpdateInquiry>(
      "at 1s update i1 priority=0 sentiment=unknown on-site=no value=0 exclude=eva:0s");
  EXPECT_EQ(update.priority, 0);
  EXPECT_EQ(update.sentiment, Sentiment::kUnknown);
  EXPECT_EQ(update.on_site, false);
  EXPECT_EQ(update.value, 0);
  EXPECT_EQ(update.exclude.at(0).length, Duration(0));
  const auto nothing = BodyOf<UpdateInquiry>("at 1s update i1");
  EXPECT_FALSE(nothing.priority || nothing.sentiment || nothing.on_site || nothing.value);
}

TEST(ScenarioRoundTrip, KeepsEveryFieldOfAnAgentAndItsCommands) {
  const auto agent = BodyOf<RegisterAgent>(
      "at 1s agent ana may-take supervisor bot skills=b:80,a:0 capacity=3 limit=chat:2,voice:1 "
      "attributes=site=kyiv,site=lviv,team=-");
  EXPECT_TRUE(agent.may_take && agent.supervisor && agent.bot);
  const std::vector<Attribute> attributes = {{AttributeName::Of("site"), ValueName::Of("kyiv")},
                                             {AttributeName::Of("site"), ValueName::Of("lviv")},
                                             {AttributeName::Of("team"), ValueName()}};
  EXPECT_EQ(agent.attributes, attributes);

  EXPECT_EQ(BodyOf<TakeInquiry>("at 1s take i1 ana").agent, AgentName::Of("ana"));
  EXPECT_EQ(BodyOf<AssignInquiry>("at 1s assign i1 ana by=sue").supervisor, AgentName::Of("sue"));
  EXPECT_TRUE(BodyOf<AssignInquiry>("at 1s assign i1 ana").supervisor.none());
  const auto transfer = BodyOf<TransferInquiry>("at 1s transfer i1 ana queue=vip to=bob");
  EXPECT_EQ(transfer.queue, QueueName::Of("vip"));
  EXPECT_EQ(transfer.to, AgentName::Of("bob"));
}

TEST(ScenarioRoundTrip, KeepsWhatIsSaidOfTimeAndOrders) {
  const auto place = BodyOf<PlaceInquiry>("at 1s place i1 order-status=late starts=2h");
  EXPECT_EQ(place.features.order_status, OrderStatusName::Of("late"));
  EXPECT_EQ(place.starts_at, Instant(2h));
  EXPECT_EQ(BodyOf<PlaceInquiry>("at 1s place i1").starts_at, Instant());
  EXPECT_EQ(BodyOf<ScheduleInquiry>("at 1s schedule i1 3h").at, Instant(3h));
  EXPECT_EQ(BodyOf<PauseInquiry>("at 1s pause i1 ana until=4h").until, Instant(4h));
  EXPECT_EQ(BodyOf<PauseInquiry>("at 1s pause i1 ana").until, kNever);
  EXPECT_EQ(BodyOf<ResumeInquiry>("at 1s resume i1 ana").agent, AgentName::Of("ana"));
  EXPECT_EQ(BodyOf<SetPresence>("at 1s presence ana busy shift-ends=8h").shift_ends, Instant(8h));
  EXPECT_EQ(BodyOf<SetPresence>("at 1s presence ana busy").shift_ends, kNever);
  EXPECT_EQ(BodyOf<RecordReply>("at 1s reply i1 ana channel=email").channel,
            ChannelName::Of("email"));
  const auto order = BodyOf<UpdateOrder>("at 1s order o1 lost");
  EXPECT_EQ(order.order, OrderId::Of("o1"));
  EXPECT_EQ(order.status, OrderStatusName::Of("lost"));
  EXPECT_EQ(BodyOf<RateInquiry>("at 1s rate i1 4"), (RateInquiry{InquiryId::Of("i1"), 4}));
  EXPECT_EQ(BodyOf<ReviewInquiry>("at 1s review i1 ana by=sue marks=tone:7,x:100"),
            (ReviewInquiry{InquiryId::Of("i1"),
                           AgentName::Of("ana"),
                           AgentName::Of("sue"),
                           {{CriterionName::Of("tone"), 7}, {CriterionName::Of("x"), 100}}}));
  EXPECT_EQ(BodyOf<EstimateWait>("at 1s estimate i1").inquiry, InquiryId::Of("i1"));
  EXPECT_EQ(BodyOf<ExplainInquiry>("at 1s explain i1").inquiry, InquiryId::Of("i1"));
  EXPECT_EQ(BodyOf<PreviewPolicy>("policy p\n  version v8\nend\nat 1s preview p\n").policy.version,
            "v8");
}

constexpr char kWholePolicy[] =
    "policy shop\n"
    "  version v7\n"
    "  channel chat grace=30s\n"
    "  channel voice units=3 grace=0s pending-holds\n"
    "  calendar office open=9h..13h,14h..18h\n"
    "  calendar never\n"
    "  sla quick first=60s next=2m resolution=1h update=10m warn=500,900 hours=office\n"
    "  sla silent first=60s warn=-\n"
    "  queue a auto-accept interrupts needs=x:50,y:30 who=not(site=kyiv) pick=score "
    "score=level(x)*10-load offer-to=3 rank=9 sla=quick window=7s answer-within=5m wrap-up=1s "
    "max-waiting=4 when-full=divert:b when-nobody=reject hours=office when-closed=divert:b "
    "expected-work=30m wake=pool\n"
    "    step after=10s needs=x:20 who=any(team=night,y:60)\n"
    "    step\n"
    "    prefer who=site=kyiv\n"
    "    prefer who=-\n"
    "    escalate age=1m priority=9\n"
    "    escalate age=2m queue=b\n"
    "    borrow from=b service=950\n"
    "    borrow from=c\n"
    "    forecast relax priority=9 queue=b\n"
    "  queue b interruptible when-full=reject:a when-nobody=divert:a when-closed=reject\n"
    "    forecast priority=0\n"
    "  route r channel=chat language=uk,- topic=refund sentiment=negative tier=gold on-site=no "
    "repeat=yes order-status=late,lost value-min=500 queue=b priority=8 needs=calm:70\n"
    "  otherwise queue=a priority=0\n"
    "  cool-down 2m\n"
    "  missed-offers 1\n"
    "  late-share 7\n"
    "  order aged then value on_site repeat\n"
    "  urgent 2m\n"
    "  near 5m\n"
    "  crowd 0\n"
    "  age-credit 30s\n"
    "  starve-after 1h\n"
    "  pace most=5 window=1m start-most=2 start=10m\n"
    "  sticky linked last-agent=24h wait=40s repeat=168h repeat-raise=2\n"
    "  reopen 72h\n"
    "  angry needs=calm:60\n"
    "  follow-ups unanswered=3 raise=2 angry-raise=1\n"
    "  status late raise=2\n"
    "  status lost raise=4\n"
    "end\n"
    "at 0s policy shop\n";

TEST(ScenarioRoundTrip, KeepsWhoMayTakeAndHowAPolicyPicks) {
  const Policy policy = BodyOf<ApplyPolicy>(kWholePolicy).policy;
  EXPECT_EQ(policy.channels.at(0).grace, 30s);
  EXPECT_EQ(policy.channels.at(1).grace, Duration(0));
  const Queue& a = policy.queues.at(0);
  EXPECT_TRUE(a.auto_accept && a.interrupts && !a.interruptible);
  EXPECT_EQ(a.requirement.needs.size(), 2u);
  EXPECT_EQ(a.requirement.who, (Expression{Group(ClauseOp::kNot), Has("site", "kyiv")}));
  EXPECT_EQ(a.pick, Pick::kScore);
  EXPECT_EQ(a.score, (Score{Level("x"), Number(10), Plain(ScoreOp::kMultiply),
                            Plain(ScoreOp::kLoad), Plain(ScoreOp::kSubtract)}));
  EXPECT_EQ(a.offer_to, 3);
  EXPECT_EQ(a.rank, 9);
  EXPECT_EQ(a.answer_within, 5min);
  EXPECT_EQ(a.when_full, Refuge::kDivert);
  EXPECT_EQ(a.full_queue, QueueName::Of("b"));
  EXPECT_EQ(a.when_nobody, Refuge::kReject);
  EXPECT_EQ(a.steps.at(0).after, 10s);
  EXPECT_EQ(a.steps.at(0).requirement.who,
            (Expression{Group(ClauseOp::kAny, 2), Has("team", "night"), Skill("y", 60)}));
  EXPECT_EQ(a.steps.at(1), RelaxStep());
  EXPECT_EQ(a.prefer, (std::vector<Expression>{{Has("site", "kyiv")}, {}}));
  EXPECT_EQ(a.escalations.at(0), (Escalation{1min, std::uint8_t{9}, QueueName()}));
  EXPECT_EQ(a.escalations.at(1), (Escalation{2min, std::nullopt, QueueName::Of("b")}));
  EXPECT_TRUE(policy.queues.at(1).interruptible);
  EXPECT_EQ(policy.queues.at(1).full_queue, QueueName::Of("a"));
  EXPECT_EQ(policy.queues.at(1).when_nobody, Refuge::kDivert);
}

TEST(ScenarioRoundTrip, KeepsTheTimesOfAPolicy) {
  const Policy policy = BodyOf<ApplyPolicy>(kWholePolicy).policy;
  EXPECT_FALSE(policy.channels.at(0).pending_holds);
  EXPECT_TRUE(policy.channels.at(1).pending_holds);
  const std::vector<OpenSpan> open = {{Instant(9h), Instant(13h)}, {Instant(14h), Instant(18h)}};
  EXPECT_EQ(policy.calendars.at(0).open, open);
  EXPECT_TRUE(policy.calendars.at(1).open.empty());
  const SlaClass& quick = policy.sla_classes.at(0);
  EXPECT_EQ(quick.next_response, 2min);
  EXPECT_EQ(quick.resolution, 1h);
  EXPECT_EQ(quick.update, 10min);
  EXPECT_EQ(quick.warn_permilles, (std::vector<std::uint16_t>{500, 900}));
  EXPECT_EQ(quick.hours, CalendarName::Of("office"));
  EXPECT_TRUE(policy.sla_classes.at(1).warn_permilles.empty());
  const Queue& a = policy.queues.at(0);
  EXPECT_EQ(a.hours, CalendarName::Of("office"));
  EXPECT_EQ(a.when_closed, Refuge::kDivert);
  EXPECT_EQ(a.closed_queue, QueueName::Of("b"));
  EXPECT_EQ(a.expected_work, 30min);
  EXPECT_EQ(a.wake, Wake::kPool);
  EXPECT_EQ(a.borrow, (std::vector<Borrow>{{QueueName::Of("b"), 950}, {QueueName::Of("c"), 900}}));
  EXPECT_EQ(a.forecast, (Forecast{true, std::uint8_t{9}, QueueName::Of("b")}));
  EXPECT_EQ(policy.queues.at(1).when_closed, Refuge::kReject);
  EXPECT_EQ(policy.queues.at(1).forecast, (Forecast{false, std::uint8_t{0}, QueueName()}));
  EXPECT_EQ(policy.routes.at(0).order_statuses.size(), 2u);
  EXPECT_EQ(policy.reopen, 72h);
  const std::vector<StatusRaise> raises = {{OrderStatusName::Of("late"), 2},
                                           {OrderStatusName::Of("lost"), 4}};
  EXPECT_EQ(policy.status_raises, raises);
  EXPECT_EQ(policy.angry_needs, (std::vector<Need>{{SkillName::Of("calm"), 60}}));
  EXPECT_EQ(policy.follow_ups, (FollowUps{3, 2, 1}));
}

TEST(ScenarioRoundTrip, KeepsTheRoutesAndRulesOfAPolicy) {
  const Policy policy = BodyOf<ApplyPolicy>(kWholePolicy).policy;
  const Route& route = policy.routes.at(0);
  EXPECT_EQ(route.on_site, false);
  EXPECT_EQ(route.repeat, true);
  EXPECT_EQ(route.value_min, 500);
  EXPECT_EQ(route.needs, (std::vector<Need>{{SkillName::Of("calm"), 70}}));
  EXPECT_EQ(policy.order, Order::kAged);
  EXPECT_EQ(policy.then,
            (std::vector<SortField>{SortField::kValue, SortField::kOnSite, SortField::kRepeat}));
  EXPECT_EQ(policy.urgent, 2min);
  EXPECT_EQ(policy.near, 5min);
  EXPECT_EQ(policy.crowd, 0u);
  EXPECT_EQ(policy.age_credit, 30s);
  EXPECT_EQ(policy.starve_after, 1h);
  EXPECT_EQ(policy.pace, (Pace{5, 1min, 2, 10min}));
  EXPECT_EQ(policy.sticky, (Sticky{24h, true, 40s, 168h, 2}));
  const Policy plain = BodyOf<ApplyPolicy>("policy p\nend\nat 0s policy p\n").policy;
  Policy usual;
  usual.version = "p";
  EXPECT_EQ(plain, usual);
}

TEST(ScenarioRoundTrip, KeepsEveryBound) {
  ReadBack(
      "limits inquiries=1 agents=2 queues=3 routes=4 channels=5 sla-classes=6 names=7 "
      "skills-per-agent=8 attributes-per-agent=9 needs=10 clauses=11 score-steps=12 steps=13 "
      "prefer=14 escalations=15 borrow=23 calendars=24 spans=25 status-raises=26 candidates=27 "
      "handlings=28 offers=16 preferred=17 memories=18 units=19 exclusions=20 "
      "requests=21 sources=22 jump=1h\n"
      "at 0s tick\n");
}

TEST(ScenarioRoundTrip, WritesExpressionsAsTheyRead) {
  for (const char* text :
       {"-", "billing:60", "site=kyiv", "site=-", "not(billing:0)", "all()", "any()",
        "all(a:1,any(b:2,not(site=kyiv)),c:100)", "clauses(not)", "clauses(all/2,a:1)",
        "clauses(a:1,site=kyiv)", "clauses(a:101)", "clauses(any/1,not)"}) {
    const auto expression = ExpressionOf(text);
    ASSERT_TRUE(expression) << text;
    EXPECT_EQ(TextOf(*expression), text);
  }
  for (const char* text : {"", "a", "a:x", "a:256", "all(a:1", "all(a:1,)", "not()", "not(a:1,b:2)",
                           "all(a:1)b:2", "clauses()", "clauses(a:1", "some(a:1)"}) {
    EXPECT_FALSE(ExpressionOf(text)) << text;
  }
}

TEST(ScenarioRoundTrip, WritesScoresInBrackets) {
  for (const auto& [text, written] : std::vector<std::pair<std::string, std::string>>{
           {"-", "-"},
           {"3", "3"},
           {"-3", "-3"},
           {"idle", "idle"},
           {"level(x)*10-load", "((level(x)*10)-load)"},
           {"1-2-3", "((1-2)-3)"},
           {"1--2", "(1--2)"},
           {"1-(2-3)", "(1-(2-3))"},
           {"1+2*3/4", "(1+((2*3)/4))"},
           {"(1+2)*3", "((1+2)*3)"},
           {"idle<60==skills", "((idle<60)==skills)"},
           {"min(max(idle,waited),priority)", "min(max(idle,waited),priority)"},
           {"has(site=kyiv)*100", "(has(site=kyiv)*100)"},
           {"steps(+)", "steps(+)"},
           {"steps(level(x),-4,max,==,1)", "steps(level(x),-4,max,==,1)"}}) {
    const auto score = ScoreOf(text);
    ASSERT_TRUE(score) << text;
    EXPECT_EQ(TextOf(*score), written);
    EXPECT_EQ(ScoreOf(written), score);
  }
  for (const char* text : {"", "x", "level()x", "level(x", "1+", "+1", "(1", "1)", "min(1)",
                           "steps()", "steps(1,", "1 2", "has(site)", "99999999999999999999"}) {
    EXPECT_FALSE(ScoreOf(text)) << text;
  }
  const Score least = {Number(std::numeric_limits<std::int64_t>::min())};
  EXPECT_EQ(ScoreOf(TextOf(least)), least);
}

TEST(ScenarioRoundTrip, NamesWhatIsWrong) {
  const auto error = [](const std::string& text) { return ReadScenario("x", text).error; };
  EXPECT_EQ(error("at 0s place i1 on-site=maybe"), "x:1: 'maybe' is not yes or no");
  EXPECT_EQ(error("at 0s agent ana boss"), "x:1: 'boss' is none of may-take, supervisor, bot");
  EXPECT_EQ(error("at 0s agent ana attributes=kyiv"), "x:1: 'kyiv' is not name=value");
  EXPECT_EQ(error("policy p\n step after=1s\n"), "x:2: there is no queue above this 'step'");
  EXPECT_EQ(error("policy p\n queue q who=tall\n"),
            "x:2: 'tall' is not made of skill:level, attribute=value, all(), any() and not()");
  EXPECT_EQ(error("policy p\n queue q score=age\n"),
            "x:2: 'age' is not made of numbers, level(skill), has(attribute=value), skills, load, "
            "idle, priority, waited, + - * / < ==, min(,), max(,) and brackets");
  EXPECT_EQ(error("policy p\n calendar c open=9h-18h\n"), "x:2: '9h-18h' is not from..to");
  EXPECT_EQ(error("policy p\n order newest\n"),
            "x:2: 'newest' is none of default, fifo, priority, due, in_time_first, aged, "
            "agent_level");
}

TEST(ScenarioRoundTrip, AnOfferIsFoundByItsInquiryAndAgent) {
  const auto made = [](std::uint64_t number, const char* inquiry, const char* agent) {
    OfferMade offer;
    offer.offer = OfferId{number};
    offer.inquiry = InquiryId::Of(inquiry);
    offer.agent = AgentName::Of(agent);
    return Decision{Instant(), offer};
  };
  OfferBook offers;
  offers.Note({made(1, "i1", "ana"), made(2, "i1", "bob"), made(3, "i2", "ana")});
  const auto accepted = [&](const std::string& line) {
    const Scenario scenario = ReadScenario("x", line).scenario;
    return std::get<AcceptOffer>(offers.Resolve(scenario.steps.at(0)).body).offer.number;
  };
  EXPECT_EQ(accepted("at 0s accept i1 ana"), 1u);
  EXPECT_EQ(accepted("at 0s accept i1 bob"), 2u);
  EXPECT_EQ(accepted("at 0s accept i1 eva"), 2u);
  EXPECT_EQ(accepted("at 0s accept i2 eva"), 3u);
  EXPECT_EQ(accepted("at 0s accept i3 eva"), 0u);
  EXPECT_EQ(accepted("at 0s accept offer=9 ana"), 9u);
}

}  // namespace
}  // namespace usher::kit
