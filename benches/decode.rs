//! The decode stage, beside the crates that do parts of its work.
//!
//! The peers do less: `simdutf8` only says whether a document is valid UTF-8, `encoding_rs` is told the encoding,
//! `chardetng` says the encoding of each line and decodes nothing. The stage finds lines, decides on the encoding of
//! each, decodes, and makes paragraphs.
//!
//! `cargo bench --bench decode -- ratios` measures the stage and its peers in turn and prints the tables of README.md; without
//! that, divan measures each by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints tables and tells what it skips")]

mod common;

use babelsift::config::Paragraphs;
use babelsift::decode::{Decode, Hints, paragraphs};
use babelsift::stage::Stage;
use babelsift::{Batch, Scratch};
use common::race::race;
use common::{CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, ascii, documents, lines, same, total};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    if std::env::args().any(|arg| arg == "ratios") { ratios() } else { divan::main() }
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
const LEGACY: [Case; 7] = [
    Case::Legacy(FRENCH, "windows-1252"),
    Case::Legacy(RUSSIAN, "windows-1251"),
    Case::Legacy(RUSSIAN, "koi8-r"),
    Case::Legacy(JAPANESE, "shift_jis"),
    Case::Legacy(JAPANESE, "euc-jp"),
    Case::Legacy(CHINESE, "gbk"),
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
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| decided(&documents));
}

fn decided(documents: &[Vec<u8>]) -> usize {
    let first = |d: &Vec<u8>| paragraphs(black_box(d), &Hints::default()).next().map_or(0, |line| line.text.len());
    documents.iter().map(first).sum()
}

/// All lines, borrowed.
#[divan::bench(args = VALID)]
fn valid_paragraphs(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| all_lines(&documents));
}

fn all_lines(documents: &[Vec<u8>]) -> usize {
    let all = |d: &Vec<u8>| paragraphs(black_box(d), &Hints::default()).map(|line| line.text.len()).sum::<usize>();
    documents.iter().map(all).sum()
}

#[divan::bench(args = VALID)]
fn valid_simdutf8(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| validated(&documents));
}

fn validated(documents: &[Vec<u8>]) -> bool {
    documents.iter().all(|d| simdutf8::basic::from_utf8(black_box(d)).is_ok())
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
    let documents = case.documents();
    let lines = apart(&documents);
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| detected(&lines));
}

/// The lines of documents.
fn apart(documents: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let split = |d: &Vec<u8>| d.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    documents.iter().flat_map(split).collect()
}

fn detected(lines: &[Vec<u8>]) {
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
    for line in lines {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(black_box(line), true);
        black_box(detector.guess(None, Utf8Detection::Deny));
    }
}

fn stage(bencher: Bencher<'_, '_>, case: Case) {
    let documents = case.documents();
    let mut staged = Staged::new(&documents);
    bencher.counter(BytesCount::new(total(&documents))).bench_local(|| staged.run());
    let rejected = staged.batch.documents.iter().filter(|d| d.rejected.is_some()).count();
    assert_eq!(rejected, 0, "text is no binary data");
}

/// Documents that the stage reads again and again.
struct Staged {
    batch: Batch,
    scratch: Scratch,
    stage: Decode,
}

impl Staged {
    fn new(documents: &[Vec<u8>]) -> Self {
        let mut batch = Batch::default();
        for document in documents {
            batch.push_document(document);
        }
        Self { batch, scratch: Scratch::default(), stage: Decode::new(Paragraphs::Auto) }
    }

    fn run(&mut self) -> usize {
        self.batch.text.clear();
        self.batch.lines.clear();
        self.batch.paragraphs.clear();
        self.batch.documents.iter_mut().for_each(|d| d.structure = 0);
        self.stage.run(&mut self.batch, &mut self.scratch);
        self.batch.paragraphs.len()
    }
}

/// The tables of README.md.
fn ratios() {
    for (size, whole) in [("documents of 4 KiB", false), ("one document of 1 MiB", true)] {
        println!(
            "\n| {size} | stage | lines | decided | simdutf8 | decided / simdutf8 | lines / simdutf8 | stage / simdutf8 |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        for case in VALID {
            let documents = if whole { vec![case.documents().concat()] } else { case.documents() };
            let mut staged = Staged::new(&documents);
            let times = race(
                400,
                &mut [
                    &mut || {
                        black_box(staged.run());
                    },
                    &mut || {
                        black_box(all_lines(&documents));
                    },
                    &mut || {
                        black_box(decided(&documents));
                    },
                    &mut || {
                        black_box(validated(&documents));
                    },
                ],
            );
            let speeds: Vec<f64> = times.iter().map(|time| total(&documents) as f64 / time / 1e6).collect();
            let [stage, lines, decided, simdutf8] = speeds[..] else { continue };
            print!("| {case} | {stage:.0} | {lines:.0} | {decided:.0} | {simdutf8:.0} ");
            println!("| {:.2} | {:.2} | {:.2} |", decided / simdutf8, lines / simdutf8, stage / simdutf8);
        }
    }
    println!("\n| legacy | stage | chardetng, line by line | stage / chardetng |\n|---|---|---|---|");
    for case in LEGACY {
        let documents = case.documents();
        let (mut staged, lines) = (Staged::new(&documents), apart(&documents));
        let times = race(
            15,
            &mut [
                &mut || {
                    black_box(staged.run());
                },
                &mut || detected(&lines),
            ],
        );
        let speed = |time: f64| total(&documents) as f64 / time / 1e6;
        println!("| {case} | {:.1} | {:.1} | {:.2} |", speed(times[0]), speed(times[1]), times[1] / times[0]);
    }
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
