//! Normalization beside other crates that do it, beside a check of UTF-8 and beside copying, in one interleaved run.
//!
//! Texts are paragraphs of about a kilobyte, 128 KB of each language, so that all of it stays in a core's own cache.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tables are what it is for")]

mod common;

use std::borrow::Cow;
use std::cell::RefCell;
use std::hint::black_box;

use babelsift::config::Form;
use babelsift::repair::normalize;
use common::{CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, VIETNAMESE, clock, lines, total};
use icu_normalizer::{ComposingNormalizerBorrowed as Composing, DecomposingNormalizerBorrowed as Decomposing};
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick, is_nfkc_quick, is_nfkd_quick,
};

const PARAGRAPH: usize = 1000;
const SIZE: usize = 128 << 10;

const fn kind(name: &'static str, labels: &'static [&'static str], files: &'static [&'static str]) -> Kind {
    Kind { name, labels, files }
}

const GREEK: Kind = kind("greek", &["ell_Grek"], &["scripts/el.txt"]);
const ARABIC: Kind = kind("arabic", &["arb_Arab"], &["scripts/arb.txt"]);
const BENGALI: Kind = kind("bengali", &["ben_Beng"], &["scripts/bn.txt"]);

/// Text as it should be. The marks of some stand for nearly every second letter.
const RIGHT: [Kind; 22] = [
    ENGLISH,
    FRENCH,
    VIETNAMESE,
    kind("yoruba", &["yor_Latn"], &["scripts/vi-nfd.txt"]),
    GREEK,
    RUSSIAN,
    kind("armenian", &["hye_Armn"], &["scripts/hy.txt"]),
    kind("georgian", &["kat_Geor"], &["scripts/ka.txt"]),
    kind("hebrew", &["heb_Hebr"], &["scripts/he.txt"]),
    kind("yiddish", &["ydd_Hebr"], &["scripts/he.txt"]),
    ARABIC,
    kind("urdu", &["urd_Arab"], &["scripts/ur.txt"]),
    HINDI,
    BENGALI,
    kind("tamil", &["tam_Taml"], &["scripts/ta.txt"]),
    kind("thai", &["tha_Thai"], &["scripts/th.txt"]),
    kind("burmese", &["mya_Mymr"], &["scripts/th.txt"]),
    kind("khmer", &["khm_Khmr"], &["scripts/th.txt"]),
    kind("amharic", &["amh_Ethi"], &["scripts/am.txt"]),
    CHINESE,
    JAPANESE,
    KOREAN,
];

/// Text that is not: decomposed.
const WRONG: [Kind; 7] = [FRENCH, VIETNAMESE, GREEK, RUSSIAN, BENGALI, JAPANESE, KOREAN];

/// Vocalised Arabic as it is typed, with the doubling sign before the vowel, which is the other way round in every form;
/// and Hindi with the dotted letters that no form has.
const ARABIC_TYPED: &str = "إِنَّ الْعِلْمَ نُورٌ يَهْتَدِي بِهِ النَّاسُ، وَكُلُّ مَنْ جَدَّ وَجَدَ، وَالصَّبْرُ مِفْتَاحُ كُلِّ خَيْرٍ فِي الدُّنْيَا.";
const HINDI_TYPED: &str = "लड\u{95C}के ने स\u{95C}क पर घो\u{95C}ा देखा, फिर वह ज\u{95B}ोर से प\u{95D}ने लगा और \u{95E}ौरन घर की ओर दौ\u{95C} प\u{95C}ा।";
/// The same in order.
const HEBREW_POINTED: &str = "בְּרֵאשִׁית הָיָה הַבַּיִת קָטָן, וְהַיְלָדִים שִׂחֲקוּ בֶּחָצֵר עַד שֶׁיָּרַד הָעֶרֶב.";

/// A crate that normalizes, or what there is to compare with.
type Work = fn(&str, Form);

const ENGINES: [(&str, Work); 6] = [
    ("babelsift", |text, form| drop(black_box(normalize(text, form)))),
    ("icu_normalizer", |text, form| drop(black_box(icu(text, form)))),
    ("unicode-norm.", |text, form| drop(black_box(quick(text, form)))),
    ("simd-normalizer", |text, form| drop(black_box(simd(text, form)))),
    ("simdutf8", |text, _| _ = black_box(simdutf8::basic::from_utf8(text.as_bytes()))),
    ("memcpy", |text, _| {
        thread_local!(static COPY: RefCell<String> = const { RefCell::new(String::new()) });
        COPY.with_borrow_mut(|copy| {
            copy.clear();
            copy.push_str(black_box(text));
            black_box(copy.as_bytes());
        });
    }),
];
/// How many of them normalize, ourselves included.
const NORMALIZERS: usize = 4;

fn icu(text: &str, form: Form) -> Cow<'_, str> {
    match form {
        Form::Nfkc => const { Composing::new_nfkc() }.normalize(text),
        Form::Nfd => const { Decomposing::new_nfd() }.normalize(text),
        Form::Nfkd => const { Decomposing::new_nfkd() }.normalize(text),
        _ => const { Composing::new_nfc() }.normalize(text),
    }
}

/// As its documentation advises: look first, and do the work where the look does not settle it.
fn quick(text: &str, form: Form) -> Cow<'_, str> {
    let found = match form {
        Form::Nfkc => is_nfkc_quick(text.chars()),
        Form::Nfd => is_nfd_quick(text.chars()),
        Form::Nfkd => is_nfkd_quick(text.chars()),
        _ => is_nfc_quick(text.chars()),
    };
    if found == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(match form {
        Form::Nfkc => text.nfkc().collect(),
        Form::Nfd => text.nfd().collect(),
        Form::Nfkd => text.nfkd().collect(),
        _ => text.nfc().collect(),
    })
}

fn simd(text: &str, form: Form) -> Cow<'_, str> {
    match form {
        Form::Nfkc => simd_normalizer::nfkc().normalize(text),
        Form::Nfd => simd_normalizer::nfd().normalize(text),
        Form::Nfkd => simd_normalizer::nfkd().normalize(text),
        _ => simd_normalizer::nfc().normalize(text),
    }
}

/// Paragraphs of the lines, each changed.
fn paragraphs(lines: &[String], change: impl Fn(&str) -> String) -> Vec<String> {
    let (mut all, mut current, mut bytes) = (Vec::new(), String::new(), 0);
    for line in lines.iter().cycle() {
        current.push_str(&change(line));
        current.push(' ');
        if current.len() >= PARAGRAPH {
            bytes += current.len();
            all.push(std::mem::take(&mut current));
        }
        if bytes >= SIZE {
            return all;
        }
    }
    all
}

/// MB/s of each engine on the texts: the median of rounds in which each has its turn.
fn speeds(texts: &[String], form: Form, rounds: usize) -> [f64; ENGINES.len()] {
    let mut seconds = [const { Vec::new() }; ENGINES.len()];
    let bytes = total(texts) as f64;
    let once = |work: Work| texts.iter().for_each(|text| work(black_box(text), form));
    // As often as takes a few milliseconds, so that the clock does not matter.
    let often = ENGINES.map(|(_, work)| {
        once(work);
        let took = clock::seconds(|| once(work));
        if rounds == 1 { 1 } else { (0.003 / took.max(1e-7)).ceil() as usize }
    });
    for _ in 0..rounds {
        for (i, (_, work)) in ENGINES.iter().enumerate() {
            let took = clock::seconds(|| (0..often[i]).for_each(|_| once(*work)));
            seconds[i].push(took / often[i] as f64);
        }
    }
    seconds.map(|own| bytes / 1e6 / clock::median(&own))
}

/// A row of a table, and how many times as fast as the best of the others and as `icu_normalizer` we are.
fn row(name: &str, texts: &[String], form: Form, rounds: usize) -> [f64; 2] {
    let speeds = speeds(texts, form, rounds);
    let best = speeds[1..NORMALIZERS].iter().copied().fold(0.0, f64::max);
    let ratios = [speeds[0] / best, speeds[0] / speeds[1]];
    print!("| {name} |");
    speeds.iter().for_each(|speed| print!(" {speed:.0} |"));
    println!(" {:.1} | {:.1} |", ratios[0], ratios[1]);
    ratios
}

fn table(title: &str, rows: &[(String, Vec<String>)], form: Form, rounds: usize) {
    println!("\n{title}\n");
    let names: Vec<&str> = ENGINES.iter().map(|(name, _)| *name).collect();
    println!("| text | {} | of the best | of icu_normalizer |", names.join(" | "));
    println!("|---|{}", "---|".repeat(ENGINES.len() + 2));
    let ratios: Vec<[f64; 2]> = rows.iter().map(|(name, texts)| row(name, texts, form, rounds)).collect();
    for (i, of) in ["the best", "icu_normalizer"].iter().enumerate() {
        let own = || ratios.iter().map(|r| r[i]);
        let mean = (own().map(f64::ln).sum::<f64>() / ratios.len() as f64).exp();
        println!(
            "{} {mean:.1} times as fast as {of}, {:.1} at least",
            if i == 0 { "\nAltogether" } else { "and" },
            own().fold(f64::MAX, f64::min)
        );
    }
}

fn main() {
    // Without `--bench` the tests are being run: show that it works, no more.
    let all: Vec<String> = std::env::args().skip(1).collect();
    let rounds = if all.iter().any(|a| a == "--bench") { 15 } else { 1 };
    let wanted = all.iter().find(|a| !a.starts_with("--"));
    let composed = |kind: &Kind| paragraphs(&lines(*kind), |l| l.nfc().collect());
    let repeated = |text: &str| paragraphs(&[text.to_owned()], str::to_owned);
    let named = |kind: &Kind, texts| (kind.name.to_owned(), texts);

    let mut right: Vec<(String, Vec<String>)> = RIGHT.iter().map(|kind| named(kind, composed(kind))).collect();
    right.push(("hebrew, pointed".to_owned(), repeated(&HEBREW_POINTED.nfc().collect::<String>())));
    right.push(("arabic, vocalised".to_owned(), repeated(&ARABIC_TYPED.nfc().collect::<String>())));
    let mut wrong: Vec<(String, Vec<String>)> = Vec::new();
    for kind in WRONG {
        wrong.push((format!("{kind} in NFD"), paragraphs(&lines(kind), |l| l.nfd().collect())));
    }
    wrong.push(("hindi with dotted letters".to_owned(), repeated(HINDI_TYPED)));
    wrong.push(("arabic as typed".to_owned(), repeated(ARABIC_TYPED)));
    let rare = |l: &str| format!("{} {HINDI_TYPED}", l.nfc().collect::<String>());
    wrong.push(("russian with a little hindi".to_owned(), paragraphs(&lines(RUSSIAN), rare)));

    let shown = |part: &str| wanted.is_none_or(|w| w == part);
    if shown("right") {
        table("NFC of text that is in NFC, MB/s", &right, Form::Nfc, rounds);
    }
    if shown("wrong") {
        table("NFC of text that is not, MB/s", &wrong, Form::Nfc, rounds);
    }
    for (form, name) in [(Form::Nfkc, "NFKC"), (Form::Nfd, "NFD"), (Form::Nfkd, "NFKD")] {
        if shown("forms") {
            table(&format!("{name} of text in NFC, MB/s"), &right, form, rounds);
        }
    }
}
