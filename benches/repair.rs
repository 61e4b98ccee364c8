//! The repair stage on paragraphs that need it and, mostly, do not, beside the crates that normalize.
//!
//! For text in normal form the fair peer is `is_normalized` of `icu_normalizer`: it is one of the five tests that the
//! stage makes. For text that is not, `unicode-normalization` and `icu_normalizer` rewrite whole paragraphs and note no
//! edits.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "it tells what it skips")]

mod common;

use babelsift::config::Paragraphs;
use babelsift::decode::Decode;
use babelsift::repair::{Profile, RepairStage, Signs};
use babelsift::stage::Stage;
use babelsift::{Batch, Scratch};
use common::{
    CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, VIETNAMESE, ascii, documents, lines, total,
};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_normalization::UnicodeNormalization;

fn main() {
    divan::main();
}

/// Text to repair.
#[derive(Clone, Copy)]
enum Case {
    Ascii,
    /// Needs nothing.
    Right(Kind),
    /// Decomposed.
    Nfd(Kind),
    /// With a no-break space for every fifth space.
    NoBreak(Kind),
    /// With damage of many kinds at every fifth space.
    Damaged(Kind),
}

const RIGHT: [Case; 8] = [
    Case::Ascii,
    Case::Right(FRENCH),
    Case::Right(VIETNAMESE),
    Case::Right(RUSSIAN),
    Case::Right(HINDI),
    Case::Right(CHINESE),
    Case::Right(JAPANESE),
    Case::Right(KOREAN),
];
const WRONG: [Case; 7] = [
    Case::Nfd(VIETNAMESE),
    Case::Nfd(FRENCH),
    Case::NoBreak(FRENCH),
    Case::NoBreak(RUSSIAN),
    Case::Damaged(FRENCH),
    Case::Damaged(RUSSIAN),
    Case::Damaged(JAPANESE),
];
const NFD: [Case; 2] = [Case::Nfd(VIETNAMESE), Case::Nfd(FRENCH)];

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ascii => f.write_str("ascii"),
            Self::Right(kind) => write!(f, "{kind} nfc"),
            Self::Nfd(kind) => write!(f, "{kind} nfd"),
            Self::NoBreak(kind) => write!(f, "{kind} no-break spaces"),
            Self::Damaged(kind) => write!(f, "{kind} damaged"),
        }
    }
}

impl Case {
    fn documents(self) -> Vec<Vec<u8>> {
        let (kind, change): (Kind, fn(&str) -> Vec<u8>) = match self {
            Self::Ascii => return documents(&lines(ENGLISH), ascii),
            Self::Right(kind) => (kind, right),
            Self::Nfd(kind) => (kind, |l| l.nfd().collect::<String>().into_bytes()),
            Self::NoBreak(kind) => (kind, |l| spaced(l, &["\u{A0}"])),
            Self::Damaged(kind) => (kind, |l| spaced(l, &DAMAGE)),
        };
        documents(&lines(kind), change)
    }

    fn batch(self) -> Batch {
        let mut batch = Batch::default();
        for document in self.documents() {
            batch.push_document(&document);
        }
        Decode::new(Paragraphs::Line).run(&mut batch, &mut Scratch::default());
        batch
    }

    fn paragraphs(self) -> Vec<String> {
        let batch = self.batch();
        batch.paragraphs.iter().map(|p| batch.text[p.text.range()].to_owned()).collect()
    }
}

/// What the stage itself makes of the line: then it has nothing left to do.
fn right(line: &str) -> Vec<u8> {
    babelsift::repair::repair(line, &Profile::default()).into_owned().into_bytes()
}

const DAMAGE: [&str; 9] =
    ["&nbsp;", "\u{200B} ", " &amp; ", "\u{AD} ", "\u{85} \u{96} ", "\u{200E} ", " ﬁ", "\u{1B}[0m ", " &amp;eacute;"];

/// The line with every fifth space, or end of a sentence where there are none, replaced.
fn spaced(line: &str, with: &[&str]) -> Vec<u8> {
    let right = String::from_utf8(right(line)).unwrap();
    let mut out = String::new();
    let mut with = with.iter().cycle();
    for (i, word) in right.split_inclusive([' ', '。', '、']).enumerate() {
        match word.strip_suffix(' ') {
            Some(word) if i % 5 == 4 => out.extend([word, with.next().unwrap()]),
            None if i % 5 == 4 => out.extend([word, with.next().unwrap()]),
            _ => out.push_str(word),
        }
    }
    out.into_bytes()
}

#[divan::bench(args = RIGHT)]
fn right_stage(bencher: Bencher<'_, '_>, case: Case) {
    assert!(stage(bencher, case, Profile::default()).edits.is_empty(), "there is nothing to repair");
}

#[divan::bench(args = RIGHT)]
fn right_stage_standard(bencher: Bencher<'_, '_>, case: Case) {
    stage(bencher, case, Profile::standard());
}

/// The one look at a text that all repairs share.
#[divan::bench(args = RIGHT)]
fn right_signs(bencher: Bencher<'_, '_>, case: Case) {
    let paragraphs = case.paragraphs();
    bencher
        .counter(BytesCount::new(total(&paragraphs)))
        .bench_local(|| paragraphs.iter().fold(Signs::NONE, |all, p| all | Signs::of(black_box(p))));
}

#[divan::bench(args = RIGHT)]
fn right_icu_is_normalized(bencher: Bencher<'_, '_>, case: Case) {
    let paragraphs = case.paragraphs();
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    bencher
        .counter(BytesCount::new(total(&paragraphs)))
        .bench_local(|| paragraphs.iter().all(|p| nfc.is_normalized(black_box(p))));
}

#[divan::bench(args = RIGHT)]
fn right_unicode_normalization_is_nfc(bencher: Bencher<'_, '_>, case: Case) {
    let paragraphs = case.paragraphs();
    bencher
        .counter(BytesCount::new(total(&paragraphs)))
        .bench_local(|| paragraphs.iter().all(|p| unicode_normalization::is_nfc(black_box(p))));
}

#[divan::bench(args = WRONG)]
fn wrong_stage(bencher: Bencher<'_, '_>, case: Case) {
    assert!(!stage(bencher, case, Profile::default()).edits.is_empty(), "there is something to repair");
}

#[divan::bench(args = NFD)]
fn wrong_icu_normalize(bencher: Bencher<'_, '_>, case: Case) {
    let paragraphs = case.paragraphs();
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    bencher.counter(BytesCount::new(total(&paragraphs))).bench_local(|| {
        for paragraph in &paragraphs {
            black_box(nfc.normalize(black_box(paragraph)));
        }
    });
}

#[divan::bench(args = NFD)]
fn wrong_unicode_normalization_nfc(bencher: Bencher<'_, '_>, case: Case) {
    let paragraphs = case.paragraphs();
    let mut text = String::new();
    bencher.counter(BytesCount::new(total(&paragraphs))).bench_local(|| {
        for paragraph in &paragraphs {
            text.clear();
            text.extend(black_box(paragraph).nfc());
            black_box(&text);
        }
    });
}

fn stage(bencher: Bencher<'_, '_>, case: Case, profile: Profile) -> Batch {
    let mut batch = case.batch();
    let (length, paragraphs) = (batch.text.len(), batch.paragraphs.clone());
    let bytes = paragraphs.iter().map(|p| p.text.len()).sum::<usize>();
    let stage = RepairStage::new(profile);
    let mut scratch = Scratch::default();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        // Back to how it was; where nothing is repaired, nothing changes.
        if !batch.edits.is_empty() {
            batch.edits.clear();
            batch.text.truncate(length);
            batch.paragraphs.clone_from(&paragraphs);
        }
        stage.run(&mut batch, &mut scratch);
        batch.edits.len()
    });
    batch
}
