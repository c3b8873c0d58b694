#include "sim/checker/acts.h"

#include <variant>

#include "absl/strings/str_cat.h"

namespace usher::sim {
namespace {

// What the policies of a world (world/office.cc) call them.
constexpr std::string_view kPromisePassed = "promise_passed";
constexpr std::string_view kConfirmOrder = "confirm_order";
constexpr std::string_view kCarrierLate = "carrier_late";
constexpr Duration kAfterPromise = 1s;

}  // namespace

void Acts::Take(const DeskName& desk, const Command& command) {
  const auto* reply = std::get_if<RecordReply>(&command.body);
  if (reply != nullptr && !reply->conversation.none()) replies_.insert({desk, command.request});
}

std::string Acts::Take(const DeskName& desk, const Decision& decision) {
  if (const auto* placed = std::get_if<InquiryPlaced>(&decision.body)) {
    return On(desk, *placed, decision.at);
  }
  if (const auto* joined = std::get_if<MessageJoined>(&decision.body)) {
    if (ledger_.not_of_customers.count(joined->message) > 0) {
      return "a message joins that no customer wrote";
    }
  }
  if (const auto* cancelled = std::get_if<InquiryCancelled>(&decision.body)) {
    stray_.erase({desk, cancelled->inquiry});
  }
  if (const auto* started = std::get_if<InquiryStarted>(&decision.body)) {
    return Begins({desk, started->inquiry}, decision.at);
  }
  return "";
}

std::string Acts::On(const DeskName& desk, const InquiryPlaced& d, Instant at) {
  if (ledger_.not_of_customers.count(d.message) > 0) {
    return "a message opens an inquiry that no customer wrote";
  }
  const std::string_view topic = d.features.topic.view();
  if (topic == kCarrierLate) {
    if (!d.customer.none() || !d.features.order.none()) return "an incident of one customer";
    if (ledger_.incidents.count(desk) == 0) return "an incident of a carrier that has none";
    incident_at_.try_emplace(desk, at);
    // Late orders are counted in the store: what it forgot may be told of again.
    const bool again = ++incidents_[desk] > 1 && !ledger_.store_forgets && !ledger_.log_forgets;
    return again ? "an incident is told of twice" : "";
  }
  if (topic != kPromisePassed && topic != kConfirmOrder) return "";
  const Place place{desk, d.inquiry};
  own_[place] = {topic == kPromisePassed ? Kind::kPromise : Kind::kCall, {desk, d.features.order}};
  return d.starts_at == Instant() ? Begins(place, at) : "";
}

// One of usher's own begins: somebody is asked to speak to the customer.
std::string Acts::Begins(const Place& place, Instant at) {
  const auto own = own_.find(place);
  if (own == own_.end()) return "";
  const auto promised = ledger_.promised.find(own->second.order);
  if (promised == ledger_.promised.end()) return "usher acts on an order that was not promised";
  if (ledger_.log_forgets) return "";
  if (own->second.kind == Kind::kCall) {
    if (++calls_[own->second.order] > 1) return "an order is called about twice";
    const auto off = ledger_.called_off.find(own->second.order);
    const bool gone = off != ledger_.called_off.end() && off->second < at;
    // The placing may come last into the log, if it was taken at the same time: who took it sees
    // that the order is gone, and takes the call back.
    if (gone && !ledger_.store_forgets) stray_.insert(place);
    return "";
  }
  // Where it takes long to hear of an order, or to look, it may begin before it is taken back.
  const auto incident = incident_at_.find(place.first);
  if (ledger_.calm && promised->second.in_incident && incident != incident_at_.end() &&
      incident->second < at) {
    return "a promise is told of that is part of an incident";
  }
  std::vector<Instant>& begun = begun_[own->second.order];
  begun.push_back(at);
  const std::vector<Instant>& promises = promised->second.promises;
  if (begun.size() > promises.size()) return "a promise is told of twice";
  if (at < promises[begun.size() - 1] + kAfterPromise) return "told of before the promise passed";
  return "";
}

std::string Acts::Unfinished() const {
  for (const auto& [desk, request] : ledger_.replies) {
    if (replies_.count({desk, request}) == 0) {
      return absl::StrCat("an agent's message of ", desk.ToString(), " was not told");
    }
  }
  if (!stray_.empty()) {
    return absl::StrCat("a call about a cancelled order is not taken back: ",
                        stray_.begin()->second.ToString());
  }
  // Clocks that are off by years make intake take what comes for long past.
  if (ledger_.clocks_lie) return "";
  for (const auto& [order, promised] : ledger_.promised) {
    if (promised.ends || begun_.count(order) > 0) continue;
    if (promised.in_incident && incidents_.count(order.first) > 0) continue;
    return absl::StrCat("order ", order.second.ToString(), " of ", order.first.ToString(),
                        " did not come, and nobody was told");
  }
  if (ledger_.store_forgets) return "";
  for (const DeskName& desk : ledger_.incidents) {
    if (incidents_.count(desk) == 0) {
      return absl::StrCat("no incident of the carrier of ", desk.ToString());
    }
  }
  return "";
}

}  // namespace usher::sim
