#include "intake/mapping.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "intake/content.h"
#include "intake/value_text.h"
#include "usher/v1/event.pb.h"

namespace usher::intake {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

enum class Found {
  kThere,
  kAbsent,
  kNoMeaning,  // not in its table
  kMisfit,     // a list or map where a text is wanted, too long, or not UTF-8
};

class Finder {
 public:
  explicit Finder(const MappableRecord& record) : record_(record) {}

  // Where it is there, `text` is not empty.
  Found Find(const MappingSource& source, std::string& text) const {
    text.clear();
    const Found found = FindRaw(source, text);
    if (found != Found::kThere) return Otherwise(source, found, text);
    if (source.table.empty()) return found;
    for (const std::string& from : {text, std::string(kAnyText)}) {
      const auto entry = std::find_if(source.table.begin(), source.table.end(),
                                      [&](const auto& each) { return each.first == from; });
      if (entry == source.table.end()) continue;
      text = entry->second;
      return Found::kThere;
    }
    return Otherwise(source, Found::kNoMeaning, text);
  }

  // Null: there is nothing, or null.
  const JsonValue* At(const JsonPath& path) const {
    const JsonValue* value = &record_.json.root();
    for (const JsonPath::Step& step : path.steps) {
      value = StepInto(*value, step);
      if (value == nullptr) return nullptr;
    }
    return value->kind == JsonValue::Kind::kNull ? nullptr : value;
  }

 private:
  static Found Otherwise(const MappingSource& source, Found found, std::string& text) {
    if (!source.otherwise || found == Found::kMisfit) return found;
    text = *source.otherwise;
    return Found::kThere;
  }

  const JsonValue* StepInto(const JsonValue& value, const JsonPath::Step& step) const {
    if (value.kind == JsonValue::Kind::kList) {
      return step.index ? record_.json.Item(value, *step.index) : nullptr;
    }
    return record_.json.Member(value, step.name);
  }

  Found FindRaw(const MappingSource& source, std::string& text) const {
    using Kind = MappingSource::Kind;
    switch (source.kind) {
      case Kind::kPath:
        return TextOf(At(source.path), text);
      case Kind::kHeader: {
        auto value = FindHeader(record_.headers, source.text);
        if (!value) value = FindHeader(record_.attributes, source.text);
        return FromOutside(value.value_or(std::string_view()), text);
      }
      case Kind::kKey:
        return FromOutside(record_.key, text);
      case Kind::kText:
        text = source.text;
        return text.empty() ? Found::kAbsent : Found::kThere;
      case Kind::kFirst:
        return FindFirst(source, text);
      case Kind::kJoin:
        return Join(source, text);
      case Kind::kCount: {
        const JsonValue* list = At(source.path);
        if (list == nullptr) return Found::kAbsent;
        if (list->kind != JsonValue::Kind::kList) return Found::kMisfit;
        text = std::to_string(list->count);
        return Found::kThere;
      }
    }
    return Found::kAbsent;
  }

  static Found FromOutside(std::string_view value, std::string& text) {
    if (value.empty()) return Found::kAbsent;
    if (value.size() > kEventBytesMax || !IsUtf8(value)) return Found::kMisfit;
    text = value;
    return Found::kThere;
  }

  static Found TextOf(const JsonValue* value, std::string& text) {
    if (value == nullptr) return Found::kAbsent;
    switch (value->kind) {
      case JsonValue::Kind::kNull:
        return Found::kAbsent;
      case JsonValue::Kind::kTruth:
        text = value->truth ? "true" : "false";
        return Found::kThere;
      case JsonValue::Kind::kNumber:
      case JsonValue::Kind::kText:
        text = value->text;
        return text.empty() ? Found::kAbsent : Found::kThere;
      case JsonValue::Kind::kList:
      case JsonValue::Kind::kMap:
        return Found::kMisfit;
    }
    return Found::kAbsent;
  }

  // One that has no meaning is passed over, but remembered: it is not the same as nothing.
  Found FindFirst(const MappingSource& source, std::string& text) const {
    Found best = Found::kAbsent;
    for (const MappingSource& part : source.parts) {
      const Found found = Find(part, text);
      if (found == Found::kThere || found == Found::kMisfit) return found;
      if (found == Found::kNoMeaning) best = found;
    }
    return best;
  }

  Found Join(const MappingSource& source, std::string& text) const {
    Found found = Found::kAbsent;
    for (const MappingSource& part : source.parts) {
      Found one = Found::kAbsent;
      if (part.kind == MappingSource::Kind::kPath && HasEach(part.path)) {
        one = JoinEach(record_.json.root(), part, 0, source.text, text);
      } else {
        std::string more;
        one = Find(part, more);
        if (one == Found::kThere && !Append(more, source.text, text)) one = Found::kMisfit;
      }
      if (one == Found::kMisfit || one == Found::kNoMeaning) return one;
      if (one == Found::kThere) found = one;
    }
    return found;
  }

  static bool HasEach(const JsonPath& path) {
    return std::any_of(path.steps.begin(), path.steps.end(),
                       [](const JsonPath::Step& step) { return step.each; });
  }

  // What is at the steps from `from` on, item by item where a step is `*`.
  Found JoinEach(const JsonValue& value, const MappingSource& part, std::size_t from,
                 const std::string& with, std::string& text) const {
    if (from == part.path.steps.size()) {
      std::string more;
      const Found found = TextOf(&value, more);
      if (found != Found::kThere) return found;
      return Append(more, with, text) ? found : Found::kMisfit;
    }
    const JsonPath::Step& step = part.path.steps[from];
    if (!step.each) {
      const JsonValue* inner = StepInto(value, step);
      return inner == nullptr ? Found::kAbsent : JoinEach(*inner, part, from + 1, with, text);
    }
    if (value.kind != JsonValue::Kind::kList) return Found::kAbsent;
    Found best = Found::kAbsent;
    for (const JsonValue* item = record_.json.First(value); item != nullptr;
         item = record_.json.Next(*item)) {
      const Found found = JoinEach(*item, part, from + 1, with, text);
      if (found == Found::kMisfit) return found;
      if (found == Found::kThere) best = found;
    }
    return best;
  }

  // False: it would be longer than any event.
  static bool Append(const std::string& more, const std::string& with, std::string& text) {
    if (text.size() + with.size() + more.size() > kEventBytesMax) return false;
    if (!text.empty()) text += with;
    text += more;
    return true;
  }

  const MappableRecord& record_;
};

bool Lists(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool Holds(const MappingCondition& condition, const Finder& finder) {
  std::string text;
  const Found found = finder.Find(condition.of, text);
  const bool there = found == Found::kThere;
  if (!condition.is.empty() && !(there && Lists(condition.is, text))) return false;
  if (!condition.is_not.empty()) return !(there && Lists(condition.is_not, text));
  if (!condition.is.empty()) return true;
  // Of a list or map it is enough that it is there, as it is of an empty text.
  const bool any =
      there || found == Found::kMisfit ||
      (condition.of.kind == MappingSource::Kind::kPath && finder.At(condition.of.path) != nullptr);
  return any == condition.there;
}

constexpr std::string_view kHeaderPrefix = "headers.";

// False: `text` is nothing that the field can hold.
bool Set(const MappedField& mapped, const std::string& text, Message& event) {
  if (mapped.name.starts_with(kHeaderPrefix)) {
    auto& headers = *static_cast<v1::MessageEvent&>(event).mutable_headers();
    headers[mapped.name.substr(kHeaderPrefix.size())] = text;
    return true;
  }
  const FieldDescriptor* field = event.GetDescriptor()->FindFieldByName(mapped.name);
  const google::protobuf::Reflection* reflection = event.GetReflection();
  switch (mapped.form) {
    case ValueForm::kText:
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
        reflection->SetString(&event, field, text);
        return true;
      }
      break;
    case ValueForm::kIso:
    case ValueForm::kIsoUtc:
    case ValueForm::kSeconds:
    case ValueForm::kMilliseconds: {
      const auto time = TimeOf(text, mapped.form);
      if (time) reflection->MutableMessage(&event, field)->CopyFrom(*time);
      return time.has_value();
    }
    case ValueForm::kDecimal:
    case ValueForm::kCents: {
      const auto cents = CentsOf(text, mapped.form);
      if (cents) reflection->SetInt64(&event, field, *cents);
      return cents.has_value();
    }
    case ValueForm::kNumber: {
      const auto number = NumberOf(text);
      if (number) reflection->SetUInt32(&event, field, *number);
      return number.has_value();
    }
    case ValueForm::kSwitch: {
      const auto on = SwitchOf(text);
      if (on) reflection->SetBool(&event, field, *on);
      return on.has_value();
    }
  }
  // The policy's word for a status or an author is the end of the proto's.
  std::string name = field->enum_type()->value(0)->name();
  name.erase(name.size() - std::string_view("UNSPECIFIED").size());
  for (const char c : text) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : '?';
  const auto* value = field->enum_type()->FindValueByName(name);
  if (value == nullptr || value->number() == 0) return false;
  reflection->SetEnum(&event, field, value);
  return true;
}

}  // namespace

const Mapping* FindMapping(const MappingRules& rules, MappedInput input,
                           const MappableRecord& record) {
  const Finder finder(record);
  for (const Mapping& mapping : rules.mappings) {
    if (mapping.input != input) continue;
    const bool fits =
        std::all_of(mapping.when.begin(), mapping.when.end(),
                    [&](const MappingCondition& condition) { return Holds(condition, finder); });
    if (fits) return &mapping;
  }
  return nullptr;
}

std::optional<Refusal> FillEvent(const Mapping& mapping, const MappableRecord& record,
                                 Message& event) {
  const Finder finder(record);
  for (const JsonPath& path : mapping.single) {
    const JsonValue* list = finder.At(path);
    if (list != nullptr && list->kind == JsonValue::Kind::kList && list->count > 1) {
      return Refusal{RefusalReason::kBadMapping, path.text};
    }
  }
  for (const MappedField& field : mapping.fields) {
    std::string text;
    switch (finder.Find(field.from, text)) {
      case Found::kAbsent:
        continue;  // the event's own check says what it lacks
      case Found::kNoMeaning:
        return Refusal{RefusalReason::kUnmapped, field.name};
      case Found::kMisfit:
        return Refusal{RefusalReason::kBadMapping, field.name};
      case Found::kThere:
        break;
    }
    if (!Set(field, text, event)) return Refusal{RefusalReason::kBadMapping, field.name};
  }
  return std::nullopt;
}

}  // namespace usher::intake
