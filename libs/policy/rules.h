// Rules: what a policy says of the whole desk: the order of what waits, pace, stickiness, anger.
//
// Each function tells misfits as problems and reads on; what it reads is whole only if none were.
#pragma once

#include <cstdint>
#include <vector>

#include "model/policy.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// `order`, `then`, `urgent`, `near`, `crowd`, `age_credit` and `starve_after`, of the policy's own
// map. After sticky.
void ReadOrder(const Fields& fields, const Declared& declared, Policy& policy, Problems& problems);

Pace ReadPace(const Yaml& value, Problems& problems);

// Declares that there are repeats, if there are.
Sticky ReadSticky(const Yaml& value, Declared& declared, Problems& problems);

// From what an order has come to to what that adds to the priority of its inquiries.
std::vector<StatusRaise> ReadOrderRaises(const Yaml& value, Problems& problems);

FollowUps ReadFollowUps(const Yaml& value, Problems& problems);

// What is asked besides for an angry customer, one of negative sentiment.
struct Angry {
  std::vector<Need> needs;  // in every queue
  std::uint8_t raise = 0;   // of every route's priority, up to 9
};

Angry ReadAngry(const Yaml& value, const Declared& declared, Problems& problems);

// With a raise: before each route that takes the angry stands one of the same name that takes them
// alone.
// `value` is where `angry` was read from: too much is told there.
std::vector<Route> WithAngry(const std::vector<Route>& routes, const Angry& angry,
                             const Yaml& value, Problems& problems);

}  // namespace usher::policy
