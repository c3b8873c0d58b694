// Fold: text as words to compare. Lower case, words with one blank between them, all else gone.
//
// "Wo ist meine BESTELLUNG?!" and "wo  ist meine Bestellung" fold alike. Knows the letters of the
// Latin (Latin-1, Extended-A and -B), Greek and Cyrillic scripts; other scripts stay as they are.
// The dotted and dotless i of Turkish all become `i`: shops write both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace usher {

// The character that starts at `at` (which moves behind it). A byte that is no valid UTF-8 counts
// as one character, U+FFFD.
//
// Requires: at < text.size().
char32_t NextCharacter(std::string_view text, std::size_t& at);

std::size_t CountCharacters(std::string_view text);  // of valid UTF-8

void AppendCharacter(char32_t character, std::string& out);  // as UTF-8

char32_t LowerCase(char32_t character);

bool IsLetter(char32_t character);  // combining marks and ideographs count; emoji do not
bool IsDigit(char32_t character);   // 0 to 9

// Ensures: valid UTF-8, no blank at either end; Fold(Fold(x)) == Fold(x).
// Cost:    linear, one allocation.
std::string Fold(std::string_view text);

}  // namespace usher
