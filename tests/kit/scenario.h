// Scenario: a history of commands with what must be decided at each, readable without C++.
//
// The language is described in tests/scenario/README.md. A scenario is read from text, played on
// any engine, and written back to text: a failing random history comes out as a file that can be
// kept.
//
// Threads: one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "kit/any_engine.h"
#include "model/command.h"
#include "model/decision.h"
#include "model/limits.h"

namespace usher::kit {

// The names that a scenario gives to ids: an id is the hash of its name.
class Labels {
 public:
  template <class IdType>
  IdType Make(std::string_view label) {
    const IdType id = IdType::Of(label);
    labels_.emplace(id.bits, label);
    return id;
  }

  // The name of `id`; `-` for none; its digits if it was never named.
  template <class IdType>
  std::string Of(const IdType& id) const {
    if (id.none()) return "-";
    const auto found = labels_.find(id.bits);
    return found == labels_.end() ? id.ToString() : found->second;
  }

 private:
  std::map<Bits128, std::string> labels_;
};

// A decision in words: `offered i1 -> ana offer=1 queue=billing ...` has the kind `offered`, the
// subject `i1 -> ana` and fields. An expectation is the same with as many fields as it cares for.
struct DecisionText {
  std::string kind;
  std::vector<std::string> subject;
  std::vector<std::pair<std::string, std::string>> fields;

  std::string ToString() const;
};

DecisionText Describe(const Decision& decision, const Labels& labels);

// The names of the fields that a decision of `kind` has; empty: there is no such kind.
std::vector<std::string> FieldsOf(std::string_view kind);

// True if kind and subject are equal and each field of `expected` is in `decided` with the same
// value.
bool Matches(const DecisionText& expected, const DecisionText& decided);

struct Expectation {
  int line = 0;
  DecisionText text;
};

struct Step {
  int line = 0;
  Command command;
  InquiryId offer_of;    // accept, decline: the last offer of this inquiry to the agent, or, if
                         // there was none, to anybody; found when it is played
  bool restore = false;  // no command: the engine is saved, encoded, decoded and restored
  std::vector<Expectation> expects;
};

struct Scenario {
  std::string file;
  Limits limits;
  std::set<std::string> ignored;  // kinds of decisions that need no `expect`
  std::vector<Step> steps;
  Labels labels;
};

// `error` is empty, or says file, line and what is wrong there (the first such line).
struct ReadResult {
  Scenario scenario;
  std::string error;
};
ReadResult ReadScenario(const std::string& file, std::string_view text);

// The text of `scenario`, so that reading it gives the same steps again.
std::string WriteScenario(const Scenario& scenario);
std::string WriteStep(const Step& step,
                      const Labels& labels);  // one line; a policy only by version

// Follows a history: fills in the offers that steps leave open, from the decisions made so far.
class OfferBook {
 public:
  void Note(const DecisionList& decisions);
  Command Resolve(const Step& step) const;

 private:
  std::map<InquiryId, OfferId> last_;
  std::map<std::pair<InquiryId, AgentName>, OfferId> last_to_;
};

// Plays all steps on `engine`. Empty, or file, line, what was expected and what was decided; the
// rules of kit/state_rules.h are checked after every step.
std::string Play(const Scenario& scenario, AnyEngine& engine);

// Plays `scenario` and writes what was decided into its expectations.
void Record(Scenario& scenario, AnyEngine& engine);

}  // namespace usher::kit
