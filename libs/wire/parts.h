// The messages that commands, decisions and the gRPC surfaces share: needs, limits, features.
#pragma once

#include <cstdint>
#include <vector>

#include "model/command.h"
#include "model/policy.h"
#include "usher/v1/inquiry.pb.h"
#include "wire/fields.h"

namespace usher::wire {

using NeedList = google::protobuf::RepeatedPtrField<v1::Need>;
using ChannelLimitList = google::protobuf::RepeatedPtrField<v1::ChannelLimit>;

void ToProto(const Features& from, v1::Features& to);
void ToProto(const std::vector<Need>& from, NeedList& to);
void ToProto(const std::vector<ChannelLimit>& from, ChannelLimitList& to);

// What is wrong is noted in `check`; `field` names the list.
Features FromProto(const v1::Features& from, FieldCheck& check);
std::vector<Need> FromProto(const NeedList& from, const char* field, std::uint32_t most,
                            FieldCheck& check);
std::vector<ChannelLimit> FromProto(const ChannelLimitList& from, const char* field,
                                    FieldCheck& check);

}  // namespace usher::wire
