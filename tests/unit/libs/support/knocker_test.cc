#include "support/knocker.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace usher {
namespace {

constexpr int kDeadlineMs = 60'000;

// A socket that listens on a free port of the loopback.
struct Door {
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port = 0;

  Door() {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(socket, 4), 0);
    EXPECT_EQ(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
  }
  ~Door() { close(socket); }

  bool SomebodyComes() const {
    pollfd wanted{socket, POLLIN, 0};
    if (poll(&wanted, 1, kDeadlineMs) != 1) return false;
    close(accept(socket, nullptr, nullptr));
    return true;
  }
};

TEST(Knocker, ComesAgainAndAgain) {
  const Door door;
  const Knocker knocker("127.0.0.1", door.port);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(door.SomebodyComes());
}

TEST(Knocker, WhereNobodyCanBeKnockedAtIsLeftAlone) {
  const Knocker knocker("no number", 1);
  const Door door;
  const Knocker other("127.0.0.1", door.port);
  EXPECT_TRUE(door.SomebodyComes());
}

}  // namespace
}  // namespace usher
