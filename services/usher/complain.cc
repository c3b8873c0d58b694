#include "usher/complain.h"

#include <iostream>
#include <string>

#include "usher/commands.h"
#include "usher/question_text.h"

namespace usher {

int Complain(const absl::Status& status) {
  std::cerr << Printable(std::string(status.message()), Newlines::kKeep) << "\n";
  return absl::IsInvalidArgument(status) ? kBadUsage : kFailed;
}

}  // namespace usher
