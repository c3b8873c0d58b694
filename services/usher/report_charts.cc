#include "usher/report_charts.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "usher/question_text.h"
#include "usher/report_numbers.h"

namespace usher {
namespace {

constexpr double kWidth = 720;
constexpr double kHeight = 150;
constexpr std::size_t kLabels = 12;
constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string Number(double number) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.1f", number);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string Box(double x, double y, double width, double height, const std::string& more) {
  return "<rect x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" width=\"" + Number(width) +
         "\" height=\"" + Number(height) + "\" " + more;
}

std::string Open(const std::string& title, double height) {
  return "<svg role=\"img\" aria-label=\"" + Html(title) + "\" viewBox=\"0 0 " + Number(kWidth) +
         " " + Number(height) + "\">\n";
}

std::string Words(double x, double y, const char* anchor, const std::string& text) {
  return "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" text-anchor=\"" + anchor + "\">" +
         Html(text) + "</text>";
}

}  // namespace

std::string Html(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string BarChart(const std::string& title, const std::vector<Bar>& bars,
                     const std::string& highest) {
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.height);
  std::string out = Open(title, kHeight + 24);
  out += "<line x1=\"0\" x2=\"720\" y1=\"20\" y2=\"20\" class=\"rule\"/>";
  out += Words(kWidth, 14, "end", highest) + "\n";
  const double step = kWidth / static_cast<double>(std::max<std::size_t>(bars.size(), 7));
  const std::size_t every = bars.size() / kLabels + 1;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double x = step * static_cast<double>(i);
    const auto scaled = [&](double height) {
      return most > 0 ? height / most * (kHeight - 20) : 0;
    };
    out += "<g><title>" + Html(bar.told) + "</title>";
    out += Box(x + step * 0.1, kHeight - scaled(bar.height), step * 0.8, scaled(bar.height),
               "class=\"bar\"/>");
    if (bar.inner > 0) {
      out += Box(x + step * 0.1, kHeight - scaled(bar.inner), step * 0.8, scaled(bar.inner),
                 "class=\"inner\"/>");
    }
    if (i % every == 0) out += Words(x + step / 2, kHeight + 16, "middle", bar.label);
    out += "</g>\n";
  }
  return out + "</svg>\n";
}

std::string WeekChart(const std::string& title, const v1::ReportSection& weekday_hours) {
  std::uint64_t most = 1;
  for (const v1::ReportRow& row : weekday_hours.rows()) {
    most = std::max<std::uint64_t>(most, row.figures().placed());
  }
  const double left = 44;
  const double step = (kWidth - left) / 24;
  const double line = 22;
  std::string out = Open(title, 7 * line + 24);
  for (std::size_t day = 0; day < 7; ++day) {
    out += Words(left - 8, line * static_cast<double>(day) + 16, "end", kDays[day]);
  }
  for (int hour = 0; hour < 24; hour += 3) {
    out += Words(left + step * (hour + 0.5), 7 * line + 16, "middle", std::to_string(hour));
  }
  out += "\n";
  for (const v1::ReportRow& row : weekday_hours.rows()) {
    const auto* day = std::find(std::begin(kDays), std::end(kDays), row.key().substr(0, 3));
    if (day == std::end(kDays) || row.key().size() != 9) continue;
    const int hour = (row.key()[4] - '0') * 10 + (row.key()[5] - '0');
    const auto share = static_cast<double>(row.figures().placed()) / static_cast<double>(most);
    out += Box(left + step * hour + 1, line * static_cast<double>(day - std::begin(kDays)) + 1,
               step - 2, line - 2,
               "class=\"heat\" fill-opacity=\"" + Number(0.1 + 0.9 * share) + "\"><title>" +
                   Html(row.key() + ": " + Plural(row.figures().placed(), "inquiry", "inquiries")) +
                   "</title></rect>\n");
  }
  return out + "</svg>\n";
}

std::string Gauge(double share) {
  return "<span class=\"gauge\"><span style=\"width:" + Number(100 * std::clamp(share, 0.0, 1.0)) +
         "%\"></span></span>";
}

}  // namespace usher
