#include "intake/automatic_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/fold.h"

namespace usher::intake {
namespace {

constexpr std::size_t kLineMost = 200;
constexpr std::size_t kTextMost = 1024;

constexpr std::array kOpenings = {
    // en
    "Automatic reply", "Auto reply", "Autoreply", "Auto response", "Autoresponse",
    "Automatic response", "Automated response", "Automated reply", "Out of office",
    "Out of the office", "Out of office reply", "Out of office autoreply", "Vacation reply",
    "Delivery status notification", "Undelivered mail returned to sender", "Mail delivery failed",
    "Mail delivery subsystem", "Failure notice",
    // ru, uk
    "Автоматический ответ", "Автоответ", "Автоответчик", "Автоматическое сообщение",
    "Автоматична відповідь", "Автовідповідь", "Автовідповідач", "Автоматичне повідомлення",
    // ro, sr
    "Răspuns automat", "Raspuns automat", "Mesaj automat", "Аутоматски одговор",
    "Automatski odgovor", "Аутоматска порука", "Automatska poruka",
    // de, es
    "Automatische Antwort", "Abwesenheitsnotiz", "Abwesenheitsbenachrichtigung",
    "Automatische Abwesenheitsnotiz", "Respuesta automática", "Respuesta automatica",
    "Fuera de la oficina", "Fuera de oficina",
    // pl, tr, fr
    "Odpowiedź automatyczna", "Odpowiedz automatyczna", "Automatyczna odpowiedź",
    "Automatyczna odpowiedz", "Autoodpowiedź", "Otomatik yanıt", "Otomatik cevap", "Ofis dışında",
    "Réponse automatique", "Reponse automatique", "Message d'absence", "Absence du bureau"};

constexpr std::array kAway = {
    // en
    "out of the office", "out of office", "on annual leave", "away from the office",
    "on maternity leave", "on parental leave",
    // ru, uk
    "в отпуске", "вне офиса", "отсутствую на рабочем месте", "у відпустці", "поза офісом",
    "відсутній на робочому місці", "відсутня на робочому місці",
    // ro, sr
    "în concediu", "in concediu", "nu sunt la birou", "на годишњем одмору", "na godišnjem odmoru",
    "na godisnjem odmoru", "нисам у канцеларији", "nisam u kancelariji",
    // de, es
    "nicht im Büro", "im Urlaub", "außer Haus", "bin abwesend", "fuera de la oficina",
    "de vacaciones",
    // pl, tr, fr
    "poza biurem", "na urlopie", "ofis dışında", "ofiste değilim", "yıllık izinde",
    "absent du bureau", "absente du bureau", "en congé", "en congés"};

template <class List>
std::vector<std::string> Folded(const List& phrases) {
  std::vector<std::string> folded;
  for (const char* phrase : phrases) folded.push_back(Fold(phrase));
  std::sort(folded.begin(), folded.end());
  return folded;
}

// The first line that is not blank, cut where its sentence would have gone on.
std::string_view HeadOf(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, kLineMost);
  text = text.substr(0, text.find_first_of("\r\n"));
  text = text.substr(0, text.find_first_of(":([|!."));
  return text.substr(0, text.find(" - "));
}

}  // namespace

bool OpensAutomatically(std::string_view text) {
  static const std::vector<std::string> openings = Folded(kOpenings);
  return std::binary_search(openings.begin(), openings.end(), Fold(HeadOf(text)));
}

bool SaysAway(std::string_view text) {
  static const std::vector<std::string> away = Folded(kAway);
  const std::string folded = " " + Fold(text.substr(0, kTextMost)) + " ";
  return std::any_of(away.begin(), away.end(), [&](const std::string& phrase) {
    return folded.find(" " + phrase + " ") != std::string::npos;
  });
}

}  // namespace usher::intake
