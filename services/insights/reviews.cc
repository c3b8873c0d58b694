#include "insights/reviews.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "core/hash.h"
#include "insights/keys.h"
#include "model/limits.h"

namespace usher::insights {
namespace {

// Who has it; nobody: it waits, or is only asked for.
AgentName OwnerOf(const InquiryRow& row) {
  const bool owned = row.standing == Standing::kAssigned || row.standing == Standing::kAnswered ||
                     row.standing == Standing::kPending;
  return owned ? row.agent : AgentName();
}

FactKey KeyOfRow(const InquiryRow& row, const AgentName& agent) {
  return {row.queue, row.features.channel, row.features.topic, row.features.language, agent};
}

FactCount Rated(std::uint8_t rating) {
  return static_cast<FactCount>(static_cast<int>(FactCount::kRated1) + rating - 1);
}
FactCount Unrated(std::uint8_t rating) {
  return static_cast<FactCount>(static_cast<int>(FactCount::kUnrated1) + rating - 1);
}

bool IsBot(const LiveDesk& live, const AgentName& agent) {
  const auto found = live.agents.find(agent);
  return found != live.agents.end() && found->second.bot;
}

}  // namespace

std::uint32_t DrawOf(const InquiryId& inquiry) {
  return static_cast<std::uint32_t>(Mix64(inquiry.bits.high ^ Mix64(inquiry.bits.low)) % 1000);
}

struct Reviews::Taking {
  const wire::DecisionRecord& record;
  Desk& desk;
  const LiveDesk& live;
  Facts& facts;
  bool told = false;

  const DeskName& name() const { return record.desk; }
  Instant at() const { return record.decision.at; }
  const InquiryRow* Find(const InquiryId& inquiry) const {
    const auto found = live.inquiries.find(inquiry);
    return found == live.inquiries.end() ? nullptr : &found->second;
  }
  FactKey Count(const FactKey& key, FactCount count) const {
    return facts.Count(name(), key, AmountOf(count), 1);
  }
};

void Reviews::Clear() {
  for (const std::string& table :
       {EndedTable(partition_), ReviewDeskTable(partition_), ReviewAgentTable(partition_)}) {
    writes_.push_back(store::DeleteKey{table});
  }
}

bool Reviews::Take(const wire::DecisionRecord& record, const LiveDesk& live, Facts& facts) {
  const auto [found, is_new] = desks_.try_emplace(record.desk);
  if (is_new) writes_.push_back(store::DeleteKey{ReviewTable(record.desk)});
  Taking taking{record, found->second, live, facts};
  Desk& desk = taking.desk;
  // What nobody reviewed for so long is not waited for.
  while (!desk.oldest.empty() &&
         taking.at() - desk.oldest.begin()->first >= desk.row.quality.keep) {
    Drop(taking, desk.oldest.begin()->second);
  }
  std::visit([&](const auto& body) { On(taking, body); }, record.decision.body);
  if (is_new) dirty_desks_.insert(record.desk);
  return taking.told;
}

std::size_t Reviews::waiting(const DeskName& desk) const {
  const auto found = desks_.find(desk);
  return found == desks_.end() ? 0 : found->second.waiting;
}

void Reviews::On(Taking& taking, const PolicyApplied& applied) {
  taking.desk.row.quality = applied.quality;
  dirty_desks_.insert(taking.name());
}

void Reviews::On(Taking& taking, const AgentRemoved& removed) {
  if (taking.desk.finished.erase(removed.agent) > 0) {
    dirty_agents_.emplace(taking.name(), removed.agent);
  }
}

// An id that is used again is another inquiry.
void Reviews::On(Taking& taking, const InquiryPlaced& placed) {
  DropEnded(taking.name(), taking.desk, placed.inquiry);
}

void Reviews::On(Taking& taking, const InquiryAbandoned& abandoned) {
  const InquiryRow* row = taking.Find(abandoned.inquiry);
  if (row) Ends(taking, abandoned.inquiry, OwnerOf(*row));
}

void Reviews::On(Taking& taking, const InquiryCancelled& cancelled) {
  const InquiryRow* row = taking.Find(cancelled.inquiry);
  if (row) Ends(taking, cancelled.inquiry, OwnerOf(*row));
}

void Reviews::On(Taking& taking, const InquiryResolved& resolved) {
  const InquiryRow* row = taking.Find(resolved.inquiry);
  if (!row) return;
  Ends(taking, resolved.inquiry, resolved.agent);
  Desk& desk = taking.desk;
  if (IsBot(taking.live, resolved.agent)) return;
  std::uint32_t& finished = desk.finished[resolved.agent];
  const Quality& quality = desk.row.quality;
  const std::uint32_t draw = DrawOf(resolved.inquiry);
  std::uint8_t reasons = 0;
  const auto want = [&](bool holds, std::uint16_t permille, std::uint8_t reason) {
    if (holds && draw < permille) reasons |= reason;
  };
  want(true, quality.share_permille, kWantedShare);
  want(row->features.sentiment == Sentiment::kNegative, quality.angry_permille, kWantedAngry);
  want(row->repeat || !row->reopens.none(), quality.repeats_permille, kWantedRepeat);
  want(finished < quality.new_agents_first, quality.new_agents_permille, kWantedNewAgent);
  if (finished < kFirstInquiriesMax) {
    ++finished;
    dirty_agents_.emplace(taking.name(), resolved.agent);
  }
  if (reasons == 0 || desk.reviews.contains(resolved.inquiry)) return;
  const FactKey key = KeyOfRow(*row, resolved.agent);
  Enter(taking, resolved.inquiry, taking.at(), key).reasons = reasons;
  ++desk.waiting;
  taking.Count(key, FactCount::kWanted);
}

void Reviews::Ends(Taking& taking, const InquiryId& inquiry, const AgentName& agent) {
  const InquiryRow* row = taking.Find(inquiry);
  EndedRow ended;
  const auto known = taking.desk.ended.find(inquiry);  // it was rated before its end
  if (known != taking.desk.ended.end()) ended = DecodeEnded(known->second).value_or(EndedRow());
  DropEnded(taking.name(), taking.desk, inquiry);
  ended.ended_at = taking.at();
  ended.key = KeyOfRow(*row, agent);
  PutEnded(taking.name(), taking.desk, inquiry, ended);
}

// What the inquiry is, or was at its end; no names at all if that is not known any more.
FactKey Reviews::KeyOf(const Taking& taking, const InquiryId& inquiry) const {
  if (const InquiryRow* row = taking.Find(inquiry)) return KeyOfRow(*row, OwnerOf(*row));
  const auto known = taking.desk.ended.find(inquiry);
  const auto row = known == taking.desk.ended.end() ? std::nullopt : DecodeEnded(known->second);
  if (row) return row->key;
  const auto review = taking.desk.reviews.find(inquiry);
  return review == taking.desk.reviews.end() ? FactKey() : review->second.key;
}

void Reviews::On(Taking& taking, const InquiryRated& rated) {
  Desk& desk = taking.desk;
  EndedRow row;
  const auto known = desk.ended.find(rated.inquiry);
  if (known != desk.ended.end()) {
    row = DecodeEnded(known->second).value_or(EndedRow());
  } else {
    row.ended_at = taking.at();  // not ended yet, or forgotten
    row.key = KeyOf(taking, rated.inquiry);
  }
  if (row.rating > 0) {
    FactEntry entry{row.rated_key, {{AmountOf(Unrated(row.rating)), 1}}};
    taking.facts.Correct(taking.name(), row.slot, "r" + rated.inquiry.ToString(), entry);
  }
  row.rating = rated.rating;
  row.slot = taking.facts.slot(taking.name());
  row.rated_key = taking.Count(KeyOf(taking, rated.inquiry), Rated(rated.rating));
  const bool ended = known != desk.ended.end();
  PutEnded(taking.name(), desk, rated.inquiry, row);
  if (ended) Tell(taking, rated.inquiry);
}

void Reviews::On(Taking& taking, const InquiryReviewed& reviewed) {
  Desk& desk = taking.desk;
  FactKey key = KeyOf(taking, reviewed.inquiry);
  const auto known = desk.reviews.find(reviewed.inquiry);
  const bool there = known != desk.reviews.end();
  ReviewRow& row = there ? known->second : Enter(taking, reviewed.inquiry, taking.at(), key);
  if (there && row.reviews.empty() && row.reasons != 0) --desk.waiting;
  const auto before = std::find_if(row.reviews.begin(), row.reviews.end(), [&](const Review& one) {
    return one.reviewer == reviewed.reviewer;
  });
  if (before != row.reviews.end()) {
    Withdraw(taking, reviewed.inquiry, *before);
    row.reviews.erase(before);
  } else if (row.reviews.size() >= kReviewersMax) {
    row.reviews.erase(row.reviews.begin());
  }
  key.agent = reviewed.agent;
  Review& review = row.reviews.emplace_back();
  review.reviewer = reviewed.reviewer;
  review.at = taking.at();
  review.slot = taking.facts.slot(taking.name());
  review.key = key;
  review.marks = reviewed.marks;
  CountMarks(taking, review);
  dirty_reviews_.emplace(taking.name(), ReviewKey(row.ended_at, reviewed.inquiry));
  Tell(taking, reviewed.inquiry);
}

// Of one that is open, the live view keeps the timeline.
void Reviews::Tell(Taking& taking, const InquiryId& inquiry) {
  const auto known = taking.desk.ended.find(inquiry);
  if (taking.Find(inquiry) || known == taking.desk.ended.end()) return;
  EndedRow row = DecodeEnded(known->second).value_or(EndedRow());
  if (row.said >= kSaidMax) return;
  ++row.said;
  taking.told = true;
  PutEnded(taking.name(), taking.desk, inquiry, row);
}

void Reviews::CountMarks(Taking& taking, Review& review) {
  review.key = taking.Count(review.key, FactCount::kReviews);
  for (const Mark& mark : review.marks) {
    const std::size_t number = NumberOf(taking, mark.criterion);
    taking.facts.Count(taking.name(), review.key, AmountOfMark(number, MarkAmount::kCount), 1);
    taking.facts.Count(taking.name(), review.key, AmountOfMark(number, MarkAmount::kSum),
                       mark.mark);
  }
}

// The slot in which it was counted is told that it counts no more.
void Reviews::Withdraw(Taking& taking, const InquiryId& inquiry, const Review& review) {
  FactEntry entry{review.key, {}};
  AddAmount(entry.amounts, AmountOf(FactCount::kUnreviewed), 1);
  for (const Mark& mark : review.marks) {
    const std::size_t number = NumberOf(taking, mark.criterion);
    AddAmount(entry.amounts, AmountOfMark(number, MarkAmount::kOldCount), 1);
    AddAmount(entry.amounts, AmountOfMark(number, MarkAmount::kOldSum), mark.mark);
  }
  taking.facts.Correct(taking.name(), review.slot,
                       "m" + inquiry.ToString() + review.reviewer.ToString(), entry);
}

std::size_t Reviews::NumberOf(Taking& taking, const CriterionName& criterion) {
  std::vector<CriterionName>& known = taking.desk.row.criteria;
  const auto found = std::find(known.begin(), known.end(), criterion);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  if (known.size() == kCriteriaKnownMax) return kCriteriaKnownMax - 1;
  const bool last = known.size() == kCriteriaKnownMax - 1;
  known.push_back(last ? CriterionName::Of(kMoreName) : criterion);
  dirty_desks_.insert(taking.name());
  return known.size() - 1;
}

ReviewRow& Reviews::Enter(Taking& taking, const InquiryId& inquiry, Instant ended_at,
                          const FactKey& key) {
  Desk& desk = taking.desk;
  if (desk.reviews.size() >= kReviewsMax) Drop(taking, desk.oldest.begin()->second);
  const auto known = desk.ended.find(inquiry);
  const auto ended = known == desk.ended.end() ? std::nullopt : DecodeEnded(known->second);
  ReviewRow& row = desk.reviews[inquiry];
  row.inquiry = inquiry;
  row.ended_at = ended ? ended->ended_at : ended_at;
  row.key = key;
  desk.oldest.emplace(row.ended_at, inquiry);
  dirty_reviews_.emplace(taking.name(), ReviewKey(row.ended_at, inquiry));
  return row;
}

// By value: what is dropped may be named by what is dropped.
void Reviews::Drop(Taking& taking, const InquiryId& which) {
  const InquiryId inquiry = which;
  Desk& desk = taking.desk;
  const auto found = desk.reviews.find(inquiry);
  const ReviewRow& row = found->second;
  if (row.reviews.empty()) {
    --desk.waiting;
    taking.Count(row.key, FactCount::kLapsed);
  }
  dirty_reviews_.emplace(taking.name(), ReviewKey(row.ended_at, inquiry));
  desk.oldest.erase({row.ended_at, inquiry});
  desk.reviews.erase(found);
}

void Reviews::PutEnded(const DeskName& name, Desk& desk, const InquiryId& inquiry,
                       const EndedRow& row) {
  desk.ended[inquiry] = EncodeEnded(row);
  ended_.emplace(row.ended_at, inquiry, name);
  dirty_ended_.emplace(name, inquiry);
  while (ended_.size() > kEndedMax) {
    const auto [at, oldest, whose] = *ended_.begin();
    DropEnded(whose, desks_.at(whose), oldest);
  }
}

void Reviews::DropEnded(const DeskName& name, Desk& desk, const InquiryId& inquiry) {
  const auto found = desk.ended.find(inquiry);
  if (found == desk.ended.end()) return;
  ended_.erase({DecodeEnded(found->second).value_or(EndedRow()).ended_at, inquiry, name});
  desk.ended.erase(found);
  dirty_ended_.emplace(name, inquiry);
}

}  // namespace usher::insights
