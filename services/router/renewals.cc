#include "router/renewals.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/hash.h"
#include "journal/topics.h"
#include "model/calendar.h"
#include "policy/compile.h"
#include "support/note.h"
#include "support/status.h"
#include "wire/policy.h"
#include "wire/surface.h"

namespace usher::router {
namespace {

constexpr Duration kTryAgainAfter = std::chrono::hours(24);
constexpr Duration kLookAgainAfter = 1s;  // when policies or partitions have changed

// A machine whose clock is wrong would write out the hours of another year. The log has a clock of
// its own: where it is far from this one, nothing is renewed.
constexpr Duration kClocksApartMax = std::chrono::hours(24);

bool Elapsed(Instant since, Instant now, Duration every) {
  return now < since || now - since >= every;
}

bool AnyOpen(const std::vector<Calendar>& calendars, Instant now) {
  return std::any_of(calendars.begin(), calendars.end(),
                     [now](const Calendar& calendar) { return IsOpen(&calendar, now); });
}

}  // namespace

bool SameButCalendars(const Policy& one, const Policy& other) {
  Policy bare_one = one;
  Policy bare_other = other;
  bare_one.calendars.clear();
  bare_other.calendars.clear();
  return bare_one == bare_other;
}

absl::StatusOr<wire::CommandRecord> RenewalOf(const DeskName& desk, const HeldPolicy& held,
                                              Instant now) {
  if (held.yaml_left_out) return absl::FailedPreconditionError("its source is not held here");
  policy::CompileResult result = policy::Compile(held.yaml, now);
  if (!result.compiled) {
    return absl::FailedPreconditionError(
        absl::StrCat("its source does not compile: ", policy::ToString(result.problems.front())));
  }
  v1::Policy rules;
  wire::FieldCheck check;
  if (!rules.ParseFromString(held.rules)) {
    return absl::FailedPreconditionError("its compiled form cannot be read");
  }
  // The rules are those in force, to the letter: a newer compiler may read the source otherwise.
  Policy policy = wire::FromProto(rules, check);
  if (!check.ok()) return check.status();
  policy.calendars = std::move(result.compiled->policy.calendars);

  wire::CommandRecord record;
  record.desk = desk;
  record.command.request = wire::RequestIdOf(
      desk, absl::StrCat("calendars of ", held.version, " from ", held.log.ToString(), "/",
                         held.partition, "/", held.offset));
  record.command.digest = Hash64(held.yaml);
  record.command.body = ApplyPolicy{std::move(policy)};
  record.policy_yaml = held.yaml;
  record.renewal = true;
  return record;
}

Renewals::Renewals(const Options& options, const journal::CommandLog& commands, Gauges& gauges,
                   const Progress& progress, const Shelf& shelf,
                   std::unique_ptr<log::Appender> appender)
    : options_(options),
      commands_(commands),
      gauges_(gauges),
      progress_(progress),
      shelf_(shelf),
      writer_(commands, std::move(appender)) {}

absl::Status Renewals::Step(Instant now, Duration wait) {
  USHER_RETURN_IF_ERROR(writer_.Poll());
  if (progress_.draining()) due_.clear();
  if (due_.empty() && !progress_.draining() && Elapsed(last_look_, now, kLookAgainAfter)) {
    // A policy or a partition that came is looked at now: what is told of it is not minutes old.
    Seen seen = See(now);
    if (seen != seen_ || Elapsed(last_look_, now, options_.renew_every)) Look(now, std::move(seen));
  }
  if (due_.empty()) {
    pause_.For(wait);
    return absl::OkStatus();
  }
  const DeskName desk = due_.back();
  due_.pop_back();
  return Renew(desk, now);
}

Renewals::Seen Renewals::See(Instant now) const {
  Seen seen{shelf_.changes(), {}};
  for (const auto& [number, place] : progress_.Get()) {
    const Duration apart = now - place.at;
    const bool near = apart <= kClocksApartMax && -apart <= kClocksApartMax;
    if (place.live && near) seen.partitions.push_back(number);
  }
  return seen;
}

bool Renewals::Owns(const CalendarEnd& end, const Seen& seen) const {
  const std::int32_t number = journal::PartitionOf(end.desk, commands_.partitions);
  return end.log == commands_.log_ids[static_cast<std::size_t>(number)] &&
         std::binary_search(seen.partitions.begin(), seen.partitions.end(), number);
}

void Renewals::Look(Instant now, Seen seen) {
  last_look_ = now;
  seen_ = std::move(seen);
  Duration least = policy::kCalendarMax;
  std::map<DeskName, Instant> tried;
  for (const CalendarEnd& end : shelf_.CalendarEnds()) {
    if (!Owns(end, seen_)) continue;
    least = std::min(least, end.at - now);
    if (end.at - now >= options_.renew_left) continue;
    const auto last = tried_.find(end.desk);
    if (last == tried_.end() || Elapsed(last->second, now, kTryAgainAfter)) {
      due_.push_back(end.desk);
    } else {
      tried.insert(*last);
    }
  }
  tried_ = std::move(tried);
  gauges_.calendar_left.Set(std::chrono::duration<double>(least).count());
}

absl::Status Renewals::Renew(const DeskName& desk, Instant now) {
  const absl::StatusOr<HeldPolicy> held = shelf_.Find(desk);
  if (!held.ok() || !held->calendar_end || *held->calendar_end - now >= options_.renew_left) {
    return absl::OkStatus();  // another policy came since the look
  }
  absl::StatusOr<wire::CommandRecord> record = RenewalOf(desk, *held, now);
  if (!record.ok()) {
    tried_[desk] = now;
    note::Warn("calendar.unrenewed",
               {{"desk", desk.view()}, {"problem", std::string(record.status().message())}});
    return absl::OkStatus();
  }
  const Policy& policy = std::get<ApplyPolicy>(record->command.body).policy;
  const std::optional<Instant> end = LastOpening(policy.calendars);
  if (!end || *end <= *held->calendar_end) {  // it names days that are over: there are no more
    tried_[desk] = now;
    return absl::OkStatus();
  }
  const bool patient = *held->calendar_end - now >= options_.renew_left - options_.renew_patience;
  if (patient && AnyOpen(policy.calendars, now))
    return absl::OkStatus();  // the next look asks again
  const absl::Status appended =
      writer_.Append(*record, [](const absl::StatusOr<journal::Appended>&) {});
  if (absl::IsResourceExhausted(appended)) return absl::OkStatus();
  tried_[desk] = now;
  if (absl::IsInvalidArgument(appended)) {
    note::Warn("calendar.unrenewed",
               {{"desk", desk.view()}, {"problem", std::string(appended.message())}});
    return absl::OkStatus();
  }
  USHER_RETURN_IF_ERROR(appended);
  gauges_.renewals.Add();
  note::Info("calendar.renewed", {{"desk", desk.view()}, {"version", held->version}});
  return absl::OkStatus();
}

}  // namespace usher::router
