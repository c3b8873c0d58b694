// Score: what of a set of answers was right, by label, and how sure they should have been.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace usher::understanding {

class Score {
 public:
  void Count(const std::string& wanted, const std::string& found);

  int all() const { return all_; }
  const std::map<std::string, int>& wanted() const { return wanted_; }

  double Accuracy() const;
  double F1(const std::string& label) const;      // 0 if nothing was wanted or found
  double Recall(const std::string& label) const;  // of those wanted, the share found
  double MacroF1() const;                         // over the labels that were wanted

  struct Confusion {
    std::string wanted;
    std::string found;
    int count = 0;
  };
  // The most frequent first, at most `most`.
  std::vector<Confusion> Confusions(std::size_t most) const;

 private:
  std::map<std::string, int> wanted_;
  std::map<std::string, int> found_;
  std::map<std::pair<std::string, std::string>, int> pairs_;
  int all_ = 0;
};

// How true the confidence is: in ten bins, what was said against what was right.
class Calibration {
 public:
  struct Bin {
    int count = 0;
    int right = 0;
    std::int64_t permille = 0;  // sum
  };

  void Count(std::uint16_t permille, bool right);

  const std::array<Bin, 10>& bins() const { return bins_; }
  // The mean distance between the two, weighed by the bins' counts; 0 to 1.
  double ExpectedError() const;

 private:
  std::array<Bin, 10> bins_;
};

}  // namespace usher::understanding
