// A report as a page for people, as a table for spreadsheets.
//
// Threads: any; pure. Names come from other machines: they are made safe here.
#pragma once

#include <string>
#include <vector>

#include "policy/time_zone.h"
#include "usher/v1/insights.pb.h"

namespace usher {

// "queue", ..., as --by takes it and CSV says it.
const char* GroupName(v1::ReportGroup group);

// A page for a terminal: what came, how fast it was answered, what went wrong and why, what grew,
// the busiest hours, who is loaded; then a table for each of `tables`. It says what the sections of
// the report allow.
std::string ReportText(const std::string& desk, const v1::GetReportResponse& report,
                       const policy::TimeZone& zone, const std::vector<v1::ReportGroup>& tables);

// A line with the names of columns, one for the total (group "total"), and one for each row of each
// section. Columns are only ever added at the end. Times are in seconds with three decimals.
std::string ReportCsv(const v1::GetReportResponse& report);

}  // namespace usher
