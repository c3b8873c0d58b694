#include "understanding/order_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace usher::understanding {
namespace {

using ::testing::ElementsAreArray;
using ::testing::SizeIs;

struct Row {
  const char* text;
  std::vector<std::string_view> numbers;
};

void Expect(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_THAT(OrderNumbers(row.text), ElementsAreArray(row.numbers)) << row.text;
  }
}

TEST(OrderNumbers, StandBehindAWordForOrder) {
  Expect({
      {"where is my order 48213?", {"48213"}},
      {"order no. 8120-66, please", {"8120-66"}},
      {"our purchase order number PO-771 on the bill", {"PO-771"}},
      {"Wo bleibt Bestellung 7719", {"7719"}},
      {"Bestellung mit der Nummer 2024-118734", {"2024-118734"}},
      {"moin, ist mein grill schon raus? best.nr. 40077", {"40077"}},
      {"Vorgangsnr. 20-5518", {"20-5518"}},
      {"ma commande n°2024-7718 est-elle partie ?", {"2024-7718"}},
      {"cde 2290", {"2290"}},
      {"número de pedido 77-10923", {"77-10923"}},
      {"estado de la orden MX-559201", {"MX-559201"}},
      {"czy zamówienie nr 104588 wysłane", {"104588"}},
      {"ZAMOWIENIE 6644", {"6644"}},
      {"zam. 301/22", {"301/22"}},
      {"Comanda mea nr. 7-40912 vine", {"7-40912"}},
      {"cda 20551?", {"20551"}},
      {"где сейчас заказ 4471093?", {"4471093"}},
      {"номер моего заказа: 30-5582", {"30-5582"}},
      {"замовлення Д-771, три штуки", {"Д-771"}},
      {"да ли је послата поруџбина 33817?", {"33817"}},
      {"moju porudzbinu br 9021", {"9021"}},
      {"narudžbina 55-201", {"55-201"}},
      {"Sipariş no: TR-90844", {"TR-90844"}},
      {"5520187 nolu siparişimin takip numarası", {"5520187"}},
      {"48213 no'lu siparişim", {"48213"}},
      {"charged TWICE for order 70256!! £64.99 gone", {"70256"}},
      {"order RB204417 please", {"RB204417"}},
      {"ref 9QX-1120", {"9QX-1120"}},
  });
}

TEST(OrderNumbers, StandBehindASignOrAWordForNumber) {
  Expect({
      {"#EN-77120", {"EN-77120"}},
      {"tracking number for #70114 pls", {"70114"}},
      {"№ 88214", {"88214"}},
      {"ordered a kettle (no 48213)", {"48213"}},
      {"hice un pedido el lunes (nº 48213)", {"48213"}},
      {"nr 5530-K", {"5530-K"}},
      {"броj? Бр. 9-310", {"9-310"}},
  });
}

TEST(OrderNumbers, AreToldByTheirShapeIfNoWordDoes) {
  Expect({
      {"wheres my stuff?? 30918", {"30918"}},
      {"bitte 8821 stornieren", {"8821"}},
      {"Es el 33180.", {"33180"}},
      {"sestra, prezime primaoca u 5-771", {"5-771"}},
      {"hangisi önce? siparişler 5530 ile 5544", {"5530", "5544"}},
      {"annulez la 9930 svp", {"9930"}},
  });
}

TEST(OrderNumbers, ComeInTheTextsOrderAndOnce) {
  Expect({
      {"könnt ihr die Aufträge 711 und 712 zusammenlegen?", {"711", "712"}},
      {"moje zamówienia (5512 i 5513)", {"5512", "5513"}},
      {"orders 48213, 48214 and 48213", {"48213", "48214"}},
      {"заказ 100500 и заказ 100200", {"100500", "100200"}},
  });
}

TEST(OrderNumbers, NamedAsSuchComeBeforeWhatLooksLikeOne) {
  Expect({
      {"order 48213, and what is 77120?", {"48213"}},
      {"order 48213, tracking RB204417835RU", {"48213"}},
      {"Bestellung 48213, Tel. 01701234567", {"48213"}},
  });
}

TEST(OrderNumbers, AreThoseOfTheParcelOnlyIfThereIsNoOther) {
  Expect({
      {"трек RB204417 не находится", {"RB204417"}},
      {"AWB 4810077", {"4810077"}},
      {"ТТН 20450712345678", {"20450712345678"}},
      {"трек RB204417, заказ 5510", {"5510"}},
  });
}

TEST(OrderNumbers, AreNoPricesDatesPhonesSizesOrPostcodes) {
  Expect({
      {"It cost 64.99, then 89,90", {}},
      {"charged £6499 and 12000 €", {}},
      {"верните 7 200 рублей", {}},
      {"заказ на 4990 руб", {}},
      {"1.250 TL ödedim, 980 yatırmışsınız", {}},
      {"349 zł albo 2490 zl", {}},
      {"on 12.04.2024 or 2024-04-12 or 12/04/2024 at 14:20", {}},
      {"between 9-13 or 100-200 or 2019-2021", {}},
      {"I placed my order in 2023", {}},
      {"a 2019 laptop", {}},
      {"call me on +49 170 1234567", {}},
      {"tel 0671234567", {}},
      {"мой номер телефона 89161234567", {}},
      {"phone number 5551234", {}},
      {"numaralı telefon: 5321234567", {}},
      {"200x300, 160х200, 155 x 220", {}},
      {"size 1042", {}},
      {"18V, 4000mAh, 24cm, 500 ml, 100%", {}},
      {"Liefern Sie nach 10115 Berlin?", {}},
      {"00-950 Warszawa", {}},
      {"código postal 28004", {}},
      {"invoice 20931", {}},
      {"Rechnung Nr. 4410", {}},
      {"card ending 3310", {}},
      {"code SPRING15, IBAN DE12500105170648489890", {}},
      {"https://shop.example/p/48213 a@48213.example", {}},
      {"I ordered 400 cups", {}},
  });
}

TEST(OrderNumbers, OfAnyBytesAreFewAndInsideTheText) {
  unsigned state = 7;
  const std::string_view pieces[] = {"order ", "№",  "#", "48213", "-",        "\xd0", "9",
                                     " und ",  ". ", "A", ",",     "siparişi", "\n",   "nr "};
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525U + 1013904223U;
      text += (state >> 28) == 0 ? std::string(1, static_cast<char>(state >> 16))
                                 : std::string(pieces[(state >> 16) % std::size(pieces)]);
    }
    const std::vector<std::string_view> numbers = OrderNumbers(text);
    ASSERT_LE(numbers.size(), kOrderNumbersMax);
    for (const std::string_view number : numbers) {
      ASSERT_GE(number.data(), text.data());
      ASSERT_LE(number.data() + number.size(), text.data() + text.size());
      ASSERT_FALSE(number.empty());
    }
  }
}

TEST(OrderNumbers, OfALongTextAreThoseOfItsStart) {
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "order 48" + std::to_string(100 + i % 900) + " ";
  EXPECT_THAT(OrderNumbers(many), SizeIs(kOrderNumbersMax));
  EXPECT_THAT(OrderNumbers(std::string(1 << 20, '7')), SizeIs(0));
  EXPECT_THAT(OrderNumbers(std::string(5'000, 'x') + " order 48213"), SizeIs(0));
}

}  // namespace
}  // namespace usher::understanding
