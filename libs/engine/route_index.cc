#include "engine/route_index.h"

#include <array>
#include <bit>

#include "core/check.h"

namespace usher::engine {

// Walks the routes that match in one feature, a word at a time.
struct RouteIndex::Walk {
  const Bits* any;
  const std::pair<std::uint32_t, std::uint64_t>* next = nullptr;
  const std::pair<std::uint32_t, std::uint64_t>* end = nullptr;

  Walk(const Feature& feature, std::uint32_t number) : any(&feature.any) {
    const Row* naming = feature.Naming(number);
    if (naming == nullptr) return;
    next = naming->data();
    end = next + naming->size();
  }

  std::uint64_t Word(std::uint32_t index) {
    while (next != end && next->first < index) ++next;
    const std::uint64_t word = any->word(index);
    return next != end && next->first == index ? word | next->second : word;
  }
};

void RouteIndex::Feature::Add(std::uint32_t route, std::uint32_t number) {
  if (number != kNone && number >= naming.size()) naming.resize(number + std::size_t{1});
  Row& row = number == kNone ? naming_none : naming[number];
  if (row.empty() || row.back().first != route / 64) row.emplace_back(route / 64, 0);
  row.back().second |= std::uint64_t{1} << (route % 64);
}

template <class NameType>
void RouteIndex::AddNames(std::uint32_t route, const std::vector<NameType>& list,
                          Names<NameType>& names, Feature& feature) {
  if (list.empty()) feature.any.Put(route);
  for (const NameType& name : list) {
    const std::uint32_t number = name.none() ? kNone : names.Add(name);
    if (number != kNone) feature.held.push_back(number);
    feature.Add(route, number);
  }
}

RouteIndex::RouteIndex(const std::vector<Route>& routes, Lexicon& lexicon)
    : words_(static_cast<std::uint32_t>((routes.size() + 63) / 64)) {
  const auto add_flag = [](std::uint32_t route, const std::optional<bool>& flag, Feature& feature) {
    if (!flag) return feature.any.Put(route);
    feature.Add(route, *flag ? 1 : 0);
  };
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes[i];
    AddNames(i, route.channels, lexicon.channels, channels_);
    AddNames(i, route.languages, lexicon.languages, languages_);
    AddNames(i, route.topics, lexicon.topics, topics_);
    AddNames(i, route.tiers, lexicon.tiers, tiers_);
    AddNames(i, route.order_statuses, lexicon.statuses, statuses_);
    if (route.sentiments.empty()) sentiments_.any.Put(i);
    for (const Sentiment sentiment : route.sentiments) {
      sentiments_.Add(i, static_cast<std::uint32_t>(sentiment));
    }
    add_flag(i, route.on_site, on_site_);
    add_flag(i, route.repeat, repeat_);
    value_min_.push_back(route.value_min);
  }
}

void RouteIndex::Release(Lexicon& lexicon) const {
  for (const std::uint32_t number : channels_.held) lexicon.channels.Drop(number);
  for (const std::uint32_t number : languages_.held) lexicon.languages.Drop(number);
  for (const std::uint32_t number : topics_.held) lexicon.topics.Drop(number);
  for (const std::uint32_t number : tiers_.held) lexicon.tiers.Drop(number);
  for (const std::uint32_t number : statuses_.held) lexicon.statuses.Drop(number);
}

std::uint32_t RouteIndex::FirstMatch(const Featured& features) const {
  std::array<Walk, 8> walks{Walk(topics_, features.topic),
                            Walk(languages_, features.language),
                            Walk(channels_, features.channel),
                            Walk(tiers_, features.tier),
                            Walk(sentiments_, static_cast<std::uint32_t>(features.sentiment)),
                            Walk(statuses_, features.order_status),
                            Walk(on_site_, features.on_site ? 1 : 0),
                            Walk(repeat_, features.repeat ? 1 : 0)};
  for (std::uint32_t index = 0; index < words_; ++index) {
    std::uint64_t match = ~std::uint64_t{0};
    for (Walk& walk : walks) {
      match &= walk.Word(index);
      if (match == 0) break;
    }
    for (; match != 0; match &= match - 1) {
      const auto route = index * 64 + static_cast<std::uint32_t>(std::countr_zero(match));
      if (value_min_[route] == 0 || features.value >= value_min_[route]) return route;
    }
  }
  USHER_CHECK(false);
  return kNone;
}

}  // namespace usher::engine
