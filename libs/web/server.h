// Server: a small HTTP/1.1 server for pages that people look at: GET and HEAD, answers that are
// whole in memory, and streams of events. Knows no page by name.
//
// On civetweb, which prometheus-cpp brings anyway: a thread serves one request at a time, so a
// stream holds one for as long as it is read, and the number of threads is the bound of all.
//
// Every answer carries the headers that keep a page to itself: no script but its own, no frame, no
// guessing of types, no cache. A connection serves one request. Requests larger than 8 KiB, bodies
// and other methods are refused; who reads or writes slower than `patience` is dropped.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"

namespace usher::web {

struct Request {
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded; of a name that comes twice the first
  std::string last_event_id;                 // of an EventSource that comes back; empty: none

  // Empty if there is none.
  std::string Param(const std::string& name) const;
};

// Where a stream of events is written to. Threads: the one that it is given to.
class Sink {
 public:
  virtual ~Sink() = default;
  // Sends it now. False: the reader is gone or too slow; the stream should end.
  virtual bool Write(std::string_view bytes) = 0;
};

struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::string location;               // of a redirect
  std::function<void(Sink&)> stream;  // instead of a body: writes until it returns
};

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // host:port, port 0 picks a free one
  std::size_t threads = 8;              // requests and streams under way at once; others wait
  Duration patience = 5s;
};

// Threads: one (start, stop). `handler` is called from any of the server's own.
class Server {
 public:
  using Handler = std::function<Response(const Request&)>;

  // Errors: kInvalidArgument: no such address; kUnavailable: it cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       Handler handler);
  // Waits for requests under way, so streams must have been told to end. Cost: up to two seconds,
  // since the library looks whether it is to stop only that often.
  ~Server();

  int port() const;

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace usher::web
