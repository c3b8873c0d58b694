#include "policy/quality.h"

#include <algorithm>
#include <optional>
#include <string>

#include "model/limits.h"
#include "policy/compile.h"

namespace usher::policy {
namespace {

std::vector<CriterionName> ReadCriteria(const Yaml& value, Problems& problems) {
  std::vector<CriterionName> criteria;
  for (const Yaml* item : ReadList(value, "criteria", true, problems)) {
    const std::optional<std::string> name = ReadName(*item, "a criterion", problems);
    if (!name) continue;
    const CriterionName criterion = CriterionName::Of(*name);
    if (std::find(criteria.begin(), criteria.end(), criterion) != criteria.end()) {
      problems.Add(item->at, Quoted(item->text) + " is in this list twice");
      continue;
    }
    criteria.push_back(criterion);
  }
  if (criteria.size() > kCriteriaMax) {
    problems.Add(value.at, "criteria are " + std::to_string(criteria.size()) + "; at most " +
                               std::to_string(kCriteriaMax) + " are taken");
  }
  return criteria;
}

void ReadShareOf(const Fields& fields, const char* key, std::uint16_t& permille,
                 Problems& problems) {
  if (const Yaml* share = fields.Find(key)) {
    permille = ReadShare(*share, key, problems).value_or(0);
  }
}

}  // namespace

Quality ReadQuality(const Yaml& value, Problems& problems) {
  Quality quality;
  Fields fields(value, "quality", {"criteria", "share", "angry", "repeats", "new_agents", "keep"},
                problems);
  if (const Yaml* criteria = fields.Find("criteria")) {
    quality.criteria = ReadCriteria(*criteria, problems);
  }
  ReadShareOf(fields, "share", quality.share_permille, problems);
  ReadShareOf(fields, "angry", quality.angry_permille, problems);
  ReadShareOf(fields, "repeats", quality.repeats_permille, problems);
  if (const Yaml* agents = fields.Find("new_agents")) {
    Fields inner(*agents, "new_agents", {"share", "first"}, problems);
    if (const Yaml* share = inner.Need("share")) {
      quality.new_agents_permille = ReadShare(*share, "share", problems).value_or(0);
    }
    if (const Yaml* first = inner.Need("first")) {
      quality.new_agents_first =
          ReadNumber(*first, "first", 1, kFirstInquiriesMax, problems).value_or(1);
    }
  }
  if (const Yaml* keep = fields.Find("keep")) {
    quality.keep = ReadDuration(*keep, "keep", 1ms, problems, kMemoryMax).value_or(quality.keep);
  }
  return quality;
}

}  // namespace usher::policy
