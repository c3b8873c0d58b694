// What every log adapter promises to groups of readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "contract/log_suite.h"

namespace usher::contract {
namespace {

// Readers of one group that start each partition where the group left it, and note what happened to
// them.
class Members {
 public:
  std::map<log::TopicPartition, std::size_t> owner;
  std::map<log::TopicPartition, std::int64_t> committed;  // as the last assignment said
  std::map<std::string, int> seen;                        // by value
  bool two_owners = false;
  bool alien = false;  // a record of a partition that the reader does not own

  void Take(std::size_t reader, log::Reader& from, const log::ReaderEvent& event) {
    if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
      if (owner.contains(assigned->partition)) two_owners = true;
      owner[assigned->partition] = reader;
      committed[assigned->partition] = assigned->committed;
      const std::int64_t start = assigned->committed >= 0 ? assigned->committed : assigned->begin;
      EXPECT_TRUE(from.Start(assigned->partition, start).ok());
    } else if (const auto* const revoked = std::get_if<log::Revoked>(&event)) {
      const auto found = owner.find(revoked->partition);
      if (found != owner.end() && found->second == reader) owner.erase(found);
    } else {
      const auto& record = std::get<log::Record>(event);
      const auto found = owner.find(record.from);
      if (found == owner.end() || found->second != reader) alien = true;
      ++seen[record.value];
      EXPECT_TRUE(from.Commit(record.from, record.offset + 1).ok());
    }
  }

  std::set<std::size_t> owners() const {
    std::set<std::size_t> all;
    for (const auto& [partition, reader] : owner) all.insert(reader);
    return all;
  }
};

class LogGroups : public LogContract {
 protected:
  std::vector<log::Entry> OneEach(const std::string& topic, int partitions,
                                  const std::string& word) {
    std::vector<log::Entry> entries;
    for (int p = 0; p < partitions; ++p) {
      entries.push_back({{topic, p}, "", word + std::to_string(p), {}});
    }
    return entries;
  }
};

TEST_P(LogGroups, ShareThePartitionsAmongTheirMembers) {
  constexpr int kPartitions = 4;
  const log::TopicPartition to = MakeTopic({.partitions = kPartitions});
  const std::string group = FreshName("group");
  AppendAll(OneEach(to.topic, kPartitions, "early"));
  Members members;
  std::vector<std::unique_ptr<log::Reader>> readers;
  readers.push_back(OpenReader(to.topic, group, "one"));
  const auto take = [&](std::size_t i, const log::ReaderEvent& event) {
    members.Take(i, *readers[i], event);
  };
  ASSERT_TRUE(PollUntil({readers[0].get()}, take, [&] { return members.seen.size() == 4; }));
  EXPECT_EQ(members.owner.size(), 4u);

  readers.push_back(OpenReader(to.topic, group, "two"));
  const std::vector<log::Reader*> both{readers[0].get(), readers[1].get()};
  ASSERT_TRUE(PollUntil(both, take,
                        [&] { return members.owner.size() == 4 && members.owners().size() == 2; }));
  AppendAll(OneEach(to.topic, kPartitions, "late"));
  ASSERT_TRUE(PollUntil(both, take, [&] { return members.seen.size() == 8; }));
  EXPECT_FALSE(members.two_owners);
  EXPECT_FALSE(members.alien);
  // Commits of the first owner held for the second: nothing came twice.
  const int most = bench_->commits_while_sharing() ? 1 : 2;
  for (const auto& [value, times] : members.seen) EXPECT_LE(times, most) << value;

  // One leaves: the other gets all.
  readers[0].reset();
  std::erase_if(members.owner, [](const auto& owned) { return owned.second == 0; });
  ASSERT_TRUE(PollUntil(
      {both[1]}, [&](std::size_t, const log::ReaderEvent& event) { take(1, event); },
      [&] { return members.owner.size() == 4; }));
  AppendAll(OneEach(to.topic, kPartitions, "last"));
  ASSERT_TRUE(PollUntil(
      {both[1]}, [&](std::size_t, const log::ReaderEvent& event) { take(1, event); },
      [&] { return members.seen.size() == 12; }));
  EXPECT_FALSE(members.alien);
}

TEST_P(LogGroups, ThatBeatShareThePartitionsAndMissNoneWhenOneLeaves) {
  constexpr int kPartitions = 4;
  const log::TopicPartition to = MakeTopic({.partitions = kPartitions});
  const log::TopicPartition beats = MakeTopic({.brief = true});
  const std::string group = FreshName("group");
  Members members;
  std::vector<std::unique_ptr<log::Reader>> readers;
  for (const char* name : {"one", "two"}) {
    auto reader = log().OpenReader(
        {.topics = {to.topic}, .group = group, .member_id = name, .beats = beats.topic});
    ASSERT_TRUE(reader.ok()) << reader.status();
    readers.push_back(std::move(*reader));
  }
  const auto take = [&](std::size_t i, const log::ReaderEvent& event) {
    members.Take(i, *readers[i], event);
  };
  const std::vector<log::Reader*> both{readers[0].get(), readers[1].get()};
  // Owners may overlap for a moment; in the end each partition has one, and both have some.
  ASSERT_TRUE(PollUntil(both, take,
                        [&] { return members.owner.size() == 4 && members.owners().size() == 2; }));
  AppendAll(OneEach(to.topic, kPartitions, "early"));
  ASSERT_TRUE(PollUntil(both, take, [&] { return members.seen.size() == 4; }));

  readers[0].reset();
  std::erase_if(members.owner, [](const auto& owned) { return owned.second == 0; });
  const auto take_last = [&](std::size_t, const log::ReaderEvent& event) { take(1, event); };
  ASSERT_TRUE(PollUntil({both[1]}, take_last, [&] { return members.owner.size() == 4; }));
  AppendAll(OneEach(to.topic, kPartitions, "late"));
  ASSERT_TRUE(PollUntil({both[1]}, take_last, [&] { return members.seen.size() == 8; }));
  EXPECT_FALSE(members.alien);
}

TEST_P(LogGroups, RememberCommitsAfterReopening) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  const std::string group = FreshName("group");
  AppendValues(to, {"a", "b", "c"});
  {
    const std::unique_ptr<log::Reader> reader = OpenReader(to.topic, group);
    Members members;
    ASSERT_TRUE(PollUntil(
        {reader.get()},
        [&](std::size_t, const log::ReaderEvent& event) {
          if (const auto* const record = std::get_if<log::Record>(&event)) {
            ++members.seen[record->value];
          } else {
            members.Take(0, *reader, event);
          }
        },
        [&] { return members.seen.size() == 3; }));
    EXPECT_EQ(members.committed.at(to), -1);
    ASSERT_TRUE(reader->Commit(to, 2).ok());
  }
  bench_->Reopen();
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic, group);
  Members members;
  ASSERT_TRUE(PollUntil(
      {reader.get()},
      [&](std::size_t, const log::ReaderEvent& event) { members.Take(0, *reader, event); },
      [&] { return !members.seen.empty(); }));
  EXPECT_EQ(members.committed.at(to), 2);
  EXPECT_EQ(members.seen.count("c"), 1u);
  EXPECT_EQ(members.seen.size(), 1u);
}

TEST_P(LogGroups, DoNotKnowOfEachOther) {
  const log::TopicPartition to = MakeTopic();
  AppendValues(to, {"a"});
  std::vector<std::unique_ptr<log::Reader>> readers;
  readers.push_back(OpenReader(to.topic, FreshName("group"), "one"));
  readers.push_back(OpenReader(to.topic, FreshName("group"), "two"));
  readers.push_back(OpenReader(to.topic));
  std::set<std::size_t> got;
  ASSERT_TRUE(PollUntil(
      {readers[0].get(), readers[1].get(), readers[2].get()},
      [&](std::size_t i, const log::ReaderEvent& event) {
        if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
          EXPECT_TRUE(readers[i]->Start(assigned->partition, 0).ok());
        } else if (std::holds_alternative<log::Record>(event)) {
          got.insert(i);
        }
      },
      [&] { return got.size() == 3; }));
}

INSTANTIATE_TEST_SUITE_P(Adapters, LogGroups, testing::ValuesIn(LogAdapters()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace usher::contract
