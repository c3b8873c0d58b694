// YamlTree: a YAML text as plain values with their places. The one part that knows yaml-cpp.
//
// Narrower than YAML: one document, no anchors, aliases or tags, no key twice, bounded depth. All
// scalars stay text (`no` is a language, not a truth value): who reads them decides what they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/source.h"

namespace usher::policy {

struct Yaml {
  enum class Kind { kNothing, kText, kList, kMap };

  Kind kind = Kind::kNothing;
  std::size_t at = 0;       // byte offset of the first character
  std::string text;         // kText
  bool plain = true;        // kText: without quotes
  bool literal = true;      // kText: stands in the file letter for letter
  std::vector<Yaml> items;  // kList: the items; kMap: the values
  std::vector<Yaml> keys;   // kMap: one for each value, all kText, all different
};

// Nothing, and at least one problem, if the text is no such YAML.
//
// Errors: what yaml-cpp throws becomes a problem.
std::optional<Yaml> ParseYaml(const Source& source, Problems& problems);

}  // namespace usher::policy
