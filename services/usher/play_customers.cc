#include "usher/play_customers.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "support/stepper.h"
#include "usher/play_view.h"

namespace usher::play {
namespace {

constexpr Duration kLookAgain = 10ms;
constexpr Duration kPromise = std::chrono::hours(48);  // shop time
constexpr std::size_t kRoomForAgents = 128;            // of kCallsMax, kept for others' calls

google::protobuf::Timestamp Stamp(Instant at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(ToMicros(at));
}

}  // namespace

Customers::Customers(const DayPlan& plan, const std::vector<Sample>& samples,
                     const std::vector<std::string>& desks, std::string run, Loop& loop,
                     Client& client, Tally& tally)
    : plan_(plan),
      samples_(samples),
      desks_(desks),
      run_(std::move(run)),
      loop_(loop),
      client_(client),
      tally_(tally),
      turns_done_(plan.conversations.size()) {}

void Customers::Begin() { SendDue(); }

bool Customers::done() const {
  const bool all = next_message_ == plan_.messages.size() && next_order_ == plan_.orders.size();
  return (all || stopped_) && unanswered_ == 0;
}

void Customers::SendDue() {
  if (stopped_) return;
  const Duration now = loop_.ShopNow();
  bool held_up = false;
  const auto room = [&] { return client_.calls() + kRoomForAgents < kCallsMax; };
  // Orders first: what happened to an order is known before its customer asks.
  while (room() && next_order_ < plan_.orders.size() && plan_.orders[next_order_].at <= now) {
    SendOrder(plan_.orders[next_order_++]);
  }
  while (room() && next_message_ < plan_.messages.size() &&
         plan_.messages[next_message_].at <= now) {
    const PlannedMessage& message = plan_.messages[next_message_];
    // A conversation's messages go one after the other, whichever server takes them.
    held_up = turns_done_[message.conversation] < message.turn;
    if (held_up) break;
    SendMessage(message);
    ++next_message_;
  }

  Duration next = Page::kNot;
  if (next_order_ < plan_.orders.size()) next = plan_.orders[next_order_].at;
  if (next_message_ < plan_.messages.size()) {
    const Duration message = plan_.messages[next_message_].at;
    next = next == Page::kNot ? message : std::min(next, message);
  }
  if (next == Page::kNot) return;  // that was all
  if (held_up || next <= now) {
    loop_.After(kLookAgain, [this] { SendDue(); });
  } else {
    loop_.AtShop(next, [this] { SendDue(); });
  }
}

void Customers::SendMessage(const PlannedMessage& message) {
  const PlannedConversation& conversation = plan_.conversations[message.conversation];
  v1::SubmitMessageRequest request;
  v1::MessageEvent& event = *request.mutable_message();
  event.set_desk(desks_[conversation.desk]);
  event.set_event_id(absl::StrCat(run_, "-m", message.conversation, "-", message.turn));
  event.set_conversation_id(absl::StrCat(run_, "-c", message.conversation));
  event.set_customer_id(absl::StrCat("customer-", conversation.customer));
  event.set_channel(conversation.channel);
  event.set_text(samples_[message.sample].text);
  *event.mutable_sent_at() = Stamp(WallNow());
  if (conversation.order != 0) event.set_order_id(absl::StrCat(run_, "-o", conversation.order));
  ++unanswered_;
  client_.SubmitMessage(request,
                        [this, message, sent = loop_.ShopNow(), id = event.event_id()](
                            const grpc::Status& status, const v1::SubmitMessageResponse& response) {
                          Answered(message, sent, id, status, response);
                        });
}

void Customers::Answered(const PlannedMessage& message, Duration sent, const std::string& event_id,
                         const grpc::Status& status, const v1::SubmitMessageResponse& response) {
  --unanswered_;
  turns_done_[message.conversation] = static_cast<std::uint8_t>(message.turn + 1);
  if (!status.ok()) {
    ++tally_.messages_refused;
    tally_.Tell(absl::StrCat("a message was not taken: ", status.error_message()));
    return;
  }
  ++tally_.messages_sent;
  // A page for each; that of a message which joined an open inquiry stays without an agent.
  Page& page = book_[response.inquiry_id()];
  page.sent = sent;
  page.conversation = message.conversation;
  page.understood = response.features();
  page.event_id = event_id;
  const PlannedConversation& conversation = plan_.conversations[message.conversation];
  if (message.turn == 0 && conversation.patience > Duration(0)) {
    loop_.AtShop(sent + conversation.patience,
                 [this, inquiry = response.inquiry_id(), desk = desks_[conversation.desk]] {
                   LeaveUnlessTaken(inquiry, desk);
                 });
  }
}

void Customers::SendOrder(const PlannedOrderEvent& event) {
  v1::SubmitOrderEventRequest request;
  v1::OrderEvent& order = *request.mutable_order();
  const Instant now = WallNow();
  order.set_desk(desks_[event.desk]);
  order.set_event_id(absl::StrCat(run_, "-o", event.order, "-", event.status));
  order.set_order_id(absl::StrCat(run_, "-o", event.order));
  order.set_customer_id(absl::StrCat("customer-", event.customer));
  order.set_status(event.status);
  *order.mutable_happened_at() = Stamp(now);
  if (event.status == v1::ORDER_STATUS_PLACED) {
    *order.mutable_promised_at() = Stamp(now + kPromise / loop_.speed());
    order.set_value_cents(event.value_cents);
  } else {
    order.set_carrier("parcel");
  }
  order.set_tier(event.tier);
  ++unanswered_;
  client_.SubmitOrder(request,
                      [this](const grpc::Status& status, const v1::SubmitOrderEventResponse&) {
                        --unanswered_;
                        ++(status.ok() ? tally_.orders_sent : tally_.orders_refused);
                      });
}

void Customers::LeaveUnlessTaken(const std::string& inquiry, const std::string& desk) {
  Page& page = book_[inquiry];
  if (stopped_ || page.taken != Page::kNot) return;
  page.left = true;
  v1::AbandonInquiryRequest request;
  request.set_desk(desk);
  request.set_inquiry_id(inquiry);
  request.set_request_id(absl::StrCat("left-", inquiry));
  ++unanswered_;
  client_.Abandon(request, [this](const grpc::Status& status, const v1::AbandonInquiryResponse&) {
    --unanswered_;
    tally_.left += status.ok() ? 1 : 0;
  });
}

void Customers::Taken(const std::string& inquiry) {
  Page& page = book_[inquiry];
  if (page.taken == Page::kNot) page.taken = loop_.ShopNow();
}

void Customers::Replied(const std::string& inquiry, const std::string& agent) {
  Page& page = book_[inquiry];
  if (page.replied != Page::kNot) return;
  page.replied = loop_.ShopNow();
  if (page.sent == Page::kNot) return;
  tally_.Tell(absl::StrCat(ClockText(page.replied), "  ", Describe(inquiry), ": ", agent,
                           " replies after ", DurationText(page.replied - page.sent)));
}

std::string Customers::Describe(const std::string& inquiry) const {
  const auto found = book_.find(inquiry);
  if (found == book_.end()) return "unknown";
  const v1::Features& features = found->second.understood;
  return absl::StrCat(features.language().empty() ? "?" : features.language(), ", ",
                      features.topic().empty() ? "?" : features.topic(), ", by ",
                      features.channel());
}

const PlannedConversation* Customers::Find(const std::string& inquiry) const {
  const auto found = book_.find(inquiry);
  if (found == book_.end() || found->second.conversation >= plan_.conversations.size()) {
    return nullptr;
  }
  return &plan_.conversations[found->second.conversation];
}

}  // namespace usher::play
