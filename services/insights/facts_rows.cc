#include "insights/facts_rows.h"

#include <algorithm>
#include <map>

#include "core/hash.h"

namespace usher::insights {
namespace {

constexpr std::uint8_t kFormat = 1;

// Seven bits a byte, the low ones first: most amounts are small.
void PutVarint(ByteWriter& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.U8(static_cast<std::uint8_t>(value | 0x80));
  out.U8(static_cast<std::uint8_t>(value));
}

// Reads varints and remembers whether all were within their bounds.
struct Varints {
  ByteReader& in;
  bool ok = true;

  std::uint64_t Get(std::uint64_t most) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = in.U8();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) {
        ok = ok && in.ok() && value <= most;
        return ok ? value : 0;
      }
    }
    ok = false;
    return 0;
  }
};

// The names of a page, each once.
class NameTable {
 public:
  std::uint64_t Of(std::string_view name) {
    const auto [place, is_new] = places_.try_emplace(std::string(name), names_.size());
    if (is_new) names_.push_back(place->first);
    return place->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::string> names_;
};

template <class NameType>
bool Parse(const std::string& text, NameType& name) {
  const auto parsed = NameType::Parse(text);
  if (parsed) name = *parsed;
  return parsed.has_value();
}

}  // namespace

void PutKey(ByteWriter& out, const FactKey& key) {
  out.Put(key.queue);
  out.Put(key.channel);
  out.Put(key.topic);
  out.Put(key.language);
  out.Put(key.agent);
}

FactKey GetKey(ByteReader& in) {
  FactKey key;
  key.queue = in.GetName<QueueName>();
  key.channel = in.GetName<ChannelName>();
  key.topic = in.GetName<TopicName>();
  key.language = in.GetName<LanguageName>();
  key.agent = in.GetName<AgentName>();
  return key;
}

std::size_t FactKeyHash::operator()(const FactKey& key) const {
  std::uint64_t hash = Hash64(key.queue.view());
  for (const std::string_view name :
       {key.channel.view(), key.topic.view(), key.language.view(), key.agent.view()}) {
    hash = Mix64(hash) ^ Hash64(name);
  }
  return hash;
}

FactKey MoreKey() {
  return {QueueName::Of(kMoreName), ChannelName::Of(kMoreName), TopicName::Of(kMoreName),
          LanguageName::Of(kMoreName), AgentName::Of(kMoreName)};
}

void AddAmount(Amounts& amounts, std::uint32_t id, std::uint64_t amount) {
  if (amount == 0) return;
  const auto at =
      std::lower_bound(amounts.begin(), amounts.end(), id,
                       [](const auto& one, std::uint32_t key) { return one.first < key; });
  if (at != amounts.end() && at->first == id) {
    at->second += amount;
  } else {
    amounts.insert(at, {id, amount});
  }
}

std::string EncodeFacts(std::span<const FactEntry> entries) {
  NameTable table;
  ByteWriter body;
  PutVarint(body, entries.size());
  for (const FactEntry& entry : entries) {
    for (const std::string_view name :
         {entry.key.queue.view(), entry.key.channel.view(), entry.key.topic.view(),
          entry.key.language.view(), entry.key.agent.view()}) {
      PutVarint(body, table.Of(name));
    }
    PutVarint(body, entry.amounts.size());
    std::uint32_t last = 0;
    for (const auto& [id, amount] : entry.amounts) {
      PutVarint(body, id - last);
      PutVarint(body, amount);
      last = id;
    }
  }
  ByteWriter out;
  out.U8(kFormat);
  PutVarint(out, table.names().size());
  for (const std::string& name : table.names()) {
    out.U8(static_cast<std::uint8_t>(name.size()));
    for (const char c : name) out.U8(static_cast<std::uint8_t>(c));
  }
  return out.Take() + body.Take();
}

std::optional<std::vector<FactEntry>> DecodeFacts(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.U8() != kFormat) return std::nullopt;
  Varints varints{in};
  const std::uint64_t name_count = varints.Get(in.remaining());
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < name_count && in.ok(); ++i) {
    names.push_back(in.GetName<AgentName>().ToString());
  }
  const std::uint64_t entry_count = varints.Get(in.remaining());
  std::vector<FactEntry> entries;
  for (std::uint64_t i = 0; i < entry_count && varints.ok && in.ok(); ++i) {
    FactEntry& entry = entries.emplace_back();
    const auto name = [&]() -> std::string {
      const std::uint64_t place = varints.Get(name_count == 0 ? 0 : name_count - 1);
      return place < names.size() ? names[place] : std::string();
    };
    if (!Parse(name(), entry.key.queue) || !Parse(name(), entry.key.channel) ||
        !Parse(name(), entry.key.topic) || !Parse(name(), entry.key.language) ||
        !Parse(name(), entry.key.agent)) {
      return std::nullopt;
    }
    const std::uint64_t amounts = varints.Get(in.remaining());
    std::uint64_t id = 0;
    for (std::uint64_t a = 0; a < amounts && varints.ok && in.ok(); ++a) {
      const std::uint64_t step = varints.Get(kTimeAmounts * (kFactTimes + 1));
      if (a > 0 && step == 0) return std::nullopt;  // an id twice
      id += step;
      const std::uint64_t amount = varints.Get(UINT64_MAX);
      if (id >= kTimeAmounts * (kFactTimes + 1)) return std::nullopt;
      entry.amounts.emplace_back(static_cast<std::uint32_t>(id), amount);
    }
  }
  if (!varints.ok || !in.done()) return std::nullopt;
  return entries;
}

std::string EncodeFactDesk(const FactDeskRow& row) {
  ByteWriter out;
  out.U8(kFormat);
  out.At(row.since);
  out.I64(row.slot);
  out.At(row.outage_from);
  out.At(row.outage_until);
  out.Put(row.ended);
  PutKey(out, row.ended_key);
  return out.Take();
}

std::optional<FactDeskRow> DecodeFactDesk(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  FactDeskRow row;
  row.since = in.At();
  row.slot = in.I64();
  row.outage_from = in.At();
  row.outage_until = in.At();
  row.ended = in.GetId<InquiryId>();
  row.ended_key = GetKey(in);
  if (format != kFormat || !in.done()) return std::nullopt;
  return row;
}

std::string EncodeFactInquiry(const FactInquiryRow& row) {
  ByteWriter out;
  out.U8(kFormat);
  out.At(row.asked_at);
  out.Bool(row.missed);
  out.Bool(row.nobody_fitted);
  return out.Take();
}

std::optional<FactInquiryRow> DecodeFactInquiry(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  FactInquiryRow row;
  row.asked_at = in.At();
  row.missed = in.Bool();
  row.nobody_fitted = in.Bool();
  if (format != kFormat || !in.done()) return std::nullopt;
  return row;
}

std::string EncodeFactAgent(Instant since) {
  ByteWriter out;
  out.U8(kFormat);
  out.At(since);
  return out.Take();
}

std::optional<Instant> DecodeFactAgent(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  const Instant since = in.At();
  if (format != kFormat || !in.done()) return std::nullopt;
  return since;
}

}  // namespace usher::insights
