#include "policy/reader.h"

#include <algorithm>

#include "core/fold.h"
#include "policy/durations.h"

namespace usher::policy {
namespace {

constexpr std::size_t kCandidatesMax = 200;  // looked at for a slip
constexpr std::size_t kListedMax = 12;       // named in a message
constexpr std::size_t kQuotedMax = 48;
constexpr std::size_t kNameBytesMax = Name<struct AnyTag>::kMaxBytes;

// Levenshtein's distance; words are short.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t kept = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({kept, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string Listed(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kListedMax; ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  if (names.size() > kListedMax) text += ", ...";
  return text;
}

bool NameCharacter(char32_t c) {
  return IsLetter(c) || IsDigit(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '/';
}

}  // namespace

std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kNameBytesMax) return {};
  std::string_view nearest;
  std::size_t least = word.size() / 3 + 1;  // "sla" may be one off, "priority" three
  for (const std::string_view candidate :
       candidates.first(std::min(candidates.size(), kCandidatesMax))) {
    const std::size_t distance = Distance(word, candidate);
    if (distance < least || (distance == least && nearest.empty())) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (std::size_t at = 0; at < text.size();) {
    if (at >= kQuotedMax) return quoted + "...'";
    const char32_t c = NextCharacter(text, at);
    AppendCharacter(c < 0x20 ? U' ' : c, quoted);
  }
  return quoted + "'";
}

std::string_view KindOf(const Yaml& value) {
  switch (value.kind) {
    case Yaml::Kind::kNothing:
      return "nothing";
    case Yaml::Kind::kText:
      return "text";
    case Yaml::Kind::kList:
      return "a list";
    case Yaml::Kind::kMap:
      return "a map";
  }
  return "nothing";
}

void TellMisfit(const Yaml& value, std::string_view what, std::string_view wanted,
                Problems& problems) {
  const std::string got =
      value.kind == Yaml::Kind::kText ? Quoted(value.text) : std::string(KindOf(value));
  problems.Add(value.at, std::string(what) + " is " + got + "; it must be " + std::string(wanted));
}

Fields::Fields(const Yaml& value, std::string_view what,
               std::initializer_list<std::string_view> known, Problems& problems)
    : at_(value.at), what_(what), problems_(problems) {
  const std::span<const std::string_view> keys(known.begin(), known.size());
  if (value.kind != Yaml::Kind::kMap) {
    TellMisfit(value, what, "a map with the keys " + Listed(keys), problems);
    return;
  }
  map_ = &value;
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const Yaml& key = value.keys[i];
    if (std::find(keys.begin(), keys.end(), key.text) == keys.end()) {
      const std::string_view meant = Nearest(key.text, keys);
      problems.Add(key.at, "no key " + Quoted(key.text) + " in " + what_ +
                               (meant.empty() ? "" : "; is " + Quoted(meant) + " meant?") +
                               " Known: " + Listed(keys));
    } else if (value.items[i].kind == Yaml::Kind::kNothing) {
      problems.Add(key.at, key.text + " has no value; give it one or leave the key out");
    }
  }
}

const Yaml* Fields::Find(std::string_view key) const {
  if (map_ == nullptr) return nullptr;
  for (std::size_t i = 0; i < map_->keys.size(); ++i) {
    if (map_->keys[i].text != key) continue;
    return map_->items[i].kind == Yaml::Kind::kNothing ? nullptr : &map_->items[i];
  }
  return nullptr;
}

const Yaml* Fields::Need(std::string_view key) {
  if (map_ == nullptr) return nullptr;
  const bool there = std::any_of(map_->keys.begin(), map_->keys.end(),
                                 [&](const Yaml& k) { return k.text == key; });
  if (!there) problems_.Add(at_, what_ + " needs the key " + Quoted(key));
  return Find(key);
}

bool Names::Declare(const std::string& name, std::size_t at, Problems& problems) {
  const auto [place, fresh] = places_.emplace(name, at);
  if (!fresh) {
    problems.Add(at, "the " + noun_ + " " + Quoted(name) + " is there twice; first in line " +
                         std::to_string(problems.LineOf(place->second)));
  }
  return fresh;
}

bool Names::Resolve(const std::string& name, std::size_t at, Problems& problems) const {
  if (broken_ || places_.contains(name)) return true;
  std::vector<std::string_view> known;
  for (const auto& [known_name, place] : places_) {
    if (known.size() < kCandidatesMax) known.push_back(known_name);
  }
  const std::string_view meant = Nearest(name, known);
  std::string message = "no " + noun_ + " " + Quoted(name);
  if (!meant.empty()) {
    message += "; is " + Quoted(meant) + " meant?";
  } else if (known.empty()) {
    message += "; none is declared";
  } else {
    message += "; declared: " + Listed(known);
  }
  problems.Add(at, std::move(message));
  return false;
}

std::optional<std::string> ReadName(const Yaml& value, std::string_view what, Problems& problems) {
  if (value.kind != Yaml::Kind::kText || value.text.empty()) {
    TellMisfit(value, what, "a name", problems);
    return std::nullopt;
  }
  if (value.text.size() > kNameBytesMax) {
    problems.Add(value.at, std::string(what) + " " + Quoted(value.text) + " has " +
                               std::to_string(value.text.size()) + " bytes; at most " +
                               std::to_string(kNameBytesMax) + " are taken");
    return std::nullopt;
  }
  for (std::size_t at = 0; at < value.text.size();) {
    if (NameCharacter(NextCharacter(value.text, at))) continue;
    TellMisfit(value, what, "a name of letters, digits and - _ . : /", problems);
    return std::nullopt;
  }
  return value.text;
}

std::optional<std::int64_t> ReadAmount(const Yaml& value, std::string_view what, std::int64_t least,
                                       std::int64_t most, Problems& problems) {
  std::int64_t number = 0;
  bool fits = value.kind == Yaml::Kind::kText && value.plain && !value.text.empty() &&
              value.text.size() <= 18;
  if (fits) {
    for (const char c : value.text) {
      fits = fits && c >= '0' && c <= '9';
      number = number * 10 + (c - '0');
    }
  }
  if (!fits || number < least || number > most) {
    TellMisfit(value, what,
               "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
               problems);
    return std::nullopt;
  }
  return number;
}

std::optional<std::uint32_t> ReadNumber(const Yaml& value, std::string_view what,
                                        std::uint32_t least, std::uint32_t most,
                                        Problems& problems) {
  const auto amount = ReadAmount(value, what, least, most, problems);
  if (!amount) return std::nullopt;
  return static_cast<std::uint32_t>(*amount);
}

std::optional<bool> ReadSwitch(const Yaml& value, std::string_view what, Problems& problems) {
  if (value.kind == Yaml::Kind::kText && value.plain) {
    if (value.text == "true") return true;
    if (value.text == "false") return false;
  }
  TellMisfit(value, what, "true or false", problems);
  return std::nullopt;
}

std::optional<Duration> ReadDuration(const Yaml& value, std::string_view what, Duration least,
                                     Problems& problems, Duration most) {
  std::optional<Duration> duration;
  if (value.kind == Yaml::Kind::kText) duration = ParseDuration(value.text);
  if (!duration) {
    TellMisfit(value, what, "a duration with its unit, such as 250ms, 20s, 5m, 1h or 1h30m",
               problems);
    return std::nullopt;
  }
  if (*duration < least || *duration > most) {
    TellMisfit(value, what, "from " + WriteDuration(least) + " to " + WriteDuration(most),
               problems);
    return std::nullopt;
  }
  if (!value.literal) {
    TellMisfit(value, what, "written plainly, without escapes or line breaks", problems);
    return std::nullopt;
  }
  return duration;
}

std::optional<std::uint16_t> ReadShare(const Yaml& value, std::string_view what,
                                       Problems& problems) {
  std::optional<std::uint16_t> share;
  if (value.kind == Yaml::Kind::kText) share = ParseShare(value.text);
  if (!share) TellMisfit(value, what, "a share from 0% to 100%, such as 75% or 2.5%", problems);
  return share;
}

std::optional<std::size_t> ReadChoice(const Yaml& value, std::string_view what,
                                      std::span<const std::string_view> choices,
                                      Problems& problems) {
  const auto chosen = value.kind == Yaml::Kind::kText
                          ? std::find(choices.begin(), choices.end(), value.text)
                          : choices.end();
  if (chosen != choices.end()) return static_cast<std::size_t>(chosen - choices.begin());
  const std::string_view meant =
      value.kind == Yaml::Kind::kText ? Nearest(value.text, choices) : std::string_view();
  TellMisfit(
      value, what,
      "one of " + Listed(choices) + (meant.empty() ? "" : "; is " + Quoted(meant) + " meant?"),
      problems);
  return std::nullopt;
}

std::vector<const Yaml*> ReadList(const Yaml& value, std::string_view what, bool single,
                                  Problems& problems) {
  if (single && value.kind == Yaml::Kind::kText) return {&value};
  if (value.kind != Yaml::Kind::kList) {
    TellMisfit(value, what, single ? "a name or a list of names" : "a list", problems);
    return {};
  }
  if (value.items.empty()) {
    problems.Add(value.at, std::string(what) + " is an empty list; name something or leave it out");
  }
  std::vector<const Yaml*> items;
  for (const Yaml& item : value.items) items.push_back(&item);
  return items;
}

std::vector<std::pair<const Yaml*, const Yaml*>> NamedEntries(const Yaml& value,
                                                              std::string_view section,
                                                              Names& names, Problems& problems) {
  std::vector<std::pair<const Yaml*, const Yaml*>> entries;
  if (value.kind != Yaml::Kind::kMap) {
    problems.Add(value.at, std::string(section) + " is " + std::string(KindOf(value)) +
                               "; it must be a map from names to what they are");
    names.SetBroken();
    return entries;
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const auto name = ReadName(value.keys[i], "the name of a " + names.noun(), problems);
    if (!name) {
      names.SetBroken();
      continue;
    }
    names.Declare(*name, value.keys[i].at, problems);
    entries.emplace_back(&value.keys[i], &value.items[i]);
  }
  return entries;
}

}  // namespace usher::policy
