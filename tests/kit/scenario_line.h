// ScenarioLine: one line of a scenario in words and options, and what is wrong with it.
//
// Words come in order (Word), options by name (Take...). What is missing or malformed gives a
// harmless value and an error; the first error of a line counts. End() refuses what nobody took.
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "kit/words.h"
#include "model/command.h"
#include "model/policy.h"

namespace usher::kit {

std::vector<std::string> Split(const std::string& text, char by);

class ScenarioLine {
 public:
  ScenarioLine(int number, std::string_view text);

  int number() const { return number_; }
  bool empty() const { return words_.empty() && options_.empty(); }
  const std::string& error() const { return error_; }
  void Fail(const std::string& what) {
    if (error_.empty()) error_ = what;
  }

  // The next word; fails if there is none. `what` names it in the error.
  std::string Word(const char* what);
  std::optional<std::string> NextWord();
  template <class NameType>
  NameType WordName(const char* what) {
    return ToName<NameType>(Word(what));
  }

  // An option by its name; nothing if it is not there.
  std::optional<std::string> Take(const char* name);
  std::uint64_t TakeNumber(const char* name, std::uint64_t otherwise, std::uint64_t most);
  Duration TakeDuration(const char* name, Duration otherwise);
  std::vector<std::string> TakeList(const char* name);
  std::vector<std::pair<std::string, std::uint64_t>> TakePairs(const char* name,
                                                               std::uint64_t most);
  template <class NameType>
  NameType TakeName(const char* name) {
    return ToName<NameType>(Take(name).value_or("-"));
  }
  template <class NameType>
  std::vector<NameType> TakeNames(const char* name) {
    std::vector<NameType> names;
    for (const std::string& each : TakeList(name)) names.push_back(ToName<NameType>(each));
    return names;
  }
  template <class Enum>
  Enum TakeEnum(const char* name, Enum otherwise) {
    const auto text = Take(name);
    return text ? ToEnum<Enum>(*text) : otherwise;
  }
  std::optional<bool> TakeYesNo(const char* name);
  std::vector<Need> TakeNeeds(const char* name);
  std::vector<Attribute> TakeAttributes(const char* name);       // site=kyiv,team=night
  std::vector<AskedExclusion> TakeExclusions(const char* name);  // ana,bob:5m
  Expression TakeExpression(const char* name);
  Score TakeScore(const char* name);

  // Takes the remaining words, each of which must be one of `flags`; true for those that are there.
  std::vector<bool> TakeFlags(const std::vector<std::string>& flags);

  Duration ToDuration(const std::string& text);
  std::uint64_t ToNumber(const std::string& text, std::uint64_t most);
  std::uint32_t TakeNumber32(const char* name, std::uint32_t otherwise);
  std::uint16_t TakeNumber16(const char* name, std::uint16_t otherwise);
  std::uint8_t TakeNumber8(const char* name, std::uint8_t otherwise);
  template <class Enum>
  Enum ToEnum(const std::string& text) {
    const auto value = EnumOf<Enum>(text);
    if (!value) Fail("'" + text + "' is none of " + AllWords<Enum>());
    return value.value_or(Enum{});
  }
  // `-` is the empty name.
  template <class NameType>
  NameType ToName(const std::string& text) {
    if (text == "-") return NameType();
    const auto name = NameType::Parse(text);
    if (!name) Fail("'" + text + "' is too long for a name");
    return name.value_or(NameType());
  }

  // All options that nobody took yet, in order.
  std::vector<std::pair<std::string, std::string>> TakeRest();

  // Fails on a word or an option that nobody took.
  void End();

 private:
  int number_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::vector<std::pair<std::string, std::string>> options_;
  std::string error_;
};

}  // namespace usher::kit
