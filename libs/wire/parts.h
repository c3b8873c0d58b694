// The messages that commands, decisions and the gRPC surfaces share: needs, limits,
// attributes, features.
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
using AttributeList = google::protobuf::RepeatedPtrField<v1::Attribute>;

// kNever is 0 on the wire: no log was written in 1970.
std::int64_t MicrosOrZero(Instant at);
Instant InstantOrNever(std::int64_t micros);

void ToProto(const Features& from, v1::Features& to);
void ToProto(const std::vector<Need>& from, NeedList& to);
void ToProto(const std::vector<ChannelLimit>& from, ChannelLimitList& to);
void ToProto(const Attribute& from, v1::Attribute& to);
void ToProto(const std::vector<Attribute>& from, AttributeList& to);

// What is wrong is noted in `check`; `field` names the list.
Features FromProto(const v1::Features& from, FieldCheck& check);
std::vector<Need> FromProto(const NeedList& from, const char* field, std::uint32_t most,
                            FieldCheck& check);
std::vector<ChannelLimit> FromProto(const ChannelLimitList& from, const char* field,
                                    FieldCheck& check);
Attribute FromProto(const v1::Attribute& from, FieldCheck& check);
std::vector<Attribute> FromProto(const AttributeList& from, const char* field, FieldCheck& check);

}  // namespace usher::wire
