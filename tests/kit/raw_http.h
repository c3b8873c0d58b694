// RawHttp: a connection to a loopback port that sends exactly the bytes it is given, for what a
// well-behaved client would never send, and reads what comes back.
//
// Threads: one.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace usher {

class RawHttp {
 public:
  explicit RawHttp(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic = {};
    std::memcpy(&generic, &address, sizeof generic);
    connected_ = connect(socket_, &generic, sizeof generic) == 0;
  }
  ~RawHttp() { close(socket_); }
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  bool connected() const { return connected_; }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // refused half way: what was answered tells
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // All that comes until the other side closes, or until `mark` is in it.
  std::string ReadUntil(std::string_view mark = {}) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (mark.empty() || read_.find(mark) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) break;
      pollfd wait = {socket_, POLLIN, 0};
      if (poll(&wait, 1, 1'000) <= 0) continue;
      char buffer[16 * 1024];
      const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      read_.append(buffer, static_cast<std::size_t>(got));
    }
    return read_;
  }

 private:
  const int socket_;
  bool connected_ = false;
  std::string read_;
};

// The whole answer to GET `target`, headers and all.
inline std::string RawGet(int port, const std::string& target, const std::string& headers = "") {
  RawHttp http(port);
  http.Send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  return http.ReadUntil();
}

}  // namespace usher
