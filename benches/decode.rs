//! The decode stage, beside the crates that do parts of its work.
//!
//! The peers do less: `simdutf8` only says whether a document is valid UTF-8, `encoding_rs` is told the encoding,
//! `chardetng` says the encoding of each line and decodes nothing. The stage finds lines, decides on the encoding of
//! each, decodes, and makes paragraphs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "it tells what it skips")]

mod common;

use babelsift::config::Paragraphs;
use babelsift::decode::{Decode, Hints, paragraphs};
use babelsift::stage::Stage;
use babelsift::{Batch, Scratch};
use common::{ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, ascii, documents, lines, same, total};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Bytes to decode.
#[derive(Clone, Copy)]
enum Case {
    Ascii,
    Utf8(Kind),
    /// One byte that is no UTF-8 in every line.
    Damaged(Kind),
    /// A legacy encoding by its label.
    Legacy(Kind, &'static str),
}

const VALID: [Case; 6] =
    [Case::Ascii, Case::Utf8(FRENCH), Case::Utf8(RUSSIAN), Case::Utf8(HINDI), Case::Utf8(JAPANESE), Case::Utf8(KOREAN)];
const DAMAGED: [Case; 3] = [Case::Damaged(FRENCH), Case::Damaged(RUSSIAN), Case::Damaged(JAPANESE)];
const LEGACY: [Case; 5] = [
    Case::Legacy(FRENCH, "windows-1252"),
    Case::Legacy(RUSSIAN, "windows-1251"),
    Case::Legacy(RUSSIAN, "koi8-r"),
    Case::Legacy(JAPANESE, "shift_jis"),
    Case::Legacy(KOREAN, "euc-kr"),
];

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ascii => f.write_str("ascii"),
            Self::Utf8(kind) => write!(f, "{kind} utf-8"),
            Self::Damaged(kind) => write!(f, "{kind} damaged utf-8"),
            Self::Legacy(kind, label) => write!(f, "{kind} {label}"),
        }
    }
}

impl Case {
    fn documents(self) -> Vec<Vec<u8>> {
        match self {
            Self::Ascii => documents(&lines(ENGLISH), ascii),
            Self::Utf8(kind) => documents(&lines(kind), same),
            Self::Damaged(kind) => documents(&lines(kind), damaged),
            Self::Legacy(kind, _) => {
                let encoding = self.encoding();
                let fits = |line: &String| !encoding.encode(line).2;
                let lines: Vec<String> = lines(kind).into_iter().filter(fits).collect();
                assert!(!lines.is_empty(), "no line of {kind} fits into {}", encoding.name());
                documents(&lines, |line| encoding.encode(line).0.into_owned())
            }
        }
    }

    fn encoding(self) -> &'static encoding_rs::Encoding {
        let label = if let Self::Legacy(_, label) = self { label } else { "utf-8" };
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap()
    }
}

/// The line with a byte that never occurs in UTF-8 at a place where a character begins.
fn damaged(line: &str) -> Vec<u8> {
    let at = line.char_indices().map(|(i, _)| i).find(|i| *i >= line.len() / 2).unwrap_or(0);
    [&line.as_bytes()[..at], b"\xFF", &line.as_bytes()[at..]].concat()
}

#[divan::bench(args = VALID)]
fn valid_stage(bencher: Bencher<'_, '_>, case: Case) {
    stage(bencher, case);
}

/// The decision on the whole document alone, and its first line.
#[divan::bench(args = VALID)]
fn valid_decided(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| {
        let first = |d: &Vec<u8>| paragraphs(black_box(d), &Hints::default()).next().map_or(0, |line| line.text.len());
        documents.iter().map(first).sum::<usize>()
    });
}

/// All lines, borrowed.
#[divan::bench(args = VALID)]
fn valid_paragraphs(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| {
        let all = |d: &Vec<u8>| paragraphs(black_box(d), &Hints::default()).map(|line| line.text.len()).sum::<usize>();
        documents.iter().map(all).sum::<usize>()
    });
}

#[divan::bench(args = VALID)]
fn valid_simdutf8(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    bencher
        .counter(BytesCount::new(total(&documents)))
        .bench_local(|| documents.iter().all(|d| simdutf8::basic::from_utf8(black_box(d)).is_ok()));
}

#[divan::bench(args = VALID)]
fn valid_encoding_rs(bencher: Bencher<'_, '_>, case: Case) {
    decode_alone(bencher, case);
}

#[divan::bench(args = DAMAGED)]
fn damaged_stage(bencher: Bencher<'_, '_>, case: Case) {
    stage(bencher, case);
}

#[divan::bench(args = DAMAGED)]
fn damaged_encoding_rs(bencher: Bencher<'_, '_>, case: Case) {
    decode_alone(bencher, case);
}

#[divan::bench(args = LEGACY)]
fn legacy_stage(bencher: Bencher<'_, '_>, case: Case) {
    stage(bencher, case);
}

#[divan::bench(args = LEGACY)]
fn legacy_encoding_rs(bencher: Bencher<'_, '_>, case: Case) {
    decode_alone(bencher, case);
}

#[divan::bench(args = LEGACY)]
fn legacy_chardetng(bencher: Bencher<'_, '_>, case: Case) {
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
    let documents = case.documents();
    let split = |d: &Vec<u8>| d.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let lines: Vec<Vec<u8>> = documents.iter().flat_map(split).collect();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| {
        for line in &lines {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(black_box(line), true);
            black_box(detector.guess(None, Utf8Detection::Deny));
        }
    });
}

fn stage(bencher: Bencher<'_, '_>, case: Case) {
    let mut batch = Batch::default();
    let documents = case.documents();
    for document in &documents {
        batch.push_document(document);
    }
    let stage = Decode::new(Paragraphs::Auto);
    let mut scratch = Scratch::default();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| {
        batch.text.clear();
        batch.lines.clear();
        batch.paragraphs.clear();
        batch.documents.iter_mut().for_each(|d| d.structure = 0);
        stage.run(&mut batch, &mut scratch);
        batch.paragraphs.len()
    });
    let rejected = batch.documents.iter().filter(|d| d.rejected.is_some()).count();
    assert_eq!(rejected, 0, "text is no binary data");
}

/// Whole documents with a known encoding, into memory that is used again.
fn decode_alone(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    let mut text = String::with_capacity(16 * common::DOCUMENT);
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| {
        for document in &documents {
            text.clear();
            let mut decoder = case.encoding().new_decoder_without_bom_handling();
            text.reserve(decoder.max_utf8_buffer_length(document.len()).unwrap());
            let _ = decoder.decode_to_string(black_box(document), &mut text, true);
            black_box(&text);
        }
    });
}
