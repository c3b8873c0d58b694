// Reader: YAML values as what the schema wants, each misfit a problem that says what would be
// right.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "policy/yaml_tree.h"

namespace usher::policy {

constexpr std::int64_t kValueMost = 1'000'000'000'000'000;  // of a basket or an order

// The one of `candidates` that `word` is most likely a slip of; empty: none is near.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates);

// 'name', cut if long, for messages.
std::string Quoted(std::string_view text);

// "a list", "a map", "text" or "nothing": what a value is, for messages.
std::string_view KindOf(const Yaml& value);

// A map with known keys. What it is not, or has too much, is told by the constructor.
class Fields {
 public:
  // `what` names the map in messages: "a queue". Borrows all.
  Fields(const Yaml& value, std::string_view what, std::initializer_list<std::string_view> known,
         Problems& problems);

  bool is_map() const { return map_ != nullptr; }
  std::size_t at() const { return at_; }
  const Yaml* Find(std::string_view key) const;  // null: not there, or nothing in it (told)
  const Yaml* Need(std::string_view key);        // the same, and its absence is a problem

 private:
  const Yaml* map_ = nullptr;
  std::size_t at_;
  std::string what_;
  std::vector<std::string_view> empty_;
  Problems& problems_;
};

// Names declared by a section, and where. If the section as a whole is broken, nothing can be said
// of references to it.
class Names {
 public:
  // `noun` names one of them in messages: "queue".
  explicit Names(std::string noun) : noun_(std::move(noun)) {}

  const std::string& noun() const { return noun_; }
  void SetBroken() { broken_ = true; }
  std::size_t size() const { return places_.size(); }
  bool Has(const std::string& name) const { return places_.contains(name); }

  // False, and a problem, if `name` is there already.
  bool Declare(const std::string& name, std::size_t at, Problems& problems);

  // False, and a problem, if `name` is not there. True if that can't be known.
  bool Resolve(const std::string& name, std::size_t at, Problems& problems) const;

 private:
  std::string noun_;
  bool broken_ = false;
  std::map<std::string, std::size_t> places_;
};

// The entries of a map whose keys are names that the file declares.
std::vector<std::pair<const Yaml*, const Yaml*>> NamedEntries(const Yaml& value,
                                                              std::string_view section,
                                                              Names& names, Problems& problems);

// Each reads one value; nothing and a problem if it does not fit. `what` names it: "wrap_up".
std::optional<std::string> ReadName(const Yaml& value, std::string_view what, Problems& problems);
std::optional<std::uint32_t> ReadNumber(const Yaml& value, std::string_view what,
                                        std::uint32_t least, std::uint32_t most,
                                        Problems& problems);
std::optional<std::int64_t> ReadAmount(const Yaml& value, std::string_view what, std::int64_t least,
                                       std::int64_t most, Problems& problems);
std::optional<bool> ReadSwitch(const Yaml& value, std::string_view what, Problems& problems);
std::optional<Duration> ReadDuration(const Yaml& value, std::string_view what, Duration least,
                                     Problems& problems, Duration most = kDurationMax);
std::optional<std::uint16_t> ReadShare(const Yaml& value, std::string_view what,
                                       Problems& problems);

// The place in `choices` of the word that the value is.
std::optional<std::size_t> ReadChoice(const Yaml& value, std::string_view what,
                                      std::span<const std::string_view> choices,
                                      Problems& problems);

// Tells that `value` is not what it must be: "who is a list; it must be <wanted>".
void TellMisfit(const Yaml& value, std::string_view what, std::string_view wanted,
                Problems& problems);

// The items of a list. Where `single` is allowed, one text counts as a list of it.
std::vector<const Yaml*> ReadList(const Yaml& value, std::string_view what, bool single,
                                  Problems& problems);

}  // namespace usher::policy
