// Routes: the tree of a policy's routes, made flat in the order in which the engine tries them.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "model/policy.h"
#include "policy/declared.h"
#include "policy/reader.h"

namespace usher::policy {

// What may have become of an order, as its events name it.
constexpr std::array<std::string_view, 9> kOrderStatuses = {
    "placed", "paid", "shipped", "delivered", "late", "lost", "returned", "refunded", "cancelled"};

// The children of a route come before the route itself: what none of them takes stays with it. Each
// child's match is its parent's, narrowed by its own. Told as problems besides misfits: a value
// that the parent never lets through, and a route that an earlier one leaves nothing to.
//
// `routes` may be null (no routes). `otherwise` comes last.
// Cost: O(routes^2) compares of small lists.
std::vector<Route> ReadRoutes(const Yaml* routes, const Yaml* otherwise, const Declared& declared,
                              Problems& problems);

}  // namespace usher::policy
