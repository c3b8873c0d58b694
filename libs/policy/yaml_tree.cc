#include "policy/yaml_tree.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "core/fold.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/mark.h"
#include "yaml-cpp/parser.h"

namespace usher::policy {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string Hex(char32_t value) {
  char text[16];
  std::snprintf(text, sizeof(text), "U+%04X", static_cast<unsigned>(value));
  return text;
}

// yaml-cpp guesses at encodings and ends at U+0004: what it gets is UTF-8 without control
// characters.
bool CheckCharacters(const Source& source, Problems& problems) {
  const std::string_view text = source.text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = NextCharacter(text, at);
    if (c == 0xfffd && at - start == 1) {
      problems.Add(start, "not valid UTF-8; save the file as UTF-8");
      return false;
    }
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f || c == 0xfeff) {
      if (c == 0xfeff && start == 0) continue;
      problems.Add(start, "the character " + Hex(c) + " has no place in a policy; take it out");
      return false;
    }
  }
  return true;
}

// `written` starts with a quote. yaml-cpp takes the end of the file for the closing one: a file
// that was cut there would pass.
bool Closed(std::string_view written) {
  const char quote = written[0];
  for (std::size_t i = 1; i < written.size(); ++i) {
    if (quote == '"' && written[i] == '\\') {
      ++i;
    } else if (written[i] == quote) {
      if (quote == '"' || i + 1 == written.size() || written[i + 1] != quote) return true;
      ++i;
    }
  }
  return false;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, std::size_t offset, Problems& problems)
      : source_(source), offset_(offset), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseAnchor(mark, anchor);
    Yaml nothing;
    nothing.at = At(mark);
    Take(std::move(nothing));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problems_.Add(At(mark), "aliases (*name) are not taken; write the value out");
    Yaml nothing;
    nothing.at = At(mark);
    Take(std::move(nothing));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseAnchor(mark, anchor);
    if (tag != "?" && tag != "!") RefuseTag(mark, tag);
    Yaml text;
    text.kind = Yaml::Kind::kText;
    text.at = At(mark);
    text.text = value;
    text.plain = tag == "?";
    const std::string_view written =
        source_.text().substr(std::min(text.at, source_.text().size()));
    const bool quoted =
        !text.plain && !written.empty() && (written[0] == '"' || written[0] == '\'');
    text.literal = written.substr(quoted ? 1 : 0).starts_with(value);
    if (quoted && !Closed(written)) problems_.Add(text.at, "this quote is never closed");
    Take(std::move(text));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Yaml::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Yaml::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { Close(); }

  // The document, when all events are in.
  Yaml Root() { return std::move(root_); }

 private:
  // A list or map whose end has not come. Of a map, a key waits for its value.
  struct Unclosed {
    Yaml node;
    std::optional<Yaml> key;
    std::set<std::string> seen;
  };

  std::size_t At(const YAML::Mark& mark) const {
    return mark.is_null() ? offset_ : offset_ + static_cast<std::size_t>(mark.pos);
  }

  void RefuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) problems_.Add(At(mark), "anchors (&name) are not taken; write the value out");
  }

  void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    problems_.Add(At(mark), "tags are not taken; leave '" + tag.substr(0, 40) + "' out");
  }

  void Open(Yaml::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    if (skipped_ > 0 || open_.size() >= static_cast<std::size_t>(kDepthMax)) {
      if (skipped_++ == 0) {
        problems_.Add(At(mark), "nested deeper than " + std::to_string(kDepthMax) + " levels");
      }
      return;
    }
    Unclosed opened;
    opened.node.kind = kind;
    opened.node.at = At(mark);
    open_.push_back(std::move(opened));
  }

  void Close() {
    if (skipped_ > 0) {
      if (--skipped_ == 0) Take(Yaml());
      return;
    }
    Yaml done = std::move(open_.back().node);
    open_.pop_back();
    Take(std::move(done));
  }

  void Take(Yaml node) {
    if (skipped_ > 0) return;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Unclosed& parent = open_.back();
    if (parent.node.kind == Yaml::Kind::kList) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      TakeEntry(parent, std::move(node));
    }
  }

  void TakeEntry(Unclosed& parent, Yaml value) {
    Yaml key = std::move(*parent.key);
    parent.key.reset();
    if (key.kind != Yaml::Kind::kText) {
      problems_.Add(key.at, "a key must be a plain word");
      return;
    }
    if (!parent.seen.insert(key.text).second) {
      problems_.Add(key.at, "the key '" + key.text.substr(0, 40) + "' is there twice");
      return;
    }
    if (value.kind == Yaml::Kind::kNothing) value.at = key.at;
    parent.node.keys.push_back(std::move(key));
    parent.node.items.push_back(std::move(value));
  }

  const Source& source_;
  const std::size_t offset_;
  Problems& problems_;
  Yaml root_;
  std::vector<Unclosed> open_;
  int skipped_ = 0;  // lists and maps opened below the allowed depth
};

}  // namespace

std::optional<Yaml> ParseYaml(const Source& source, Problems& problems) {
  if (!CheckCharacters(source, problems)) return std::nullopt;
  const std::size_t offset = source.text().starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  TreeBuilder builder(source, offset, problems);
  try {
    std::istringstream in{std::string(source.text().substr(offset))};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) {
      problems.Add(kNowhere, "the file is empty; deploy/policies/small.yaml is a start");
      return std::nullopt;
    }
    TreeBuilder rest(source, offset, problems);
    if (parser.HandleNextDocument(rest)) {
      problems.Add(kNowhere, "more than one document; a policy is one, without '---' inside");
      return std::nullopt;
    }
  } catch (const YAML::Exception& error) {
    const std::size_t at =
        error.mark.is_null() ? kNowhere : offset + static_cast<std::size_t>(error.mark.pos);
    problems.Add(at == kNowhere ? at : std::min(at, source.text().size()),
                 "not valid YAML: " + error.msg);
    return std::nullopt;
  } catch (const std::exception& error) {
    problems.Add(kNowhere, std::string("not readable as YAML: ") + error.what());
    return std::nullopt;
  }
  if (!problems.none()) return std::nullopt;
  return builder.Root();
}

}  // namespace usher::policy
