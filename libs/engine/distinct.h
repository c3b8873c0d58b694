// IsDistinct: whether a list names nothing twice.
#pragma once

#include <algorithm>
#include <vector>

namespace usher::engine {

template <class T>
bool IsDistinct(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  return std::adjacent_find(list.begin(), list.end()) == list.end();
}

}  // namespace usher::engine
