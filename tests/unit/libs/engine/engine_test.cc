// Time, repeats, and the order of what happens in one Apply().
#include "engine/engine.h"

#include <limits>

#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

Command From(std::int64_t offset, std::string_view topic = "usher.messages",
             std::int32_t partition = 0) {
  static std::uint64_t number = 1'000;
  Command command{.body = Shop::Message(++number)};
  command.source = {std::string(topic), partition, offset};
  return command;
}

bool IsRepeat(const DecisionList& decisions, RepeatReason reason) {
  const std::vector<CommandRepeated> repeated = All<CommandRepeated>(decisions);
  return decisions.size() == 1 && repeated.size() == 1 && repeated[0].reason == reason;
}

TEST(Time, NeverGoesBack) {
  Shop shop;
  shop.At(10s).Place(1);
  const DecisionList decisions = shop.At(5s).Place(2);
  EXPECT_EQ(decisions[0].at, kOpening + 10s);
  EXPECT_EQ(shop.engine().now(), kOpening + 10s);
  EXPECT_EQ(shop.Inquiry(2).placed_at, kOpening + 10s);
}

TEST(Time, TheFirstCommandMayLieAnywhere) {
  Engine engine((Limits()));
  DecisionList decisions;
  engine.Apply({.at = kOpening, .body = Tick{}}, decisions);
  EXPECT_TRUE(decisions.empty());
  EXPECT_EQ(engine.now(), kOpening);
}

TEST(Time, AJumpTooFarIsCappedAndToldBeforeAnyTimerFires) {
  Limits limits;
  limits.jump_max = 200s;
  Shop shop(SmallPolicy(), limits);
  shop.Place(1);
  const DecisionList decisions = shop.At(1000s).Do(Tick{});
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_EQ(decisions[0].at, kOpening + 200s);
  EXPECT_EQ(Only<ClockCapped>(decisions).asked, kOpening + 1000s);
  EXPECT_EQ(decisions[1].at, kOpening + 75s);
  EXPECT_EQ(decisions[2].at, kOpening + 100s);
  EXPECT_EQ(shop.engine().now(), kOpening + 200s);
  EXPECT_EQ(All<ClockCapped>(shop.At(400s).Do(Tick{})).size(), 0U);  // just as far as it may
}

TEST(Time, TheEndOfTimeIsSurvived) {
  Engine engine((Limits()));
  DecisionList decisions;
  for (const CommandBody& body : {CommandBody(ApplyPolicy{SmallPolicy()}),
                                  CommandBody(RegisterAgent{A("ana"), {Skill("billing", 80)}}),
                                  CommandBody(SetPresence{A("ana"), Presence::kAvailable}),
                                  CommandBody(Shop::Message(1)), CommandBody(Tick{})}) {
    engine.Apply({.at = kNever, .body = body}, decisions);
  }
  EXPECT_EQ(Offers(decisions), "1->ana");
  EXPECT_TRUE(All<OfferExpired>(decisions).empty());
  EXPECT_EQ(engine.next_timer(), kNever);
}

TEST(Timers, FireAtTheirOwnTimesInOrderBeforeTheCommand) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  const DecisionList decisions = shop.At(110s).Place(2);
  using Seen = std::vector<std::pair<Instant, std::size_t>>;
  Seen seen;
  for (const Decision& decision : decisions) seen.emplace_back(decision.at, decision.body.index());
  const auto kind = [](const DecisionBody& body) { return body.index(); };
  // The exclusion of the first miss ends at 80s. The breach was set before the second offer's
  // expiry.
  EXPECT_EQ(seen, (Seen{{kOpening + 20s, kind(OfferExpired{})},
                        {kOpening + 75s, kind(SlaWarned{})},
                        {kOpening + 80s, kind(OfferMade{})},
                        {kOpening + 100s, kind(SlaBreached{})},
                        {kOpening + 100s, kind(OfferExpired{})},
                        {kOpening + 110s, kind(InquiryPlaced{})},
                        {kOpening + 110s, kind(OfferMade{})}}));
}

TEST(Timers, AmongEqualsTheOneSetFirstFiresFirst) {
  Policy policy = SmallPolicy();
  policy.queues[0].offer_window = 100s;  // as long as the target
  Shop shop(policy);
  shop.Join("ana");
  shop.Place(1);
  const DecisionList decisions = shop.At(100s).Do(Tick{});
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<SlaWarned>(decisions[0].body));
  EXPECT_TRUE(std::holds_alternative<SlaBreached>(decisions[1].body));  // set before the offer was
  EXPECT_TRUE(std::holds_alternative<OfferExpired>(decisions[2].body));
}

TEST(Timers, OnesSetOnTheWayTakePart) {
  Shop shop;
  shop.Join("ana");
  shop.Join("bo");
  shop.Place(1);
  const DecisionList decisions = shop.At(40s).Do(Tick{});
  const std::vector<OfferExpired> expired = All<OfferExpired>(decisions);
  ASSERT_EQ(expired.size(), 2U);
  EXPECT_EQ(expired[0].agent, A("ana"));
  EXPECT_EQ(expired[1].agent, A("bo"));
  EXPECT_EQ(decisions.back().at, kOpening + 40s);
}

TEST(Timers, NextTimerIsTheEarliest) {
  Shop shop;
  EXPECT_EQ(shop.engine().next_timer(), kNever);
  shop.Place(1);
  EXPECT_EQ(shop.engine().next_timer(), kOpening + 75s);
  shop.Join("ana");
  EXPECT_EQ(shop.engine().next_timer(), kOpening + 20s);
}

TEST(Clock, WarnsThenBreaches) {
  Shop shop;
  shop.Place(1);
  DecisionList decisions = shop.At(75s).Do(Tick{});
  EXPECT_EQ(Only<SlaWarned>(decisions),
            (SlaWarned{I(1), Target::kFirstResponse, kOpening + 100s, 750}));
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kWarned);
  decisions = shop.At(100s).Do(Tick{});
  EXPECT_EQ(Only<SlaBreached>(decisions),
            (SlaBreached{I(1), Target::kFirstResponse, kOpening + 100s}));
  EXPECT_EQ(ClockOfFirst(shop.Inquiry(1)), ClockState::kBreached);
  EXPECT_EQ(shop.engine().next_timer(), kNever);
}

TEST(Clock, RunsOnWhileOfferedAndAssigned) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  shop.Accept(1, "ana");
  EXPECT_EQ(All<SlaBreached>(shop.At(100s).Do(Tick{})).size(), 1U);
}

TEST(Source, AnOffsetSeenIsARepeatAndChangesNothing) {
  Shop shop;
  shop.Send(From(5));
  const DeskState before = shop.engine().Save();
  EXPECT_TRUE(IsRepeat(shop.Send(From(5)), RepeatReason::kSource));
  DeskState after = shop.engine().Save();
  EXPECT_EQ(after.commands, before.commands + 1);  // it was applied, to no effect
  after.commands = before.commands;
  EXPECT_EQ(after, before);
}

TEST(Source, AHoleCanStillBeFilledOnce) {
  Shop shop;
  shop.Send(From(5));
  shop.Send(From(9));
  EXPECT_FALSE(IsRepeat(shop.Send(From(7)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(7)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(5)), RepeatReason::kSource));
  EXPECT_FALSE(IsRepeat(shop.Send(From(8)), RepeatReason::kSource));
}

TEST(Source, BelowTheWindowEverythingCountsAsSeen) {
  Shop shop;
  shop.Send(From(10'000));
  EXPECT_FALSE(IsRepeat(shop.Send(From(10'000 - kSourceWindow + 1)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(10'000 - kSourceWindow)), RepeatReason::kSource));
}

TEST(Source, ALeapOverTheWholeWindowForgetsTheBits) {
  Shop shop;
  shop.Send(From(0));
  shop.Send(From(kSourceWindow));  // offset 0 falls out
  EXPECT_FALSE(IsRepeat(shop.Send(From(1)), RepeatReason::kSource));
  shop.Send(From(3 * kSourceWindow));
  EXPECT_FALSE(IsRepeat(shop.Send(From(3 * kSourceWindow - 1)), RepeatReason::kSource));
  EXPECT_FALSE(IsRepeat(shop.Send(From(2 * kSourceWindow + 1)), RepeatReason::kSource));
}

TEST(Source, TheWindowOfTheStateCountsDownFromTheHighest) {
  Shop shop;
  for (const std::int64_t offset : {100, 103, 170}) shop.Send(From(offset));
  const SourceState source = shop.engine().Save().sources.at(0);
  EXPECT_EQ(source.highest, 170);
  EXPECT_EQ(source.seen[0], 1U);
  EXPECT_EQ(source.seen[1], (std::uint64_t{1} << (67 - 64)) | (std::uint64_t{1} << (70 - 64)));
}

TEST(Source, OffsetsAtBothEndsOfTheNumbersAreTold) {
  Shop shop;
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(IsRepeat(shop.Send(From(kLeast)), RepeatReason::kSource));
  EXPECT_FALSE(IsRepeat(shop.Send(From(kMost)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(kLeast)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(kMost)), RepeatReason::kSource));
  EXPECT_FALSE(IsRepeat(shop.Send(From(kMost - 1)), RepeatReason::kSource));
}

TEST(Source, TopicsAndPartitionsHaveWindowsOfTheirOwnInOrder) {
  Shop shop;
  shop.Send(From(5, "b", 1));
  shop.Send(From(5, "a", 2));
  EXPECT_FALSE(IsRepeat(shop.Send(From(5, "b", 0)), RepeatReason::kSource));
  EXPECT_TRUE(IsRepeat(shop.Send(From(5, "b", 1)), RepeatReason::kSource));
  const std::vector<SourceState> sources = shop.engine().Save().sources;
  ASSERT_EQ(sources.size(), 3U);
  EXPECT_EQ(sources[0].topic, "a");
  EXPECT_EQ(sources[1].partition, 0);
  EXPECT_EQ(sources[2].partition, 1);
}

TEST(Source, RefusesMoreSourcesThanTheDeskMayHave) {
  Limits limits;
  limits.sources_max = 1;
  Shop shop(SmallPolicy(), limits);
  shop.Send(From(1, "a"));
  Command command = From(1, "b");
  const DecisionList decisions = shop.Send(command);
  ExpectRejected(decisions, RejectReason::kTooManySources);
  EXPECT_EQ(Only<CommandRejected>(decisions).inquiry, std::get<PlaceInquiry>(command.body).inquiry);
  EXPECT_EQ(All<InquiryPlaced>(shop.Send(From(2, "a"))).size(), 1U);
}

Command Asking(std::uint64_t request, std::uint64_t digest) {
  Command command{.body = RegisterAgent{A("ana"), {}, 1, {}}};
  command.request = RequestId::FromNumber(request);
  command.digest = digest;
  return command;
}

TEST(Request, TheSameBodyAgainIsARepeat) {
  Shop shop;
  EXPECT_EQ(All<AgentRegistered>(shop.Send(Asking(1, 77))).size(), 1U);
  EXPECT_TRUE(IsRepeat(shop.Send(Asking(1, 77)), RepeatReason::kRequest));
}

TEST(Request, AnotherBodyUnderTheSameIdIsRefused) {
  Shop shop;
  shop.Send(Asking(1, 77));
  const DecisionList decisions = shop.Send(Asking(1, 78));
  ExpectRejected(decisions, RejectReason::kRequestReused);
  EXPECT_EQ(Only<CommandRejected>(decisions).agent, A("ana"));
  EXPECT_TRUE(IsRepeat(shop.Send(Asking(1, 77)), RepeatReason::kRequest));
}

TEST(Request, TheOldestIsForgottenOverTheBound) {
  Limits limits;
  limits.requests_max = 2;
  Shop shop(SmallPolicy(), limits);
  for (std::uint64_t i = 1; i <= 3; ++i) shop.Send(Asking(i, 7));
  EXPECT_EQ(
      shop.engine().Save().requests,
      (std::vector<RequestState>{{RequestId::FromNumber(2), 7}, {RequestId::FromNumber(3), 7}}));
  EXPECT_TRUE(IsRepeat(shop.Send(Asking(2, 7)), RepeatReason::kRequest));
  EXPECT_FALSE(IsRepeat(shop.Send(Asking(1, 7)), RepeatReason::kRequest));
}

TEST(Request, IsRememberedThoughTheCommandWasRefused) {
  Shop shop;
  Command command{.body = RemoveAgent{A("nobody")}};
  command.request = RequestId::FromNumber(1);
  ExpectRejected(shop.Send(command), RejectReason::kUnknownAgent);
  EXPECT_TRUE(IsRepeat(shop.Send(command), RepeatReason::kRequest));
}

TEST(Request, IsNotRememberedIfTheSourceWasARepeat) {
  Shop shop;
  shop.Send(From(5));
  Command command = From(5);
  command.request = RequestId::FromNumber(1);
  EXPECT_TRUE(IsRepeat(shop.Send(command), RepeatReason::kSource));
  EXPECT_TRUE(shop.engine().Save().requests.empty());
}

TEST(Checkpoint, TellsTheHashOfTheStateAfterIt) {
  Shop shop;
  shop.Join("ana");
  shop.Place(1);
  const Checkpointed checkpointed = Only<Checkpointed>(shop.Do(Checkpoint{}));
  EXPECT_EQ(checkpointed.hash, shop.engine().StateHash());
  EXPECT_EQ(checkpointed.inquiries, 1U);
  EXPECT_EQ(checkpointed.agents, 1U);
}

TEST(StateHash, IsThatOfTheSavedState) {
  Shop shop;
  const std::uint64_t empty = shop.engine().StateHash();
  shop.Place(1);
  EXPECT_NE(shop.engine().StateHash(), empty);
  EXPECT_EQ(shop.engine().StateHash(), HashState(shop.engine().Save()));
}

}  // namespace
}  // namespace usher::engine
