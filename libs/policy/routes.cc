#include "policy/routes.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "model/limits.h"
#include "model/moods.h"
#include "policy/expressions.h"

namespace usher::policy {
namespace {

constexpr std::size_t kRouteValuesMax = 50'000;  // children repeat what their parents take

constexpr std::string_view kOtherwise = "otherwise";

enum Feature { kChannel, kLanguage, kTopic, kSentiment, kTier, kOrderStatus, kFeatures };
constexpr std::array<std::string_view, kFeatures> kFeatureKeys = {
    "channel", "language", "topic", "sentiment", "tier", "order_status"};

// What a route takes: of each feature any of the values, in the order of the file; empty: all.
struct Match {
  std::array<std::vector<std::string>, kFeatures> values;
  std::optional<bool> on_site;
  std::optional<bool> repeat;
  std::int64_t value_min = 0;
};

// A place in the tree: what its ancestors settle.
struct Inherited {
  Match match;
  std::string route;  // empty: the top
  std::string queue;
  std::uint8_t priority = 5;
  std::vector<Need> needs;
  bool whole = true;  // nothing of the match was misread
};

// A route in the order of trying, its values as numbers, sorted.
struct Flat {
  Route route;
  std::size_t at = 0;
  bool whole = true;
  std::array<std::vector<std::uint32_t>, kFeatures> takes;
};

template <class N>
std::vector<N> ToNames(const std::vector<std::string>& texts) {
  std::vector<N> names;
  for (const std::string& text : texts) names.push_back(N::Of(text));
  return names;
}

class RouteReader {
 public:
  RouteReader(const Declared& declared, Problems& problems)
      : declared_(declared), problems_(problems) {
    for (const std::string_view status : kOrderStatuses) {
      statuses_.Declare(std::string(status), kNowhere, problems);
    }
    for (const std::string_view sentiment : kMoods) {
      sentiments_.Declare(std::string(sentiment), kNowhere, problems);
    }
  }

  void ReadAll(const Yaml& routes, const Inherited& above) {
    for (const Yaml* item : ReadList(routes, "routes", false, problems_)) ReadRoute(*item, above);
  }

  void ReadOtherwise(const Yaml& value) {
    Fields fields(value, "otherwise", {"queue", "priority", "needs"}, problems_);
    Inherited all;
    all.route = kOtherwise;
    if (const Yaml* queue = fields.Need("queue")) ReadQueue(*queue, all);
    if (const Yaml* priority = fields.Find("priority")) ReadPriority(*priority, all);
    if (const Yaml* needs = fields.Find("needs"))
      all.needs = ReadNeeds(*needs, declared_, problems_);
    Emit(all, value.at);
  }

  std::vector<Route> Finish() {
    FindUnreachable();
    std::vector<Route> routes;
    for (Flat& flat : flat_) routes.push_back(std::move(flat.route));
    return routes;
  }

 private:
  void ReadRoute(const Yaml& value, const Inherited& above) {
    Fields fields(value, "a route", {"name", "match", "queue", "priority", "needs", "routes"},
                  problems_);
    if (!fields.is_map()) return;
    Inherited here = above;
    here.route.clear();
    if (const Yaml* name = fields.Need("name")) ReadRouteName(*name, here);
    const std::size_t problems_before = problems_.count();
    const Yaml* match = fields.Find("match");
    if (match == nullptr) {
      problems_.Add(value.at,
                    "a route needs a match with something in it; what no route takes goes to "
                    "'otherwise'");
    } else {
      ReadMatch(*match, above, here);
    }
    here.whole = above.whole && problems_.count() == problems_before;
    const Yaml* queue = fields.Find("queue");
    if (queue != nullptr) ReadQueue(*queue, here);
    if (const Yaml* priority = fields.Find("priority")) ReadPriority(*priority, here);
    if (const Yaml* needs = fields.Find("needs")) {
      here.needs = ReadNeeds(*needs, declared_, problems_);
    }
    const Yaml* children = fields.Find("routes");
    if (children != nullptr) ReadAll(*children, here);
    if (queue == nullptr && above.queue.empty()) {
      if (children == nullptr) {
        problems_.Add(value.at, "a route without routes below it needs a queue");
      }
      return;  // it only groups: what its children leave goes on to the next route
    }
    Emit(here, value.at);
  }

  void ReadRouteName(const Yaml& value, Inherited& here) {
    const auto name = ReadName(value, "the name of a route", problems_);
    if (!name) return;
    if (*name == kOtherwise) {
      problems_.Add(value.at, "'otherwise' is the name of the last route; give this one another");
    } else {
      names_.Declare(*name, value.at, problems_);
    }
    here.route = *name;
  }

  void ReadQueue(const Yaml& value, Inherited& here) {
    const auto queue = ReadName(value, "queue", problems_);
    if (!queue) {
      here.queue.clear();
      return;
    }
    declared_.queues.Resolve(*queue, value.at, problems_);
    here.queue = *queue;
  }

  void ReadPriority(const Yaml& value, Inherited& here) {
    const auto priority = ReadNumber(value, "priority", 0, kPriorities - 1, problems_);
    if (priority) here.priority = static_cast<std::uint8_t>(*priority);
  }

  void ReadMatch(const Yaml& value, const Inherited& above, Inherited& here) {
    const Fields fields(value, "match",
                        {"channel", "language", "topic", "sentiment", "tier", "order_status",
                         "on_site", "repeat", "value"},
                        problems_);
    if (fields.is_map() && value.keys.empty()) {
      problems_.Add(value.at,
                    "an empty match; name a channel, language, topic, sentiment, tier, "
                    "order_status, on_site, repeat or value, or use 'otherwise'");
    }
    for (int feature = 0; feature < kFeatures; ++feature) {
      const Yaml* wanted = fields.Find(kFeatureKeys[feature]);
      if (wanted == nullptr) continue;
      here.match.values[feature].clear();
      for (const Yaml* item : ReadList(*wanted, kFeatureKeys[feature], true, problems_)) {
        ReadValue(*item, static_cast<Feature>(feature), above, here);
      }
      // All values were wrong, and that is told: do not go on as if the route took everything.
      if (here.match.values[feature].empty())
        here.match.values[feature] = above.match.values[feature];
    }
    if (const Yaml* on_site = fields.Find("on_site")) {
      ReadYesOrNo(*on_site, "on_site", above.match.on_site, above, here.match.on_site);
    }
    if (const Yaml* repeat = fields.Find("repeat")) {
      ReadYesOrNo(*repeat, "repeat", above.match.repeat, above, here.match.repeat);
      if (!declared_.repeats) {
        problems_.Add(repeat->at, "nothing is a repeat without sticky: {repeat: {window: ...}}");
      }
    }
    if (const Yaml* least = fields.Find("value")) ReadLeastValue(*least, above, here);
  }

  void ReadYesOrNo(const Yaml& value, std::string_view what, const std::optional<bool>& allowed,
                   const Inherited& above, std::optional<bool>& wanted) {
    const auto read = ReadSwitch(value, what, problems_);
    if (!read) return;
    if (allowed && *allowed != *read) {
      problems_.Add(value.at, std::string(what) + " " + Quoted(value.text) +
                                  " never comes here: the route " + Quoted(above.route) +
                                  " above takes only " + (*allowed ? "true" : "false"));
    }
    wanted = read;
  }

  void ReadLeastValue(const Yaml& value, const Inherited& above, Inherited& here) {
    Fields fields(value, "value", {"min"}, problems_);
    const Yaml* least = fields.Need("min");
    const auto read =
        least == nullptr ? std::nullopt : ReadAmount(*least, "min", 1, kValueMost, problems_);
    if (!read) return;
    if (*read < above.match.value_min) {
      problems_.Add(least->at, "a value below " + std::to_string(above.match.value_min) +
                                   " never comes here: the route " + Quoted(above.route) +
                                   " above takes none");
    }
    here.match.value_min = *read;
  }

  void ReadValue(const Yaml& item, Feature feature, const Inherited& above, Inherited& here) {
    const auto text = ReadName(item, kFeatureKeys[feature], problems_);
    if (!text) return;
    if (!(feature == kLanguage && *text == kUnknownLanguage) &&
        !DeclaredOf(feature).Resolve(*text, item.at, problems_)) {
      return;
    }
    std::vector<std::string>& values = here.match.values[feature];
    if (std::find(values.begin(), values.end(), *text) != values.end()) {
      problems_.Add(item.at, Quoted(*text) + " is in this list twice");
      return;
    }
    const std::vector<std::string>& allowed = above.match.values[feature];
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), *text) == allowed.end()) {
      problems_.Add(item.at, std::string(kFeatureKeys[feature]) + " " + Quoted(*text) +
                                 " never comes here: the route " + Quoted(above.route) +
                                 " above takes only " + Together(allowed));
    }
    values.push_back(*text);
  }

  const Names& DeclaredOf(Feature feature) const {
    switch (feature) {
      case kChannel:
        return declared_.channels;
      case kLanguage:
        return declared_.languages;
      case kTopic:
        return declared_.topics;
      case kTier:
        return declared_.tiers;
      case kOrderStatus:
        return statuses_;
      case kSentiment:
      case kFeatures:
        break;
    }
    return sentiments_;
  }

  static std::string Together(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
    return text;
  }

  void Emit(const Inherited& here, std::size_t at) {
    for (const auto& values : here.match.values) values_ += values.size();
    if (flat_.size() >= Limits().routes_max || values_ > kRouteValuesMax) {
      if (!too_many_) {
        problems_.Add(at, "too many routes: at most " + std::to_string(Limits().routes_max) +
                              ", with " + std::to_string(kRouteValuesMax) +
                              " values in their matches together");
      }
      too_many_ = true;
      return;
    }
    Flat flat;
    flat.at = at;
    flat.whole = here.whole;
    flat.route.name = RouteName::Of(here.route);
    flat.route.queue = QueueName::Of(here.queue);
    flat.route.priority = here.priority;
    flat.route.needs = here.needs;
    flat.route.on_site = here.match.on_site;
    flat.route.repeat = here.match.repeat;
    flat.route.value_min = here.match.value_min;
    flat.route.channels = ToNames<ChannelName>(here.match.values[kChannel]);
    flat.route.topics = ToNames<TopicName>(here.match.values[kTopic]);
    flat.route.order_statuses = ToNames<OrderStatusName>(here.match.values[kOrderStatus]);
    flat.route.tiers = ToNames<TierName>(here.match.values[kTier]);
    for (const std::string& text : here.match.values[kLanguage]) {
      flat.route.languages.push_back(text == kUnknownLanguage ? LanguageName()
                                                              : LanguageName::Of(text));
    }
    for (const std::string& text : here.match.values[kSentiment]) {
      flat.route.sentiments.push_back(MoodNamed(text));
    }
    for (int feature = 0; feature < kFeatures; ++feature) {
      for (const std::string& text : here.match.values[feature]) {
        flat.takes[feature].push_back(
            numbers_.emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second);
      }
      std::sort(flat.takes[feature].begin(), flat.takes[feature].end());
    }
    // Every inquiry comes by a declared channel: a list of all of them takes everything.
    if (flat.takes[kChannel].size() == declared_.channels.size()) flat.takes[kChannel].clear();
    flat_.push_back(std::move(flat));
  }

  static bool TakesAllOf(const Flat& earlier, const Flat& later) {
    const Route& first = earlier.route;
    if (first.on_site && first.on_site != later.route.on_site) return false;
    if (first.repeat && first.repeat != later.route.repeat) return false;
    if (first.value_min > later.route.value_min) return false;
    for (int feature = 0; feature < kFeatures; ++feature) {
      const auto& wide = earlier.takes[feature];
      const auto& narrow = later.takes[feature];
      if (wide.empty()) continue;
      if (narrow.empty() ||
          !std::includes(wide.begin(), wide.end(), narrow.begin(), narrow.end())) {
        return false;
      }
    }
    return true;
  }

  void FindUnreachable() {
    for (std::size_t later = 1; later < flat_.size(); ++later) {
      if (!flat_[later].whole) continue;
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        if (!flat_[earlier].whole || !TakesAllOf(flat_[earlier], flat_[later])) continue;
        problems_.Add(flat_[later].at,
                      "the route " + Quoted(flat_[later].route.name.view()) +
                          " is never reached: " + Quoted(flat_[earlier].route.name.view()) +
                          " in line " + std::to_string(problems_.LineOf(flat_[earlier].at)) +
                          " takes all that it would; put it before, or take it out");
        break;
      }
    }
  }

  const Declared& declared_;
  Problems& problems_;
  Names sentiments_{"sentiment"};
  Names statuses_{"status of an order"};
  Names names_{"route"};
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<Flat> flat_;
  std::size_t values_ = 0;  // of all flat routes
  bool too_many_ = false;
};

}  // namespace

std::vector<Route> ReadRoutes(const Yaml* routes, const Yaml* otherwise, const Declared& declared,
                              Problems& problems) {
  RouteReader reader(declared, problems);
  if (routes != nullptr) reader.ReadAll(*routes, Inherited());
  if (otherwise != nullptr) reader.ReadOtherwise(*otherwise);
  return reader.Finish();
}

}  // namespace usher::policy
