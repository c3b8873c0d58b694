#include "web/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "kit/raw_http.h"

namespace usher::web {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::unique_ptr<Server> Serve(Server::Handler handler, std::size_t threads = 4,
                              Duration patience = 5s) {
  ServerOptions options;
  options.threads = threads;
  options.patience = patience;
  auto server = Server::Start(options, std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

Response Echo(const Request& request) {
  Response response;
  response.body = "path=" + request.path + " a=" + request.Param("a") + " b=" + request.Param("b") +
                  " id=" + request.last_event_id;
  return response;
}

TEST(WebServer, GivesTheHandlerWhatWasAsked) {
  const auto server = Serve(Echo);
  EXPECT_THAT(RawGet(server->port(), "/x%20y?a=1%2F2+3&b=&a=again", "Last-Event-ID: 7\r\n"),
              HasSubstr("\r\n\r\npath=/x y a=1/2 3 b= id=7"));
  EXPECT_THAT(RawGet(server->port(), "/p?&&=&a&b=%zz"), HasSubstr("path=/p a= b="));
  std::string many = "/p?";
  for (int i = 0; i < 1'000; ++i) many += "x" + std::to_string(i) + "=&";
  EXPECT_THAT(RawGet(server->port(), many), HasSubstr("path=/p"));
}

TEST(WebServer, GuardsEveryAnswerAndItsOwnRefusals) {
  const auto server = Serve(Echo);
  for (const std::string& answer :
       {RawGet(server->port(), "/"), RawGet(server->port(), "/" + std::string(9'000, 'x'))}) {
    EXPECT_THAT(answer,
                HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  }
}

TEST(WebServer, RefusesOtherMethods) {
  const auto server = Serve(Echo);
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}) {
    RawHttp http(server->port());
    http.Send(method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    const std::string answer = http.ReadUntil();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 40")) << method;
    EXPECT_THAT(answer, Not(HasSubstr("path="))) << method;
  }
}

TEST(WebServer, AnswersHeadWithoutABody) {
  const auto server = Serve(Echo);
  RawHttp http(server->port());
  http.Send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = http.ReadUntil();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\n"));
}

TEST(WebServer, RefusesWhatIsNoRequestOrTooLarge) {
  const auto server = Serve(Echo);
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02", 4) + "\r\n\r\n", std::string("GET\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(64 * 1024, 'x') + "\r\n\r\n",
        "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n"}) {
    RawHttp http(server->port());
    http.Send(bytes);
    EXPECT_THAT(http.ReadUntil(), Not(HasSubstr("path="))) << bytes.substr(0, 40);
  }
  EXPECT_THAT(RawGet(server->port(), "/after"), HasSubstr("path=/after"));
}

TEST(WebServer, NeverLeavesItsHandlerForAFile) {
  std::atomic<int> asked = 0;
  const auto server = Serve([&asked](const Request&) {
    ++asked;
    Response response;
    response.status = 404;
    return response;
  });
  for (const std::string target : {"/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                                   "//etc/passwd", "/CMakeCache.txt", "/.htpasswd"}) {
    EXPECT_THAT(RawGet(server->port(), target), Not(HasSubstr("HTTP/1.1 200"))) << target;
  }
  EXPECT_GT(asked, 0);
}

TEST(WebServer, StreamsUntilTheReaderGoes) {
  std::promise<void> gone;
  const auto server = Serve([&gone](const Request&) {
    Response response;
    response.stream = [&gone](Sink& sink) {
      while (sink.Write("data: x\n\n")) {
      }
      gone.set_value();
    };
    return response;
  });
  {
    RawHttp http(server->port());
    http.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = http.ReadUntil("data: x\n\ndata: x\n\n");
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  }
  EXPECT_EQ(gone.get_future().wait_for(60s), std::future_status::ready);
}

TEST(WebServer, DropsAReaderThatDoesNotRead) {
  std::promise<void> dropped;
  const auto server = Serve(
      [&dropped](const Request&) {
        Response response;
        response.stream = [&dropped](Sink& sink) {
          const std::string chunk(64 * 1024, 'x');
          while (sink.Write(chunk)) {
          }
          dropped.set_value();
        };
        return response;
      },
      4, 100ms);
  RawHttp http(server->port());
  http.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(dropped.get_future().wait_for(60s), std::future_status::ready);
}

TEST(WebServer, IsNotHeldByRequestsThatNeverEnd) {
  const auto server = Serve(Echo, 2, 100ms);
  std::vector<std::unique_ptr<RawHttp>> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(std::make_unique<RawHttp>(server->port()));
    slow.back()->Send("GET / HTTP/1.1\r\nHost: x\r\n");
  }
  EXPECT_THAT(RawGet(server->port(), "/after"), HasSubstr("path=/after"));
}

TEST(WebServer, SaysWhichAddressItCannotHave) {
  const auto server = Serve(Echo);
  ServerOptions options;
  options.address = "127.0.0.1:" + std::to_string(server->port());
  EXPECT_TRUE(absl::IsUnavailable(Server::Start(options, Echo).status()));
  for (const std::string bad : {"", "here", "127.0.0.1:", "127.0.0.1:80,127.0.0.1:81", "1:80s"}) {
    options.address = bad;
    EXPECT_FALSE(Server::Start(options, Echo).ok()) << bad;
  }
}

}  // namespace
}  // namespace usher::web
