//! Normalization against the conformance test of the Unicode Character Database and against another implementation.

#![cfg(feature = "compress")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::borrow::Cow;
use std::collections::BTreeSet;

use babelsift::config::Form::{self, Nfc, Nfd, Nfkc, Nfkd};
use babelsift::repair::{Profile, Setting, is_normalized, normalize, repair};
use proptest::prelude::*;
use proptest::test_runner::Config;
use unicode_normalization::UnicodeNormalization;

const FORMS: [Form; 4] = [Nfc, Nfkc, Nfd, Nfkd];

fn oracle(text: &str, form: Form) -> String {
    match form {
        Nfc => text.nfc().collect(),
        Nfkc => text.nfkc().collect(),
        Nfd => text.nfd().collect(),
        Nfkd => text.nfkd().collect(),
        _ => text.to_owned(),
    }
}

#[track_caller]
fn becomes(text: &str, form: Form, want: &str) {
    let found = normalize(text, form);
    assert_eq!(found, want, "{form:?} of {}", text.escape_unicode());
    let same = text == want;
    assert_eq!(matches!(found, Cow::Borrowed(_)), same, "{form:?} of {}", text.escape_unicode());
    assert_eq!(is_normalized(text, form), same, "{form:?} of {}", text.escape_unicode());
}

/// NormalizationTest.txt, both of its rules.
#[test]
fn conformance() {
    let packed: &[u8] = include_bytes!("unicode/NormalizationTest.txt.zst");
    let test = String::from_utf8(zstd::decode_all(packed).unwrap()).unwrap();
    assert_eq!(test.lines().next().unwrap(), format!("# NormalizationTest-{}.txt", babelsift::script::UNICODE));
    let (mut rows, mut part, mut first_part) = (0, 0, BTreeSet::new());
    for line in test.lines().map(|line| line.split('#').next().unwrap().trim()).filter(|line| !line.is_empty()) {
        if let Some(number) = line.strip_prefix("@Part") {
            part = number.parse().unwrap();
            continue;
        }
        let text = |field: &str| -> String {
            field.split(' ').map(|c| char::from_u32(u32::from_str_radix(c, 16).unwrap()).unwrap()).collect()
        };
        let columns: Vec<String> = line.split(';').take(5).map(text).collect();
        let [source, nfc, nfd, nfkc, nfkd] = &columns[..] else { panic!("{line}") };
        for text in [source, nfc, nfd] {
            becomes(text, Nfc, nfc);
            becomes(text, Nfd, nfd);
        }
        for text in [nfkc, nfkd] {
            becomes(text, Nfc, nfkc);
            becomes(text, Nfd, nfkd);
        }
        for text in &columns {
            becomes(text, Nfkc, nfkc);
            becomes(text, Nfkd, nfkd);
        }
        if part == 1 {
            first_part.extend(source.chars());
        }
        rows += 1;
    }
    assert_eq!((rows, part), (20_171, 5));
    for c in ('\0'..=char::MAX).filter(|c| !first_part.contains(c)) {
        for form in FORMS {
            becomes(c.encode_utf8(&mut [0; 4]), form, c.encode_utf8(&mut [0; 4]));
        }
    }
}

/// All at once, so that each meets its neighbour, and with a mark before and after it.
#[test]
fn every_character_among_others() {
    let all: String = ('\0'..=char::MAX).collect();
    for form in FORMS {
        assert!(normalize(&all, form) == oracle(&all, form), "{form:?} of all");
        for c in '\0'..='\u{30000}' {
            for text in [format!("e{c}\u{301}\u{323}"), format!("\u{9C7}\u{327}{c}\u{9BE}"), format!("각{c}\u{11A8}")]
            {
                assert_eq!(normalize(&text, form), oracle(&text, form), "{form:?} of {}", text.escape_unicode());
            }
        }
    }
}

/// Characters that have to do with normalization, some of which do with each other.
fn awkward() -> impl Strategy<Value = char> {
    let with_others = "aeouAEcdn\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{30A}\u{30C}\u{31B}\u{323}\u{327}\u{328}\u{338}\
        \u{345}\u{344}\u{340}\u{315}\u{334}éệǖǅﬁﬀ\u{17F}\u{212B}\u{2126}\u{1E9B}αωΑ\u{1F71}\u{1F80}\u{1FBE}\u{387}иіїй\u{483}\
        \u{5D0}\u{5B4}\u{5B7}\u{5BC}\u{5C1}\u{FB2A}\u{FB1D}\u{FB4F}ابيو\u{64B}\u{64E}\u{651}\u{653}\u{654}\u{655}\u{670}\u{FEFB}\u{FDFA}\
        \u{928}\u{930}\u{933}\u{93C}\u{94D}\u{958}\u{9C7}\u{9BC}\u{9BE}\u{9D7}\u{9DC}\u{B47}\u{B3E}\u{B56}\u{B57}\u{B92}\u{BC6}\u{BD7}\
        \u{BBE}\u{C46}\u{C56}\u{CC6}\u{CC2}\u{CD5}\u{CCA}\u{D46}\u{D3E}\u{D57}\u{DD9}\u{DCF}\u{DCA}\u{DDF}\u{DDC}\u{E01}\u{E38}\u{E48}\
        \u{E33}\u{EB3}\u{F71}\u{F72}\u{F73}\u{F74}\u{F80}\u{F43}\u{F77}\u{1025}\u{102E}\u{1037}\u{1039}\u{1100}\u{1161}\u{1175}\u{11A7}\u{11A8}\u{11C2}\
        \u{AC00}\u{AC01}\u{D7A3}\u{3131}\u{314F}\u{FFA1}\u{FFC2}\u{1B05}\u{1B35}かハ\u{3099}\u{309A}\u{FF76}\u{FF9E}\u{30FF}\u{3000}\u{FF21}\
        \u{F900}\u{2F800}\u{2F9F4}漢\u{AB}\u{B5}\u{BD}\u{A0}\u{1D15E}\u{1D165}\u{1D16E}\u{11131}\u{11127}\u{110A5}\u{110BA}\u{1134B}\u{113C5}\
        \u{113C2}\u{113B8}\u{16D63}\u{16D67}\u{16D68}\u{16D6A}\u{16121}\u{1611E}\u{16129}\u{11935}\u{11930}\u{105D2}\u{307}\u{1D400}😀 \n";
    prop_oneof![
        6 => prop::sample::select(with_others.chars().collect::<Vec<_>>()),
        1 => any::<char>(),
        1 => prop::char::range('\u{300}', '\u{370}'),
        1 => prop::char::range('\u{900}', '\u{DFF}'),
        1 => prop::char::range('\u{1100}', '\u{1200}'),
        1 => prop::char::range('\u{AC00}', '\u{D7A4}'),
        1 => prop::char::range('\u{1E00}', '\u{2000}'),
        1 => prop::char::range('\u{11000}', '\u{12000}'),
    ]
}

/// Long quiet stretches between short awkward ones, so that these lie anywhere in a block.
fn spread() -> impl Strategy<Value = String> {
    let quiet =
        prop_oneof!["[a-z ]{0,70}", "[а-я ]{0,40}", "[一-龠]{0,30}", "[가-힣 ]{0,25}", "[à-ÿ]{0,40}", "[ควสท]{0,25}"];
    let stretch = (quiet, prop::collection::vec(awkward(), 0..6));
    prop::collection::vec(stretch.prop_map(|(quiet, chars)| quiet + &chars.iter().collect::<String>()), 0..6)
        .prop_map(|parts| parts.concat())
}

fn cases(cases: u32) -> Config {
    let times: u32 = std::env::var("CASES").map_or(1, |n| n.parse().unwrap());
    Config { cases: cases * times, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn agrees_with_another(text in prop_oneof![spread(), prop::collection::vec(awkward(), 0..40).prop_map(String::from_iter)]) {
        for form in FORMS {
            let want = oracle(&text, form);
            prop_assert_eq!(&normalize(&text, form), &want, "{:?} of {}", form, text.escape_unicode());
            prop_assert_eq!(is_normalized(&text, form), text == want, "{:?} of {}", form, text.escape_unicode());
            prop_assert!(is_normalized(&want, form), "{:?} of {}", form, want.escape_unicode());
            let profile = Profile::none().with("normalize", Setting::On).unwrap().form(form);
            prop_assert_eq!(&repair(&text, &profile), &want, "{:?} as a repair", form);
        }
    }

    #[test]
    fn at_any_place(before in 0usize..140, after in 0usize..70, chars in prop::collection::vec(awkward(), 1..4)) {
        let middle: String = chars.iter().collect();
        for filler in ["x", "ж", "漢"] {
            let text = filler.repeat(before) + &middle + &filler.repeat(after);
            for form in FORMS {
                prop_assert_eq!(normalize(&text, form), oracle(&text, form), "{:?} of {}", form, text.escape_unicode());
            }
        }
    }
}
