// The reasons of decisions in English, as parts of sentences: "busy", "the customer went away".
#pragma once

#include <cstdint>
#include <string_view>

#include "model/reason.h"

namespace usher::insights {

std::string_view Why(OfferReason reason);
std::string_view Why(DeclineReason reason);
std::string_view Why(RescindCause cause);
std::string_view Why(RequeueReason reason);  // of an agent: "left the desk"
std::string_view Why(CancelReason reason);
std::string_view Why(RejectReason reason);

std::string_view Why(WakeCause cause);

std::string_view PresenceText(Presence presence);
std::string_view TargetText(Target target);  // "the first response"

// What the command with this index in CommandBody asks for: "accept an offer".
std::string_view CommandText(std::uint8_t command);

}  // namespace usher::insights
