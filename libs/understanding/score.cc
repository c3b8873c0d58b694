#include "understanding/score.h"

#include <algorithm>
#include <cmath>

namespace usher::understanding {
namespace {

int Of(const std::map<std::string, int>& counts, const std::string& label) {
  const auto found = counts.find(label);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

void Score::Count(const std::string& wanted, const std::string& found) {
  ++wanted_[wanted];
  ++found_[found];
  ++pairs_[{wanted, found}];
  ++all_;
}

double Score::Accuracy() const {
  int right = 0;
  for (const auto& [pair, count] : pairs_) right += pair.first == pair.second ? count : 0;
  return all_ == 0 ? 0 : static_cast<double>(right) / all_;
}

double Score::F1(const std::string& label) const {
  const auto right = pairs_.find({label, label});
  if (right == pairs_.end()) return 0;
  return 2.0 * right->second / (Of(wanted_, label) + Of(found_, label));
}

double Score::Recall(const std::string& label) const {
  const auto right = pairs_.find({label, label});
  return right == pairs_.end() ? 0 : static_cast<double>(right->second) / Of(wanted_, label);
}

double Score::MacroF1() const {
  double sum = 0;
  for (const auto& [label, count] : wanted_) sum += F1(label);
  return wanted_.empty() ? 0 : sum / static_cast<double>(wanted_.size());
}

std::vector<Score::Confusion> Score::Confusions(std::size_t most) const {
  std::vector<Confusion> confusions;
  for (const auto& [pair, count] : pairs_) {
    if (pair.first != pair.second) confusions.push_back({pair.first, pair.second, count});
  }
  std::stable_sort(confusions.begin(), confusions.end(),
                   [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
  if (confusions.size() > most) confusions.resize(most);
  return confusions;
}

void Calibration::Count(std::uint16_t permille, bool right) {
  Bin& bin = bins_[std::min<std::size_t>(permille / 100, bins_.size() - 1)];
  ++bin.count;
  bin.right += right ? 1 : 0;
  bin.permille += permille;
}

double Calibration::ExpectedError() const {
  double apart = 0;
  int all = 0;
  for (const Bin& bin : bins_) {
    apart += std::abs(static_cast<double>(bin.permille) / 1000 - bin.right);
    all += bin.count;
  }
  return all == 0 ? 0 : apart / all;
}

}  // namespace usher::understanding
