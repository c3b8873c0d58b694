// Knocker: connects to an address again and again, and says nothing, for as long as it lives.
//
// For the end of a server of civetweb, whose thread that takes connections looks whether it is to
// end only when one came or two seconds have passed: with somebody at the door it looks at once.
//
// Threads: one owner; it has a thread of its own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace usher {

class Knocker {
 public:
  // `host` as a number (::1 may be in brackets). One that cannot be connected to is left alone.
  Knocker(const std::string& host, int port);
  ~Knocker();
  Knocker(const Knocker&) = delete;
  Knocker& operator=(const Knocker&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;  // by mutex_
  std::thread thread_;
};

}  // namespace usher
