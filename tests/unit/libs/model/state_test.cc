#include "model/state.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace usher {
namespace {

// Random states: each field anything that its type holds, so that a field left out of the encoding
// shows.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  DeskState Desk() {
    DeskState desk;
    desk.now = At();
    desk.commands = Number();
    desk.last_arrival = Number();
    desk.last_offer = Number();
    desk.last_idle = Number();
    desk.last_timer = Number();
    desk.late_credit = Small(1000);
    desk.has_policy = Flip();
    desk.policy = MakePolicy();
    desk.agents = List<AgentState>([this] { return Agent(); });
    desk.inquiries = List<InquiryState>([this] { return Inquiry(); });
    desk.sources = List<SourceState>([this] { return MakeSource(); });
    desk.requests = List<RequestState>([this] {
      return RequestState{AnyId<RequestId>(), Number()};
    });
    return desk;
  }

  std::uint64_t Number() { return random_(); }
  std::uint32_t Small(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

 private:
  bool Flip() { return Small(2) == 1; }
  Instant At() { return FromMicros(static_cast<std::int64_t>(Number())); }
  Duration For() { return Duration(static_cast<std::int64_t>(Number())); }
  Timer MakeTimer() { return {At(), Number()}; }
  std::string Text() {
    std::string text(Small(20), ' ');
    for (char& c : text) c = static_cast<char>(Small(256));
    return text;
  }
  template <class NameType>
  NameType AnyName() {
    std::string text(Small(NameType::kMaxBytes + 1), ' ');
    for (char& c : text) c = static_cast<char>('!' + Small(90));
    return NameType::Of(text);
  }
  template <class IdType>
  IdType AnyId() {
    return IdType{{Number(), Number()}};
  }
  template <class T, class F>
  std::vector<T> List(F make) {
    std::vector<T> list;
    for (std::uint32_t i = Small(4); i > 0; --i) list.push_back(make());
    return list;
  }
  template <class NameType>
  std::vector<NameType> Names() {
    return List<NameType>([this] { return AnyName<NameType>(); });
  }
  std::vector<Need> Needs() {
    return List<Need>([this] {
      return Need{AnyName<SkillName>(), static_cast<std::uint8_t>(Small(256))};
    });
  }

  Policy MakePolicy() {
    Policy policy;
    policy.version = Text();
    policy.channels = List<Channel>([this] {
      return Channel{AnyName<ChannelName>(), static_cast<std::uint32_t>(Number())};
    });
    policy.sla_classes = List<SlaClass>([this] {
      return SlaClass{AnyName<SlaName>(), For(), static_cast<std::uint16_t>(Number())};
    });
    policy.queues = List<Queue>([this] {
      return Queue{AnyName<QueueName>(),
                   Needs(),
                   AnyName<SlaName>(),
                   Flip(),
                   For(),
                   For(),
                   static_cast<std::uint32_t>(Number())};
    });
    policy.routes = List<Route>([this] {
      return Route{AnyName<RouteName>(),
                   Names<ChannelName>(),
                   Names<LanguageName>(),
                   Names<TopicName>(),
                   List<Sentiment>([this] { return static_cast<Sentiment>(Small(4)); }),
                   Names<TierName>(),
                   AnyName<QueueName>(),
                   static_cast<std::uint8_t>(Number())};
    });
    policy.decline_cooldown = For();
    policy.missed_offers_max = static_cast<std::uint32_t>(Number());
    policy.late_share_permille = static_cast<std::uint16_t>(Number());
    return policy;
  }

  AgentState Agent() {
    AgentState agent;
    agent.agent = AnyName<AgentName>();
    agent.skills = Needs();
    agent.units = static_cast<std::uint32_t>(Number());
    agent.limits = List<ChannelLimit>([this] {
      return ChannelLimit{AnyName<ChannelName>(), static_cast<std::uint32_t>(Number())};
    });
    agent.presence = static_cast<Presence>(Small(5));
    agent.away = static_cast<AwayReason>(Small(3));
    agent.idle = Number();
    agent.missed = static_cast<std::uint32_t>(Number());
    agent.wrap_ups = List<WrapUp>([this] {
      return WrapUp{AnyId<InquiryId>(), AnyName<ChannelName>(),
                    static_cast<std::uint32_t>(Number()), MakeTimer()};
    });
    return agent;
  }

  InquiryState Inquiry() {
    InquiryState inquiry;
    inquiry.inquiry = AnyId<InquiryId>();
    inquiry.conversation = AnyId<ConversationId>();
    inquiry.customer = AnyId<CustomerId>();
    inquiry.message = AnyId<MessageId>();
    inquiry.features = {AnyName<ChannelName>(), AnyName<LanguageName>(),
                        AnyName<TopicName>(),   static_cast<Sentiment>(Small(4)),
                        AnyName<TierName>(),    AnyId<OrderId>()};
    inquiry.queue_named = Flip();
    if (Flip()) inquiry.priority_named = static_cast<std::uint8_t>(Number());
    inquiry.queue = AnyName<QueueName>();
    inquiry.route = AnyName<RouteName>();
    inquiry.priority = static_cast<std::uint8_t>(Number());
    inquiry.needs = Needs();
    inquiry.units = static_cast<std::uint32_t>(Number());
    inquiry.auto_accept = Flip();
    inquiry.offer_window = For();
    inquiry.wrap_up = For();
    inquiry.sla = AnyName<SlaName>();
    inquiry.arrival = Number();
    inquiry.placed_at = At();
    inquiry.due = At();
    inquiry.clock = static_cast<ClockState>(Small(5));
    inquiry.warn = MakeTimer();
    inquiry.breach = MakeTimer();
    inquiry.stage = static_cast<Stage>(Small(4));
    inquiry.answered = Flip();
    if (Flip()) inquiry.offer = OfferState{{Number()}, AnyName<AgentName>(), At(), MakeTimer()};
    inquiry.agent = AnyName<AgentName>();
    inquiry.assigned_at = At();
    inquiry.exclusions = List<Exclusion>([this] {
      return Exclusion{AnyName<AgentName>(), MakeTimer()};
    });
    return inquiry;
  }

  SourceState MakeSource() {
    SourceState source;
    source.topic = Text();
    source.partition = static_cast<std::int32_t>(Number());
    source.highest = static_cast<std::int64_t>(Number());
    for (std::uint64_t& word : source.seen) word = Number();
    return source;
  }

  std::mt19937_64 random_;  // its numbers are fixed by the standard: a seed is a state, everywhere
};

TEST(State, ComesBackAsItWas) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const DeskState desk = Maker(seed).Desk();
    const std::string bytes = EncodeState(desk);
    const auto back = DecodeState(bytes);
    ASSERT_TRUE(back) << "seed " << seed;
    ASSERT_EQ(*back, desk) << "seed " << seed;
    ASSERT_EQ(EncodeState(*back), bytes) << "seed " << seed;
  }
}

TEST(State, EveryTruncationIsRefused) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::string bytes = EncodeState(Maker(seed).Desk());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(DecodeState(std::string_view(bytes).substr(0, size)))
          << "seed " << seed << ", " << size << " of " << bytes.size() << " bytes";
    }
  }
}

TEST(State, ATrailingByteIsRefused) {
  EXPECT_TRUE(DecodeState(EncodeState({})));
  EXPECT_FALSE(DecodeState(EncodeState({}) + '\0'));
}

TEST(State, AnotherFormatIsRefused) {
  std::string bytes = EncodeState({});
  bytes[0] = static_cast<char>(kStateFormat + 1);
  EXPECT_FALSE(DecodeState(bytes));
}

// What decodes at all is again an encoding of itself: no two texts of one state, and no crash.
TEST(State, ChangedBytesAreRefusedOrAreAnotherState) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Maker random(seed);
    const std::string bytes = EncodeState(random.Desk());
    for (int round = 0; round < 5'000; ++round) {
      std::string changed = bytes;
      for (std::uint32_t i = 0; i <= random.Small(3); ++i) {
        changed[random.Number() % changed.size()] = static_cast<char>(random.Small(256));
      }
      const auto back = DecodeState(changed);
      if (back) {
        ASSERT_EQ(EncodeState(*back), changed) << "seed " << seed << " round " << round;
      }
    }
  }
}

TEST(State, AHugeCountIsRefusedWithoutReservingForIt) {
  ByteWriter out;
  out.U16(kStateFormat);
  for (int i = 0; i < 6; ++i) out.U64(0);  // now, commands, the counters
  out.U32(0);                              // late_credit
  out.Bool(false);
  out.Text("");         // policy.version
  out.U32(0xffffffff);  // policy.channels
  EXPECT_FALSE(DecodeState(out.bytes()));
}

TEST(State, ASourceWindowOfAnotherSizeIsRefused) {
  DeskState desk;
  desk.sources.emplace_back();
  ASSERT_TRUE(DecodeState(EncodeState(desk)));
  desk.sources[0].seen.pop_back();
  EXPECT_FALSE(DecodeState(EncodeState(desk)));
}

// Reckoned from the formula in model/state.h with another program.
TEST(State, HashBytesIsItsFormula) {
  EXPECT_EQ(HashBytes(""), 0u);
  EXPECT_EQ(HashBytes("a"), 0x485be04d193c3f62ULL);
  EXPECT_EQ(HashBytes(std::string_view("a\0", 2)), 0xd21644eecf578399ULL);
  EXPECT_EQ(HashBytes("01234567"), 0x90e2dbfc4355ba52ULL);
  EXPECT_EQ(HashBytes("usher routes"), 0x8fa8b1d4f2b38e89ULL);
}

TEST(State, TheHashIsThatOfTheEncoding) {
  const DeskState desk = Maker(1).Desk();
  EXPECT_EQ(HashState(desk), HashBytes(EncodeState(desk)));
}

// Pinned: the encoding of a state may only change together with kStateFormat.
TEST(State, TheEncodingIsPinned) {
  EXPECT_EQ(EncodeState({}).size(), 105u);
  EXPECT_EQ(HashState({}), 4572348412703054748u);
  EXPECT_EQ(HashState(Maker(1).Desk()), 13195417330875955979u);
}

TEST(State, EachBitCountsInTheHash) {
  const std::string bytes = EncodeState(Maker(2).Desk());
  const std::uint64_t hash = HashBytes(bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    ASSERT_NE(HashBytes(changed), hash) << "byte " << i;
  }
}

}  // namespace
}  // namespace usher
