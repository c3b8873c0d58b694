// What a policy says of the whole desk, and what its routes match and ask.
#include "policy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Rules, TakeEveryKey) {
  const Policy made = Made(With(
      "order: aged\nthen: [value, on_site, repeat]\nage_credit: 2m\nurgent: 0s\nnear: 1h\ncrowd: "
      "0\nstarve_after: 1h\n"
      "pace: {most: 3, window: 1m, start_most: 1, start: 5m}\n"
      "sticky: {last_agent: 2160h, linked: true, wait: 30s, repeat: {window: 72h, raise: 2}}\n"));
  EXPECT_EQ(made.order, Order::kAged);
  EXPECT_THAT(made.then, ElementsAre(SortField::kValue, SortField::kOnSite, SortField::kRepeat));
  EXPECT_EQ(made.age_credit, Duration(2min));
  EXPECT_EQ(made.urgent, Duration(0s));
  EXPECT_EQ(made.near, Duration(1h));
  EXPECT_EQ(made.crowd, 0u);
  EXPECT_EQ(made.starve_after, Duration(1h));
  EXPECT_EQ(made.pace, (Pace{3, 1min, 1, 5min}));
  EXPECT_EQ(made.sticky, (Sticky{2160h, true, 30s, 72h, 2}));
  EXPECT_EQ(Made(With("then: on_site\n")).then, std::vector{SortField::kOnSite});
}

TEST(Rules, SayWhatBecomesOfTheOldAndOfOrders) {
  const Policy made = Made(With("reopen: 2160h\norder_raises: {late: 1, lost: 3}\n"));
  EXPECT_EQ(made.reopen, Duration(2160h));
  EXPECT_EQ(made.status_raises, (std::vector<StatusRaise>{{OrderStatusName::Of("late"), 1},
                                                          {OrderStatusName::Of("lost"), 3}}));
  const Policy routed =
      Made(With("routes: [{name: a, match: {order_status: [late, lost]}, queue: q1}]\n"));
  EXPECT_THAT(routed.routes[0].order_statuses,
              ElementsAre(OrderStatusName::Of("late"), OrderStatusName::Of("lost")));
}

TEST(Rules, SayWhatFurtherMessagesDo) {
  EXPECT_EQ(Made(With("")).follow_ups, FollowUps());
  EXPECT_EQ(Made(With("follow_ups: {unanswered: 3, raise: 2, angry_raise: 1}\n")).follow_ups,
            (FollowUps{3, 2, 1}));
  EXPECT_EQ(Made(With("follow_ups: {angry_raise: 9}\n")).follow_ups, (FollowUps{0, 0, 9}));
  EXPECT_EQ(Made(With("follow_ups: {unanswered: 15, raise: 9}\n")).follow_ups,
            (FollowUps{15, 9, 0}));
}

TEST(Rules, SayWhichEndedInquiriesAreWantedForReview) {
  EXPECT_EQ(Made(With("")).quality, Quality());
  const Quality all = Made(With("quality: {criteria: [tone, solution], share: 2.5%, angry: 25%, "
                                "repeats: 20%, new_agents: {share: 50%, first: 30}, keep: 48h}\n"))
                          .quality;
  EXPECT_EQ(
      all,
      (Quality{
          {CriterionName::Of("tone"), CriterionName::Of("solution")}, 25, 250, 200, 500, 30, 48h}));
  EXPECT_EQ(Made(With("quality: {share: 3%}\n")).quality.keep, Duration(336h));
}

TEST(Rules, NeedNotWaitForThoseAskedFirst) {
  const Sticky made = Made(With("sticky: {last_agent: 72h, linked: true}\n")).sticky;
  EXPECT_EQ(made, (Sticky{72h, true, 0s, 0s, 0}));
}

TEST(Rules, KeepPendingUnitsByChannel) {
  EXPECT_TRUE(Made("version: 1\nchannels: {chat: {pending_holds: true}}\nqueues: [{name: q}]\n"
                   "otherwise: {queue: q}\n")
                  .channels[0]
                  .pending_holds);
}

TEST(Rules, HaveFourTargetsAndFourWarnings) {
  const Policy made = Made(
      "version: 1\nchannels: {chat: {}}\nqueues: [{name: q}]\notherwise: {queue: q}\n"
      "sla:\n  all: {first_response: 1m, next_response: 5m, resolution: 8h, update: 1h, "
      "warn: [25%, 50%, 75%, 100%]}\n  one: {update: 1h, warn: 90%}\n"
      "  none: {resolution: 1h, warn: 0%}\n  built-in: {next_response: 1h}\n");
  const SlaClass& all = made.sla_classes[0];
  EXPECT_EQ(all.first_response, Duration(1min));
  EXPECT_EQ(all.next_response, Duration(5min));
  EXPECT_EQ(all.resolution, Duration(8h));
  EXPECT_EQ(all.update, Duration(1h));
  EXPECT_THAT(all.warn_permilles, ElementsAre(250, 500, 750, 1000));
  EXPECT_THAT(made.sla_classes[1].warn_permilles, ElementsAre(900));
  EXPECT_THAT(made.sla_classes[2].warn_permilles, IsEmpty());
  EXPECT_THAT(made.sla_classes[3].warn_permilles, ElementsAre(750));
}

TEST(Rules, KnowEveryOrder) {
  const char* kOrders[] = {"default",       "fifo", "priority",   "due",
                           "in_time_first", "aged", "agent_level"};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(Made(With("order: " + std::string(kOrders[i]) + "\n")).order, static_cast<Order>(i));
  }
}

TEST(Rules, HaveAGraceForEachChannel) {
  const Policy made = Made(
      "version: 1\nchannels: {chat: {grace: 2m}, email: {}}\nqueues: [{name: q}]\n"
      "otherwise: {queue: q}\n");
  EXPECT_EQ(made.channels[0].grace, Duration(2min));
  EXPECT_EQ(made.channels[1].grace, std::nullopt);
}

struct Wrong {
  const char* yaml;
  int column;
  const char* message;
};

TEST(Rules, AreRefusedAtTheirPlace) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"order: aging", 8, "default, fifo, priority, due, in_time_first, aged, agent_level"},
           {"order: [aged]", 8, "order is a list; it must be one of"},
           {"then: [value, value]", 15, "'value' is in this list twice"},
           {"then: worth", 7, "it must be one of value, on_site, repeat"},
           {"then: [repeat]", 8, "nothing is a repeat without sticky"},
           {"urgent: 11m", 9, "urgent is 11m and near is 10m; what is urgent must be near, too"},
           {"near: 30s", 7, "urgent is 1m and near is 30s; what is urgent must be near, too"},
           {"crowd: some", 8, "crowd is 'some'; it must be a whole number from 0"},
           {"age_credit: 0s", 13, "from 1ms to 744h"},
           {"starve_after: 5", 15, "it must be a duration"},
           {"pace: {most: 3}", 7, "pace needs the key 'window'"},
           {"pace: {window: 1m}", 7, "pace needs the key 'most'"},
           {"pace: {most: 0, window: 1m}", 14, "from 1 to 1000000"},
           {"pace: {most: 3, window: 0s}", 25, "from 1ms to 744h"},
           {"pace: {most: 3, window: 1m, start_most: 4, start: 5m}", 41,
            "start_most is above most"},
           {"pace: {most: 3, window: 1m, start_most: 1}", 41, "needs the key 'start' beside it"},
           {"pace: {most: 3, window: 1m, start: 5m}", 36, "needs the key 'start_most' beside it"},
           {"sticky: {linked: yes}", 18, "linked is 'yes'; it must be true or false"},
           {"sticky: {last_agent: 2161h, wait: 1s}", 22, "from 1ms to 2160h"},
           {"sticky: {wait: 2160h}", 16, "from 0s to 744h"},
           {"sticky: {repeat: {raise: 2}}", 18, "needs the key 'window'"},
           {"sticky: {repeat: {window: 72h, raise: 0}}", 39, "from 1 to 9"},
           {"sticky: {repeat: 72h}", 18, "repeat is '72h'; it must be a map"},
           {"reopen: 2161h", 9, "from 1ms to 2160h"},
           {"order_raises: {}", 15, "order_raises is a map; it must be a map such as"},
           {"order_raises: {lates: 1}", 16, "refunded, cancelled; is 'late' meant?"},
           {"order_raises: {late: 10}", 22, "from 1 to 9"},
           {"routes: [{name: a, match: {order_status: gone}, queue: q1}]", 42,
            "no status of an order 'gone'; "},
           {"calendars: [office]", 12, "calendars is a list; it must be a map"},
           {"angry: {}", 8, "angry needs the key 'needs' or 'raise'"},
           {"angry: {needs: {clm: 60}}", 17, "no skill 'clm'; is 'calm' meant?"},
           {"angry: {raise: 10}", 16, "from 1 to 9"},
           {"follow_ups: {}", 13, "follow_ups needs the key 'unanswered' or 'angry_raise'"},
           {"follow_ups: {unanswered: 3}", 26, "unanswered needs the key 'raise' beside it"},
           {"follow_ups: {raise: 3}", 21, "raise needs the key 'unanswered' beside it"},
           {"follow_ups: {unanswered: 1, raise: 1}", 26, "from 2 to 15"},
           {"follow_ups: {unanswered: 16, raise: 1}", 26, "from 2 to 15"},
           {"follow_ups: {angry_raise: 10}", 27, "from 1 to 9"},
           {"follow_ups: 3", 13, "follow_ups is"},
           {"quality: {criteria: [tone, tone]}", 28, "'tone' is in this list twice"},
           {"quality: {share: 3}", 18, "a share from 0% to 100%"},
           {"quality: {new_agents: {share: 3%}}", 23, "new_agents needs the key 'first'"},
           {"quality: {new_agents: {share: 3%, first: 1001}}", 42, "from 1 to 1000"},
           {"quality: {keep: 2161h}", 17, "from 1ms to 2160h"},
           {"quality: {angri: 3%}", 11, "is 'angry' meant?"},
           {"quality: 3%", 10, "quality is"},
           {"automatic: {do: bounce}", 17, "drop, take"},
           {"automatic: {flood: {messages: 3}}", 20, "window"},
           {"automatic: {same_text: {messages: 0, window: 1m}}", 35, "from 1 to 1000000"},
           {"automatic: 3", 12, "automatic is"},
           {"attributes: [team]", 13, "attributes is a list; it must be a map"},
           {"attributes: {team: day}", 20, "attribute team is 'day'; it must be a list"},
           {"attributes: {team: [day, day]}", 26, "the value of team 'day' is there twice"},
           {"attributes: {calm: [very]}", 14, "the attribute 'calm' has the name of a skill"},
           {"routes: [{name: a, match: {on_site: maybe}, queue: q1}]", 37, "must be true or false"},
           {"routes: [{name: a, match: {repeat: true}, queue: q1}]", 36, "nothing is a repeat"},
           {"routes: [{name: a, match: {value: 100}, queue: q1}]", 35,
            "value is '100'; it must be"},
           {"routes: [{name: a, match: {value: {}}, queue: q1}]", 35, "needs the key 'min'"},
           {"routes: [{name: a, match: {value: {min: 0}}, queue: q1}]", 41,
            "from 1 to 1000000000000000"},
           {"routes: [{name: a, match: {tier: vip}, queue: q1, needs: {clm: 5}}]", 59,
            "no skill 'clm'"},
       }) {
    const auto told = Told(With(wrong.yaml + std::string("\n")));
    ASSERT_EQ(told.size(), 1u) << wrong.yaml << ::testing::PrintToString(told);
    EXPECT_THAT(told[0], HasSubstr(wrong.message)) << wrong.yaml;
    EXPECT_TRUE(told[0].starts_with(At(1, wrong.column))) << wrong.yaml << "\n" << told[0];
  }
}

TEST(Routes, MatchWhatIsKnownOfTheMoment) {
  const Policy made = Made(With(
      "sticky: {repeat: {window: 1h}}\nroutes:\n"
      "  - {name: a, match: {on_site: true, value: {min: 5000}}, queue: q1, needs: {calm: 5}}\n"
      "  - {name: b, match: {repeat: false, on_site: false}, queue: q2}\n"));
  EXPECT_EQ(made.routes[0].on_site, true);
  EXPECT_EQ(made.routes[0].repeat, std::nullopt);
  EXPECT_EQ(made.routes[0].value_min, 5000);
  EXPECT_EQ(made.routes[0].needs, (std::vector<Need>{{SkillName::Of("calm"), 5}}));
  EXPECT_EQ(made.routes[1].on_site, false);
  EXPECT_EQ(made.routes[1].repeat, false);
  EXPECT_EQ(made.routes[1].value_min, 0);
  EXPECT_THAT(made.routes[1].needs, IsEmpty());
}

TEST(Routes, InheritWhatTheyLeaveOut) {
  const Policy made = Made(
      With("routes:\n  - name: a\n    match: {on_site: true, value: {min: 10}}\n    queue: q1\n"
           "    needs: {calm: 5}\n    routes:\n"
           "      - {name: b, match: {tier: vip, value: {min: 20}}}\n"
           "      - {name: c, match: {topic: refund}, needs: {}}\n"));
  EXPECT_EQ(made.routes[0].on_site, true);
  EXPECT_EQ(made.routes[0].value_min, 20);
  EXPECT_EQ(made.routes[0].needs, (std::vector<Need>{{SkillName::Of("calm"), 5}}));
  EXPECT_EQ(made.routes[1].value_min, 10);
  EXPECT_THAT(made.routes[1].needs, IsEmpty());
}

TEST(Routes, ThatNothingComesToAreTold) {
  EXPECT_THAT(
      Told(With("routes:\n  - name: a\n    match: {on_site: true, value: {min: 10}}\n"
                "    queue: q1\n    routes:\n"
                "      - {name: b, match: {on_site: false}, queue: q2}\n"
                "      - {name: c, match: {value: {min: 5}, tier: vip}, queue: q2}\n")),
      ElementsAre(
          At(6, 36) + "on_site 'false' never comes here: the route 'a' above takes only true",
          At(7, 40) + "a value below 10 never comes here: the route 'a' above takes none"));
}

TEST(Routes, BehindWiderOnesAreTold) {
  struct Pair {
    const char* earlier;
    const char* later;
    bool reached;
  };
  for (const Pair& pair : std::initializer_list<Pair>{
           {"on_site: true", "on_site: true, tier: vip", false},
           {"on_site: true", "on_site: false", true},
           {"on_site: true", "tier: vip", true},
           {"tier: vip", "tier: vip, on_site: true", false},
           {"order_status: [late, lost]", "order_status: lost, tier: vip", false},
           {"order_status: late", "order_status: lost", true},
           {"order_status: late", "tier: vip", true},
           {"repeat: true", "repeat: true, topic: refund", false},
           {"repeat: false", "repeat: true", true},
           {"value: {min: 10}", "value: {min: 20}", false},
           {"value: {min: 10}", "value: {min: 10}", false},
           {"value: {min: 20}", "value: {min: 10}", true},
           {"value: {min: 20}", "on_site: true", true},
       }) {
    const auto told =
        Told(With("sticky: {repeat: {window: 1h}}\nroutes:\n  - {name: a, match: {" +
                  std::string(pair.earlier) + "}, queue: q1}\n  - {name: b, match: {" + pair.later +
                  "}, queue: q2}\n"));
    if (pair.reached) {
      EXPECT_THAT(told, IsEmpty()) << pair.earlier << " / " << pair.later;
    } else {
      EXPECT_THAT(told, ElementsAre(HasSubstr("the route 'b' is never reached: 'a'")))
          << pair.earlier << " / " << pair.later;
    }
  }
}

// "name queue priority needs sentiments"
std::vector<std::string> Routes(const Policy& policy) {
  std::vector<std::string> lines;
  for (const Route& route : policy.routes) {
    std::string line = route.name.ToString() + " " + std::to_string(route.priority);
    for (const Need& need : route.needs) {
      line += " " + need.skill.ToString() + std::to_string(need.level);
    }
    for (const Sentiment sentiment : route.sentiments) {
      line += sentiment == Sentiment::kNegative  ? " -"
              : sentiment == Sentiment::kNeutral ? " 0"
                                                 : " +";
    }
    lines.push_back(line);
  }
  return lines;
}

TEST(Angry, IsRaisedBeforeEachRouteThatTakesTheAngry) {
  const Policy made = Made(With(
      "angry: {needs: {calm: 60}, raise: 2}\nroutes:\n"
      "  - {name: all, match: {topic: refund}, queue: q1, priority: 8, needs: {calm: 20, ru: 5}}\n"
      "  - {name: bad, match: {sentiment: negative}, queue: q1, priority: 4, needs: {calm: 90}}\n"
      "  - {name: good, match: {sentiment: positive}, queue: q1}\n"
      "  - {name: both, match: {sentiment: [neutral, negative]}, queue: q1}\n"));
  EXPECT_THAT(Routes(made),
              ElementsAre("all 9 calm20 ru5 -", "all 8 calm20 ru5", "bad 6 calm90 -", "good 5 +",
                          "both 7 -", "both 5 0", "otherwise 7 -", "otherwise 5"));
  EXPECT_EQ(made.angry_needs, (std::vector<Need>{{SkillName::Of("calm"), 60}}));
}

TEST(Angry, MayOnlyRaise) {
  const Policy made = Made(With("angry: {raise: 1}\n"));
  EXPECT_THAT(Routes(made), ElementsAre("otherwise 6 -", "otherwise 5"));
  EXPECT_THAT(made.angry_needs, IsEmpty());
}

TEST(Angry, MayOnlyNeed) {
  const Policy made = Made(With("angry: {needs: {calm: 60, ru: 10}}\n"));
  EXPECT_THAT(Routes(made), ElementsAre("otherwise 5"));
  EXPECT_EQ(made.angry_needs.size(), 2u);
}

}  // namespace
}  // namespace usher::policy
