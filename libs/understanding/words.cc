#include "understanding/words.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/fold.h"

namespace usher::understanding {
namespace {

// From U+0430 to U+045F, one for each letter; letters that several languages read differently get
// the spelling under which most of their words meet.
constexpr std::array<std::string_view, 48> kCyrillic = {
    "a", "b", "v", "g", "d", "e", "z", "z", "i", "i",  "k",  "l", "m", "n", "o", "p",
    "r", "s", "t", "u", "f", "h", "c", "c", "s", "s",  "",   "i", "",  "e", "u", "a",
    "e", "e", "d", "g", "e", "z", "i", "i", "j", "lj", "nj", "c", "k", "i", "u", "dz"};

// From U+00E0 to U+00FF.
constexpr std::array<std::string_view, 32> kLatin1 = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "t", "y"};

// From U+0100 to U+017F, without their accents.
constexpr std::string_view kLatinA =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

bool Combines(char32_t c) { return c >= 0x300 && c <= 0x36f; }

// Emoji, dingbats and the like: they carry the mood.
bool Pictures(char32_t c) {
  return (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || c == 0x2764;
}

void AppendPlain(char32_t c, std::string& out) {
  if (c >= 0x430 && c <= 0x45f) {
    out += kCyrillic[c - 0x430];
  } else if (c == 0x491) {
    out += 'g';
  } else if (c == 0xdf) {
    out += "ss";
  } else if (c >= 0xe0 && c <= 0xff) {
    out += kLatin1[c - 0xe0];
  } else if (c >= 0x100 && c - 0x100 < kLatinA.size()) {
    out += kLatinA[c - 0x100];
  } else if (c == 0x219 || c == 0x21b) {  // Romanian, comma below
    out += c == 0x219 ? 's' : 't';
  } else {
    AppendCharacter(c, out);
  }
}

bool IsAddress(std::string_view word) {
  return word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos ||
         word.starts_with("www.");
}

// Mail and web addresses say nothing about the language or the topic.
std::string WithoutAddresses(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!IsAddress(word)) kept += word;
    kept += ' ';
    at = end + 1;
  }
  return kept;
}

enum class Kind : std::uint8_t { kBlank, kLetter, kDigit, kSign };

Kind KindOf(char32_t c) {
  if (IsLetter(c)) return Kind::kLetter;
  if (IsDigit(c)) return Kind::kDigit;
  return c == '!' || c == '?' || Pictures(c) ? Kind::kSign : Kind::kBlank;
}

}  // namespace

std::string TopicWords(std::string_view message) {
  const std::string text = WithoutAddresses(message);
  std::string out;
  out.reserve(text.size());
  Kind before = Kind::kBlank;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCharacter(text, at);
    if (Combines(c)) continue;
    const Kind kind = KindOf(c);
    if (kind == Kind::kBlank) {
      before = kind;
      continue;
    }
    if (kind == Kind::kDigit && before == Kind::kDigit) continue;
    if (!out.empty() && out.back() != ' ' && (kind != before || kind == Kind::kSign)) out += ' ';
    if (kind == Kind::kDigit) {
      out += '0';
    } else if (kind == Kind::kSign) {
      AppendCharacter(c, out);
    } else {
      AppendPlain(LowerCase(c), out);
    }
    before = kind;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string LanguageWords(std::string_view message) {
  const std::string text = WithoutAddresses(message);
  constexpr char32_t kDotless = 0x131;  // tells Turkish; folding would lose it
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCharacter(text, at);
    if (!IsLetter(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    AppendCharacter(c == kDotless ? c : LowerCase(c), out);
  }
  return out;
}

}  // namespace usher::understanding
