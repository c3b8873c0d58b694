#include "kit/scenario_line.h"

#include <algorithm>
#include <limits>

#include "kit/scenario_expression.h"

namespace usher::kit {
std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == by) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

ScenarioLine::ScenarioLine(int number, std::string_view text) : number_(number) {
  std::string word;
  const auto take = [&] {
    if (word.empty()) return;
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      words_.push_back(word);
    } else {
      const std::string name = word.substr(0, equals);
      if (name.empty()) Fail("'" + word + "' has no name before the '='");
      for (const auto& other : options_) {
        if (other.first == name) Fail("'" + name + "' is given twice");
      }
      options_.emplace_back(name, word.substr(equals + 1));
      if (options_.back().second.empty())
        Fail("'" + name + "' has no value ('-' is the empty one)");
    }
    word.clear();
  };
  for (const char c : text) {
    if (c == '#' && word.empty()) break;  // a comment starts a word, it does not end one
    if (IsSpace(c)) {
      take();
    } else {
      word += c;
    }
  }
  take();
}

std::optional<std::string> ScenarioLine::NextWord() {
  if (next_ == words_.size()) return std::nullopt;
  return words_[next_++];
}

std::string ScenarioLine::Word(const char* what) {
  const auto word = NextWord();
  if (!word) Fail(std::string(what) + " is missing");
  return word.value_or("-");
}

std::optional<std::string> ScenarioLine::Take(const char* name) {
  for (auto option = options_.begin(); option != options_.end(); ++option) {
    if (option->first != name) continue;
    std::string value = option->second;
    options_.erase(option);
    return value;
  }
  return std::nullopt;
}

std::uint64_t ScenarioLine::ToNumber(const std::string& text, std::uint64_t most) {
  const auto number = NumberOf(text);
  if (!number || *number > most) {
    Fail("'" + text + "' is not a whole number up to " + std::to_string(most));
    return 0;
  }
  return *number;
}

Duration ScenarioLine::ToDuration(const std::string& text) {
  const auto duration = DurationOf(text);
  if (!duration) Fail("'" + text + "' is not a time (20s, 1m30s, 250ms, 2h, never)");
  return duration.value_or(Duration(0));
}

std::uint64_t ScenarioLine::TakeNumber(const char* name, std::uint64_t otherwise,
                                       std::uint64_t most) {
  const auto text = Take(name);
  return text ? ToNumber(*text, most) : otherwise;
}

std::uint32_t ScenarioLine::TakeNumber32(const char* name, std::uint32_t otherwise) {
  return static_cast<std::uint32_t>(
      TakeNumber(name, otherwise, std::numeric_limits<std::uint32_t>::max()));
}

std::uint16_t ScenarioLine::TakeNumber16(const char* name, std::uint16_t otherwise) {
  return static_cast<std::uint16_t>(
      TakeNumber(name, otherwise, std::numeric_limits<std::uint16_t>::max()));
}

std::uint8_t ScenarioLine::TakeNumber8(const char* name, std::uint8_t otherwise) {
  return static_cast<std::uint8_t>(
      TakeNumber(name, otherwise, std::numeric_limits<std::uint8_t>::max()));
}

Duration ScenarioLine::TakeDuration(const char* name, Duration otherwise) {
  const auto text = Take(name);
  return text ? ToDuration(*text) : otherwise;
}

std::vector<std::string> ScenarioLine::TakeList(const char* name) {
  const auto text = Take(name);
  if (!text) return {};
  std::vector<std::string> parts = Split(*text, ',');
  for (const std::string& part : parts) {
    if (part.empty()) Fail("'" + *text + "' has an empty element ('-' is the empty name)");
  }
  return parts;
}

std::vector<std::pair<std::string, std::uint64_t>> ScenarioLine::TakePairs(const char* name,
                                                                           std::uint64_t most) {
  std::vector<std::pair<std::string, std::uint64_t>> pairs;
  for (const std::string& element : TakeList(name)) {
    const std::size_t colon = element.rfind(':');
    if (colon == std::string::npos) {
      Fail("'" + element + "' is not name:number");
      continue;
    }
    pairs.emplace_back(element.substr(0, colon), ToNumber(element.substr(colon + 1), most));
  }
  return pairs;
}

std::vector<Need> ScenarioLine::TakeNeeds(const char* name) {
  std::vector<Need> needs;
  for (const auto& [skill, level] : TakePairs(name, std::numeric_limits<std::uint8_t>::max())) {
    needs.push_back({ToName<SkillName>(skill), static_cast<std::uint8_t>(level)});
  }
  return needs;
}

std::optional<bool> ScenarioLine::TakeYesNo(const char* name) {
  const auto text = Take(name);
  if (!text) return std::nullopt;
  if (*text != "yes" && *text != "no") Fail("'" + *text + "' is not yes or no");
  return *text == "yes";
}

std::vector<Attribute> ScenarioLine::TakeAttributes(const char* name) {
  std::vector<Attribute> attributes;
  for (const std::string& element : TakeList(name)) {
    const auto attribute = AttributeOf(element);
    if (!attribute) Fail("'" + element + "' is not name=value");
    attributes.push_back(attribute.value_or(Attribute()));
  }
  return attributes;
}

std::vector<AskedExclusion> ScenarioLine::TakeExclusions(const char* name) {
  std::vector<AskedExclusion> exclusions;
  for (const std::string& element : TakeList(name)) {
    const std::size_t colon = element.rfind(':');
    AskedExclusion exclusion;
    exclusion.agent = ToName<AgentName>(element.substr(0, colon));
    if (colon != std::string::npos) exclusion.length = ToDuration(element.substr(colon + 1));
    exclusions.push_back(exclusion);
  }
  return exclusions;
}

Expression ScenarioLine::TakeExpression(const char* name) {
  const auto text = Take(name);
  if (!text) return {};
  const auto expression = ExpressionOf(*text);
  if (!expression) {
    Fail("'" + *text + "' is not made of skill:level, attribute=value, all(), any() and not()");
  }
  return expression.value_or(Expression());
}

Score ScenarioLine::TakeScore(const char* name) {
  const auto text = Take(name);
  if (!text) return {};
  const auto score = ScoreOf(*text);
  if (!score) {
    Fail("'" + *text +
         "' is not made of numbers, level(skill), has(attribute=value), skills, load, idle, "
         "priority, waited, + - * / < ==, min(,), max(,) and brackets");
  }
  return score.value_or(Score());
}

std::vector<bool> ScenarioLine::TakeFlags(const std::vector<std::string>& flags) {
  std::vector<bool> there(flags.size());
  while (const auto word = NextWord()) {
    const auto flag = std::find(flags.begin(), flags.end(), *word);
    if (flag != flags.end()) {
      there[static_cast<std::size_t>(flag - flags.begin())] = true;
      continue;
    }
    std::string all;
    for (const std::string& each : flags) all += (all.empty() ? "" : ", ") + each;
    Fail("'" + *word + "' is none of " + all);
  }
  return there;
}

std::vector<std::pair<std::string, std::string>> ScenarioLine::TakeRest() {
  return std::exchange(options_, {});
}

void ScenarioLine::End() {
  if (next_ < words_.size()) Fail("nothing expects the word '" + words_[next_] + "' here");
  if (!options_.empty()) Fail("there is no option '" + options_.front().first + "' here");
}

}  // namespace usher::kit
