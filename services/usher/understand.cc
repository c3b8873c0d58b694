// usher understand [--policy FILE] [--eval FILE.tsv]
#include "usher/understand.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/moods.h"
#include "policy/compile.h"
#include "support/status.h"
#include "understanding/message_model.h"
#include "understanding/order_numbers.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/files.h"
#include "usher/policy_file.h"
#include "usher/understand_eval.h"

namespace usher {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kReadBytes = 64 * 1024;

struct UnderstandOptions {
  std::string policy;
  std::string models;
  std::string eval;
};

// A shop's own channel names are its own business: any will do.
absl::StatusOr<std::string> ReadText(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (json.is_discarded()) return absl::InvalidArgumentError("not JSON in UTF-8");
  if (!json.is_object()) return absl::InvalidArgumentError("not a JSON object");
  const auto text = json.find("text");
  if (text == json.end()) return absl::InvalidArgumentError("text: is missing");
  if (!text->is_string()) return absl::InvalidArgumentError("text: not a string");
  const auto channel = json.find("channel");
  if (channel != json.end() && !channel->is_string()) {
    return absl::InvalidArgumentError("channel: not a string");
  }
  return text->get<std::string>();
}

double Share(std::uint16_t permille) { return permille / 1000.0; }

Json Answer(const std::string& text, const understanding::Understood& understood) {
  Json answer;
  answer["language"] = LanguageText(understood);
  answer["language_confidence"] = Share(understood.language_permille);
  answer["topic"] = understood.topic.ToString();
  answer["topic_confidence"] = Share(understood.topic_permille);
  if (understood.keyword_rule >= 0) answer["keyword_rule"] = understood.keyword_rule + 1;
  answer["sentiment"] = SentimentText(understood.sentiment);
  answer["sentiment_confidence"] = Share(understood.sentiment_permille);
  answer["order_ids"] = Json::array();
  for (const std::string_view number : understanding::OrderNumbers(text)) {
    answer["order_ids"].push_back(std::string(number));
  }
  return answer;
}

// Lines out for lines in.
class Talk {
 public:
  Talk(const understanding::Understanding& understanding, const UnderstandingRules& rules,
       std::ostream& out, std::ostream& err)
      : understanding_(understanding), rules_(rules), out_(out), err_(err) {}

  // Bytes of the input, as they come. Answers each line that is whole.
  void Take(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      Keep(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      Finish();
      bytes.remove_prefix(end + 1);
    }
  }

  // The last line may end without a line break.
  void End() {
    if (!line_.empty() || too_long_) Finish();
  }

  bool fine() const { return fine_; }

 private:
  void Keep(std::string_view bytes) {
    too_long_ = too_long_ || line_.size() + bytes.size() > kUnderstandLineMax;
    if (too_long_) {
      line_.clear();
    } else {
      line_ += bytes;
    }
  }

  void Finish() {
    ++number_;
    const absl::StatusOr<std::string> text =
        too_long_ ? absl::InvalidArgumentError("longer than 4 MiB") : ReadText(line_);
    line_.clear();
    too_long_ = false;
    if (text.ok()) {
      const Json answer = Answer(*text, understanding_.Understand(*text, rules_, LanguageName()));
      out_ << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
      return;
    }
    fine_ = false;
    const std::string problem = absl::StrCat("line ", number_, ": ", text.status().message());
    out_ << Json{{"error", problem}}.dump() << '\n';
    err_ << problem << '\n';
  }

  const understanding::Understanding& understanding_;
  const UnderstandingRules& rules_;
  std::ostream& out_;
  std::ostream& err_;
  std::string line_;
  bool too_long_ = false;
  bool fine_ = true;
  std::uint64_t number_ = 0;
};

UnderstandingRules AllRules() {
  UnderstandingRules rules;
  for (const char* language : {"ru", "uk", "ro", "sr", "en", "de", "pl", "es", "fr", "tr"}) {
    rules.languages.push_back(LanguageName::Of(language));
  }
  for (const std::string_view topic : understanding::kTopicLabels) {
    rules.topics.push_back(TopicName::Of(topic));
  }
  return rules;
}

absl::StatusOr<UnderstandingRules> RulesOf(const std::string& file) {
  if (file.empty()) return AllRules();
  USHER_TRY(const PolicyFile policy, ReadPolicyFile(file));
  return policy::Compile(policy.yaml).compiled->understanding;
}

absl::StatusOr<int> Run(const UnderstandOptions& options) {
  USHER_TRY(const UnderstandingRules rules, RulesOf(options.policy));
  USHER_TRY(const auto understanding, understanding::Understanding::Load(options.models));
  if (options.eval.empty()) {
    return UnderstandLines(STDIN_FILENO, *understanding, rules, std::cout, std::cerr);
  }
  USHER_RETURN_IF_ERROR(EvaluateUnderstanding(options.eval, *understanding, rules, std::cout));
  std::cout << std::flush;
  return std::cout.good() ? kFine : kFailed;
}

}  // namespace

std::string SentimentText(Sentiment sentiment) {
  return sentiment == Sentiment::kUnknown ? "unknown" : std::string(NameOf(sentiment));
}

std::string LanguageText(const understanding::Understood& understood) {
  return understood.language.none() ? "unknown" : understood.language.ToString();
}

int UnderstandLines(int in, const understanding::Understanding& understanding,
                    const UnderstandingRules& rules, std::ostream& out, std::ostream& err) {
  Talk talk(understanding, rules, out, err);
  std::array<char, kReadBytes> bytes;
  while (true) {
    out.flush();  // the next read may wait, and so may whoever reads us
    if (!out) {
      err << "standard output: cannot be written\n";
      return kFailed;
    }
    const ssize_t got = read(in, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      err << "standard input: cannot be read\n";
      return kFailed;
    }
    if (got == 0) break;
    talk.Take(std::string_view(bytes.data(), static_cast<std::size_t>(got)));
  }
  talk.End();
  out.flush();
  return talk.fine() && out ? kFine : kFailed;
}

void AddUnderstand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<UnderstandOptions>();
  CLI::App* command = app.add_subcommand(
      "understand", "Reads messages as JSON lines and says what intake would make of them");
  command->add_option("--policy", options->policy,
                      "A desk's rules; all languages and topics if not given");
  command->add_option("--models", options->models,
                      "Where the models are; where the services find them if not given");
  command->add_option("--eval", options->eval,
                      "Tables for labelled texts in a TSV file, instead of reading standard input");
  command->callback([options, &exit_code] {
    const absl::StatusOr<int> ran = Run(*options);
    exit_code = ran.ok() ? *ran : Complain(ran.status());
  });
}

}  // namespace usher
