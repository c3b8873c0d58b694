#include "model/calendar.h"

#include <algorithm>

namespace usher {
namespace {

// The first span that ends after `at`.
auto SpanAt(const Calendar& calendar, Instant at) {
  return std::upper_bound(calendar.open.begin(), calendar.open.end(), at,
                          [](Instant t, const OpenSpan& span) { return t < span.to; });
}

}  // namespace

bool IsOpen(const Calendar* calendar, Instant at) {
  if (calendar == nullptr) return true;
  const auto span = SpanAt(*calendar, at);
  return span != calendar->open.end() && span->from <= at;
}

Duration OpenBetween(const Calendar* calendar, Instant from, Instant to) {
  if (to <= from) return Duration(0);
  if (calendar == nullptr) return to - from;
  Duration open{0};
  for (auto span = SpanAt(*calendar, from); span != calendar->open.end() && span->from < to;
       ++span) {
    open += std::min(span->to, to) - std::max(span->from, from);
  }
  return open;
}

Instant AfterOpen(const Calendar* calendar, Instant from, Duration length) {
  if (length <= Duration(0)) return from;
  if (calendar == nullptr) return length > kNever - from ? kNever : from + length;
  for (auto span = SpanAt(*calendar, from); span != calendar->open.end(); ++span) {
    const Instant begin = std::max(span->from, from);
    if (length <= span->to - begin) return begin + length;
    length -= span->to - begin;
  }
  return kNever;
}

Instant NextEdge(const Calendar* calendar, Instant at) {
  if (calendar == nullptr) return kNever;
  const auto span = SpanAt(*calendar, at);
  if (span == calendar->open.end()) return kNever;
  return span->from > at ? span->from : span->to;
}

}  // namespace usher
