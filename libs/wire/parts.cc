#include "wire/parts.h"

#include "model/limits.h"
#include "wire/enums.h"

namespace usher::wire {

std::int64_t MicrosOrZero(Instant at) { return at == kNever ? 0 : ToMicros(at); }
Instant InstantOrNever(std::int64_t micros) { return micros == 0 ? kNever : FromMicros(micros); }

void ToProto(const Features& from, v1::Features& to) {
  to.set_channel(from.channel.ToString());
  to.set_language(from.language.ToString());
  to.set_topic(from.topic.ToString());
  to.set_sentiment(ToProto(from.sentiment));
  to.set_tier(from.tier.ToString());
  to.set_order(IdBytes(from.order));
  to.set_on_site(from.on_site);
  to.set_value(from.value);
  to.set_order_status(from.order_status.ToString());
}

void ToProto(const std::vector<Need>& from, NeedList& to) {
  to.Reserve(static_cast<int>(from.size()));
  for (const Need& need : from) {
    v1::Need& added = *to.Add();
    added.set_skill(need.skill.ToString());
    added.set_level(need.level);
  }
}

void ToProto(const std::vector<ChannelLimit>& from, ChannelLimitList& to) {
  to.Reserve(static_cast<int>(from.size()));
  for (const ChannelLimit& limit : from) {
    v1::ChannelLimit& added = *to.Add();
    added.set_channel(limit.channel.ToString());
    added.set_most(limit.most);
  }
}

void ToProto(const Attribute& from, v1::Attribute& to) {
  to.set_name(from.name.ToString());
  to.set_value(from.value.ToString());
}

void ToProto(const std::vector<Attribute>& from, AttributeList& to) {
  to.Reserve(static_cast<int>(from.size()));
  for (const Attribute& attribute : from) ToProto(attribute, *to.Add());
}

Features FromProto(const v1::Features& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "features");
  Features to;
  to.channel = check.TakeName<ChannelName>("channel", from.channel());
  to.language = check.TakeName<LanguageName>("language", from.language());
  to.topic = check.TakeName<TopicName>("topic", from.topic());
  to.sentiment = check.TakeEnum("sentiment", FromProto(from.sentiment()));
  to.tier = check.TakeName<TierName>("tier", from.tier());
  to.order = check.TakeId<OrderId>("order", from.order(), Field::kOptional);
  to.on_site = from.on_site();
  to.value = check.TakeAmount("value", from.value());
  to.order_status = check.TakeName<OrderStatusName>("order_status", from.order_status());
  return to;
}

std::vector<Need> FromProto(const NeedList& from, const char* field, std::uint32_t most,
                            FieldCheck& check) {
  std::vector<Need> to;
  if (!check.CheckCount(field, from.size(), most)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    Need& need = to.emplace_back();
    need.skill = check.TakeName<SkillName>("skill", from[i].skill());
    need.level = static_cast<std::uint8_t>(check.TakeNumber("level", from[i].level(), kMaxLevel));
  }
  return to;
}

std::vector<ChannelLimit> FromProto(const ChannelLimitList& from, const char* field,
                                    FieldCheck& check) {
  std::vector<ChannelLimit> to;
  if (!check.CheckCount(field, from.size(), Limits().channels_max)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    ChannelLimit& limit = to.emplace_back();
    limit.channel = check.TakeName<ChannelName>("channel", from[i].channel());
    limit.most = from[i].most();
  }
  return to;
}

Attribute FromProto(const v1::Attribute& from, FieldCheck& check) {
  Attribute to;
  to.name = check.TakeName<AttributeName>("name", from.name());
  to.value = check.TakeName<ValueName>("value", from.value());
  return to;
}

std::vector<Attribute> FromProto(const AttributeList& from, const char* field, FieldCheck& check) {
  std::vector<Attribute> to;
  if (!check.CheckCount(field, from.size(), Limits().attributes_per_agent_max)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    to.push_back(FromProto(from[i], check));
  }
  return to;
}

}  // namespace usher::wire
