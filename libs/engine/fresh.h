// Fresh: a decision that is made where it will stand: none of another kind is made first, nor
// moved.
#pragma once

#include <utility>
#include <variant>

#include "core/time.h"
#include "model/decision.h"

namespace usher::engine {

template <class Body>
struct Fresh {
  Instant at;
  operator Decision() const { return {at, DecisionBody(std::in_place_type<Body>)}; }
};

}  // namespace usher::engine
