// What usher takes from librdkafka's statistics, a JSON text every few seconds.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace usher::log {

// Gauges by name; empty if the text is not what librdkafka gives.
std::map<std::string, double> ReadStatistics(std::string_view json);

}  // namespace usher::log
