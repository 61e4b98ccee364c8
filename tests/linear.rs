//! Hostile input takes time in proportion to its size: a line of four times the length may not take sixteen times as
//! long. Sizes are smaller in builds without optimization, where the same shows earlier.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use babelsift::decode::Encoding;
use babelsift::repair::{Profile, REPAIRS, Setting, repair};
use babelsift::{Config, Pipeline};

/// Bytes of the larger input.
const SIZE: usize = if cfg!(debug_assertions) { 512 << 10 } else { 8 << 20 };

/// The larger input takes some four times as long as the smaller one; this leaves room for a busy machine.
const RATIO: usize = 8;

/// Seconds for the larger input, whatever else the machine does.
const PATIENCE: Duration = Duration::from_secs(30);

/// Timed tests run one at a time, or they would measure each other.
static ALONE: Mutex<()> = Mutex::new(());

/// Repeats a unit to the size and measures the whole pipeline on it and on a quarter of it.
#[track_caller]
fn linear(unit: &[u8], engine: &str) {
    let config = Config { identifier: engine.to_owned(), ..Config::default() };
    linear_with(&config, &|size| unit.repeat(size / unit.len()));
}

#[track_caller]
fn linear_with(config: &Config, input: &dyn Fn(usize) -> Vec<u8>) {
    let pipeline = Pipeline::new(config).unwrap();
    proportional(input, [4, RATIO], &|bytes| {
        let read: usize = pipeline.fragments(bytes).map(|f| f.source().len()).sum();
        assert!(read <= bytes.len());
    });
}

/// Measures some work on an input and on a part of its size, which may take that part of the time, with some tolerance.
#[track_caller]
fn proportional(input: &dyn Fn(usize) -> Vec<u8>, [part, ratio]: [usize; 2], work: &dyn Fn(&[u8])) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (small, large) = (input(SIZE / part), input(SIZE));
    let time = |bytes: &[u8]| {
        let start = Instant::now();
        work(bytes);
        start.elapsed()
    };
    let (mut short, mut long) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        short = short.min(time(&small));
        long = long.min(time(&large));
        // Other programs only ever make it slower.
        if long.as_secs_f64() < ratio as f64 * short.as_secs_f64() && long < PATIENCE {
            return;
        }
        if long > 2 * PATIENCE {
            break;
        }
    }
    panic!("{} bytes take {short:?}, {} bytes take {long:?}", small.len(), large.len());
}

/// Words of two alphabets, letters that stand for others in some languages, all to be changed.
#[test]
fn look_alike_letters() {
    let config = Config { identifier: "script".to_owned(), repairs: "standard".parse().unwrap(), ..Config::default() };
    for unit in ["y\u{436}Yv\u{44D}", "c \u{436} ", "\u{43D}\u{E0}", "\u{3B1}a", "a\u{F9} hoa\u{EF} "] {
        linear_with(&config, &|size| unit.repeat(size / 4 / unit.len()).into_bytes());
    }
}

#[test]
fn one_letter() {
    linear(b"a", "ngram");
    linear(b"a", "whatlang");
}

#[test]
fn combining_marks() {
    linear("\u{301}\u{323}".as_bytes(), "ngram");
    linear("\u{301}\u{323}".as_bytes(), "whatlang");
}

/// Marks that repairs put in order, of each script that has such a repair; Zawgyi beside Unicode.
#[test]
fn marks_out_of_order() {
    let config = Config { repairs: "all".parse().unwrap(), identifier: "script".to_owned(), ..Config::default() };
    for unit in [
        "\u{17C1}\u{17B8}\u{17BB}\u{17D2}\u{179A}\u{17D2}\u{178A}\u{17C6}",
        "\u{E4D}\u{E48}\u{E34}\u{E40}\u{E32}",
        "\u{902}\u{93E}\u{93C}\u{947}",
        "\u{1031}\u{1039}\u{103B}\u{1000}\u{1064}\u{1037}",
        "ေနာက္ လုပ်ငန်းများ ",
        "\u{640}\u{647}\u{640}\u{640}",
        "\u{200D}\u{D28}\u{D4D}",
        "|| ",
    ] {
        let letter = ["\u{1780}", "\u{E01}", "\u{915}", "\u{1000}", "", "\u{628}", "\u{D05}", "क"];
        linear_with(&config, &|size| {
            [letter.concat().into_bytes(), unit.repeat(size / unit.len()).into_bytes()].concat()
        });
    }
}

#[test]
fn letters_with_many_marks() {
    linear(&["e".as_bytes(), "\u{301}\u{323}\u{327}".repeat(30).as_bytes()].concat(), "ngram");
    linear(&["e".as_bytes(), "\u{301}\u{323}\u{327}".repeat(30).as_bytes()].concat(), "whatlang");
}

/// Characters that normalization has to look back from, none of which composes.
#[test]
fn characters_that_might_compose() {
    for unit in ["\u{1161}", "\u{16123}", "\u{10B}\u{323}", "\u{301}\u{300}\u{345}", "e\u{315}\u{301}\u{323}"] {
        linear(unit.as_bytes(), "script");
    }
}

#[test]
fn alternating_words() {
    linear("word слово ".as_bytes(), "ngram");
    linear("word слово ".as_bytes(), "whatlang");
}

#[test]
fn alternating_sentences() {
    linear("Four words of English. Четыре слова на русском. ".as_bytes(), "script");
}

#[test]
fn alternating_letters() {
    linear("aбγ".as_bytes(), "script");
}

#[test]
fn han() {
    linear("漢字".as_bytes(), "ngram");
    linear("漢字".as_bytes(), "whatlang");
}

#[test]
fn spaces_and_other_spaces() {
    linear(" \u{a0}\u{3000}".as_bytes(), "script");
}

/// What repairs look for, without end.
#[test]
fn what_repairs_look_for() {
    let everything = REPAIRS.iter().fold(Profile::none(), |p, row| p.with(row.repair.name(), Setting::On).unwrap());
    for unit in [
        "&amp;",
        "&",
        "&&#38;amp;lt;",
        "&l&#116;",
        "&eacut <b",
        "`&amp; ",
        "``` ` &amp; ",
        "\u{1b}[1;2",
        "\u{1b}]0;t",
        "\u{9b}31m",
        "\u{92}\u{85}",
        "\u{200b}",
        "a\u{200d}",
        "\u{202b}",
        "\u{202b}ש\u{2067}\u{2069}",
        "\u{2067}ש",
        "\u{ad}",
        "a\u{ad}\u{200c}",
        "ﬁ",
        "ｶﾞ",
        "Ａ，",
        "ﾡￂ",
        "ㅎㅏ",
        "～あ",
        "“",
        "!",
        "o\u{334}",
        "\u{334}",
        "ﺳ",
        "⾼",
        "Თ",
        "a-\u{2028}",
        "aa-\u{2028}aa",
        "aa-aa-\u{2028}aa",
        "\u{202f}ᠤ",
        "\\u00e9",
        "\\x41",
        "Ã©",
        "Ã© ",
        "Ã©tÃ© été ",
        "Ð¿Ñ€Ð¸Ð²ÐµÑ‚ привет. ",
        "оПХБЕР ",
        "ïðèâåò!",
        "õûő ",
        "鍐欎綔",
        "Ã\u{83}Â",
    ] {
        // Large inputs get memory that is new to the program, which costs by itself; a square would be 256 times as much.
        proportional(&|size| unit.repeat(size / unit.len()).into_bytes(), [16, 64], &|bytes| {
            repair(std::str::from_utf8(bytes).unwrap(), &everything);
        });
    }
}

#[test]
fn carriage_returns() {
    linear(b"\r", "script");
}

#[test]
fn line_feeds() {
    linear(b"\n", "script");
}

#[test]
fn zeros() {
    linear(b"\0", "script");
}

#[test]
fn controls() {
    linear(b"controls now and then\x01, ", "script");
}

#[test]
fn escapes() {
    linear(b"\x1b$B", "script");
}

#[test]
fn truncated_sequences() {
    linear(b"\xE2\x82", "script");
}

#[test]
fn truncated_sequences_among_whole_ones() {
    linear("Größe für Straße überall \u{20ac}".as_bytes().strip_suffix(b"\xAC").unwrap(), "script");
}

#[test]
fn short_legacy_lines() {
    linear(b"caf\xE9 au\n", "script");
}

#[test]
fn short_lines_of_two_encodings() {
    linear(b"caf\xE9 au\n\xC4\xE0 \xCC\xE0\n", "script");
}

#[test]
fn wrapped_lines() {
    let line = b"These lines are as long as those that a mail program breaks at the end\n";
    linear(line, "script");
}

#[test]
fn lines_that_their_document_moves() {
    let line = b"Die ou man sit elke oggend voor sy huis en wag vir die posbode.\nhuis\nmore\nwat is dit\n";
    linear(line, "fasttext:tests/fasttext/softmax.bin");
}

#[test]
fn one_wide_paragraph_of_legacy_lines() {
    let paragraphs = babelsift::config::Paragraphs::Blank;
    let config = Config { paragraphs, identifier: "script".to_owned(), ..Config::default() };
    linear_with(&config, &|size| b"caf\xE9 au \xEF lait, \xE9t\xE9\n".repeat(size / 20));
}

/// Each codec by itself, on escapes and broken sequences without end.
#[test]
fn codecs() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let units: [&[u8]; 9] =
        [b"+2D", b"+", b"~{", b"\x1B$)A\x0E", b"\x1BN", b"\x8E\xA2", b"\xED\xA0\xB5", b"\xD9", b"\xB3"];
    for encoding in Encoding::all() {
        for unit in units {
            let time = |size: usize| {
                let bytes = unit.repeat(size / unit.len());
                let start = Instant::now();
                let mut text = String::new();
                let malformed = encoding.decode_into(&bytes, &mut text);
                encoding.cursor(&bytes, malformed).source_offset(text.len());
                start.elapsed().as_secs_f64()
            };
            let tries = || (time(SIZE / 512), time(SIZE / 32));
            let fits = |(short, long): (f64, f64)| long < 4.0 * 16.0 * short || long < 0.01;
            assert!((0..5).any(|_| fits(tries())), "{encoding:?} {}", unit.escape_ascii());
        }
    }
}
