#include "usher/play_day.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/compile.h"
#include "support/status.h"
#include "support/stepper.h"
#include "usher/play_customers.h"
#include "usher/play_desktops.h"
#include "usher/play_loop.h"
#include "usher/play_plan.h"
#include "usher/play_samples.h"
#include "usher/play_staff.h"
#include "usher/play_summary.h"
#include "usher/play_view.h"
#include "usher/play_watch.h"

namespace usher::play {
namespace {

constexpr Duration kSetUpMax = 60s;
constexpr Duration kDrainMin = 30s;
constexpr Duration kDrainShop = std::chrono::hours(2);
// The views follow the decisions: counts that differ for longer than that do differ.
constexpr Duration kFollowMax = 15s;
constexpr Duration kLateMax = 120s;  // a day that usher cannot keep up with ends so much later
constexpr Duration kLeaveMax = 5s;
constexpr Duration kDrawEvery = 100ms;
constexpr Duration kForEver = std::chrono::hours(24 * 365);

// What the day is made of.
struct Script {
  std::vector<Sample> samples;
  std::string policy_yaml;  // sped up
  Policy policy;            // at shop speed
  DayPlan plan;
  std::vector<DeskHand> hands;
};

absl::StatusOr<Script> Prepare(const DayOptions& options) {
  Script script;
  std::string messages = options.messages_dir;
  if (messages.empty()) {
    USHER_TRY(messages, FindBesideBinary("libs/understanding/data/messages", "messages"));
  }
  USHER_TRY(script.samples, LoadSamples(messages));
  std::string file = options.policy_file;
  if (file.empty()) {
    USHER_TRY(file, FindBesideBinary("deploy/policies/shop.yaml", "policies/shop.yaml"));
  }
  USHER_TRY(const std::string yaml, ReadFile(file, policy::kYamlBytesMax));
  const policy::CompileResult compiled = policy::Compile(yaml);
  if (!compiled.compiled) {
    std::string problems = file + " is no policy:";
    for (const policy::Problem& problem : compiled.problems) {
      absl::StrAppend(&problems, "\n  ", policy::ToString(problem));
    }
    return absl::InvalidArgumentError(problems);
  }
  script.policy = compiled.compiled->policy;
  script.policy_yaml = policy::ScaleYamlDurations(yaml, options.speed);

  PlanOptions plan{.seed = options.seed,
                   .inquiries = options.inquiries,
                   .hours = options.hours,
                   .desks = static_cast<std::uint32_t>(options.desks.size())};
  for (const Channel& channel : script.policy.channels) {
    plan.channels.push_back(channel.name.ToString());
  }
  for (const TierName& tier : compiled.compiled->understanding.tiers) {
    plan.tiers.push_back(tier.ToString());
  }
  script.plan = MakeDayPlan(plan, script.samples);
  for (std::uint32_t desk = 0; desk < options.desks.size(); ++desk) {
    for (Hand& hand :
         MakeStaff(script.policy, script.plan, script.samples, desk, options.seed + desk)) {
      script.hands.push_back({options.desks[desk], std::move(hand)});
    }
  }
  return script;
}

// The day itself. Threads: one.
class Day {
 public:
  Day(const DayOptions& options, Script script, const std::atomic<bool>& stop)
      : options_(options),
        script_(std::move(script)),
        stop_(stop),
        run_(absl::StrFormat("day%x", ToMicros(WallNow()))),
        loop_(options.speed),
        client_(options.addresses, loop_),
        customers_(script_.plan, script_.samples, options.desks, run_, loop_, client_, tally_),
        desktops_(script_.hands, options.seed, run_, loop_, client_, customers_, tally_),
        watch_(options.desks, loop_, client_),
        view_(stdout, !options.plain && isatty(STDOUT_FILENO) != 0) {}

  int Run();

 private:
  bool SetUp();
  void ApplyPolicies();
  bool Wait(const std::function<bool()>& done, Duration longest);
  bool Drained() const;
  bool CountsAgree();
  void Draw();
  Scene SceneNow() const;
  int SumUp(bool whole);
  std::optional<v1::GetInquiryResponse> Example(std::string& desk);
  void Leave();

  const DayOptions& options_;
  const Script script_;
  const std::atomic<bool>& stop_;
  const std::string run_;
  Tally tally_;
  Loop loop_;
  Client client_;
  Customers customers_;
  Desktops desktops_;
  Watch watch_;
  View view_;
  std::size_t policies_applied_ = 0;
  std::string trouble_;
  bool drawing_ = false;
};

// False: something went wrong, it took too long, or the user wants to stop.
bool Day::Wait(const std::function<bool()>& done, Duration longest) {
  bool there = false;
  loop_.RunUntil(
      [&] {
        there = done();
        return there || stop_ || !trouble_.empty() || !desktops_.trouble().empty();
      },
      longest);
  return there;
}

void Day::ApplyPolicies() {
  for (const std::string& desk : options_.desks) {
    v1::ApplyPolicyRequest request;
    request.set_desk(desk);
    request.set_yaml(script_.policy_yaml);
    request.set_request_id(absl::StrCat(run_, "-policy-", desk));
    client_.ApplyPolicy(request,
                        [this](const grpc::Status& status, const v1::ApplyPolicyResponse&) {
                          if (status.ok()) {
                            ++policies_applied_;
                          } else if (trouble_.empty()) {
                            trouble_ = absl::StrCat("ApplyPolicy: ", status.error_message());
                          }
                        });
  }
}

bool Day::SetUp() {
  ApplyPolicies();
  if (!Wait([this] { return policies_applied_ == options_.desks.size(); }, kSetUpMax)) {
    return false;
  }
  watch_.Begin();
  // What was there before the day must be known before the agents touch it.
  if (!Wait([this] { return watch_.rounds() > 0; }, kSetUpMax)) return false;
  desktops_.Begin();
  return Wait([this] { return desktops_.ready(); }, kSetUpMax);
}

Scene Day::SceneNow() const {
  return {.shop_now = loop_.ShopNow(),
          .day = script_.plan.day,
          .conversations = script_.plan.conversations.size(),
          .totals = watch_.totals(),
          .queues = watch_.queues(),
          .agents = desktops_.size(),
          .busy = desktops_.busy()};
}

void Day::Draw() {
  if (!drawing_) return;
  view_.Show(SceneNow(), tally_);
  loop_.After(kDrawEvery, [this] { Draw(); });
}

bool Day::Drained() const {
  return watch_.totals().messages() >= tally_.messages_sent && watch_.nobody_waits() &&
         desktops_.idle();
}

bool Day::CountsAgree() {
  Measure(customers_.book(), tally_);
  const std::vector<Comparison> numbers = Compare(watch_.totals(), tally_);
  return std::all_of(numbers.begin(), numbers.end(),
                     [](const Comparison& number) { return number.equal(); });
}

int Day::Run() {
  std::printf(
      "usher play: %zu conversations, %zu messages, %zu order events, %zu agents; %s a day\n",
      script_.plan.conversations.size(), script_.plan.messages.size(), script_.plan.orders.size(),
      script_.hands.size(), DurationText(script_.plan.day / options_.speed).c_str());
  std::fflush(stdout);
  int code = 1;
  if (SetUp()) {
    loop_.StartClock();
    customers_.Begin();
    drawing_ = true;
    Draw();
    bool whole =
        Wait([this] { return customers_.done(); }, script_.plan.day / options_.speed + kLateMax);
    if (whole) {
      // What is asked now is answered by usher after the last message was taken.
      Wait([this] { return Drained(); }, std::max(kDrainMin, kDrainShop / options_.speed));
      std::uint64_t looked = watch_.rounds();
      const auto agree_at_last = [&] {
        if (watch_.rounds() == looked) return false;
        looked = watch_.rounds();
        return CountsAgree();
      };
      Wait(agree_at_last, kFollowMax);
      whole = !stop_ && trouble_.empty() && desktops_.trouble().empty();
    }
    drawing_ = false;
    view_.ShowLast(SceneNow(), tally_);
    code = SumUp(whole);
    if (!options_.exit && whole) {
      std::printf("\nthe agents stay at their desks; Ctrl-C ends\n");
      std::fflush(stdout);
      Wait([] { return false; }, kForEver);
    }
  }
  const std::string& trouble = trouble_.empty() ? desktops_.trouble() : trouble_;
  if (!trouble.empty()) {
    std::fprintf(stderr, "usher play: %s\n", trouble.c_str());
  } else if (!stop_ && code != 0 && loop_.ShopNow() == Duration(0)) {
    std::fprintf(stderr, "usher play: the desks were not ready in time\n");
  }
  Leave();
  return code;
}

std::optional<v1::GetInquiryResponse> Day::Example(std::string& desk) {
  // One that took longer than most: there is more to see.
  const Duration wanted = Quantile(tally_.responses, 0.95);
  v1::GetInquiryRequest request;
  for (const auto& [id, page] : customers_.book()) {
    if (page.replied == Page::kNot || page.sent == Page::kNot) continue;
    if (!request.inquiry_id().empty() && page.replied - page.sent != wanted) continue;
    const PlannedConversation* about = customers_.Find(id);
    if (about == nullptr) continue;
    request.set_desk(options_.desks[about->desk]);
    request.set_inquiry_id(id);
  }
  if (request.inquiry_id().empty()) return std::nullopt;
  desk = request.desk();
  std::optional<v1::GetInquiryResponse> example;
  bool answered = false;
  client_.GetInquiry(request, [&](const grpc::Status& status, const v1::GetInquiryResponse& got) {
    answered = true;
    if (status.ok()) example = got;
  });
  // Until it is answered, even when the user has asked to stop: it writes to this frame.
  client_.StopRetries();
  loop_.RunUntil([&] { return answered; }, kForEver);
  return example;
}

int Day::SumUp(bool whole) {
  const bool agree = CountsAgree();
  const Totals totals = watch_.totals();
  std::string desk = options_.desks.front();
  const std::optional<v1::GetInquiryResponse> example = Example(desk);
  const SummaryOptions options{.speed = options_.speed,
                               .whole = whole,
                               .server = options_.addresses.insights.front(),
                               .metrics = options_.metrics,
                               .desk = desk};
  const std::string text = SummaryText(options, totals, tally_, example ? &*example : nullptr);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  if (!options_.report_file.empty()) {
    std::ofstream file(options_.report_file);
    file << ReportJson(options, totals, tally_, customers_, script_.plan, script_.samples);
    if (!file.flush()) {
      std::fprintf(stderr, "usher play: cannot write %s\n", options_.report_file.c_str());
      return 1;
    }
  }
  if (!whole) return stop_ ? 130 : 1;
  return agree ? 0 : 1;
}

void Day::Leave() {
  customers_.Stop();
  watch_.Stop();
  client_.StopRetries();
  desktops_.Leave();
  loop_.RunUntil([this] { return desktops_.gone(); }, kLeaveMax);
  desktops_.Close();
  // Every call ends by its own deadline, every stream by its cancellation.
  loop_.RunUntil([this] { return client_.calls() == 0 && desktops_.gone(); }, kForEver);
}

}  // namespace

int PlayDay(const DayOptions& options, const std::atomic<bool>& stop) {
  absl::StatusOr<Script> script = Prepare(options);
  if (!script.ok()) {
    std::fprintf(stderr, "usher play: %s\n", std::string(script.status().message()).c_str());
    return 1;
  }
  return Day(options, std::move(*script), stop).Run();
}

}  // namespace usher::play
