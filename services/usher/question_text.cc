#include "usher/question_text.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <utility>

#include "core/check.h"
#include "core/fold.h"
#include "insights/sentences.h"

namespace usher {
namespace {

constexpr std::int64_t kFarUs = 4'000'000'000'000'000'000;  // sums of two stay in range

// Code points that move text about or can't be seen: they could make one name look like another.
bool Hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe007f);
}

std::string Count(std::uint64_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

const char* StageText(v1::Stage stage) {
  switch (stage) {
    case v1::STAGE_WAITING:
      return "waits in";
    case v1::STAGE_OFFERED:
      return "is on offer from";
    case v1::STAGE_ASSIGNED:
      return "is with an agent, not answered yet, from";
    case v1::STAGE_ANSWERED:
      return "is with an agent, and answered, from";
    case v1::STAGE_SCHEDULED:
      return "is scheduled for";
    case v1::STAGE_PENDING:
      return "waits for its customer, from";
    default:
      return "is in";
  }
}

const char* ClockText(v1::ClockState clock) {
  switch (clock) {
    case v1::CLOCK_STATE_RUNNING:
      return "in time";
    case v1::CLOCK_STATE_WARNED:
      return "in time, with a warning";
    case v1::CLOCK_STATE_MET:
      return "kept";
    case v1::CLOCK_STATE_BREACHED:
      return "missed";
    case v1::CLOCK_STATE_PAUSED:
      return "paused";
    default:
      return "none";
  }
}

// Of one agent: "lacks the skill". Of several: in the counts.
const char* VerdictText(v1::Verdict verdict) {
  switch (verdict) {
    case v1::VERDICT_ABLE:
      return "able";
    case v1::VERDICT_OFFLINE:
      return "offline";
    case v1::VERDICT_LACKS_SKILL:
      return "without a skill that is needed";
    case v1::VERDICT_LOW_LEVEL:
      return "with a skill at too low a level";
    case v1::VERDICT_WHO:
      return "not those whom the queue's expression allows";
    case v1::VERDICT_EXCLUDED:
      return "excluded from this inquiry";
    case v1::VERDICT_RESERVED:
      return "not among those for whom it is reserved";
    case v1::VERDICT_CLOSED:
      return "kept off by the queue's hours";
    case v1::VERDICT_SHIFT_ENDS:
      return "too near the end of the shift";
    case v1::VERDICT_NOT_AVAILABLE:
      return "busy, away or draining";
    case v1::VERDICT_NO_UNITS:
      return "without free capacity";
    case v1::VERDICT_CHANNEL_FULL:
      return "at the limit for the channel";
    case v1::VERDICT_PACED:
      return "asked often enough lately";
    default:
      return "kept off by what this release does not know";
  }
}

const char* NextText(v1::NextChange next) {
  switch (next) {
    case v1::NEXT_CHANGE_RELAX:
      return "the queue's next step asks for less";
    case v1::NEXT_CHANGE_RESERVATION_END:
      return "the reservation ends";
    case v1::NEXT_CHANGE_EXCLUSION_END:
      return "an exclusion ends";
    case v1::NEXT_CHANGE_ESCALATION:
      return "it escalates";
    case v1::NEXT_CHANGE_OPENING:
      return "the queue opens";
    case v1::NEXT_CHANGE_PACE_END:
      return "an agent may be asked again";
    default:
      return "something that this release does not know";
  }
}

std::uint64_t AgentsOf(const v1::InquiryExplained& told, v1::Verdict verdict) {
  std::uint64_t agents = 0;
  for (const v1::VerdictCount& count : told.verdicts()) {
    if (count.verdict() == verdict) agents += count.agents();
  }
  return agents;
}

std::uint64_t AllAgents(const v1::InquiryExplained& told) {
  std::uint64_t agents = 0;
  for (const v1::VerdictCount& count : told.verdicts()) agents += count.agents();
  return agents;
}

void WriteWhere(const v1::InquiryExplained& told, Instant now, std::string& out) {
  out += std::string("  ") + StageText(told.stage()) + " queue " + Printable(told.queue());
  out += told.route().empty() ? std::string(", as it was asked")
                              : ", by route " + Printable(told.route());
  out += ", priority " + std::to_string(told.priority()) + "\n";
  if (told.position() > 0) out += "  place " + std::to_string(told.position()) + " there\n";
  out += told.step() == 0 ? std::string("  the queue's own needs hold\n")
                          : "  step " + std::to_string(told.step()) + " of the queue holds\n";
  out += std::string("  target: ") + ClockText(told.clock());
  if (told.due_us() != 0) out += ", due " + WhenText(told.due_us(), now);
  out += "\n";
}

std::string WhyNot(const v1::Candidate& candidate) {
  switch (candidate.verdict()) {
    case v1::VERDICT_LACKS_SKILL:
      return "lacks the skill " + Printable(candidate.skill());
    case v1::VERDICT_LOW_LEVEL:
      return "has the skill " + Printable(candidate.skill()) + " at too low a level";
    case v1::VERDICT_WHO:
      return "the queue's expression does not hold";
    default:
      return VerdictText(candidate.verdict());
  }
}

void WriteCandidates(const v1::InquiryExplained& told, std::string& out) {
  const std::uint64_t agents = AllAgents(told);
  const auto able = static_cast<std::uint64_t>(
      std::count_if(told.candidates().begin(), told.candidates().end(),
                    [](const auto& one) { return one.verdict() == v1::VERDICT_ABLE; }));
  const auto shown = static_cast<std::uint64_t>(told.candidates_size());
  if (able > 0) out += "\nable to take it now, in the order in which they are asked\n";
  for (const v1::Candidate& candidate : told.candidates()) {
    if (candidate.verdict() != v1::VERDICT_ABLE) continue;
    out +=
        "  " + Printable(candidate.agent()) + "  score " + std::to_string(candidate.score()) + "\n";
  }
  if (able < shown) out += "\nkept from it\n";
  for (const v1::Candidate& candidate : told.candidates()) {
    if (candidate.verdict() == v1::VERDICT_ABLE) continue;
    out += "  " + Printable(candidate.agent()) + "  " + WhyNot(candidate) + "\n";
  }
  if (agents > shown && shown > 0) {
    out += "  and " + Count(agents - shown, "agent", "agents") + " more\n";
  }
  if (told.verdicts().empty()) return;
  out += "\nof " + Count(agents, "agent", "agents") + "\n";
  for (const v1::VerdictCount& count : told.verdicts()) {
    out += "  " + std::to_string(count.agents()) + "  " + VerdictText(count.verdict()) + "\n";
  }
}

std::string ClauseText(const v1::ClauseCount& clause) {
  if (clause.skill().empty()) return "the queue's expression";
  return Printable(clause.skill()) + " at level " + std::to_string(clause.level());
}

// Which clause leaves nobody, and what would free it.
void WriteClauses(const v1::InquiryExplained& told, std::string& out) {
  if (told.verdicts().empty() && told.clauses().empty()) return;
  const std::uint64_t here = AllAgents(told) - AgentsOf(told, v1::VERDICT_OFFLINE);
  if (here == 0) {
    out += "\nnobody is logged in\n";
    return;
  }
  if (told.clauses().empty()) return;
  out += "\nwhat it asks for, of " + Count(here, "agent", "agents") + " logged in\n";
  bool one_frees = false;
  for (const v1::ClauseCount& clause : told.clauses()) {
    out += "  " + ClauseText(clause) + ": " + std::to_string(clause.failing()) + " without it";
    if (clause.failing() >= here) out += ", which leaves nobody";
    if (clause.only() > 0) {
      one_frees = true;
      out += "; asking for less here would add " + Count(clause.only(), "agent", "agents");
    }
    out += "\n";
  }
  const std::uint64_t misfits = AgentsOf(told, v1::VERDICT_LACKS_SKILL) +
                                AgentsOf(told, v1::VERDICT_LOW_LEVEL) +
                                AgentsOf(told, v1::VERDICT_WHO);
  if (misfits >= here) {
    out += one_frees ? "  so nobody logged in fits\n"
                     : "  so nobody logged in fits, and no single one of these would change that\n";
  }
}

}  // namespace

std::string Printable(std::string_view text, Newlines newlines) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t point = NextCharacter(text, at);
    const bool no_utf8 = point == 0xfffd && at - begin == 1;  // written out it takes three bytes
    const bool keep =
        !no_utf8 && (!Hidden(point) || (point == '\n' && newlines == Newlines::kKeep));
    for (const char c : text.substr(begin, at - begin)) {
      const auto byte = static_cast<unsigned char>(c);
      if (keep) {
        out += c;
      } else {
        out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
      }
    }
  }
  return out;
}

std::string WhenText(std::int64_t at_us, Instant now) {
  std::time_t seconds = at_us / 1'000'000;
  std::tm parts{};
  char text[64];
  if (gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
    return std::to_string(at_us) + " us after 1970";
  }
  const Duration away =
      Duration(std::clamp(at_us, -kFarUs, kFarUs) - std::clamp(ToMicros(now), -kFarUs, kFarUs));
  return std::string(text) + (away >= Duration::zero()
                                  ? " (in " + insights::DurationText(away) + ")"
                                  : " (" + insights::DurationText(-away) + " ago)");
}

std::string ExplainText(const std::string& desk, const v1::ExplainInquiryResponse& answer,
                        const std::string& inquiry, Instant now) {
  const v1::InquiryExplained& told = answer.explained();
  std::string out = "inquiry " + Printable(inquiry) + " of desk " + Printable(desk) + "\n";
  WriteWhere(told, now, out);
  WriteCandidates(told, out);
  WriteClauses(told, out);
  if (told.next() != v1::NEXT_CHANGE_UNSPECIFIED) {
    out += std::string("\nnext: ") + NextText(told.next());
    if (told.next_at_us() != 0) out += ", at " + WhenText(told.next_at_us(), now);
    out += "\n";
  } else if (told.stage() == v1::STAGE_WAITING) {
    out += "\nnext: nothing that has a time; it goes on when an agent comes, or has free hands\n";
  }
  if (told.stage() == v1::STAGE_OFFERED) out += "\nnext: the answer to the offer, or its end\n";
  return out;
}

std::string WaitText(const std::string& desk, const v1::EstimateWaitResponse& answer,
                     const std::string& inquiry) {
  std::string out = "inquiry " + Printable(inquiry) + " of desk " + Printable(desk) + "\n";
  out += "  place " + std::to_string(answer.place()) + " in queue " + Printable(answer.queue()) +
         "\n  " + Count(answer.slots(), "slot", "slots") +
         " for its like among the agents at work\n  estimate: ";
  if (answer.has_wait()) {
    const Duration wait =
        std::chrono::seconds(answer.wait().seconds()) + Duration(answer.wait().nanos() / 1'000);
    return out + insights::DurationText(wait) + "\n";
  }
  return out + (answer.slots() == 0 ? "none; nobody who could take it is at work\n"
                                    : "none; no work in this queue was measured yet\n");
}

std::string PreviewText(const std::string& desk, const v1::PreviewPolicyResponse& answer) {
  const v1::PolicyPreviewed& told = answer.previewed();
  return "desk " + Printable(desk) + ", version " + Printable(told.version()) + ": " +
         std::to_string(told.moved()) + " of " +
         Count(told.open(), "open inquiry", "open inquiries") + " would move, " +
         std::to_string(told.unstaffed()) + " would wait with nobody logged in who could take " +
         (told.unstaffed() == 1 ? "it" : "them") + "\n";
}

std::string JsonLine(const google::protobuf::Message& answer) {
  std::string json;
  USHER_CHECK(google::protobuf::util::MessageToJsonString(answer, &json).ok());
  return json + "\n";
}

}  // namespace usher
