//! What becomes of `corpus`: byte for byte what is in `corpus/expected`, and by its own table of encodings and languages.
//!
//! `BLESS=1 cargo test --test golden` replaces `corpus/expected`; the difference is to be read before it is committed.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use babelsift::batch::Batch;
use babelsift::config::{Config, Format, Paragraphs};
use babelsift::decode::{Decode, Encoding};
use babelsift::reason::Reason;
use babelsift::sink::Existing;
use babelsift::source::{Input, Inputs, Origin, expand};
use babelsift::stage::{Scratch, Stage};
use babelsift::{Pipeline, run};

const TABLE: &str = include_str!("cases/corpus.tsv");

/// Rows of one encoding that are decoded otherwise today, and what stands in the way.
const WRONG_ENCODING: &[(&str, &str)] = &[
    // The same bytes in windows-1250, where they are the letters with a cedilla instead of the comma below.
    ("corpus/encodings/ro-iso8859-16.txt", "read as windows-1250"),
];

/// Labels of the table that no fragment of the file gets today, and what stands in the way.
const MISSING_LABEL: &[(&str, &str, &str)] = &[];

#[test]
fn the_corpus_becomes_what_is_expected() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    let config = Config { format: Format::Jsonl, ..Config::default() };
    let job =
        run::Job { inputs: expand(&["corpus".to_owned()]).unwrap(), out: out.clone(), existing: Existing::Refuse };
    run::run(&job, &config, &()).unwrap();
    let (found, expected) = (common::files(&out), Path::new("corpus/expected"));
    if std::env::var_os("BLESS").is_some() {
        if expected.exists() {
            std::fs::remove_dir_all(expected).unwrap();
        }
        for (name, bytes) in &found {
            let path = expected.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    common::assert_same_files(&found, &common::files(expected), "BLESS=1 replaces corpus/expected");
}

struct Row {
    file: &'static str,
    encodings: Vec<&'static str>,
    labels: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let list = |names: &'static str| names.split(',').filter(|n| *n != "-").collect();
    let row = |line: &'static str| {
        let [file, encodings, labels, _] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        Row { file, encodings: list(encodings), labels: list(labels) }
    };
    TABLE.lines().skip(1).map(row).collect()
}

#[test]
fn the_table_tells_of_every_file() {
    let inputs = expand(&["corpus".to_owned()]).unwrap();
    let found: BTreeSet<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
    let told: BTreeSet<&str> = rows().iter().map(|r| r.file).collect();
    assert_eq!(found, told);
    for (file, ..) in WRONG_ENCODING {
        assert!(told.contains(file), "{file}");
    }
    for (file, label, _) in MISSING_LABEL {
        assert!(rows().iter().any(|r| r.file == *file && r.labels.contains(label)), "{file} {label}");
    }
}

/// The documents of one file.
fn read(file: &str, each: &mut dyn FnMut(&mut Batch)) {
    let inputs = [Input { name: file.to_owned(), origin: Origin::File(file.into()) }];
    let config = Config::default();
    let mut source = Inputs::new(&inputs, &config, Arc::default()).unwrap();
    let mut batch = Batch::default();
    while source.fill(&mut batch).unwrap() {
        each(&mut batch);
    }
}

/// The decoded lines of a file, blank ones left out, or why it was rejected.
fn decoded(file: &str) -> Result<Vec<String>, Reason> {
    let mut bytes = Vec::new();
    babelsift::source::open(Path::new(file)).unwrap().take_into(&mut bytes, usize::MAX);
    let mut batch = Batch::default();
    batch.push_document(&bytes);
    Decode::new(Paragraphs::Line).run(&mut batch, &mut Scratch::default());
    match batch.documents[0].rejected {
        Some(reason) => Err(reason),
        None => Ok(batch.paragraphs.iter().map(|p| batch.text[p.text.range()].to_owned()).collect()),
    }
}

/// The lines of a file that is in this encoding all through.
fn reference(file: &str, encoding: &str) -> Vec<String> {
    let mut bytes = Vec::new();
    babelsift::source::open(Path::new(file)).unwrap().take_into(&mut bytes, usize::MAX);
    let mut text = String::new();
    Encoding::for_label(encoding).unwrap().decode_into(&bytes, &mut text);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

#[test]
fn documents_of_one_encoding_are_decoded_from_it() {
    let mut found = Vec::new();
    for row in rows() {
        let [encoding] = row.encodings[..] else { continue };
        let right = match encoding {
            "binary" => decoded(row.file) == Err(Reason::Binary),
            "empty" => decoded(row.file) == Ok(Vec::new()),
            _ => decoded(row.file) == Ok(reference(row.file, encoding)),
        };
        if !right {
            found.push(row.file);
        }
    }
    let known: Vec<&str> = WRONG_ENCODING.iter().map(|(file, _)| *file).collect();
    assert_eq!(found, known, "left: decoded wrongly now; right: known to be");
}

#[test]
fn every_language_of_a_document_is_found() {
    let (pipeline, mut scratch) = (Pipeline::new(&Config::default()).unwrap(), Scratch::default());
    let mut found = Vec::new();
    for row in rows() {
        let mut labels = BTreeSet::new();
        read(row.file, &mut |batch| {
            pipeline.apply(batch, &mut scratch);
            labels.extend(batch.fragments.iter().map(|f| f.guess.label.to_string()));
        });
        found.extend(row.labels.iter().filter(|l| !labels.contains(**l)).map(|l| (row.file, *l)));
    }
    let known: Vec<(&str, &str)> = MISSING_LABEL.iter().map(|(file, label, _)| (*file, *label)).collect();
    assert_eq!(found, known, "left: not found now; right: known not to be");
}
