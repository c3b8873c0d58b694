// AnyEngine: the engine and the reference engine behind one face, for what is played on both.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/command.h"
#include "model/decision.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::kit {

class AnyEngine {
 public:
  virtual ~AnyEngine() = default;

  virtual void Apply(const Command& command, DecisionList& out) = 0;
  virtual Instant now() const = 0;
  virtual Instant next_timer() const = 0;
  virtual DeskState Save() const = 0;
  virtual std::uint64_t StateHash() const = 0;
  virtual std::uint64_t inquiries() const = 0;
  virtual std::uint64_t agents() const = 0;

  // Starts anew and restores `state`; false if it is refused.
  virtual bool Renew(const DeskState& state) = 0;

  // Saves, encodes, decodes, restores into a new engine. Empty, or what went wrong.
  std::string Reincarnate() {
    const DeskState saved = Save();
    const std::uint64_t hash = StateHash();
    const std::optional<DeskState> decoded = DecodeState(EncodeState(saved));
    if (!decoded) return "the saved state does not decode";
    if (*decoded != saved) return "the decoded state is not the saved one";
    if (!Renew(*decoded)) return "the saved state is refused";
    if (Save() != saved) return "the restored state is not the saved one";
    if (StateHash() != hash) return "the restored hash is not the saved one";
    return "";
  }
};

template <class Engine>
class EngineBehind final : public AnyEngine {
 public:
  explicit EngineBehind(const Limits& limits) : limits_(limits), engine_(limits) {}

  void Apply(const Command& command, DecisionList& out) override { engine_.Apply(command, out); }
  Instant now() const override { return engine_.now(); }
  Instant next_timer() const override { return engine_.next_timer(); }
  DeskState Save() const override { return engine_.Save(); }
  std::uint64_t StateHash() const override { return engine_.StateHash(); }
  std::uint64_t inquiries() const override { return engine_.inquiries(); }
  std::uint64_t agents() const override { return engine_.agents(); }
  bool Renew(const DeskState& state) override {
    engine_ = Engine(limits_);
    return engine_.Restore(state);
  }

 private:
  Limits limits_;
  Engine engine_;
};

}  // namespace usher::kit
