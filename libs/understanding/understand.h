// Understanding: a message's text becomes language, topic and mood.
//
// Language by CLD2 and a fastText model together, leaning to the desk's languages, letters deciding
// between close ones; topic by the policy's keyword rules, then a linear model over words, letter
// groups and a lexicon; mood by the same.
// The models are made at build time from libs/understanding/data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "model/names.h"
#include "model/reason.h"
#include "model/understanding_rules.h"

namespace usher::understanding {

constexpr std::size_t kTextBytesRead = 4'096;  // of a longer text only the start is looked at

// How the language was found.
enum class LanguageSource : std::uint8_t {
  kNone,    // it was not: `language` is empty
  kText,    // from the text
  kEarlier  // the text did not tell, the customer's last language holds
};

struct Understood {
  LanguageName language;  // empty: unknown. May be one that the desk does not speak
  LanguageSource language_source = LanguageSource::kNone;
  std::uint16_t language_permille = 0;  // how sure; 0 unless from the text
  TopicName topic;                      // one of the rules' topics, or `other`; never empty
  std::uint16_t topic_permille = 0;  // 1000 by a keyword; the model's best guess even for `other`
  Sentiment sentiment = Sentiment::kUnknown;  // unknown: nothing to read
  std::uint16_t sentiment_permille = 0;
  int keyword_rule = -1;  // index in rules.keywords of the one that fired; -1: none

  friend bool operator==(const Understood&, const Understood&) = default;
};

// Threads: any after construction.
class Understanding {
 public:
  // Loads message.bin and language.bin of `directory`. Empty: the first of
  // $USHER_MODELS, ../models as seen from the running binary, /usr/share/usher/models that is
  // there.
  //
  // Errors: NOT_FOUND names where it looked; DATA_LOSS: a file that is damaged or of another
  // format.
  static absl::StatusOr<std::unique_ptr<Understanding>> Load(const std::string& directory = "");

  ~Understanding();
  Understanding(const Understanding&) = delete;
  Understanding& operator=(const Understanding&) = delete;

  // Errors: none; any bytes at all are understood or not.
  // Cost:   some tens of microseconds for a message of 100 bytes; bounded by kTextBytesRead.
  Understood Understand(std::string_view text, const UnderstandingRules& rules,
                        LanguageName last_language) const;

 private:
  struct Models;
  explicit Understanding(std::unique_ptr<Models> models);

  std::unique_ptr<Models> models_;
};

}  // namespace usher::understanding
