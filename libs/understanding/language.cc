#include "understanding/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>  // before CLD2's header, which forgets it
#include <string>
#include <utility>

#include "core/fold.h"
#include "understanding/words.h"

namespace usher::understanding {
namespace {

constexpr float kDeskWeight = 4;  // of a language that the desk speaks, against any other
constexpr float kCldWeight = 10;  // of CLD2's whole agreement, against none
// A language that the model does not know is as likely as CLD2 is sure of it; but CLD2 finds rare
// languages in short or odd texts, so there it must be one that the desk speaks.
constexpr float kCldAloneShare = 0.9F;
constexpr double kCldAloneScore = 700;  // per mille bytes; real text has about 1000
constexpr int kCldAloneLetters = 30;
constexpr float kWrongLetter = 0.1F;  // for each letter that the language does not have
constexpr int kWrongLettersCounted = 3;

// Which letters beyond the common ones each Cyrillic alphabet has.
struct Alphabet {
  std::string_view language;
  std::u32string_view has;
};

constexpr std::u32string_view kTelling = U"ґђєѕіїјљњћќўџѓыэъёйщьюя";
constexpr std::array kAlphabets = {Alphabet{"ru", U"ыэъёйщьюя"}, Alphabet{"uk", U"ґєіїйщьюя"},
                                   Alphabet{"be", U"іўыэёйьюя"}, Alphabet{"bg", U"ъйщьюя"},
                                   Alphabet{"sr", U"ђјљњћџ"},    Alphabet{"mk", U"ѕјљњќџѓ"}};

struct Close {
  std::string_view found;
  std::string_view spoken;
};

// In Latin letters these can hardly be told apart in a short text: what the desk speaks is meant.
constexpr std::array kClose = {Close{"hr", "sr"}, Close{"bs", "sr"}, Close{"sr-ME", "sr"},
                               Close{"sr", "hr"}, Close{"bs", "hr"}, Close{"sr-ME", "hr"},
                               Close{"gl", "es"}, Close{"no", "nb"}, Close{"nn", "nb"},
                               Close{"nn", "no"}, Close{"nb", "no"}};

// CLD2 keeps codes that have been replaced.
constexpr std::array kRenamed = {Close{"iw", "he"}, Close{"jw", "jv"}, Close{"mo", "ro"}};

struct Letters {
  int latin = 0;
  int cyrillic = 0;
  int other = 0;
  std::array<int, kTelling.size()> telling{};
};

Letters Count(std::string_view words) {
  Letters letters;
  for (std::size_t at = 0; at < words.size();) {
    const char32_t c = NextCharacter(words, at);
    if (c == ' ') continue;
    if (c < 0x250 || (c >= 0x1e00 && c <= 0x1eff)) {
      ++letters.latin;
    } else if (c >= 0x400 && c <= 0x52f) {
      ++letters.cyrillic;
      const std::size_t telling = kTelling.find(c);
      if (telling != std::u32string_view::npos) ++letters.telling[telling];
    } else if (c < 0x300 || c > 0x36f) {
      ++letters.other;
    }
  }
  return letters;
}

// How much a language loses by letters that it does not have.
float LetterFactor(std::string_view language, const Letters& letters) {
  if (letters.cyrillic == 0) return 1;
  const auto* alphabet =
      std::find_if(kAlphabets.begin(), kAlphabets.end(),
                   [&](const Alphabet& known) { return known.language == language; });
  if (alphabet == kAlphabets.end()) return 1;
  int wrong = 0;
  for (std::size_t i = 0; i < kTelling.size(); ++i) {
    if (alphabet->has.find(kTelling[i]) == std::u32string_view::npos) wrong += letters.telling[i];
  }
  return std::pow(kWrongLetter, static_cast<float>(std::min(wrong, kWrongLettersCounted)));
}

std::string_view Base(std::string_view language) { return language.substr(0, language.find('-')); }

class Candidates {
 public:
  Candidates(const std::vector<LanguageName>& desk, const Letters& letters)
      : desk_(desk), letters_(letters) {
    bases_.reserve(desk.size());
    for (const LanguageName& language : desk) bases_.push_back(Base(language.view()));
    weights_.reserve(24);  // the model's labels and what CLD2 adds
  }

  // The desk's name for a found language, else the found one.
  LanguageName NameOf(std::string_view found) const {
    for (const Close& renamed : kRenamed) {
      if (renamed.found == found) found = renamed.spoken;
    }
    if (const LanguageName* spoken = Spoken(found)) return *spoken;
    if (letters_.latin > letters_.cyrillic) {
      for (const Close& close : kClose) {
        if (close.found != found) continue;
        if (const LanguageName* spoken = Spoken(close.spoken)) return *spoken;
      }
    }
    return LanguageName::Of(Base(found));
  }

  float* Find(const LanguageName& name) {
    for (auto& [known, weight] : weights_) {
      if (known == name) return &weight;
    }
    return nullptr;
  }

  void Add(std::string_view found, float weight) {
    weight *= LetterFactor(found, letters_) * (Spoken(found) != nullptr ? kDeskWeight : 1);
    const LanguageName name = NameOf(found);
    if (float* known = Find(name)) {
      *known += weight;
    } else {
      weights_.emplace_back(name, weight);
    }
  }

  LanguageGuess Best() const {
    LanguageGuess best;
    float most = 0;
    float sum = 0;
    for (const auto& [name, weight] : weights_) {
      sum += weight;
      if (weight <= most) continue;
      most = weight;
      best.language = name;
    }
    if (sum > 0) best.permille = static_cast<std::uint16_t>(std::lround(1000 * most / sum));
    return best;
  }

 private:
  const LanguageName* Spoken(std::string_view found) const {
    if (found == "sr-ME") return nullptr;  // as close to Serbian as to Croatian
    const std::string_view base = Base(found);
    for (std::size_t i = 0; i < bases_.size(); ++i) {
      if (bases_[i] == base) return &desk_[i];
    }
    return nullptr;
  }

  const std::vector<LanguageName>& desk_;
  const Letters& letters_;
  std::vector<std::string_view> bases_;  // of the desk's languages: "pt" of "pt-BR"
  std::vector<std::pair<LanguageName, float>> weights_;
};

struct CldAnswer {
  struct Part {
    std::string_view language;  // empty: unknown
    float share = 0;
    double score = 0;
  };
  std::array<Part, 3> parts;
};

CldAnswer AskCld(std::string_view words) {
  const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  // Of a text with what is no character (U+FDEE) it says nothing at all, not even that.
  CLD2::Language languages[3] = {CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE,
                                 CLD2::UNKNOWN_LANGUAGE};
  int percents[3] = {};
  double scores[3] = {};
  int text_bytes = 0;
  int valid_bytes = 0;
  bool reliable = false;  // also said of wrong answers: of no use
  CldAnswer answer;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(words.data(), static_cast<int>(words.size()), true,
                                          &no_hints, CLD2::kCLDFlagBestEffort, languages, percents,
                                          scores, nullptr, &text_bytes, &reliable, &valid_bytes);
  for (int i = 0; i < 3; ++i) {
    if (languages[i] == CLD2::UNKNOWN_LANGUAGE || percents[i] <= 0) continue;
    answer.parts[i] = {CLD2::LanguageCode(languages[i]), static_cast<float>(percents[i]) / 100,
                       scores[i]};
  }
  return answer;
}

}  // namespace

LanguageGuess GuessLanguage(std::string_view text, const TextModel& model,
                            const std::vector<LanguageName>& desk) {
  const std::string words = LanguageWords(text);
  const Letters letters = Count(words);
  const int count = letters.latin + letters.cyrillic + letters.other;
  if (count == 0) return {};
  const CldAnswer cld = AskCld(words);
  Candidates candidates(desk, letters);
  const bool model_reads = letters.latin + letters.cyrillic >= letters.other;
  if (model_reads) {
    for (const Guess& guess : model.Predict(words, 0)) {
      candidates.Add(guess.label, guess.probability);
    }
  }
  // The agreement of CLD2 multiplies what the model holds likely.
  for (const CldAnswer::Part& part : cld.parts) {
    if (part.language.empty()) continue;
    const LanguageName name = candidates.NameOf(part.language);
    const bool sure =
        part.share >= kCldAloneShare && part.score >= kCldAloneScore && count >= kCldAloneLetters;
    if (float* known = candidates.Find(name)) {
      *known *= 1 + kCldWeight * part.share;
    } else if (!model_reads || sure || std::find(desk.begin(), desk.end(), name) != desk.end()) {
      candidates.Add(part.language, kCldWeight * part.share);
    }
  }
  return candidates.Best();
}

}  // namespace usher::understanding
