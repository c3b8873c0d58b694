#include "policy/score.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/fold.h"
#include "model/limits.h"
#include "policy/expressions.h"

namespace usher::policy {
namespace {

constexpr std::int64_t kNumberMost = 1'000'000'000'000'000;  // values are cut there
constexpr std::size_t kTextMax = 4'096;
constexpr std::array<std::string_view, 9> kScoreWords = {
    "level", "attribute", "skills", "load", "idle", "priority", "waited", "min", "max"};

// Longer ones first: "<=" is not "<" and "=".
constexpr std::array<std::string_view, 6> kCompares = {"<=", ">=", "==", "!=", "<", ">"};

// Recursive descent into postfix order. After the first problem it is dead: all reads give nothing.
class ScoreParser {
 public:
  ScoreParser(const Yaml& value, const Declared& declared, Problems& problems)
      : value_(value), text_(value.text), declared_(declared), problems_(problems) {}

  std::optional<Score> Parse() {
    Compare();
    SkipBlanks();
    if (alive_ && at_ < text_.size()) {
      Tell(at_, "cannot read " + Quoted(text_.substr(at_)) +
                    "; an operator belongs here: + - * / " + "< <= > >= == !=");
    }
    if (!alive_) return std::nullopt;
    return std::move(score_);
  }

 private:
  void Compare() {
    Sum();
    const std::string_view op = TakeOneOf(kCompares);
    if (op.empty()) return;
    // What has no step of its own is said by those that are there: a <= b is 1 - (b < a).
    const bool negated = op == "<=" || op == ">=" || op == "!=";
    const bool swapped = op == ">" || op == "<=";
    if (negated) score_.insert(score_.begin() + static_cast<std::ptrdiff_t>(start_), Number(1));
    const std::size_t left = start_ + (negated ? 1 : 0);
    const std::size_t right = score_.size();
    Sum();
    if (swapped) {
      std::rotate(score_.begin() + static_cast<std::ptrdiff_t>(left),
                  score_.begin() + static_cast<std::ptrdiff_t>(right), score_.end());
    }
    Add(op == "==" || op == "!=" ? ScoreOp::kEqual : ScoreOp::kLess);
    if (negated) Add(ScoreOp::kSubtract);
    SkipBlanks();
    const std::size_t place = at_;
    if (!TakeOneOf(kCompares).empty()) {
      Tell(place, "a comparison of a comparison; say with brackets what is meant");
    }
  }

  void Sum() {
    const std::size_t start = score_.size();
    Product();
    for (std::string_view op = TakeOneOf(kSums); !op.empty(); op = TakeOneOf(kSums)) {
      Product();
      Add(op == "+" ? ScoreOp::kAdd : ScoreOp::kSubtract);
    }
    start_ = start;
  }

  void Product() {
    Unary();
    for (std::string_view op = TakeOneOf(kProducts); !op.empty(); op = TakeOneOf(kProducts)) {
      Unary();
      Add(op == "*" ? ScoreOp::kMultiply : ScoreOp::kDivide);
    }
  }

  void Unary() {
    if (TakeOneOf(kMinus).empty()) return Primary();
    SkipBlanks();
    if (alive_ && at_ < text_.size() && IsDigit(static_cast<unsigned char>(text_[at_]))) {
      ReadDigits(-1);
      return;
    }
    score_.push_back(Number(0));
    if (Deeper()) Unary();
    --depth_;
    Add(ScoreOp::kSubtract);
  }

  void Primary() {
    SkipBlanks();
    if (!alive_) return;
    if (at_ == text_.size()) return Tell(at_, "the score ends here; a value is missing");
    if (IsDigit(static_cast<unsigned char>(text_[at_]))) return ReadDigits(1);
    if (text_[at_] == '(') {
      ++at_;
      if (Deeper()) Compare();
      --depth_;
      return Expect(')');
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && (text_[at_] == '_' || (text_[at_] >= 'a' && text_[at_] <= 'z'))) {
      ++at_;
    }
    const std::string_view word = text_.substr(start, at_ - start);
    if (word.empty()) {
      return Tell(start, "cannot read " + Quoted(text_.substr(start)) + "; a value belongs here");
    }
    Word(word, start);
  }

  void Word(std::string_view word, std::size_t start) {
    if (word == "skills") return Add(ScoreOp::kSkills);
    if (word == "load") return Add(ScoreOp::kLoad);
    if (word == "idle") return Add(ScoreOp::kIdle);
    if (word == "priority") return Add(ScoreOp::kPriority);
    if (word == "waited") return Add(ScoreOp::kWaited);
    if (word == "level") return Level();
    if (word == "attribute") return AttributeOf();
    if (word == "min" || word == "max") return Extreme(word == "min");
    const std::string_view meant = Nearest(word, kScoreWords);
    std::string known;
    for (const std::string_view name : kScoreWords)
      known += (known.empty() ? "" : ", ") + std::string(name);
    Tell(start, "a score knows no " + Quoted(word) +
                    (meant.empty() ? "" : "; is " + Quoted(meant) + " meant?") +
                    " Known: " + known);
  }

  void Level() {
    Expect('(');
    const auto [name, place] = TakeName();
    if (alive_) declared_.skills.Resolve(name, place, problems_);
    ScoreStep step;
    step.op = ScoreOp::kLevel;
    step.skill = SkillName::Of(name);
    score_.push_back(step);
    Expect(')');
  }

  void AttributeOf() {
    Expect('(');
    const auto [name, name_at] = TakeName();
    Expect(',');
    const auto [value, value_at] = TakeName();
    if (alive_) ResolveAttribute(name, name_at, value, value_at, declared_, problems_);
    ScoreStep step;
    step.op = ScoreOp::kAttribute;
    step.attribute = {AttributeName::Of(name), ValueName::Of(value)};
    score_.push_back(step);
    Expect(')');
  }

  void Extreme(bool least) {
    Expect('(');
    if (Deeper()) {
      Compare();
      Expect(',');
      Compare();
    }
    --depth_;
    Expect(')');
    Add(least ? ScoreOp::kMin : ScoreOp::kMax);
  }

  void ReadDigits(std::int64_t sign) {
    const std::size_t start = at_;
    std::int64_t number = 0;
    while (at_ < text_.size() && IsDigit(static_cast<unsigned char>(text_[at_]))) {
      number = std::min(number * 10 + (text_[at_++] - '0'), kNumberMost + 1);
    }
    if (number > kNumberMost) Tell(start, "the number is above " + std::to_string(kNumberMost));
    score_.push_back(Number(sign * number));
  }

  // A name as it stands in brackets, and its place in the file. Checked like every name.
  std::pair<std::string, std::size_t> TakeName() {
    SkipBlanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')' && text_[at_] != '(') ++at_;
    std::size_t end = at_;
    while (end > start && text_[end - 1] == ' ') --end;
    if (!alive_) return {};
    Yaml name;
    name.kind = Yaml::Kind::kText;
    name.at = PlaceOf(start);
    name.text = std::string(text_.substr(start, end - start));
    const auto read = ReadName(name, "a name in a score", problems_);
    if (!read) alive_ = false;
    return {read.value_or(""), name.at};
  }

  static ScoreStep Number(std::int64_t number) {
    ScoreStep step;
    step.number = number;
    return step;
  }

  void Add(ScoreOp op) {
    ScoreStep step;
    step.op = op;
    score_.push_back(step);
  }

  // False if it would be too deep, and dead then.
  bool Deeper() {
    if (++depth_ > kDepthMax) {
      Tell(at_, "nested deeper than " + std::to_string(kDepthMax) + " levels");
    }
    return alive_;
  }

  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  template <std::size_t kCount>
  std::string_view TakeOneOf(const std::array<std::string_view, kCount>& words) {
    if (!alive_) return {};
    SkipBlanks();
    for (const std::string_view word : words) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return word;
    }
    return {};
  }

  void Expect(char wanted) {
    if (!alive_) return;
    SkipBlanks();
    if (at_ < text_.size() && text_[at_] == wanted) {
      ++at_;
      return;
    }
    Tell(at_, std::string("a '") + wanted + "' is missing here");
  }

  // Text that YAML did not take letter for letter has no places of its own.
  std::size_t PlaceOf(std::size_t at) const {
    return value_.literal ? value_.at + (value_.plain ? 0 : 1) + at : value_.at;
  }

  void Tell(std::size_t at, std::string message) {
    if (!alive_) return;
    alive_ = false;
    problems_.Add(PlaceOf(at), std::move(message));
  }

  static constexpr std::array<std::string_view, 2> kSums = {"+", "-"};
  static constexpr std::array<std::string_view, 2> kProducts = {"*", "/"};
  static constexpr std::array<std::string_view, 1> kMinus = {"-"};

  const Yaml& value_;
  const std::string_view text_;
  const Declared& declared_;
  Problems& problems_;
  Score score_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // in score_, of the last sum
  int depth_ = 0;
  bool alive_ = true;
};

bool OfTheAgent(const ScoreStep& step) {
  return step.op == ScoreOp::kLevel || step.op == ScoreOp::kAttribute ||
         step.op == ScoreOp::kSkills || step.op == ScoreOp::kLoad || step.op == ScoreOp::kIdle;
}

}  // namespace

std::optional<Score> ReadScore(const Yaml& value, const Declared& declared, Problems& problems) {
  if (value.kind != Yaml::Kind::kText || value.text.empty()) {
    TellMisfit(value, "score", "a formula such as \"level(uk) * 10 - load / 10\"", problems);
    return std::nullopt;
  }
  if (value.text.size() > kTextMax) {
    problems.Add(value.at, "the score has " + std::to_string(value.text.size()) +
                               " bytes; at most " + std::to_string(kTextMax) + " are taken");
    return std::nullopt;
  }
  std::optional<Score> score = ScoreParser(value, declared, problems).Parse();
  if (!score) return std::nullopt;
  if (score->size() > Limits().score_steps_max) {
    problems.Add(value.at, "the score has " + std::to_string(score->size()) +
                               " values and operators; at most " +
                               std::to_string(Limits().score_steps_max) + " are taken");
    return std::nullopt;
  }
  if (std::none_of(score->begin(), score->end(), OfTheAgent)) {
    problems.Add(value.at,
                 "the score is the same for every agent; use level, attribute, skills, load or "
                 "idle");
    return std::nullopt;
  }
  return score;
}

}  // namespace usher::policy
