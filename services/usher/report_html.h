// A report as one page for a browser: nothing in it is fetched from elsewhere, nothing in it runs.
//
// Threads: any; pure. Names come from other machines: they are text in it, whatever they hold.
#pragma once

#include <string>

#include "policy/time_zone.h"
#include "usher/v1/insights.pb.h"

namespace usher {

// Light or dark as the reader's screen is, fit to be printed. It says what the sections of the
// report allow.
std::string ReportHtml(const std::string& desk, const v1::GetReportResponse& report,
                       const policy::TimeZone& zone);

}  // namespace usher
