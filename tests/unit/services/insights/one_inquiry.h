// A store with views over it, and the life of one inquiry in it. For the tests of the views.
//
// Threads: one.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "insights/service.h"
#include "insights/view.h"
#include "store/sim/sim_store.h"
#include "story.h"

namespace usher::insights {

inline constexpr Duration kTtl = std::chrono::hours(24 * 30);

// A store, and views that come and go over it.
struct Shop {
  Instant now = FromMicros(0);
  store::SimStores stores{1, [this] { return now; }};
  std::unique_ptr<store::Store> store = *stores.Open();

  // Takes decisions [from, to) of `story` with one batch each `batch`.
  void Take(View& view, const std::vector<wire::DecisionRecord>& story, std::size_t from,
            std::size_t to, std::size_t batch) {
    for (std::size_t i = from; i < to; ++i) {
      view.Take(story[i], wire::EncodeDecision(story[i]), static_cast<std::int64_t>(i));
      if ((i + 1) % batch == 0 || i + 1 == to) Commit(view);
    }
  }
  void Commit(View& view) {
    const std::optional<store::Batch> made = view.MakeBatch();
    if (!made) return;
    ASSERT_TRUE(*store->Apply(*made));
    view.Committed();
  }
};

inline v1::GetSummaryRequest SummaryOf(const std::string& desk) {
  v1::GetSummaryRequest request;
  request.set_desk(desk);
  return request;
}

struct OneInquiry {
  Story story{1};
  Shop shop;
  View view{0, kTtl};
  std::int64_t offset = 0;
  InquiryId id = InquiryId::Of("one");
  AgentName ana = AgentName::Of("ana");

  void Take(Duration after, DecisionBody body) {
    const wire::DecisionRecord record = story.Say("shop", after, std::move(body));
    view.Take(record, wire::EncodeDecision(record), offset++);
  }
  void Place() {
    InquiryPlaced placed;
    placed.inquiry = id;
    placed.queue = QueueName::Of("billing");
    placed.route = RouteName::Of("vip");
    placed.priority = 7;
    placed.features.channel = ChannelName::Of("chat");
    placed.due = story.now() + 1s + 60s;
    Take(1s, placed);
  }
  absl::StatusOr<v1::GetInquiryResponse> Ask() {
    shop.Commit(view);
    v1::GetInquiryRequest request;
    request.set_desk("shop");
    request.set_inquiry_id(id.ToString());
    return GetInquiry(*shop.store, 1, request);
  }
};

}  // namespace usher::insights
