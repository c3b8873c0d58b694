// usher review list | mark, usher rate
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "support/status.h"
#include "usher/answer_json.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/review_client.h"
#include "usher/review_text.h"

namespace usher {
namespace {

struct ReviewOptions {
  std::string server = "127.0.0.1:7400";
  std::string desk;
  std::string inquiry;
  std::string agent;
  std::string reviewer;
  std::string reason;
  std::string page;
  std::string request_id;
  std::vector<std::string> marks;
  std::uint32_t rating = 0;
  bool reviewed = false;
  bool json = false;
};

constexpr const char* kReasons[] = {"share", "angry", "repeat", "new-agent"};

absl::Status List(const ReviewOptions& options) {
  v1::ListReviewsRequest request;
  request.set_desk(options.desk);
  request.set_reviewed(options.reviewed);
  request.set_agent(options.agent);
  request.set_page_token(options.page);
  for (int i = 0; i < 4; ++i) {
    if (options.reason == kReasons[i]) request.set_reason(static_cast<v1::ReviewReason>(i + 1));
  }
  USHER_TRY(const v1::ListReviewsResponse listed, ReviewClient(options.server).List(request));
  std::cout << (options.json ? AnswerJson(listed) : ReviewsText(listed));
  return absl::OkStatus();
}

absl::Status Mark(const ReviewOptions& options) {
  v1::ReviewInquiryRequest request;
  request.set_desk(options.desk);
  request.set_inquiry_id(options.inquiry);
  request.set_agent(options.agent);
  request.set_reviewer(options.reviewer);
  request.set_request_id(options.request_id);
  for (const std::string& text : options.marks) {
    USHER_TRY(*request.add_marks(), ReadMark(text));
  }
  return ReviewClient(options.server).Review(request).status();
}

absl::Status Rate(const ReviewOptions& options) {
  v1::RateInquiryRequest request;
  request.set_desk(options.desk);
  request.set_inquiry_id(options.inquiry);
  request.set_rating(options.rating);
  request.set_request_id(options.request_id);
  return ReviewClient(options.server).Rate(request).status();
}

void AddTarget(CLI::App& command, const char* what, ReviewOptions& options) {
  command.add_option("--server", options.server, what)->capture_default_str();
  command.add_option("--desk", options.desk, "Whose inquiry")->required();
}

void AddRequestId(CLI::App& command, ReviewOptions& options) {
  command.add_option("--request-id", options.request_id,
                     "A name for this request: a second one of that name has no effect");
}

}  // namespace

void AddReview(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReviewOptions>();
  const auto finish = [&exit_code](const absl::Status& status) {
    exit_code = status.ok() ? kFine : Complain(status);
  };
  CLI::App* review =
      app.add_subcommand("review", "Ended inquiries that are wanted for review, and their marks");
  review->require_subcommand(1);

  CLI::App* list = review->add_subcommand("list", "Says which wait for a review, and why");
  AddTarget(*list, "Where the insights service is: HOST:PORT", *options);
  list->add_flag("--reviewed", options->reviewed, "Those that were reviewed, and what was said");
  list->add_option("--agent", options->agent, "Of the work of this agent alone");
  list->add_option("--reason", options->reason, "Wanted for this reason")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kReasons), std::end(kReasons))));
  list->add_option("--page", options->page, "Goes on where the page before said");
  list->add_flag("--json", options->json, "The answer as JSON");
  list->callback([options, finish] { finish(List(*options)); });

  CLI::App* mark = review->add_subcommand("mark", "Reviews the work of an agent on an inquiry");
  mark->add_option("INQUIRY", options->inquiry, "Its id, 32 hex digits")->required();
  AddTarget(*mark, "Where the agents service is: HOST:PORT", *options);
  mark->add_option("--agent", options->agent, "Whose work it is about")->required();
  mark->add_option("--by", options->reviewer, "Who says so: somebody else")->required();
  mark->add_option("MARKS", options->marks, "0 to 100 by criterion: tone=90 solution=70")
      ->required();
  AddRequestId(*mark, *options);
  mark->callback([options, finish] { finish(Mark(*options)); });

  CLI::App* rate = app.add_subcommand("rate", "Records what a customer thinks of an inquiry");
  rate->add_option("INQUIRY", options->inquiry, "Its id, 32 hex digits")->required();
  rate->add_option("RATING", options->rating, "1 (bad) to 5 (good)")->required();
  AddTarget(*rate, "Where the intake service is: HOST:PORT", *options);
  AddRequestId(*rate, *options);
  rate->callback([options, finish] { finish(Rate(*options)); });
}

}  // namespace usher
