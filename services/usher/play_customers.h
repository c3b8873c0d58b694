// Customers: they send what the day plan says, order events and messages, and leave when nobody
// takes them in time. Keeps the book of inquiries: when each was sent, taken and answered.
//
// Threads: one, that of the Loop.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "usher/play_client.h"
#include "usher/play_loop.h"
#include "usher/play_plan.h"
#include "usher/play_tally.h"

namespace usher::play {

// One inquiry as its customer and its agents saw it, in shop time.
struct Page {
  static constexpr Duration kNot{-1};
  Duration sent{kNot};
  Duration taken{kNot};    // an agent said yes
  Duration replied{kNot};  // first reply
  bool left = false;
  std::uint32_t conversation = UINT32_MAX;
  v1::Features understood;
  std::string event_id;
};

class Customers {
 public:
  // Borrows all. `desks`: by the plan's index. `run`: makes the ids of this day unlike any other's.
  Customers(const DayPlan& plan, const std::vector<Sample>& samples,
            const std::vector<std::string>& desks, std::string run, Loop& loop, Client& client,
            Tally& tally);

  // The shop opens: from now on they come as the shop's clock goes.
  void Begin();

  // No one else comes.
  void Stop() { stopped_ = true; }

  // All were sent, and usher has answered for each.
  bool done() const;

  // An agent took an inquiry, or replied (the first reply counts).
  void Taken(const std::string& inquiry);
  void Replied(const std::string& inquiry, const std::string& agent);

  // "uk, refund, by chat", as usher understood it.
  std::string Describe(const std::string& inquiry) const;

  // What it was about; nothing if it is not of this day.
  const PlannedConversation* Find(const std::string& inquiry) const;
  const std::unordered_map<std::string, Page>& book() const { return book_; }

 private:
  void SendDue();
  void SendMessage(const PlannedMessage& message);
  void SendOrder(const PlannedOrderEvent& event);
  void Answered(const PlannedMessage& message, Duration sent, const std::string& event_id,
                const grpc::Status& status, const v1::SubmitMessageResponse& response);
  void LeaveUnlessTaken(const std::string& inquiry, const std::string& desk);

  const DayPlan& plan_;
  const std::vector<Sample>& samples_;
  const std::vector<std::string>& desks_;
  const std::string run_;
  Loop& loop_;
  Client& client_;
  Tally& tally_;
  std::size_t next_message_ = 0;
  std::size_t next_order_ = 0;
  std::size_t unanswered_ = 0;
  bool stopped_ = false;
  std::vector<std::uint8_t> turns_done_;  // by conversation
  std::unordered_map<std::string, Page> book_;
};

}  // namespace usher::play
