#include "understanding/order_words.h"

#include <algorithm>
#include <array>
#include <vector>

namespace usher::understanding {
namespace {

struct Words {
  OrderWord kind;
  std::string_view words;  // with `*`: any ending
};

// Where two fit, the first holds. A verb that an amount follows ("bestellt 245") must not fit.
constexpr std::array kWords = {
    Words{OrderWord::kOrder,
          "order orders ordernr orderno ordernumber ord purchase bestellung* bestellnummer* "
          "bestellnr best auftrag auftrags* auftrage* vorgang* commande commandes cmd cde achat "
          "pedido* orden ordenes compra ped zamowieni* zamowien zam comanda comenzi* cda cmnd "
          "zakaz zakaza zakaze zakazu zakazom zakazi zakazov zakazam zakazah zamovlenn* "
          "zamovlen porudzbin* narudzb* narudzbenic* siparis* ref reference referenz referencia "
          "referinta"},
    Words{OrderWord::kCancels, "cancel* storn* annul* anul* otmen* skasu* otkaz* iptal*"},
    Words{OrderWord::kBehind, "nolu numarali lu"},
    Words{OrderWord::kNumber,
          "no nr n num nomer nomera nomerom number numbers nummer* numer numerze numero numar* "
          "broj brojem br id"},
    Words{OrderWord::kTracking,
          "track* trek* ttn nakladn* awb* sendungs* paketnummer takip suivi seguimiento "
          "sledzeni* pracenj* kargo colissimo waybill otslezhiv* otsleziv*"},
    Words{OrderWord::kOther,
          "tel telef* phone* fon mobil* call whatsapp viber handy* komork* hotline zip postcode "
          "plz postleitzahl postal* pocztowy indeks posta postanski cp size razmer* rozmir* "
          "grosse taille pointure talla rozmiar* marime* velicin* beden invoice* rechnung* "
          "faktur* factur* fatur* scet* rahunk* racun* rachun* card cards kart* carte tarjeta "
          "art artik* article articol* sku ean model* iban nip cif cui pib vat inn edrpou siret "
          "vkn pin code kod* codul codigo str strasse ul rue calle street flat apt kv dom year "
          "jahr rocznik customer kundennummer client page room"},
    Words{OrderWord::kBetween,
          "of is my the was with mit der die den ist lautet de la le est es el con cu este avec "
          "pod s z ze o sa moj mii moe vot je to jest reads"},
    Words{OrderWord::kJoins,
          "and und et y e i ta a si ve ile oraz or oder ou ili abo lub sau veya"},
    Words{OrderWord::kMoney,
          "for at from cost* price* paid fur um ab kostet* pour prix por precio za po na do ot "
          "od vid cen* cin* stoi* kostu* pret* peste fiyat* summ* sum* total bolse over under "
          "uber"},
    Words{OrderWord::kUnit,
          "eur* usd dollar* pound* gbp quid rub* r grn griven* uah zl zlot* pln lei leu ron tl "
          "lira* dinar* rsd peso* balla ballov bali baliv point* punkt* punti puan* puncte "
          "punt* poen* kg gr ml mm cm km mah gb tb mb hz lm rpm kc minut* stuck pcs pieces szt* "
          "adet kom buc* god* rok rokiv gg yil* prozent percent"},
};

struct Known {
  std::string_view stem;
  bool any_ending = false;
  OrderWord kind = OrderWord::kNone;
};

// By first letter, which all of them have.
using Index = std::array<std::vector<Known>, 26>;

Index MakeIndex() {
  Index index;
  for (const Words& each : kWords) {
    for (std::size_t at = 0; at < each.words.size();) {
      const std::size_t end = std::min(each.words.find(' ', at), each.words.size());
      Known known{each.words.substr(at, end - at), false, each.kind};
      if (known.stem.ends_with('*')) {
        known.stem.remove_suffix(1);
        known.any_ending = true;
      }
      index[static_cast<std::size_t>(known.stem[0] - 'a')].push_back(known);
      at = end + 1;
    }
  }
  return index;
}

}  // namespace

OrderWord OrderWordOf(std::string_view word) {
  static const Index index = MakeIndex();
  if (word.empty() || word[0] < 'a' || word[0] > 'z') return OrderWord::kNone;
  for (const Known& known : index[static_cast<std::size_t>(word[0] - 'a')]) {
    if (known.any_ending ? word.starts_with(known.stem) : word == known.stem) return known.kind;
  }
  return OrderWord::kNone;
}

}  // namespace usher::understanding
