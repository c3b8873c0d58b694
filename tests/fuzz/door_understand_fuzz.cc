// Bytes become a message's text: what is understood lies within its bounds and is said again alike,
// and every order number found is a piece of the text.
//
// The models are those that the build trained; $USHER_MODELS names their folder.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "understanding/order_numbers.h"
#include "understanding/understand.h"

namespace {

using usher::understanding::Understanding;

const Understanding& Models() {
  static const auto models = Understanding::Load();
  if (!models.ok()) std::abort();
  return **models;
}

usher::UnderstandingRules Desk() {
  usher::UnderstandingRules rules;
  for (const char* language : {"ru", "uk", "ro", "sr", "en", "de", "es", "pl", "tr", "fr"}) {
    rules.languages.push_back(usher::LanguageName::Of(language));
  }
  for (const char* topic : {"delivery", "refund", "complaint"}) {
    rules.topics.push_back(usher::TopicName::Of(topic));
  }
  rules.keywords.push_back({usher::TopicName::Of("refund"), {" chargeback ", " возврат"}});
  return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const usher::UnderstandingRules rules = Desk();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto understood = Models().Understand(text, rules, usher::LanguageName());
  if (understood.topic.none() || understood.topic_permille > 1000) std::abort();
  if (understood.language_permille > 1000 || understood.sentiment_permille > 1000) std::abort();
  if (understood != Models().Understand(text, rules, usher::LanguageName())) std::abort();
  const auto numbers = usher::understanding::OrderNumbers(text);
  if (numbers.size() > usher::understanding::kOrderNumbersMax) std::abort();
  for (const std::string_view number : numbers) {
    if (number.empty() || number.data() < text.data()) std::abort();
    if (number.data() + number.size() > text.data() + text.size()) std::abort();
  }
  return 0;
}
