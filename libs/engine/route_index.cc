#include "engine/route_index.h"

#include <array>
#include <bit>

#include "core/check.h"

namespace usher::engine {
namespace {

using Row = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

// Walks the routes that match in one feature, a word at a time.
struct Walk {
  const Bits* any = nullptr;
  const Row* naming = nullptr;  // null: no route names the value
  std::size_t place = 0;

  std::uint64_t Word(std::uint32_t index) {
    const std::uint64_t word = any->word(index);
    if (naming == nullptr) return word;
    while (place < naming->size() && (*naming)[place].first < index) ++place;
    const bool here = place < naming->size() && (*naming)[place].first == index;
    return here ? word | (*naming)[place].second : word;
  }
};

}  // namespace

template <class Value>
void RouteIndex::Feature<Value>::Add(std::uint32_t route, const std::vector<Value>& list) {
  if (list.empty()) any.Put(route);
  for (const Value& value : list) {
    std::uint32_t number = Number(value);
    if (number == kNone) {
      number = static_cast<std::uint32_t>(naming.size());
      numbers.Insert(value, number);
      values.push_back(value);
      naming.emplace_back();
    }
    Row& row = naming[number];
    if (row.empty() || row.back().first != route / 64) row.emplace_back(route / 64, 0);
    row.back().second |= std::uint64_t{1} << (route % 64);
  }
}

template <class Value>
const RouteIndex::Row* RouteIndex::Feature<Value>::Naming(const Value& value) const {
  const std::uint32_t number = Number(value);
  return number == kNone ? nullptr : &naming[number];
}

template <class Value>
std::uint32_t RouteIndex::Feature<Value>::Number(const Value& value) const {
  return numbers.Find(value, [this](std::uint32_t number) { return values[number]; });
}

RouteIndex::RouteIndex(const std::vector<Route>& routes)
    : words_(static_cast<std::uint32_t>((routes.size() + 63) / 64)) {
  for (std::uint32_t i = 0; i < routes.size(); ++i) {
    const Route& route = routes[i];
    channels_.Add(i, route.channels);
    languages_.Add(i, route.languages);
    topics_.Add(i, route.topics);
    std::vector<std::uint8_t> sentiments;
    for (const Sentiment sentiment : route.sentiments) {
      sentiments.push_back(static_cast<std::uint8_t>(sentiment));
    }
    sentiments_.Add(i, sentiments);
    tiers_.Add(i, route.tiers);
    statuses_.Add(i, route.order_statuses);
    const auto wanted = [](const std::optional<bool>& flag) {
      std::vector<std::uint8_t> list;
      if (flag) list.push_back(*flag ? 1 : 0);
      return list;
    };
    on_site_.Add(i, wanted(route.on_site));
    repeat_.Add(i, wanted(route.repeat));
    value_min_.push_back(route.value_min);
  }
}

std::uint32_t RouteIndex::FirstMatch(const Features& features, bool repeat) const {
  const auto sentiment = static_cast<std::uint8_t>(features.sentiment);
  std::array<Walk, 8> walks{Walk{&topics_.any, topics_.Naming(features.topic)},
                            Walk{&languages_.any, languages_.Naming(features.language)},
                            Walk{&channels_.any, channels_.Naming(features.channel)},
                            Walk{&tiers_.any, tiers_.Naming(features.tier)},
                            Walk{&sentiments_.any, sentiments_.Naming(sentiment)},
                            Walk{&statuses_.any, statuses_.Naming(features.order_status)},
                            Walk{&on_site_.any, on_site_.Naming(features.on_site ? 1 : 0)},
                            Walk{&repeat_.any, repeat_.Naming(repeat ? 1 : 0)}};
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
