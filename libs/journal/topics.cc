#include "journal/topics.h"

#include "core/check.h"
#include "core/hash.h"

namespace usher::journal {

std::vector<log::TopicSpec> Topics(std::int32_t partitions) {
  // Events come from elsewhere: their times and their retention are the shop's own.
  const log::TopicSpec messages{.name = kMessages, .partitions = partitions};
  const log::TopicSpec orders{.name = kOrders, .partitions = partitions};
  // The two logs are the truth: a full replay must stay possible.
  const log::TopicSpec commands{
      .name = kCommands, .partitions = partitions, .kept_for_ever = true, .log_append_time = true};
  const log::TopicSpec decisions{
      .name = kDecisions, .partitions = partitions, .kept_for_ever = true, .log_append_time = true};
  const log::TopicSpec snapshots{.name = kSnapshots, .partitions = partitions, .compacted = true};
  const log::TopicSpec policies{.name = kPolicies, .partitions = 1, .compacted = true};
  const log::TopicSpec quarantines{.name = kQuarantines, .partitions = 1, .compacted = true};
  // Who is there among the routers, by the moment.
  const log::TopicSpec beats{.name = kBeats, .partitions = 1, .brief = true};
  const log::TopicSpec messages_dlq{.name = kMessagesDlq, .partitions = 1};
  const log::TopicSpec orders_dlq{.name = kOrdersDlq, .partitions = 1};
  return {messages, orders,      commands, decisions,    snapshots,
          policies, quarantines, beats,    messages_dlq, orders_dlq};
}

std::int32_t PartitionOf(const DeskName& desk, std::int32_t partitions) {
  USHER_CHECK(partitions > 0);
  return static_cast<std::int32_t>(Mix64(Hash64(desk.view())) %
                                   static_cast<std::uint64_t>(partitions));
}

}  // namespace usher::journal
