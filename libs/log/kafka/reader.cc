#include "log/kafka/reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "log/entry.h"
#include "log/kafka/ends.h"
#include "log/kafka/record.h"
#include "support/status.h"

namespace usher::log {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kSlice = 20ms;  // how long a rebalance may wait for a fetch
constexpr Duration kLagEvery = 1s;
constexpr Duration kAskWait =
    1s;  // for where a new partition stands; Poll() asks again if that was too short
constexpr Duration kDoubtEvery = 200ms;
constexpr Duration kDoubtMost = 3s;  // an awakened broker hears of its new leaders sooner
constexpr Duration kCloseWait = 2s;  // for the last commits

int Millis(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

KafkaPartitions ToList(const std::map<TopicPartition, std::int64_t>& offsets) {
  KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const auto& [partition, offset] : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)
        ->offset = offset;
  }
  return list;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> KafkaReader::Open(const KafkaOptions& options,
                                                          const ReaderOptions& reader,
                                                          std::vector<TopicPartition> partitions,
                                                          KafkaCounts& counts) {
  std::unique_ptr<KafkaReader> made(new KafkaReader(options, counts));
  const std::string client_id = reader.member_id.empty() ? options.client_id : reader.member_id;
  const Properties common = CommonProperties(options, client_id);
  USHER_TRY(made->fetcher_,
            KafkaClient::Open(RD_KAFKA_CONSUMER, {common, FetcherProperties(options)}, {}, counts));
  made->queue_.reset(rd_kafka_queue_new(made->fetcher_->rk()));
  if (reader.group.empty()) {
    made->arrived_ = std::move(partitions);
    return made;
  }
  USHER_TRY(made->member_,
            KafkaClient::Open(RD_KAFKA_CONSUMER,
                              {common, MemberProperties(options, reader.group, reader.member_id)},
                              {.delivered = nullptr,
                               .rebalance =
                                   [&taker = *made](rd_kafka_resp_err_t error,
                                                    const rd_kafka_topic_partition_list_t* list) {
                                     taker.OnRebalance(error, list);
                                   }},
                              counts));
  rd_kafka_poll_set_consumer(made->member_->rk());
  if (!reader.beats.empty()) {
    std::int32_t count = 0;
    for (const TopicPartition& one : partitions) count = std::max(count, one.partition + 1);
    made->shared_ = std::move(partitions);
    USHER_TRY(made->beats_,
              KafkaBeats::Open(options, {reader.beats, reader.group, client_id, count}, counts));
    return made;
  }
  const KafkaPartitions topics(
      rd_kafka_topic_partition_list_new(static_cast<int>(reader.topics.size())));
  for (const std::string& topic : reader.topics) {
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  USHER_RETURN_IF_ERROR(
      ToStatus(rd_kafka_subscribe(made->member_->rk(), topics.get()), "join " + reader.group));
  return made;
}

KafkaReader::~KafkaReader() {
  for (auto& [partition, position] : owned_) Stop(partition, position);
  counts_.Forget(this);
  if (member_ == nullptr) return;
  closing_ = true;
  beats_.reset();
  if (!commits_.empty()) {
    const KafkaQueue done(rd_kafka_queue_new(member_->rk()));
    const KafkaPartitions list = ToList(commits_);
    if (rd_kafka_commit_queue(member_->rk(), list.get(), done.get(), nullptr, nullptr) ==
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      const KafkaEvent event(rd_kafka_queue_poll(done.get(), Millis(kCloseWait)));
    }
  }
  if (give_back_) rd_kafka_assign(member_->rk(), nullptr);
  rd_kafka_consumer_close(member_->rk());
}

void KafkaReader::OnRebalance(rd_kafka_resp_err_t error,
                              const rd_kafka_topic_partition_list_t* partitions) {
  rd_kafka_t* const rk = member_->rk();
  if (closing_) {
    rd_kafka_assign(rk, nullptr);
    return;
  }
  if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    for (int i = 0; i < partitions->cnt; ++i) {
      arrived_.push_back({partitions->elems[i].topic, partitions->elems[i].partition});
    }
    counts_.Add("rebalances_total", 1);
    // The member has taken note of its share; fetching is not its business.
    const KafkaPartitions none(rd_kafka_topic_partition_list_new(0));
    rd_kafka_assign(rk, none.get());
    return;
  }
  // Revoked, or an error that says no more: nothing is ours until the group says so again.
  const bool lost =
      error != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS || rd_kafka_assignment_lost(rk) != 0;
  TakeAway(lost);
  if (lost) {
    rd_kafka_assign(rk, nullptr);
  } else {
    give_back_ = true;
  }
}

void KafkaReader::TakeAway(bool lost) {
  arrived_.clear();
  for (auto& [partition, position] : owned_) {
    Stop(partition, position);
    held_.push_back(Revoked{partition, lost});
  }
  owned_.clear();
  if (lost) commits_.clear();  // another may have gone further
}

// What stays is not disturbed.
void KafkaReader::TakeShare(const std::vector<std::int32_t>& share) {
  counts_.Add("rebalances_total", 1);
  const auto mine = [&](const TopicPartition& one) {
    return std::binary_search(share.begin(), share.end(), one.partition);
  };
  std::erase_if(arrived_, [&](const TopicPartition& one) { return !mine(one); });
  for (auto& [partition, position] : owned_) {
    if (mine(partition)) continue;
    Stop(partition, position);
    commits_.erase(partition);
    held_.push_back(Revoked{partition, /*lost=*/true});
  }
  std::erase_if(owned_, [&](const auto& entry) { return !mine(entry.first); });
  for (const TopicPartition& one : shared_) {
    const bool known =
        owned_.contains(one) || std::find(arrived_.begin(), arrived_.end(), one) != arrived_.end();
    if (mine(one) && !known) arrived_.push_back(one);
  }
}

absl::Status KafkaReader::Poll(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) {
  const auto deadline = Clock::now() + wait;
  const std::size_t before = out.size();
  if (HandOut(most, out)) return absl::OkStatus();
  if (give_back_) {
    // The owner has seen the revocation and has committed what it wanted to.
    SendCommits(true);
    rd_kafka_assign(member_->rk(), nullptr);
    give_back_ = false;
  }
  while (true) {
    SendCommits(false);
    fetcher_->Poll();
    USHER_RETURN_IF_ERROR(ServeMember());
    USHER_RETURN_IF_ERROR(AnnounceArrived());
    if (HandOut(most, out)) return absl::OkStatus();
    for (auto& [partition, position] : owned_) {
      if (!position.doubt.ok()) ResolveDoubt(partition, position);
      USHER_RETURN_IF_ERROR(position.broken);
    }
    CountLag();
    const auto left = std::max<Clock::duration>(deadline - Clock::now(), Clock::duration::zero());
    USHER_RETURN_IF_ERROR(
        Fetch(most, std::min(kSlice, std::chrono::duration_cast<Duration>(left)), out));
    if (out.size() > before || Clock::now() >= deadline) return absl::OkStatus();
  }
}

bool KafkaReader::HandOut(std::size_t most, std::vector<ReaderEvent>& out) {
  const std::size_t count = std::min(most, held_.size());
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(count);
  out.insert(out.end(), std::make_move_iterator(held_.begin()), std::make_move_iterator(end));
  held_.erase(held_.begin(), end);
  return count > 0;
}

absl::Status KafkaReader::ServeMember() {
  if (member_ == nullptr) return absl::OkStatus();
  if (beats_ != nullptr) {
    USHER_RETURN_IF_ERROR(beats_->status());
    if (const auto share = beats_->TakeChange()) TakeShare(*share);
  }
  const KafkaMessage message(rd_kafka_consumer_poll(member_->rk(), 0));
  USHER_RETURN_IF_ERROR(member_->fatal());
  if (message == nullptr || message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  // Too long between polls: it is out of the group and joins again by this very poll.
  if (message->err == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) return absl::OkStatus();
  counts_.Add("errors_total", 1);
  const char* const detail = rd_kafka_message_errstr(message.get());
  return ToStatus(message->err, "group", detail == nullptr ? "" : detail);
}

absl::Status KafkaReader::AnnounceArrived() {
  if (arrived_.empty()) return absl::OkStatus();
  std::map<TopicPartition, std::int64_t> committed;
  USHER_RETURN_IF_ERROR(Committed(committed));
  std::vector<ReaderEvent> events;
  USHER_TRY(const auto ends, AskEnds(*fetcher_, arrived_, kAskWait));
  for (const TopicPartition& partition : arrived_) {
    Assigned assigned{partition, -1, ends.at(partition).begin, ends.at(partition).end};
    const auto found = committed.find(partition);
    if (found != committed.end()) assigned.committed = found->second;
    events.push_back(std::move(assigned));
  }
  for (const TopicPartition& partition : arrived_) owned_[partition] = {};
  arrived_.clear();
  held_.insert(held_.end(), std::make_move_iterator(events.begin()),
               std::make_move_iterator(events.end()));
  return absl::OkStatus();
}

absl::Status KafkaReader::Committed(std::map<TopicPartition, std::int64_t>& committed) {
  if (member_ == nullptr) return absl::OkStatus();
  for (const TopicPartition& partition : arrived_) committed[partition] = RD_KAFKA_OFFSET_INVALID;
  const KafkaPartitions list = ToList(committed);
  USHER_RETURN_IF_ERROR(ToStatus(rd_kafka_committed(member_->rk(), list.get(), Millis(kAskWait)),
                                 "ask for the group's offsets"));
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    const TopicPartition partition{one.topic, one.partition};
    USHER_RETURN_IF_ERROR(ToStatus(one.err, "ask for the group's offset of " + ToText(partition)));
    committed[partition] = one.offset >= 0 ? one.offset : -1;
  }
  return absl::OkStatus();
}

absl::Status KafkaReader::Fetch(std::size_t most, Duration wait, std::vector<ReaderEvent>& out) {
  int millis = Millis(wait);
  for (std::size_t taken = 0; taken < most;) {
    const KafkaMessage message(rd_kafka_consume_queue(queue_.get(), millis));
    if (message == nullptr) return absl::OkStatus();
    millis = 0;
    const std::size_t before = out.size();
    const absl::Status status = TakeMessage(*message, out);
    taken += out.size() - before;
    // What was taken before is handed out first; an error that stays comes again with the next
    // call.
    if (!status.ok()) return taken > 0 ? absl::OkStatus() : status;
  }
  return absl::OkStatus();
}

absl::Status KafkaReader::TakeMessage(const rd_kafka_message_t& message,
                                      std::vector<ReaderEvent>& out) {
  if (message.rkt == nullptr) {
    counts_.Add("errors_total", 1);
    return ToStatus(message.err, "fetch");
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const TopicPartition partition{rd_kafka_topic_name(message.rkt), message.partition};
    const auto found = owned_.find(partition);
    if (found == owned_.end()) return absl::OkStatus();
    counts_.Add("errors_total", 1);
    const char* const detail = rd_kafka_message_errstr(&message);
    const absl::Status status = NotThereYet(ToStatus(
        message.err, absl::StrCat("read ", ToText(partition), " from offset ", found->second.next),
        detail == nullptr ? "" : detail));
    if (absl::IsOutOfRange(status)) {
      found->second.doubt = status;
      found->second.doubt_since = Clock::now();
      return absl::OkStatus();
    }
    // librdkafka tries again what may pass by itself, and reads no further where it may not.
    if (!absl::IsUnavailable(status)) found->second.broken = status;
    return status;
  }
  bool append_time = false;
  Record record = ToRecord(message, append_time);
  const auto found = owned_.find(record.from);
  if (found == owned_.end() || record.offset < found->second.next) return absl::OkStatus();
  Position& position = found->second;
  position.next = record.offset + 1;
  if (append_time) {
    // Leaders have clocks of their own.
    position.last_at = std::max(position.last_at, record.at);
    record.at = position.last_at;
  }
  out.push_back(std::move(record));
  return absl::OkStatus();
}

void KafkaReader::Stop(const TopicPartition& partition, Position& position) {
  if (!position.running) return;
  rd_kafka_consume_stop(fetcher_->Topic(partition.topic), partition.partition);
  position.running = false;
}

absl::Status KafkaReader::Start(const TopicPartition& partition, std::int64_t offset) {
  const auto found = owned_.find(partition);
  if (found == owned_.end()) {
    return absl::FailedPreconditionError(ToText(partition) + " is not assigned to this reader");
  }
  if (offset < 0) {
    return absl::InvalidArgumentError(absl::StrCat("offset ", offset, " of ", ToText(partition)));
  }
  Position& position = found->second;
  Stop(partition, position);
  position = {.next = offset};
  return Run(partition, position);
}

absl::Status KafkaReader::Run(const TopicPartition& partition, Position& position) {
  if (rd_kafka_consume_start_queue(fetcher_->Topic(partition.topic), partition.partition,
                                   position.next, queue_.get()) != 0) {
    return ToStatus(rd_kafka_last_error(), "start " + ToText(partition));
  }
  position.running = true;
  return absl::OkStatus();
}

void KafkaReader::ResolveDoubt(const TopicPartition& partition, Position& position) {
  const auto now = Clock::now();
  if (now - position.doubt_asked_at < kDoubtEvery) return;
  position.doubt_asked_at = now;
  const auto asked = AskEnds(*fetcher_, {partition}, kAskWait);
  if (!asked.ok()) return;
  const auto [begin, end] = asked->at(partition);
  const bool there = position.next >= begin && position.next <= end;
  if (there) {
    position.doubt = absl::OkStatus();
    Stop(partition, position);
    position.broken = Run(partition, position);
    return;
  }
  // A begin moves forward only, so a broker that knows too little cannot invent one.
  if (position.next < begin || now - position.doubt_since > kDoubtMost) {
    position.broken = absl::OutOfRangeError(
        absl::StrCat(std::string(position.doubt.message()), "; it holds [", begin, ", ", end, ")"));
  }
}

absl::Status KafkaReader::Commit(const TopicPartition& partition, std::int64_t offset) {
  if (member_ != nullptr) commits_[partition] = offset;
  return absl::OkStatus();
}

void KafkaReader::SendCommits(bool now) {
  if (commits_.empty()) return;
  const auto time = Clock::now();
  if (!now && time - commits_sent_at_ < options_.commit_interval) return;
  commits_sent_at_ = time;
  const KafkaPartitions list = ToList(commits_);
  commits_.clear();
  rd_kafka_commit(member_->rk(), list.get(), /*async=*/1);
  counts_.Add("commits_total", 1);
}

void KafkaReader::CountLag() {
  const auto time = Clock::now();
  if (time - lag_counted_at_ < kLagEvery) return;
  lag_counted_at_ = time;
  std::int64_t lag = 0;
  for (const auto& [partition, position] : owned_) {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    // As the last fetch said: no request.
    if (position.running &&
        rd_kafka_get_watermark_offsets(fetcher_->rk(), partition.topic.c_str(), partition.partition,
                                       &begin, &end) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      lag = std::max(lag, end - position.next);
    }
  }
  counts_.Set(this, "lag_records_max", static_cast<double>(lag));
  counts_.Set(this, "assigned_partitions", static_cast<double>(owned_.size()));
}

}  // namespace usher::log
