//! Texts in many languages, with what they are divided into. Sentences of our own.

mod hosts;

use super::*;
use crate::config::Config;

/// The fragments of a text as `label text`, with the language alone for a label.
fn shown(text: &str, options: &Options) -> Vec<(String, String)> {
    let own = |f: &Fragment| (f.label.language().to_owned(), text[f.range.clone()].to_owned());
    fragments(text, options).iter().map(own).collect()
}

fn balanced(text: &str) -> Vec<(String, String)> {
    shown(text, &Options::default())
}

/// Parts with their languages, which the text that they make is to be divided into.
fn comes_apart(parts: &[(&str, &str)]) {
    let text: String = parts.iter().map(|(_, part)| *part).collect();
    let want: Vec<_> = parts.iter().map(|(code, part)| ((*code).to_owned(), (*part).to_owned())).collect();
    assert_eq!(balanced(&text), want);
}

#[test]
fn a_script_of_none_of_the_languages_is_unknown() {
    let segmenter = Segmenter::new(&Config { languages: "rus".parse().unwrap(), ..Config::default() }).unwrap();
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    segmenter.fragments("The ferry leaves at seven. It comes back late in the evening.", &mut scratch, &mut found);
    assert_eq!(found.iter().map(|f| f.label.to_string()).collect::<Vec<_>>(), ["und_Latn"]);
}

#[test]
fn sentences_of_another_language_are_parted() {
    for parts in [
        [
            ("eng", "We walked along the river until it was dark. "),
            ("deu", "Danach haben wir in der kleinen Küche Suppe gekocht."),
        ],
        [
            ("spa", "El tren de la tarde llegó con mucho retraso a la estación. "),
            ("fra", "Personne ne nous avait prévenus, et il faisait très froid."),
        ],
        [
            ("ita", "La bottega del falegname è chiusa fino a lunedì prossimo. "),
            ("pol", "Proszę zapytać sąsiada, który mieszka naprzeciwko."),
        ],
        [
            ("tur", "Bahçedeki ağaçlar bu yıl çok erken çiçek açtı. "),
            ("fin", "Naapurin kissa nukkuu taas meidän portailla."),
        ],
        [
            ("swh", "Watoto wanacheza mpira nyuma ya shule kila jioni. "),
            ("eng", "Their teacher watches them from the window upstairs."),
        ],
        [
            ("rus", "Вчера вечером мы долго сидели на крыльце и пили чай. "),
            ("khk", "Маргааш өглөө бид зах руу явж шинэ төмс, лууван авна."),
        ],
        [
            ("ukr", "Мій дідусь щоранку ходить до лісу по гриби. "),
            ("kaz", "Балалар аулада доп ойнап жүр, ал әжесі оларды күтіп отыр."),
        ],
        [
            ("arb", "ذهبنا أمس إلى السوق واشترينا خضروات طازجة من الفلاحين. "),
            ("pes", "فردا صبح زود به خانه‌ی مادربزرگ می‌رویم و آنجا می‌مانیم."),
        ],
        [
            ("hin", "हम कल शाम को नदी के किनारे बहुत देर तक बैठे रहे। "),
            ("mar", "उद्या सकाळी आम्ही बाजारात जाऊन भाजी आणणार आहोत."),
        ],
        [
            ("jpn", "昨日は友だちと川のそばを歩いてから、小さな店でお茶を飲みました。"),
            ("cmn", "明天早上我们要坐火车去乡下看望爷爷和奶奶。"),
        ],
    ] {
        comes_apart(&parts);
    }
}

#[test]
fn so_are_lines_quotations_and_what_has_no_mark() {
    comes_apart(&[
        ("por", "A padaria da esquina abre às seis da manhã e fecha ao meio-dia.\n"),
        ("swe", "Logga in\nGlömt ditt lösenord?\n"),
        ("por", "O pão de milho acaba sempre antes das nove, por isso é melhor chegar cedo."),
    ]);
    comes_apart(&[
        ("nld", "De oude visser zei alleen "),
        ("eng", "“the sea gives and the sea takes away” "),
        ("nld", "en liep toen langzaam naar huis."),
    ]);
    comes_apart(&[
        ("eng", "Everybody was very friendly to us in the village. We will come back "),
        (
            "hun",
            "A pék azt mondta, hogy jövő kedden már biztosan nyitva lesznek. Addig a szomszéd faluba járunk kenyérért.",
        ),
    ]);
}

#[test]
fn names_terms_and_short_quotations_stay() {
    for text in [
        "Gestern hat Jean-Baptiste Moreau im Café de la Gare einen Vortrag über Wein gehalten.",
        "The band played “Noche Azul” twice, and everybody sang along.",
        "Il a répondu “no way” et il est parti sans dire un mot de plus.",
        "Vi såg filmen The Last Boat Home på biografen i går kväll.",
        "Volgens de handleiding (Deep Water Pump Installation Guide) moet de pomp eerst leeg zijn.",
        "Para actualizar ejecute npm install --save-dev y reinicie el servidor; luego abra config.json.",
        "Rörets diameter är 12 mm, dess längd 3 km, och trycket p = 2,5 bar vid 20 °C.",
        "Bohužel, jak říká moje babička, čas letí a my stárneme. Ano. Tak to je.",
        "Naš sosed Marko Novak dela v podjetju Green Valley Software Solutions že deset let.",
    ] {
        assert_eq!(balanced(text).len(), 1, "{:?}", balanced(text));
    }
}

#[test]
fn what_a_text_is_in_is_not_foreign_to_it() {
    for (text, want) in [
        (
            "Vi gikk langs elva til det ble mørkt, og snakket om sommeren. Wir hatten viel Glück mit dem Wetter.",
            &[false, true][..],
        ),
        ("Hon sade: ”I never wanted to live so far away from the sea”, och gick hem.", &[false, true, false]),
        ("Бабушка сказала: «The weather on the coast is never the same», и ушла.", &[false, true, false]),
    ] {
        let foreign: Vec<bool> = fragments(text, &Options::default()).iter().map(|own| own.foreign).collect();
        assert_eq!(foreign, want, "{text}");
    }
}

#[test]
fn near_twins_and_scripts_of_one_language_are_one() {
    for text in [
        "Jeg har aldri sett så mye snø i april. Eg har aldri sett så mykje snø i april.",
        "Saya pergi ke pasar pagi tadi. Saya pergi ke pejabat untuk bekerja dengan kereta.",
        "Juče smo išli na reku da pecamo. Jučer smo išli na rijeku kako bismo pecali.",
        "Моја бака сваке суботе пече хлеб за целу породицу. Posle ručka svi zajedno sedimo u dvorištu i pričamo.",
    ] {
        assert_eq!(balanced(text).len(), 1, "{:?}", balanced(text));
    }
}

#[test]
fn parts_of_one_language_have_one_label() {
    let text = "Oni su sinoć doputovali iz Sarajeva. The bus was two hours late. Zatim su otišli pravo na spavanje.";
    let found = balanced(text);
    assert!(found.len() == 3 && found[0].0 == found[2].0, "{found:?}");
}

#[test]
fn presets_differ() {
    let text = "Dün akşam arkadaşlarla toplantı yaptık und danach sind wir noch lange zusammen essen gegangen ama çok yorulduk";
    let count = |separation| shown(text, &Options { separation, ..Options::default() }).len();
    assert!(count(Separation::CodeSwitch) >= 3, "{}", count(Separation::CodeSwitch));
    assert!(count(Separation::Conservative) <= count(Separation::Balanced));
}

#[test]
fn any_text_comes_out_whole() {
    for text in ["", " ", "\n", "(", "\"", "…", "1", "a", "«»", "\u{301}", "日", "a\nб\n中\n", ". . .", "\0"] {
        for separation in [Separation::Conservative, Separation::Balanced, Separation::CodeSwitch] {
            let found = fragments(text, &Options { separation, min_fragment: 0 });
            let joined: String = found.iter().map(|f| &text[f.range.clone()]).collect();
            assert_eq!(joined, text);
        }
    }
}

#[test]
fn long_texts_are_taken_in_blocks() {
    let text = "The water was cold. ".repeat(200)
        + &"Das Wasser war sehr kalt. ".repeat(200)
        + &"The sun came out. ".repeat(200);
    let found = balanced(&text);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["eng", "deu", "eng"]);
    assert!(found[1].1.starts_with("Das Wasser") && found[2].1.starts_with("The sun"), "{:?}", &found[2].1[..40]);
}

#[test]
fn settings_are_heeded() {
    let text = "The ferry leaves at seven in the morning. El barco sale a las siete de la mañana.";
    let found = |config: &Config| {
        let mut found = Vec::new();
        Segmenter::new(config).unwrap().fragments(text, &mut Scratch::default(), &mut found);
        found.len()
    };
    let fragments = |fragments| found(&Config { fragments, ..Config::default() });
    assert_eq!([Fragments::Separate, Fragments::Drop, Fragments::Keep].map(fragments), [2, 2, 1]);
    assert_eq!(found(&Config { identifier: "script".to_owned(), ..Config::default() }), 1);
    let languages = "eng_Latn".parse().unwrap();
    assert_eq!(found(&Config { languages, ..Config::default() }), 1, "there is nothing to tell apart");
}

/// Every stretch of so many words of the texts of the corpus, and of sentences of this file with numbers between them.
fn stretches() -> Vec<String> {
    let folders = ["web", "scripts", "mixed", "broken"].map(|name| format!("corpus/{name}"));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).collect();
    files.sort();
    let mut texts: Vec<String> = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(texts.len() > 10, "{}", texts.len());
    texts.push(
        include_str!("tests.rs").lines().filter_map(|line| line.split('"').nth(3)).collect::<Vec<_>>().join(" 24:7 — "),
    );
    let mut out: Vec<String> = texts.iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    for text in &texts {
        let words: Vec<&str> = text.split_whitespace().collect();
        for count in [8, 20, 60] {
            out.extend(words.windows(count).step_by(3).map(|some| some.join(" ")));
        }
    }
    out
}

#[test]
fn what_is_sure_at_a_glance_is_what_the_engine_says() {
    let (segmenter, mut scratch) = (Segmenter::new(&Config::default()).unwrap(), Scratch::default());
    let (mut sure, mut others) = (0, Vec::new());
    for text in stretches() {
        let own = &mut scratch.segment;
        segmenter.segment.pieces(&text, own);
        let Some(guess) = own.languages.sure else { continue };
        assert_eq!(own.pieces.len(), 1, "{text}");
        resolve(&text, 0, &mut own.pieces);
        let script = own.pieces[0].script;
        if segmenter.identify.takes(&guess, script) {
            sure += 1;
            let whole = segmenter.identify.guess(&text, script, &mut scratch.identify);
            if whole.label != guess.label {
                others.push(format!("{guess:?} {whole:?} {text}"));
            }
        }
    }
    // A text whose first letters look like program text, or which is half in another language, may have another answer.
    assert!(sure > 1000 && others.len() * 200 <= sure, "{} of {sure}: {others:#?}", others.len());
}
