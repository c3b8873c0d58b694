// Numbers of a report as people read them, and what follows from its figures.
//
// Threads: any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "usher/v1/insights.pb.h"

namespace usher {

std::string WithCommas(std::uint64_t number);  // "12,345"
std::string Share(double part, double whole);  // "7%", "under 1%"; "0%" of nothing
std::string MeanText(double mean);             // "4.3"
std::string Seconds(double seconds);           // "3m 10s"
std::string Plural(std::uint64_t count, const char* one, const char* many);  // "1 reply"

// How often offers ended so: "made", "accepted", "declined", "expired", "rescinded".
std::uint64_t Offers(const v1::ReportFigures& figures, const std::string& outcome);

// A target by its name; null: none of the kind ended.
const v1::ReportTarget* TargetOf(const v1::ReportFigures& figures, const std::string& target);

// The causes of all targets' breaches together, the most frequent first.
std::vector<std::pair<std::string, std::uint64_t>> CausesOf(const v1::ReportFigures& figures);
std::uint64_t BreachesOf(const v1::ReportFigures& figures);

// "all who could were busy".
std::string CauseText(const std::string& cause);

// Null: the report has no such section.
const v1::ReportSection* SectionOf(const v1::GetReportResponse& report, v1::ReportGroup group);

// The report is on a period that it can compare with the one before: all of that is known.
bool BeforeIsKnown(const v1::GetReportResponse& report);

// Rows with something placed, by how much more it was than in the period before, most first; those
// that did not grow, and those that are too few to tell, are left out.
std::vector<const v1::ReportRow*> Grown(const v1::ReportSection& section, std::size_t most);

// The rows with most placed, most first.
std::vector<const v1::ReportRow*> Busiest(const v1::ReportSection& section, std::size_t most);

// Agents, the most occupied first; those who were there for little are left out: under a tenth of
// who was there longest.
std::vector<const v1::ReportRow*> Loaded(const v1::ReportSection& section, std::size_t most);

// "twice as many", "20% more", "new".
std::string GrowthText(std::uint64_t now, std::uint64_t before);

}  // namespace usher
