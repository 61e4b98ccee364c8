//! The folders of shards, merged, are the folder of one run over all inputs.

#![cfg(all(feature = "cli", feature = "compress"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::PathBuf;

use babelsift::config::{ByteSize, Config, Format, Shard};
use babelsift::run::{self, Job};
use babelsift::sink::{Existing, Ledger, merge};
use babelsift::source::expand;
use common::Scratch;
use common::mixture::make_many;

fn config(format: Format, shard_size: u64) -> Config {
    Config { identifier: "script".to_owned(), format, shard_size: ByteSize(shard_size), ..Config::default() }
}

/// Makes the folder of a shard; all of it for one.
fn make(scratch: &Scratch, name: &str, config: &Config, index: u32, of: u32) -> PathBuf {
    let out = scratch.path(name);
    let words = ["in".to_owned(), "in/0000/b.txt".to_owned()].map(|w| scratch.path(&w).display().to_string());
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
