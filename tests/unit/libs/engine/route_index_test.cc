#include "engine/route_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/hash.h"
#include "model/command.h"

namespace usher::engine {
namespace {

template <class T>
bool Takes(const std::vector<T>& list, const T& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

std::uint32_t Slowly(const std::vector<Route>& routes, const Features& features) {
  const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& r) {
    return Takes(r.channels, features.channel) && Takes(r.languages, features.language) &&
           Takes(r.topics, features.topic) && Takes(r.sentiments, features.sentiment) &&
           Takes(r.tiers, features.tier);
  });
  return static_cast<std::uint32_t>(route - routes.begin());
}

// The names that no route has are unknown to the lexicon, too: any other number will do for them.
constexpr std::uint32_t kUnknown = 1'000'000;

template <class NameType>
std::uint32_t NumberOf(const Names<NameType>& names, const NameType& name) {
  if (name.none()) return kNone;
  const std::uint32_t number = names.Find(name);
  return number == kNone ? kUnknown : number;
}

Featured Numbered(const Features& features, const Lexicon& lexicon) {
  return {.channel = NumberOf(lexicon.channels, features.channel),
          .language = NumberOf(lexicon.languages, features.language),
          .topic = NumberOf(lexicon.topics, features.topic),
          .tier = NumberOf(lexicon.tiers, features.tier),
          .order_status = NumberOf(lexicon.statuses, features.order_status),
          .sentiment = features.sentiment,
          .on_site = features.on_site,
          .value = features.value};
}

TEST(RouteIndex, FindsTheSameRouteAsLookingAtEachInTurn) {
  std::uint64_t seed = 5;
  const auto below = [&seed](std::uint64_t bound) { return (seed = Mix64(seed + 1)) % bound; };
  const auto text = [&](const char* word, std::uint64_t bound) {
    return word + std::to_string(below(bound));
  };
  std::vector<Route> routes(300);
  for (std::size_t i = 0; i + 1 < routes.size(); ++i) {
    Route& route = routes[i];
    for (std::uint64_t n = below(3); n > 0; --n) {
      route.channels.push_back(ChannelName::Of(text("c", 4)));
    }
    for (std::uint64_t n = below(3); n > 0; --n) {
      route.languages.push_back(LanguageName::Of(text("l", 10)));
    }
    route.topics.push_back(TopicName::Of(text("t", 40)));
    if (below(4) == 0) route.sentiments.push_back(static_cast<Sentiment>(below(4)));
    if (below(4) == 0) route.tiers.push_back(TierName::Of(text("g", 3)));
  }
  Lexicon lexicon;
  const RouteIndex index(routes, lexicon);
  std::uint32_t last = 0;
  for (int i = 0; i < 20'000; ++i) {
    Features features;
    features.channel = ChannelName::Of(text("c", 5));
    features.language = LanguageName::Of(text("l", 11));
    features.topic = TopicName::Of(text("t", 50));
    features.sentiment = static_cast<Sentiment>(below(4));
    if (below(2) == 0) features.tier = TierName::Of(text("g", 4));
    const std::uint32_t found = index.FirstMatch(Numbered(features, lexicon));
    ASSERT_EQ(found, Slowly(routes, features));
    last += found == routes.size() - 1 ? 1 : 0;
  }
  EXPECT_GT(last, 0U);
  EXPECT_LT(last, 20'000U);
}

TEST(RouteIndex, AnUnknownFeatureMatchesOnlyWhereAnythingDoes) {
  std::vector<Route> routes(2);
  routes[0].languages = {LanguageName::Of("de")};
  Lexicon lexicon;
  const RouteIndex index(routes, lexicon);
  EXPECT_EQ(index.FirstMatch(Featured{}), 1U);
  const Features german{.language = LanguageName::Of("de")};
  EXPECT_EQ(index.FirstMatch(Numbered(german, lexicon)), 0U);
}

TEST(RouteIndex, ARouteMayNameTheEmptyLanguage) {
  std::vector<Route> routes(2);
  routes[0].languages = {LanguageName()};
  Lexicon lexicon;
  EXPECT_EQ(RouteIndex(routes, lexicon).FirstMatch(Featured{}), 0U);
}

TEST(RouteIndex, LetsGoOfItsNames) {
  std::vector<Route> routes(3);
  routes[0].languages = {LanguageName::Of("de"), LanguageName()};
  routes[0].channels = {ChannelName::Of("chat")};
  routes[1].topics = {TopicName::Of("refund")};
  routes[1].tiers = {TierName::Of("gold")};
  routes[1].order_statuses = {OrderStatusName::Of("late")};
  routes[2].languages = {LanguageName::Of("de")};
  Lexicon lexicon;
  const RouteIndex index(routes, lexicon);
  EXPECT_EQ(lexicon.languages.size(), 1U);
  index.Release(lexicon);
  EXPECT_EQ(lexicon.languages.size(), 0U);
  EXPECT_EQ(lexicon.channels.size(), 0U);
  EXPECT_EQ(lexicon.topics.size(), 0U);
  EXPECT_EQ(lexicon.tiers.size(), 0U);
  EXPECT_EQ(lexicon.statuses.size(), 0U);
}

}  // namespace
}  // namespace usher::engine
