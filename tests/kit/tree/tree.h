// Where the files of this tree are, for tests that read them. One place knows: a path in every
// command that compiles would keep the clones of this tree from sharing what they compiled.
#pragma once

#include <string>
#include <string_view>

namespace usher::kit {

// `path` is relative to the top of the tree; the answer is absolute.
std::string TreePath(std::string_view path);

}  // namespace usher::kit
