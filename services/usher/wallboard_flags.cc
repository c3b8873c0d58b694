#include "usher/wallboard_flags.h"

#include <CLI/CLI.hpp>
#include <mutex>
#include <utility>

#include "support/status.h"
#include "support/stepper.h"
#include "usher/question_client.h"
#include "usher/question_text.h"

namespace usher {

struct Asked::Guarded {
  std::mutex mutex;
  std::unique_ptr<QuestionClient> client;
};

Asked::Asked() : guarded_(std::make_unique<Guarded>()) {}
Asked::~Asked() = default;

void Asked::At(const std::string& address) {
  const std::lock_guard lock(guarded_->mutex);
  guarded_->client = std::make_unique<QuestionClient>(address);
}

absl::StatusOr<std::string> Asked::Why(const std::string& desk, const std::string& inquiry) {
  const std::unique_lock lock(guarded_->mutex, std::try_to_lock);
  if (!lock) return absl::UnavailableError("another question is under way");
  if (!guarded_->client) return absl::FailedPreconditionError("nobody is known to be asked");
  USHER_TRY(const v1::ExplainInquiryResponse answer, guarded_->client->Explain(desk, inquiry));
  return ExplainText(desk, answer, inquiry, WallNow());
}

void AddWallboardFlags(CLI::App& command, WallboardFlags& flags) {
  command
      .add_option("--wallboard", flags.address,
                  "Where to serve the wallboard; port 0: a free one; off: nowhere")
      ->capture_default_str();
  command.add_option("--wallboard-viewers", flags.viewers_max, "How many may watch at once")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
}

insights::WallboardOptions WallboardOf(const WallboardFlags& flags, std::shared_ptr<Asked> asked) {
  insights::WallboardOptions options;
  if (flags.address != "off") options.address = flags.address;
  options.viewers_max = flags.viewers_max;
  if (asked) {
    options.explain = [asked = std::move(asked)](const std::string& desk,
                                                 const std::string& inquiry) {
      return asked->Why(desk, inquiry);
    };
  }
  return options;
}

}  // namespace usher
