#include "web/server.h"

#include <civetweb.h>

#include <algorithm>
#include <array>
#include <optional>

#include "support/knocker.h"

namespace usher::web {
namespace {

constexpr std::size_t kParamsMax = 16;
constexpr int kRequestBytesMax = 8 * 1024;

// Ends each line, so that they stand before any header of an answer.
constexpr char kGuards[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

std::string Decoded(std::string_view text) {
  std::string out(text.size() + 1, '\0');
  const int size = mg_url_decode(text.data(), static_cast<int>(text.size()), out.data(),
                                 static_cast<int>(out.size()), /*is_form_url_encoded=*/1);
  out.resize(static_cast<std::size_t>(std::max(size, 0)));
  return out;
}

std::map<std::string, std::string> ParseQuery(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty() && query.size() < kParamsMax) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    query.try_emplace(Decoded(pair.substr(0, equals)),
                      Decoded(pair.substr(std::min(pair.size(), equals + 1))));
  }
  return query;
}

bool WriteAll(mg_connection* connection, std::string_view bytes) {
  return mg_write(connection, bytes.data(), bytes.size()) == static_cast<int>(bytes.size());
}

class ConnectionSink : public Sink {
 public:
  explicit ConnectionSink(mg_connection* connection) : connection_(connection) {}
  bool Write(std::string_view bytes) override {
    return bytes.empty() || WriteAll(connection_, bytes);
  }

 private:
  mg_connection* const connection_;
};

std::string Head(const Response& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     mg_get_response_code_text(nullptr, response.status) + "\r\n";
  head += kGuards;
  head += "Cache-Control: no-store\r\nConnection: close\r\n";
  if (!response.location.empty()) head += "Location: " + response.location + "\r\n";
  if (response.status == 405) head += "Allow: GET, HEAD\r\n";
  if (response.status == 503) head += "Retry-After: 5\r\n";
  if (response.stream) {
    // A proxy in front must not hold events back.
    head += "Content-Type: text/event-stream\r\nX-Accel-Buffering: no\r\n\r\n";
    return head;
  }
  head += "Content-Type: " + response.type +
          "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
  return head;
}

}  // namespace

std::string Request::Param(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

class Server::Impl {
 public:
  explicit Impl(Handler handler) : handler_(std::move(handler)) {
    mg_init_library(MG_FEATURES_DEFAULT);
  }
  ~Impl() {
    if (context_ != nullptr) {
      const Knocker knocker(host_, port());
      mg_stop(context_);
    }
    mg_exit_library();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  bool Start(const ServerOptions& options) {
    host_ = options.address.substr(0, options.address.rfind(':'));
    const std::string threads = std::to_string(std::max<std::size_t>(1, options.threads));
    const std::string patience = std::to_string(options.patience.count() / 1'000);
    const std::string size = std::to_string(kRequestBytesMax);
    // The library's own refusals get the guards from here; it ends the last line itself.
    std::string guards = kGuards;
    guards.resize(guards.size() - 2);
    const std::array<const char*, 15> settings = {"listening_ports",
                                                  options.address.c_str(),
                                                  "num_threads",
                                                  threads.c_str(),
                                                  "request_timeout_ms",
                                                  patience.c_str(),
                                                  "max_request_size",
                                                  size.c_str(),
                                                  "enable_keep_alive",
                                                  "no",
                                                  "enable_directory_listing",
                                                  "no",
                                                  "additional_header",
                                                  guards.c_str(),
                                                  nullptr};
    mg_callbacks callbacks = {};
    callbacks.begin_request = &Impl::Begin;
    callbacks.log_message = [](const mg_connection*, const char*) { return 1; };
    context_ = mg_start(&callbacks, this, const_cast<const char**>(settings.data()));
    return context_ != nullptr;
  }

  int port() const {
    std::array<mg_server_port, 4> ports = {};
    const int count = mg_get_server_ports(context_, static_cast<int>(ports.size()), ports.data());
    return count > 0 ? ports[0].port : 0;
  }

 private:
  // Called by the library for every request, before it would look for files of its own.
  static int Begin(mg_connection* connection) {
    const mg_request_info* info = mg_get_request_info(connection);
    const Impl& self = *static_cast<const Impl*>(info->user_data);
    const std::string_view method = info->request_method == nullptr ? "" : info->request_method;
    Response response;
    if (method == "GET" || method == "HEAD") {
      response = self.Answer(connection, *info);
    } else {
      response.status = 405;
      response.body = "GET and HEAD only\n";
    }
    const std::string head = Head(response);
    if (!WriteAll(connection, head) || method == "HEAD") return response.status;
    if (response.stream) {
      ConnectionSink sink(connection);
      response.stream(sink);
    } else {
      WriteAll(connection, response.body);
    }
    return response.status;
  }

  Response Answer(mg_connection* connection, const mg_request_info& info) const {
    Request request;
    if (info.local_uri != nullptr) request.path = info.local_uri;
    if (info.query_string != nullptr) request.query = ParseQuery(info.query_string);
    if (const char* id = mg_get_header(connection, "Last-Event-ID"); id != nullptr) {
      request.last_event_id = id;
    }
    return handler_(request);
  }

  const Handler handler_;
  std::string host_;  // where it listens
  mg_context* context_ = nullptr;
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      Handler handler) {
  // A comma would be a second address, an 's' or 'r' behind the port another protocol.
  const std::size_t colon = options.address.rfind(':');
  if (options.address.find(',') != std::string::npos || colon == std::string::npos ||
      options.address.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
    return absl::InvalidArgumentError(options.address + " is not HOST:PORT");
  }
  auto impl = std::make_unique<Impl>(std::move(handler));
  if (!impl->Start(options)) {
    return absl::UnavailableError("HTTP cannot bind " + options.address);
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const { return impl_->port(); }

}  // namespace usher::web
