// Which messages are no customer's, and which only look so.
#include "intake/automatic.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "intake/loop_guard.h"
#include "unit/services/intake/intake_events.h"

namespace usher::intake {
namespace {

using Header = std::pair<std::string, std::string>;

AutomaticSign SignOf(const std::vector<Header>& headers, const std::string& text = "Hello",
                     const std::string& customer = "ana@example.org") {
  v1::MessageEvent event = Message("e1", text, customer);
  for (const auto& [name, value] : headers) (*event.mutable_headers())[name] = value;
  return FindAutomatic(event);
}

TEST(Automatic, IsToldByTheHeadersOfAMail) {
  const std::pair<Header, AutomaticSign> cases[] = {
      {{"Auto-Submitted", "auto-replied"}, AutomaticSign::kAutoSubmitted},
      {{"auto-submitted", " Auto-Generated; owner=x"}, AutomaticSign::kAutoSubmitted},
      {{"X-Autoreply", "yes"}, AutomaticSign::kAutoSubmitted},
      {{"Precedence", "Bulk"}, AutomaticSign::kPrecedence},
      {{"precedence", "auto_reply"}, AutomaticSign::kPrecedence},
      {{"Precedence", "list"}, AutomaticSign::kPrecedence},
      {{"X-Auto-Response-Suppress", "All"}, AutomaticSign::kSuppress},
      {{"X-Auto-Response-Suppress", "DR, OOF, AutoReply"}, AutomaticSign::kSuppress},
      {{"List-Id", "News <news.example.org>"}, AutomaticSign::kList},
      {{"Return-Path", "<>"}, AutomaticSign::kBounce},
      {{"Content-Type", "multipart/report; report-type=delivery-status"}, AutomaticSign::kBounce},
      {{"X-Failed-Recipients", "ana@example.org"}, AutomaticSign::kBounce},
      {{"X-Loop", "help@shop.example"}, AutomaticSign::kLoop},
      {{"From", "Mail Delivery System <MAILER-DAEMON@mx.example>"}, AutomaticSign::kBounce},
      {{"From", "Shop <no-reply@shop.example>"}, AutomaticSign::kSender},
      {{"Subject", "Automatic reply: your order"}, AutomaticSign::kText},
  };
  for (const auto& [header, sign] : cases) {
    EXPECT_EQ(SignOf({header}), sign) << header.first << ": " << header.second;
  }
}

TEST(Automatic, IsNotToldByWhatMailOfPeopleSays) {
  const Header cases[] = {
      {"Auto-Submitted", "no"},
      {"Auto-Submitted", "No; x=y"},
      {"Auto-Submitted", ""},
      {"X-Autoreply", "no"},
      {"Precedence", "first-class"},
      {"X-Auto-Response-Suppress", "DR, RN, NRN"},
      {"X-Auto-Response-Suppress", "Allways"},
      {"Return-Path", "<ana@example.org>"},
      {"Content-Type", "multipart/alternative; boundary=x"},
      {"List-Id", ""},
      {"From", "Postmaster's Shop <ana@example.org>"},
      {"From", "noreply fan <ana@example.org>"},
      {"Subject", "Out of office hours delivery?"},
      {"Subject", "Automatic reply I got from you is wrong"},
      {"X-Unknown", "auto-replied"},
  };
  for (const Header& header : cases) {
    EXPECT_EQ(SignOf({header}), AutomaticSign::kNone) << header.first << ": " << header.second;
  }
}

TEST(Automatic, IsToldByTheSender) {
  for (const char* customer : {"mailer-daemon", "MAILER-DAEMON@mx.example", "postmaster@x.example",
                               "bounce <mailer-daemon@x.example>"}) {
    EXPECT_EQ(SignOf({}, "Hello", customer), AutomaticSign::kBounce) << customer;
  }
  for (const char* customer : {"no-reply@x.example", "noreply@x.example", "do_not_reply@x.example",
                               "NoReply+17@x.example", "auto-reply@x.example"}) {
    EXPECT_EQ(SignOf({}, "Hello", customer), AutomaticSign::kSender) << customer;
  }
  for (const char* customer :
       {"postmaster", "noreply", "ana.noreply@x.example", "bounces@x.example", "@", "<>", "+"}) {
    EXPECT_EQ(SignOf({}, "Hello", customer), AutomaticSign::kNone) << customer;
  }
}

TEST(Automatic, IsToldByAnExactOpeningInTenLanguages) {
  for (const char* text :
       {"Automatic reply: I am out until Monday", "Out of Office\nI am away",
        "\n  AUTOREPLY (away)", "Автоматический ответ: меня нет",
        "Автоматична відповідь: мене немає", "Răspuns automat: sunt plecat",
        "Аутоматски одговор: нема ме", "Automatski odgovor - nema me",
        "Automatische Antwort: Ich bin weg", "Abwesenheitsnotiz",
        "Respuesta automática: estoy fuera", "Odpowiedź automatyczna: nie ma mnie",
        "Otomatik yanıt: yokum", "Réponse automatique : je suis absent"}) {
    EXPECT_EQ(SignOf({}, text), AutomaticSign::kText) << text;
  }
  for (const char* text :
       {"I got an automatic reply: why?", "Out of office until Monday, please deliver on Tuesday",
        "Automatic reply to my mail was wrong", "Undelivered parcel!", "Mail delivery failed me",
        "Автоматический ответ вашего бота не помог", "", " \n \t", "\xff\xfe(", ":", "!!!"}) {
    EXPECT_EQ(SignOf({}, text), AutomaticSign::kNone) << text;
  }
}

TEST(Automatic, AwayNeedsASecondSign) {
  for (const char* text : {"I am out of the office until Monday.", "Я в отпуске до понедельника.",
                           "Ich bin bis Montag nicht im Büro.", "Je suis absent du bureau."}) {
    EXPECT_EQ(SignOf({}, text), AutomaticSign::kNone) << text;
    EXPECT_EQ(SignOf({{"X-Auto-Response-Suppress", "DR"}}, text), AutomaticSign::kText) << text;
  }
  EXPECT_EQ(SignOf({{"X-Auto-Response-Suppress", "DR"}}, "Where is my order?"),
            AutomaticSign::kNone);
}

TEST(Automatic, BelievesASenderWhoSaysWhoWrote) {
  v1::MessageEvent event = Message("e1", "Automatic reply: x", "no-reply@x.example");
  (*event.mutable_headers())["Auto-Submitted"] = "auto-replied";
  event.set_author(v1::MESSAGE_AUTHOR_CUSTOMER);
  EXPECT_EQ(FindAutomatic(event), AutomaticSign::kNone);
  event = Message("e1");
  event.set_author(v1::MESSAGE_AUTHOR_AUTOMATIC);
  EXPECT_EQ(FindAutomatic(event), AutomaticSign::kAuthor);
}

TEST(LoopGuard, TellsMoreThanTheCapWithinTheWindow) {
  LoopGuard guard;
  const MessageCap cap{3, 10s};
  const auto at = [](Duration after) { return FromMicros(1'700'000'000'000'000) + after; };
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(guard.IsOver(1, cap, at(i * 1s)));
  EXPECT_TRUE(guard.IsOver(1, cap, at(9s)));
  EXPECT_FALSE(guard.IsOver(2, cap, at(9s)));   // another thing
  EXPECT_TRUE(guard.IsOver(1, cap, at(18s)));   // it goes on
  EXPECT_FALSE(guard.IsOver(1, cap, at(28s)));  // a window of silence
  EXPECT_FALSE(guard.IsOver(1, MessageCap{}, at(28s)));
}

TEST(LoopGuard, ForgetsRatherThanGrow) {
  LoopGuard guard;
  const MessageCap cap{1, 10s};
  const Instant now = FromMicros(1'700'000'000'000'000);
  for (std::uint64_t key = 1; key <= 100'000; ++key) EXPECT_FALSE(guard.IsOver(key, cap, now));
  EXPECT_TRUE(guard.IsOver(100'000, cap, now));
}

}  // namespace
}  // namespace usher::intake
