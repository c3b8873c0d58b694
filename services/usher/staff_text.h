// What a desk needs of agents, as a page for people.
//
// Threads: any; pure. Names come from other machines: they are made safe here.
#pragma once

#include <string>

#include "usher/v1/staffing.pb.h"

namespace usher {

// Where agents are missing, skill by skill and queue by queue; then the day that was played, if one
// was. `pool`: the whole week of this queue or skill instead.
//
// Ensures: says so if there is no such pool.
std::string StaffText(const v1::GetStaffingRequest& request,
                      const v1::GetStaffingResponse& response, const std::string& pool);

}  // namespace usher
