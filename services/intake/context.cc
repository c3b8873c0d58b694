#include "intake/context.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/bytes.h"
#include "intake/open_orders.h"
#include "support/status.h"
#include "understanding/order_numbers.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

constexpr int kPutTriesMax =
    16;  // other processes that change the same order between read and write
constexpr std::uint8_t kLookedFormat = 7;  // unlike those of the other values

template <class IdType>
std::string KeyOf(const char* kind, const DeskName& desk, const IdType& id) {
  return std::string("usher/intake/") + kind + "/" + id.ToString() + "/" + desk.ToString();
}

std::string LookedKey(const DeskName& desk) { return "usher/intake/looked/" + desk.ToString(); }

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
  Duration keep{0};

  bool needed() const { return !before || *before != after; }
};

}  // namespace

// One order event on its way into the store. Each try reads all that it may touch at one instant
// and writes what is not yet as it must be; it is done when an instant was seen at which nothing
// was left to write. So whoever changes the order meanwhile, and wherever a process dies, the
// customers' open orders end as the orders say.
class Context::Taking {
 public:
  Taking(store::Store& store, Duration keep, const OrderFacts& facts, const KeepDue& due)
      : store_(store), keep_(keep), facts_(facts), due_(due), customers_{facts.customer} {
    AlsoDue(facts.promised_at);
  }

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
    for (const DuePlace& place : places_) questions.Ask(place.Key(facts_.desk));
    USHER_RETURN_IF_ERROR(questions.Send(store_));
    const std::optional<std::string>& bytes = questions.Next();
    std::optional<OrderRecord> known;  // what cannot be read counts as not there
    if (bytes) known = DecodeOrderRecord(*bytes);
    OrderRecord order = known.value_or(OrderRecord());
    const bool changed = order.Take(facts_);
    const std::size_t asked = customers_.size() + places_.size();
    for (const auto& record : {known, std::optional<OrderRecord>(order)}) Also(record);
    if (customers_.size() + places_.size() > asked) return false;
    Note(known, order, changed);
    if (const auto& language = questions.Next()) {
      taken_.language = LanguageName::Parse(*language).value_or(LanguageName());
    }

    std::vector<Change> changes;
    TakeTier(questions.Next(), changes);
    // Who had the order before loses it first, and so does the minute: once the order says another
    // customer, or another promise, nobody would look for it there.
    std::vector<Change> last;
    for (const CustomerId& customer : customers_) {
      auto& to = customer == order.customer.value ? last : changes;
      to.push_back(OfOpen(customer, order, questions.Next()));
    }
    for (const DuePlace& place : places_) OfDue(place, order, questions.Next(), changes, last);
    if (changed) {
      changes.push_back({KeyOf("order", facts_.desk, facts_.order), bytes, Encode(order), keep_});
    }
    changes.insert(changes.end(), last.begin(), last.end());
    return Write(changes);
  }

  // What must be read besides.
  void Also(const std::optional<OrderRecord>& order) {
    if (!order) return;
    if (order->promised_at.moment != Moment()) AlsoDue(order->promised_at.value);
    const CustomerId customer = order->customer.value;
    if (customer.none()) return;
    if (std::find(customers_.begin(), customers_.end(), customer) == customers_.end()) {
      customers_.push_back(customer);
    }
  }

  void AlsoDue(Instant promised_at) {
    if (!due_.on || promised_at == kNever || due_.now - promised_at > kDueFor) return;
    const DuePlace place = DuePlace::Of(facts_.order, promised_at);
    if (std::find(places_.begin(), places_.end(), place) == places_.end()) places_.push_back(place);
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
      changes.push_back({KeyOf("tier", facts_.desk, facts_.customer), bytes, Encode(tier), keep_});
    }
    taken_.tier = tier.value;
  }

  Change OfOpen(CustomerId customer, const OrderRecord& order,
                const std::optional<std::string>& bytes) {
    OpenOrders open;
    if (bytes) open = DecodeOpenOrders(*bytes).value_or(OpenOrders());
    open.Set(customer, facts_.order, order);
    return {KeyOf("open", facts_.desk, customer), bytes, Encode(open), keep_};
  }

  void OfDue(const DuePlace& place, const OrderRecord& order,
             const std::optional<std::string>& bytes, std::vector<Change>& before_order,
             std::vector<Change>& after_order) {
    DueOrders due;
    if (bytes) due = DecodeDueOrders(*bytes).value_or(DueOrders());
    const std::size_t count = due.orders.size();
    due.Set(place, facts_.order, order);
    if (!bytes && due.orders.empty()) return;
    auto& changes = due.orders.size() < count ? before_order : after_order;
    const Duration keep = std::max(place.end() - due_.now, Duration::zero()) + kDueFor;
    changes.push_back({place.Key(facts_.desk), bytes, Encode(due), std::min(keep, keep_)});
  }

  absl::StatusOr<bool> Write(const std::vector<Change>& changes) {
    bool nothing_left = true;
    for (const Change& change : changes) {
      if (!change.needed()) continue;
      nothing_left = false;
      USHER_TRY(const bool done,
                store_.PutIf(change.before, {change.key, change.after, change.keep}));
      if (!done) return false;
    }
    return nothing_left;
  }

  store::Store& store_;
  const Duration keep_;
  const OrderFacts& facts_;
  const KeepDue due_;
  std::vector<CustomerId> customers_;  // whose open orders it may touch
  std::vector<DuePlace> places_;       // likewise
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

absl::StatusOr<OrderTaken> Context::Take(const OrderFacts& facts, const KeepDue& due) {
  return Taking(*store_, keep_, facts, due).Run();
}

absl::StatusOr<std::optional<OrderRecord>> Context::OrderOf(const DeskName& desk, OrderId order) {
  USHER_TRY(const auto bytes, store_->Get(KeyOf("order", desk, order)));
  return bytes ? DecodeOrderRecord(*bytes) : std::nullopt;
}

absl::StatusOr<std::vector<Incident>> Context::TakeLate(const std::vector<OrderFacts>& late,
                                                        const std::string& carrier,
                                                        const CarrierIncident& rule) {
  if (late.empty()) return std::vector<Incident>();
  const std::string key = KeyOf("late", late.front().desk, Id<struct CarrierTag>::Of(carrier));
  for (int tries = 0; tries < kPutTriesMax; ++tries) {
    Change change;
    change.key = key;
    USHER_TRY(change.before, store_->Get(key));
    LateOrders orders;
    if (change.before) orders = DecodeLateOrders(*change.before).value_or(LateOrders());
    std::vector<Incident> incidents;
    incidents.reserve(late.size());
    for (const OrderFacts& facts : late) {
      orders.Take(facts, carrier, rule);
      incidents.push_back(IncidentOf(orders, facts));
    }
    change.after = Encode(orders);
    if (!change.needed()) return incidents;
    USHER_TRY(const bool done, store_->PutIf(change.before, {key, change.after, keep_}));
    if (done) return incidents;
  }
  return absl::UnavailableError("store: others keep counting the carrier's late orders");
}

absl::StatusOr<std::vector<DueOrder>> Context::DueWithin(const DeskName& desk, Instant after,
                                                         Instant until) {
  std::vector<DueOrder> all;
  const std::int64_t last = DuePlace::Of(OrderId(), until).minute;
  for (std::int64_t from = DuePlace::Of(OrderId(), after).minute; from <= last;
       from += kDueMinutesAtOnce) {
    Questions questions;
    std::size_t asked = 0;
    for (std::int64_t minute = from; minute < from + kDueMinutesAtOnce && minute <= last;
         ++minute) {
      for (std::uint64_t share = 0; share < kDueShares; ++share, ++asked) {
        questions.Ask(DuePlace{minute, share}.Key(desk));
      }
    }
    USHER_RETURN_IF_ERROR(questions.Send(*store_));
    for (; asked > 0; --asked) {
      const auto& bytes = questions.Next();
      if (!bytes) continue;
      for (const DueOrder& due : DecodeDueOrders(*bytes).value_or(DueOrders()).orders) {
        if (due.promised_at > after && due.promised_at <= until) all.push_back(due);
      }
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

absl::StatusOr<std::vector<Overdue>> Context::OverdueOf(const DeskName& desk,
                                                        const std::vector<DueOrder>& due) {
  std::vector<Overdue> all;
  for (std::size_t from = 0; from < due.size(); from += kOrdersAtOnce) {
    const std::size_t to = std::min(due.size(), from + kOrdersAtOnce);
    Questions questions;
    for (std::size_t i = from; i < to; ++i) questions.Ask(KeyOf("order", desk, due[i].order));
    USHER_RETURN_IF_ERROR(questions.Send(*store_));
    for (std::size_t i = from; i < to; ++i) {
      const auto& bytes = questions.Next();
      if (!bytes) continue;
      const OrderRecord order = DecodeOrderRecord(*bytes).value_or(OrderRecord());
      if (!MayBeLate(order) || order.promised_at.value != due[i].promised_at) continue;
      all.push_back({due[i], order.carrier.value});
    }
  }
  return all;
}

absl::StatusOr<Looked> Context::LookedOf(const DeskName& desk) {
  Looked looked;
  USHER_TRY(looked.bytes, store_->Get(LookedKey(desk)));
  ByteReader in(looked.bytes.value_or(""));
  const bool known = in.U8() == kLookedFormat;
  const Instant until = in.At();
  if (known && in.done()) looked.until = until;
  return looked;
}

absl::StatusOr<bool> Context::SetLooked(const DeskName& desk, const Looked& before, Instant until) {
  ByteWriter out;
  out.U8(kLookedFormat);
  out.At(until);
  return store_->PutIf(before.bytes, {LookedKey(desk), out.Take(), keep_});
}

bool WorthRetrying(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace usher::intake
