#include "insights/wallboard/site.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "insights/service.h"
#include "insights/wallboard/assets.h"
#include "insights/wallboard/json.h"
#include "support/status.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

constexpr char kBase[] = "/wallboard/";
constexpr char kJsonType[] = "application/json; charset=utf-8";
constexpr std::size_t kVersionBytesMax = 64;

std::string TypeOf(std::string_view name) {
  const std::string_view end = name.substr(std::min(name.size(), name.rfind('.')));
  if (end == ".html") return "text/html; charset=utf-8";
  if (end == ".css") return "text/css; charset=utf-8";
  if (end == ".js") return "text/javascript; charset=utf-8";
  if (end == ".svg") return "image/svg+xml";
  return "text/plain; charset=utf-8";
}

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kFailedPrecondition:
      return 409;
    default:
      return 503;
  }
}

web::Response Refusal(const absl::Status& status) {
  web::Response response;
  response.status = HttpStatus(status.code());
  response.type = kJsonType;
  response.body = Text({{"error", std::string(status.message())}});
  return response;
}

web::Response JsonOrRefusal(absl::StatusOr<std::string> json) {
  if (!json.ok()) return Refusal(json.status());
  web::Response response;
  response.type = kJsonType;
  response.body = *std::move(json);
  return response;
}

absl::StatusOr<DeskName> DeskOf(const web::Request& request) {
  return wire::ParseName<DeskName>("desk", request.Param("desk"));
}

std::int64_t Millis(const google::protobuf::Timestamp& at) {
  return at.seconds() * 1'000 + at.nanos() / 1'000'000;
}

// "STAGE_WAITING" → "waiting".
std::string Lower(std::string name, std::size_t prefix) {
  name.erase(0, prefix);
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

std::string Story(const v1::GetInquiryResponse& told) {
  const v1::InquiryView& view = told.inquiry();
  Json timeline = Json::array();
  for (const v1::TimelineEntry& entry : told.timeline()) {
    timeline.push_back({{"at", Millis(entry.at())}, {"sentence", entry.sentence()}});
  }
  Json asked = Json::array();
  for (const std::string& agent : view.asked()) asked.push_back(agent);
  const v1::Features& features = view.features();
  return Text({{"id", view.inquiry_id()},
               {"stage", Lower(v1::Stage_Name(view.stage()), sizeof "STAGE_" - 1)},
               {"queue", view.queue()},
               {"priority", view.priority()},
               {"placed", Millis(view.placed_at())},
               {"due", view.has_due_at() ? Json(Millis(view.due_at())) : Json()},
               {"late", view.breached()},
               {"step", view.step()},
               {"offers", view.offers()},
               {"channel", features.channel()},
               {"language", features.language()},
               {"topic", features.topic()},
               {"agent", view.agent()},
               {"asked", std::move(asked)},
               {"timeline", std::move(timeline)}});
}

}  // namespace

web::Response Site::Answer(const web::Request& request) {
  web::Response response;
  if (request.path == "/" || request.path == "/wallboard") {
    response.status = 302;
    response.location = "wallboard/";
    return response;
  }
  if (request.path.rfind(kBase, 0) == 0) {
    const std::string name = request.path.substr(sizeof kBase - 1);
    if (name == "events") return Events(request);
    if (name == "api/desks") return Desks();
    if (name == "api/queue") return Queue(request);
    if (name == "api/inquiry") return Inquiry(request);
    if (name == "api/why") return Why(request);
    for (const Asset& asset : Assets()) {
      if (asset.name != (name.empty() ? "index.html" : name)) continue;
      response.type = TypeOf(asset.name);
      response.body = std::string(asset.bytes);
      return response;
    }
  }
  response.status = 404;
  response.body = "no such page\n";
  return response;
}

web::Response Site::Events(const web::Request& request) {
  const absl::StatusOr<DeskName> desk = DeskOf(request);
  if (!desk.ok()) return Refusal(desk.status());
  absl::StatusOr<std::unique_ptr<Boards::Seat>> seat = boards_.Take(*desk);
  if (!seat.ok()) return Refusal(seat.status());
  web::Response response;
  // Shared, since a function is copied; the last copy gives the seat up.
  response.stream = [this, taken = std::shared_ptr<Boards::Seat>(*std::move(seat)),
                     seen = request.last_event_id.substr(0, kVersionBytesMax)](web::Sink& sink) {
    Stream(*taken, seen, sink);
  };
  return response;
}

void Site::Stream(const Boards::Seat& seat, std::string seen, web::Sink& sink) const {
  std::uint64_t change = 0;
  BoardNow board;
  if (!sink.Write("retry: 1000\n\n")) return;
  while (boards_.Await(seat, change, options_.beat, board)) {
    change = board.change;
    Json head = {
        {"now", Millis(options_.clock())}, {"as_of", Millis(board.as_of)}, {"live", board.live}};
    std::string event;
    if (board.json && board.version != seen) {
      seen = board.version;
      std::string data = Text(head);
      data.back() = ',';
      event =
          "event: board\nid: " + seen + "\ndata: " + data + "\"board\":" + *board.json + "}\n\n";
    } else {
      event = "event: beat\ndata: " + Text(head) + "\n\n";
    }
    if (!sink.Write(event)) return;
  }
}

absl::StatusOr<std::string> Site::Ask(
    std::function<absl::StatusOr<std::string>(store::Store&)> question) {
  // Shared with the query, which may be answered after nobody waits any more.
  const auto answer = std::make_shared<std::promise<absl::StatusOr<std::string>>>();
  std::future<absl::StatusOr<std::string>> told = answer->get_future();
  const bool taken = queries_.Submit([answer, ask = std::move(question)](store::Store* store) {
    answer->set_value(store ? ask(*store) : absl::UnavailableError("insights: stopping"));
  });
  if (!taken) return absl::UnavailableError("insights: too many queries wait, or it stops");
  if (told.wait_for(options_.answer_within) != std::future_status::ready) {
    return absl::UnavailableError("insights: no answer in time");
  }
  return told.get();
}

web::Response Site::Desks() {
  return JsonOrRefusal(Ask([this](store::Store& store) -> absl::StatusOr<std::string> {
    USHER_TRY(const std::vector<DeskName> desks, ReadDesks(store, partitions_));
    Json names = Json::array();
    for (const DeskName& desk : desks) names.push_back(desk.ToString());
    return Text({{"desks", std::move(names)}});
  }));
}

web::Response Site::Queue(const web::Request& request) {
  const absl::StatusOr<DeskName> desk = DeskOf(request);
  if (!desk.ok()) return Refusal(desk.status());
  const absl::StatusOr<QueueName> queue =
      wire::ParseName<QueueName>("queue", request.Param("queue"));
  if (!queue.ok()) return Refusal(queue.status());
  // From what the poller has read last: asking reads nothing anew.
  const BoardNow board = boards_.Look(*desk);
  if (!board.heavy) return Refusal(absl::FailedPreconditionError("nobody watches the desk"));
  if (!board.heavy->listed) {
    return Refusal(absl::FailedPreconditionError("too much is open to be listed"));
  }
  const auto list = board.heavy->lists.find(queue->ToString());
  return JsonOrRefusal(QueueListJson(
      *desk, queue->ToString(), list == board.heavy->lists.end() ? QueueList() : list->second));
}

web::Response Site::Inquiry(const web::Request& request) {
  v1::GetInquiryRequest asked;
  asked.set_desk(request.Param("desk"));
  asked.set_inquiry_id(request.Param("inquiry"));
  return JsonOrRefusal(Ask([this, asked](store::Store& store) -> absl::StatusOr<std::string> {
    USHER_TRY(const v1::GetInquiryResponse told, GetInquiry(store, partitions_, asked));
    return Story(told);
  }));
}

web::Response Site::Why(const web::Request& request) {
  const absl::StatusOr<DeskName> desk = DeskOf(request);
  if (!desk.ok()) return Refusal(desk.status());
  const auto inquiry = wire::ParseInquiryId("inquiry", request.Param("inquiry"));
  if (!inquiry.ok()) return Refusal(inquiry.status());
  if (!options_.explain) {
    return Refusal(absl::FailedPreconditionError("this process knows no QuestionService"));
  }
  absl::StatusOr<std::string> lines = options_.explain(desk->ToString(), inquiry->ToString());
  if (!lines.ok()) return Refusal(lines.status());
  return JsonOrRefusal(Text({{"lines", *std::move(lines)}}));
}

}  // namespace usher::insights
