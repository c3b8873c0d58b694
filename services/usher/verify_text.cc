#include "usher/verify_text.h"

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "usher/question_text.h"
#include "usher/v1/decision.pb.h"

namespace usher {
namespace {

using Kind = router::Difference::Kind;

std::string Json(const wire::DecisionRecord& record) {
  v1::Decision decision;
  USHER_CHECK(decision.ParseFromString(wire::EncodeDecision(record)));
  return Printable(JsonLine(decision), Newlines::kKeep);  // ends with a newline
}

const char* Sentence(Kind kind) {
  switch (kind) {
    case Kind::kDiffers:
      return "the log says another thing than the replay";
    case Kind::kMissing:
      return "the replay decides it, the log goes on without it";
    case Kind::kExtra:
      return "the log has it, the replay does not decide it";
    case Kind::kCopyDiffers:
      return "a later copy in the log says another thing";
    case Kind::kAlien:
      return "it was decided on another command log";
    case Kind::kUnreadable:
      return "the record is no decision";
  }
  return "";
}

}  // namespace

const char* KindText(Kind kind) {
  switch (kind) {
    case Kind::kDiffers:
      return "differs";
    case Kind::kMissing:
      return "missing";
    case Kind::kExtra:
      return "extra";
    case Kind::kCopyDiffers:
      return "copy_differs";
    case Kind::kAlien:
      return "alien";
    case Kind::kUnreadable:
      return "unreadable";
  }
  return "";
}

std::string VerifiedText(std::int32_t partition, const router::Verified& verified) {
  std::string text = absl::StrCat("partition ", partition, ": ");
  if (verified.first < 0) {
    absl::StrAppend(&text, "no decision to verify");
  } else {
    absl::StrAppend(&text, "commands ", verified.first, "..", verified.last, ", ",
                    verified.decisions, " decisions and ", verified.checkpoints,
                    " checkpoints are as in the log");
  }
  if (verified.copies > 0) absl::StrAppend(&text, ", ", verified.copies, " copies are equal");
  if (verified.old_copies > 0) {
    absl::StrAppend(&text, ", ", verified.old_copies, " copies came too late to be looked at");
  }
  if (verified.held > 0) absl::StrAppend(&text, ", ", verified.held, " commands held");
  if (verified.skipped > 0) absl::StrAppend(&text, ", ", verified.skipped, " records skipped");
  return text + "\n";
}

std::string DifferenceText(std::int32_t partition, const router::Difference& difference) {
  std::string text = absl::StrCat("partition ", partition, ": ");
  if (!difference.stamp.none()) {
    absl::StrAppend(&text, "command ", difference.stamp.offset, ", decision ",
                    difference.stamp.index, " ");
  }
  absl::StrAppend(&text, "(offset ", difference.place,
                  " of usher.decisions): ", Sentence(difference.kind), "\n");
  const bool copy = difference.kind == Kind::kCopyDiffers;
  if (difference.in_log) {
    absl::StrAppend(&text, copy ? "  copy:   " : "  log:    ", Json(*difference.in_log));
  }
  if (difference.replayed) {
    absl::StrAppend(&text, copy ? "  first:  " : "  replay: ", Json(*difference.replayed));
  }
  if (!difference.problem.empty()) absl::StrAppend(&text, "  ", difference.problem, "\n");
  return text;
}

}  // namespace usher
