// Quality: which ended inquiries a desk wants reviewed, and what is said of an inquiry afterwards:
// the marks of a reviewer, the rating of its customer.
//
// The engine only checks and tells these on: it knows no ended inquiry, and nothing that it decides
// depends on them. Who is reviewed, and what the marks amount to, is for the views of the
// decisions.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "model/names.h"

namespace usher {

// Of a policy. An inquiry is drawn once, by its id; each reason that holds has a share of the
// draws.
struct Quality {
  std::vector<CriterionName> criteria;      // what marks are of, each once; none: of anything
  std::uint16_t share_permille = 0;         // of all that an agent resolved
  std::uint16_t angry_permille = 0;         // of those whose mood was negative at the end
  std::uint16_t repeats_permille = 0;       // of repeats and of what was re-opened
  std::uint16_t new_agents_permille = 0;    // of an agent's first ones
  std::uint32_t new_agents_first = 0;       // so many
  Duration keep = std::chrono::hours(336);  // so long they wait for a review

  friend bool operator==(const Quality&, const Quality&) = default;
};

// What a reviewer thinks of one side of an inquiry.
struct Mark {
  CriterionName criterion;
  std::uint8_t mark = 0;  // 0 to kMarkMax

  friend bool operator==(const Mark&, const Mark&) = default;
};

// Somebody looked through an inquiry. A later one by the same reviewer replaces it.
struct ReviewInquiry {
  InquiryId inquiry;
  AgentName agent;     // whose work it is about
  AgentName reviewer;  // somebody else
  std::vector<Mark> marks;
  friend bool operator==(const ReviewInquiry&, const ReviewInquiry&) = default;
};

// The customer says how it was. A later one replaces it.
struct RateInquiry {
  InquiryId inquiry;
  std::uint8_t rating = 0;  // 1 to kRatingMax
  friend bool operator==(const RateInquiry&, const RateInquiry&) = default;
};

struct InquiryReviewed {
  InquiryId inquiry;
  AgentName agent;
  AgentName reviewer;
  std::vector<Mark> marks;
  friend bool operator==(const InquiryReviewed&, const InquiryReviewed&) = default;
};

struct InquiryRated {
  InquiryId inquiry;
  std::uint8_t rating = 0;
  friend bool operator==(const InquiryRated&, const InquiryRated&) = default;
};

}  // namespace usher
