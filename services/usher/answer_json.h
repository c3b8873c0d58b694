// An answer of a service as a program reads it.
//
// Threads: any; pure.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace usher {

// One line, as the protos map to JSON, with every figure, the ones that are 0, too.
std::string AnswerJson(const google::protobuf::Message& answer);

}  // namespace usher
