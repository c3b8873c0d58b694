// OrderWords: the words beside a number that tell what it numbers.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string_view>

namespace usher::understanding {

enum class OrderWord : std::uint8_t {
  kNone,
  kOrder,     // order, заказ, zamówienie, ...
  kCancels,   // what is cancelled is an order
  kNumber,    // number, no, nr, ...: of what, another word says
  kBehind,    // numbered, as Turkish says it behind the number: `48213 nolu`
  kTracking,  // a parcel's number
  kOther,     // something else that has numbers: phone, postcode, size, invoice, card, ...
  kBetween,   // may stand between the word and the number: of, my, is, mit, der, ...
  kJoins,     // and, or: the next number is of the same kind
  kMoney,     // a number behind it is a sum: for, at, за, по, ...
  kUnit       // a number in front of it is an amount
};

// `word` as TopicWords() spells it: one word, plain Latin letters.
//
// Cost: one look through the words of the same first letter.
OrderWord OrderWordOf(std::string_view word);

}  // namespace usher::understanding
