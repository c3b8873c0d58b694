// The end of a played day: a summary for people, and a report for programs.
//
// Threads: any; text only.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "usher/play_customers.h"
#include "usher/play_tally.h"
#include "usher/play_totals.h"
#include "usher/v1/insights.pb.h"

namespace usher::play {

// A number that usher tells and one that the day saw itself.
struct Comparison {
  std::string what;
  std::uint64_t usher = 0;
  std::uint64_t seen = 0;

  bool equal() const { return usher == seen; }
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

// The numbers that must agree. After a lost stream, offers may have passed unseen: they are left
// out then.
std::vector<Comparison> Compare(const Totals& totals, const Tally& tally);

struct SummaryOptions {
  std::int64_t speed = 1;
  bool whole = true;  // the day was not cut short
  std::string server;
  std::string metrics;  // URL; empty: not known
  std::string desk;     // of the example
};

// Fills in what the book tells: how long customers waited for a yes and for a reply, sorted.
void Measure(const std::unordered_map<std::string, Page>& book, Tally& tally);

// All of it, to be printed. `example`: one inquiry with its timeline; may be null.
std::string SummaryText(const SummaryOptions& options, const Totals& totals, const Tally& tally,
                        const v1::GetInquiryResponse* example);

// The same as JSON, with every inquiry of the day: what was sent, understood and measured.
std::string ReportJson(const SummaryOptions& options, const Totals& totals, const Tally& tally,
                       const Customers& customers, const DayPlan& plan,
                       const std::vector<Sample>& samples);

}  // namespace usher::play
