#include <functional>
#include <optional>

#include "core/hash.h"
#include "unit/libs/engine/shop.h"

namespace usher::engine {
namespace {

Policy BusyPolicy() {
  Policy policy = SmallPolicy();
  policy.queues[1].wrap_up = 30s;
  policy.late_share_permille = 300;
  return policy;
}

// A day's worth of everything: waiting, late, offered, assigned, answered, wrapping up, excluded.
Shop BusyShop() {
  Shop shop(BusyPolicy());
  shop.Join("ana", 3);
  shop.Join("bo", 2, {Skill("billing", 60), Skill("returns", 20)});
  shop.Register("cy", {Skill("returns", 90)}, 5, {{ChannelName::Of("chat"), 2}});
  for (std::uint64_t i = 1; i <= 4; ++i) {
    PlaceInquiry place = Shop::Message(i);
    place.conversation = ConversationId::FromNumber(100 + i);
    Command command{.body = place};
    command.source = {"usher.messages", 3, static_cast<std::int64_t>(i)};
    command.request = RequestId::FromNumber(i);
    shop.Send(command);
  }
  shop.At(5s).Accept(1, "ana");
  shop.Do(RecordReply{I(1), A("ana")});
  shop.At(10s).Decline(3, "ana");
  for (std::uint64_t i = 5; i <= 9; ++i) shop.At(15s).Place(i, i % 2 == 0 ? "billing" : "other");
  shop.Accept(2, "bo");
  shop.At(18s).Do(FinishInquiry{I(2), A("bo")});
  return shop;
}

// Draws commands from a seed; looks at the engine to name what there is.
CommandBody Draw(std::uint64_t draw, const DeskState& state) {
  const auto pick = [&](std::uint64_t bound, int shift) { return (draw >> shift) % bound; };
  const AgentName agent = A(std::vector<const char*>{"ana", "bo", "cy", "dee"}[pick(4, 8)]);
  if (pick(3, 0) > 0 && !state.inquiries.empty()) {
    const InquiryState& inquiry = state.inquiries[pick(state.inquiries.size(), 16)];
    if (!inquiry.offers.empty() && pick(3, 24) > 0)
      return AcceptOffer{inquiry.offers[0].offer, inquiry.offers[0].agent};
    if (!inquiry.offers.empty())
      return DeclineOffer{inquiry.offers[0].offer, inquiry.offers[0].agent};
    if (!inquiry.agent.none() && pick(2, 24) == 0)
      return RecordReply{inquiry.inquiry, inquiry.agent};
    if (!inquiry.agent.none()) return FinishInquiry{inquiry.inquiry, inquiry.agent};
    if (pick(9, 24) == 0) return CancelInquiry{inquiry.inquiry, CancelReason::kShop};
  }
  switch (pick(9, 32)) {
    case 0:
      return RegisterAgent{
          agent, {Skill("billing", 50 + pick(50, 40))}, 1 + std::uint32_t(pick(4, 48)), {}};
    case 1:
      return SetPresence{agent, pick(4, 40) == 0 ? Presence::kBusy : Presence::kAvailable};
    case 2:
      return pick(6, 40) == 0 ? CommandBody(RemoveAgent{agent}) : CommandBody(Tick{});
    case 3: {
      Policy policy = BusyPolicy();
      policy.sla_classes[0].first_response = 50s + 10s * pick(9, 40);
      return ApplyPolicy{policy};
    }
    default:
      return Shop::Message(1'000 + draw % 1'000'000, pick(2, 40) == 0 ? "billing" : "other",
                           pick(4, 48) == 0 ? "voice" : "chat");
  }
}

TEST(Restore, GoesOnExactlyAsTheSavedOneWouldFromAnyPoint) {
  Shop shop = BusyShop();
  Engine& saved = shop.engine();
  std::optional<Engine> restored;
  Duration at = 18s;
  std::uint64_t seed = 20'261'122;
  for (int step = 0; step < 700; ++step) {
    seed = Mix64(seed + 1);
    if (step % 37 == 0) {
      restored.emplace(shop.limits());
      ASSERT_TRUE(restored->Restore(saved.Save())) << "step " << step;
    }
    at += std::chrono::seconds(seed % 5);
    Command command{.at = kOpening + at, .body = Draw(Mix64(seed), saved.Save())};
    DecisionList from_saved;
    DecisionList from_restored;
    saved.Apply(command, from_saved);
    restored->Apply(command, from_restored);
    ASSERT_EQ(from_saved, from_restored) << "step " << step;
    if (step % 7 == 0) {
      ASSERT_EQ(saved.Save(), restored->Save()) << "step " << step;
    }
    ASSERT_EQ(saved.next_timer(), restored->next_timer());
    ASSERT_EQ(saved.inquiries(), restored->inquiries());
    ASSERT_EQ(saved.agents(), restored->agents());
  }
}

TEST(Restore, ANewEnginesStateIsAStateToo) {
  Engine engine((Limits()));
  const DeskState state = engine.Save();
  EXPECT_EQ(state, DeskState());
  EXPECT_TRUE(engine.Restore(state));
}

TEST(Restore, RemembersRepeatsAndConversations) {
  Shop shop = BusyShop();
  Engine engine(shop.limits());
  ASSERT_TRUE(engine.Restore(shop.engine().Save()));
  DecisionList decisions;
  Command command{.at = kOpening + 18s, .body = Tick{}};
  command.source = {"usher.messages", 3, 2};
  engine.Apply(command, decisions);
  EXPECT_EQ(Only<CommandRepeated>(decisions).reason, RepeatReason::kSource);
  decisions.clear();
  command.source = {};
  command.request = RequestId::FromNumber(4);
  engine.Apply(command, decisions);
  EXPECT_EQ(Only<CommandRepeated>(decisions).reason, RepeatReason::kRequest);
  decisions.clear();
  PlaceInquiry place = Shop::Message(77);
  place.conversation = ConversationId::FromNumber(101);
  engine.Apply({.at = kOpening + 18s, .body = place}, decisions);
  EXPECT_EQ(Only<MessageJoined>(decisions).inquiry, I(1));
}

InquiryState& Find(DeskState& state, Stage stage) {
  for (InquiryState& inquiry : state.inquiries) {
    if (inquiry.stage == stage) return inquiry;
  }
  ADD_FAILURE() << "the busy shop has no such inquiry";
  return state.inquiries.at(0);
}

InquiryState& Excluded(DeskState& state) {
  for (InquiryState& inquiry : state.inquiries) {
    if (!inquiry.exclusions.empty()) return inquiry;
  }
  ADD_FAILURE() << "the busy shop has no exclusion";
  return state.inquiries.at(0);
}

InquiryState& Running(DeskState& state) {
  for (InquiryState& inquiry : state.inquiries) {
    if (!inquiry.clocks.empty() && inquiry.clocks.at(0).warn.set()) return inquiry;
  }
  ADD_FAILURE() << "the busy shop has no running clock";
  return state.inquiries.at(0);
}

using Spoiler = std::pair<const char*, std::function<void(DeskState&)>>;

// Each is refused, and leaves an engine as new that restores the sound state all the same.
void ExpectAllRefused(const std::vector<Spoiler>& spoilers, DeskState (*make)() = nullptr) {
  const DeskState sound = make != nullptr ? make() : BusyShop().engine().Save();
  Engine engine((Limits()));
  for (const auto& [what, spoil] : spoilers) {
    SCOPED_TRACE(what);
    DeskState state = sound;
    spoil(state);
    ASSERT_NE(state, sound);
    EXPECT_FALSE(engine.Restore(state));
    EXPECT_EQ(engine.Save(), DeskState());
    ASSERT_TRUE(engine.Restore(sound));
    EXPECT_EQ(engine.Save(), sound);
  }
}

TEST(Restore, RefusesCountersThatContradict) {
  ExpectAllRefused({
      {"time before 1970", [](DeskState& s) { s.now = Instant() - 1us; }},
      {"a whole pick of credit", [](DeskState& s) { s.late_credit = 1000; }},
      {"nothing was applied", [](DeskState& s) { s.commands = 0; }},
      {"arrival not given yet", [](DeskState& s) { s.last_arrival = 3; }},
      {"offer not given yet", [](DeskState& s) { s.last_offer = 1; }},
      {"idle not given yet", [](DeskState& s) { s.last_idle = 1; }},
      {"timer not given yet", [](DeskState& s) { s.last_timer = 2; }},
      {"no policy, but inquiries", [](DeskState& s) { s.has_policy = false; }},
      {"no policy, but rules",
       [](DeskState& s) {
         s.has_policy = false;
         s.inquiries.clear();
       }},
      {"an unsound policy", [](DeskState& s) { s.policy.routes.clear(); }},
  });
}

TEST(Restore, RefusesAgentsThatContradict) {
  ExpectAllRefused({
      {"no name", [](DeskState& s) { s.agents[0].agent = AgentName(); }},
      {"not sorted", [](DeskState& s) { std::swap(s.agents[0], s.agents[1]); }},
      {"twice", [](DeskState& s) { s.agents[1].agent = s.agents[0].agent; }},
      {"no units", [](DeskState& s) { s.agents[2].units = 0; }},
      {"too many units", [](DeskState& s) { s.agents[2].units = 1001; }},
      {"skills not sorted",
       [](DeskState& s) {
         s.agents[2].profile.skills = {Skill("b", 1), Skill("a", 1)};
       }},
      {"a level over 100", [](DeskState& s) { s.agents[2].profile.skills[0].level = 101; }},
      {"too many skills",
       [](DeskState& s) {
         s.agents[2].profile.skills.clear();
         for (int i = 100; i < 165; ++i)
           s.agents[2].profile.skills.push_back(Skill(std::to_string(i), 1));
       }},
      {"limits doubled", [](DeskState& s) { s.agents[2].limits.push_back(s.agents[2].limits[0]); }},
      {"too many limits",
       [](DeskState& s) {
         for (int i = 100; i < 133; ++i) {
           s.agents[2].limits.push_back({ChannelName::Of("x" + std::to_string(i)), 1});
         }
       }},
      {"presence out of range",
       [](DeskState& s) { s.agents[2].presence = static_cast<Presence>(5); }},
      {"away without a reason", [](DeskState& s) { s.agents[2].presence = Presence::kAway; }},
      {"a reason without away", [](DeskState& s) { s.agents[2].away = AwayReason::kMissedOffers; }},
      {"idle 0", [](DeskState& s) { s.agents[2].idle = 0; }},
      {"idle of another", [](DeskState& s) { s.agents[2].idle = s.agents[1].idle; }},
  });
}

// Ana wraps up twice.
DeskState WrappingUp() {
  Shop shop(BusyPolicy());
  shop.Join("ana", 2);
  for (std::uint64_t i = 1; i <= 2; ++i) {
    shop.Place(i, "other");
    shop.Accept(i, "ana");
    shop.Do(FinishInquiry{I(i), A("ana")});
  }
  return shop.engine().Save();
}

TEST(Restore, RefusesWrapUpsThatContradict) {
  ExpectAllRefused(
      {
          {"no end", [](DeskState& s) { s.agents[0].wrap_ups[0].end = Timer(); }},
          {"an end in the past", [](DeskState& s) { s.agents[0].wrap_ups[0].end.at = s.now; }},
          {"no units", [](DeskState& s) { s.agents[0].wrap_ups[0].units = 0; }},
          {"no channel", [](DeskState& s) { s.agents[0].wrap_ups[0].channel = ChannelName(); }},
          {"one timer for two",
           [](DeskState& s) { s.agents[0].wrap_ups[1].end = s.agents[0].wrap_ups[0].end; }},
      },
      WrappingUp);
}

TEST(Restore, RefusesInquiriesThatContradict) {
  ExpectAllRefused({
      {"not sorted", [](DeskState& s) { std::swap(s.inquiries[0], s.inquiries[1]); }},
      {"open twice", [](DeskState& s) { s.inquiries[1].inquiry = s.inquiries[0].inquiry; }},
      {"a conversation of two",
       [](DeskState& s) { s.inquiries[1].conversation = s.inquiries[0].conversation; }},
      {"placed in the future", [](DeskState& s) { s.inquiries.back().placed_at = s.now + 1us; }},
      {"no channel", [](DeskState& s) { s.inquiries[0].features.channel = ChannelName(); }},
      {"no queue", [](DeskState& s) { s.inquiries[0].queue = QueueName(); }},
      {"sentiment out of range",
       [](DeskState& s) { s.inquiries[0].features.sentiment = static_cast<Sentiment>(4); }},
      {"priority over 9", [](DeskState& s) { s.inquiries[0].priority = 10; }},
      {"no units", [](DeskState& s) { s.inquiries[0].units = 0; }},
      {"needs doubled",
       [](DeskState& s) {
         s.inquiries[0].more_needs = {Skill("a", 1), Skill("a", 1)};
       }},
      {"too many needs",
       [](DeskState& s) {
         s.inquiries[0].more_needs.clear();
         for (int i = 10; i < 27; ++i)
           s.inquiries[0].more_needs.push_back(Skill(std::to_string(i), 1));
       }},
  });
}

TEST(Restore, RefusesStagesThatContradict) {
  ExpectAllRefused({
      {"stage out of range",
       [](DeskState& s) { Find(s, Stage::kWaiting).stage = static_cast<Stage>(6); }},
      {"waiting with an owner", [](DeskState& s) { Find(s, Stage::kWaiting).agent = A("ana"); }},
      {"waiting since assigned",
       [](DeskState& s) { Find(s, Stage::kWaiting).assigned_at = kOpening; }},
      {"waiting with an offer",
       [](DeskState& s) { Find(s, Stage::kOffered).stage = Stage::kWaiting; }},
      {"offered without an offer", [](DeskState& s) { Find(s, Stage::kOffered).offers.clear(); }},
      {"offer without a number",
       [](DeskState& s) { Find(s, Stage::kOffered).offers.at(0).offer = OfferId(); }},
      {"offered to nobody known",
       [](DeskState& s) { Find(s, Stage::kOffered).offers.at(0).agent = A("zoe"); }},
      {"offered to somebody away",
       [](DeskState& s) {
         Find(s, Stage::kOffered).offers.at(0).agent = A("cy");  // offline
       }},
      {"offer without a timer",
       [](DeskState& s) { Find(s, Stage::kOffered).offers.at(0).expiry = Timer(); }},
      {"offer of the future",
       [](DeskState& s) {
         OfferState& offer = Find(s, Stage::kOffered).offers.at(0);
         offer.made_at = s.now + 1us;
         offer.expiry.at = offer.made_at + 20s;
       }},
      {"owned by nobody", [](DeskState& s) { Find(s, Stage::kAnswered).agent = AgentName(); }},
      {"owned by nobody known", [](DeskState& s) { Find(s, Stage::kAnswered).agent = A("zoe"); }},
      {"answered without an answer",
       [](DeskState& s) { Find(s, Stage::kAnswered).answered = false; }},
      {"assigned in the future",
       [](DeskState& s) { Find(s, Stage::kAnswered).assigned_at = s.now + 1s; }},
      {"waiting though an agent is able",
       [](DeskState& s) {
         for (AgentState& agent : s.agents) agent.units = 50;
       }},
  });
}

TEST(Restore, RefusesClocksAndTimersThatContradict) {
  ExpectAllRefused({
      {"running without a breach", [](DeskState& s) { Running(s).clocks.at(0).breach = Timer(); }},
      {"a breach not at due", [](DeskState& s) { Running(s).clocks.at(0).breach.at += 1us; }},
      {"warned with a warning",
       [](DeskState& s) { Running(s).clocks.at(0).state = ClockState::kWarned; }},
      {"met without an answer",
       [](DeskState& s) {
         Running(s).clocks.at(0).breach = Timer();
         InquiryState& inquiry = Running(s);
         inquiry.clocks.at(0).warn = Timer();
         inquiry.clocks.at(0).state = ClockState::kMet;
       }},
      {"no clock, but due",
       [](DeskState& s) {
         InquiryState& inquiry = Running(s);
         inquiry.clocks.at(0).warn = inquiry.clocks.at(0).breach = Timer();
         inquiry.clocks.at(0).state = ClockState::kNone;
       }},
      {"clock out of range",
       [](DeskState& s) { Running(s).clocks.at(0).state = static_cast<ClockState>(6); }},
      {"a timer twice",
       [](DeskState& s) {
         Excluded(s).exclusions[0].end.order = Running(s).clocks.at(0).warn.order;
       }},
      {"a timer half set", [](DeskState& s) { Running(s).clocks.at(0).warn.order = 0; }},
      {"an exclusion in the past", [](DeskState& s) { Excluded(s).exclusions[0].end.at = s.now; }},
      {"an exclusion of nobody",
       [](DeskState& s) { Excluded(s).exclusions[0].agent = AgentName(); }},
      {"an agent excluded twice",
       [](DeskState& s) {
         Excluded(s).exclusions.push_back(Excluded(s).exclusions[0]);
         Excluded(s).exclusions[1].end.order = ++s.last_timer;
       }},
      {"too many exclusions",
       [](DeskState& s) {
         for (int i = 0; i < 16; ++i) {
           Excluded(s).exclusions.push_back(
               {A("x" + std::to_string(i)), {s.now + 1s, ++s.last_timer}});
         }
       }},
  });
}

TEST(Restore, RefusesWindowsThatContradict) {
  ExpectAllRefused({
      {"a source without a topic", [](DeskState& s) { s.sources[0].topic.clear(); }},
      {"a source twice", [](DeskState& s) { s.sources.push_back(s.sources[0]); }},
      {"a window of another size", [](DeskState& s) { s.sources[0].seen.pop_back(); }},
      {"the highest not seen", [](DeskState& s) { s.sources[0].seen[0] &= ~std::uint64_t{1}; }},
      {"no request id", [](DeskState& s) { s.requests[0].request = RequestId(); }},
      {"a request twice", [](DeskState& s) { s.requests.push_back(s.requests[0]); }},
  });
}

TEST(Restore, RefusesWhatItsOwnLimitsDoNotAllow) {
  const DeskState state = BusyShop().engine().Save();
  const std::pair<const char*, std::function<void(Limits&)>> limits[] = {
      {"agents", [](Limits& l) { l.agents_max = 2; }},
      {"inquiries", [](Limits& l) { l.inquiries_max = 3; }},
      {"sources", [](Limits& l) { l.sources_max = 0; }},
      {"requests", [](Limits& l) { l.requests_max = 3; }},
      {"exclusions", [](Limits& l) { l.exclusions_max = 0; }},
      {"names", [](Limits& l) { l.names_max = 1; }},
      {"queues", [](Limits& l) { l.queues_max = 1; }},
      {"units", [](Limits& l) { l.units_max = 4; }},
  };
  for (const auto& [what, lower] : limits) {
    SCOPED_TRACE(what);
    Limits low;
    lower(low);
    Engine engine(low);
    EXPECT_FALSE(engine.Restore(state));
  }
}

}  // namespace
}  // namespace usher::engine
