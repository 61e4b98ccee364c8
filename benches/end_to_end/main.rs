//! The whole path measured against a ceiling in the same run: what a program that does no text work at all would need to
//! read the same input, wrap it into the same kind of records, compress and write them.
//!
//! `cargo bench --bench end_to_end` does everything; `-- speed`, `-- stages`, `-- memory [MB...]`, `-- archive [MB]` and
//! `-- labels` one part each.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tables are what it is for")]

mod ceiling;
#[path = "../common/mod.rs"]
mod common;
mod input;
mod labels;
mod memory;
mod stages;

use std::path::Path;

use babelsift::run::{Job, Summary, run};
use babelsift::sink::Existing;
use babelsift::{Config, source};
use ceiling::Records;
use common::clock;
use input::{Input, Inputs};

/// zstd level of the output, of the run and of the ceiling.
const LEVEL: u8 = 3;

/// How much is measured.
#[derive(Clone, Copy)]
struct Effort {
    rounds: usize,
    /// MB of made-up text when there is no real text.
    made_up: usize,
}

fn main() {
    let all: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = all.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    if let ["child", input, out] = words[..] {
        return memory::child(Path::new(input), Path::new(out));
    }
    if let ["child-labels", labels, input, out] = words[..] {
        return labels::child(labels.parse().unwrap(), Path::new(input), Path::new(out));
    }
    // Without `--bench` the tests are being run: show that it works, no more.
    let bench = all.iter().any(|a| a == "--bench");
    let effort = if bench { Effort { rounds: 5, made_up: 40 } } else { Effort { rounds: 1, made_up: 1 } };
    let folder = tempfile::tempdir().unwrap();
    let inputs = Inputs::prepare(folder.path(), effort.made_up, bench);
    println!("{}", inputs.told);
    let part = words.first().copied().unwrap_or("all");
    if matches!(part, "all" | "speed") {
        for input in inputs.all() {
            speed(input, folder.path(), effort.rounds);
        }
    }
    if matches!(part, "all" | "stages") {
        for input in inputs.all() {
            for identifier in [&Config::default().identifier, "script"] {
                stages::table(input, folder.path(), &config(identifier), effort.rounds.min(3));
            }
        }
    }
    if matches!(part, "all" | "memory") {
        let asked: Vec<usize> = words.iter().skip(1).filter_map(|w| w.parse().ok()).collect();
        let usual: &[usize] = if bench { &[40, 400] } else { &[1, 2] };
        memory::table(&inputs, folder.path(), if asked.is_empty() { usual } else { &asked });
    }
    if part == "archive" || !bench {
        let mb = words.get(1).and_then(|w| w.parse().ok()).unwrap_or(if bench { 2000 } else { 2 });
        memory::archive(&inputs, folder.path(), mb);
    }
    if matches!(part, "all" | "labels") {
        labels::table(&inputs, folder.path(), if bench { 400 } else { 4 }, effort.rounds);
    }
}

/// The settings that are measured.
fn config(identifier: &str) -> Config {
    Config { threads: 1, level: LEVEL, identifier: identifier.to_owned(), ..Config::default() }
}

/// A whole run over one input.
fn run_over(input: &Path, out: &Path, config: &Config) -> Summary {
    let inputs = source::expand(&[input.display().to_string()]).unwrap();
    let job = Job { inputs, out: out.to_path_buf(), existing: Existing::Refuse };
    run(&job, config, &()).unwrap()
}

/// A way to process an input, and the seconds each round took.
struct Row<'a> {
    name: String,
    work: Box<dyn Fn() + 'a>,
    seconds: Vec<f64>,
}

impl<'a> Row<'a> {
    fn new(name: impl Into<String>, work: impl Fn() + 'a) -> Self {
        Self { name: name.into(), work: Box::new(work), seconds: Vec::new() }
    }
}

/// Prints how fast the run and the ceilings are.
fn speed(input: &Input, folder: &Path, rounds: usize) {
    // Each round has a folder of its own, and all stay until the end: where many files have just been removed, making new ones
    // takes some file systems (ext4) as long as a tenth of a run.
    let outs = tempfile::tempdir_in(folder).unwrap();
    let count = std::cell::Cell::new(0);
    let new = || outs.path().join(count.replace(count.get() + 1).to_string());
    let engine = Config::default().identifier;
    // How many files a run makes decides how large its blocks are; the ceiling is to have blocks of the same sizes.
    let files = run_over(&input.path, &new(), &config(&engine)).ledger.outputs.len();

    let a_run = |identifier: &str| {
        let config = config(identifier);
        move || drop(run_over(&input.path, &new(), &config))
    };
    let a_ceiling = |records: Records, files: usize| move || ceiling::process(input, &new(), records, files);
    let mut rows = vec![
        Row::new(format!("run, --identifier {engine}"), a_run(&engine)),
        Row::new("run, --identifier script", a_run("script")),
        Row::new(format!("ceiling: same records, {files} files"), a_ceiling(Records::Same, files)),
        Row::new("ceiling: text and url only, 1 file", a_ceiling(Records::Bare, 1)),
    ];
    for _ in 0..rounds {
        for row in &mut rows {
            row.seconds.push(clock::seconds(&row.work));
        }
    }
    report(input, &rows);
}

fn report(input: &Input, rows: &[Row<'_>]) {
    let mb = input.bytes as f64 / 1e6;
    let speeds: Vec<f64> = rows.iter().map(|r| mb / clock::median(&r.seconds)).collect();
    let (same, bare) = (speeds[2], speeds[3]);
    println!("\n{} input of {mb:.1} MB, 1 thread, {} rounds, {}", input.name, rows[0].seconds.len(), clock::KIND);
    println!("| what | MB/s, median | slowest to fastest | of the ceiling, same records | of the ceiling, bare |");
    println!("|---|---|---|---|---|");
    for (row, speed) in rows.iter().zip(&speeds) {
        let slowest = row.seconds.iter().copied().fold(0.0, f64::max);
        let fastest = row.seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let range = format!("{:.1} to {:.1}", mb / slowest, mb / fastest);
        let shares = format!("{:.0} % | {:.0} %", 100.0 * speed / same, 100.0 * speed / bare);
        println!("| {} | {speed:.1} | {range} | {shares} |", row.name);
    }
}
