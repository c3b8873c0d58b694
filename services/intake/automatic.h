// FindAutomatic: the sign by which a message is no customer's: an automatic reply, a bounce, a mail
// to a list. README.md of this folder has the table of signs.
//
// Threads: any; safe on hostile bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "usher/v1/event.pb.h"

namespace usher::intake {

// Labels of a metric: only append, never rename.
enum class AutomaticSign : std::uint8_t {
  kNone,
  kAuthor,         // the sender says so
  kAutoSubmitted,  // header Auto-Submitted (RFC 3834), or one of its older kin
  kPrecedence,     // header Precedence: bulk, list, junk, auto_reply
  kSuppress,       // header X-Auto-Response-Suppress asks that nobody answers by machine
  kList,           // header List-Id
  kBounce,         // an empty Return-Path, a delivery report, the mailer-daemon
  kSender,         // no-reply and the like
  kText,           // it begins as automatic replies do
  kLoop,           // header X-Loop, or the same text again and again
  kFlood           // more messages of one conversation than people write
};
constexpr std::size_t kAutomaticSigns = 11;

const char* ToText(AutomaticSign sign);  // "auto_submitted"

// kNone if a customer or an agent may have written it. An author that is named is believed.
//
// Cost: some microseconds; of the text at most the first line and 1 KiB is read.
AutomaticSign FindAutomatic(const v1::MessageEvent& event);

// A header of a mail that counts, in any case of letters; but Content-Type, which on a record is
// that of its value.
bool IsMailHeader(std::string_view name);

}  // namespace usher::intake
