#include "policy/mappings.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "policy/mapping_paths.h"
#include "policy/routes.h"

namespace usher::policy {
namespace {

constexpr std::size_t kConditionsMax = 16;
constexpr std::size_t kChoicesMax = 64;  // of one condition
constexpr std::size_t kSingleMax = 8;
constexpr int kSourceDepthMax = 4;
constexpr std::array<std::string_view, 2> kInputs = {"messages", "orders"};
constexpr std::array<std::string_view, 4> kTimes = {"iso", "iso_utc", "seconds", "milliseconds"};
constexpr std::array<std::string_view, 3> kAuthors = {"customer", "agent", "automatic"};
constexpr std::array<std::string_view, 2> kMoney = {"decimal", "cents"};
constexpr std::array<std::string_view, 7> kKinds = {"path",  "header", "key",  "value",
                                                    "first", "join",   "count"};

using Type = MappableField::Type;

// One mapping of the list.
class MappingReader {
 public:
  MappingReader(const Declared& declared, Problems& problems)
      : declared_(declared), problems_(problems) {}

  Mapping Read(const Yaml& value, Names& names);

 private:
  // What a source's text ends up as; `field` is null where it is only a part of something.
  struct Target {
    const MappableField* field = nullptr;
    bool each = false;  // paths may name many
    bool as = false;    // the key `as` belongs here and has been read
  };

  std::string ReadText(const Yaml& value, std::string_view what);
  std::vector<std::string> ReadTexts(const Yaml& value, std::string_view what);
  MappingCondition ReadCondition(const Yaml& value);
  MappingSource ReadSource(const Yaml& value, const Target& target, int depth);
  void ReadBody(std::string_view kind, const Yaml& value, const Target& target, int depth,
                MappingSource& source);
  void ReadTable(const Fields& fields, const Target& target, MappingSource& source);
  void CheckOutcome(const Yaml& value, const Target& target);
  ValueForm ReadForm(const Yaml& value, const MappableField& field);
  void ReadFields(const Yaml& value, Mapping& mapping);

  const Declared& declared_;
  Problems& problems_;
  std::size_t sources_ = 0;
};

std::string MappingReader::ReadText(const Yaml& value, std::string_view what) {
  if (value.kind == Yaml::Kind::kText && value.text.size() <= kMappingTextMax) return value.text;
  TellMisfit(value, what, "text of at most " + std::to_string(kMappingTextMax) + " bytes",
             problems_);
  return "";
}

std::vector<std::string> MappingReader::ReadTexts(const Yaml& value, std::string_view what) {
  std::vector<std::string> texts;
  for (const Yaml* item : ReadList(value, what, true, problems_)) {
    if (texts.size() == kChoicesMax) {
      problems_.Add(item->at, std::string(what) + " lists more than " +
                                  std::to_string(kChoicesMax) + " texts");
      break;
    }
    texts.push_back(ReadText(*item, what));
  }
  return texts;
}

MappingCondition MappingReader::ReadCondition(const Yaml& value) {
  MappingCondition condition;
  Fields fields(value, "a condition", {"path", "header", "key", "is", "is_not", "there"},
                problems_);
  if (!fields.is_map()) return condition;
  const Yaml* path = fields.Find("path");
  const Yaml* header = fields.Find("header");
  const Yaml* key = fields.Find("key");
  if ((path != nullptr) + (header != nullptr) + (key != nullptr) != 1) {
    problems_.Add(value.at, "a condition is about a 'path', a 'header' or the 'key': one of them");
  } else if (path != nullptr) {
    condition.of.kind = MappingSource::Kind::kPath;
    condition.of.path = ReadPath(*path, "path", false, problems_).value_or(JsonPath());
  } else if (header != nullptr) {
    condition.of.kind = MappingSource::Kind::kHeader;
    condition.of.text = ReadText(*header, "header");
  } else {
    condition.of.kind = MappingSource::Kind::kKey;
    if (!ReadSwitch(*key, "key", problems_).value_or(true)) {
      problems_.Add(key->at, "key is false; write {key: true, is: ...} or leave it out");
    }
  }
  if (const Yaml* is = fields.Find("is")) condition.is = ReadTexts(*is, "is");
  if (const Yaml* is_not = fields.Find("is_not")) condition.is_not = ReadTexts(*is_not, "is_not");
  if (const Yaml* there = fields.Find("there")) {
    condition.there = ReadSwitch(*there, "there", problems_).value_or(true);
    if (!condition.is.empty() || !condition.is_not.empty()) {
      problems_.Add(there->at, "there says nothing beside 'is' or 'is_not'; leave it out");
    }
  }
  return condition;
}

void MappingReader::CheckOutcome(const Yaml& value, const Target& target) {
  if (target.field == nullptr || value.kind != Yaml::Kind::kText) return;
  const std::string_view name = target.field->name;
  if (target.field->type == Type::kStatus) {
    ReadChoice(value, "the status of an order", kOrderStatuses, problems_);
  } else if (target.field->type == Type::kAuthor) {
    ReadChoice(value, "the author", kAuthors, problems_);
  } else if (target.field->type == Type::kSwitch) {
    if (value.text != "true" && value.text != "false") {
      TellMisfit(value, name, "true or false", problems_);
    }
  } else if (target.field->type == Type::kNumber) {
    ReadNumber(value, name, 0, std::numeric_limits<std::uint32_t>::max(), problems_);
  } else if (name == "channel") {
    declared_.channels.Resolve(value.text, value.at, problems_);
  } else if (name == "topic") {
    declared_.topics.Resolve(value.text, value.at, problems_);
  } else if (name == "tier") {
    declared_.tiers.Resolve(value.text, value.at, problems_);
  }
}

void MappingReader::ReadTable(const Fields& fields, const Target& target, MappingSource& source) {
  const Yaml* otherwise = fields.Find("otherwise");
  if (otherwise != nullptr) {
    source.otherwise = ReadText(*otherwise, "otherwise");
    CheckOutcome(*otherwise, target);
  }
  const Yaml* table = fields.Find("table");
  if (table == nullptr) return;
  if (table->kind != Yaml::Kind::kMap || table->keys.empty() ||
      table->keys.size() > kMappingTableMax) {
    TellMisfit(*table, "table",
               "a map such as {fulfilled: shipped} with at most " +
                   std::to_string(kMappingTableMax) + " entries",
               problems_);
    return;
  }
  for (std::size_t i = 0; i < table->keys.size(); ++i) {
    std::string from = ReadText(table->keys[i], "an entry of a table");
    source.table.emplace_back(std::move(from), ReadText(table->items[i], "an entry of a table"));
    CheckOutcome(table->items[i], target);
  }
}

void MappingReader::ReadBody(std::string_view kind, const Yaml& value, const Target& target,
                             int depth, MappingSource& source) {
  using Kind = MappingSource::Kind;
  if (kind == "path" || kind == "count") {
    source.kind = kind == "path" ? Kind::kPath : Kind::kCount;
    const bool each = target.each && source.kind == Kind::kPath;
    source.path = ReadPath(value, kind, each, problems_).value_or(JsonPath());
  } else if (kind == "header") {
    source.kind = Kind::kHeader;
    source.text = ReadText(value, "header");
  } else if (kind == "key") {
    source.kind = Kind::kKey;
    ReadSwitch(value, "key", problems_);
  } else if (kind == "value") {
    source.kind = Kind::kText;
    source.text = ReadText(value, "value");
    CheckOutcome(value, target);
  } else {
    source.kind = kind == "first" ? Kind::kFirst : Kind::kJoin;
    const Target part = source.kind == Kind::kJoin ? Target{nullptr, true, false}
                                                   : Target{target.field, target.each, false};
    for (const Yaml* item : ReadList(value, kind, false, problems_)) {
      source.parts.push_back(ReadSource(*item, part, depth + 1));
    }
  }
}

MappingSource MappingReader::ReadSource(const Yaml& value, const Target& target, int depth) {
  MappingSource source;
  if (++sources_ > kMappingSourcesMax || depth > kSourceDepthMax) {
    problems_.Add(value.at, "this mapping looks for too much: at most " +
                                std::to_string(kMappingSourcesMax) + " values, " +
                                std::to_string(kSourceDepthMax) + " levels of first and join");
    return source;
  }
  if (value.kind == Yaml::Kind::kText) {
    source.kind = MappingSource::Kind::kPath;
    source.path = ReadPath(value, "a value", target.each, problems_).value_or(JsonPath());
    return source;
  }
  Fields fields(value, "a value",
                {"path", "header", "key", "value", "first", "join", "with", "count", "table",
                 "otherwise", "as"},
                problems_);
  if (!fields.is_map()) return source;
  if (const Yaml* as = fields.Find("as"); as != nullptr && !target.as) {
    problems_.Add(as->at, "as belongs to the field as a whole");
  }
  const auto is_there = [&fields](std::string_view kind) { return fields.Find(kind) != nullptr; };
  if (std::count_if(kKinds.begin(), kKinds.end(), is_there) != 1) {
    problems_.Add(value.at,
                  "a value comes from one of path, header, key, value, first, join and count");
    return source;
  }
  const std::string_view kind = *std::find_if(kKinds.begin(), kKinds.end(), is_there);
  Target inner = target;
  if (fields.Find("table") != nullptr) inner.field = nullptr;  // the table has the last word
  ReadBody(kind, *fields.Find(kind), inner, depth, source);
  if (const Yaml* with = fields.Find("with")) {
    if (kind != "join") problems_.Add(with->at, "with belongs to a join");
    source.text = ReadText(*with, "with");
  }
  ReadTable(fields, target, source);
  return source;
}

ValueForm MappingReader::ReadForm(const Yaml& value, const MappableField& field) {
  const Yaml* as = nullptr;
  if (value.kind == Yaml::Kind::kMap) {
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      if (value.keys[i].text == "as") as = &value.items[i];
    }
  }
  switch (field.type) {
    case Type::kTime: {
      if (as == nullptr) return ValueForm::kIso;
      const auto form = ReadChoice(*as, "as", kTimes, problems_).value_or(0);
      return static_cast<ValueForm>(static_cast<std::size_t>(ValueForm::kIso) + form);
    }
    case Type::kMoney: {
      if (as == nullptr) {
        problems_.Add(value.at, std::string(field.name) +
                                    " needs the key 'as': decimal (129.90) or cents (12990)");
        return ValueForm::kDecimal;
      }
      const auto form = ReadChoice(*as, "as", kMoney, problems_).value_or(0);
      return static_cast<ValueForm>(static_cast<std::size_t>(ValueForm::kDecimal) + form);
    }
    case Type::kText:
    case Type::kSwitch:
    case Type::kNumber:
    case Type::kStatus:
    case Type::kAuthor:
    case Type::kMailHeader:
      break;
  }
  if (as != nullptr) problems_.Add(as->at, "as is for times and money; leave it out");
  if (field.type == Type::kNumber) return ValueForm::kNumber;
  return field.type == Type::kSwitch ? ValueForm::kSwitch : ValueForm::kText;
}

void MappingReader::ReadFields(const Yaml& value, Mapping& mapping) {
  const std::span<const MappableField> known = FieldsOf(mapping.input);
  if (value.kind != Yaml::Kind::kMap) {
    TellMisfit(value, "fields", "a map from fields of the event to where they come from",
               problems_);
    return;
  }
  std::vector<std::string_view> names;
  for (const MappableField& field : known) names.push_back(field.name);
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const auto found = std::find(names.begin(), names.end(), value.keys[i].text);
    if (found == names.end()) {
      ReadChoice(value.keys[i], "a field", names, problems_);
      continue;
    }
    const MappableField& field = known[static_cast<std::size_t>(found - names.begin())];
    MappedField mapped;
    mapped.name = field.name;
    mapped.form = ReadForm(value.items[i], field);
    mapped.from = ReadSource(value.items[i], Target{&field, false, true}, 0);
    mapping.fields.push_back(std::move(mapped));
  }
  for (const MappableField& field : known) {
    const bool there = std::any_of(value.keys.begin(), value.keys.end(),
                                   [&](const Yaml& key) { return key.text == field.name; });
    if (field.required && !there) {
      problems_.Add(value.at, "an event needs the field " + Quoted(field.name));
    }
  }
}

Mapping MappingReader::Read(const Yaml& value, Names& names) {
  Mapping mapping;
  Fields fields(value, "a mapping", {"name", "input", "when", "single", "fields", "ignore"},
                problems_);
  if (!fields.is_map()) return mapping;
  if (const Yaml* name = fields.Need("name")) {
    mapping.name = ReadName(*name, "name", problems_).value_or("");
    if (!mapping.name.empty()) names.Declare(mapping.name, name->at, problems_);
  }
  if (const Yaml* input = fields.Need("input")) {
    mapping.input =
        static_cast<MappedInput>(ReadChoice(*input, "input", kInputs, problems_).value_or(0));
  }
  if (const Yaml* when = fields.Find("when")) {
    for (const Yaml* item : ReadList(*when, "when", false, problems_)) {
      mapping.when.push_back(ReadCondition(*item));
    }
    if (mapping.when.size() > kConditionsMax) {
      problems_.Add(when->at,
                    "when lists more than " + std::to_string(kConditionsMax) + " conditions");
    }
  }
  if (const Yaml* single = fields.Find("single")) {
    for (const Yaml* item : ReadList(*single, "single", true, problems_)) {
      auto path = ReadPath(*item, "single", false, problems_);
      if (path) mapping.single.push_back(std::move(*path));
    }
    if (mapping.single.size() > kSingleMax) {
      problems_.Add(single->at, "single lists more than " + std::to_string(kSingleMax) + " paths");
    }
  }
  if (const Yaml* ignore = fields.Find("ignore")) {
    mapping.ignore = ReadSwitch(*ignore, "ignore", problems_).value_or(false);
  }
  const Yaml* mapped = fields.Find("fields");
  if (mapping.ignore == (mapped != nullptr)) {
    problems_.Add(value.at, "a mapping has either 'fields' or 'ignore: true'");
  }
  if (mapped != nullptr) ReadFields(*mapped, mapping);
  return mapping;
}

}  // namespace

MappingRules ReadMappings(const Yaml& value, const Declared& declared, Problems& problems) {
  MappingRules rules;
  Names names("mapping");
  for (const Yaml* item : ReadList(value, "mappings", false, problems)) {
    if (rules.mappings.size() == kMappingsMax) {
      problems.Add(item->at, "more than " + std::to_string(kMappingsMax) + " mappings");
      break;
    }
    rules.mappings.push_back(MappingReader(declared, problems).Read(*item, names));
  }
  return rules;
}

}  // namespace usher::policy
