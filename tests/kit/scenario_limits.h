// The names of the bounds in a scenario's `limits` line.
#pragma once

#include <cstdint>

#include "model/limits.h"

namespace usher::kit {

// Calls `take(name, bound)` for each bound that is a number.
template <class Take>
void ForEachLimit(const Take& take) {
  take("inquiries", &Limits::inquiries_max);
  take("agents", &Limits::agents_max);
  take("queues", &Limits::queues_max);
  take("routes", &Limits::routes_max);
  take("channels", &Limits::channels_max);
  take("sla-classes", &Limits::sla_classes_max);
  take("names", &Limits::names_max);
  take("skills-per-agent", &Limits::skills_per_agent_max);
  take("attributes-per-agent", &Limits::attributes_per_agent_max);
  take("needs", &Limits::needs_max);
  take("clauses", &Limits::clauses_max);
  take("score-steps", &Limits::score_steps_max);
  take("steps", &Limits::steps_max);
  take("prefer", &Limits::prefer_max);
  take("escalations", &Limits::escalations_max);
  take("offers", &Limits::offers_max);
  take("preferred", &Limits::preferred_max);
  take("borrow", &Limits::borrow_max);
  take("calendars", &Limits::calendars_max);
  take("spans", &Limits::spans_max);
  take("status-raises", &Limits::status_raises_max);
  take("candidates", &Limits::candidates_max);
  take("handlings", &Limits::handlings_max);
  take("memories", &Limits::memories_max);
  take("units", &Limits::units_max);
  take("exclusions", &Limits::exclusions_max);
  take("requests", &Limits::requests_max);
  take("sources", &Limits::sources_max);
}

}  // namespace usher::kit
