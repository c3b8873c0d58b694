#include "understanding/text_model.h"

#include <fasttext/fasttext.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "core/bytes.h"
#include "core/hash.h"

namespace usher::understanding {
namespace {

constexpr std::string_view kMark = "usher model 1\n";
constexpr std::string_view kLabelPrefix = "__label__";
constexpr std::size_t kHeaderBytes = kMark.size() + 8 + 16;

std::string Header(std::string_view model_bytes) {
  const Bits128 hash = Hash128(model_bytes);
  ByteWriter numbers;
  numbers.U64(model_bytes.size());
  numbers.U64(hash.high);
  numbers.U64(hash.low);
  return std::string(kMark) + numbers.bytes();
}

std::string WithoutPrefix(const std::string& label) {
  return label.starts_with(kLabelPrefix) ? label.substr(kLabelPrefix.size()) : label;
}

}  // namespace

// loadModel(stream) leaves the version unread and unset; checkModel() reads it.
class TextModel::Impl : public fasttext::FastText {
 public:
  bool Read(std::istream& in) {
    if (!checkModel(in)) return false;
    loadModel(in);
    return in.good() && args_->model == fasttext::model_name::sup;
  }
};

std::string WrapModel(std::string_view model_bytes) {
  return Header(model_bytes) + std::string(model_bytes);
}

bool UnwrapModel(std::string_view file, std::string_view* model_bytes) {
  if (file.size() < kHeaderBytes) return false;
  *model_bytes = file.substr(kHeaderBytes);
  return file.substr(0, kHeaderBytes) == Header(*model_bytes);
}

TextModel::TextModel(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

absl::StatusOr<TextModel> TextModel::Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError("model: cannot open " + path);
  std::stringstream bytes;
  bytes << in.rdbuf();
  const std::string file = bytes.str();
  std::string_view body;
  if (!UnwrapModel(file, &body)) {
    return absl::DataLossError("model: " + path + " is damaged or of another format");
  }
  auto impl = std::make_shared<Impl>();
  try {
    std::istringstream model{std::string(body)};
    if (!impl->Read(model)) {
      return absl::DataLossError("model: " + path + " is not of this fastText");
    }
  } catch (const std::exception& error) {
    return absl::DataLossError("model: " + path + ": " + error.what());
  }
  return TextModel(std::move(impl));
}

std::vector<Guess> TextModel::Predict(std::string_view words, int most) const {
  std::vector<Guess> guesses;
  if (words.empty()) return guesses;
  std::string line(words);
  line += '\n';  // the end of a line is a word to fastText, in training too
  std::istringstream in(std::move(line));
  std::vector<std::pair<fasttext::real, std::string>> found;
  impl_->predictLine(in, found, most > 0 ? most : fasttext::Model::kUnlimitedPredictions, 0.0F);
  guesses.reserve(found.size());
  for (auto& [probability, label] : found) {
    // It adds a little before it takes logarithms: just over 1 happens.
    guesses.push_back({WithoutPrefix(label), std::clamp(probability, 0.0F, 1.0F)});
  }
  return guesses;
}

std::vector<std::string> TextModel::Labels() const {
  std::vector<std::string> labels;
  const auto dictionary = impl_->getDictionary();
  for (std::int32_t i = 0; i < dictionary->nlabels(); ++i) {
    labels.push_back(WithoutPrefix(dictionary->getLabel(i)));
  }
  return labels;
}

}  // namespace usher::understanding
