#include "insights/staffing_answer.h"

namespace usher::insights {
namespace {

void TellPool(const staffing::PoolNeed& pool, v1::StaffingPool& told) {
  told.set_name(pool.name);
  for (int i = 0; i < staffing::kHoursOfWeek; ++i) {
    const staffing::HourNeed& hour = pool.hours[i];
    if (hour.arrivals <= 0 && hour.present <= 0) continue;
    v1::StaffingHour* row = told.add_hours();
    row->set_hour(static_cast<std::uint32_t>(i));
    row->set_arrivals(hour.arrivals);
    row->set_handling(hour.handling_s);
    row->set_patience(hour.patience_s);
    if (hour.without) {
      row->set_agents_without_leaving(static_cast<std::uint32_t>(*hour.without));
    }
    if (hour.with) row->set_agents(static_cast<std::uint32_t>(*hour.with));
    row->set_present(hour.present);
    row->set_answered_in_time(hour.answered_in_time);
  }
}

void TellHour(std::uint32_t hour, const staffing::TrialHour& played, v1::PlayedQueue& queue) {
  v1::PlayedHour* row = queue.add_hours();
  row->set_hour(hour);
  row->set_placed(played.placed);
  row->set_in_time(played.in_time);
}

}  // namespace

void Tell(const staffing::Needs& needs, v1::GetStaffingResponse& response) {
  for (const staffing::PoolNeed& queue : needs.queues) TellPool(queue, *response.add_queues());
  for (const staffing::PoolNeed& skill : needs.skills) TellPool(skill, *response.add_skills());
}

void Tell(const staffing::Trial& trial, v1::PlayedDay& day) {
  day.set_placed(trial.placed);
  day.set_abandoned(trial.abandoned);
  day.set_left_out(trial.left_out);
  day.set_days(trial.days);
  day.set_share(trial.share);
  for (const auto& [name, queue] : trial.queues) {
    v1::PlayedQueue* told = day.add_queues();
    told->set_queue(name.ToString());
    for (int hour = 0; hour < staffing::kHoursOfDay; ++hour) {
      if (queue.hours[hour].placed > 0) {
        TellHour(static_cast<std::uint32_t>(hour), queue.hours[hour], *told);
      }
    }
    TellHour(staffing::kHoursOfDay, queue.Day(), *told);
  }
}

void Tell(const staffing::Suggestion& suggestion, v1::GetStaffingResponse& response) {
  Tell(suggestion.before, *response.mutable_expected());
  Tell(suggestion.after, *response.mutable_changed());
  for (const staffing::More& more : suggestion.more) {
    v1::StaffingMore* told = response.add_more();
    for (const Need& skill : more.profile.skills) {
      v1::Need* need = told->add_skills();
      need->set_skill(skill.skill.ToString());
      need->set_level(skill.level);
    }
    for (const Attribute& attribute : more.profile.attributes) {
      v1::Attribute* added = told->add_attributes();
      added->set_name(attribute.name.ToString());
      added->set_value(attribute.value.ToString());
    }
    for (const int count : more.count) told->add_count(static_cast<std::uint32_t>(count));
  }
  for (const QueueName& queue : suggestion.not_met) response.add_not_met(queue.ToString());
}

}  // namespace usher::insights
