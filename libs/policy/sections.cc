#include "policy/sections.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/fold.h"
#include "model/limits.h"

namespace usher::policy {
namespace {

constexpr std::size_t kWarningsMax = 4;
constexpr std::size_t kVersionBytesMax = 64;
constexpr std::size_t kLanguagesMax = 100;
constexpr std::size_t kTopicsMax = 500;
constexpr std::size_t kTiersMax = 100;
constexpr std::size_t kSkillsMax = 10'000;
constexpr std::size_t kAttributesMax = 100;
constexpr std::size_t kValuesMax = 1'000;  // of one attribute
constexpr std::size_t kKeywordBytesMax = 100;
constexpr std::size_t kKeywordsMax = 2'000;  // of all topics: each message is searched for each

// Codes of countries that are taken for codes of languages, and what is meant.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kCountries = {
    {{"ua", "uk"},
     {"rs", "sr"},
     {"cz", "cs"},
     {"gb", "en"},
     {"us", "en"},
     {"gr", "el"},
     {"dk", "da"},
     {"at", "de"}}};

// More than `most` items: one problem, and only the first are read.
template <class T>
void Bound(std::vector<T>& items, std::size_t most, std::size_t at, std::string_view what,
           Problems& problems) {
  if (items.size() <= most) return;
  problems.Add(at, std::to_string(items.size()) + " " + std::string(what) + "; at most " +
                       std::to_string(most) + " are taken");
  items.resize(most);
}

// The items of a list of names that the file declares.
std::vector<std::string> NameList(const Yaml& value, std::string_view section, std::size_t most,
                                  Names& names, Problems& problems) {
  std::vector<std::string> list;
  if (value.kind != Yaml::Kind::kList) names.SetBroken();
  std::vector<const Yaml*> items = ReadList(value, section, false, problems);
  Bound(items, most, value.at, section, problems);
  for (const Yaml* item : items) {
    const auto name = ReadName(*item, "a " + names.noun(), problems);
    if (!name) {
      names.SetBroken();
    } else if (names.Declare(*name, item->at, problems)) {
      list.push_back(*name);
    }
  }
  return list;
}

bool LanguageCode(std::string_view text) {
  const std::size_t base = text.find('-');
  const std::string_view language = text.substr(0, base);
  if (language.size() < 2 || language.size() > 3) return false;
  if (base != std::string_view::npos && base + 1 == text.size()) return false;
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto rest = base == std::string_view::npos ? std::string_view() : text.substr(base + 1);
  return std::all_of(language.begin(), language.end(), lower) &&
         std::all_of(rest.begin(), rest.end(),
                     [&](char c) { return lower(c) || (c >= 'A' && c <= 'Z') || IsDigit(c); });
}

// `word` or `word*` as what a folded text is searched for; empty and a problem if nothing is left.
std::string ReadKeyword(const Yaml& item, Problems& problems) {
  if (item.kind != Yaml::Kind::kText) {
    problems.Add(item.at, "a keyword is " + std::string(KindOf(item)) +
                              "; it must be a word or some words in a row");
    return {};
  }
  if (item.text.size() > kKeywordBytesMax) {
    problems.Add(item.at, "the keyword " + Quoted(item.text) + " has more than " +
                              std::to_string(kKeywordBytesMax) + " bytes");
    return {};
  }
  std::string_view word = item.text;
  const bool prefix = word.ends_with('*');
  if (prefix) word.remove_suffix(1);
  const std::string folded = Fold(word);
  if (folded.empty() || word.find('*') != std::string_view::npos) {
    problems.Add(item.at, "the keyword " + Quoted(item.text) +
                              " must have letters or digits, and a * at its end only");
    return {};
  }
  return " " + folded + (prefix ? "" : " ");
}

void ReadTargets(const Fields& fields, std::size_t at, SlaClass& sla, Problems& problems) {
  const std::pair<std::string_view, Duration*> kTargets[] = {
      {"first_response", &sla.first_response},
      {"next_response", &sla.next_response},
      {"resolution", &sla.resolution},
      {"update", &sla.update}};
  bool any = !fields.is_map();
  for (const auto& [key, target] : kTargets) {
    const Yaml* value = fields.Find(key);
    if (value == nullptr) continue;
    any = true;
    *target = ReadDuration(*value, key, 1ms, problems).value_or(0s);
  }
  if (!any) {
    problems.Add(at,
                 "an SLA class needs a target: first_response, next_response, resolution or "
                 "update");
  }
}

// One share or several, ascending; 0% alone: no warning.
void ReadWarnings(const Yaml& value, SlaClass& sla, Problems& problems) {
  sla.warn_permilles.clear();
  std::vector<const Yaml*> items = ReadList(value, "warn", true, problems);
  Bound(items, kWarningsMax, value.at, "warnings", problems);
  for (const Yaml* item : items) {
    const auto share = ReadShare(*item, "warn", problems);
    if (!share || (*share == 0 && items.size() == 1)) continue;
    if (*share <= (sla.warn_permilles.empty() ? 0 : sla.warn_permilles.back())) {
      problems.Add(item->at, "warnings must come one after the other; order them by their share");
      continue;
    }
    sla.warn_permilles.push_back(*share);
  }
}

}  // namespace

std::string ReadVersion(const Yaml& value, Problems& problems) {
  if (value.kind != Yaml::Kind::kText || value.text.empty()) {
    problems.Add(value.at, "version is " + std::string(KindOf(value)) +
                               "; it must be text, such as 2026-05-01");
    return {};
  }
  if (value.text.size() > kVersionBytesMax) {
    problems.Add(value.at, "version has " + std::to_string(value.text.size()) + " bytes; at most " +
                               std::to_string(kVersionBytesMax) + " are taken");
  }
  return value.text;
}

std::vector<Channel> ReadChannels(const Yaml& value, Declared& declared, Problems& problems) {
  std::vector<Channel> channels;
  for (const auto& [key, body] : NamedEntries(value, "channels", declared.channels, problems)) {
    Fields fields(*body, "the channel " + Quoted(key->text), {"units", "grace", "pending_holds"},
                  problems);
    Channel channel;
    channel.name = ChannelName::Of(key->text);
    if (const Yaml* units = fields.Find("units")) {
      channel.units = ReadNumber(*units, "units", 1, Limits().units_max, problems).value_or(1);
    }
    if (const Yaml* grace = fields.Find("grace")) {
      channel.grace = ReadDuration(*grace, "grace", 1ms, problems);
    }
    if (const Yaml* holds = fields.Find("pending_holds")) {
      channel.pending_holds = ReadSwitch(*holds, "pending_holds", problems).value_or(false);
    }
    channels.push_back(channel);
  }
  if (value.kind == Yaml::Kind::kMap && value.keys.empty()) {
    problems.Add(value.at, "no channels; a policy needs at least one, such as chat: {units: 1}");
  }
  Bound(channels, Limits().channels_max, value.at, "channels", problems);
  return channels;
}

std::vector<SlaClass> ReadSlaClasses(const Yaml& value, Declared& declared, Problems& problems) {
  std::vector<SlaClass> classes;
  for (const auto& [key, body] : NamedEntries(value, "sla", declared.sla_classes, problems)) {
    Fields fields(*body, "the SLA class " + Quoted(key->text),
                  {"first_response", "next_response", "resolution", "update", "warn", "hours"},
                  problems);
    SlaClass sla;
    sla.name = SlaName::Of(key->text);
    ReadTargets(fields, key->at, sla, problems);
    if (const Yaml* warn = fields.Find("warn")) ReadWarnings(*warn, sla, problems);
    if (const Yaml* hours = fields.Find("hours")) {
      const auto calendar = ReadName(*hours, "hours", problems);
      if (calendar) declared.calendars.Resolve(*calendar, hours->at, problems);
      sla.hours = CalendarName::Of(calendar.value_or(""));
    }
    classes.push_back(sla);
  }
  Bound(classes, Limits().sla_classes_max, value.at, "SLA classes", problems);
  return classes;
}

std::vector<LanguageName> ReadLanguages(const Yaml& value, Declared& declared, Problems& problems) {
  std::vector<LanguageName> languages;
  if (value.kind != Yaml::Kind::kList) declared.languages.SetBroken();
  std::vector<const Yaml*> items = ReadList(value, "languages", false, problems);
  Bound(items, kLanguagesMax, value.at, "languages", problems);
  for (const Yaml* item : items) {
    const std::string text = item->kind == Yaml::Kind::kText ? item->text : "";
    const auto* country = std::find_if(kCountries.begin(), kCountries.end(),
                                       [&](const auto& pair) { return pair.first == text; });
    if (text == kUnknownLanguage || !LanguageCode(text) || text.size() > LanguageName::kMaxBytes) {
      problems.Add(item->at, "a language is " +
                                 (text.empty() ? std::string(KindOf(*item)) : Quoted(text)) +
                                 "; it must be a code such as en, uk or pt-BR");
      declared.languages.SetBroken();
    } else if (country != kCountries.end()) {
      problems.Add(item->at,
                   Quoted(text) + " is a country; its language is " + Quoted(country->second));
      declared.languages.SetBroken();
    } else if (declared.languages.Declare(text, item->at, problems)) {
      languages.push_back(LanguageName::Of(text));
    }
  }
  return languages;
}

std::vector<TierName> ReadTiers(const Yaml& value, Declared& declared, Problems& problems) {
  std::vector<TierName> tiers;
  for (const std::string& name : NameList(value, "tiers", kTiersMax, declared.tiers, problems)) {
    tiers.push_back(TierName::Of(name));
  }
  return tiers;
}

std::vector<TierByValue> ReadTierByValue(const Yaml& value, const Declared& declared,
                                         Problems& problems) {
  std::vector<TierByValue> tiers;
  if (value.kind != Yaml::Kind::kMap || value.keys.empty()) {
    TellMisfit(value, "tier_by_value", "a map such as {vip: 50000}", problems);
    return tiers;
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const auto least = ReadAmount(value.items[i], "the value of a tier", 1, kValueMost, problems);
    if (!declared.tiers.Resolve(value.keys[i].text, value.keys[i].at, problems) || !least) continue;
    const auto same = std::find_if(tiers.begin(), tiers.end(), [&](const TierByValue& other) {
      return other.value_min == *least;
    });
    if (same != tiers.end()) {
      problems.Add(value.items[i].at, "the tier " + Quoted(same->tier.view()) +
                                          " begins at the same value; give each its own");
      continue;
    }
    tiers.push_back({TierName::Of(value.keys[i].text), *least});
  }
  std::sort(tiers.begin(), tiers.end(), [](const TierByValue& one, const TierByValue& other) {
    return one.value_min > other.value_min;
  });
  return tiers;
}

void ReadSkills(const Yaml& value, Declared& declared, Problems& problems) {
  NameList(value, "skills", kSkillsMax, declared.skills, problems);
}

void ReadAttributes(const Yaml& value, Declared& declared, Problems& problems) {
  declared.any_attribute = false;
  for (const auto& [key, body] : NamedEntries(value, "attributes", declared.attributes, problems)) {
    if (declared.skills.Has(key->text)) {
      problems.Add(key->at, "the attribute " + Quoted(key->text) +
                                " has the name of a skill; give it another");
    }
    Names& values = declared.values.emplace(key->text, "value of " + key->text).first->second;
    NameList(*body, "attribute " + key->text, kValuesMax, values, problems);
  }
  if (declared.attributes.size() > kAttributesMax) {
    problems.Add(value.at, std::to_string(declared.attributes.size()) + " attributes; at most " +
                               std::to_string(kAttributesMax) + " are taken");
  }
}

void ReadTopics(const Yaml& value, Declared& declared, UnderstandingRules& rules,
                Problems& problems) {
  if (value.kind != Yaml::Kind::kList) declared.topics.SetBroken();
  std::vector<const Yaml*> items = ReadList(value, "topics", false, problems);
  Bound(items, kTopicsMax, value.at, "topics", problems);
  Names keywords("keyword");
  for (const Yaml* item : items) {
    const Yaml* name = item;
    const Yaml* words = nullptr;
    if (item->kind != Yaml::Kind::kText) {
      Fields fields(*item, "a topic", {"name", "keywords"}, problems);
      name = fields.Need("name");
      words = fields.Find("keywords");
    }
    const auto text =
        name == nullptr ? std::nullopt : ReadName(*name, "the name of a topic", problems);
    if (!text) {
      declared.topics.SetBroken();
    } else if (declared.topics.Declare(*text, name->at, problems)) {
      rules.topics.push_back(TopicName::Of(*text));
    }
    if (words == nullptr) continue;
    KeywordRule rule;
    if (text) rule.topic = TopicName::Of(*text);
    for (const Yaml* word : ReadList(*words, "keywords", false, problems)) {
      std::string needle = ReadKeyword(*word, problems);
      if (!needle.empty() && keywords.Declare(needle, word->at, problems)) {
        rule.needles.push_back(std::move(needle));
      }
    }
    if (!rule.needles.empty()) rules.keywords.push_back(std::move(rule));
  }
  if (keywords.size() > kKeywordsMax) {
    problems.Add(value.at, std::to_string(keywords.size()) + " keywords; at most " +
                               std::to_string(kKeywordsMax) + " are taken");
  }
}

void ReadOffers(const Yaml& value, Policy& policy, Problems& problems) {
  const Fields fields(value, "offers", {"decline_cooldown", "missed_offers_max"}, problems);
  if (const Yaml* cooldown = fields.Find("decline_cooldown")) {
    policy.decline_cooldown =
        ReadDuration(*cooldown, "decline_cooldown", 0s, problems).value_or(policy.decline_cooldown);
  }
  if (const Yaml* most = fields.Find("missed_offers_max")) {
    policy.missed_offers_max = ReadNumber(*most, "missed_offers_max", 0, 1'000, problems)
                                   .value_or(policy.missed_offers_max);
  }
}

}  // namespace usher::policy
