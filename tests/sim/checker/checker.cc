#include "sim/checker/checker.h"

#include <algorithm>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/hash.h"
#include "kit/reference_engine.h"
#include "sim/checker/outcome.h"
#include "sim/checker/text.h"
#include "usher/v1/event.pb.h"
#include "wire/surface.h"

namespace usher::sim {
namespace {

constexpr char kCommands[] = "usher.commands";
constexpr char kDecisions[] = "usher.decisions";
constexpr std::size_t kAll = 1'000'000;

std::vector<log::Record> Read(log::Log& log, const std::string& topic, std::int32_t partition,
                              std::int64_t from) {
  auto records = log.ReadRange({topic, partition}, from, kAll);
  return records.ok() ? *std::move(records) : std::vector<log::Record>();
}

// "ORDER_STATUS_LATE" is "late".
OrderStatusName StatusOf(int number) {
  std::string name = v1::OrderStatus_Name(number).substr(std::string("ORDER_STATUS_").size());
  return OrderStatusName::Of(absl::AsciiStrToLower(name));
}

std::string Text(const Stamp& stamp) {
  return absl::StrCat(stamp.partition, "/", stamp.offset, "/", stamp.index);
}

}  // namespace

Checker::Checker(log::Log& log, std::int32_t partitions, const Ledger& ledger, Line line)
    : log_(log),
      ledger_(ledger),
      line_(std::move(line)),
      partitions_(static_cast<std::size_t>(partitions)),
      acts_(ledger) {}

void Checker::Wrong(const std::string& why, const log::Record& at) {
  if (!violation_.empty()) return;
  violation_ =
      absl::StrCat(why, " (", at.from.topic, "/", at.from.partition, " at ", at.offset, ")");
}

const std::string& Checker::Follow() {
  for (std::size_t p = 0; p < partitions_.size(); ++p) {
    Partition& partition = partitions_[p];
    const auto number = static_cast<std::int32_t>(p);
    const std::int64_t commands_end = *log_.EndOffset({kCommands, number});
    if (commands_end < partition.next_command) {
      partition.next_command = commands_end;
      partition.cut = true;
      const auto gone = partition.commands.lower_bound(commands_end);
      partition.cut_away.insert(gone, partition.commands.end());
      partition.commands.erase(gone, partition.commands.end());
    }
    for (const log::Record& record : Read(log_, kCommands, number, partition.next_command)) {
      partition.next_command = record.offset + 1;
      hash_ = Mix64(hash_ ^ Hash64(record.value) ^ static_cast<std::uint64_t>(ToMicros(record.at)));
      TakeCommand(partition, record);
    }
    partition.next_decision =
        std::min(partition.next_decision, *log_.EndOffset({kDecisions, number}));
    for (const log::Record& record : Read(log_, kDecisions, number, partition.next_decision)) {
      partition.next_decision = record.offset + 1;
      hash_ = Mix64(hash_ ^ Hash64(record.value));
      TakeDecision(partition, record);
    }
  }
  if (violation_.empty()) CheckTold();
  return violation_;
}

void Checker::TakeCommand(Partition& partition, const log::Record& record) {
  const auto decoded = wire::DecodeCommand(record.value);
  if (!decoded.ok()) return Wrong("a command that cannot be read", record);
  Given& given = partition.commands[record.offset];
  given = Given();
  if (const auto* header = std::get_if<wire::LogHeader>(&*decoded)) {
    given.counts = false;
    if (record.offset == 0) partition.log = header->log;
    return;
  }
  given.record = std::get<wire::CommandRecord>(*decoded);
  given.record.command.at = record.at;
  acts_.Take(given.record.desk, given.record.command);
  if (line_ == nullptr) return;
  line_("commands", absl::StrCat(record.from.partition, "/", record.offset, " ",
                                 given.record.desk.ToString(), " ", ToText(given.record.command)));
}

void Checker::TakeDecision(Partition& partition, const log::Record& record) {
  const auto decision = wire::DecodeDecision(record.value);
  if (!decision.ok()) return Wrong("a decision that cannot be read", record);
  const Stamp& stamp = decision->stamp;
  if (stamp.log != partition.log || stamp.partition != record.from.partition) {
    return Wrong("a decision of another log", record);
  }
  const auto seen = partition.seen.find({stamp.offset, stamp.index});
  const bool copy = seen != partition.seen.end();
  if (line_ != nullptr) {
    line_("decisions", absl::StrCat(Text(stamp), copy ? " (copy) " : " ", decision->desk.ToString(),
                                    " ", ToText(decision->decision)));
  }
  if (copy) {
    ++copies_;
    const wire::DecisionRecord& first = seen->second;
    const bool same = first.previous == decision->previous && first.desk == decision->desk &&
                      first.command_at == decision->command_at &&
                      first.decision == decision->decision;
    if (!same) Wrong("a stamp with two meanings", record);
    return;
  }
  const Stamp& before = partition.watermark;
  if (!before.none() && !stamp.After(before)) return Wrong("a decision comes too late", record);
  if (decision->previous != before) {
    return Wrong(absl::StrCat("a gap: ", Text(stamp), " follows ", Text(decision->previous),
                              ", but the last was ", Text(before)),
                 record);
  }
  const bool next = !before.none() && stamp.offset == before.offset;
  if (stamp.index != (next ? before.index + 1 : 0)) return Wrong("an index is missing", record);
  Given* const given = FindCommand(partition, *decision);
  if (given == nullptr) return Wrong("a decision on no command", record);
  const wire::CommandRecord& command = given->record;
  if (command.desk != decision->desk) return Wrong("a decision of another desk", record);
  if (command.command.at != decision->command_at) {
    return Wrong("a decision says another time than its command's", record);
  }
  if (!next && !partition.cut) CheckPassed(partition, stamp);
  partition.watermark = stamp;
  partition.seen.emplace(Place{stamp.offset, stamp.index}, *decision);
  TakeNew(partition, *decision, *given);
  if (!violation_.empty()) {
    violation_ = absl::StrCat(violation_, ": ", Text(stamp), " ", ToText(decision->decision));
  }
}

// Decided before it was cut away, the one that came at the time that the decision says; else the
// one that is there.
Checker::Given* Checker::FindCommand(Partition& partition, const wire::DecisionRecord& decision) {
  const auto [from, to] = partition.cut_away.equal_range(decision.stamp.offset);
  for (auto it = from; it != to; ++it) {
    if (it->second.record.command.at == decision.command_at) return &it->second;
  }
  const auto found = partition.commands.find(decision.stamp.offset);
  return found == partition.commands.end() || !found->second.counts ? nullptr : &found->second;
}

void Checker::TakeNew(Partition& partition, const wire::DecisionRecord& decision, Given& given) {
  const log::Record place{
      {kDecisions, decision.stamp.partition}, partition.next_decision - 1, {}, {}, {}, {}};
  ++given.decisions;
  Instant& last = last_at_[decision.desk];
  last = std::max(last, decision.command_at);
  if (decision.decision.at > last) Wrong("a decision from the future", place);
  if (Answers(given.record.command, decision.decision.body) && ++given.answers > 1) {
    Wrong("a command with two outcomes", place);
  }
  std::string why = books_[decision.desk].Take(given.record.command, decision.decision);
  if (why.empty()) why = acts_.Take(decision.desk, decision.decision);
  if (!why.empty()) Wrong(why, place);
}

// All commands before that of `stamp` are decided: none may be without its outcome.
void Checker::CheckPassed(Partition& partition, const Stamp& stamp) {
  const std::int64_t from = partition.watermark.none() ? 0 : partition.watermark.offset;
  for (auto it = partition.commands.lower_bound(from);
       it != partition.commands.end() && it->first < stamp.offset; ++it) {
    const Given& given = it->second;
    if (!given.counts || given.record.renewal || given.answers > 0) continue;
    if (!WantsAnswer(given.record.command)) continue;
    Wrong(absl::StrCat("command ", it->first, " is passed over"),
          {{kDecisions, stamp.partition}, partition.next_decision - 1, {}, {}, {}, {}});
  }
}

void Checker::CheckTold() {
  for (const auto& [partition, offset] : ledger_.told) {
    const Partition& there = partitions_[static_cast<std::size_t>(partition)];
    if (there.cut || there.commands.count(offset) > 0) continue;
    violation_ = absl::StrCat("a caller was told that ", partition, "/", offset,
                              " is in the log, and it is not");
  }
}

std::string Checker::Unfinished() const {
  for (const Partition& partition : partitions_) {
    for (const auto& [offset, given] : partition.commands) {
      if (!given.counts || given.record.renewal || given.answers == 1) continue;
      if (!WantsAnswer(given.record.command)) continue;
      return absl::StrCat("command ", offset, " has no outcome: ", ToText(given.record.command));
    }
  }
  for (const auto& [message, desk] : ledger_.messages) {
    const auto book = books_.find(desk);
    if (book == books_.end() || book->second.messages().count(message) == 0) {
      return absl::StrCat("message ", message.ToString(), " of ", desk.ToString(),
                          " has no outcome");
    }
  }
  for (const auto& [desk, book] : books_) {
    if (!book.open().empty()) {
      return absl::StrCat(book.open().size(), " inquiries of ", desk.ToString(),
                          " are open, one is ", book.open().begin()->first.ToString());
    }
  }
  std::string why = UnfinishedInput();
  if (why.empty()) why = UnfinishedOrders();
  return why.empty() ? acts_.Unfinished() : why;
}

// Each record of the input has its outcome or its dead letter.
std::string Checker::UnfinishedInput() const {
  std::set<std::string> dead;
  for (const log::Record& letter : Read(log_, "usher.messages.dlq", 0, 0)) {
    std::string origin;
    for (const log::Header& header : letter.headers) {
      if (header.key == "usher-partition") origin = header.value + "/" + origin;
      if (header.key == "usher-offset") origin += header.value;
    }
    dead.insert(origin);
  }
  for (std::int32_t p = 0; p < static_cast<std::int32_t>(partitions_.size()); ++p) {
    for (const log::Record& record : Read(log_, "usher.messages", p, 0)) {
      v1::MessageEvent event;
      if (!event.ParseFromString(record.value)) return "an event that is none";
      const std::string place = absl::StrCat(p, "/", record.offset);
      if (event.channel().empty()) {
        if (dead.count(place) == 0) return "no dead letter of " + place;
        continue;
      }
      const DeskName desk = DeskName::Of(event.desk());
      const auto book = books_.find(desk);
      const MessageId message = wire::MessageIdOf(desk, event.event_id());
      if (ledger_.not_of_customers.count(message) > 0) continue;
      if (book == books_.end() || book->second.messages().count(message) == 0) {
        return "no outcome of the message at " + place;
      }
    }
  }
  return "";
}

// What happened last to each order was told to the engine.
std::string Checker::UnfinishedOrders() const {
  auto orders = ledger_.orders;
  for (std::int32_t p = 0; p < static_cast<std::int32_t>(partitions_.size()); ++p) {
    for (const log::Record& record : Read(log_, "usher.orders", p, 0)) {
      v1::OrderEvent event;
      if (!event.ParseFromString(record.value)) return "an order event that is none";
      const DeskName desk = DeskName::Of(event.desk());
      const auto at = wire::FromTimestamp("happened_at", event.happened_at());
      orders[{desk, wire::OrderIdOf(desk, event.order_id())}][*at] = event.status();
    }
  }
  std::map<std::pair<DeskName, OrderId>, std::set<OrderStatusName>> told;
  for (const Partition& partition : partitions_) {
    for (const auto& [offset, given] : partition.commands) {
      const auto* update = std::get_if<UpdateOrder>(&given.record.command.body);
      if (update != nullptr) told[{given.record.desk, update->order}].insert(update->status);
    }
  }
  for (const auto& [order, happened] : orders) {
    if (told[order].count(StatusOf(happened.rbegin()->second)) == 0) {
      return absl::StrCat("order ", order.second.ToString(), " of ", order.first.ToString(),
                          ": what happened last was not told");
    }
  }
  return "";
}

std::string Checker::Recompute() const {
  for (const Partition& partition : partitions_) {
    if (partition.cut) continue;
    std::map<DeskName, kit::ReferenceEngine> engines;
    for (const auto& [offset, given] : partition.commands) {
      if (!given.counts || offset > partition.watermark.offset) continue;
      DecisionList decisions;
      engines.try_emplace(given.record.desk, Limits{})
          .first->second.Apply(given.record.command, decisions);
      for (std::size_t i = 0; i < decisions.size(); ++i) {
        const auto seen = partition.seen.find({offset, static_cast<std::uint32_t>(i)});
        if (seen == partition.seen.end() && offset == partition.watermark.offset) break;
        if (seen == partition.seen.end() || seen->second.decision != decisions[i]) {
          return absl::StrCat("command ", offset, ", decision ", i, ": recomputed it is ",
                              ToText(decisions[i]));
        }
      }
      if (given.decisions > decisions.size()) {
        return absl::StrCat("command ", offset, " has more decisions than recomputed");
      }
    }
  }
  return "";
}

Stamp Checker::watermark(std::int32_t partition) const {
  return partitions_[static_cast<std::size_t>(partition)].watermark;
}

std::uint64_t Checker::commands() const {
  std::uint64_t sum = 0;
  for (const Partition& partition : partitions_) sum += partition.commands.size();
  return sum;
}

std::uint64_t Checker::decisions() const {
  std::uint64_t sum = 0;
  for (const Partition& partition : partitions_) sum += partition.seen.size();
  return sum;
}

}  // namespace usher::sim
