#include "wire/records.h"

#include <gtest/gtest.h>

#include <variant>

#include "unit/libs/wire/random_records.h"
#include "usher/v1/command.pb.h"
#include "usher/v1/decision.pb.h"
#include "wire/fields.h"

namespace usher::wire {
namespace {

constexpr std::uint64_t kSeed = 20240611;
constexpr int kRounds = 200;

CommandRecord MustDecodeCommand(const std::string& bytes) {
  const auto decoded = DecodeCommand(bytes);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  if (!decoded.ok()) return {};
  EXPECT_TRUE(std::holds_alternative<CommandRecord>(*decoded));
  return std::get<CommandRecord>(*decoded);
}

std::string ProblemOf(const v1::Command& command) {
  const auto decoded = DecodeCommand(command.SerializeAsString());
  return decoded.ok() ? "" : std::string(decoded.status().message());
}

std::string ProblemOf(const v1::Decision& decision) {
  const auto decoded = DecodeDecision(decision.SerializeAsString());
  return decoded.ok() ? "" : std::string(decoded.status().message());
}

v1::Command APlace() {
  v1::Command command;
  command.set_desk("eu");
  command.mutable_place_inquiry()->set_inquiry(std::string(16, 'i'));
  return command;
}

TEST(Records, CommandsOfEveryKindComeBackAsTheyWere) {
  SCOPED_TRACE(kSeed);
  RandomRecords random(kSeed);
  for (std::size_t kind = 0; kind < std::variant_size_v<CommandBody>; ++kind) {
    for (int round = 0; round < kRounds; ++round) {
      const CommandRecord record = random.ACommand(kind);
      ASSERT_EQ(record.command.body.index(), kind);
      const CommandRecord back = MustDecodeCommand(EncodeCommand(record));
      ASSERT_EQ(back.desk, record.desk);
      ASSERT_EQ(back.command, record.command) << "kind " << kind << " round " << round;
      ASSERT_EQ(back.policy_yaml, record.policy_yaml);
    }
  }
}

TEST(Records, DecisionsOfEveryKindComeBackAsTheyWere) {
  SCOPED_TRACE(kSeed);
  RandomRecords random(kSeed);
  for (std::size_t kind = 0; kind < std::variant_size_v<DecisionBody>; ++kind) {
    for (int round = 0; round < kRounds; ++round) {
      const DecisionRecord record = random.ADecision(kind);
      ASSERT_EQ(record.decision.body.index(), kind);
      const auto back = DecodeDecision(EncodeDecision(record));
      ASSERT_TRUE(back.ok()) << "kind " << kind << " round " << round << ": " << back.status();
      ASSERT_EQ(back->stamp, record.stamp);
      ASSERT_EQ(back->previous, record.previous);
      ASSERT_EQ(back->desk, record.desk);
      ASSERT_EQ(back->command_at, record.command_at);
      ASSERT_EQ(back->decision, record.decision) << "kind " << kind << " round " << round;
    }
  }
}

TEST(Records, TheHeaderComesBackAsItWas) {
  const LogHeader header{LogId::Of("a log"), 12};
  const auto decoded = DecodeCommand(EncodeHeader(header));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  ASSERT_TRUE(std::holds_alternative<LogHeader>(*decoded));
  EXPECT_EQ(std::get<LogHeader>(*decoded), header);
}

TEST(Records, WhatIsSaidToThoseWhoApplyCommandsComesBack) {
  const LogicSwitch logic{7};
  EXPECT_EQ(std::get<LogicSwitch>(*DecodeCommand(EncodeControl(logic))), logic);
  const DeskHold hold{DeskName::Of("eu")};
  EXPECT_EQ(std::get<DeskHold>(*DecodeCommand(EncodeControl(hold))), hold);
  const DeskRelease release{DeskName::Of("eu"), {5, 9'000'000'000}};
  EXPECT_EQ(std::get<DeskRelease>(*DecodeCommand(EncodeControl(release))), release);
  EXPECT_FALSE(DecodeCommand(EncodeControl(LogicSwitch{0})).ok());
  EXPECT_FALSE(DecodeCommand(EncodeControl(DeskHold{})).ok());
  EXPECT_FALSE(DecodeCommand(
                   EncodeControl(DeskRelease{DeskName::Of("eu"), std::vector<std::int64_t>(1'001)}))
                   .ok());
}

TEST(Records, TheDigestIsOfTheBodyAlone) {
  RandomRecords random(kSeed);
  CommandRecord one = random.ACommand(1);
  one.command.digest = 0;
  CommandRecord same = one;
  same.desk = DeskName::Of("another");
  same.command.source = {"elsewhere", 3, 9};
  same.command.request = RequestId::Of("r");
  CommandRecord other = one;
  std::get<PlaceInquiry>(other.command.body).inquiry = InquiryId::Of("another");

  const std::uint64_t digest = MustDecodeCommand(EncodeCommand(one)).command.digest;
  EXPECT_NE(digest, 0U);
  EXPECT_EQ(MustDecodeCommand(EncodeCommand(same)).command.digest, digest);
  EXPECT_NE(MustDecodeCommand(EncodeCommand(other)).command.digest, digest);
}

TEST(Records, ARenewalIsMarkedAndHasTheDigestOfItsPolicy) {
  CommandRecord record;
  record.desk = DeskName::Of("shop");
  record.command.body = ApplyPolicy{};
  record.policy_yaml = "a: policy";
  const CommandRecord plain = MustDecodeCommand(EncodeCommand(record));
  EXPECT_FALSE(plain.renewal);
  record.renewal = true;
  const CommandRecord marked = MustDecodeCommand(EncodeCommand(record));
  EXPECT_TRUE(marked.renewal);
  EXPECT_EQ(marked.command.digest, plain.command.digest);
  record.command.body = Tick{};
  EXPECT_TRUE(std::holds_alternative<Tick>(MustDecodeCommand(EncodeCommand(record)).command.body));
}

TEST(Records, NoPrefixOfARecordCrashesTheDecoder) {
  RandomRecords random(kSeed);
  int refused = 0;
  for (std::size_t kind = 0; kind < std::variant_size_v<CommandBody>; ++kind) {
    const std::string bytes = EncodeCommand(random.ACommand(kind));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      refused += DecodeCommand(std::string_view(bytes).substr(0, size)).ok() ? 0 : 1;
    }
  }
  for (std::size_t kind = 0; kind < std::variant_size_v<DecisionBody>; ++kind) {
    const std::string bytes = EncodeDecision(random.ADecision(kind));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      refused += DecodeDecision(std::string_view(bytes).substr(0, size)).ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(Records, FlippedBytesNeverCrashAndWhatDecodesCanBeEncodedAgain) {
  SCOPED_TRACE(kSeed);
  RandomRecords random(kSeed);
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string command =
        EncodeCommand(random.ACommand(random.Below(std::variant_size_v<CommandBody>)));
    std::string decision =
        EncodeDecision(random.ADecision(random.Below(std::variant_size_v<DecisionBody>)));
    for (std::uint64_t i = 0; i <= random.Below(3); ++i) {
      command[random.Below(command.size())] ^= static_cast<char>(1 + random.Below(255));
      decision[random.Below(decision.size())] ^= static_cast<char>(1 + random.Below(255));
    }
    if (const auto decoded = DecodeCommand(command); decoded.ok()) {
      ++accepted;
      if (const auto* record = std::get_if<CommandRecord>(&*decoded)) {
        ASSERT_EQ(MustDecodeCommand(EncodeCommand(*record)).command.body, record->command.body);
      }
    } else {
      ASSERT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
      ++refused;
    }
    if (const auto decoded = DecodeDecision(decision); decoded.ok()) {
      ++accepted;
      const auto again = DecodeDecision(EncodeDecision(*decoded));
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_EQ(again->decision, decoded->decision);
    } else {
      ASSERT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
      ++refused;
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_GT(refused, 0);
}

TEST(Records, AProblemNamesItsField) {
  EXPECT_EQ(ProblemOf(APlace()), "");

  v1::Command command = APlace();
  command.set_desk("");
  EXPECT_EQ(ProblemOf(command), "command.desk: empty");

  command = APlace();
  command.mutable_place_inquiry()->set_inquiry("short");
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.inquiry: an id has 16 bytes");

  command = APlace();
  command.mutable_place_inquiry()->set_inquiry(std::string(16, '\0'));
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.inquiry: an id is not zero");

  command = APlace();
  command.mutable_place_inquiry()->mutable_features()->set_channel(std::string(40, 'c'));
  EXPECT_EQ(ProblemOf(command),
            "command.place_inquiry.features.channel: a name has at most 39 bytes and no control "
            "characters");

  command = APlace();
  command.mutable_place_inquiry()->set_priority(10);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.priority: at most 9");

  command = APlace();
  command.set_request_id("r");
  EXPECT_EQ(ProblemOf(command), "command.request_id: an id has 16 bytes");

  command = APlace();
  command.mutable_source()->set_topic("t");
  command.mutable_source()->set_offset(-1);
  EXPECT_EQ(ProblemOf(command), "command.source.offset: below 0");

  command = APlace();
  command.clear_body();
  EXPECT_EQ(ProblemOf(command), "command.body: none, or one that is not known here");
}

TEST(Records, ListsAndEnumsAreHeldToTheirBounds) {
  v1::Command command;
  command.set_desk("eu");
  command.mutable_register_agent()->set_agent("ana");
  for (int i = 0; i < 64; ++i) command.mutable_register_agent()->add_skills()->set_skill("s");
  EXPECT_EQ(ProblemOf(command), "");
  command.mutable_register_agent()->mutable_skills(3)->set_level(101);
  EXPECT_EQ(ProblemOf(command), "command.register_agent.skills[3].level: at most 100");
  command.mutable_register_agent()->add_skills()->set_skill("s");
  EXPECT_EQ(ProblemOf(command), "command.register_agent.skills: at most 64 entries");

  command.mutable_set_presence()->set_presence(static_cast<v1::Presence>(77));
  EXPECT_EQ(ProblemOf(command), "command.set_presence.presence: an unknown value");
  command.mutable_set_presence()->set_presence(v1::PRESENCE_UNSPECIFIED);
  EXPECT_EQ(ProblemOf(command), "command.set_presence.presence: an unknown value");

  v1::Queue& queue = *command.mutable_apply_policy()->mutable_policy()->add_queues();
  queue.set_wrap_up_us(INT64_MAX);
  EXPECT_EQ(ProblemOf(command),
            "command.apply_policy.policy.queues[0].wrap_up_us: a span of at most 100 years");
}

TEST(Records, WhatAPlacementAsksForIsHeldToItsBounds) {
  v1::Command command = APlace();
  v1::PlaceInquiry& place = *command.mutable_place_inquiry();
  for (int i = 0; i < 8; ++i) place.add_preferred("ana");
  for (int i = 0; i < 16; ++i) place.add_exclude()->set_agent("bob");
  EXPECT_EQ(ProblemOf(command), "");

  place.add_preferred("ana");
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.preferred: at most 8 entries");
  place.mutable_preferred()->RemoveLast();
  *place.mutable_preferred(2) = "an\na";
  EXPECT_EQ(ProblemOf(command),
            "command.place_inquiry.preferred: a name has at most 39 bytes and no control "
            "characters");
  place.clear_preferred();

  place.mutable_exclude(3)->set_length_us(-1);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.exclude[3].length_us: below 0");
  place.mutable_exclude(3)->set_length_us(INT64_MAX);
  EXPECT_EQ(ProblemOf(command),
            "command.place_inquiry.exclude[3].length_us: a span of at most 100 years");
  place.mutable_exclude(3)->set_length_us(0);
  place.add_exclude()->set_agent("bob");
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.exclude: at most 16 entries");
  place.clear_exclude();

  place.set_arrived_us(-1);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.arrived_us: below 0");
  place.set_arrived_us(0);
  place.set_prefer_for_us(-1);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.prefer_for_us: below 0");
  place.set_prefer_for_us(0);
  place.mutable_features()->set_value(-1);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.features.value: below 0");
}

TEST(Records, AnUpdateIsHeldToItsBounds) {
  v1::Command command;
  command.set_desk("eu");
  v1::UpdateInquiry& update = *command.mutable_update_inquiry();
  update.set_inquiry(std::string(16, 'i'));
  EXPECT_EQ(ProblemOf(command), "");
  update.set_priority(10);
  EXPECT_EQ(ProblemOf(command), "command.update_inquiry.priority: at most 9");
  update.set_priority(9);
  update.set_value(-5);
  EXPECT_EQ(ProblemOf(command), "command.update_inquiry.value: below 0");
  update.set_value(0);
  update.set_sentiment(static_cast<v1::Sentiment>(9));
  EXPECT_EQ(ProblemOf(command), "command.update_inquiry.sentiment: an unknown value");
}

TEST(Records, WhatIsAbsentInAnUpdateIsNotAZero) {
  v1::Command command;
  command.set_desk("eu");
  command.mutable_update_inquiry()->set_inquiry(std::string(16, 'i'));
  const auto none =
      std::get<UpdateInquiry>(MustDecodeCommand(command.SerializeAsString()).command.body);
  EXPECT_EQ(none, UpdateInquiry{none.inquiry});
  command.mutable_update_inquiry()->set_priority(0);
  command.mutable_update_inquiry()->set_on_site(false);
  command.mutable_update_inquiry()->set_value(0);
  command.mutable_update_inquiry()->set_sentiment(v1::SENTIMENT_UNSPECIFIED);
  const auto zero =
      std::get<UpdateInquiry>(MustDecodeCommand(command.SerializeAsString()).command.body);
  EXPECT_EQ(zero.priority, 0);
  EXPECT_EQ(zero.on_site, false);
  EXPECT_EQ(zero.value, 0);
  EXPECT_EQ(zero.sentiment, Sentiment::kUnknown);
}

TEST(Records, AnExclusionWithoutLengthIsForEver) {
  v1::Command command = APlace();
  command.mutable_place_inquiry()->add_exclude()->set_agent("bob");
  const auto place =
      std::get<PlaceInquiry>(MustDecodeCommand(command.SerializeAsString()).command.body);
  ASSERT_EQ(place.exclude.size(), 1U);
  EXPECT_EQ(place.exclude[0], (AskedExclusion{AgentName::Of("bob"), kForever}));
  EXPECT_EQ(place.arrived_at, kNever);
}

TEST(Records, APolicyOfBeforeTheNewFieldsMeansWhatItMeant) {
  v1::Command command;
  command.set_desk("eu");
  command.mutable_apply_policy()->mutable_policy()->add_queues()->set_name("billing");
  const Policy policy =
      std::get<ApplyPolicy>(MustDecodeCommand(command.SerializeAsString()).command.body).policy;
  ASSERT_EQ(policy.queues.size(), 1U);
  Queue expected;
  expected.name = QueueName::Of("billing");
  expected.offer_window = Duration(0);  // said by every writer
  EXPECT_EQ(policy.queues[0], expected);
  EXPECT_EQ(policy.order, Order::kDefault);
  EXPECT_EQ(policy.pace, Pace());
  EXPECT_EQ(policy.sticky, Sticky());
}

TEST(Records, TheOneWarningOfAnOlderPolicyIsTheOnlyOne) {
  v1::Command command;
  command.set_desk("eu");
  v1::SlaClass& sla = *command.mutable_apply_policy()->mutable_policy()->add_sla_classes();
  const auto warnings = [&] {
    return std::get<ApplyPolicy>(MustDecodeCommand(command.SerializeAsString()).command.body)
        .policy.sla_classes.at(0)
        .warn_permilles;
  };
  EXPECT_EQ(warnings(), std::vector<std::uint16_t>{});
  sla.set_warn_permille(800);
  EXPECT_EQ(warnings(), std::vector<std::uint16_t>{800});
  sla.add_warn_permilles(500);
  EXPECT_EQ(warnings(), std::vector<std::uint16_t>{500});
}

TEST(Records, AYearOfHoursIsAFewKilobytes) {
  CommandRecord record;
  record.desk = DeskName::Of("eu");
  Calendar calendar;
  Instant opens = FromMicros(1'790'000'000'000'000);
  for (int day = 0; day < 365; ++day, opens += 24h) calendar.open.push_back({opens, opens + 9h});
  ApplyPolicy apply;
  apply.policy.calendars.push_back(calendar);
  record.command.body = apply;
  const std::string bytes = EncodeCommand(record);
  EXPECT_LT(bytes.size(), 6U * 1024);
  EXPECT_EQ(MustDecodeCommand(bytes).command.body, record.command.body);
}

TEST(Records, TimesThatACommandAsksForLieWithinALifetime) {
  v1::Command command = APlace();
  command.mutable_place_inquiry()->set_starts_us(ToMicros(kMomentMax) + 1);
  EXPECT_EQ(ProblemOf(command), "command.place_inquiry.starts_us: a time between 1970 and 2070");
  command.mutable_schedule_inquiry()->set_inquiry(std::string(16, 'i'));
  EXPECT_EQ(ProblemOf(command), "");
  command.mutable_schedule_inquiry()->set_at_us(-1);
  EXPECT_EQ(ProblemOf(command), "command.schedule_inquiry.at_us: a time between 1970 and 2070");
}

TEST(Records, PartsOfAPolicyAreHeldToTheirBounds) {
  v1::Command command;
  command.set_desk("eu");
  v1::Policy& policy = *command.mutable_apply_policy()->mutable_policy();
  v1::Queue& queue = *policy.add_queues();
  const auto problem = [&] {
    const std::string text = ProblemOf(command);
    const std::string front = "command.apply_policy.policy.";
    return text.rfind(front, 0) == 0 ? text.substr(front.size()) : text;
  };
  EXPECT_EQ(problem(), "");
  for (int i = 0; i < 65; ++i) queue.add_who()->set_op(v1::CLAUSE_OP_ALL);
  EXPECT_EQ(problem(), "queues[0].who: at most 64 entries");
  queue.clear_who();
  queue.add_steps()->add_who()->set_op(v1::CLAUSE_OP_UNSPECIFIED);
  EXPECT_EQ(problem(), "queues[0].steps[0].who[0].op: an unknown value");
  queue.mutable_steps(0)->mutable_who(0)->set_op(v1::CLAUSE_OP_ANY);
  queue.mutable_steps(0)->mutable_who(0)->set_count(65'536);
  EXPECT_EQ(problem(), "queues[0].steps[0].who[0].count: at most 65535");
  queue.clear_steps();
  for (int i = 0; i < 17; ++i) queue.add_prefer();
  EXPECT_EQ(problem(), "queues[0].prefer: at most 16 entries");
  queue.clear_prefer();
  queue.add_prefer()->add_clauses()->set_op(v1::CLAUSE_OP_SKILL);
  queue.mutable_prefer(0)->mutable_clauses(0)->set_level(101);
  EXPECT_EQ(problem(), "queues[0].prefer[0].clauses[0].level: at most 100");
  queue.clear_prefer();
  queue.add_score()->set_op(v1::SCORE_OP_ATTRIBUTE);
  queue.mutable_score(0)->mutable_attribute()->set_value(std::string(40, 'v'));
  EXPECT_EQ(problem(),
            "queues[0].score[0].attribute.value: a name has at most 39 bytes and no control "
            "characters");
  queue.clear_score();
  queue.set_offer_to(17);
  EXPECT_EQ(problem(), "queues[0].offer_to: at most 16");
  queue.set_offer_to(16);
  queue.set_rank(10);
  EXPECT_EQ(problem(), "queues[0].rank: at most 9");
  queue.set_rank(9);
  queue.set_when_full(static_cast<v1::Refuge>(9));
  EXPECT_EQ(problem(), "queues[0].when_full: an unknown value");
  queue.set_when_full(v1::REFUGE_DIVERT);
  queue.add_escalations()->set_priority(10);
  EXPECT_EQ(problem(), "queues[0].escalations[0].priority: at most 9");
  queue.clear_escalations();
  policy.add_then(v1::SORT_FIELD_UNSPECIFIED);
  EXPECT_EQ(problem(), "then: an unknown value");
  policy.clear_then();
  policy.mutable_sticky()->set_repeat_raise(10);
  EXPECT_EQ(problem(), "sticky.repeat_raise: at most 9");
  policy.clear_sticky();
  v1::Calendar& calendar = *policy.add_calendars();
  calendar.add_open_us(5);
  EXPECT_EQ(problem(), "calendars[0].open_us: a span without its end");
  calendar.add_open_us(-6);
  EXPECT_EQ(problem(), "calendars[0].open_us: before 1970");
  for (int i = 0; i < 16'383; ++i) calendar.add_open_us(1);
  EXPECT_EQ(problem(), "calendars[0].open_us: at most 16384 entries");
  policy.clear_calendars();
  for (int i = 0; i < 5; ++i) policy.mutable_sla_classes()->Add();
  for (int i = 0; i < 5; ++i) policy.mutable_sla_classes(2)->add_warn_permilles(1);
  EXPECT_EQ(problem(), "sla_classes[2].warn_permilles: at most 4 entries");
  policy.clear_sla_classes();
  for (int i = 0; i < 9; ++i) queue.add_borrow();
  EXPECT_EQ(problem(), "queues[0].borrow: at most 8 entries");
  queue.clear_borrow();
  queue.mutable_forecast()->set_priority(10);
  EXPECT_EQ(problem(), "queues[0].forecast.priority: at most 9");
  queue.clear_forecast();
  policy.add_status_raises()->set_raise(10);
  EXPECT_EQ(problem(), "status_raises[0].raise: at most 9");
  policy.clear_status_raises();
  policy.mutable_pace()->set_window_us(INT64_MIN);
  EXPECT_EQ(problem(), "pace.window_us: a span of at most 100 years");
}

TEST(Records, AReasonNotGivenIsTakenAsOther) {
  v1::Command command;
  command.set_desk("eu");
  command.mutable_cancel_inquiry()->set_inquiry(std::string(16, 'i'));
  const CommandRecord cancel = MustDecodeCommand(command.SerializeAsString());
  EXPECT_EQ(std::get<CancelInquiry>(cancel.command.body).reason, CancelReason::kOther);
  command.mutable_decline_offer()->set_offer(7);
  const CommandRecord decline = MustDecodeCommand(command.SerializeAsString());
  EXPECT_EQ(std::get<DeclineOffer>(decline.command.body).reason, DeclineReason::kOther);
}

TEST(Records, ADecisionWithoutItsStampOrReasonIsRefused) {
  v1::Decision decision;
  decision.set_desk("eu");
  decision.mutable_command_repeated()->set_reason(v1::REPEAT_REASON_SOURCE);
  EXPECT_EQ(ProblemOf(decision), "decision.stamp.log_id: an id has 16 bytes");
  decision.mutable_stamp()->set_log_id(std::string(16, 'l'));
  EXPECT_EQ(ProblemOf(decision), "");
  decision.mutable_command_repeated()->set_reason(v1::REPEAT_REASON_UNSPECIFIED);
  EXPECT_EQ(ProblemOf(decision), "decision.command_repeated.reason: no reason, or an unknown one");
}

TEST(Records, ALaterHeaderWithoutPartitionsIsRefused) {
  v1::Command command;
  command.mutable_header()->set_log_id(std::string(16, 'l'));
  EXPECT_EQ(ProblemOf(command), "command.header.partitions: at least 1");
}

}  // namespace
}  // namespace usher::wire
