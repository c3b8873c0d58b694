#include "insights/wallboard/wallboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "facts_shop.h"
#include "insights/keys.h"
#include "kit/raw_http.h"
#include "one_inquiry.h"

namespace usher::insights {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A desk in a store, and the wallboard over it, stepped by the test.
struct Wall {
  FactsShop facts;
  Shop& shop = facts.shop;
  Story story{1};
  View view{0, kTtl};
  std::int64_t offset = 0;
  Duration quiet{0};
  Queries queries{100};
  QueryStepper answers{queries, *shop.stores.Open()};
  bool live = true;
  std::unique_ptr<Wallboard> wallboard;

  explicit Wall(std::size_t viewers_max = 4, Explain explain = {}) {
    WallboardOptions options;
    options.address = "127.0.0.1:0";
    options.viewers_max = viewers_max;
    options.explain = std::move(explain);
    auto started = Wallboard::Start(
        options, *shop.stores.Open(), queries, facts.zones, 1, [this] { return live; },
        [] { return FromMicros(5'000'000); });
    EXPECT_TRUE(started.ok()) << started.status();
    wallboard = *std::move(started);
  }

  void After(Duration span) { quiet += span; }
  void Take(DecisionBody body, const std::string& desk = "shop") {
    const wire::DecisionRecord record =
        story.Say(desk, std::exchange(quiet, Duration::zero()) + 1s, std::move(body));
    shop.now = std::max(shop.now, story.now());
    view.Take(record, wire::EncodeDecision(record), offset++);
    shop.Commit(view);
  }
  InquiryId Place(const std::string& name, const std::string& queue, Duration due = 60s) {
    InquiryPlaced placed;
    placed.inquiry = InquiryId::Of(name);
    placed.queue = QueueName::Of(queue);
    placed.features.topic = TopicName::Of("refund");
    placed.due = story.now() + 1s + due;
    Take(placed);
    return placed.inquiry;
  }
  // The poller's next look, a second later.
  void Look() {
    shop.now += 1s;
    ASSERT_TRUE(wallboard->stepper().Step(shop.now, 0s).ok());
  }
  int port() const { return wallboard->port(); }

  // The first board that a viewer of the desk is sent.
  nlohmann::json Board(const std::string& desk = "shop") {
    RawHttp viewer(port());
    viewer.Send("GET /wallboard/events?desk=" + desk + " HTTP/1.1\r\nHost: x\r\n\r\n");
    viewer.ReadUntil("retry:");
    Look();
    const std::string told = viewer.ReadUntil("}\n\n");
    const std::size_t from = told.find("data: ");
    if (from == std::string::npos) return nullptr;
    return nlohmann::json::parse(told.substr(from + 6, told.find("\n\n", from) - from - 6), nullptr,
                                 /*allow_exceptions=*/false);
  }
  // The answer to a question that goes by the queries.
  std::string Ask(const std::string& target) {
    RawHttp http(port());
    http.Send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    while (!queries.AnswerOne(*shop.store, 10s)) {
    }
    return http.ReadUntil();
  }
};

TEST(Wallboard, ServesItsFilesAndNothingElse) {
  Wall wall;
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/"), HasSubstr("Content-Type: text/html"));
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/main.js"),
              HasSubstr("Content-Type: text/javascript"));
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/board.css"), HasSubstr("Content-Type: text/css"));
  EXPECT_THAT(RawGet(wall.port(), "/"), HasSubstr("Location: wallboard/\r\n"));
  for (const std::string target :
       {"/wallboard/nothing", "/wallboard/../wallboard.cc", "/wallboard/api/", "/metrics",
        "/wallboard/page/main.js", "/wallboard/main.js/x"}) {
    EXPECT_THAT(RawGet(wall.port(), target), StartsWith("HTTP/1.1 404")) << target;
  }
}

TEST(Wallboard, ShowsQueuesAndWhoHasWhat) {
  Wall wall;
  wall.Take(AgentRegistered{.agent = AgentName::Of("ana")});
  wall.Take(PresenceChanged{.agent = AgentName::Of("ana"), .presence = Presence::kAvailable});
  wall.Take(AgentRegistered{.agent = AgentName::Of("ben")});
  const InquiryId first = wall.Place("one", "billing", 60s);
  wall.Place("two", "billing", 30s);
  OfferMade made;
  made.inquiry = first;
  made.agent = AgentName::Of("ana");
  wall.Take(made);
  const nlohmann::json told = wall.Board();
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["live"], true);
  EXPECT_EQ(told["now"], 5'000);
  const nlohmann::json& board = told["board"];
  EXPECT_EQ(board["desk"], "shop");
  ASSERT_EQ(board["queues"].size(), 1u);
  const nlohmann::json& queue = board["queues"][0];
  EXPECT_EQ(queue["name"], "billing");
  EXPECT_EQ(queue["waiting"], 2);
  EXPECT_LT(queue["oldest"], queue["due"]);
  ASSERT_EQ(board["agents"].size(), 2u);
  EXPECT_EQ(board["agents"][0]["name"], "ana");
  EXPECT_EQ(board["agents"][0]["asked"], 1);
  EXPECT_EQ(board["agents"][0]["work"][0]["id"], first.ToString());
  EXPECT_EQ(board["agents"][1]["state"], "offline");
  EXPECT_EQ(board["states"]["available"], 1);
}

TEST(Wallboard, TellsTheLastHourFromItsQuarterOn) {
  Wall wall;
  const auto answer = [&wall](const std::string& name, Duration took) {
    InquiryAnswered answered;
    answered.inquiry = wall.Place(name, "billing");
    answered.agent = AgentName::Of("ana");
    answered.since_placed = took;
    answered.first = true;
    wall.Take(answered);
  };
  wall.After(std::chrono::hours(20));
  answer("long ago", 10s);
  wall.After(std::chrono::hours(2));
  for (int i = 0; i < 9; ++i) answer("i" + std::to_string(i), 20s);
  answer("slow", 100s);
  const nlohmann::json hour = wall.Board()["board"]["hour"];
  EXPECT_EQ(hour["placed"], 10);
  EXPECT_EQ(hour["answered"], 10);
  EXPECT_NEAR(hour["half"].get<double>(), 20, 0.5);
  EXPECT_NEAR(hour["most"].get<double>(), 20, 0.5);
  const std::int64_t now = wall.shop.now.time_since_epoch().count() / 1'000;
  EXPECT_EQ(hour["since"].get<std::int64_t>() % (15 * 60'000), 0);
  EXPECT_LE(hour["since"].get<std::int64_t>(), now - 60 * 60'000);
  EXPECT_GT(hour["since"].get<std::int64_t>(), now - 75 * 60'000 - 1'000);
}

TEST(Wallboard, SendsAnEventForAChangeAndABeatForNone) {
  Wall wall;
  wall.Place("one", "billing");
  RawHttp viewer(wall.port());
  viewer.Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\n\r\n");
  viewer.ReadUntil("retry:");
  wall.Look();
  const std::string first = viewer.ReadUntil("event: board");
  EXPECT_THAT(viewer.ReadUntil("event: beat"), HasSubstr("\"live\":true"));
  wall.Place("two", "billing");
  wall.Look();
  EXPECT_THAT(viewer.ReadUntil("\"waiting\":2"), HasSubstr("\"waiting\":2"));
  wall.shop.stores.faults.down = true;
  wall.Look();
  EXPECT_THAT(viewer.ReadUntil("\"live\":false"), HasSubstr("\"live\":false"));
}

TEST(Wallboard, SendsNoBoardAgainToWhoHasIt) {
  Wall wall;
  wall.Place("one", "billing");
  std::string version;
  {
    RawHttp viewer(wall.port());
    viewer.Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\n\r\n");
    viewer.ReadUntil("retry:");
    wall.Look();
    const std::string told = viewer.ReadUntil("}\n\n");
    version = told.substr(told.find("\nid: ") + 5, 32);
  }
  RawHttp again(wall.port());
  again.Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " + version +
             "\r\n\r\n");
  again.ReadUntil("retry:");
  wall.Look();
  const std::string told = again.ReadUntil("event: ");
  EXPECT_THAT(told, Not(HasSubstr("event: board")));
}

TEST(Wallboard, RefusesMoreViewersThanItHasPlacesFor) {
  Wall wall(2);
  std::vector<std::unique_ptr<RawHttp>> viewers;
  for (int i = 0; i < 2; ++i) {
    viewers.push_back(std::make_unique<RawHttp>(wall.port()));
    viewers.back()->Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\n\r\n");
    viewers.back()->ReadUntil("retry:");
  }
  const std::string refused = RawGet(wall.port(), "/wallboard/events?desk=shop");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 5"));
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/"), StartsWith("HTTP/1.1 200"));
}

TEST(Wallboard, RefusesMoreDesksThanItWatches) {
  Boards boards({.viewers = 100, .desks = 2});
  auto a = boards.Take(DeskName::Of("a"));
  auto b = boards.Take(DeskName::Of("b"));
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(absl::IsResourceExhausted(boards.Take(DeskName::Of("c")).status()));
  EXPECT_TRUE(boards.Take(DeskName::Of("b")).ok());
  a->reset();
  EXPECT_TRUE(boards.Take(DeskName::Of("c")).ok());
  boards.Close();
  EXPECT_TRUE(absl::IsUnavailable(boards.Take(DeskName::Of("b")).status()));
}

TEST(Wallboard, ListsTheOldestAndTheMostUrgentOfAQueue) {
  Wall wall;
  for (int i = 0; i < 150; ++i) {
    wall.Place("i" + std::to_string(i), "billing", std::chrono::seconds(10'000 - 10 * i));
  }
  RawHttp viewer(wall.port());
  const std::string target = "/wallboard/api/queue?desk=shop&queue=billing";
  EXPECT_THAT(RawGet(wall.port(), target), StartsWith("HTTP/1.1 409"));  // nobody looks
  viewer.Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\n\r\n");
  viewer.ReadUntil("retry:");
  wall.Look();
  const std::string answer = RawGet(wall.port(), target);
  const nlohmann::json list =
      nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
  ASSERT_TRUE(list.is_object()) << answer;
  EXPECT_EQ(list["in_all"], 150);
  ASSERT_EQ(list["inquiries"].size(), 2 * kListed);
  EXPECT_EQ(list["inquiries"][0]["id"], InquiryId::Of("i149").ToString());
  EXPECT_EQ(list["inquiries"][99]["id"], InquiryId::Of("i0").ToString());
  EXPECT_EQ(list["inquiries"][0]["topic"], "refund");
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/api/queue?desk=shop&queue=none"),
              HasSubstr("\"in_all\":0"));
}

TEST(Wallboard, TellsTheStoryOfAnInquiryAndWhyItWaits) {
  Wall wall(4, [](const std::string& desk, const std::string& inquiry) {
    return absl::StatusOr<std::string>(desk + " " + inquiry + " waits");
  });
  const std::string id = wall.Place("one", "billing").ToString();
  EXPECT_THAT(wall.Ask("/wallboard/api/inquiry?desk=shop&inquiry=" + id),
              HasSubstr("\"sentence\":\"Placed in queue billing"));
  EXPECT_THAT(wall.Ask("/wallboard/api/inquiry?desk=shop&inquiry=" + std::string(32, '1')),
              StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(wall.Ask("/wallboard/api/desks"), HasSubstr("{\"desks\":[\"shop\"]}"));
  EXPECT_THAT(RawGet(wall.port(), "/wallboard/api/why?desk=shop&inquiry=" + id),
              HasSubstr("shop " + id + " waits"));
  EXPECT_THAT(RawGet(Wall().port(), "/wallboard/api/why?desk=shop&inquiry=" + id),
              StartsWith("HTTP/1.1 409"));
}

TEST(Wallboard, RefusesWhatIsNoNameAndNoId) {
  Wall wall(4, [](const std::string&, const std::string&) {
    return absl::StatusOr<std::string>("was asked");
  });
  const std::string longer(40, 'x');
  for (const std::string& target : std::vector<std::string>{
           "/wallboard/events", "/wallboard/events?desk=", "/wallboard/events?desk=" + longer,
           "/wallboard/events?desk=a%0ab", "/wallboard/api/queue?desk=shop",
           "/wallboard/api/queue?queue=billing", "/wallboard/api/why?desk=shop&inquiry=1",
           "/wallboard/api/why?inquiry=" + std::string(32, '0')}) {
    EXPECT_THAT(RawGet(wall.port(), target), StartsWith("HTTP/1.1 400")) << target;
  }
}

TEST(Wallboard, WritesNamesOfAnyBytesAsText) {
  Wall wall;
  wall.Place("one", "<b>\"&'\\</b>");
  const nlohmann::json told = wall.Board();
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["board"]["queues"][0]["name"], "<b>\"&'\\</b>");
  const nlohmann::json list = nlohmann::json::parse(
      QueueListJson(DeskName::Of("shop"), "\xff\xfe broken", QueueList()), nullptr, false);
  ASSERT_TRUE(list.is_object());
  EXPECT_THAT(list["queue"].get<std::string>(), testing::EndsWith(" broken"));
}

TEST(Wallboard, EndsWithItsViewersWhenItStops) {
  Wall wall;
  RawHttp viewer(wall.port());
  viewer.Send("GET /wallboard/events?desk=shop HTTP/1.1\r\nHost: x\r\n\r\n");
  viewer.ReadUntil("retry:");
  wall.wallboard->Stop();
  viewer.ReadUntil();  // returns: the other side closed
  EXPECT_FALSE(RawHttp(wall.port()).connected());
}

}  // namespace
}  // namespace usher::insights
