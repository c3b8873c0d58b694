// What was computed of a desk's staffing, as GetStaffing says it.
//
// Threads: any.
#pragma once

#include "staffing/need.h"
#include "staffing/suggest.h"
#include "usher/v1/staffing.pb.h"

namespace usher::insights {

void Tell(const staffing::Needs& needs, v1::GetStaffingResponse& response);
void Tell(const staffing::Trial& trial, v1::PlayedDay& day);
void Tell(const staffing::Suggestion& suggestion, v1::GetStaffingResponse& response);

}  // namespace usher::insights
