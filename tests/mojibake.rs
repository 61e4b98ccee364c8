//! Sentences written for these tests, in many languages, through wrong decodings and back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "encodings/sentences.rs"]
#[allow(dead_code, reason = "what the tests of encodings need besides")]
mod sentences;

use babelsift::decode::Encoding;
use babelsift::repair::mojibake::{misread, wrong_encodings};
use babelsift::repair::{Profile, Setting, repair, repair_as};

use sentences::{comparable, encoded, languages};

fn only() -> Profile {
    Profile::none().with("mojibake", Setting::On).unwrap()
}

/// Texts of three sentences.
fn texts() -> impl Iterator<Item = (&'static str, Vec<Encoding>, Vec<String>)> {
    languages().into_iter().map(|language| {
        let texts = language.sentences.chunks(3).map(|s| s.join(" ")).collect();
        (language.name, language.encodings, texts)
    })
}

#[derive(Default)]
struct Count {
    all: usize,
    fixed: usize,
    wrong: Vec<String>,
}

impl Count {
    fn add(&mut self, chain: impl std::fmt::Display, broken: &str, text: &str) {
        let got = repair(broken, &only());
        self.all += 1;
        self.fixed += usize::from(comparable(&got) == comparable(text));
        if comparable(&got) != comparable(text) && got != broken {
            self.wrong.push(format!("{chain}: {text}\n  {broken}\n  {got}"));
        }
    }

    /// At least this share is fixed, at most that share is changed into something else.
    fn check(&self, fixed: f64, wrong: f64) {
        let share = |n: usize| n as f64 / self.all as f64;
        let shares = (share(self.fixed), share(self.wrong.len()));
        assert!(
            shares.0 >= fixed && shares.1 <= wrong,
            "{} texts, {shares:?}\n{}",
            self.all,
            self.wrong[..self.wrong.len().min(40)].join("\n")
        );
    }
}

#[test]
fn utf8_read_as_anything() {
    let mut count = Count::default();
    for (name, _, texts) in texts() {
        for (text, wrong) in texts.iter().flat_map(|t| wrong_encodings().map(move |w| (t, w))) {
            for controls in [false, true] {
                if let Some(broken) = misread(wrong, controls, text.as_bytes()) {
                    count.add(format!("{name} {wrong:?}"), &broken, text);
                }
            }
        }
    }
    count.check(0.99, 0.002);
}

#[test]
fn utf8_read_wrongly_two_and_three_times() {
    let layers: Vec<Encoding> = ["windows-1252", "windows-1251", "macintosh", "iso-8859-2"]
        .iter()
        .filter_map(|l| Encoding::for_label(l))
        .collect();
    let mut count = Count::default();
    for (name, _, texts) in texts() {
        for text in texts {
            for (a, b) in layers.iter().flat_map(|a| layers.iter().map(move |b| (*a, *b))) {
                let Some(once) = misread(a, false, text.as_bytes()) else { continue };
                let Some(twice) = misread(b, a == b, once.as_bytes()) else { continue };
                count.add(format!("{name} {a:?} {b:?}"), &twice, &text);
            }
            let thrice = (0..3).try_fold(text.clone(), |t, _| misread(layers[0], false, t.as_bytes()));
            count.add(format!("{name} three times"), &thrice.unwrap(), &text);
        }
    }
    count.check(0.9, 0.05);
}

#[test]
fn one_encoding_read_as_another() {
    let mut count = Count::default();
    for (name, encodings, texts) in texts() {
        for (right, text) in encodings.iter().flat_map(|e| texts.iter().map(move |t| (*e, t))) {
            let Some(bytes) = encoded(text, right) else { continue };
            for wrong in ["windows-1252", "windows-1251", "windows-1250", "ibm437", "macintosh"] {
                let wrong = Encoding::for_label(wrong).unwrap();
                if let Some(broken) = misread(wrong, false, &bytes).filter(|b| comparable(b) != comparable(text)) {
                    count.add(format!("{name} {right:?} {wrong:?}"), &broken, text);
                }
            }
        }
    }
    count.check(0.85, 0.03);
}

#[test]
fn text_that_is_right_stays() {
    let others = [
        "Ã mba'e piko ojehu?",
        "A IRMÃ”, disse ela, “JÁ É MÃE”.",
        "SÃO PAULO — CORAÇÃO, PÃO E MAÇÃ",
        "L’ÉTÉ À LA PLAGE, ÇA VA ? ÎLE D’OLÉRON",
        "Ä, Ö, Ü und ß: “Ängste” – ‘Öfen’ … Übung",
        "¿Qué? ¡Sí! «Año» 20 °C ± 5 µm, ½ cup, §3 ¶2",
        "Blåbærsyltetøy på Ærø, smörgåsbord, Ångström",
        "Ýöne, şowuň öý eýesi ýazdy, \"öňki bolşy aňrybaş ajaýyp\" aýtdy.",
        "Dvořák ∙ Łódź ∙ Győr ∙ Rīga ∙ Şanlıurfa",
        "┌──┬──┐ │ é │ ñ │ └──┴──┘",
        "ПРИВЕТ, МИР! Їжак і ґедзь. Љубав, Њива, Џем",
        "Ενα δύο τρία: ἀρχὴ ἄνδρα δείξει",
        "שלום עולם — مرحبا بالعالم — नमस्ते दुनिया",
        "한국어 문장과 漢字, ひらがな、カタカナ。ﾊﾝｶｸ",
        "naïve café’s €5 rôle… Œuvre №7 ™ ® ©",
        "x² + y² = r², z³",
        "a ≠ b, ∑ ∂f/∂x",
        "d´Wieler, d´Trennung",
        "the sеndеr оf this lеttеr",
        "A daa bε mε bilε ka yε",
        "ʻŌlelo Hawaiʻi, Māori kupu: whānau, ā tātou",
    ];
    let ours = texts().flat_map(|(_, _, texts)| texts);
    for text in others.into_iter().map(str::to_owned).chain(ours) {
        assert_eq!(repair(&text, &only()), text);
    }
}

/// What is no sentences: frames, trees, bars, formulas, alphabets, patterns, rows of signs, kana of half width.
const NO_WORDS: &str = "\
┌────────┬─────┐
│ Stadt  │ km² │
├────────┼─────┤
│ Bergen │ 465 │
└────────┴─────┘
╔═══════╗
║ START ║
╚═══════╝
╠══╬══╣
src
├── lib.rs
│   ├── mod.rs
│   └── été.rs
└── Makefile
────── Kapitel 4 ──────
═══ END ═══
██████░░░░ 60 %
[▓▓▓▓▒▒▒▒]
▀▄▀▄▀▄▀▄
Inhalt ················ 12
Vorwort..................3
°°° ¬¬¬ ¤¤¤ §§§
U = 2πr, A = πr², V = 4πr³/3
cos²α + sin²α = 1
a² + b² = c² ± ½
Δt ≈ 3 µs, ρ = m/V, λ·f = c
x² ≤ y², n³·k ≥ 2m
30 m² × 2½ = 75 m²
E = ½mv² + mgh
ÄÖÜ äöüß
ÁÉÍÓÖŐÚÜŰ
ąćęłńóśźż
ĀČĒĢĪĶĻŅŠŪŽ
àèéìòù
if re.match('[a-zA-ZàèéìòùÀÈÉÌÒÙ]+', s):
tr/ÀÁÂÃÄÅàáâãäå/AAAAAAaaaaaa/
¡¡¡Vaaamooos!!! Ééééé
Óóóóó, ahhh
AAAÁÁÁÁ GOOOÓÓÓL
ｶﾀｶﾅ ﾊ ﾊﾝｶｸ ﾃﾞｽ
ﾋﾞｰﾙ ﾊﾟﾝ ｼﾞｭｰｽ
Name　Alter　Stadt
Öffnungszeiten　10:00〜18:00
ויאמר אליו לך׃ וילך׃
└─a─b─a─b─a─b
┌───┐─┌───┐─ └──│ │──┘
Der Donau\u{ad}dampfer hat Ver\u{ad}spä\u{ad}tung im Hafen\u{ad}becken
Ke\u{ad}le\u{ad}viai laukia šv. Onos
selfとsuper, superとself
«Cоla Zero»";

#[test]
fn what_is_no_words_stays() {
    let changed = |text: &str| {
        let got = repair(text, &only());
        (got != text).then(|| format!("{text}\n  {got}"))
    };
    let lines: Vec<String> = NO_WORDS.lines().chain([NO_WORDS]).filter_map(changed).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    // Beside sentences and between them, too.
    let sentences = ["The kettle is on the stove.", "Über Nacht hat es geschneit.", "Поезд уже ушёл."];
    let mixed = NO_WORDS.lines().flat_map(|line| sentences.map(|s| format!("{s} {line} {s}")));
    let lines: Vec<String> = mixed.filter_map(|text| changed(&text)).collect();
    assert!(lines.len() <= 2, "{}", lines.join("\n"));
}

#[test]
fn what_is_broken_beside_what_is_right() {
    let read = |label: &str, text: &str| {
        let bytes = Encoding::for_label(label).unwrap().encode(text).unwrap();
        misread(Encoding::for_label("windows-1252").unwrap(), false, &bytes).unwrap()
    };
    let chinese = ["小船停在岸边，没有人来取。", "邻居家的猫又爬上了屋顶。"];
    let japanese = ["駅前の店はもう閉まっていました。", "電車は少し遅れて着いた。"];
    for ([right, broken], label) in [(chinese, "gbk"), (japanese, "shift_jis"), (japanese, "euc-jp")] {
        for between in ["", "\n", " ", "\u{3000}"] {
            let text = format!("{right}{between}{}{between}{right}", read(label, broken));
            assert_eq!(
                repair(&text, &only()),
                format!("{right}{between}{broken}{between}{right}"),
                "{label} {between:?}"
            );
        }
    }
}

/// A sign or a word alone, in text that is right and has accents of its own.
#[test]
fn what_is_proved_is_repaired_anywhere() {
    let all = [
        ("Eintritt 12 â‚¬, Schüler 8 â‚¬", "Eintritt 12 €, Schüler 8 €"),
        ("Tickets are Â£5 each; Â© 2021 Harbour Trust", "Tickets are £5 each; © 2021 Harbour Trust"),
        ("Fertig âœ” and tested", "Fertig ✔ and tested"),
        ("A value â‰¥ 40 is high", "A value ≥ 40 is high"),
        ("5 Âµm thick, 20 Â°C warm", "5 µm thick, 20 °C warm"),
        ("Sing along â™ª tonight", "Sing along ♪ tonight"),
        ("Größe â€“ Länge â€“ Höhe", "Größe – Länge – Höhe"),
        ("O irmÃ£o do João não veio.", "O irmão do João não veio."),
        ("Sie hat dafÃ¼r schon müde gezahlt.", "Sie hat dafür schon müde gezahlt."),
        ("RÃ©gion naïve, façade brÃ»lée", "Région naïve, façade brûlée"),
        ("Ήρθε Î±Ï€ÏŒ την πόλη", "Ήρθε από την πόλη"),
        ("SÃ£o Paulo", "São Paulo"),
        ("Ä°zmir", "İzmir"),
        ("ein Kï¿½nig, zwei Kï¿½nige", "ein K\u{FFFD}nig, zwei K\u{FFFD}nige"),
        ("â€œhalf lostâ€\u{FFFD}", "“half lost”"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ\u{FFFD}, Ð´Ñ€ÑƒÐ³", "Приве\u{FFFD}, друг"),
    ];
    let wrong = all.map(|(broken, was)| (repair(broken, &only()), was)).into_iter().filter(|(got, was)| got != was);
    assert_eq!(wrong.collect::<Vec<_>>(), []);
}

/// What an encoding makes of a text in UTF-8 where bytes that it has no character for become another, or the no-break space a plain
/// one; and what of the text can be told from that. None where nothing is lost.
fn misread_with_loss(label: &str, lost: Option<char>, text: &str) -> Option<(String, String)> {
    let units = Encoding::for_label(label)?.single_byte()?;
    let is_lost = |byte: &u8| matches!(units[usize::from(*byte)], 0x80..=0x9F | Encoding::UNDEFINED);
    let is_space = |byte: &u8| *byte == 0xA0;
    let mut read = (String::new(), String::new());
    let mut losses = 0;
    for c in text.chars() {
        let c = if c == '\u{A0}' { ' ' } else { c };
        let bytes = c.to_string().into_bytes();
        let unknown = lost.is_some() && bytes.iter().any(is_lost);
        losses += usize::from(unknown || lost.is_none() && bytes.iter().any(is_space));
        read.1.push(if unknown { char::REPLACEMENT_CHARACTER } else { c });
        read.0.extend(bytes.iter().map(|byte| match lost {
            Some(lost) if is_lost(byte) => lost,
            None if is_space(byte) => ' ',
            _ if is_lost(byte) => char::from(*byte),
            _ => char::from_u32(units[usize::from(*byte)].into()).unwrap_or_default(),
        }));
    }
    (losses > 0).then_some(read)
}

/// What should be left of a text in which characters lost a byte, where what came of it has the letters that they were; and how many of
/// them were filled in right, wrong and not.
fn filled(got: &str, left: &str, text: &str, letters: &mut [usize; 3]) -> String {
    if got.chars().count() != left.chars().count() {
        return left.to_owned();
    }
    let all = got.chars().zip(left.chars()).zip(text.chars());
    all.map(|((got, left), was)| {
        let is_right = got == was;
        if left == char::REPLACEMENT_CHARACTER {
            letters[if is_right { 0 } else { 1 + usize::from(got == left) }] += 1;
        }
        if is_right { was } else { left }
    })
    .collect()
}

#[test]
fn utf8_with_lost_bytes() {
    for (lost, fixed, wrong) in [(Some('\u{FFFD}'), 0.85, 0.1), (Some('?'), 0.65, 0.3), (None, 0.85, 0.15)] {
        let (mut count, mut letters) = (Count::default(), [0; 3]);
        for (name, _, texts) in texts() {
            for (text, label) in
                texts.iter().flat_map(|t| ["windows-1252", "windows-1250", "windows-1251"].map(|l| (t, l)))
            {
                if let Some((broken, left)) = misread_with_loss(label, lost, text) {
                    let left = filled(&repair(&broken, &only()), &left, &text.replace('\u{A0}', " "), &mut letters);
                    count.add(format!("{name} {label} {lost:?}"), &broken, &left);
                }
            }
        }
        assert!(count.all > 50, "{}", count.all);
        count.check(fixed, wrong);
        let [right, wrong, open] = letters;
        assert!(lost.is_none() || 3 * right > open && 10 * wrong < right, "{letters:?}");
    }
}

#[test]
fn lost_letters_are_told_by_those_around() {
    for (broken, was) in [
        ("MÃ¡s allÃ¡ del mar estÃ¡ Ã\u{FFFD}frica", "Más allá del mar está \u{FFFD}frica"),
        ("Ä\u{FFFD}eskÃ© BudÄ›jovice leÅ¾Ã\u{AD} na jihu", "české Budějovice leží na jihu"),
        ("ÐŸÑ€Ð¾Ñ\u{FFFD}Ñ‚Ð¾ Ð¾Ñ‚Ð»Ð¸Ñ‡Ð½Ð¾", "Просто отлично"),
        ("Р\u{FFFD}Р·СѓС‡Р°Р№С‚Рµ РїСЂР°РІРёР»Р°", "Изучайте правила"),
        ("adres eâ€\u{FFFD}mail uÅ¼ytkownika", "adres e\u{2010}mail użytkownika"),
    ] {
        assert_eq!(repair(broken, &only()), was);
    }
}

#[test]
fn lost_bytes_show_beside_others() {
    for (broken, was) in [
        ("Elle a dit â€œdemainâ€ et non â€œjamaisâ€, voilÃ  tout.", "Elle a dit “demain” et non “jamais”, voilà tout."),
        ("Il est dÃ©jÃ  Ã  la gare, voilÃ .", "Il est déjà à la gare, voilà."),
        ("voilÃ  ce qui reste", "voilà ce qui reste"),
        ("La cittÃ  Ã¨ sotto la neve", "La città è sotto la neve"),
        ("Å koda a Å Ã¡rka jely k Å¾elezni\u{C4}\u{FFFD}nÃ\u{AD} trati", "Škoda a Šárka jely k železniční trati"),
        ("Ð ÑƒÑ\u{FFFD}ÑŒ Ð¸ Ð Ð¸Ð¼", "Ру\u{FFFD}ь и Рим"),
        ("Â¿QuÃ©? dijo â€œsÃ\u{AD}â€?", "¿Qué? dijo “sí”"),
        ("ðŸ‘¨â€\u{FFFD}ðŸ‘© sind da", "👨\u{200D}👩 sind da"),
    ] {
        assert_eq!(repair(broken, &only()), was);
    }
    for text in [
        "PARANÃ? NÃO!",
        "così „grande“ e più “bello”",
        "tè € 2, caffè € 3",
        "'Ã ?'",
        ">:( `¬´ )",
        "Å er et tettsted. Å i åa!",
    ] {
        assert_eq!(repair(text, &only()), text);
    }
}

#[test]
fn names_and_initials_stay() {
    for text in [
        "Ö. Ängby, Å. Örn: Fåglar vid kusten. Årsskrift 2011.",
        "Ż. Śliwa, Ł. Ćmiel i Ź. Żurek",
        "Đ. Đokić, Š. Žarić i Č. Ćuk (2015)",
        "Þ. Æsisson og Í. Ölversdóttir",
        "Щербак Э. Ю., Чугунов Щ. (1998): Очерки. Тверь.",
        "Ř. Žďárský, Ď. Ťoupal; Ň. Šíp",
        "Ő. Ürge és Á. Őri",
        "ÇIĞLI, ŞIRNAK, İĞDIR",
        "HUI, VOCÊ É…",
        "NESTLÉ® und RÔTI™",
        "a 220В±10 % supply, 10 Å±2",
        "( o¬ô )",
    ] {
        assert_eq!(repair(text, &only()), text);
    }
}

#[test]
fn characters_written_by_halves() {
    // Each half of the surrogate pair as UTF-8, read as windows-1252 and as Latin-1.
    for text in
        ["Merci \u{ED}\u{A0}\u{BD}\u{ED}\u{B8}\u{80} encore", "Tak \u{ED}\u{A0}\u{BD}\u{ED}\u{B8}\u{80}, vi ses"]
    {
        let right = text.replace("\u{ED}\u{A0}\u{BD}\u{ED}\u{B8}\u{80}", "😀");
        assert_eq!(repair(text, &only()), right);
    }
}

#[test]
fn one_broken_sentence_is_repaired_and_the_rest_is_left_alone() {
    let (good, was) = ("Die Gäste kommen um sieben. ", "Пассажирский поезд опоздал на три часа.");
    for (right, wrong) in [("utf-8", "windows-1252"), ("windows-1251", "windows-1252"), ("utf-8", "gb18030")] {
        let [right, wrong] = [right, wrong].map(|label| Encoding::for_label(label).unwrap());
        let broken = misread(wrong, false, &right.encode(was).unwrap()).unwrap();
        assert_eq!(repair(&format!("{good}{broken} {good}"), &only()), format!("{good}{was} {good}"));
    }
}

#[test]
fn offsets_lead_back_word_by_word() {
    let broken = "Er sagte: â€žSchÃ¶nâ€œ und ging Ã¼ber die StraÃŸe.";
    let repaired = repair_as(broken, &only(), None);
    assert_eq!(repaired.text, "Er sagte: „Schön“ und ging über die Straße.");
    for word in ["Er", "und", "ging", "die"] {
        let [after, before] = [&*repaired.text, broken].map(|text| text.find(word).unwrap());
        assert_eq!(repaired.source_offset(after), before, "{word}");
    }
}

#[test]
fn the_time_is_linear() {
    let broken = misread(Encoding::WINDOWS_1252, false, "Пассажирский поезд опоздал. ".as_bytes()).unwrap();
    for pattern in [&broken, "Ã", "Ã©", "é", "éÃ© ", "ÏÐÈÂÅÒ ", "浣犲ソ", &format!("Добрый день. {broken}")]
    {
        let times = [1, 4].map(|n| {
            let text = pattern.repeat(n * 50_000 / pattern.len());
            let start = std::time::Instant::now();
            let repaired = repair(&text, &only()).len();
            (start.elapsed(), repaired)
        });
        assert!(times[1].0 < times[0].0 * 12 + std::time::Duration::from_millis(200), "{pattern}: {times:?}");
    }
}
