// Language: which language a text is in. Two readers that err differently, CLD2 and our own
// fastText model, weighed together; the letters of the text rule out what cannot be.
//
// Measured on messages of writers unknown to it: CLD2 alone 93 to 95 in 100, both 98 to 99
// (understanding_bench).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/names.h"
#include "understanding/text_model.h"

namespace usher::understanding {

struct LanguageGuess {
  LanguageName language;       // empty: nothing to read, or no idea
  std::uint16_t permille = 0;  // its share of the weight of all candidates
};

// `desk`: what the desk speaks. Its languages weigh more; a close one that it does not speak counts
// as the one that it does (Croatian as Serbian for a desk without Croatian). "pt-BR" is found as
// "pt".
//
// Threads: any.
LanguageGuess GuessLanguage(std::string_view text, const TextModel& model,
                            const std::vector<LanguageName>& desk);

}  // namespace usher::understanding
