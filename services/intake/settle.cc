#include "intake/settle.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "intake/acting.h"

namespace usher::intake {
namespace {

class Settling {
 public:
  Settling(const OrderFacts& facts, const OrderRecord& order) : facts_(facts), order_(order) {}

  template <class Body>
  void Say(std::string_view verb, Body body) {
    ByteWriter parts;
    parts.Text("settle");
    parts.Text(verb);
    parts.Put(facts_.order);
    parts.Put(facts_.event);
    parts.Put(order_.status.moment.event);
    parts.Put(order_.promised_at.moment.event);
    wire::CommandRecord& record = records_.emplace_back();
    record.desk = facts_.desk;
    record.command.request = RequestId::Of(parts.bytes());
    record.command.body = std::move(body);
  }

  std::vector<wire::CommandRecord> records() { return std::move(records_); }

 private:
  const OrderFacts& facts_;
  const OrderRecord& order_;
  std::vector<wire::CommandRecord> records_;
};

bool SaysAnotherPromise(const OrderFacts& facts, const OrderRecord& order) {
  return facts.promised_at != kNever && facts.promised_at != order.promised_at.value;
}

}  // namespace

bool MustSettle(const OrderRecord& then, const OrderRecord& now) {
  return then.status != now.status || then.promised_at != now.promised_at;
}

std::vector<wire::CommandRecord> Settle(const OrderFacts& facts, const OrderRecord& order,
                                        const ActingRules& rules) {
  if (order.StatusIsOf(facts) && !SaysAnotherPromise(facts, order)) return {};
  Settling settling(facts, order);
  const auto status = static_cast<v1::OrderStatus>(order.status.value);
  if (!order.StatusIsOf(facts)) {
    settling.Say("status", UpdateOrder{facts.order, StatusName(status)});
  }
  const bool open = IsOpen(order.status.value);
  const InquiryId late = LateInquiryOf(facts.order);
  if (rules.late_promise && facts.promised_at != kNever && !open) {
    settling.Say("late", CancelInquiry{late, CancelReason::kShop});
  } else if (rules.late_promise && SaysAnotherPromise(facts, order)) {
    const Instant starts = order.promised_at.value + rules.late_promise->after;
    settling.Say("move", ScheduleInquiry{late, std::max(starts, Instant())});
  }
  if (rules.confirming_call && facts.status == v1::ORDER_STATUS_PLACED && !open) {
    settling.Say("call", CancelInquiry{CallInquiryOf(facts.order), CancelReason::kShop});
  }
  return settling.records();
}

}  // namespace usher::intake
