#include "understanding/understand.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/fold.h"
#include "model/moods.h"
#include "support/status.h"
#include "understanding/language.h"
#include "understanding/message_model.h"
#include "understanding/order_numbers.h"
#include "understanding/text_model.h"
#include "understanding/words.h"

namespace usher::understanding {
namespace {

constexpr const char* kInstalledModels = "/usr/share/usher/models";
constexpr std::uint16_t kLanguageSure = 600;  // below, the text does not tell its language

std::uint16_t Permille(float share) {
  return static_cast<std::uint16_t>(std::lround(1000 * share));
}

// The start of `text`, not in the middle of a character.
std::string_view Start(std::string_view text) {
  if (text.size() <= kTextBytesRead) return text;
  std::size_t end = kTextBytesRead;
  while (end > kTextBytesRead - 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

absl::StatusOr<std::string> FindModels() {
  if (const char* named = std::getenv("USHER_MODELS"); named != nullptr && *named != '\0') {
    return std::string(named);
  }
  std::error_code error;
  const std::filesystem::path binary = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = binary.parent_path().parent_path() / "models";
  if (!error && std::filesystem::exists(beside / "message.bin", error)) return beside.string();
  const std::filesystem::path installed = kInstalledModels;
  if (std::filesystem::exists(installed / "message.bin", error)) return installed.string();
  return absl::NotFoundError("models: neither USHER_MODELS is set, nor are they in " +
                             beside.string() + " or " + installed.string());
}

// The index of the first rule with a needle in `text`; -1: none.
int FireKeywords(std::string_view text, const std::vector<KeywordRule>& rules) {
  if (rules.empty()) return -1;
  const std::string folded = " " + Fold(text) + " ";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const std::string& needle : rules[i].needles) {
      if (folded.find(needle) != std::string::npos) return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

struct Understanding::Models {
  MessageModel message;
  TextModel language;
};

Understanding::Understanding(std::unique_ptr<Models> models) : models_(std::move(models)) {}
Understanding::~Understanding() = default;

absl::StatusOr<std::unique_ptr<Understanding>> Understanding::Load(const std::string& directory) {
  std::string folder = directory;
  if (folder.empty()) {
    USHER_TRY(folder, FindModels());
  }
  USHER_TRY(MessageModel message, MessageModel::Load(folder + "/message.bin"));
  USHER_TRY(TextModel language, TextModel::Load(folder + "/language.bin"));
  auto models = std::make_unique<Models>(Models{std::move(message), std::move(language)});
  return std::unique_ptr<Understanding>(new Understanding(std::move(models)));
}

Understood Understanding::Understand(std::string_view text, const UnderstandingRules& rules,
                                     LanguageName last_language) const {
  const std::string_view read = Start(text);
  Understood understood;
  understood.topic = TopicName::Of(kOtherTopic);

  const LanguageGuess language = GuessLanguage(read, models_->language, rules.languages);
  if (!language.language.none() && language.permille >= kLanguageSure) {
    understood.language = language.language;
    understood.language_source = LanguageSource::kText;
    understood.language_permille = language.permille;
  } else if (!last_language.none()) {
    understood.language = last_language;
    understood.language_source = LanguageSource::kEarlier;
  }

  const MessageGuess guess = models_->message.Judge(TopicWords(read), !OrderNumbers(read).empty());
  understood.keyword_rule = FireKeywords(read, rules.keywords);
  if (understood.keyword_rule >= 0) {
    understood.topic = rules.keywords[static_cast<std::size_t>(understood.keyword_rule)].topic;
    understood.topic_permille = 1000;
  } else if (!guess.topic.empty()) {
    understood.topic_permille = Permille(guess.topic_probability);
    const auto topic = TopicName::Parse(guess.topic);
    const bool known =
        topic && std::find(rules.topics.begin(), rules.topics.end(), *topic) != rules.topics.end();
    if (known && understood.topic_permille >= rules.topic_confidence_permille) {
      understood.topic = *topic;
    }
  }
  understood.sentiment = MoodNamed(guess.mood);
  understood.sentiment_permille = Permille(guess.mood_probability);
  return understood;
}

}  // namespace usher::understanding
