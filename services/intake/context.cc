#include "intake/context.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "intake/open_orders.h"
#include "support/status.h"
#include "understanding/order_numbers.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

constexpr int kPutTriesMax =
    16;  // other processes that change the same order between read and write

template <class IdType>
std::string KeyOf(const char* kind, const DeskName& desk, const IdType& id) {
  return std::string("usher/intake/") + kind + "/" + id.ToString() + "/" + desk.ToString();
}

// Keys and, once asked, their values.
class Questions {
 public:
  void Ask(std::string key) { keys_.push_back(std::move(key)); }

  absl::Status Send(store::Store& store) {
    USHER_TRY(values_, store.GetMany(keys_));
    if (values_.size() != keys_.size()) return absl::InternalError("store: not one value a key");
    return absl::OkStatus();
  }

  // In the order in which they were asked.
  const std::optional<std::string>& Next() { return values_[next_++]; }

 private:
  std::vector<std::string> keys_;
  std::vector<std::optional<std::string>> values_;
  std::size_t next_ = 0;
};

// The orders that the message may be about by its words.
std::vector<OrderId> OrdersInText(const MessageFacts& message) {
  std::vector<OrderId> orders;
  for (const std::string_view number : understanding::OrderNumbers(message.text)) {
    orders.push_back(wire::OrderIdOf(message.desk, number));
  }
  return orders;
}

void Link(Known& known, OrderId order, std::uint8_t status, std::int64_t value_cents) {
  known.order = order;
  known.order_value_cents = value_cents;
  known.order_status = StatusName(static_cast<v1::OrderStatus>(status));
}

// Of a message whose sender names no order. Takes its answers from `questions`.
void LinkByText(Questions& questions, const MessageFacts& message,
                const std::vector<OrderId>& in_text, Known& known) {
  OpenOrders open;
  if (const auto& bytes = questions.Next()) {
    open = DecodeOpenOrders(*bytes).value_or(OpenOrders());
  }
  bool own = false;
  for (const OrderId& id : in_text) {
    const auto& bytes = questions.Next();
    if (!bytes || own) continue;
    const std::optional<OrderRecord> order = DecodeOrderRecord(*bytes);
    if (!order) continue;
    own = order->customer.value == message.customer;
    if (own) {
      Link(known, id, order->status.value, order->value_cents.value);
    } else if (known.order.none()) {
      known.order = id;
    }
  }
  const OpenOrder* only = open.only();
  if (known.order.none() && only != nullptr) {
    Link(known, only->order, only->status, only->value_cents);
  }
}

// What is kept under one key, as it was read and as it is to be.
struct Change {
  std::string key;
  std::optional<std::string> before;
  std::string after;

  bool needed() const { return !before || *before != after; }
};

}  // namespace

// One order event on its way into the store. Each try reads all that it may touch at one instant
// and writes what is not yet as it must be; it is done when an instant was seen at which nothing
// was left to write. So whoever changes the order meanwhile, and wherever a process dies, the
// customers' open orders end as the orders say.
class Context::Taking {
 public:
  Taking(store::Store& store, Duration keep, const OrderFacts& facts)
      : store_(store), keep_(keep), facts_(facts), customers_{facts.customer} {}

  absl::StatusOr<OrderTaken> Run() {
    for (int tries = 0; tries < kPutTriesMax; ++tries) {
      USHER_TRY(const bool done, Try());
      if (done) return taken_;
    }
    return absl::UnavailableError("store: others keep changing the order");
  }

 private:
  // True: nothing was left to write.
  absl::StatusOr<bool> Try() {
    Questions questions;
    questions.Ask(KeyOf("order", facts_.desk, facts_.order));
    questions.Ask(KeyOf("language", facts_.desk, facts_.customer));
    questions.Ask(KeyOf("tier", facts_.desk, facts_.customer));
    for (const CustomerId& customer : customers_) {
      questions.Ask(KeyOf("open", facts_.desk, customer));
    }
    USHER_RETURN_IF_ERROR(questions.Send(store_));
    const std::optional<std::string>& bytes = questions.Next();
    std::optional<OrderRecord> known;  // what cannot be read counts as not there
    if (bytes) known = DecodeOrderRecord(*bytes);
    OrderRecord order = known.value_or(OrderRecord());
    const bool changed = order.Take(facts_);
    if (AlsoOf(known) || AlsoOf(order)) return false;
    Note(known, order, changed);
    if (const auto& language = questions.Next()) {
      taken_.language = LanguageName::Parse(*language).value_or(LanguageName());
    }

    std::vector<Change> changes;
    TakeTier(questions.Next(), changes);
    // Who had the order before loses it first: once the order says another customer, nobody would
    // look for it there.
    std::vector<Change> last;
    for (const CustomerId& customer : customers_) {
      auto& to = customer == order.customer.value ? last : changes;
      to.push_back(OfOpen(customer, order, questions.Next()));
    }
    if (changed) {
      changes.push_back({KeyOf("order", facts_.desk, facts_.order), bytes, Encode(order)});
    }
    changes.insert(changes.end(), last.begin(), last.end());
    return Write(changes);
  }

  // True if what must be read besides has become more.
  bool AlsoOf(const std::optional<OrderRecord>& order) {
    if (!order || order->customer.value.none()) return false;
    if (std::find(customers_.begin(), customers_.end(), order->customer.value) !=
        customers_.end()) {
      return false;
    }
    customers_.push_back(order->customer.value);
    return true;
  }

  void Note(const std::optional<OrderRecord>& known, const OrderRecord& order, bool changed) {
    taken_.status_holds = order.StatusIsOf(facts_);
    taken_.after = order;
    if (!noted_ || changed) taken_.before = known;
    noted_ = true;
    taken_.changed |= changed;
  }

  void TakeTier(const std::optional<std::string>& bytes, std::vector<Change>& changes) {
    Said<TierName> tier;
    if (bytes) tier = DecodeTier(*bytes).value_or(Said<TierName>());
    if (!facts_.tier.none()) {
      taken_.changed |= tier.Take(facts_.tier, MomentOf(facts_));
      changes.push_back({KeyOf("tier", facts_.desk, facts_.customer), bytes, Encode(tier)});
    }
    taken_.tier = tier.value;
  }

  Change OfOpen(CustomerId customer, const OrderRecord& order,
                const std::optional<std::string>& bytes) {
    OpenOrders open;
    if (bytes) open = DecodeOpenOrders(*bytes).value_or(OpenOrders());
    open.Set(customer, facts_.order, order);
    return {KeyOf("open", facts_.desk, customer), bytes, Encode(open)};
  }

  absl::StatusOr<bool> Write(const std::vector<Change>& changes) {
    bool nothing_left = true;
    for (const Change& change : changes) {
      if (!change.needed()) continue;
      nothing_left = false;
      USHER_TRY(const bool done, store_.PutIf(change.before, {change.key, change.after, keep_}));
      if (!done) return false;
    }
    return nothing_left;
  }

  store::Store& store_;
  const Duration keep_;
  const OrderFacts& facts_;
  std::vector<CustomerId> customers_;  // whose open orders it may touch
  OrderTaken taken_;
  bool noted_ = false;
};

Context::Context(std::unique_ptr<store::Store> store, Duration keep)
    : store_(std::move(store)), keep_(keep) {}

absl::StatusOr<std::vector<Known>> Context::Look(const std::vector<MessageFacts>& messages) {
  Questions questions;
  std::vector<std::vector<OrderId>> in_text(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const MessageFacts& message = messages[i];
    questions.Ask(KeyOf("tier", message.desk, message.customer));
    questions.Ask(KeyOf("language", message.desk, message.customer));
    if (!message.order.none()) {
      questions.Ask(KeyOf("order", message.desk, message.order));
      continue;
    }
    questions.Ask(KeyOf("open", message.desk, message.customer));
    in_text[i] = OrdersInText(message);
    for (const OrderId& order : in_text[i]) questions.Ask(KeyOf("order", message.desk, order));
  }
  USHER_RETURN_IF_ERROR(questions.Send(*store_));

  std::vector<Known> all(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const MessageFacts& message = messages[i];
    Known& known = all[i];
    if (const auto& tier = questions.Next()) {
      known.tier = DecodeTier(*tier).value_or(Said<TierName>()).value;
    }
    if (const auto& language = questions.Next()) {
      known.last_language = LanguageName::Parse(*language).value_or(LanguageName());
    }
    if (message.order.none()) {
      LinkByText(questions, message, in_text[i], known);
    } else if (const auto& bytes = questions.Next()) {
      const OrderRecord order = DecodeOrderRecord(*bytes).value_or(OrderRecord());
      Link(known, message.order, order.status.value, order.value_cents.value);
    }
  }
  return all;
}

absl::Status Context::RememberLanguage(const MessageFacts& message, const LanguageName& language) {
  return store_->Put(
      {KeyOf("language", message.desk, message.customer), language.ToString(), keep_});
}

absl::StatusOr<OrderTaken> Context::Take(const OrderFacts& facts) {
  return Taking(*store_, keep_, facts).Run();
}

absl::StatusOr<Incident> Context::TakeLate(const OrderFacts& facts, const OrderRecord& order,
                                           const CarrierIncident& rule) {
  const std::string key = KeyOf("late", facts.desk, Id<struct CarrierTag>::Of(order.carrier.value));
  for (int tries = 0; tries < kPutTriesMax; ++tries) {
    Change change;
    change.key = key;
    USHER_TRY(change.before, store_->Get(key));
    LateOrders late;
    if (change.before) late = DecodeLateOrders(*change.before).value_or(LateOrders());
    late.Take(facts, order.carrier.value, rule);
    change.after = Encode(late);
    if (!change.needed()) return IncidentOf(late, facts);
    USHER_TRY(const bool done, store_->PutIf(change.before, {key, change.after, keep_}));
    if (done) return IncidentOf(late, facts);
  }
  return absl::UnavailableError("store: others keep counting the carrier's late orders");
}

bool WorthRetrying(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace usher::intake
