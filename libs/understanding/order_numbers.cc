#include "understanding/order_numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "core/fold.h"
#include "understanding/order_words.h"
#include "understanding/words.h"

namespace usher::understanding {
namespace {

constexpr std::size_t kBytesRead = 4'096;
constexpr int kDigitsLeast = 3;    // behind a word for order
constexpr int kNumberedLeast = 4;  // behind a word for number alone
constexpr int kPlainMost = 9;      // without any word: longer ones are phones and parcels
constexpr std::size_t kWordsBack = 5;
constexpr std::size_t kLengthMost = 20;

enum class Shape : std::uint8_t {
  kNone,      // a price, a date, an amount, a word
  kDigits,    // 48213
  kDashed,    // 30-5582
  kLettered,  // EN-77120, 1183-B
  kTracking,  // RB204417, RB204417835RU, 12 digits and more
  kMixed      // 9QX-1120, 5582/24: only behind a word for order
};

// How well a number is called one of an order.
enum class Called : std::uint8_t { kNot, kTracking, kLooksLike, kNumbered, kOrder };

struct Token {
  std::string_view raw;
  std::string plain;  // of a word
  OrderWord word = OrderWord::kNone;
  bool numeric = false;  // has a digit
  bool hash = false;     // `#` or `№` in front
  bool plus = false;     // `+` or a sign of money in front
  bool unit = false;     // a sign of money, `%` and the like behind
  bool breaks = false;   // a sentence ends behind it
  bool comma = false;    // or a part of one
  Shape shape = Shape::kNone;
  int digits = 0;
  Called called = Called::kNot;
};

struct Run {
  char kind;  // 'A' letters, '9' digits, else the joiner itself
  std::size_t length;
};

std::vector<Run> RunsOf(std::string_view raw) {
  std::vector<Run> runs;
  for (std::size_t at = 0; at < raw.size();) {
    const char32_t c = NextCharacter(raw, at);
    const char kind = IsDigit(c) ? '9' : IsLetter(c) ? 'A' : static_cast<char>(c);
    if (!runs.empty() && runs.back().kind == kind) {
      ++runs.back().length;
    } else {
      runs.push_back({kind, 1});
    }
  }
  return runs;
}

// "9-9", "A9A": the kinds of the runs.
std::string KindsOf(const std::vector<Run>& runs) {
  std::string kinds;
  for (const Run& run : runs) kinds += run.kind;
  return kinds;
}

// What units are written with: "18V" is no order.
bool MayEndNumber(char letter) {
  return letter >= 'A' && letter <= 'Z' &&
         std::string_view("GHKLMVWX").find(letter) == std::string_view::npos;
}

Shape ShapeOf(std::string_view raw) {
  if (raw.size() > kLengthMost) return Shape::kNone;
  const std::vector<Run> runs = RunsOf(raw);
  const std::string kinds = KindsOf(runs);
  if (kinds.find_first_not_of("A9-/") != std::string::npos) return Shape::kNone;
  if (kinds == "9") return runs[0].length >= 12 ? Shape::kTracking : Shape::kDigits;
  if (kinds == "9-9" || kinds == "9/9") {
    if (runs[0].length <= 2 && runs[2].length <= 2) return Shape::kNone;  // a day, a range
    return kinds == "9-9" ? Shape::kDashed : Shape::kMixed;
  }
  if (kinds == "9-9-9" || kinds == "9/9/9") return Shape::kNone;  // a date, a phone
  if (kinds == "A9" || kinds == "A9A") {
    const bool parcel = runs[0].length == 2 && runs[1].length >= 6;
    if (parcel && (kinds == "A9" || runs[2].length == 2)) return Shape::kTracking;
    return kinds == "A9" && runs[0].length <= 4 ? Shape::kLettered : Shape::kMixed;
  }
  if (kinds == "A-9" || kinds == "A-9-9") {
    return runs[0].length <= 4 ? Shape::kLettered : Shape::kNone;
  }
  if (kinds == "9-A") return runs[2].length <= 2 ? Shape::kLettered : Shape::kNone;
  if (kinds == "9A") {
    return runs[1].length == 1 && MayEndNumber(raw.back()) ? Shape::kMixed : Shape::kNone;
  }
  return kinds.find('-') != std::string::npos && kinds.find('/') == std::string::npos
             ? Shape::kMixed
             : Shape::kNone;
}

int CountDigits(std::string_view raw) {
  return static_cast<int>(
      std::count_if(raw.begin(), raw.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

class Tokens {
 public:
  explicit Tokens(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) at = Take(text, at);
  }
  std::vector<Token>& all() { return tokens_; }

 private:
  static bool IsPart(char32_t c) { return IsDigit(c) || (IsLetter(c) && c != 0xaa && c != 0xba); }

  // A joiner belongs to the number that it stands in: 30-5582, 12.50.
  static bool Joins(std::string_view text, std::size_t at) {
    if (at == 0 || at + 1 >= text.size()) return false;
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    switch (text[at]) {
      case '-':
      case '/': {
        std::size_t next = at + 1;
        return IsPart(NextCharacter(text, next)) && (digit(at - 1) || digit(at + 1));
      }
      case '.':
      case ',':
      case ':':
        return digit(at - 1) && digit(at + 1);
      default:
        return false;
    }
  }

  std::size_t Take(std::string_view text, std::size_t at) {
    std::size_t end = at;
    const char32_t first = NextCharacter(text, end);
    if (!IsPart(first)) {
      Sign(first);
      return end;
    }
    while (end < text.size()) {
      std::size_t next = end;
      const char32_t c = NextCharacter(text, next);
      if (!IsPart(c) && !Joins(text, end)) break;
      end = next;
    }
    Add(text.substr(at, end - at));
    return end;
  }

  void Sign(char32_t c) {
    switch (c) {
      case U'#':
      case 0x2116:  // №
        hash_ = true;
        return;
      case U'+':
      case U'$':
      case 0xa3:    // £
      case 0x20ac:  // €
      case 0x20b4:  // ₴
      case 0x20ba:  // ₺
      case 0x20bd:  // ₽
        plus_ = true;
        if (c != U'+') MarkUnit();
        return;
      case U'%':
      case 0xb0:  // °, but n° is a number
        MarkUnit();
        return;
      case U'.':
      case U'!':
      case U'?':
      case U';':
      case U'\n':
        if (!tokens_.empty() && !Abbreviates(tokens_.back(), c)) tokens_.back().breaks = true;
        break;
      case U',':
      case U'(':
      case U')':
        if (!tokens_.empty()) tokens_.back().comma = true;
        break;
      case U' ':
        return;
      default:
        break;
    }
    hash_ = false;
    plus_ = false;
  }

  void MarkUnit() {
    if (!tokens_.empty() && !tokens_.back().breaks) tokens_.back().unit = true;
  }

  // "no. 48213", "zam. 71209": the sentence goes on.
  static bool Abbreviates(const Token& token, char32_t sign) {
    return sign == U'.' && token.raw.size() <= 5 &&
           (token.word == OrderWord::kOrder || token.word == OrderWord::kNumber);
  }

  void Add(std::string_view raw) {
    Token token;
    token.raw = raw;
    token.digits = CountDigits(raw);
    token.numeric = token.digits > 0;
    token.hash = hash_;
    token.plus = plus_;
    if (token.numeric) {
      token.shape = ShapeOf(raw);
    } else {
      token.plain = TopicWords(raw);
      token.word = OrderWordOf(token.plain);
    }
    hash_ = false;
    plus_ = false;
    tokens_.push_back(std::move(token));
  }

  std::vector<Token> tokens_;
  bool hash_ = false;
  bool plus_ = false;
};

bool IsYear(const Token& token) {
  return token.shape == Shape::kDigits && token.raw.size() == 4 &&
         (token.raw.starts_with("19") || token.raw.starts_with("20"));
}

// 100-200, 2019-2021: from and to.
bool IsRange(std::string_view raw) {
  const std::size_t dash = raw.find('-');
  return dash * 2 + 1 == raw.size() && raw.substr(0, dash) < raw.substr(dash + 1);
}

// What the words in front of and behind a number say of it.
class Judge {
 public:
  explicit Judge(std::vector<Token>& tokens) : tokens_(tokens) {
    speaks_of_order_ = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
      return token.word == OrderWord::kOrder || token.word == OrderWord::kCancels;
    });
  }

  Called Of(std::size_t i) const {
    const Token& token = tokens_[i];
    if (token.shape == Shape::kNone || token.digits < kDigitsLeast) return Called::kNot;
    if (token.unit || token.plus || (!token.hash && UnitBehind(i))) return Called::kNot;
    if (const Called behind = Behind(i); behind != Called::kLooksLike) return behind;
    const Called called = InFront(i);
    if (called == Called::kOrder && IsYear(token) && !Beside(i)) return Called::kNot;
    if (called == Called::kNumbered && token.digits < kNumberedLeast && !token.hash) {
      return Called::kNot;
    }
    if (called != Called::kLooksLike) return called;
    return LooksLikeOne(i)                   ? Called::kLooksLike
           : token.shape == Shape::kTracking ? Called::kTracking
                                             : Called::kNot;
  }

 private:
  bool UnitBehind(std::size_t i) const {
    return i + 1 < tokens_.size() && !tokens_[i].breaks && !tokens_[i].comma &&
           tokens_[i + 1].word == OrderWord::kUnit;
  }

  // A word for order, number or `#` right in front of it.
  bool Beside(std::size_t i) const {
    return tokens_[i].hash || (i > 0 && (tokens_[i - 1].word == OrderWord::kOrder ||
                                         tokens_[i - 1].word == OrderWord::kNumber));
  }

  // Turkish: "48213 nolu siparişim", "48213 no'lu".
  Called Behind(std::size_t i) const {
    std::size_t next = i + 1;
    if (next + 1 < tokens_.size() && tokens_[next].word == OrderWord::kNumber) ++next;
    if (next >= tokens_.size() || tokens_[i].breaks || tokens_[next].word != OrderWord::kBehind) {
      return Called::kLooksLike;
    }
    const OrderWord what = next + 1 < tokens_.size() ? tokens_[next + 1].word : OrderWord::kNone;
    if (what == OrderWord::kOrder) return Called::kOrder;
    if (what == OrderWord::kOther) return Called::kNot;
    if (what == OrderWord::kTracking) return Called::kTracking;
    return tokens_[i].digits >= kNumberedLeast ? Called::kNumbered : Called::kNot;
  }

  Called InFront(std::size_t i) const {
    const std::size_t first = i - std::min(i, kWordsBack);
    bool numbered = tokens_[i].hash;
    for (std::size_t j = i; j-- > first;) {
      const Token& before = tokens_[j];
      if (before.breaks) break;
      if (before.numeric) {
        const bool joined = before.comma || j + 1 < i;
        if (joined && before.called >= Called::kNumbered) return before.called;
        break;
      }
      if (before.word == OrderWord::kOrder) {
        return tokens_[i].shape == Shape::kNone ? Called::kNot : Called::kOrder;
      }
      if (before.word == OrderWord::kTracking) return Called::kTracking;
      if (before.word == OrderWord::kOther) return Called::kNot;
      if (before.word == OrderWord::kNumber) {
        numbered = true;
      } else if (before.word != OrderWord::kBetween && before.word != OrderWord::kJoins) {
        break;
      }
    }
    return numbered ? Called::kNumbered : Called::kLooksLike;
  }

  bool LooksLikeOne(std::size_t i) const {
    const Token& token = tokens_[i];
    const bool money = i > 0 && tokens_[i - 1].word == OrderWord::kMoney;
    if (AmongNumbers(i) || NamesPlace(i)) return false;
    switch (token.shape) {
      case Shape::kDigits:
        if (token.digits > kPlainMost || token.raw[0] == '0') return false;
        if (token.digits > 4) return !token.raw.ends_with("000");
        return token.digits == 4 && !IsYear(token) && !token.raw.ends_with("00") && !money &&
               (speaks_of_order_ || Alone(i));
      case Shape::kDashed:
        return token.digits >= 4 && !IsRange(token.raw);
      case Shape::kLettered:
        return token.digits >= 4 && token.raw.find('-') != std::string_view::npos;
      default:
        return false;
    }
  }

  // Part of a longer one with blanks: a phone, 7 200.
  bool AmongNumbers(std::size_t i) const {
    const bool before =
        i > 0 && tokens_[i - 1].numeric && !tokens_[i - 1].breaks && !tokens_[i - 1].comma;
    const bool behind =
        i + 1 < tokens_.size() && tokens_[i + 1].numeric && !tokens_[i].breaks && !tokens_[i].comma;
    return before || behind;
  }

  // "28004 Madrid", "00-950 Warszawa".
  bool NamesPlace(std::size_t i) const {
    if (tokens_[i].digits > 6 || i + 1 >= tokens_.size()) return false;
    if (tokens_[i].breaks || tokens_[i].comma || tokens_[i + 1].numeric) return false;
    std::size_t at = 0;
    const char32_t first = NextCharacter(tokens_[i + 1].raw, at);
    return LowerCase(first) != first && at < tokens_[i + 1].raw.size();
  }

  bool Alone(std::size_t i) const {
    const auto ends = [&](std::size_t j) { return tokens_[j].breaks || tokens_[j].comma; };
    return (i == 0 || ends(i - 1)) && (i + 1 == tokens_.size() || ends(i));
  }

  std::vector<Token>& tokens_;
  bool speaks_of_order_ = false;
};

bool IsAddress(std::string_view word) {
  return word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos ||
         word.starts_with("www.");
}

// Whether a number stands in an address of the web or of mail.
bool InAddress(std::string_view text, std::string_view number) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto at = static_cast<std::size_t>(number.data() - text.data());
  const std::size_t before = text.find_last_of(kBlanks, at);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return IsAddress(text.substr(start, text.find_first_of(kBlanks, at) - start));
}

}  // namespace

std::vector<std::string_view> OrderNumbers(std::string_view whole) {
  const std::string_view text = whole.substr(0, kBytesRead);
  if (CountDigits(text) < kDigitsLeast) return {};
  Tokens split(text);
  std::vector<Token>& tokens = split.all();
  const Judge judge(tokens);
  Called best = Called::kNot;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].numeric || InAddress(text, tokens[i].raw)) continue;
    tokens[i].called = judge.Of(i);
    best = std::max(best, tokens[i].called);
  }
  std::vector<std::string_view> numbers;
  if (best == Called::kNot) return numbers;
  const Called least = std::min(best, Called::kNumbered);
  for (const Token& token : tokens) {
    if (token.called < least || numbers.size() == kOrderNumbersMax) continue;
    if (std::find(numbers.begin(), numbers.end(), token.raw) == numbers.end()) {
      numbers.push_back(token.raw);
    }
  }
  return numbers;
}

}  // namespace usher::understanding
