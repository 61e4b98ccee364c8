//! However often a run is stopped or killed, and whatever that leaves in its files: resumed, it makes the same folder.
//!
//! `BABELSIFT_KILLS=100 BABELSIFT_MB=200 cargo test --release --test resume -- --ignored --nocapture` is the long form.

#![cfg(all(feature = "cli", feature = "parquet", unix))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use babelsift::config::{ByteSize, Config, Format};
use babelsift::run::{self, Job, Observer, Progress};
use babelsift::sink::Existing;
use babelsift::source::{Input, expand};
use babelsift::{Error, Result};
use common::mixture::{Numbers, make_many};
use common::{Scratch, assert_same_files, files};
use serde_json::Value;

/// Stops a run after so many batches.
struct StopAfter(AtomicI64);

impl StopAfter {
    fn new(batches: i64) -> Self {
        Self(AtomicI64::new(batches))
    }
}

impl Observer for StopAfter {
    fn progress(&self, _: Progress) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed) <= 0
    }
}

fn config(format: Format) -> Config {
    Config {
        identifier: "script".to_owned(),
        format,
        max_document: ByteSize(64 << 10),
        shard_size: ByteSize(300 << 10),
        ..Config::default()
    }
}

fn inputs(folder: &Path) -> Vec<Input> {
    expand(&["corpus/archives".to_owned(), "corpus/mail".to_owned(), folder.display().to_string()]).unwrap()
}

fn go(
    inputs: &[Input],
    out: &Path,
    existing: Existing,
    config: &Config,
    observer: &dyn Observer,
) -> Result<run::Summary> {
    run::run(&Job { inputs: inputs.to_vec(), out: out.to_path_buf(), existing }, config, observer)
}

/// What may stand beyond the last commit when the power went: files cut or overwritten there, and others.
fn damage(partial: &Path, numbers: &mut Numbers) {
    let journal = std::fs::read(partial.join("journal")).unwrap();
    let line = journal.split(|b| *b == b'\n').next().unwrap();
    let parts: Value = serde_json::from_slice::<Value>(line).unwrap()["parts"].take();
    for part in parts.as_array().unwrap() {
        let (path, committed) = (partial.join(part["path"].as_str().unwrap()), part["bytes"].as_u64().unwrap());
        let Ok(mut bytes) = std::fs::read(&path) else { continue };
        let committed = committed as usize;
        assert!(bytes.len() >= committed, "{}: committed before it was written", path.display());
        bytes.truncate(committed + numbers.below(bytes.len() - committed + 1));
        bytes.extend((0..numbers.below(100)).map(|i| i as u8));
        std::fs::write(&path, bytes).unwrap();
    }
    std::fs::create_dir_all(partial.join("data/xxx_Xxxx")).unwrap();
    std::fs::write(partial.join("data/xxx_Xxxx/part-00000.jsonl.zst"), "left").unwrap();
    for (name, bytes) in [("journal.new", "half a jour"), ("ledger.new", "{"), ("report.json", "{")] {
        std::fs::write(partial.join(name), bytes).unwrap();
    }
}

/// Stops after every so many batches, each time with another number of threads and another batch size.
#[test]
fn stopped_again_and_again() {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), 1);
    let inputs = inputs(&scratch.path("in"));
    let mut numbers = Numbers(7);
    for (format, every) in [(Format::JsonlZst, 1), (Format::JsonlGz, 25), (Format::Txt, 20), (Format::Parquet, 15)] {
        let (want, out) = (scratch.path("want"), scratch.path("out"));
        go(&inputs, &want, Existing::Overwrite, &config(format), &()).unwrap();
        let mut stops = 0;
        let resumed = loop {
            let (threads, batch) = ([1, 2, 5][stops % 3], [20 << 10, 50 << 10, 100 << 10][stops / 2 % 3]);
            let batch_size = ByteSize(if every == 1 { 400 << 10 } else { batch });
            let config = Config { threads, batch_size, checkpoint: stops as u64 % 2, ..config(format) };
            match go(&inputs, &out, Existing::Resume, &config, &StopAfter::new(every)) {
                Ok(summary) => break summary.resumed,
                Err(Error::Interrupted) => damage(&scratch.path("out.partial"), &mut numbers),
                Err(error) => panic!("{error}"),
            }
            stops += 1;
        };
        assert!(stops >= 2 && resumed > 0, "{format:?}: {stops} stops");
        assert!(!scratch.exists("out.partial"));
        assert_same_files(&files(&out), &files(&want), &format!("{format:?}, stopped {stops} times"));
        std::fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn limits_and_samples_go_on_too() {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), 1);
    let inputs = inputs(&scratch.path("in"));
    for change in [
        Config { limit_records: 3000, ..config(Format::Jsonl) },
        Config { sample: 0.3, exclude: "*.txt".parse().unwrap(), ..config(Format::Jsonl) },
    ] {
        let (want, out) = (scratch.path("want"), scratch.path("out"));
        let mut config = Config { batch_size: ByteSize(50 << 10), ..change };
        go(&inputs, &want, Existing::Overwrite, &config, &()).unwrap();
        let mut stops = 0;
        while let Err(error) = go(&inputs, &out, Existing::Resume, &config, &StopAfter::new(4)) {
            assert!(matches!(error, Error::Interrupted), "{error}");
            config.batch_size = ByteSize(30_000 + 7000 * stops);
            stops += 1;
        }
        assert!(stops >= 1);
        assert_same_files(&files(&out), &files(&want), "resumed");
        std::fs::remove_dir_all(&out).unwrap();
    }
}

/// A folder that was stopped after some batches.
fn stopped(scratch: &Scratch) -> (Vec<Input>, Config) {
    make_many(&scratch.path("in"), 1);
    let inputs = expand(&[scratch.path("in").display().to_string()]).unwrap();
    let config = Config { batch_size: ByteSize(50 << 10), ..config(Format::JsonlZst) };
    let stopped = go(&inputs, &scratch.path("out"), Existing::Refuse, &config, &StopAfter::new(20));
    assert!(matches!(stopped, Err(Error::Interrupted)));
    (inputs, config)
}

#[track_caller]
fn refused(inputs: &[Input], scratch: &Scratch, config: &Config, words: &[&str]) {
    let error = go(inputs, &scratch.path("out"), Existing::Resume, config, &()).unwrap_err().to_string();
    assert!(words.iter().all(|w| error.contains(w)) && error.contains("--overwrite"), "{words:?}: {error}");
}

#[test]
fn other_settings_and_inputs_are_refused() {
    let scratch = Scratch::new();
    let (inputs, config) = stopped(&scratch);
    let first = scratch.path("in/0000/a.jsonl");
    refused(&inputs, &scratch, &Config { level: 9, ..config.clone() }, &["--level was 3, is 9"]);
    refused(
        &inputs,
        &scratch,
        &Config { min_letters: 5, normalize: babelsift::config::Form::Nfd, ..config.clone() },
        &["--min-letters was 0, is 5", "--normalize was \"nfc\", is \"nfd\""],
    );
    refused(&inputs[1..], &scratch, &config, &["input 1 was ", "a.jsonl", "b.txt"]);
    refused(&[], &scratch, &config, &["input 1 was ", "is none"]);
    let written = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let put = |path: &Path, bytes: &[u8], time| {
        std::fs::write(path, bytes).unwrap();
        std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    };
    let (bytes, time) = (std::fs::read(&first).unwrap(), written(&first));
    let mut changed = bytes.clone();
    changed[100] ^= 1;
    put(&first, &changed, time);
    refused(&inputs, &scratch, &config, &["a.jsonl has changed", "begins with other bytes"]);
    put(&first, &bytes[1..], time);
    refused(&inputs, &scratch, &config, &["a.jsonl has changed", "bytes, has"]);
    put(&first, &bytes, time + Duration::from_secs(1));
    refused(&inputs, &scratch, &config, &["a.jsonl has changed", "written to since"]);
    std::fs::remove_file(&first).unwrap();
    refused(&inputs, &scratch, &config, &["a.jsonl has changed", "can't be read"]);
    put(&first, &bytes, time);
    // One that was not begun may be another.
    let last = scratch.path("in/lines.jsonl.gz");
    put(&last, &std::fs::read(&last).unwrap(), time);
    go(&inputs, &scratch.path("out"), Existing::Resume, &config, &()).unwrap();
}

#[test]
fn files_that_are_not_what_was_written_are_refused() {
    let scratch = Scratch::new();
    let (inputs, config) = stopped(&scratch);
    let path = scratch.path("out.partial/data/und_Latn/part-00000.jsonl.zst");
    let bytes = std::fs::read(&path).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    for wrong in [&flipped[..], &bytes[..bytes.len() - 1], b""] {
        std::fs::write(&path, wrong).unwrap();
        refused(&inputs, &scratch, &config, &["und_Latn", "is not what was written"]);
    }
    std::fs::write(&path, &bytes).unwrap();
    go(&inputs, &scratch.path("out"), Existing::Resume, &config, &()).unwrap();
}

#[test]
fn a_whole_folder_that_was_not_renamed_is_put_in_its_place() {
    let scratch = Scratch::new();
    let (inputs, config) = stopped(&scratch);
    let out = scratch.path("out");
    go(&inputs, &out, Existing::Resume, &config, &()).unwrap();
    let want = files(&out);
    std::fs::rename(&out, scratch.path("out.partial")).unwrap();
    let summary = go(&inputs, &out, Existing::Resume, &config, &()).unwrap();
    assert!(summary.was_complete);
    assert_same_files(&files(&out), &want, "renamed");
}

fn start(scratch: &Scratch, words: &[&str]) -> Child {
    let mut command = scratch.command();
    command.args(words).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn the_second_of_two_processes_is_refused() {
    let scratch = Scratch::new();
    scratch.write("in.txt", "Καλημέρα\n");
    assert!(Command::new("mkfifo").arg(scratch.path("fifo")).status().unwrap().success());
    let mut first = start(&scratch, &["run", "in.txt", "fifo", "--out", "out"]);
    while !scratch.exists("out.partial/lock") || std::fs::read(scratch.path("out.partial/lock")).unwrap().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    for flag in ["", "--resume", "--overwrite"] {
        let words: Vec<&str> =
            ["run", "in.txt", "fifo", "--out", "out", flag].into_iter().filter(|w| !w.is_empty()).collect();
        let owner = format!("process {}", first.id());
        scratch.call(&words).refused(&["out.partial", "is being written", &owner]);
    }
    // Dead, it owns nothing any more.
    first.kill().unwrap();
    first.wait().unwrap();
    scratch.call(&["run", "in.txt", "--out", "out"]).refused(&[
        "out.partial",
        "interrupted",
        "--resume",
        "--overwrite",
    ]);
    scratch.call(&["run", "in.txt", "--out", "out", "--resume"]).ended(0);
    assert!(!scratch.exists("out/lock") && !scratch.exists("out/journal"));
}

/// A disk that is full all at once: `ulimit -f`, as in the tests of the program, once a commit has been made.
#[test]
fn a_full_disk_leaves_a_folder_to_go_on_from() {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), 1);
    let words = ["run", "in", "--identifier", "script", "--batch-size", "20K", "--checkpoint", "0", "--quiet"];
    let script = r#"trap '' XFSZ; ulimit -f 256; exec "$0" "$@""#;
    let mut command = Command::new("sh");
    command.current_dir(scratch.path("")).args(["-c", script, common::PROGRAM]).args(words).args(["--out", "out"]);
    let done = common::finish(&mut command, b"");
    done.refused(&["could not write", "out.partial", "--resume goes on"]);
    scratch.call(&[&words[..], &["--out", "out", "--resume"]].concat()).ended(0);
    scratch.call(&[&words[..], &["--out", "want"]].concat()).ended(0);
    assert_same_files(&scratch.made("out").files(), &scratch.made("want").files(), "resumed");
}

/// A call that may take longer than those of other tests.
fn call(scratch: &Scratch, words: &[&str]) {
    assert!(scratch.command().args(words).arg("--quiet").status().unwrap().success(), "{words:?}");
}

/// A folder that holds what its ledger says.
fn verified(scratch: &Scratch, name: &str) -> BTreeMap<String, Vec<u8>> {
    call(scratch, &["verify", name]);
    files(&scratch.path(name))
}

/// Kills runs at random moments until so many have left something, each time resuming what the last one left.
fn killed(times: usize, kills: usize, seed: u64) {
    let scratch = Scratch::new();
    make_many(&scratch.path("in"), times);
    let flags = ["run", "in", "--identifier", "script", "--max-document", "64K", "--shard-size", "4M"];
    let begin = Instant::now();
    call(&scratch, &[&flags[..], &["--out", "want"]].concat());
    let whole = begin.elapsed();
    // A run that is over or killed before its first commit leaves nothing to go on from: short ones commit every batch.
    let checkpoint = if whole < Duration::from_secs(20) { "0" } else { "1" };
    let flags = [&flags[..], &["--checkpoint", checkpoint]].concat();
    let want = verified(&scratch, "want");
    let bytes: usize = want.values().map(Vec::len).sum();
    let mut numbers = Numbers(seed);
    let (mut killed, mut finished, mut left) = (0, 0, BTreeMap::new());
    while killed < kills {
        let (threads, batch) = (["1", "2", "3"][numbers.below(3)], ["64K", "300K", "1M"][numbers.below(3)]);
        let words = ["--out", "out", "--resume", "--threads", threads, "--batch-size", batch];
        let mut child = start(&scratch, &[&flags[..], &words].concat());
        std::thread::sleep(Duration::from_micros(numbers.below(whole.as_micros() as usize / 2) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        if scratch.exists("out") {
            finished += 1;
            assert_same_files(&verified(&scratch, "out"), &want, "between two kills");
            std::fs::remove_dir_all(scratch.path("out")).unwrap();
        } else if scratch.exists("out.partial/journal") {
            damage(&scratch.path("out.partial"), &mut numbers);
            killed += 1;
            *left.entry(threads).or_insert(0) += 1;
            if killed % 10 == 0 {
                println!("{killed} kills, {finished} runs finished, after {:?}", begin.elapsed());
            }
        }
    }
    call(&scratch, &[&flags[..], &["--out", "out", "--resume"]].concat());
    assert_same_files(&verified(&scratch, "out"), &want, "after all kills");
    println!("{killed} kills, {finished} runs finished between them, {bytes} bytes in {whole:?}; by threads {left:?}");
}

#[test]
fn killed_at_random_moments() {
    killed(2, 5, 1);
}

#[test]
#[ignore = "the long form of killed_at_random_moments, an hour by hand: benches/README.md, Kills"]
fn killed_a_hundred_times() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |n| n.parse::<usize>().unwrap());
    let scratch = Scratch::new();
    make_many(&scratch.path("one"), 1);
    // The last two files hold what the folders hold, compressed.
    let one: usize = files(&scratch.path("one")).values().map(Vec::len).sum();
    let times = (number("BABELSIFT_MB", 200) * 1_000_000).div_ceil(one);
    println!("{times} times {one} bytes of input");
    killed(times, number("BABELSIFT_KILLS", 100), 2);
}
