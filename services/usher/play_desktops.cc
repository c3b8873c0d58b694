#include "usher/play_desktops.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "usher/play_dice.h"

namespace usher::play {
namespace {

constexpr std::size_t kAtOnce = 64;
constexpr double kIgnoreShare = 0.02;
constexpr double kDeclineShare = 0.03;
constexpr double kAcceptMeanSeconds = 4;
constexpr double kAcceptSigma = 0.5;
constexpr Duration kBreak = std::chrono::minutes(2);  // shop time, after missed offers
constexpr Duration kReconnectAfter = 200ms;
constexpr double kHandlingMaxSeconds = 3'600;

Duration Seconds(double value) { return Duration(static_cast<std::int64_t>(value * 1e6)); }

}  // namespace

Desktops::Desktops(std::vector<DeskHand> hands, std::uint64_t seed, std::string run, Loop& loop,
                   Client& client, Customers& customers, Tally& tally)
    : seed_(seed),
      run_(std::move(run)),
      loop_(loop),
      client_(client),
      customers_(customers),
      tally_(tally) {
  desktops_.resize(hands.size());
  for (std::size_t i = 0; i < hands.size(); ++i) desktops_[i].who = std::move(hands[i]);
}

void Desktops::Begin() {
  while (next_ < std::min(kAtOnce, desktops_.size())) Register(next_++);
}

void Desktops::Register(std::size_t n) {
  const DeskHand& who = desktops_[n].who;
  v1::RegisterAgentRequest request;
  request.set_desk(who.desk);
  request.set_agent(who.hand.name);
  request.set_units(who.hand.units);
  request.set_request_id(absl::StrCat(run_, "-", who.desk, "-", who.hand.name));
  for (const Need& skill : who.hand.skills) {
    v1::Need& added = *request.add_skills();
    added.set_skill(skill.skill.ToString());
    added.set_level(skill.level);
  }
  client_.RegisterAgent(request,
                        [this, n](const grpc::Status& status, const v1::RegisterAgentResponse&) {
                          if (!status.ok()) return Fail("RegisterAgent", status);
                          Open(n);
                        });
}

void Desktops::Open(std::size_t n) {
  if (leaving_) return;
  Desktop& desktop = desktops_[n];
  v1::WorkHello hello;
  hello.set_desk(desktop.who.desk);
  hello.set_agent(desktop.who.hand.name);
  ++open_streams_;
  desktop.stream = WorkStream::Open(
      client_.AgentsFor(n, desktop.attempt++), loop_, hello,
      [this, n](const v1::WorkResponse& said) { Said(n, said); },
      [this, n](const grpc::Status& status) { Ended(n, status); });
}

void Desktops::SetPresence(std::size_t n, v1::Presence presence) {
  const DeskHand& who = desktops_[n].who;
  v1::SetPresenceRequest request;
  request.set_desk(who.desk);
  request.set_agent(who.hand.name);
  request.set_presence(presence);
  request.set_request_id(absl::StrCat(run_, "-presence-", ++presences_));
  client_.SetPresence(
      request, [this, n, presence](const grpc::Status& status, const v1::SetPresenceResponse&) {
        if (presence == v1::PRESENCE_OFFLINE) return Left(n);
        if (!status.ok()) return Fail("SetPresence", status);
        if (desktops_[n].ready) return;
        desktops_[n].ready = true;
        ++ready_;
        if (next_ < desktops_.size()) Register(next_++);
      });
}

void Desktops::Said(std::size_t n, const v1::WorkResponse& said) {
  switch (said.body_case()) {
    case v1::WorkResponse::kCurrent:
      return Current(n, said.current());
    case v1::WorkResponse::kOffer:
      ++tally_.offers;
      return Offered(n, said.offer());
    case v1::WorkResponse::kOfferEnded:
      return OfferEnded(n, said.offer_ended());
    case v1::WorkResponse::kAssigned:
      ++tally_.accepted;
      return Assigned(n, said.assigned());
    case v1::WorkResponse::kEnded:
      return Over(n, said.ended());
    case v1::WorkResponse::kPresence:
      if (said.presence().away() == v1::AWAY_REASON_MISSED_OFFERS && !desktops_[n].away) {
        desktops_[n].away = true;
        tally_.Tell(desktops_[n].who.hand.name + " is away: too many offers overlooked");
        loop_.AfterShop(kBreak, [this, n] {
          desktops_[n].away = false;
          if (!leaving_) SetPresence(n, v1::PRESENCE_AVAILABLE);
        });
      }
      return;
    case v1::WorkResponse::kRefused:
      ++tally_.refused;
      return;
    case v1::WorkResponse::kMessage:
    case v1::WorkResponse::kPaused:  // these agents set nothing aside
    case v1::WorkResponse::kResumed:
    case v1::WorkResponse::BODY_NOT_SET:
      return;
  }
}

void Desktops::Ended(std::size_t n, const grpc::Status& status) {
  --open_streams_;
  desktops_[n].stream.reset();
  if (leaving_) return;
  if (status.error_code() == grpc::StatusCode::ABORTED) {
    return Fail(desktops_[n].who.hand.name + " works elsewhere: Work", status);
  }
  if (desktops_[n].attempt > kTriesMax) return Fail("Work", status);
  ++tally_.streams_lost;
  loop_.After(kReconnectAfter, [this, n] { Open(n); });
}

// What usher says at the start of a stream is what counts: things said to a stream that broke may
// never have arrived, in either direction. What an earlier day left open is worked off as well,
// but was made and accepted before this day began to count.
void Desktops::Current(std::size_t n, const v1::WorkCurrent& current) {
  Desktop& desktop = desktops_[n];
  desktop.offers.clear();
  for (const v1::WorkOffer& offer : current.offers()) Offered(n, offer);
  std::set<std::string> still;
  for (const v1::WorkAssigned& assigned : current.assigned()) {
    const std::string& inquiry = assigned.inquiry_id();
    still.insert(inquiry);
    const auto known = desktop.held.find(inquiry);
    if (known == desktop.held.end()) {
      Assigned(n, assigned);
      continue;
    }
    const Held held = known->second;
    if (held.replied && !assigned.answered()) Reply(n, inquiry, held.number);
    if (held.finished) Finish(n, inquiry, held.number);
  }
  for (auto held = desktop.held.begin(); held != desktop.held.end();) {
    if (still.count(held->first) > 0) {
      ++held;
      continue;
    }
    tally_.resolved += held->second.finished ? 1 : 0;
    held = desktop.held.erase(held);
  }
  if (!leaving_ && current.presence() != v1::PRESENCE_AVAILABLE) {
    SetPresence(n, v1::PRESENCE_AVAILABLE);
  } else if (!desktop.ready) {
    desktop.ready = true;
    ++ready_;
    if (next_ < desktops_.size()) Register(next_++);
  }
}

void Desktops::Offered(std::size_t n, const v1::WorkOffer& offer) {
  Desktop& desktop = desktops_[n];
  desktop.offers[offer.offer_id()] = offer.inquiry_id();
  if (!offer.has_expires_at()) return;  // it is ours already
  Dice dice = Dice::Of(seed_, absl::StrCat(offer.inquiry_id(), "/", offer.offer_id()));
  if (dice.Chance(kIgnoreShare)) return;
  const bool declines = dice.Chance(kDeclineShare);
  const Duration moment = Seconds(dice.Lognormal(kAcceptMeanSeconds, kAcceptSigma));
  loop_.AfterShop(moment, [this, n, declines, id = offer.offer_id()] {
    Desktop& asked = desktops_[n];
    if (asked.offers.count(id) == 0 || !asked.stream) return;
    v1::WorkRequest answer;
    if (declines) {
      answer.mutable_decline()->set_offer_id(id);
      answer.mutable_decline()->set_reason(v1::DECLINE_REASON_BUSY);
    } else {
      answer.mutable_accept()->set_offer_id(id);
    }
    asked.stream->Write(std::move(answer));
  });
}

void Desktops::OfferEnded(std::size_t n, const v1::WorkOfferEnded& ended) {
  desktops_[n].offers.erase(ended.offer_id());
  switch (ended.end()) {
    case v1::OFFER_END_DECLINED:
      ++tally_.declined;
      break;
    case v1::OFFER_END_EXPIRED:
      ++tally_.expired;
      break;
    default:
      ++tally_.rescinded;
  }
}

void Desktops::Assigned(std::size_t n, const v1::WorkAssigned& assigned) {
  Desktop& desktop = desktops_[n];
  const std::string& inquiry = assigned.inquiry_id();
  std::erase_if(desktop.offers, [&](const auto& offer) { return offer.second == inquiry; });
  customers_.Taken(inquiry);
  const std::uint64_t number = ++assignments_;
  desktop.held[inquiry] = {number, assigned.answered(), false};

  const PlannedConversation* about = customers_.Find(inquiry);
  const ChannelManner manner = MannerOf(about == nullptr ? "" : about->channel);
  Dice dice = Dice::Of(seed_ + 1, inquiry);
  const double seconds =
      std::min(kHandlingMaxSeconds, dice.Lognormal(manner.handling_mean, manner.handling_sigma));
  if (!assigned.answered()) {
    loop_.AfterShop(Seconds(seconds * manner.reply_share),
                    [this, n, inquiry, number] { Reply(n, inquiry, number); });
  }
  loop_.AfterShop(Seconds(seconds), [this, n, inquiry, number] { Finish(n, inquiry, number); });
}

void Desktops::Over(std::size_t n, const v1::WorkEnded& ended) {
  desktops_[n].held.erase(ended.inquiry_id());
  if (ended.stage() == v1::STAGE_RESOLVED) ++tally_.resolved;
}

void Desktops::Reply(std::size_t n, const std::string& inquiry, std::uint64_t number) {
  Desktop& desktop = desktops_[n];
  const auto held = desktop.held.find(inquiry);
  if (held == desktop.held.end() || held->second.number != number) return;
  held->second.replied = true;
  customers_.Replied(inquiry, desktop.who.hand.name);
  if (!desktop.stream) return;  // the next stream's WorkCurrent brings it up again
  v1::WorkRequest request;
  request.mutable_reply()->set_inquiry_id(inquiry);
  desktop.stream->Write(std::move(request));
}

void Desktops::Finish(std::size_t n, const std::string& inquiry, std::uint64_t number) {
  Desktop& desktop = desktops_[n];
  const auto held = desktop.held.find(inquiry);
  if (held == desktop.held.end() || held->second.number != number) return;
  held->second.finished = true;
  if (!desktop.stream) return;
  v1::WorkRequest request;
  request.mutable_done()->set_inquiry_id(inquiry);
  desktop.stream->Write(std::move(request));
}

void Desktops::Leave() {
  if (leaving_) return;
  leaving_ = true;
  next_ = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i) LeaveNext();
}

void Desktops::LeaveNext() {
  while (next_ < desktops_.size()) {
    const std::size_t n = next_++;
    if (!desktops_[n].stream) continue;
    if (desktops_[n].held.empty()) return SetPresence(n, v1::PRESENCE_OFFLINE);
    return Remove(n);
  }
}

// One who leaves in the middle of work goes for good: what is open waits for others at its place.
void Desktops::Remove(std::size_t n) {
  const DeskHand& who = desktops_[n].who;
  v1::RemoveAgentRequest request;
  request.set_desk(who.desk);
  request.set_agent(who.hand.name);
  request.set_request_id(absl::StrCat(run_, "-remove-", who.desk, "-", who.hand.name));
  client_.RemoveAgent(request,
                      [this, n](const grpc::Status&, const v1::RemoveAgentResponse&) { Left(n); });
}

void Desktops::Left(std::size_t n) {
  if (desktops_[n].stream) desktops_[n].stream->Close();
  LeaveNext();
}

void Desktops::Close() {
  leaving_ = true;
  for (Desktop& desktop : desktops_) {
    if (desktop.stream) desktop.stream->Close();
  }
}

std::size_t Desktops::busy() const {
  return static_cast<std::size_t>(std::count_if(desktops_.begin(), desktops_.end(),
                                                [](const Desktop& d) { return !d.held.empty(); }));
}

bool Desktops::idle() const {
  return std::all_of(desktops_.begin(), desktops_.end(),
                     [](const Desktop& d) { return d.held.empty() && d.offers.empty(); });
}

void Desktops::Fail(const std::string& what, const grpc::Status& status) {
  if (trouble_.empty() && !leaving_) {
    trouble_ = absl::StrCat(what, ": ", status.error_message(), " (", status.error_code(), ")");
  }
}

}  // namespace usher::play
