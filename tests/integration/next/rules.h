// The rules of a release that does not exist: by logic 2 every inquiry has priority 9, whatever was
// asked for. Otherwise they are today's.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <variant>

#include "engine/engine.h"
#include "model/policy.h"

namespace usher::router {

inline void DecideAsNext(std::uint32_t version, engine::Engine& engine, const Command& command,
                         DecisionList& decided) {
  auto* const place = std::get_if<PlaceInquiry>(&command.body);
  if (version < 2 || place == nullptr) return engine.Apply(command, decided);
  Command raised = command;
  std::get<PlaceInquiry>(raised.body).priority = 9;
  engine.Apply(raised, decided);
}

}  // namespace usher::router
