#include "understanding/understand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "core/fold.h"

namespace usher::understanding {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

const Understanding& Loaded() {
  static const std::unique_ptr<Understanding> understanding = [] {
    auto loaded = Understanding::Load();  // ../models as seen from the test binary
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return *std::move(loaded);
  }();
  return *understanding;
}

UnderstandingRules Shop() {
  UnderstandingRules rules;
  for (const char* language : {"ru", "uk", "ro", "sr", "en", "de", "pl", "es", "fr", "tr"}) {
    rules.languages.push_back(LanguageName::Of(language));
  }
  for (const char* topic :
       {"order_status", "refund", "payment", "return_exchange", "account", "invoice", "complaint",
        "delivery_late", "wrong_or_damaged", "promotion", "feedback", "human"}) {
    rules.topics.push_back(TopicName::Of(topic));
  }
  return rules;
}

Understood Read(std::string_view text, const UnderstandingRules& rules = Shop(),
                std::string_view last = "") {
  return Loaded().Understand(text, rules, LanguageName::Of(last));
}

struct Sentence {
  const char* language;
  const char* text;
};

constexpr Sentence kSentences[] = {
    {"ru", "Где мой заказ? Обещали привезти вчера, а курьер так и не появился."},
    {"uk", "Де моє замовлення? Обіцяли привезти вчора, а кур'єра досі немає."},
    {"ro", "Unde este comanda mea? Trebuia să ajungă ieri și curierul nu a venit."},
    {"ro", "Unde este comanda mea? Trebuia sa ajunga ieri si curierul nu a venit."},
    {"sr", "Где је моја поруџбина? Требало је да стигне јуче, а курир није дошао."},
    {"sr", "Gde je moja porudžbina? Trebalo je da stigne juče, a kurir nije došao."},
    {"sr", "Gde je moja porudzbina? Trebalo je da stigne juce, a kurir nije dosao."},
    {"en", "Where is my order? It should have come yesterday and nobody showed up."},
    {"de", "Wo ist meine Bestellung? Sie sollte gestern kommen und niemand war da."},
    {"pl", "Gdzie jest moje zamówienie? Miało być wczoraj, a kurier nie przyjechał."},
    {"es", "¿Dónde está mi pedido? Tenía que llegar ayer y el repartidor no vino."},
    {"fr", "Où est ma commande ? Elle devait arriver hier et le livreur n'est pas venu."},
    {"tr", "Siparişim nerede? Dün gelmesi gerekiyordu ama kurye gelmedi."},
    {"it", "Dov'è il mio ordine? Doveva arrivare ieri e il corriere non è venuto."},
    {"nl", "Waar is mijn bestelling? Die had gisteren moeten komen, maar de koerier kwam niet."},
    {"sv", "Var är min beställning? Den skulle ha kommit igår men budet dök aldrig upp."},
    {"el", "Πού είναι η παραγγελία μου; Έπρεπε να έρθει χθες."},
    {"bg", "Къде е поръчката ми? Трябваше да пристигне вчера, а куриерът не дойде."},
};

TEST(Language, OfWholeSentences) {
  for (const Sentence& sentence : kSentences) {
    const Understood understood = Read(sentence.text);
    EXPECT_EQ(understood.language.view(), sentence.language) << sentence.text;
    EXPECT_EQ(understood.language_source, LanguageSource::kText);
    EXPECT_GE(understood.language_permille, 600);
    EXPECT_LE(understood.language_permille, 1000);
  }
}

TEST(Language, OfShortOnesByTheirLetters) {
  EXPECT_EQ(Read("скиньте її номер").language.view(), "uk");
  EXPECT_EQ(Read("вы ещё работаете?").language.view(), "ru");
  EXPECT_EQ(Read("хвала, стиже ли ђеврек").language.view(), "sr");
}

TEST(Language, WithoutLettersOrSenseIsUnknown) {
  for (const char* text : {"", "   ", "12345", "?!?!", "😡😡😡", "\xe2\x80\x8b", "№ 40 / 2"}) {
    const Understood understood = Read(text);
    EXPECT_TRUE(understood.language.none()) << text << understood.language.view();
    EXPECT_EQ(understood.language_source, LanguageSource::kNone);
    EXPECT_EQ(understood.language_permille, 0);
  }
}

TEST(Language, ThatTheTextDoesNotTellIsTheCustomersLast) {
  const Understood understood = Read("12345 ??", Shop(), "pl");
  EXPECT_EQ(understood.language.view(), "pl");
  EXPECT_EQ(understood.language_source, LanguageSource::kEarlier);
  EXPECT_EQ(Read(kSentences[0].text, Shop(), "pl").language.view(), "ru");
}

TEST(Language, CroatianIsSerbianOnlyForADeskWithoutCroatian) {
  const char* text = "Gdje je moja narudžba? Trebala je stići prošli tjedan, a tvrtka šuti.";
  EXPECT_EQ(Read(text).language.view(), "sr");
  UnderstandingRules both = Shop();
  both.languages.push_back(LanguageName::Of("hr"));
  EXPECT_EQ(Read(text, both).language.view(), "hr");
  UnderstandingRules croatian;
  croatian.languages = {LanguageName::Of("hr")};
  EXPECT_EQ(Read("Gde je moja porudžbina? Trebalo je da stigne juče.", croatian).language.view(),
            "hr");
  EXPECT_EQ(Read(text, UnderstandingRules()).language.view(), "hr");
}

TEST(Language, HasTheNameThatTheDeskGivesIt) {
  UnderstandingRules rules;
  rules.languages = {LanguageName::Of("pt-BR"), LanguageName::Of("nl")};
  EXPECT_EQ(Read("Onde está o meu pedido? Deveria ter chegado ontem.", rules).language.view(),
            "pt-BR");
  EXPECT_EQ(Read("Waar blijft mijn pakket?", rules).language.view(), "nl");
}

TEST(Language, IgnoresAddresses) {
  EXPECT_EQ(Read("https://shop.example/where/is/the/order/and/the/parcel Где заказ?? "
                 "the.best.customer@mail.example")
                .language.view(),
            "ru");
}

TEST(Topic, OfPlainQuestions) {
  EXPECT_EQ(Read("I want my money back, when do I get the refund?").topic.view(), "refund");
  EXPECT_EQ(Read("Ich habe mein Passwort vergessen und kann mich nicht anmelden").topic.view(),
            "account");
  EXPECT_EQ(Read("Оплата не проходит, карта отклонена").topic.view(), "payment");
}

TEST(Topic, BelowTheConfidenceIsOther) {
  UnderstandingRules rules = Shop();
  const char* text = "I want my money back, when do I get the refund?";
  rules.topic_confidence_permille = Read(text).topic_permille;
  EXPECT_EQ(Read(text, rules).topic.view(), "refund");
  ++rules.topic_confidence_permille;
  EXPECT_EQ(Read(text, rules).topic.view(), "other");
}

TEST(Topic, ThatTheDeskDoesNotTellApartIsOther) {
  UnderstandingRules rules = Shop();
  rules.topics = {TopicName::Of("payment")};
  EXPECT_EQ(Read("I want my money back, when do I get the refund?", rules).topic.view(), "other");
}

TEST(Topic, IsTheFirstKeywordRulesThatFires) {
  UnderstandingRules rules = Shop();
  rules.keywords = {{TopicName::Of("invoice"), {" vat number ", " faktur"}},
                    {TopicName::Of("complaint"), {" адвокат"}}};
  const Understood first = Read("Refund please! My VAT-Number, и адвокату", rules);
  EXPECT_EQ(first.topic.view(), "invoice");
  EXPECT_EQ(first.keyword_rule, 0);
  EXPECT_EQ(first.topic_permille, 1000);
  EXPECT_EQ(Read("ПИШУ АДВОКАТУ", rules).keyword_rule, 1);
  EXPECT_EQ(Read("poproszę o FAKTURĘ", rules).keyword_rule, 0);
  const Understood none = Read("private number and a vat", rules);
  EXPECT_EQ(none.keyword_rule, -1);
}

TEST(Mood, OfPlainMessages) {
  EXPECT_EQ(Read("This is the worst service ever, nobody answers, I am furious!!!").sentiment,
            Sentiment::kNegative);
  EXPECT_EQ(Read("Thank you so much, everything was great, I love it!").sentiment,
            Sentiment::kPositive);
  EXPECT_EQ(Read("Hello, which delivery options do you have?").sentiment, Sentiment::kNeutral);
}

TEST(Mood, OfNothingIsUnknown) {
  const Understood understood = Read("");
  EXPECT_EQ(understood.sentiment, Sentiment::kUnknown);
  EXPECT_EQ(understood.topic.view(), "other");
  EXPECT_EQ(understood.topic_permille, 0);
}

// Texts that no customer writes: none may crash, and a result is always whole.
TEST(Hostile, BytesAreUnderstoodOrNot) {
  std::vector<std::string> texts = {
      std::string("\xff\xfe\x00\x80Where is my order\xc3", 22),
      std::string(1, '\0'),
      std::string(64 * 1024, 'a'),
      std::string(64 * 1024, ' '),
      std::string(64 * 1024, '\xd0'),
      std::string(64 * 1024, '<'),
      "__label__refund __label__payment </s>",
      "\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf",
      "line\nbreak\r\nand\ttab",
  };
  std::string emoji;
  std::string combining = "a";
  std::string words;
  for (int i = 0; i < 20'000; ++i) {
    emoji += "😡";
    combining += "\xcc\x81";
    words += "где мой заказ? ";
  }
  texts.insert(texts.end(), {emoji, combining, words});
  for (unsigned seed = 0; seed < 64; ++seed) {
    std::string noise;
    unsigned state = seed * 2654435761U + 1;
    for (int i = 0; i < 300; ++i) noise += static_cast<char>((state = state * 1664525U + 7) >> 24);
    texts.push_back(noise);
  }
  for (const std::string& text : texts) {
    const Understood understood = Read(text);
    EXPECT_FALSE(understood.topic.none());
    EXPECT_LE(understood.language_permille, 1000);
    EXPECT_LE(understood.topic_permille, 1000);
    EXPECT_LE(understood.sentiment_permille, 1000);
    EXPECT_EQ(understood.language.none(), understood.language_source == LanguageSource::kNone);
  }
  EXPECT_EQ(Read(words).language.view(), "ru");
}

TEST(Hostile, OnlyTheStartOfALongTextIsRead) {
  std::string text = kSentences[0].text;
  while (text.size() < kTextBytesRead) text += " ещё";
  const std::string start = text.substr(0, kTextBytesRead);
  EXPECT_EQ(Read(text + std::string(10'000, 'z')), Read(text));
  EXPECT_EQ(Read(start), Read(text));  // cut in the middle of a letter or not
}

TEST(Understanding, IsTheSameFromManyThreads) {
  const Understood expected = Read(kSentences[3].text);
  std::vector<Understood> results(8);
  std::vector<std::thread> threads;
  for (Understood& result : results) {
    threads.emplace_back([&result] {
      for (int i = 0; i < 50; ++i) result = Read(kSentences[3].text);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Understood& result : results) EXPECT_EQ(result, expected);
}

class ModelFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "usher_models.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    const std::filesystem::path built =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "models";
    for (const char* file : {"message.bin", "language.bin"}) {
      std::filesystem::copy_file(built / file, folder_ / file);
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(ModelFiles, LoadFromTheFolderGiven) {
  EXPECT_TRUE(Understanding::Load(folder_.string()).ok());
}

TEST_F(ModelFiles, LoadFromTheEnvironment) {
  setenv("USHER_MODELS", "/nowhere/at/all", 1);
  const auto nowhere = Understanding::Load();
  setenv("USHER_MODELS", folder_.c_str(), 1);
  const auto there = Understanding::Load();
  unsetenv("USHER_MODELS");
  EXPECT_EQ(nowhere.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(nowhere.status().message()), HasSubstr("/nowhere/at/all/message.bin"));
  EXPECT_TRUE(there.ok()) << there.status();
}

TEST_F(ModelFiles, DamagedOrMissingAreToldAndDoNotCrash) {
  const std::string path = (folder_ / "message.bin").string();
  std::stringstream whole;
  whole << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string bytes = whole.str();
  std::string flipped = bytes;
  flipped[bytes.size() / 2] ^= 1;
  for (const std::string& damaged : {bytes.substr(0, bytes.size() - 1), bytes.substr(0, 10),
                                     std::string(), flipped, bytes + "x", std::string(100, 'x')}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
    const auto loaded = Understanding::Load(folder_.string());
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(loaded.status().message()), HasSubstr(path));
  }
  std::filesystem::remove(path);
  EXPECT_EQ(Understanding::Load(folder_.string()).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace usher::understanding
