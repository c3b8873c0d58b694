// PartsControl: disturbs the real parts that tests/kit/with_parts.py runs beside this process.
#pragma once

#include <string>

namespace usher::contract {

// The value of an environment variable, empty if it is not set.
std::string Environment(const char* name);

// For example Disturb("redis kill"), Disturb("kafka.1 start"). Returns when it has happened; fails
// the process if it could not.
void Disturb(const std::string& what);

// What Disturb takes: `verb` done to that broker.
std::string Broker(int node, const std::string& verb);

}  // namespace usher::contract
