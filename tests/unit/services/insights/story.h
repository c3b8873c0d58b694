// Story: a random history of decisions as a router could have made it, and what it adds up to by a
// plain recount. For the tests of insights.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wire/records.h"

namespace usher::insights {

// Equal seeds give equal stories.
class Story {
 public:
  explicit Story(std::uint64_t seed, std::int32_t partition = 0);

  // The next `count` decisions, each following the one before.
  std::vector<wire::DecisionRecord> Tell(std::size_t count);

  // One that says just this, for tests that need it.
  wire::DecisionRecord Say(const std::string& desk, Duration after, DecisionBody body);

  Instant now() const { return now_; }

 private:
  enum class Stage { kWaiting, kOffered, kAssigned, kAnswered };
  struct Live {
    InquiryId inquiry;
    DeskName desk;
    QueueName queue;
    Stage stage = Stage::kWaiting;
    AgentName agent;  // who is asked, or has it
    OfferId offer;
    AgentName second;  // who is asked besides; none: nobody
    OfferId second_offer;
    std::uint8_t priority = 0;
    Instant placed_at;
    Instant accepted_at;
    bool answered = false;
    bool breached = false;
    Instant due;
  };

  std::uint64_t Draw(std::uint64_t below);
  wire::DecisionRecord NextOne();
  DecisionBody Place(const DeskName& desk);
  DecisionBody Go(std::size_t index);
  DecisionBody GoWaiting(std::size_t index);
  DecisionBody GoOffered(Live& live);
  DecisionBody GoAssigned(std::size_t index);
  DecisionBody AgentStory();

  std::uint64_t random_;
  Stamp last_;
  Instant now_;
  std::vector<Live> live_;
  std::uint64_t inquiries_ = 0;
  std::uint64_t offers_ = 0;
};

// What a desk did, counted in the dullest way.
struct Recount {
  std::map<std::string, std::uint64_t> totals;    // placed, joined, ..., queue/x, offer/made, ...
  std::map<std::string, std::uint64_t> waiting;   // by queue
  std::map<std::string, std::uint64_t> assigned;  // by queue
  std::map<std::string, std::uint64_t> foretold;  // by queue
  std::map<std::string, Instant> earliest_due;    // by queue; none: nobody who waits has one
};
std::map<std::string, Recount> CountAgain(const std::vector<wire::DecisionRecord>& decisions);

}  // namespace usher::insights
