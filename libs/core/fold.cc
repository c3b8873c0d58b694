#include "core/fold.h"

#include <algorithm>

namespace usher {
namespace {

constexpr char32_t kReplacement = 0xfffd;

bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// Of U+0100 to U+024F and U+0460 to U+052F nearly all letters come in pairs, the capital first; in
// some runs it has the odd number.
bool PairsFromOdd(char32_t c) {
  return (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) || (c >= 0x1cd && c <= 0x1dc) ||
         (c >= 0x4c1 && c <= 0x4ce);
}

bool PairsFromEven(char32_t c) {
  return (c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) || (c >= 0x1de && c <= 0x1ef) ||
         (c >= 0x1f8 && c <= 0x21f) || (c >= 0x222 && c <= 0x233) || (c >= 0x460 && c <= 0x481) ||
         (c >= 0x48a && c <= 0x4bf) || (c >= 0x4d0 && c <= 0x52f) || (c >= 0x1e00 && c <= 0x1e95) ||
         (c >= 0x1ea0 && c <= 0x1eff);
}

char32_t LowerGreek(char32_t c) {
  if (c == 0x386) return 0x3ac;
  if (c >= 0x388 && c <= 0x38a) return c + 37;
  if (c == 0x38c) return 0x3cc;
  if (c == 0x38e || c == 0x38f) return c + 63;
  if (c >= 0x391 && c <= 0x3ab && c != 0x3a2) return c + 32;
  if (c == 0x3c2) return 0x3c3;  // final sigma
  return c;
}

}  // namespace

char32_t NextCharacter(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  int more = 0;
  char32_t value = 0;
  char32_t least = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    more = 1;
    value = lead & 0x1f;
    least = 0x80;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    more = 2;
    value = lead & 0x0f;
    least = 0x800;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    more = 3;
    value = lead & 0x07;
    least = 0x10000;
  } else {
    return kReplacement;
  }
  std::size_t next = at;
  for (int i = 0; i < more; ++i) {
    if (next >= text.size() || !Continues(text[next])) return kReplacement;
    value = (value << 6) | (static_cast<unsigned char>(text[next++]) & 0x3f);
  }
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return kReplacement;
  }
  at = next;
  return value;
}

std::size_t CountCharacters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), Continues));
}

void AppendCharacter(char32_t c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xc0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

char32_t LowerCase(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c == 0x130 || c == 0x131) return 'i';
  if (c == 0x178) return 0xff;
  if (c == 0x1e9e) return 0xdf;
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 32;
  if (PairsFromOdd(c)) return (c & 1) != 0 ? c + 1 : c;
  if (PairsFromEven(c)) return (c & 1) == 0 ? c + 1 : c;
  if (c >= 0x386 && c <= 0x3c2) return LowerGreek(c);
  if (c >= 0x400 && c <= 0x40f) return c + 80;
  if (c >= 0x410 && c <= 0x42f) return c + 32;
  if (c == 0x4c0) return 0x4cf;
  return c;
}

bool IsLetter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  if (c < 0x2000) return true;  // the alphabets, and marks that combine with them
  if (c >= 0x2c00 && c <= 0x2dff) return true;
  if (c >= 0x3040 && c <= 0xd7ff) return true;  // kana, ideographs, hangul
  if (c >= 0xf900 && c <= 0xfdff) return true;
  return c >= 0xfe70 && c <= 0xfefe;
}

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

std::string Fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCharacter(text, at);
    if (!IsLetter(c) && !IsDigit(c)) {
      gap = !out.empty();
      continue;
    }
    if (c == 0x307) continue;  // the dot that a lower-cased Turkish capital leaves behind
    if (gap) out.push_back(' ');
    gap = false;
    AppendCharacter(LowerCase(c), out);
  }
  return out;
}

}  // namespace usher
