// Site: what the wallboard answers to whom: its files, its streams of events, and the questions of
// a page: which desks, what waits in a queue, the story of an inquiry and why it waits.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "insights/queries.h"
#include "insights/wallboard/boards.h"
#include "web/server.h"

namespace usher::insights {

// Why an inquiry waits, in English: a few lines. May take seconds. Errors: as QuestionService says.
using Explain =
    std::function<absl::StatusOr<std::string>(const std::string& desk, const std::string& inquiry)>;

class Site {
 public:
  struct Options {
    Duration beat = 2s;           // between signs of life of a stream on which nothing happens
    Duration answer_within = 5s;  // of a question to the store
    std::function<Instant()> clock;
    Explain explain;  // may be empty: nobody can tell
  };

  // Borrows both.
  Site(const Options& options, Boards& boards, Queries& queries, std::int32_t partitions)
      : options_(options), boards_(boards), queries_(queries), partitions_(partitions) {}

  web::Response Answer(const web::Request& request);

 private:
  web::Response Events(const web::Request& request);
  void Stream(const Boards::Seat& seat, std::string seen, web::Sink& sink) const;
  web::Response Desks();
  web::Response Queue(const web::Request& request);
  web::Response Inquiry(const web::Request& request);
  web::Response Why(const web::Request& request);
  absl::StatusOr<std::string> Ask(
      std::function<absl::StatusOr<std::string>(store::Store&)> question);

  const Options options_;
  Boards& boards_;
  Queries& queries_;
  const std::int32_t partitions_;
};

}  // namespace usher::insights
