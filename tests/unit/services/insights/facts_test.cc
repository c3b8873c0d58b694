#include "insights/facts.h"

#include <gtest/gtest.h>

#include <iostream>

#include "everything.h"
#include "facts_shop.h"
#include "insights/keys.h"

namespace usher::insights {
namespace {

const InquiryId kOne = InquiryId::Of("one");
const InquiryId kTwo = InquiryId::Of("two");

TEST(Facts, RowsComeBackFromTheirBytes) {
  std::vector<FactEntry> entries(3);
  entries[0].key.queue = QueueName::Of("live");
  entries[0].key.topic = TopicName::Of("delivery");
  AddAmount(entries[0].amounts, AmountOf(FactCount::kPlaced), 7);
  AddAmount(entries[0].amounts, AmountOf(FactTime::kAbandon, 1'887), 1'000'000'000'000);
  AddAmount(entries[0].amounts, AmountOf(FactCount::kPlaced), 1);
  entries[1].key = MoreKey();
  entries[2].key.agent = AgentName::Of("ana");
  AddAmount(entries[2].amounts, AmountOf(FactCount::kStaffedUs), 900'000'000);
  const std::string bytes = EncodeFacts(entries);
  ASSERT_TRUE(DecodeFacts(bytes));
  EXPECT_EQ(*DecodeFacts(bytes), entries);
  EXPECT_EQ(entries[0].amounts.front().second, 8);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeFacts(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(DecodeFacts(bytes + "x"));
  // Any byte another one: it is refused, or it is other facts; it never reads beyond.
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string spoiled = bytes;
    spoiled[at] = static_cast<char>(spoiled[at] ^ 0xff);
    const auto read = DecodeFacts(spoiled);
    if (read) {
      EXPECT_NE(*read, entries) << at;
    }
  }

  FactDeskRow desk{kMonday, 5, kMonday, kMonday + 20s, kOne, entries[0].key};
  EXPECT_EQ(DecodeFactDesk(EncodeFactDesk(desk)), desk);
  const FactInquiryRow inquiry{kMonday, true, false};
  EXPECT_EQ(DecodeFactInquiry(EncodeFactInquiry(inquiry)), inquiry);
  EXPECT_EQ(DecodeFactAgent(EncodeFactAgent(kMonday)), kMonday);
  EXPECT_FALSE(DecodeFactDesk("x") || DecodeFactInquiry("") || DecodeFactAgent("abc"));
}

TEST(Facts, AgentsTimeIsCountedInTheSlotsInWhichItPassed) {
  FactsShop desk;
  desk.Presence("ana", Presence::kAvailable);  // at midnight
  desk.After(10min);
  desk.Place(kOne);
  desk.Offer(kOne, "ana");
  desk.Accept(kOne, "ana");
  desk.After(50min);  // three slots pass without a decision
  desk.Say(InquiryResolved{kOne, AgentName::Of("ana"), 50min, 50min});
  desk.After(5min);
  desk.Presence("ana", Presence::kAway);
  desk.After(30min);
  desk.Presence("ana", Presence::kBusy);
  desk.After(10min);
  desk.Presence("ana", Presence::kOffline);
  const v1::GetReportResponse report =
      desk.Day({v1::REPORT_GROUP_HOUR, v1::REPORT_GROUP_AGENT, v1::REPORT_GROUP_QUEUE});
  EXPECT_EQ(report.total().staffed(), 75 * 60);
  EXPECT_EQ(report.total().occupied(), 50 * 60);
  EXPECT_NEAR(report.total().occupancy(), 50.0 / 75, 1e-9);
  ASSERT_EQ(report.sections(0).rows_size(), 2);
  EXPECT_EQ(report.sections(0).rows(0).key(), "2023-11-20T00:00+00:00");
  EXPECT_EQ(report.sections(0).rows(0).figures().staffed(), 60 * 60);
  EXPECT_EQ(report.sections(0).rows(0).figures().occupied(), 50 * 60);
  EXPECT_EQ(report.sections(0).rows(1).figures().staffed(), 15 * 60);
  ASSERT_EQ(report.sections(1).rows_size(), 1);
  EXPECT_EQ(report.sections(1).rows(0).key(), "ana");
  EXPECT_EQ(report.sections(1).rows(0).figures().staffed(), 75 * 60);
  ASSERT_EQ(report.sections(2).rows_size(), 1) << "time is no queue's";
  EXPECT_EQ(report.sections(2).rows(0).figures().staffed(), 0);
}

TEST(Facts, AnAgentWhoStaysOnThroughADayWithoutDecisionsCountsForADayAtMost) {
  FactsShop desk;
  desk.Presence("ana", Presence::kAvailable);
  desk.After(std::chrono::hours(72));
  desk.Presence("ana", Presence::kOffline);
  double staffed = 0;
  for (int day = 0; day < 4; ++day) {
    staffed += desk.Day({}, kMonday + std::chrono::hours(24) * day).total().staffed();
  }
  EXPECT_EQ(staffed, (kFactFillMax + 1) * 15 * 60);
}

TEST(Facts, DaysThatAreTooOldAreTakenOut) {
  FactsShop desk(std::chrono::hours(48));
  const auto days = [&desk] {
    desk.shop.Commit(desk.view);
    std::size_t count = 0;
    for (const auto& [name, table] : desk.shop.stores.content().tables) {
      if (name.find("/facts/") != std::string::npos && !table.empty()) ++count;
    }
    return count;
  };
  for (int day = 0; day < 10; ++day) {
    desk.Place(InquiryId::FromNumber(static_cast<std::uint64_t>(1 + day)));
    EXPECT_EQ(days(), std::min<std::size_t>(2, 1 + static_cast<std::size_t>(day)));
    desk.After(std::chrono::hours(24));
  }
  desk.After(std::chrono::hours(24 * 30));
  desk.Place(kTwo);
  EXPECT_EQ(days(), 1);
}

TEST(Facts, DaysOfADeskThatFellSilentAreTakenOutAsTheOthersGoOn) {
  FactsShop desk(std::chrono::hours(48));
  const auto silent = [&desk] {
    desk.shop.Commit(desk.view);
    std::size_t count = 0;
    for (const auto& [name, table] : desk.shop.stores.content().tables) {
      if (name.find("/facts/") != std::string::npos && name.ends_with("/shop")) ++count;
    }
    return count;
  };
  desk.Place(kOne);
  EXPECT_EQ(silent(), 1);
  for (int day = 1; day < 4; ++day) {
    wire::DecisionRecord record = desk.story.Say("other", std::chrono::hours(24), PolicyApplied{});
    record.command_at = record.decision.at;
    desk.view.Take(record, wire::EncodeDecision(record), desk.offset++);
    EXPECT_EQ(silent(), day < 2 ? 1 : 0) << day;
  }
}

TEST(Facts, AViewOfBeforeHasFactsFromItsNextDecisionOn) {
  FactsShop desk;
  desk.Presence("ana", Presence::kAvailable);
  desk.Place(kOne);
  desk.Offer(kOne, "ana");
  desk.Accept(kOne, "ana");
  desk.shop.Commit(desk.view);
  auto& tables = desk.shop.stores.content().tables;  // as a build without facts left it
  for (const std::string& table :
       {FactDeskTable(0), FactAgentTable(0), FactInquiryTable(0), FactAbleTable(0)}) {
    tables.erase(table);
  }
  absl::StatusOr<View> loaded = View::Load(*desk.shop.store, 0, kTtl);
  ASSERT_TRUE(loaded.ok() && loaded->watermark());
  desk.view = *std::move(loaded);
  desk.After(10min);
  desk.Say(InquiryAnswered{kOne, AgentName::Of("ana"), true, 10min});
  desk.After(4min);
  desk.Presence("ana", Presence::kOffline);
  const v1::GetReportResponse report = desk.Day({v1::REPORT_GROUP_QUEUE});
  EXPECT_EQ(*wire::FromTimestamp("since", report.since()), kMonday + 10min);
  EXPECT_EQ(report.total().placed(), 0);
  EXPECT_EQ(report.total().answered(), 1);
  EXPECT_EQ(report.sections(0).rows(0).key(), "live") << "what is open is known from before";
  EXPECT_EQ(report.total().staffed(), 4 * 60);
  EXPECT_EQ(report.total().occupied(), 4 * 60);
}

TEST(Facts, MoreCombinationsThanASlotHoldsAreCountedTogether) {
  FactsShop desk;
  const std::size_t most = kFactEntriesMax + 200;
  for (std::size_t i = 0; i < most; ++i) {
    desk.Place(InquiryId::FromNumber(i + 1), ("t" + std::to_string(i)).c_str());
  }
  const v1::GetReportResponse report = desk.Day({v1::REPORT_GROUP_TOPIC});
  EXPECT_EQ(report.total().placed(), most);
  const auto& rows = report.sections(0).rows();
  ASSERT_EQ(rows.size(), 501);
  EXPECT_EQ(rows[500].key(), "(more)");
  EXPECT_EQ(rows[500].figures().placed(), most - 500);

  absl::StatusOr<View> loaded = View::Load(*desk.shop.store, 0, kTtl);
  ASSERT_TRUE(loaded.ok() && loaded->watermark()) << "full slots load, too";
}

// What reports cost in the store, told for the docs: bytes of all rows by a thousand inquiries of
// which each was offered, had, answered and resolved.
TEST(Facts, AThousandInquiriesCostSomeTensOfKilobytes) {
  FactsShop desk;
  static constexpr const char* kTopics[] = {"delivery", "refund", "payment", "other", "damage"};
  static constexpr const char* kLanguages[] = {"uk", "ru", "ro", "sr"};
  static constexpr const char* kAgents[] = {"ana", "ben", "cleo", "dan", "eva", "fred"};
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const auto id = InquiryId::FromNumber(i + 1);
    const char* agent = kAgents[Mix64(i) % 6];
    desk.After(std::chrono::seconds(Mix64(i + 1) % 58));
    desk.Place(id, kTopics[Mix64(i + 2) % 5], kLanguages[Mix64(i + 3) % 4]);
    desk.After(std::chrono::milliseconds(Mix64(i + 4) % 9'000));
    desk.Offer(id, agent);
    desk.After(std::chrono::milliseconds(Mix64(i + 5) % 9'000));
    desk.Accept(id, agent);
    desk.Say(InquiryAnswered{id, AgentName::Of(agent), true,
                             std::chrono::milliseconds(Mix64(i + 6) % 90'000)});
    desk.Say(SlaMet{id, Target::kFirstResponse, kNever});
    desk.Say(InquiryResolved{id, AgentName::Of(agent),
                             std::chrono::milliseconds(Mix64(i + 7) % 900'000),
                             std::chrono::milliseconds(Mix64(i + 8) % 990'000)});
  }
  desk.shop.Commit(desk.view);
  std::size_t bytes = 0;
  std::size_t rows = 0;
  for (const auto& [name, table] : desk.shop.stores.content().tables) {
    if (name.find("/facts/") == std::string::npos) continue;
    for (const auto& [row, value] : table) bytes += row.size() + value.size();
    rows += table.size();
  }
  std::cout << "facts of 1,000 inquiries: " << bytes << " bytes in " << rows << " rows\n";
  EXPECT_LT(bytes, 80'000);
  EXPECT_GT(bytes, 1'000);
}

}  // namespace
}  // namespace usher::insights
