//! The same input and configuration make the same bytes, whatever the number of threads and the size of batches.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use babelsift::config::{ByteSize, Config, Format, Prior};
use babelsift::run::{self, Job};
use babelsift::sink::Existing;
use babelsift::source::{Input, expand};
use common::mixture::make_inputs;

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
