#include "engine/route_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/hash.h"

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
  const RouteIndex index(routes);
  std::uint32_t last = 0;
  for (int i = 0; i < 20'000; ++i) {
    Features features;
    features.channel = ChannelName::Of(text("c", 5));
    features.language = LanguageName::Of(text("l", 11));
    features.topic = TopicName::Of(text("t", 50));
    features.sentiment = static_cast<Sentiment>(below(4));
    if (below(2) == 0) features.tier = TierName::Of(text("g", 4));
    const std::uint32_t found = index.FirstMatch(features, false);
    ASSERT_EQ(found, Slowly(routes, features));
    last += found == routes.size() - 1 ? 1 : 0;
  }
  EXPECT_GT(last, 0U);
  EXPECT_LT(last, 20'000U);
}

TEST(RouteIndex, AnUnknownFeatureMatchesOnlyWhereAnythingDoes) {
  std::vector<Route> routes(2);
  routes[0].languages = {LanguageName::Of("de")};
  const RouteIndex index(routes);
  EXPECT_EQ(index.FirstMatch(Features{}, false), 1U);
  EXPECT_EQ(index.FirstMatch(Features{.language = LanguageName::Of("de")}, false), 0U);
}

TEST(RouteIndex, ARouteMayNameTheEmptyLanguage) {
  std::vector<Route> routes(2);
  routes[0].languages = {LanguageName()};
  EXPECT_EQ(RouteIndex(routes).FirstMatch(Features{}, false), 0U);
}

}  // namespace
}  // namespace usher::engine
