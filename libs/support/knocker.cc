#include "support/knocker.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace usher {
namespace {

constexpr std::chrono::milliseconds kEvery(20);

void Knock(const std::string& host, int port) {
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string number = brackets ? host.substr(1, host.size() - 2) : host;
  if (getaddrinfo(number.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
  const int door = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (door >= 0) {
    // It need not be opened: that it is asked for is enough.
    [[maybe_unused]] const int asked = connect(door, found->ai_addr, found->ai_addrlen);
    close(door);
  }
  freeaddrinfo(found);
}

}  // namespace

Knocker::Knocker(const std::string& host, int port)
    : thread_([this, host, port] {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, kEvery, [this] { return over_; })) {
          lock.unlock();
          Knock(host, port);
          lock.lock();
        }
      }) {}

Knocker::~Knocker() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

}  // namespace usher
