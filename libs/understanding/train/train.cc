#include "understanding/train/train.h"

#include <fasttext/args.h>
#include <fasttext/fasttext.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "support/status.h"
#include "understanding/text_model.h"
#include "understanding/words.h"

namespace usher::understanding {
namespace {

// Rows of `messages` are few and are what customers write; the other sets are many or of one kind.
constexpr int kMessageWeight = 6;
constexpr int kMessageWeightLanguage = 2;

struct Line {
  std::uint64_t order;
  std::string text;
};

// What fastText learns from: a label and words a line, in an order that a hash makes. The copies of
// a line stay together: spread out they teach a little less.
class Lines {
 public:
  void Add(const std::string& label, const std::string& words, int times) {
    if (words.empty()) return;
    for (int i = 0; i < times; ++i) {
      lines_.push_back({Mix64(Hash64(words)), "__label__" + label + " " + words + "\n"});
    }
  }

  bool Write(const std::string& path) {
    std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
      return a.order != b.order ? a.order < b.order : a.text < b.text;
    });
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    for (const Line& line : lines_) out << line.text;
    out.flush();
    return out.good();
  }

 private:
  std::vector<Line> lines_;
};

// Found by training on one writer and testing on the other. Short n-grams (2 and 3 letters) cost a
// tenth of the topic's macro-F1; one against all is better than softmax by two hundredths.
fasttext::Args TopicArgs() {
  fasttext::Args args;
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::ova;
  args.lr = 0.5;
  args.epoch = 20;
  args.dim = 16;
  args.minn = 4;
  args.maxn = 6;
  args.wordNgrams = 2;
  args.bucket = 50'000;
  args.minCount = 1;
  args.minCountLabel = 0;
  return args;
}

// Short n-grams are what languages differ in.
fasttext::Args LanguageArgs() {
  fasttext::Args args = TopicArgs();
  args.loss = fasttext::loss_name::softmax;
  args.epoch = 10;
  args.minn = 1;
  args.maxn = 4;
  args.wordNgrams = 1;
  args.minCount = 3;
  return args;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return absl::UnavailableError("train: cannot read " + path);
  return bytes.str();
}

absl::Status TrainOne(Lines lines, fasttext::Args args, const std::string& target) {
  const std::string input = target + ".lines";
  const std::string raw = target + ".raw";
  if (!lines.Write(input)) return absl::UnavailableError("train: cannot write " + input);
  args.input = input;
  args.thread = 1;  // more would make every run different
  args.seed = 1;
  args.verbose = 0;
  try {
    fasttext::FastText model;
    model.train(args);
    model.saveModel(raw);
  } catch (const std::exception& error) {
    return absl::InternalError("train: " + target + ": " + error.what());
  }
  USHER_TRY(const std::string bytes, ReadFile(raw));
  std::ofstream out(target, std::ios::binary | std::ios::trunc);
  out << WrapModel(bytes);
  out.flush();
  if (!out) return absl::UnavailableError("train: cannot write " + target);
  std::remove(input.c_str());
  std::remove(raw.c_str());
  return absl::OkStatus();
}

}  // namespace

absl::Status TrainModels(const Examples& examples, const std::string& writer,
                         const std::string& directory) {
  Lines topics;
  Lines sentiments;
  Lines languages;
  for (const Example& message : examples.messages) {
    if (message.held_out || (!writer.empty() && message.writer != writer)) continue;
    const std::string words = TopicWords(message.text);
    topics.Add(message.topic, words, kMessageWeight);
    sentiments.Add(message.sentiment, words, kMessageWeight);
    languages.Add(message.language, LanguageWords(message.text), kMessageWeightLanguage);
  }
  for (const Example& support : examples.support) {
    if (!support.held_out) topics.Add(support.topic, TopicWords(support.text), 1);
  }
  for (const Example& product : examples.products) {
    if (!product.held_out) sentiments.Add(product.sentiment, TopicWords(product.text), 1);
  }
  for (const Example& general : examples.general) {
    if (!general.held_out) languages.Add(general.language, LanguageWords(general.text), 1);
  }
  USHER_RETURN_IF_ERROR(TrainOne(std::move(topics), TopicArgs(), directory + "/topic.bin"));
  USHER_RETURN_IF_ERROR(TrainOne(std::move(sentiments), TopicArgs(), directory + "/sentiment.bin"));
  return TrainOne(std::move(languages), LanguageArgs(), directory + "/language.bin");
}

}  // namespace usher::understanding
