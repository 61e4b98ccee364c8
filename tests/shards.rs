//! The folders of shards, merged, are the folder of one run over all inputs.

#![cfg(all(feature = "cli", feature = "compress"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use babelsift::config::{ByteSize, Config, Format, Shard};
use babelsift::run::{self, Job, Observer, Progress};
use babelsift::sink::{Existing, Ledger, merge};
use babelsift::source::expand;
use common::Scratch;
use common::mixture::{Numbers, make_many};

fn config(format: Format, shard_size: u64) -> Config {
    Config { identifier: "script".to_owned(), format, shard_size: ByteSize(shard_size), ..Config::default() }
}

/// Makes the folder of a shard; all of it for one.
fn make(scratch: &Scratch, name: &str, config: &Config, index: u32, of: u32) -> PathBuf {
    let out = scratch.path(name);
    // One input is there twice, where it is there.
    let words = ["in", "in/0000/b.txt"].map(|word| scratch.path(word)).into_iter().filter(|path| path.exists());
    let words: Vec<String> = words.map(|path| path.display().to_string()).collect();
    let job = Job { inputs: expand(&words).unwrap(), out: out.clone(), existing: Existing::Overwrite };
    run::run(&job, &Config { shard: Shard { index, of }, ..config.clone() }, &()).unwrap();
    out
}

/// What a corpus holds, whatever its parts are.
fn contents(scratch: &Scratch, name: &str, corpus: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for (path, bytes) in common::files(&scratch.path(name)) {
        if !path.starts_with(corpus) {
            continue;
        }
        all.extend(match path.rsplit_once('.').unwrap().1 {
            "zst" => zstd::decode_all(&bytes[..]).unwrap(),
            "gz" => {
                let mut text = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut text).unwrap();
                text
            }
            _ => bytes,
        });
    }
    all
}

fn ledger(scratch: &Scratch, name: &str) -> Ledger {
    serde_json::from_slice(&std::fs::read(scratch.path(name).join("ledger.json")).unwrap()).unwrap()
}

#[test]
fn merged_shards_are_the_whole() {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), 1);
    for (format, size) in
        [(Format::JsonlZst, 0), (Format::JsonlGz, 200 << 10), (Format::Jsonl, 100 << 10), (Format::Txt, 0)]
    {
        let config = config(format, size);
        make(&scratch, "want", &config, 0, 1);
        let want = ledger(&scratch, "want");
        for of in [1, 2, 7] {
            let mut shards: Vec<PathBuf> =
                (0..of).map(|i| make(&scratch, &format!("shard{i}"), &config, i, of)).collect();
            shards.reverse();
            merge(&shards, &scratch.path("out"), Existing::Overwrite).unwrap();
            scratch.made("out");
            let found = ledger(&scratch, "out");
            let what = format!("{format:?}, {of} shards");
            assert_eq!((&found.inputs, &found.total), (&want.inputs, &want.total), "{what}");
            let read = |name: &str| std::fs::read(scratch.path(name).join("report.json")).unwrap();
            assert!(read("out") == read("want"), "{what}: another report");
            let corpora = |ledger: &Ledger| {
                let corpus = |o: &babelsift::sink::OutputFile| o.path.rsplit_once('/').unwrap().0.to_owned();
                ledger.outputs.iter().map(corpus).collect::<std::collections::BTreeSet<_>>()
            };
            assert_eq!(corpora(&found), corpora(&want), "{what}");
            for corpus in corpora(&want) {
                let (found, want) = (contents(&scratch, "out", &corpus), contents(&scratch, "want", &corpus));
                assert!(found == want, "{what}: {corpus}: {} bytes and {}", found.len(), want.len());
            }
            let too_large = found.outputs.iter().find(|o| size > 0 && o.unpacked > size && o.records > 1);
            assert!(too_large.is_none(), "{what}: {too_large:?}");
            assert!(size > 0 || found.outputs.len() == corpora(&found).len(), "{what}: one file each");
        }
    }
}

/// Records of a few languages, some of them damaged, blank or without text.
fn records(count: usize) -> Vec<String> {
    let mut numbers = Numbers(3);
    let record = |i| match i % 50 {
        7 => "no json\n".to_owned(),
        9 => "\n".to_owned(),
        _ => {
            let lines = numbers.below(6);
            format!("{}\n", serde_json::json!({"text": numbers.text(lines), "n": i}))
        }
    };
    (0..count).map(record).collect()
}

/// Files large enough to be divided, in what can be divided and what can't.
fn large_files() -> Vec<(&'static str, Vec<u8>)> {
    let records = records(5000);
    let whole = records.concat();
    let pieces = || records.chunks(100).map(|chunk| chunk.concat());
    let warc = |text: &String| {
        let head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: ";
        common::gzip(format!("{head}{}\r\n\r\n{text}\r\n\r\n", text.len()).as_bytes())
    };
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(1));
    std::io::Write::write_all(&mut bzip2, whole.as_bytes()).unwrap();
    let frames = pieces().flat_map(|piece| zstd::bulk::compress(piece.as_bytes(), 1).unwrap());
    vec![
        ("plain.jsonl", whole.clone().into_bytes()),
        // One record in parts.
        ("plain.txt", Numbers(5).text(15_000).into_bytes()),
        ("members.jsonl.gz", pieces().flat_map(|piece| common::gzip(piece.as_bytes())).collect()),
        ("records.wet.gz", records.iter().flat_map(warc).collect()),
        ("one.jsonl.gz", common::gzip(whole.as_bytes())),
        ("frames.jsonl.zst", frames.collect()),
        ("one.jsonl.bz2", bzip2.finish().unwrap()),
    ]
}

#[test]
fn a_large_file_is_divided() {
    let plain = Config { max_document: ByteSize(100 << 10), ..config(Format::Jsonl, 0) };
    for (name, bytes) in large_files() {
        let scratch = Scratch::new();
        scratch.write(&format!("in/{name}"), bytes);
        scratch.write("in/zz.txt", Numbers(9).text(20));
        make(&scratch, "want", &plain, 0, 1);
        let want = ledger(&scratch, "want");
        for of in [2, 5] {
            let shards: Vec<PathBuf> = (0..of).map(|i| make(&scratch, &format!("shard{i}"), &plain, i, of)).collect();
            let read = |i: u32| ledger(&scratch, &format!("shard{i}")).total.read;
            let fair = want.total.read / u64::from(of);
            for i in 0..of {
                // What is larger than a document may be is divided between its parts.
                let most = fair / 3 + plain.max_document.0;
                assert!(read(i).abs_diff(fair) < most, "{name}: shard {i} of {of} has {} of {fair}", read(i));
            }
            merge(&shards, &scratch.path("out"), Existing::Overwrite).unwrap();
            scratch.made("out");
            // Nothing is packed here, so what is put in a row is the same file.
            common::assert_same_files(
                &common::files(&scratch.path("out")),
                &common::files(&scratch.path("want")),
                name,
            );
        }
    }
}

/// Stops a run after its second batch.
struct StopSoon(AtomicU32);

impl Observer for StopSoon {
    fn progress(&self, _: Progress) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= 2
    }
}

#[test]
fn a_shard_of_a_divided_file_is_resumed() {
    let scratch = Scratch::new();
    let (name, bytes) = large_files().swap_remove(2);
    scratch.write(&format!("in/{name}"), bytes);
    for index in 0..3 {
        let config = Config { batch_size: ByteSize(50 << 10), ..config(Format::Jsonl, 0) };
        let want = common::files(&make(&scratch, "want", &config, index, 3));
        let out = scratch.path("out");
        let inputs = expand(&[scratch.path("in").display().to_string()]).unwrap();
        let job = Job { inputs, out: out.clone(), existing: Existing::Resume };
        let config = Config { shard: Shard { index, of: 3 }, ..config };
        let mut stops = 0;
        while let Err(error) = run::run(&job, &config, &StopSoon(AtomicU32::new(0))) {
            assert!(matches!(error, babelsift::Error::Interrupted), "{error}");
            stops += 1;
        }
        assert!(stops > 0, "it was never stopped");
        common::assert_same_files(&common::files(&out), &want, &format!("shard {index}, stopped {stops} times"));
        std::fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn a_file_that_was_changed_between_shards_is_found() {
    let scratch = Scratch::new();
    let records = records(5000).concat();
    scratch.write("in/a.jsonl", &records);
    let plain = config(Format::Jsonl, 0);
    let first = make(&scratch, "s0", &plain, 0, 2);
    scratch.write("in/a.jsonl", records.repeat(2));
    let second = make(&scratch, "s1", &plain, 1, 2);
    let error = merge(&[first, second], &scratch.path("out"), Existing::Refuse).unwrap_err().to_string();
    assert!(error.contains("inputs changed between their runs"), "{error}");
}

#[test]
fn what_is_no_set_of_shards_is_refused() {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), 1);
    let plain = config(Format::Jsonl, 0);
    let shards: Vec<PathBuf> = (0..3).map(|i| make(&scratch, &format!("s{i}"), &plain, i, 3)).collect();
    let other = make(&scratch, "other", &Config { min_letters: 2, ..plain.clone() }, 1, 3);
    let refused = |folders: &[&PathBuf], words: &[&str]| {
        let folders: Vec<PathBuf> = folders.iter().map(|f| (*f).clone()).collect();
        let error = merge(&folders, &scratch.path("out"), Existing::Refuse).unwrap_err().to_string();
        assert!(words.iter().all(|w| error.contains(w)), "{words:?}: {error}");
        assert!(!scratch.exists("out") && !scratch.exists("out.partial"), "{error}");
    };
    let [a, b, c] = &shards[..] else { panic!() };
    refused(&[a, c], &["of 3 shards these are missing: 1"]);
    refused(&[b], &["missing: 0, 2"]);
    refused(&[a, b, c, b], &["shard 1 of 3 is there twice"]);
    refused(&[a, &other, c], &["--min-letters was 0, is 2"]);
    refused(&[a, b, &scratch.path("in")], &["no output folder"]);
    scratch.write("in/zzz.txt", "one more\n");
    let longer = make(&scratch, "longer", &plain, 2, 3);
    refused(&[a, b, &longer], &["other lists of inputs"]);
    let file = scratch.path("s1/data/und_Latn/part-00000.jsonl");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[10] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    refused(&[a, b, c], &["s1/data/und_Latn/part-00000.jsonl", "verify"]);
}

#[test]
fn as_a_user_calls_it() {
    let scratch = Scratch::new();
    for i in 0..5 {
        scratch.write(&format!("in/{i}.txt"), format!("Γραμμή {i}\nLine {i}\n"));
    }
    let run = |words: &str| scratch.call(&words.split(' ').collect::<Vec<_>>());
    for i in 0..8 {
        run(&format!("run in --out s{i} --identifier script --shard {i}/8 --format jsonl")).ended(0);
        run(&format!("verify s{i}")).ended(0);
    }
    run("run in --out want --identifier script --format jsonl").ended(0);
    let done = run("merge out s0 s1 s2 s3 s4 s5 s6 s7").ended(0);
    assert!(done.stderr.contains("written to out"), "{}", done.stderr);
    common::assert_same_files(&scratch.made("out").files(), &scratch.made("want").files(), "nothing is cut anew here");
    run("merge out s0 s1 s2 s3 s4 s5 s6 s7").refused(&["out exists already"]);
    run("merge out s0 s1 s2 s3 s4 s5 s6 s7 --overwrite").ended(0);
    assert!(run("run in --out o --shard 8/8").ended(2).stderr.contains("such as 0/7 up to 6/7"));
    run("run in --out o --shard 1/8 --limit-records 5").refused(&["--limit-records", "--shard"]);
}
