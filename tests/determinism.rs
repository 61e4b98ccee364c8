//! The same input and configuration make the same bytes, whatever the number of threads and the size of batches.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use babelsift::config::{ByteSize, Config, Format, Prior};
use babelsift::run::{self, Job};
use babelsift::sink::Existing;
use babelsift::source::{Input, expand};

const SENTENCES: [&str; 6] = [
    "The harbour opened its gates again on Monday morning.",
    "Корабль отходит в семь утра от старого причала.",
    "Το πλοίο φεύγει στις επτά το πρωί από το λιμάνι.",
    "船は朝七時に古い桟橋から出ます。",
    "배는 아침 일곱 시에 부두에서 떠납니다.",
    "יוצאת הספינה בשבע בבוקר מן הנמל הישן.",
];

/// Numbers without order, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Some lines of text, hard to compress, mostly of one language.
    fn text(&mut self, lines: usize) -> String {
        let own = self.below(SENTENCES.len());
        let mut text = String::new();
        for _ in 0..lines {
            let which = if self.below(8) == 0 { self.below(SENTENCES.len()) } else { own };
            text.push_str(SENTENCES[which]);
            text.push_str(&format!(" {}\u{a0}{}\n", self.below(1 << 30), self.below(1 << 30)));
        }
        text
    }
}

/// JSON lines, texts, damage and nothing at all: all that makes batches end at odd places.
fn make_inputs(folder: &Path) {
    let mut numbers = Numbers(1);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    let mut records = String::new();
    for i in 0..2000 {
        match numbers.below(200) {
            0 => records.push_str("no json\n"),
            1 => records.push('\n'),
            _ => {
                let lines = 1 + numbers.below(6);
                let text = numbers.text(lines);
                records.push_str(&serde_json::json!({"text": text, "n": i}).to_string());
                records.push('\n');
            }
        }
    }
    write("a.jsonl", records.as_bytes());
    write("b.txt", numbers.text(3000).as_bytes());
    write("c.txt", b"");
    let packed = common::gzip(numbers.text(2000).as_bytes());
    write("d.txt.gz", &packed[..packed.len() * 2 / 3]);
    write("e.bin", &[0; 5000]);
    let utf16: Vec<u8> = numbers.text(1000).encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("f.txt", &utf16);
    for i in 0..40 {
        let lines = numbers.below(3);
        write(&format!("g{i:02}.txt"), numbers.text(lines).as_bytes());
    }
}

fn make(inputs: &[Input], config: &Config) -> BTreeMap<String, Vec<u8>> {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    let job = Job { inputs: inputs.to_vec(), out: out.clone(), existing: Existing::Refuse };
    let summary = run::run(&job, config, &()).unwrap();
    assert!(summary.ledger.total.closes());
    common::files(&out)
}

/// Threads and bytes a batch. Each number of threads meets small and large batches.
const WAYS: [(usize, u64); 8] =
    [(1, 1), (2, 1000), (3, 64 << 10), (8, 1 << 20), (8, 1), (3, 1000), (2, 64 << 10), (1, 1 << 20)];

#[track_caller]
fn same_in_every_way(inputs: &[Input], config: &Config, ways: &[(usize, u64)]) -> BTreeMap<String, Vec<u8>> {
    let way = |(threads, bytes)| Config { threads, batch_size: ByteSize(bytes), ..config.clone() };
    let want = make(inputs, &way((1, 300_000)));
    for &(threads, bytes) in ways {
        let found = make(inputs, &way((threads, bytes)));
        let format = config.format.name();
        common::assert_same_files(&found, &want, &format!("{format}, {threads} threads, batches of {bytes}"));
    }
    want
}

/// The engine that needs no model is the fast one, and no engine's answers depend on batches: see the next test.
fn script(format: Format) -> Config {
    Config { identifier: "script".to_owned(), format, max_document: ByteSize(64 << 10), ..Config::default() }
}

#[test]
fn large_inputs_in_blocks() {
    let folder = tempfile::tempdir().unwrap();
    make_inputs(folder.path());
    let inputs = expand(&[folder.path().display().to_string()]).unwrap();
    let files = same_in_every_way(&inputs, &script(Format::JsonlZst), &WAYS);
    let frames = |bytes: &[u8]| bytes.windows(4).filter(|w| *w == [0x28, 0xB5, 0x2F, 0xFD]).count();
    let most = files.values().map(|b| frames(b)).max().unwrap();
    assert!(most >= 4, "only {most} blocks in a file: the input is too small to tell");
}

#[cfg(feature = "parquet")]
#[test]
fn tables() {
    let folder = tempfile::tempdir().unwrap();
    make_inputs(folder.path());
    let inputs = expand(&[folder.path().display().to_string()]).unwrap();
    let files = same_in_every_way(&inputs, &script(Format::Parquet), &[(8, 1000), (3, 1 << 20)]);
    let groups = |bytes: &Vec<u8>| {
        let reader =
            parquet::file::serialized_reader::SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
        parquet::file::reader::FileReader::metadata(&reader).num_row_groups()
    };
    let most = files.iter().filter(|f| f.0.ends_with(".parquet")).map(|f| groups(f.1)).max().unwrap();
    assert!(most >= 2, "only {most} row groups in a file: the input is too small to tell");
}

#[test]
fn bare_text() {
    let folder = tempfile::tempdir().unwrap();
    make_inputs(folder.path());
    let inputs = expand(&[folder.path().display().to_string()]).unwrap();
    same_in_every_way(&inputs, &script(Format::Txt), &[(8, 1000), (3, 1 << 20)]);
}

#[test]
fn the_corpus_with_the_default_engine() {
    let folders = ["mail", "mixed", "broken", "archives"].map(|f| format!("corpus/{f}"));
    same_in_every_way(&expand(&folders).unwrap(), &Config::default(), &[(2, 1), (8, 5000)]);
    same_in_every_way(&expand(&["corpus".to_owned()]).unwrap(), &script(Format::Jsonl), &[(3, 1000), (2, 64 << 10)]);
}

/// A model that ranks its languages, so that documents move their lines.
#[test]
fn the_corpus_with_a_prior() {
    let identifier = "fasttext:tests/fasttext/softmax.bin".to_owned();
    let config = Config { identifier, format: Format::Jsonl, ..Config::default() };
    let inputs = expand(&["corpus/web".to_owned(), "corpus/mixed".to_owned()]).unwrap();
    let moved = same_in_every_way(&inputs, &config, &[(2, 1), (8, 5000)]);
    let unmoved = make(&inputs, &Config { prior: Prior::None, ..config });
    assert!(moved.iter().any(|(name, bytes)| name.starts_with("data") && unmoved.get(name) != Some(bytes)));
}

#[test]
fn two_runs_in_a_row() {
    let inputs = expand(&["corpus/web".to_owned(), "corpus/scripts".to_owned()]).unwrap();
    let config = script(Format::JsonlGz);
    common::assert_same_files(&make(&inputs, &config), &make(&inputs, &config), "the second run");
}
