#include "usher/report_text.h"

#include <algorithm>

#include "usher/question_text.h"
#include "usher/report_numbers.h"
#include "usher/report_period.h"

namespace usher {
namespace {

constexpr std::size_t kGrownMost = 5;
constexpr std::size_t kBusiestMost = 5;
constexpr std::size_t kLoadedMost = 5;
constexpr std::size_t kNameWidth = 26;

Instant At(const google::protobuf::Timestamp& time) {
  return FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000);
}

// Alphabets of two and more bytes a letter count as they are seen.
std::string Padded(const std::string& text, std::size_t width, bool right = false) {
  const auto seen = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
  const std::string space(seen < width ? width - seen : 0, ' ');
  return right ? space + text : text + space;
}

// "half within 40s, nine of ten within 2m 3s".
std::string Spread(const v1::ReportTimes& times) {
  return "half within " + Seconds(times.p50()) + ", nine of ten within " + Seconds(times.p90());
}

std::string SharesOf(const v1::ReportSection& section, std::uint64_t placed) {
  std::string out;
  for (const v1::ReportRow* row : Busiest(section, 6)) {
    out += (out.empty() ? "" : ", ") + Printable(row->key()) + " " +
           Share(static_cast<double>(row->figures().placed()), static_cast<double>(placed));
  }
  return out;
}

void WriteCame(const v1::GetReportResponse& report, std::string& out) {
  const v1::ReportFigures& all = report.total();
  out += "\nWhat came\n  " + Plural(all.placed(), "inquiry", "inquiries");
  if (BeforeIsKnown(report)) {
    out += ", " + GrowthText(all.placed(), all.placed_before()) + " (" +
           WithCommas(all.placed_before()) + " in as much time before)";
  }
  out += ". " + Plural(all.joined(), "further message", "further messages") + " joined them.\n";
  const auto placed = static_cast<double>(all.placed());
  if (all.repeats() + all.reopened() > 0) {
    out += "  " + WithCommas(all.repeats()) + " (" +
           Share(static_cast<double>(all.repeats()), placed) +
           ") repeat the same customer's topic; " + WithCommas(all.reopened()) +
           " reopen what was resolved.\n";
  }
  if (all.rejected() > 0) {
    out += "  " + Plural(all.rejected(), "message was", "messages were") + " not taken in.\n";
  }
  for (const auto& [group, words] : {std::pair(v1::REPORT_GROUP_CHANNEL, "by channel"),
                                     std::pair(v1::REPORT_GROUP_LANGUAGE, "by language"),
                                     std::pair(v1::REPORT_GROUP_TOPIC, "by topic")}) {
    const v1::ReportSection* section = SectionOf(report, group);
    const std::string shares = section ? SharesOf(*section, all.placed()) : "";
    if (!shares.empty()) out += std::string("  ") + words + ": " + shares + "\n";
  }
}

void WriteFast(const v1::ReportFigures& all, std::string& out) {
  out += "\nHow fast it was answered\n";
  if (all.answered() == 0) {
    out += "  nothing was answered\n";
    return;
  }
  out += "  " + Plural(all.answered(), "inquiry", "inquiries") +
         " got a first reply: " + Spread(all.first_response()) + ".\n";
  if (all.has_service_level()) {
    const v1::ReportTarget* first = TargetOf(all, "first_response");
    out += "  Service level: " + Share(all.service_level(), 1) + " of first replies in time";
    if (first) {
      out +=
          " (" + WithCommas(first->met()) + " kept, " + WithCommas(first->breached()) + " missed)";
    }
    out += ".\n";
  }
  const auto line = [&out](const char* what, const v1::ReportTimes& times) {
    if (times.count() > 0) out += std::string("  ") + what + ": " + Spread(times) + ".\n";
  };
  line("Next replies", all.next_response());
  line("Until an agent was asked", all.offer_wait());
  line("Until the agent said yes", all.accept());
  line("Work on one", all.handling());
  if (all.resolved() > 0) {
    out += "  " + WithCommas(all.resolved()) + " resolved: " + Spread(all.resolution()) + ".\n";
  }
}

void WriteWrong(const v1::ReportFigures& all, std::string& out) {
  out += "\nWhat went wrong, and why\n";
  const std::size_t begin = out.size();
  const std::uint64_t breaches = BreachesOf(all);
  if (breaches > 0) {
    out += "  " + Plural(breaches, "target was", "targets were") + " missed";
    std::string parts;
    for (const v1::ReportTarget& target : all.targets()) {
      if (target.breached() == 0) continue;
      std::string name = target.target();
      std::replace(name.begin(), name.end(), '_', ' ');
      parts += (parts.empty() ? "" : ", ") + name + " " + WithCommas(target.breached());
    }
    out += " (" + parts + "):\n";
    for (const auto& [cause, count] : CausesOf(all)) {
      out += "    " + Padded(WithCommas(count), 6, true) + "  " +
             Padded(Share(static_cast<double>(count), static_cast<double>(breaches)), 8, true) +
             "  " + CauseText(cause) + "\n";
    }
  }
  if (all.abandoned() > 0) {
    out += "  " + Plural(all.abandoned(), "customer", "customers") +
           " went away, half of them after " + Seconds(all.abandon().p50()) + " at most.\n";
  }
  const std::uint64_t expired = Offers(all, "expired");
  const std::uint64_t declined = Offers(all, "declined");
  if (expired + declined > 0) {
    out += "  Of " + Plural(Offers(all, "made"), "offer", "offers") + " " + WithCommas(expired) +
           " were not answered and " + WithCommas(declined) + " declined.\n";
  }
  if (all.transferred() + all.requeued() > 0) {
    out += "  " + WithCommas(all.transferred()) + " handed on by their agent; " +
           WithCommas(all.requeued()) + " waited again for another reason.\n";
  }
  if (out.size() == begin) out += "  nothing\n";
}

// What customers and reviewers said afterwards; of reviews also what was wanted.
void WriteSaid(const v1::GetReportResponse& report, std::string& out) {
  const v1::ReportFigures& all = report.total();
  const v1::ReportRatings& ratings = all.ratings();
  if (ratings.count() + all.reviews() + all.wanted() == 0) return;
  out += "\nWhat was said of it\n";
  if (ratings.count() > 0) {
    out += "  " + Plural(ratings.count(), "customer", "customers") +
           " rated: " + MeanText(ratings.mean()) + " of 5 in the mean, " +
           Share(ratings.satisfied(), 1) + " gave 4 or 5.\n";
  }
  if (all.reviews() + all.wanted() > 0) {
    out +=
        "  " + Plural(all.reviews(), "review was", "reviews were") + " made; " +
        WithCommas(all.wanted()) + " of the resolved were wanted for review" +
        (all.lapsed() > 0 ? "; of " + WithCommas(all.lapsed()) + " nobody made one in time" : "") +
        ".\n";
  }
  if (all.has_mark()) {
    out += "  Marks: " + MeanText(all.mark()) + " of 100 in the mean";
    std::string parts;
    for (const v1::ReportMark& mark : all.marks()) {
      parts +=
          (parts.empty() ? "" : ", ") + Printable(mark.criterion()) + " " + MeanText(mark.mean());
    }
    out += " (" + parts + ").\n";
  }
}

void WriteGrown(const v1::GetReportResponse& report, std::string& out) {
  const v1::ReportSection* topics = SectionOf(report, v1::REPORT_GROUP_TOPIC);
  if (!topics || !BeforeIsKnown(report)) return;
  const auto grown = Grown(*topics, kGrownMost);
  if (grown.empty()) return;
  out += "\nWhat grew\n";
  for (const v1::ReportRow* row : grown) {
    const v1::ReportFigures& figures = row->figures();
    out += "  " + Padded(Printable(row->key()), kNameWidth) +
           Padded(WithCommas(figures.placed()), 8, true) + ", was " +
           WithCommas(figures.placed_before()) + ": " +
           GrowthText(figures.placed(), figures.placed_before()) + "\n";
  }
}

void WriteBusiest(const v1::GetReportResponse& report, std::string& out) {
  const v1::ReportSection* hours = SectionOf(report, v1::REPORT_GROUP_WEEKDAY_HOUR);
  if (!hours) return;
  const auto busiest = Busiest(*hours, kBusiestMost);
  if (busiest.empty()) return;
  out += "\nBusiest hours\n";
  for (const v1::ReportRow* row : busiest) {
    const v1::ReportFigures& figures = row->figures();
    out += "  " + Padded(Printable(row->key()), 12) +
           Padded(Plural(figures.placed(), "inquiry", "inquiries"), 17, true);
    if (figures.answered() > 0) {
      out += ", nine of ten answered within " + Seconds(figures.first_response().p90());
    }
    out += "\n";
  }
}

void WriteLoaded(const v1::GetReportResponse& report, std::string& out) {
  const v1::ReportSection* agents = SectionOf(report, v1::REPORT_GROUP_AGENT);
  if (!agents) return;
  const v1::ReportFigures& all = report.total();
  const auto loaded = Loaded(*agents, kLoadedMost);
  if (loaded.empty()) return;
  out += "\nWho is loaded\n  All agents: " + Seconds(all.staffed()) + " of work time, " +
         Share(all.occupied(), all.staffed()) + " of it with inquiries.\n";
  for (const v1::ReportRow* row : loaded) {
    const v1::ReportFigures& figures = row->figures();
    const std::uint64_t missed = Offers(figures, "expired") + Offers(figures, "declined");
    out += "  " + Padded(Printable(row->key()), kNameWidth) +
           Padded(Share(figures.occupied(), figures.staffed()), 8, true) + " of " +
           Seconds(figures.staffed()) + "; " + WithCommas(figures.resolved()) + " resolved" +
           (missed > 0 ? "; " + Plural(missed, "offer", "offers") + " missed or declined" : "") +
           "\n";
  }
}

void WriteTable(const v1::ReportSection& section, std::string& out) {
  out += std::string("\nBy ") + GroupName(section.group_by()) + "\n  " + Padded("", kNameWidth);
  for (const char* head : {"placed", "answered", "half in", "9 of 10 in", "in time", "missed",
                           "resolved", "rating", "mark"}) {
    out += Padded(head, 12, true);
  }
  out += "\n";
  for (const v1::ReportRow& row : section.rows()) {
    const v1::ReportFigures& figures = row.figures();
    const bool answered = figures.answered() > 0;
    out += "  " + Padded(Printable(row.key()), kNameWidth);
    for (const std::string& cell :
         {WithCommas(figures.placed()), WithCommas(figures.answered()),
          answered ? Seconds(figures.first_response().p50()) : std::string("-"),
          answered ? Seconds(figures.first_response().p90()) : std::string("-"),
          figures.has_service_level() ? Share(figures.service_level(), 1) : std::string("-"),
          WithCommas(BreachesOf(figures)), WithCommas(figures.resolved()),
          figures.ratings().has_mean() ? MeanText(figures.ratings().mean()) : std::string("-"),
          figures.has_mark() ? MeanText(figures.mark()) : std::string("-")}) {
      out += Padded(cell, 12, true);
    }
    out += "\n";
  }
}

}  // namespace

const char* GroupName(v1::ReportGroup group) {
  switch (group) {
    case v1::REPORT_GROUP_QUEUE:
      return "queue";
    case v1::REPORT_GROUP_CHANNEL:
      return "channel";
    case v1::REPORT_GROUP_TOPIC:
      return "topic";
    case v1::REPORT_GROUP_LANGUAGE:
      return "language";
    case v1::REPORT_GROUP_AGENT:
      return "agent";
    case v1::REPORT_GROUP_HOUR:
      return "hour";
    case v1::REPORT_GROUP_DAY:
      return "day";
    case v1::REPORT_GROUP_WEEKDAY_HOUR:
      return "weekday-hour";
    default:
      return "unknown";
  }
}

std::string ReportText(const std::string& desk, const v1::GetReportResponse& report,
                       const policy::TimeZone& zone, const std::vector<v1::ReportGroup>& tables) {
  const Period period{At(report.from()), At(report.to())};
  std::string out = "Desk " + Printable(desk) + ", " + PeriodText(period, zone) + " (" +
                    Printable(report.time_zone()) + ")\n";
  if (report.has_as_of()) {
    out += "As far as decided by " + MomentText(At(report.as_of()), zone) + ".\n";
  }
  if (At(report.since()) > period.from) {
    out += "Known from " + MomentText(At(report.since()), zone) + " on.\n";
  }
  WriteCame(report, out);
  WriteFast(report.total(), out);
  WriteWrong(report.total(), out);
  WriteSaid(report, out);
  WriteGrown(report, out);
  WriteBusiest(report, out);
  WriteLoaded(report, out);
  for (const v1::ReportGroup group : tables) {
    if (const v1::ReportSection* section = SectionOf(report, group)) WriteTable(*section, out);
  }
  return out;
}

}  // namespace usher
