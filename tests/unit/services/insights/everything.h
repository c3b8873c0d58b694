// Everything that a simulated store holds, but for when it goes: to be compared.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "store/sim/sim_store.h"

namespace usher::insights {

inline auto Everything(const store::SimStores& stores) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : stores.content().values) values[key] = value.bytes;
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& [key, list] : stores.content().lists) lists[key] = list.elements;
  std::map<std::string, std::map<std::string, std::string>> tables;
  for (const auto& [name, table] : stores.content().tables) {
    if (!table.empty()) tables[name] = table;
  }
  return std::make_tuple(values, lists, tables);
}

}  // namespace usher::insights
