#include <algorithm>

#include "kit/scenario.h"
#include "kit/state_rules.h"

namespace usher::kit {
namespace {

std::vector<DecisionText> Described(const DecisionList& decisions, const Scenario& scenario) {
  std::vector<DecisionText> texts;
  for (const Decision& decision : decisions) {
    DecisionText text = Describe(decision, scenario.labels);
    if (scenario.ignored.count(text.kind) == 0) texts.push_back(std::move(text));
  }
  return texts;
}

std::string At(const Scenario& scenario, int line) {
  return scenario.file + ":" + std::to_string(line) + ": ";
}

std::string Difference(const Scenario& scenario, const Step& step,
                       const std::vector<DecisionText>& decided) {
  std::string text = At(scenario, step.line) + WriteStep(step, scenario.labels) + "\n  expected:";
  if (step.expects.empty()) text += " nothing";
  for (const Expectation& expected : step.expects) {
    text += "\n    " + expected.text.ToString() + "   (line " + std::to_string(expected.line) + ")";
  }
  text += "\n  decided:";
  if (decided.empty()) text += " nothing";
  for (const DecisionText& each : decided) text += "\n    " + each.ToString();
  return text + "\n";
}

}  // namespace

void OfferBook::Note(const DecisionList& decisions) {
  for (const Decision& decision : decisions) {
    if (const auto* made = std::get_if<OfferMade>(&decision.body)) {
      last_[made->inquiry] = made->offer;
      last_to_[{made->inquiry, made->agent}] = made->offer;
    }
  }
}

Command OfferBook::Resolve(const Step& step) const {
  Command command = step.command;
  if (step.offer_of.none()) return command;
  const auto find = [&](const AgentName& agent) {
    const auto to_agent = last_to_.find({step.offer_of, agent});
    if (to_agent != last_to_.end()) return to_agent->second;
    const auto found = last_.find(step.offer_of);
    return found == last_.end() ? OfferId() : found->second;
  };
  if (auto* accept = std::get_if<AcceptOffer>(&command.body)) accept->offer = find(accept->agent);
  if (auto* decline = std::get_if<DeclineOffer>(&command.body)) {
    decline->offer = find(decline->agent);
  }
  return command;
}

std::string Play(const Scenario& scenario, AnyEngine& engine) {
  OfferBook offers;
  for (const Step& step : scenario.steps) {
    if (step.restore) {
      const std::string wrong = engine.Reincarnate();
      if (!wrong.empty()) return At(scenario, step.line) + wrong + "\n";
      continue;
    }
    const DeskState before = engine.Save();
    DecisionList decisions;
    engine.Apply(offers.Resolve(step), decisions);
    offers.Note(decisions);
    const std::vector<DecisionText> decided = Described(decisions, scenario);
    const bool equal =
        std::equal(step.expects.begin(), step.expects.end(), decided.begin(), decided.end(),
                   [](const Expectation& expected, const DecisionText& each) {
                     return Matches(expected.text, each);
                   });
    if (!equal) return Difference(scenario, step, decided);
    const DeskState after = engine.Save();
    std::string broken = Contradiction(after, scenario.limits);
    if (broken.empty()) broken = BrokenInvariant(before, after);
    if (!broken.empty()) return At(scenario, step.line) + "broken rule: " + broken + "\n";
  }
  return "";
}

void Record(Scenario& scenario, AnyEngine& engine) {
  OfferBook offers;
  for (Step& step : scenario.steps) {
    step.expects.clear();
    if (step.restore) continue;
    DecisionList decisions;
    engine.Apply(offers.Resolve(step), decisions);
    offers.Note(decisions);
    for (DecisionText& text : Described(decisions, scenario)) {
      step.expects.push_back({0, std::move(text)});
    }
  }
}

}  // namespace usher::kit
