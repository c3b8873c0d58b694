// OrderNumbers: what in a text is the number of an order, by its shape and the words beside it:
// `48213` behind a word for order or number, `#EN-77120`, `30-5582`. Prices, dates, sizes, phones,
// postcodes and invoices are not. Words of the ten languages are known, in any of their scripts.
//
// It is a guess: look the number up among the customer's orders before anything rests on it.
#pragma once

#include <string_view>
#include <vector>

namespace usher::understanding {

constexpr std::size_t kOrderNumbersMax = 8;

// As they stand in `text`, without `#` or `№`, in the text's order, each once. If words name
// numbers as those of orders only these; else what looks like one; else tracking numbers.
//
// Threads: any.
// Errors:  none; any bytes at all.
// Cost:    linear; only the first 4 KiB are read, and text without three digits costs one look.
std::vector<std::string_view> OrderNumbers(std::string_view text);

}  // namespace usher::understanding
