// Desktops: the simulated agents of a played day, each on a `Work` stream of its own, doing what
// agents do: they take offers after a moment, decline or overlook a few, reply, finish, come back.
//
// Threads: one, that of the Loop. What an agent does with an offer hangs on the seed and the offer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "usher/play_client.h"
#include "usher/play_customers.h"
#include "usher/play_loop.h"
#include "usher/play_staff.h"
#include "usher/play_stream.h"
#include "usher/play_tally.h"

namespace usher::play {

struct DeskHand {
  std::string desk;
  Hand hand;
};

class Desktops {
 public:
  // Borrows all but the hands.
  Desktops(std::vector<DeskHand> hands, std::uint64_t seed, std::string run, Loop& loop,
           Client& client, Customers& customers, Tally& tally);

  // They register, open their streams, and say that they are there; then ready().
  void Begin();
  bool ready() const { return ready_ == desktops_.size(); }

  // They go offline and close their streams; then gone().
  void Leave();
  void Close();  // the streams, at once
  bool gone() const { return open_streams_ == 0; }

  std::size_t size() const { return desktops_.size(); }
  std::size_t busy() const;  // how many have an inquiry
  bool idle() const;         // none has an inquiry or an offer

  // The first thing that went wrong for good; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Held {
    std::uint64_t number = 0;  // this assignment, among all
    bool replied = false;      // the reply was sent
    bool finished = false;     // and so was done
  };
  struct Desktop {
    DeskHand who;
    std::shared_ptr<WorkStream> stream;
    std::size_t attempt = 0;
    bool ready = false;
    bool away = false;
    std::map<std::uint64_t, std::string> offers;  // offer → inquiry
    std::map<std::string, Held> held;             // by inquiry
  };

  void Register(std::size_t n);
  void Open(std::size_t n);
  void SetPresence(std::size_t n, v1::Presence presence);
  void Said(std::size_t n, const v1::WorkResponse& said);
  void Ended(std::size_t n, const grpc::Status& status);
  void Current(std::size_t n, const v1::WorkCurrent& current);
  void Offered(std::size_t n, const v1::WorkOffer& offer);
  void OfferEnded(std::size_t n, const v1::WorkOfferEnded& ended);
  void Assigned(std::size_t n, const v1::WorkAssigned& assigned);
  void Over(std::size_t n, const v1::WorkEnded& ended);
  void Reply(std::size_t n, const std::string& inquiry, std::uint64_t number);
  void Finish(std::size_t n, const std::string& inquiry, std::uint64_t number);
  void LeaveNext();
  void Remove(std::size_t n);
  void Left(std::size_t n);
  void Fail(const std::string& what, const grpc::Status& status);

  std::vector<Desktop> desktops_;
  const std::uint64_t seed_;
  const std::string run_;
  Loop& loop_;
  Client& client_;
  Customers& customers_;
  Tally& tally_;
  std::size_t next_ = 0;  // to register, or to leave
  std::size_t ready_ = 0;
  std::size_t open_streams_ = 0;
  std::uint64_t assignments_ = 0;
  std::uint64_t presences_ = 0;
  bool leaving_ = false;
  std::string trouble_;
};

}  // namespace usher::play
