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

constexpr int kMessageWeightLanguage = 2;
constexpr int kFragments = 4;  // of a text
constexpr int kFragmentWeight = 2;

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

// One to three words of a text, from a place that a hash chooses: many messages are no longer.
std::string Fragment(const std::string& words, std::uint64_t seed) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t at = words.find(' '); at != std::string::npos; at = words.find(' ', at + 1)) {
    starts.push_back(at + 1);
  }
  const std::uint64_t hash = Mix64(Hash64(words) + seed);
  const std::size_t first = hash % starts.size();
  const std::size_t end = first + 1 + (hash >> 32) % 3;
  const std::size_t from = starts[first];
  return words.substr(from, end < starts.size() ? starts[end] - 1 - from : std::string::npos);
}

void AddLanguage(const Example& example, int weight, Lines& lines) {
  const std::string words = LanguageWords(example.text);
  lines.Add(example.language, words, weight);
  for (int i = 1; i <= kFragments && !words.empty(); ++i) {
    lines.Add(example.language, Fragment(words, static_cast<std::uint64_t>(i)), 1);
  }
}

// Short n-grams are what languages differ in.
fasttext::Args LanguageArgs() {
  fasttext::Args args;
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::softmax;
  args.lr = 0.5;
  args.epoch = 10;
  args.dim = 16;
  args.minn = 1;
  args.maxn = 4;
  args.wordNgrams = 1;
  args.bucket = 50'000;
  args.minCount = 3;
  args.minCountLabel = 0;
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

absl::Status WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.flush();
  return out ? absl::OkStatus() : absl::UnavailableError("train: cannot write " + path);
}

}  // namespace

absl::Status TrainModels(const Examples& examples, const Training& training,
                         const std::string& directory) {
  USHER_RETURN_IF_ERROR(
      WriteFile(directory + "/message.bin", TrainMessages(examples, training).Write()));
  Lines languages;
  for (const Example& message : examples.messages) {
    if (message.writer == training.without) continue;
    AddLanguage(message, kMessageWeightLanguage, languages);
  }
  for (const Example& general : examples.general) {
    if (!general.held_out) AddLanguage(general, 1, languages);
  }
  for (const Example& fragment : examples.fragments) {
    if (fragment.held_out || fragment.writer == training.without) continue;
    languages.Add(fragment.language, LanguageWords(fragment.text), kFragmentWeight);
  }
  return TrainOne(std::move(languages), LanguageArgs(), directory + "/language.bin");
}

}  // namespace usher::understanding
