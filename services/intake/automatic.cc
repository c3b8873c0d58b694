#include "intake/automatic.h"

#include <algorithm>
#include <array>
#include <string>

#include "intake/automatic_words.h"

namespace usher::intake {
namespace {

constexpr std::array<std::string_view, 13> kMailHeaders = {
    "auto-submitted", "feedback-id",      "from",
    "list-id",        "list-unsubscribe", "precedence",
    "return-path",    "subject",          "x-auto-response-suppress",
    "x-autoreply",    "x-autorespond",    "x-failed-recipients",
    "x-loop"};

// ASCII alone: these are names and tokens of protocols.
std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

// The headers of an event, looked up in any case of letters.
class Headers {
 public:
  explicit Headers(const v1::MessageEvent& event) : event_(event) {}

  // In lower case, without blanks around it; empty: not there, or says nothing.
  std::string Of(std::string_view name) const {
    for (const auto& [key, value] : event_.headers()) {
      if (key.size() == name.size() && Lower(key) == name) return Lower(Trimmed(value));
    }
    return "";
  }

  // As written.
  std::string_view Text(std::string_view name) const {
    for (const auto& [key, value] : event_.headers()) {
      if (key.size() == name.size() && Lower(key) == name) return value;
    }
    return {};
  }

 private:
  const v1::MessageEvent& event_;
};

bool Names(const std::string& list, std::string_view token) {
  const std::size_t at = list.find(token);
  if (at == std::string::npos) return false;
  const auto is_word = [&](std::size_t place) {
    return place < list.size() && list[place] >= 'a' && list[place] <= 'z';
  };
  return !(at > 0 && is_word(at - 1)) && !is_word(at + token.size());
}

AutomaticSign OfHeaders(const Headers& headers) {
  // "no" is what people's mail says, with or without parameters.
  const std::string submitted = headers.Of("auto-submitted");
  if (!submitted.empty() && Trimmed(submitted.substr(0, submitted.find(';'))) != "no") {
    return AutomaticSign::kAutoSubmitted;
  }
  for (const char* name : {"x-autoreply", "x-autorespond"}) {
    const std::string says = headers.Of(name);
    if (!says.empty() && says != "no") return AutomaticSign::kAutoSubmitted;
  }
  const std::string type = headers.Of("content-type");
  const bool bounced = headers.Of("return-path") == "<>" || type.starts_with("multipart/report") ||
                       !headers.Of("x-failed-recipients").empty();
  if (bounced) return AutomaticSign::kBounce;
  const std::string precedence = headers.Of("precedence");
  for (const char* each : {"bulk", "list", "junk", "auto_reply", "auto-reply"}) {
    if (precedence == each) return AutomaticSign::kPrecedence;
  }
  // Other values forbid receipts alone, which mail of people does, too.
  const std::string suppress = headers.Of("x-auto-response-suppress");
  for (const char* each : {"all", "oof", "autoreply"}) {
    if (Names(suppress, each)) return AutomaticSign::kSuppress;
  }
  if (!headers.Of("list-id").empty()) return AutomaticSign::kList;
  if (!headers.Of("x-loop").empty()) return AutomaticSign::kLoop;
  return AutomaticSign::kNone;
}

// `address` is in lower case: "Shop <no-reply@shop.example>", or bare.
AutomaticSign OfAddress(std::string_view address) {
  const std::size_t open = address.rfind('<');
  if (open != std::string_view::npos) address = address.substr(open + 1);
  const std::size_t at = address.find('@');
  std::string local;
  for (const char c : Trimmed(address.substr(0, std::min(at, address.find('+'))))) {
    if (c != '-' && c != '_' && c != '.') local += c;
  }
  if (local == "mailerdaemon") return AutomaticSign::kBounce;  // often without a host
  if (at == std::string_view::npos) return AutomaticSign::kNone;
  if (local == "postmaster") return AutomaticSign::kBounce;
  for (const char* each : {"noreply", "donotreply", "dontreply", "autoreply", "noreplyto"}) {
    if (local == each) return AutomaticSign::kSender;
  }
  return AutomaticSign::kNone;
}

AutomaticSign OfWords(const v1::MessageEvent& event, const Headers& headers) {
  const std::string_view subject = headers.Text("subject");
  if (OpensAutomatically(subject) || OpensAutomatically(event.text())) return AutomaticSign::kText;
  // What only mail of programs or to many carries, but not all that does is automatic.
  const bool hinted = !headers.Of("x-auto-response-suppress").empty() ||
                      !headers.Of("list-unsubscribe").empty() || !headers.Of("feedback-id").empty();
  if (hinted && (SaysAway(subject) || SaysAway(event.text()))) return AutomaticSign::kText;
  return AutomaticSign::kNone;
}

}  // namespace

const char* ToText(AutomaticSign sign) {
  switch (sign) {
    case AutomaticSign::kNone:
      return "none";
    case AutomaticSign::kAuthor:
      return "author";
    case AutomaticSign::kAutoSubmitted:
      return "auto_submitted";
    case AutomaticSign::kPrecedence:
      return "precedence";
    case AutomaticSign::kSuppress:
      return "suppress";
    case AutomaticSign::kList:
      return "list";
    case AutomaticSign::kBounce:
      return "bounce";
    case AutomaticSign::kSender:
      return "sender";
    case AutomaticSign::kText:
      return "text";
    case AutomaticSign::kLoop:
      return "loop";
    case AutomaticSign::kFlood:
      return "flood";
  }
  return "none";
}

bool IsMailHeader(std::string_view name) {
  return std::find(kMailHeaders.begin(), kMailHeaders.end(), Lower(name)) != kMailHeaders.end();
}

AutomaticSign FindAutomatic(const v1::MessageEvent& event) {
  if (event.author() == v1::MESSAGE_AUTHOR_AUTOMATIC) return AutomaticSign::kAuthor;
  if (event.author() != v1::MESSAGE_AUTHOR_UNSPECIFIED) return AutomaticSign::kNone;
  const Headers headers(event);
  AutomaticSign sign = OfHeaders(headers);
  if (sign == AutomaticSign::kNone) sign = OfAddress(Lower(event.customer_id()));
  if (sign == AutomaticSign::kNone) sign = OfAddress(headers.Of("from"));
  if (sign == AutomaticSign::kNone) sign = OfWords(event, headers);
  return sign;
}

}  // namespace usher::intake
