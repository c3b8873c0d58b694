#include "wire/fields.h"

namespace usher::wire {

void FieldCheck::Refuse(const char* field, std::string_view what) {
  if (!problem_.empty()) return;
  for (std::size_t i = 0; i < depth_; ++i) {
    problem_ += path_[i].field;
    if (path_[i].index >= 0) problem_ += '[' + std::to_string(path_[i].index) + ']';
    problem_ += '.';
  }
  problem_ += field;
  problem_ += ": ";
  problem_ += what;
}

}  // namespace usher::wire
