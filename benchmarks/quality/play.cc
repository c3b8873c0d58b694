#include "quality/play.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "engine/engine.h"
#include "simulate/laws.h"
#include "simulate/rng.h"

namespace usher::quality {
namespace {

constexpr double kIgnored = .05;  // of the offers
const simulate::Law kAcceptance = simulate::Law::Lognormal(6s, .5);

enum class Happening : std::uint8_t { kFinish, kAccept, kLeave, kAway, kBack };

class Player {
 public:
  Player(const DaySpec& spec, const std::vector<Inquiry>& day, const std::vector<AgentSpec>& staff,
         const Rule& rule, std::uint64_t seed)
      : spec_(spec),
        day_(day),
        staff_(staff),
        rule_(rule),
        seed_(seed),
        acceptance_(kAcceptance),
        engine_(LimitsOf()) {
    result_.outcomes.resize(day.size());
    result_.worked.resize(staff.size());
  }

  Result Run() {
    Apply({}, ApplyPolicy{PolicyOf(spec_, rule_)});
    for (std::size_t i = 0; i < staff_.size(); ++i) {
      RegisterAgent registered = RegistrationOf(spec_, staff_[i], i);
      const AgentName name = registered.agent;
      Apply({}, std::move(registered));
      Apply({}, SetPresence{name, Presence::kAvailable});
      if (!spec_.outage || !AwayInOutage(i)) continue;
      Expect(kOutageFrom, Happening::kAway, i);
      Expect(kOutageTo, Happening::kBack, i);
    }
    while (Step()) {
    }
    for (std::size_t i = 0; i < day_.size(); ++i) {
      const Outcome& outcome = result_.outcomes[i];
      USHER_CHECK(outcome.answered != kNever || outcome.left != kNever);
    }
    return std::move(result_);
  }

 private:
  // When, counted, what, whom, and the offer if it is about one.
  using Event = std::tuple<Instant, std::uint64_t, Happening, std::size_t, OfferId>;

  static Limits LimitsOf() {
    Limits limits;
    limits.jump_max = kForever;
    return limits;
  }

  void Expect(Instant at, Happening what, std::size_t whom, OfferId offer = {}) {
    events_.push({at, ++expected_, what, whom, offer});
  }

  // The next thing that happens; false: nothing will.
  bool Step() {
    const Instant arrival = next_ < day_.size() ? day_[next_].at : kNever;
    const Instant event = events_.empty() ? kNever : std::get<Instant>(events_.top());
    const Instant timer = engine_.next_timer();
    if (arrival == kNever && event == kNever && open_ == 0) return false;
    if (timer <= std::min(arrival, event)) {
      USHER_CHECK(timer != kNever);  // somebody waits for nothing
      Apply(timer, Tick{});
    } else if (event <= arrival) {
      const Event happens = events_.top();
      events_.pop();
      Happen(happens);
    } else {
      Arrive();
    }
    return true;
  }

  void Arrive() {
    const std::size_t number = next_++;
    const Inquiry& inquiry = day_[number];
    ++open_;
    Apply(inquiry.at, PlacingOf(rule_, inquiry, number));
    const bool waits = result_.outcomes[number].answered == kNever;
    if (waits && inquiry.patience != kForever) {
      Expect(inquiry.at + inquiry.patience, Happening::kLeave, number);
    }
  }

  void Happen(const Event& event) {
    const auto& [at, order, what, whom, offer] = event;
    switch (what) {
      case Happening::kFinish:
        --open_;
        return Apply(at, FinishInquiry{InquiryId::FromNumber(whom + 1),
                                       NameOf(result_.outcomes[whom].agent)});
      case Happening::kAccept:
        return Apply(at, AcceptOffer{offer, NameOf(whom)});
      case Happening::kLeave:
        return Leave(at, whom);
      case Happening::kAway:
        return Apply(at, SetPresence{NameOf(whom), Presence::kOffline});
      case Happening::kBack:
        return Apply(at, SetPresence{NameOf(whom), Presence::kAvailable});
    }
  }

  void Leave(Instant at, std::size_t number) {
    Outcome& outcome = result_.outcomes[number];
    if (outcome.answered != kNever) return;
    outcome.left = at;
    if (day_[number].leaves_silently) return;
    --open_;
    Apply(at, AbandonInquiry{InquiryId::FromNumber(number + 1)});
  }

  void Apply(Instant at, CommandBody body) {
    Command command;
    command.at = at;
    command.body = std::move(body);
    DecisionList decisions;
    engine_.Apply(command, decisions);
    ++result_.commands;
    for (const Decision& decision : decisions) {
      USHER_CHECK(!std::holds_alternative<CommandRejected>(decision.body));
      USHER_CHECK(!std::holds_alternative<InquiryRejected>(decision.body));
      if (const auto* made = std::get_if<OfferMade>(&decision.body)) Offered(*made, decision.at);
      if (const auto* accepted = std::get_if<OfferAccepted>(&decision.body)) {
        Accepted(*accepted, decision.at);
      }
    }
  }

  void Offered(const OfferMade& made, Instant at) {
    const std::size_t number = NumberOf(made.inquiry);
    const std::uint32_t offers = ++result_.outcomes[number].offers;
    if (made.expires == kNever) return;  // accepted in the same breath
    const std::uint64_t key = simulate::KeyOf(simulate::KeyOf(seed_, 3 + number), offers);
    if (simulate::UnitAt(simulate::KeyOf(key, 1)) < kIgnored) return;
    const Instant answer = at + acceptance_.At(simulate::UnitAt(simulate::KeyOf(key, 2)));
    if (answer < made.expires) Expect(answer, Happening::kAccept, NumberOf(made.agent), made.offer);
  }

  void Accepted(const OfferAccepted& accepted, Instant at) {
    const std::size_t number = NumberOf(accepted.inquiry);
    Outcome& outcome = result_.outcomes[number];
    const bool gone = outcome.left != kNever;
    const Duration handling = gone ? kSilentHandling : day_[number].handling;
    if (!gone) outcome.answered = at;
    outcome.agent = static_cast<std::uint32_t>(NumberOf(accepted.agent));
    result_.worked[outcome.agent] += handling;
    Expect(at + handling, Happening::kFinish, number);
    Apply(at, RecordReply{accepted.inquiry, accepted.agent, ChannelName()});
  }

  static AgentName NameOf(std::size_t number) {
    return AgentName::Of("a" + std::to_string(number));
  }

  const DaySpec& spec_;
  const std::vector<Inquiry>& day_;
  const std::vector<AgentSpec>& staff_;
  const Rule& rule_;
  const std::uint64_t seed_;
  const simulate::Sampler acceptance_;
  engine::Engine engine_;
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> events_;
  std::uint64_t expected_ = 0;
  std::size_t next_ = 0;
  std::size_t open_ = 0;  // arrived, and not finished
  Result result_;
};

}  // namespace

bool Outcome::Breached(const Inquiry& inquiry) const { return Wait(inquiry) > inquiry.target(); }

Duration Outcome::Wait(const Inquiry& inquiry) const {
  return std::min(answered, left) - inquiry.at;
}

Result Play(const DaySpec& spec, const std::vector<Inquiry>& day,
            const std::vector<AgentSpec>& staff, const Rule& rule, std::uint64_t seed) {
  return Player(spec, day, staff, rule, seed).Run();
}

}  // namespace usher::quality
