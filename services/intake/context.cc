#include "intake/context.h"

#include <optional>
#include <utility>

#include "intake/orders.h"
#include "support/status.h"

namespace usher::intake {
namespace {

constexpr int kPutTriesMax =
    16;  // other processes that change the same order between read and write

template <class IdType>
std::string KeyOf(const char* kind, const DeskName& desk, const IdType& id) {
  return std::string("usher/intake/") + kind + "/" + id.ToString() + "/" + desk.ToString();
}

// Reads `key`, lets `change` alter it, and writes it back unless another did so meanwhile: then
// again. `change` gets the bytes, if any, and gives the new ones, or nothing if there is nothing to
// change.
template <class Change>
absl::StatusOr<bool> Update(store::Store& store, const std::string& key, Duration keep,
                            const Change& change) {
  for (int tries = 0; tries < kPutTriesMax; ++tries) {
    USHER_TRY(const std::optional<std::string> before, store.Get(key));
    std::optional<std::string> after = change(before);
    if (!after) return false;
    USHER_TRY(const bool done, store.PutIf(before, {key, std::move(*after), keep}));
    if (done) return true;
  }
  return absl::UnavailableError("store: others keep changing the order");
}

}  // namespace

Context::Context(std::unique_ptr<store::Store> store, Duration keep)
    : store_(std::move(store)), keep_(keep) {}

absl::StatusOr<std::vector<Known>> Context::Look(const std::vector<MessageFacts>& messages) {
  std::vector<std::string> keys;
  keys.reserve(messages.size() * 3);
  for (const MessageFacts& message : messages) {
    keys.push_back(KeyOf("tier", message.desk, message.customer));
    keys.push_back(KeyOf("language", message.desk, message.customer));
    if (!message.order.none()) keys.push_back(KeyOf("order", message.desk, message.order));
  }
  USHER_TRY(const std::vector<std::optional<std::string>> values, store_->GetMany(keys));
  if (values.size() != keys.size()) return absl::InternalError("store: not one value a key");

  std::vector<Known> all;
  all.reserve(messages.size());
  std::size_t next = 0;
  for (const MessageFacts& message : messages) {
    Known known;
    if (const auto& tier = values[next++]) {
      known.tier = DecodeTier(*tier).value_or(Said<TierName>()).value;
    }
    if (const auto& language = values[next++]) {
      known.last_language = LanguageName::Parse(*language).value_or(LanguageName());
    }
    if (!message.order.none()) {
      const auto& bytes = values[next++];
      known.order = bytes.has_value();
      if (bytes) {
        const OrderRecord order = DecodeOrderRecord(*bytes).value_or(OrderRecord());
        known.order_value_cents = order.value_cents.value;
        known.order_status = StatusName(static_cast<v1::OrderStatus>(order.status.value));
      }
    }
    all.push_back(known);
  }
  return all;
}

absl::Status Context::RememberLanguage(const MessageFacts& message, const LanguageName& language) {
  return store_->Put(
      {KeyOf("language", message.desk, message.customer), language.ToString(), keep_});
}

absl::StatusOr<OrderTaken> Context::Take(const OrderFacts& facts) {
  OrderTaken taken;
  const auto take_order =
      [&](const std::optional<std::string>& before) -> std::optional<std::string> {
    OrderRecord order;  // what cannot be read counts as not there
    if (before) order = DecodeOrderRecord(*before).value_or(OrderRecord());
    const bool changed = order.Take(facts);
    taken.status_holds = order.StatusIsOf(facts);
    if (!changed) return std::nullopt;
    return Encode(order);
  };
  USHER_TRY(taken.changed,
            Update(*store_, KeyOf("order", facts.desk, facts.order), keep_, take_order));
  if (facts.tier.none()) return taken;

  // Also when the order did not change: a crash may have come between the two.
  const auto take_tier =
      [&](const std::optional<std::string>& before) -> std::optional<std::string> {
    Said<TierName> tier;
    if (before) tier = DecodeTier(*before).value_or(Said<TierName>());
    if (!tier.Take(facts.tier, MomentOf(facts))) return std::nullopt;
    return Encode(tier);
  };
  USHER_TRY(const bool tier_changed,
            Update(*store_, KeyOf("tier", facts.desk, facts.customer), keep_, take_tier));
  taken.changed |= tier_changed;
  return taken;
}

bool WorthRetrying(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace usher::intake
