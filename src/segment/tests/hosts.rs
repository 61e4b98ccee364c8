//! Short sentences with long quotations, names longer than their sentence, and paragraphs in two scripts. Sentences of our own.

use super::{Segmenter, balanced};

/// A sentence with what it quotes between bars, and the two languages.
type Quoting = (&'static str, &'static str, &'static str);

const QUOTING: [Quoting; 44] = [
    // In another script.
    ("rus", "eng", "Бабушка вздохнула: |«You never know what the weather will be like on the coast»|, и закрыла окно."),
    ("rus", "deu", "На двери висела записка |„Wegen Umbau bleibt unser Laden bis Montag geschlossen“|, и мы ушли."),
    ("rus", "eng", "Тренер крикнул: |\"Keep your eyes on the ball and run as fast as you can\"|, и все побежали."),
    ("ukr", "eng", "Вона прошепотіла: |“I have been waiting for this letter since last summer”|, і усміхнулася."),
    ("ukr", "ita", "На стіні було написано |«Non gettate niente nel cortile, per favore»|, але ніхто не читав."),
    ("bul", "eng", "Той каза: |„The bridge was closed because of the heavy snow last night“|, и седна."),
    ("bel", "eng", "Дзед сказаў: |«We have to cross the river before it gets too dark»|, і пайшоў далей."),
    ("ell", "fra", "Η γιαγιά είπε: |«Il ne faut jamais ouvrir cette porte la nuit»|, και έφυγε."),
    ("ell", "eng", "Στην πόρτα έγραφε |\"Please ring the bell twice and wait for an answer\"|, αλλά δεν ακούσαμε."),
    ("heb", "eng", "המורה אמרה: |\"Everybody should bring a warm coat and a pair of boots\"|, והילדים צחקו."),
    ("arb", "eng", "قالت الجدة: |«The old well behind the garden has been dry for years»|، ثم سكتت."),
    ("arb", "fra", "كتب على الباب |\"Le magasin est fermé jusqu'à la semaine prochaine\"| فعدنا إلى البيت."),
    ("pes", "eng", "او گفت: |«Nobody has seen the neighbour's cat since last Friday»| و رفت."),
    ("hin", "eng", "दादी ने कहा: |\"You should always carry an umbrella in this town\"| और वह हँस पड़ीं।"),
    ("tha", "eng", "ป้ายเขียนว่า |\"Do not lean your bicycle against this old wall\"| แต่ไม่มีใครสนใจ"),
    ("jpn", "eng", "母は|「You can have the last piece of cake if you like」|と言った。"),
    ("jpn", "fra", "看板には|『Il est interdit de marcher sur les pelouses du parc』|と書いてあった。"),
    ("kor", "eng", "할머니는 |\"The train to the village only runs on market days\"| 라고 말씀하셨다."),
    ("cmn", "eng", "他说：|“The ferry will not leave before the fog has lifted”|，然后走了。"),
    ("cmn", "deu", "门上写着|“Der Schlüssel liegt unter dem Blumentopf neben der Treppe”|，我们笑了。"),
    ("eng", "rus", "She said |«Завтра утром мы все вместе поедем на дачу к дедушке»|, and smiled."),
    ("eng", "ell", "The note said |“Θα γυρίσουμε αργά το βράδυ, μη μας περιμένετε”|, so we ate."),
    ("fin", "rus", "Hän kuiskasi: |”Никому не говори, что мы были сегодня у реки”|, ja lähti."),
    ("fra", "rus", "Il murmura : |« Никто не знает, куда уехали наши соседи »|, puis il sortit."),
    ("kat", "eng", "ბებომ თქვა: |„The apples in the cellar will last until the spring“|, და გაიღიმა."),
    ("hye", "eng", "Նա ասաց՝ |«The road over the pass is open only in the summer»|, ու գնաց։"),
    ("rus", "eng", "Мы купили карту |(it turned out to be older than my grandmother's house)| и пошли."),
    // In the same script.
    ("swe", "eng", "Hon sade: |”I never wanted to live so far away from the sea”|, och gick hem."),
    ("fin", "eng", "Isä huusi: |”There is somebody waiting for you at the gate!”| ja nauroi."),
    ("dan", "deu", "Skiltet sagde |»Bitte schließen Sie das Tor, die Schafe laufen sonst weg«|, og vi lo."),
    ("deu", "fra", "Sie rief: |„Nous avons encore oublié les clés sur la table“|, und lief zurück."),
    ("deu", "eng", "Opa sagte immer: |»A stitch in time saves nine, and that is the truth«|, und lachte."),
    ("fra", "ita", "Elle dit : |« Domani mattina andiamo tutti insieme al mercato »|, puis elle partit."),
    ("fra", "spa", "Sur la porte, |\"Volvemos a las cinco de la tarde, disculpen las molestias\"|, et personne."),
    ("spa", "eng", "La abuela decía |“The early bird catches the worm, my dear children”| y se reía."),
    ("spa", "por", "En la puerta ponía |«Estamos fechados para férias até ao fim de setembro»| y nos fuimos."),
    ("ita", "deu", "Sul muro c'era scritto |\"Das Betreten der Baustelle ist streng verboten\"| e basta."),
    ("nld", "fra", "Oma zei: |\"Il fait trop froid pour sortir sans manteau\"|, en deed de deur dicht."),
    ("pol", "eng", "Babcia mówiła: |„You should never go to bed with an empty stomach”|, i miała rację."),
    ("ces", "eng", "Děda řekl: |„The best mushrooms grow behind the old chapel“|, a odešel."),
    ("hun", "deu", "A táblán ez állt: |„Der Zug fährt heute leider nicht bis zur Grenze”|, és vártunk."),
    ("tur", "fra", "Kapıda |\"Le musée est fermé tous les mardis de l'année\"| yazıyordu."),
    ("rus", "ukr", "Сосед крикнул: |«Заходьте до хати, будемо разом вечеряти та співати»|, и ушёл."),
    ("bul", "rus", "На вратата пишеше |„Закрыто до понедельника, приходите, пожалуйста, позже“|, и си тръгнахме."),
];

/// What is longer than its sentence, and no fragment of its own all the same.
const NAMING: [(&str, &str); 14] = [
    ("cmn", "我在 New England Journal of Medicine 上看到了这个消息，后来又打开了 Adobe Photoshop Elements。"),
    ("cmn", "他用 Apple MacBook Pro 写作。"),
    ("jpn", "昨日 Manchester United Football Club の試合を見ました。"),
    ("kor", "나는 London School of Economics 에서 공부했다."),
    ("rus", "Заметка вышла в журнале Proceedings of the Royal Society of Edinburgh в мае."),
    ("rus", "Мы смотрели «The Curious Case of the Missing Lighthouse Keeper» в клубе."),
    ("rus", "Скачать Microsoft Visual Studio Community Edition бесплатно"),
    ("ukr", "Він працює в Northern Ireland Public Service Agency з весни."),
    ("ell", "Σπούδασε στο Massachusetts Institute of Technology και στο Imperial College London."),
    ("heb", "היא עובדת ב Green Valley Software Solutions כבר שנה."),
    ("arb", "درس في University of California San Diego ثم عاد."),
    ("hin", "वह Delhi Metro Rail Corporation Limited में काम करता है।"),
    ("tha", "เขาทำงานที่ Pacific Northwest Research Station มานาน"),
    ("bul", "Чета New York Times International Edition всяка сутрин."),
];

/// One language in two scripts.
const DIGRAPHIC: [(&str, &str); 16] = [
    ("uzn", "Bolalar maktabdan keyin bog'da o'ynashdi. Кечқурун эса бувиси уларга эртак айтиб берди."),
    ("uzn", "Бу йил ёмғир кўп ёғди, шунинг учун олма ҳам мўл бўлди. Kuzda bozorda narxlar ancha arzon bo'ladi."),
    ("uzn", "Do'kon soat to'qqizda ochiladi.\nДўкон соат тўққизда очилади ва кечгача ишлайди."),
    ("uzn", "Yangi yo'l qurildi. Янги йўл қишлоқни шаҳар билан боғлайди. Odamlar xursand. Ҳамма уни кўришга борди."),
    ("azj", "Dünən bütün günü yağış yağdı və çay daşdı. Бу сәһәр исә ҝүнәш чыхды, һава исинди."),
    ("azj", "Нәнәм һәр сәһәр чөрәк биширир вә бизә верир. Biz də ona bağda kömək edirik."),
    ("azj", "Kitab masanın üstündədir.\nКитаб масанын үстүндәдир, ону охумаг истәјирәм."),
    ("kaz", "Әжем күн сайын таңертең ерте тұрады. Ol bizge ystyq nan men súıt daıyndaıdy."),
    ("kaz", "Кеше біз ауылға бардық, онда көп қонақ болды. Keshke deıin án aıtyp, oıyn oınadyq."),
    ("kaz", "Балалар мектепке жаяу барады. Olar jolda qustardyñ änin tyñdaıdy jäne gül jınaıdy."),
    ("tuk", "Biziň obamyzda täze mekdep guruldy. Оба адамлары бу дерек үчин өрән бегендилер."),
    ("kaa", "Balalar mektepte jańa kitaplardı oqıp atır. Олар ертең дәрьяның бойына барады."),
    ("bel", "Бабуля кожную раніцу корміць курэй і гусей. Paśla jana idzie ŭ aharod palivać kvietki."),
    ("bel", "Учора мы доўга хадзілі па лесе. Znajšli mnoha hryboŭ i čarnic, a potym viarnulisia dadomu."),
    ("srp", "Деда је јутрос отишао на пијацу. Kupio je jabuke, kruške i malo sira za ručak."),
    ("srp", "Kiša pada već tri dana bez prestanka. Река је нарасла, па мост више није безбедан."),
];

/// Two languages in two scripts, near as some are.
const TWO: [(&str, &str, &str); 10] = [
    (
        "uzn",
        "kir",
        "Bolalar maktabdan keyin bog'da o'ynashdi. |Балдар мектептен кийин короодо ойношуп, анан үйгө кетишти.",
    ),
    ("uzn", "rus", "Bugun havo juda issiq bo'ldi, hamma daryoga ketdi. |Сегодня очень жарко, и все ушли купаться."),
    (
        "uzn",
        "tgk",
        "Do'kon soat to'qqizda ochiladi va kech yopiladi. |Мағоза соати нӯҳ кушода мешавад ва дер пӯшида мешавад.",
    ),
    ("azj", "rus", "Dünən bütün günü yağış yağdı və çay daşdı. |Вчера весь день шёл дождь, и река вышла из берегов."),
    ("azj", "kaz", "Nənəm hər səhər çörək bişirir və bizə verir. |Әжем күн сайын таңертең ерте тұрып, нан пісіреді."),
    ("tuk", "rus", "Biziň obamyzda täze mekdep guruldy. |Сельские жители очень обрадовались этой новости."),
    ("kaz", "tur", "Әжем күн сайын таңертең ерте тұрады. |Çocuklar her sabah okula yürüyerek gidiyorlar."),
    ("kaz", "eng", "Кеше біз ауылға бардық, онда көп қонақ болды. |We sang songs until it was late at night."),
    ("bel", "pol", "Бабуля кожную раніцу корміць курэй і гусей. |Potem idzie do ogrodu i podlewa wszystkie kwiaty."),
    ("bel", "ces", "Учора мы доўга хадзілі па лесе. |Našli jsme mnoho hub a borůvek a potom jsme šli domů."),
];

type Parts = Vec<(String, String)>;

/// The examples that are not divided as they should be, and those that are, but with other labels; each with what it became.
fn wrong(examples: impl Iterator<Item = (String, Parts)>) -> [Vec<String>; 2] {
    let mut wrong = [Vec::new(), Vec::new()];
    for (text, want) in examples {
        let found = balanced(&text);
        if found != want {
            let divided = found.iter().map(|(_, part)| part).eq(want.iter().map(|(_, part)| part));
            wrong[usize::from(divided)].push(format!("{found:?}"));
        }
    }
    wrong
}

/// A text and its parts, which bars part; the space after a quotation is the quotation's.
fn parts(text: &str, languages: &[&str]) -> (String, Parts) {
    let mut out: Parts = Vec::new();
    for (part, code) in text.split('|').zip(languages) {
        let own = part.trim_start();
        if let Some((_, before)) = out.last_mut() {
            before.push_str(&part[..part.len() - own.len()]);
        }
        out.push(((*code).to_owned(), own.to_owned()));
    }
    (text.replace('|', ""), out)
}

#[test]
fn a_quotation_leaves_its_sentence_alone() {
    let [divided, labelled] = wrong(QUOTING.iter().map(|(host, quote, text)| parts(text, &[host, quote, host])));
    // A few words may be taken for a near relative.
    assert!(divided.is_empty() && labelled.len() <= 6, "{divided:#?} {labelled:#?}");
}

#[test]
fn names_longer_than_their_sentence_stay_in_it() {
    let [divided, labelled] = wrong(NAMING.iter().map(|(code, text)| parts(text, &[code])));
    assert!(divided.is_empty() && labelled.is_empty(), "{divided:#?} {labelled:#?}");
}

#[test]
fn two_scripts_of_a_language_are_one_fragment() {
    let [divided, labelled] = wrong(DIGRAPHIC.iter().map(|(code, text)| parts(text, &[code])));
    assert!(divided.len() <= 1 && labelled.len() <= 1, "{divided:#?} {labelled:#?}");
    let [divided, labelled] = wrong(TWO.iter().map(|(first, second, text)| parts(text, &[first, second])));
    assert!(divided.is_empty() && labelled.is_empty(), "{divided:#?} {labelled:#?}");
}

#[test]
fn a_language_that_may_not_be_answered_joins_nothing() {
    let config = crate::Config { languages: "kir_Cyrl,eng_Latn".parse().unwrap(), ..crate::Config::default() };
    let mut found = Vec::new();
    Segmenter::new(&config).unwrap().fragments(DIGRAPHIC[0].1, &mut super::Scratch::default(), &mut found);
    assert!(found.iter().all(|fragment| fragment.label.language() != "uzn"), "{found:?}");
}
