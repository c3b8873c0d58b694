#include "insights/rows.h"

#include "core/bytes.h"

namespace usher::insights {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kInquiryFormat = 4;
constexpr std::uint8_t kQueueFormat = 2;
constexpr std::uint8_t kAgentFormat = 3;

// The value read, if the bytes were exactly one of this format.
template <class Row>
std::optional<Row> IfDone(const ByteReader& reader, std::uint8_t format, const Row& row,
                          std::uint8_t expected = kFormat) {
  if (format != expected || !reader.done()) return std::nullopt;
  return row;
}

}  // namespace

std::string EncodeInquiry(const InquiryRow& row) {
  ByteWriter out;
  out.U8(kInquiryFormat);
  out.Put(row.inquiry);
  out.U8(static_cast<std::uint8_t>(row.standing));
  out.Put(row.queue);
  out.Put(row.route);
  out.U8(row.priority);
  out.Put(row.features.channel);
  out.Put(row.features.language);
  out.Put(row.features.topic);
  out.U8(static_cast<std::uint8_t>(row.features.sentiment));
  out.Put(row.features.tier);
  out.Put(row.features.order);
  out.Bool(row.features.on_site);
  out.I64(row.features.value);
  out.Put(row.features.order_status);
  out.Put(row.agent);
  out.U32(static_cast<std::uint32_t>(row.asked.size()));
  for (const AgentName& agent : row.asked) out.Put(agent);
  out.At(row.placed_at);
  out.At(row.due);
  out.At(row.offered_at);
  out.At(row.answered_at);
  out.At(row.ended_at);
  out.Bool(row.breached);
  out.U32(row.offers);
  out.U32(row.messages);
  out.U32(row.entries);
  out.U32(row.step);
  out.Bool(row.starving);
  out.At(row.reserved_until);
  out.Bool(row.repeat);
  out.Put(row.diverted_from);
  out.At(row.starts_at);
  out.At(row.paused_until);
  out.Put(row.reopens);
  out.U32(static_cast<std::uint32_t>(row.missed.size()));
  for (const Target target : row.missed) out.U8(static_cast<std::uint8_t>(target));
  out.At(row.asked_at);
  out.Bool(row.foretold);
  return out.Take();
}

std::optional<InquiryRow> DecodeInquiry(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  InquiryRow row;
  row.inquiry = in.GetId<InquiryId>();
  row.standing = in.GetEnum(Standing::kPending);
  row.queue = in.GetName<QueueName>();
  row.route = in.GetName<RouteName>();
  row.priority = in.U8();
  row.features.channel = in.GetName<ChannelName>();
  row.features.language = in.GetName<LanguageName>();
  row.features.topic = in.GetName<TopicName>();
  row.features.sentiment = in.GetEnum(Sentiment::kPositive);
  row.features.tier = in.GetName<TierName>();
  row.features.order = in.GetId<OrderId>();
  row.features.on_site = in.Bool();
  row.features.value = in.I64();
  row.features.order_status = in.GetName<OrderStatusName>();
  row.agent = in.GetName<AgentName>();
  const std::uint32_t asked = in.Count(1);
  for (std::uint32_t i = 0; i < asked && in.ok(); ++i) {
    row.asked.push_back(in.GetName<AgentName>());
  }
  row.placed_at = in.At();
  row.due = in.At();
  row.offered_at = in.At();
  row.answered_at = in.At();
  row.ended_at = in.At();
  row.breached = in.Bool();
  row.offers = in.U32();
  row.messages = in.U32();
  row.entries = in.U32();
  row.step = in.U32();
  row.starving = in.Bool();
  row.reserved_until = in.At();
  row.repeat = in.Bool();
  row.diverted_from = in.GetName<QueueName>();
  row.starts_at = in.At();
  row.paused_until = in.At();
  row.reopens = in.GetId<InquiryId>();
  const std::uint32_t missed = in.Count(1);
  for (std::uint32_t i = 0; i < missed && in.ok(); ++i) {
    row.missed.push_back(in.GetEnum(Target::kUpdate));
  }
  row.asked_at = in.At();
  row.foretold = in.Bool();
  return IfDone(in, format, row, kInquiryFormat);
}

std::string EncodeAgent(const AgentRecord& agent) {
  ByteWriter out;
  out.U8(kAgentFormat);
  out.U8(static_cast<std::uint8_t>(agent.presence));
  out.U8(static_cast<std::uint8_t>(agent.away));
  out.U32(agent.units);
  out.Bool(agent.bot);
  out.U32(static_cast<std::uint32_t>(agent.profile.skills.size()));
  for (const Need& skill : agent.profile.skills) {
    out.Put(skill.skill);
    out.U8(skill.level);
  }
  out.U32(static_cast<std::uint32_t>(agent.profile.attributes.size()));
  for (const Attribute& attribute : agent.profile.attributes) {
    out.Put(attribute.name);
    out.Put(attribute.value);
  }
  return out.Take();
}

std::optional<AgentRecord> DecodeAgent(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  AgentRecord agent;
  agent.presence = in.GetEnum(Presence::kDraining);
  agent.away = in.GetEnum(AwayReason::kMissedOffers);
  agent.units = in.U32();
  agent.bot = in.Bool();
  const std::uint32_t skills = in.Count(2);
  for (std::uint32_t i = 0; i < skills && in.ok(); ++i) {
    const SkillName skill = in.GetName<SkillName>();
    agent.profile.skills.push_back({skill, in.U8()});
  }
  const std::uint32_t attributes = in.Count(2);
  for (std::uint32_t i = 0; i < attributes && in.ok(); ++i) {
    const AttributeName name = in.GetName<AttributeName>();
    agent.profile.attributes.push_back({name, in.GetName<ValueName>()});
  }
  return IfDone(in, format, agent, kAgentFormat);
}

std::string EncodeQueue(const QueueRow& queue) {
  ByteWriter out;
  out.U8(kQueueFormat);
  out.U32(queue.waiting);
  out.U32(queue.assigned);
  out.U32(queue.scheduled);
  out.U32(queue.pending);
  out.At(queue.oldest_placed_at);
  out.At(queue.earliest_due);
  out.U32(queue.foretold);
  return out.Take();
}

std::optional<QueueRow> DecodeQueue(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  QueueRow queue;
  queue.waiting = in.U32();
  queue.assigned = in.U32();
  queue.scheduled = in.U32();
  queue.pending = in.U32();
  queue.oldest_placed_at = in.At();
  queue.earliest_due = in.At();
  queue.foretold = in.U32();
  return IfDone(in, format, queue, kQueueFormat);
}

std::string EncodeWatermark(const Watermark& watermark) {
  ByteWriter out;
  out.U8(kFormat);
  out.Put(watermark.stamp.log);
  out.U32(static_cast<std::uint32_t>(watermark.stamp.partition));
  out.I64(watermark.stamp.offset);
  out.U32(watermark.stamp.index);
  out.I64(watermark.next_offset);
  out.At(watermark.at);
  return out.Take();
}

std::optional<Watermark> DecodeWatermark(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  Watermark watermark;
  watermark.stamp.log = in.GetId<LogId>();
  watermark.stamp.partition = static_cast<std::int32_t>(in.U32());
  watermark.stamp.offset = in.I64();
  watermark.stamp.index = in.U32();
  watermark.next_offset = in.I64();
  watermark.at = in.At();
  return IfDone(in, format, watermark);
}

}  // namespace usher::insights
