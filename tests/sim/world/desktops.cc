#include "sim/world/desktops.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "agents/requests.h"
#include "sim/world/office.h"

namespace usher::sim {

Desktops::Desktops(Cluster::Parts parts, Cluster& cluster, Ledger& ledger,
                   std::function<void(const std::string&)> wrong)
    : parts_(std::move(parts)), cluster_(cluster), ledger_(ledger), wrong_(std::move(wrong)) {
  for (std::int64_t desk = 0; desk < parts_.workload.desks; ++desk) {
    for (std::int64_t agent = 0; agent < parts_.workload.agents; ++agent) {
      Desktop& desktop = desktops_.emplace_back();
      desktop.desk = DeskName::Of(absl::StrCat("desk-", desk));
      desktop.agent = AgentName::Of(Office::AgentOf(agent));
    }
  }
}

Instant Desktops::Soon(std::int64_t most_ms) {
  return parts_.now() + Duration(static_cast<std::int64_t>(
                            parts_.dice.Below(static_cast<std::uint64_t>(most_ms) * 1000 + 1)));
}

void Desktops::Step() {
  for (Desktop& desktop : desktops_) {
    // A process that died took its streams with it.
    const bool broken = desktop.slot != nullptr && !cluster_.Lives(*desktop.slot, desktop.life);
    if (broken) HangUp(desktop);
    if (desktop.slot == nullptr) {
      if (parts_.now() >= desktop.next) Connect(desktop);
      continue;
    }
    if (!desktop.slot->runs()) {  // frozen: the desktop notices after a while
      if (parts_.now() >= desktop.next + 4s) HangUp(desktop);
      continue;
    }
    desktop.next = std::max(desktop.next, parts_.now());
    for (;;) {
      agents::Outbox::Next next = desktop.outbox->Take();
      if (auto* response = std::get_if<v1::WorkResponse>(&next)) {
        Take(desktop, *response);
        continue;
      }
      if (std::holds_alternative<absl::Status>(next)) HangUp(desktop);
      break;
    }
    if (desktop.slot != nullptr && desktop.shown) Act(desktop);
  }
}

void Desktops::Connect(Desktop& desktop) {
  desktop.next = Soon(1'000);
  Slot* const slot = cluster_.Any(Kind::kAgents);
  if (slot == nullptr) return;
  const agents::FrontDoor& door = slot->process->agents->front_door();
  if (!door.loop.caught_up()) return;  // UNAVAILABLE: the desktop tries again
  desktop.outbox = std::make_shared<agents::Outbox>(door.outbox_max, [] {});
  if (!door.desktops.Open(desktop.desk, desktop.agent, desktop.outbox).ok()) return;
  desktop.slot = slot;
  desktop.life = slot->life;
  desktop.stream = ++streams_;
  desktop.shown = false;
  Submit(desktop, ShowWork{desktop.agent});
}

void Desktops::HangUp(Desktop& desktop) {
  if (desktop.slot != nullptr && cluster_.Lives(*desktop.slot, desktop.life)) {
    desktop.slot->process->agents->front_door().desktops.Close(desktop.desk, desktop.agent,
                                                               desktop.outbox.get());
  }
  desktop.slot = nullptr;
  desktop.outbox.reset();
  desktop.stream = 0;
  desktop.shown = false;
  desktop.offers.clear();
  desktop.work.clear();
  desktop.next = Soon(1'500);
}

void Desktops::TakeCurrent(Desktop& desktop, const v1::WorkCurrent& current) {
  if (desktop.shown) wrong_(absl::StrCat(desktop.agent.ToString(), " is shown its work twice"));
  desktop.shown = true;
  desktop.presence = current.presence();
  for (const v1::WorkOffer& offer : current.offers()) {
    desktop.offers[offer.offer_id()] = {offer.inquiry_id(), Soon(2'500)};
  }
  for (const v1::WorkAssigned& assigned : current.assigned()) {
    desktop.work[assigned.inquiry_id()] = {Soon(2'000), assigned.answered(), assigned.pending()};
  }
}

void Desktops::Take(Desktop& desktop, const v1::WorkResponse& response) {
  const auto demand = [&](bool right, const char* what) {
    if (!right)
      wrong_(absl::StrCat(desktop.desk.ToString(), " ", desktop.agent.ToString(), ": ", what));
  };
  if (!response.has_current()) demand(desktop.shown, "news before its current work");
  switch (response.body_case()) {
    case v1::WorkResponse::kCurrent:
      return TakeCurrent(desktop, response.current());
    case v1::WorkResponse::kOffer:
      demand(desktop.offers.count(response.offer().offer_id()) == 0, "an offer is told twice");
      desktop.offers[response.offer().offer_id()] = {response.offer().inquiry_id(),
                                                     Soon(diligent_ ? 500 : 2'500)};
      return;
    case v1::WorkResponse::kOfferEnded:
      demand(desktop.offers.erase(response.offer_ended().offer_id()) > 0,
             "an offer ends that was not told");
      return;
    case v1::WorkResponse::kAssigned: {
      const std::string& inquiry = response.assigned().inquiry_id();
      demand(desktop.work.count(inquiry) == 0, "an assignment is told twice");
      std::erase_if(desktop.offers, [&](const auto& o) { return o.second.inquiry == inquiry; });
      desktop.work[inquiry] = {Soon(2'000), response.assigned().answered(), false};
      return;
    }
    case v1::WorkResponse::kEnded:
      demand(desktop.work.erase(response.ended().inquiry_id()) > 0, "work ends that it had not");
      return;
    case v1::WorkResponse::kPaused:
    case v1::WorkResponse::kResumed: {
      const bool pause = response.has_paused();
      const auto work = desktop.work.find(pause ? response.paused().inquiry_id()
                                                : response.resumed().inquiry_id());
      demand(work != desktop.work.end(), "work is paused or resumed that it had not");
      if (work != desktop.work.end()) work->second = {Soon(2'000), work->second.answered, pause};
      return;
    }
    case v1::WorkResponse::kPresence:
      desktop.presence = response.presence().presence();
      desktop.presence_next = Soon(1'000);
      return;
    default:
      return;  // refused, message: nothing changes
  }
}

void Desktops::Act(Desktop& desktop) {
  const Instant now = parts_.now();
  kit::Dice& dice = parts_.dice;
  const bool away = desktop.presence != v1::PRESENCE_AVAILABLE;
  if (away && now >= desktop.presence_next) {
    AskPresence(desktop, v1::PRESENCE_AVAILABLE);
  } else if (!diligent_ && dice.Below(2'000) == 0) {
    AskPresence(desktop, dice.Chance(50) ? v1::PRESENCE_AWAY : v1::PRESENCE_OFFLINE);
  } else if (!diligent_ && dice.Below(1'500) == 0) {
    return HangUp(desktop);
  }
  // By name: what is submitted may end the stream and with it all of this.
  std::vector<std::uint64_t> offers;
  for (const auto& [number, offer] : desktop.offers) {
    if (now >= offer.next) offers.push_back(number);
  }
  for (const std::uint64_t offer : offers) AnswerOffer(desktop, offer);
  for (auto& [inquiry, work] : desktop.work) {
    if (now < work.next) continue;
    GoOn(desktop, inquiry, work);
    if (desktop.slot == nullptr) return;
  }
}

void Desktops::AnswerOffer(Desktop& desktop, std::uint64_t offer) {
  if (desktop.slot == nullptr) return;
  // Asked once more if nothing is heard of it.
  desktop.offers[offer].next = parts_.now() + 3s;
  const std::uint64_t turn = diligent_ ? 0 : parts_.dice.Below(10);
  v1::WorkRequest request;
  if (turn == 9) {
    request.mutable_decline()->set_offer_id(offer);
    request.mutable_decline()->set_reason(v1::DECLINE_REASON_BUSY);
  } else if (turn == 8) {
    return;  // the agent does not see it
  } else {
    request.mutable_accept()->set_offer_id(offer);
  }
  Submit(desktop, request);
}

void Desktops::GoOn(Desktop& desktop, const std::string& inquiry, Work& work) {
  work.next = parts_.now() + 1s + (Soon(2'000) - parts_.now());
  v1::WorkRequest request;
  const std::uint64_t turn = diligent_ ? 9 : parts_.dice.Below(10);
  if (work.pending) {
    request.mutable_resume()->set_inquiry_id(inquiry);
  } else if (!work.answered) {
    request.mutable_reply()->set_inquiry_id(inquiry);
    work.answered = true;
  } else if (turn == 0) {
    request.mutable_pause()->set_inquiry_id(inquiry);
  } else if (turn == 1) {
    request.mutable_transfer()->set_inquiry_id(inquiry);
  } else if (turn == 2) {
    request.mutable_reply()->set_inquiry_id(inquiry);
  } else {
    request.mutable_done()->set_inquiry_id(inquiry);
  }
  Submit(desktop, request);
}

void Desktops::AskPresence(Desktop& desktop, v1::Presence presence) {
  desktop.presence_next = parts_.now() + 2s;
  v1::SetPresenceRequest request;
  request.set_desk(desktop.desk.ToString());
  request.set_agent(desktop.agent.ToString());
  request.set_presence(presence);
  request.set_request_id(
      absl::StrCat("presence-", desktop.agent.ToString(), "-", ToMicros(parts_.now())));
  auto record = agents::ToRecord(request);
  if (record.ok()) Submit(desktop, std::move(record->command.body));
}

bool Desktops::Submit(Desktop& desktop, const v1::WorkRequest& request) {
  auto body = agents::ToCommand(request, desktop.agent);
  if (!body.ok()) {
    wrong_(absl::StrCat("a request is refused: ", std::string(body.status().message())));
    return false;
  }
  return Submit(desktop, *std::move(body));
}

bool Desktops::Submit(Desktop& desktop, CommandBody body) {
  wire::CommandRecord record;
  record.desk = desktop.desk;
  record.command.body = std::move(body);
  const agents::FrontDoor& door = desktop.slot->process->agents->front_door();
  door.submitter.Submit(std::move(record),
                        [this, outbox = desktop.outbox, there = std::weak_ptr<bool>(there_)](
                            const absl::StatusOr<journal::Appended>& at) {
                          if (there.expired()) return;
                          if (!at.ok()) {
                            outbox->End(at.status());  // as the stream does
                          } else if (at->offset >= 0) {
                            ledger_.told.insert({at->partition, at->offset});
                          }
                        });
  return true;
}

bool Desktops::idle() const {
  return std::all_of(desktops_.begin(), desktops_.end(), [](const Desktop& desktop) {
    return desktop.shown && desktop.presence == v1::PRESENCE_AVAILABLE && desktop.offers.empty() &&
           desktop.work.empty();
  });
}

}  // namespace usher::sim
