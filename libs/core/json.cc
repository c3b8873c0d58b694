#include "core/json.h"

#include <algorithm>
#include <string>

#include "core/fold.h"

namespace usher {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsNumeral(char c) { return c >= '0' && c <= '9'; }

int HexOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What a backslash and `c` stand for; 0: nothing (or \u, which is longer).
char Unescaped(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

// Each Take... moves `at_` behind what it took; false: a fault is told.
class Json::Parser {
 public:
  Parser(std::string_view source, const JsonLimits& limits, Json& into)
      : source_(source), limits_(limits), into_(into) {}

  bool Run() {
    std::uint32_t root = 0;
    if (!TakeValue(0, root)) return false;
    SkipSpace();
    return at_ == source_.size() || Fail(JsonFault::kSyntax, at_);
  }

 private:
  bool Fail(JsonFault fault, std::size_t at) {
    into_.fault_ = fault;
    into_.fault_at_ = at;
    return false;
  }

  void SkipSpace() {
    while (at_ < source_.size() && IsSpace(source_[at_])) ++at_;
  }

  bool Sees(char c) const { return at_ < source_.size() && source_[at_] == c; }

  bool TakeValue(std::uint32_t depth, std::uint32_t& index) {
    SkipSpace();
    if (at_ >= source_.size()) return Fail(JsonFault::kSyntax, at_);
    if (into_.values_.size() >= limits_.values) return Fail(JsonFault::kTooMany, at_);
    index = static_cast<std::uint32_t>(into_.values_.size());
    into_.values_.emplace_back();
    const std::size_t begin = at_;
    if (!TakeBody(depth, index)) return false;
    into_.values_[index].written = source_.substr(begin, at_ - begin);
    return true;
  }

  bool TakeBody(std::uint32_t depth, std::uint32_t index) {
    switch (source_[at_]) {
      case '{':
      case '[':
        if (depth >= limits_.depth) return Fail(JsonFault::kTooDeep, at_);
        return source_[at_] == '{' ? TakeMap(depth, index) : TakeList(depth, index);
      case '"': {
        std::string_view text;
        if (!TakeText(limits_.text_bytes, text)) return false;
        into_.values_[index].kind = JsonValue::Kind::kText;
        into_.values_[index].text = text;
        return true;
      }
      case 't':
        into_.values_[index].truth = true;
        into_.values_[index].kind = JsonValue::Kind::kTruth;
        return TakeWord("true");
      case 'f':
        into_.values_[index].kind = JsonValue::Kind::kTruth;
        return TakeWord("false");
      case 'n':
        return TakeWord("null");
      default:
        return TakeNumber(into_.values_[index]);
    }
  }

  bool TakeWord(std::string_view word) {
    if (!source_.substr(at_).starts_with(word)) return Fail(JsonFault::kSyntax, at_);
    at_ += word.size();
    return true;
  }

  bool TakeNumerals() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && IsNumeral(source_[at_])) ++at_;
    return at_ > begin || Fail(JsonFault::kSyntax, at_);
  }

  bool TakeNumber(JsonValue& value) {
    const std::size_t begin = at_;
    if (Sees('-')) ++at_;
    if (Sees('0')) {
      ++at_;
    } else if (!TakeNumerals()) {
      return false;
    }
    if (Sees('.')) {
      ++at_;
      if (!TakeNumerals()) return false;
    }
    if (Sees('e') || Sees('E')) {
      ++at_;
      if (Sees('+') || Sees('-')) ++at_;
      if (!TakeNumerals()) return false;
    }
    if (at_ - begin > limits_.number_bytes) return Fail(JsonFault::kTooLong, begin);
    value.kind = JsonValue::Kind::kNumber;
    value.text = source_.substr(begin, at_ - begin);
    return true;
  }

  void Link(std::uint32_t parent, std::uint32_t& last, std::uint32_t index) {
    (last == 0 ? into_.values_[parent].first : into_.values_[last].next) = index;
    ++into_.values_[parent].count;
    last = index;
  }

  bool TakeList(std::uint32_t depth, std::uint32_t list) {
    into_.values_[list].kind = JsonValue::Kind::kList;
    ++at_;
    SkipSpace();
    if (Sees(']')) return ++at_, true;
    for (std::uint32_t last = 0;;) {
      std::uint32_t index = 0;
      if (!TakeValue(depth + 1, index)) return false;
      Link(list, last, index);
      SkipSpace();
      if (Sees(']')) return ++at_, true;
      if (!Sees(',')) return Fail(JsonFault::kSyntax, at_);
      ++at_;
    }
  }

  bool TakeMap(std::uint32_t depth, std::uint32_t map) {
    into_.values_[map].kind = JsonValue::Kind::kMap;
    const std::size_t begin = at_++;
    SkipSpace();
    if (Sees('}')) return ++at_, true;
    for (std::uint32_t last = 0;;) {
      SkipSpace();
      if (!Sees('"')) return Fail(JsonFault::kSyntax, at_);
      std::string_view key;
      if (!TakeText(limits_.key_bytes, key)) return false;
      SkipSpace();
      if (!Sees(':')) return Fail(JsonFault::kSyntax, at_);
      ++at_;
      std::uint32_t index = 0;
      if (!TakeValue(depth + 1, index)) return false;
      into_.values_[index].key = key;
      Link(map, last, index);
      SkipSpace();
      if (Sees('}')) break;
      if (!Sees(',')) return Fail(JsonFault::kSyntax, at_);
      ++at_;
    }
    ++at_;
    return KeysDiffer(map) || Fail(JsonFault::kKeyTwice, begin);
  }

  bool KeysDiffer(std::uint32_t map) {
    std::vector<std::string_view> keys;
    keys.reserve(into_.values_[map].count);
    for (std::uint32_t i = into_.values_[map].first; i != 0; i = into_.values_[i].next) {
      keys.push_back(into_.values_[i].key);
    }
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
  }

  // Without escapes a text is a piece of the source; with them it is written out.
  bool TakeText(std::size_t bytes_max, std::string_view& text) {
    const std::size_t begin = ++at_;
    std::size_t plain = begin;  // what comes from here on is not written out yet
    std::optional<std::size_t> out;
    for (;;) {
      if (at_ >= source_.size()) return Fail(JsonFault::kSyntax, at_);
      if (at_ - begin > bytes_max * 6) return Fail(JsonFault::kTooLong, begin);
      const auto c = static_cast<unsigned char>(source_[at_]);
      if (c == '"') break;
      if (c < 0x20) return Fail(JsonFault::kSyntax, at_);
      if (c == '\\') {
        if (!out) out = into_.unescaped_.size();
        Write(source_.substr(plain, at_ - plain));
        if (!TakeEscape()) return false;
        plain = at_;
      } else if (!TakeCharacter()) {
        return false;
      }
    }
    if (out) {
      Write(source_.substr(plain, at_ - plain));
      text = std::string_view(into_.unescaped_.data() + *out, into_.unescaped_.size() - *out);
    } else {
      text = source_.substr(begin, at_ - begin);
    }
    ++at_;
    return text.size() <= bytes_max || Fail(JsonFault::kTooLong, begin);
  }

  bool TakeCharacter() {
    if (static_cast<unsigned char>(source_[at_]) < 0x80) return ++at_, true;
    const std::size_t begin = at_;
    const char32_t c = NextCharacter(source_, at_);
    return c != 0xfffd || at_ - begin > 1 || Fail(JsonFault::kNotUtf8, begin);
  }

  void Write(std::string_view bytes) {
    into_.unescaped_.insert(into_.unescaped_.end(), bytes.begin(), bytes.end());
  }

  bool TakeEscape() {
    const std::size_t begin = at_++;
    if (at_ >= source_.size()) return Fail(JsonFault::kSyntax, at_);
    if (source_[at_] != 'u') {
      const char c = Unescaped(source_[at_]);
      if (c == 0) return Fail(JsonFault::kSyntax, begin);
      Write(std::string_view(&c, 1));
      return ++at_, true;
    }
    ++at_;
    char32_t c = 0;
    if (!TakeHex(c)) return false;
    if (c >= 0xdc00 && c <= 0xdfff) return Fail(JsonFault::kSurrogate, begin);
    if (c >= 0xd800 && c <= 0xdbff) {
      char32_t low = 0;
      if (!source_.substr(at_).starts_with("\\u")) return Fail(JsonFault::kSurrogate, begin);
      at_ += 2;
      if (!TakeHex(low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return Fail(JsonFault::kSurrogate, begin);
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    std::string bytes;
    AppendCharacter(c, bytes);
    Write(bytes);
    return true;
  }

  bool TakeHex(char32_t& value) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = at_ < source_.size() ? HexOf(source_[at_]) : -1;
      if (digit < 0) return Fail(JsonFault::kSyntax, at_);
      value = value * 16 + static_cast<char32_t>(digit);
    }
    return true;
  }

  std::string_view source_;
  const JsonLimits& limits_;
  Json& into_;
  std::size_t at_ = 0;
};

Json::Json(std::string_view source, const JsonLimits& limits) {
  // Texts point in here, so it must never move: no text is longer unescaped than escaped.
  unescaped_.reserve(source.size());
  if (!Parser(source, limits, *this).Run()) values_.clear();
}

const JsonValue* Json::Member(const JsonValue& of, std::string_view key) const {
  if (of.kind != JsonValue::Kind::kMap) return nullptr;
  const JsonValue* value = First(of);
  while (value != nullptr && value->key != key) value = Next(*value);
  return value;
}

const JsonValue* Json::Item(const JsonValue& of, std::uint32_t index) const {
  if (of.kind != JsonValue::Kind::kList || index >= of.count) return nullptr;
  const JsonValue* value = First(of);
  while (index-- > 0) value = Next(*value);
  return value;
}

const char* ToText(JsonFault fault) {
  switch (fault) {
    case JsonFault::kNone:
      return "none";
    case JsonFault::kSyntax:
      return "syntax";
    case JsonFault::kNotUtf8:
      return "not_utf8";
    case JsonFault::kSurrogate:
      return "surrogate";
    case JsonFault::kKeyTwice:
      return "key_twice";
    case JsonFault::kTooDeep:
      return "too_deep";
    case JsonFault::kTooMany:
      return "too_many";
    case JsonFault::kTooLong:
      return "too_long";
  }
  return "syntax";
}

}  // namespace usher
