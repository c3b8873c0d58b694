// Words: a message as the models read it. Training and use go through the same two functions.
//
// Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace usher::understanding {

// For topic and mood: lower case, Cyrillic spelled in Latin letters, no accents, numbers as `0`,
// and of the rest `!`, `?` and pictures (emoji) as words of their own. "Повернення 40%?" and
// "povernennja 5 ?" come out nearly alike: what languages share, one model can learn.
//
// Ensures: one line; empty if there is nothing to read.
std::string TopicWords(std::string_view text);

// For the language: words of letters only, lower case, every accent kept.
std::string LanguageWords(std::string_view text);

}  // namespace usher::understanding
