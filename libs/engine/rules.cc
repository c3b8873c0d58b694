#include "engine/rules.h"

#include "engine/times.h"

namespace usher::engine {

void Rules::Take(const Policy& policy, Lexicon& lexicon, Coverage& coverage) {
  taken_ = true;
  policy_ = policy;
  for (const Channel& channel : policy_.channels) {
    channel_of_.Insert(channel.name, static_cast<std::uint32_t>(channels_.size()));
    channels_.push_back({lexicon.channels.Add(channel.name), channel.units});
    kinds_.Add(channels_.back().name, channel.units);
  }
  kinds_.Finish();
  TakeQueues(lexicon, coverage);
  for (const Route& route : policy_.routes) {
    route_names_.push_back(lexicon.routes.Add(route.name));
    route_queues_.push_back(FindQueue(route.queue));
  }
  no_route_ = lexicon.routes.Add(RouteName());
  index_ = RouteIndex(policy_.routes);
}

void Rules::TakeQueues(Lexicon& lexicon, Coverage& coverage) {
  SlotIndex<SlaName> sla_of;
  const auto name_at = [this](std::uint32_t place) { return policy_.sla_classes[place].name; };
  for (std::uint32_t i = 0; i < policy_.sla_classes.size(); ++i) {
    sla_of.Insert(policy_.sla_classes[i].name, i);
  }
  for (const Queue& queue : policy_.queues) {
    queue_of_.Insert(queue.name, static_cast<std::uint32_t>(queues_.size()));
    QueueRule rule;
    rule.name = lexicon.queues.Add(queue.name);
    rule.needs = coverage.AddNeeds(queue.needs);
    rule.sla = lexicon.slas.Add(queue.sla);
    if (!queue.sla.none()) {
      const SlaClass& sla = policy_.sla_classes[sla_of.Find(queue.sla, name_at)];
      rule.target = sla.first_response;
      rule.warns = sla.warn_permille > 0;
      rule.warn_after = Share(sla.first_response, sla.warn_permille);
    }
    queues_.push_back(rule);
  }
}

void Rules::Release(Lexicon& lexicon, Coverage& coverage) {
  if (!taken_) return;
  for (const ChannelRule& channel : channels_) lexicon.channels.Drop(channel.name);
  for (const QueueRule& queue : queues_) {
    lexicon.queues.Drop(queue.name);
    coverage.DropNeeds(queue.needs);
    lexicon.slas.Drop(queue.sla);
  }
  for (const std::uint32_t route : route_names_) lexicon.routes.Drop(route);
  lexicon.routes.Drop(no_route_);
  *this = Rules();
}

}  // namespace usher::engine
