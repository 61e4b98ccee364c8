//! All identification engines of the build side by side: how right, how fast, how soon, on how little memory.
//!
//! ```sh
//! cargo bench --bench identify                     # everything but labels
//! cargo bench --bench identify -- accuracy         # or: speed, start, noise, words
//! cargo bench --bench identify -- labels           # writes docs/languages.md
//! cargo bench --bench identify -- texts DIR        # the lines of all sets, for programs that answer them
//! cargo bench --bench identify -- answers DIR      # what each engine answers to them, a folder each
//! cargo bench --bench identify -- score DIR...     # the same tables for the answers of other programs
//! ```
//!
//! `--engines a,b` chooses among the engines, by what `--identifier` takes; `--min-score X` is that of
//! `babelsift identify`, 0 for the best guess whatever its score; `--rounds N` says how often speed is measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tables are what it is for")]

mod accuracy;
#[path = "../common/mod.rs"]
mod common;
mod contender;
mod labels;
mod noise;
mod score;
mod sets;
mod speed;
mod start;
mod table;
mod words;

use std::path::Path;

use babelsift::Config;
use babelsift::lang::engines;
use common::clock;
use contender::Contender;
use sets::{Entry, SETS, Set, Sets};

/// What was asked for.
#[derive(Default)]
struct Args {
    words: Vec<String>,
    engines: Vec<String>,
    min_score: Option<f32>,
    rounds: usize,
    raw: bool,
}

impl Args {
    fn parse(mut args: impl Iterator<Item = String>) -> Self {
        // Without `--bench` the tests are being run: show that it works, no more.
        let mut found = Self { rounds: 1, ..Self::default() };
        let mut asked = None;
        let mut bench = false;
        while let Some(arg) = args.next() {
            let mut value = || args.next().unwrap_or_else(|| panic!("{arg} wants a value"));
            match arg.as_str() {
                "--bench" => bench = true,
                "--engines" => found.engines = value().split(',').map(str::to_owned).collect(),
                "--rounds" => asked = Some(value().parse().expect("--rounds wants a number")),
                "--min-score" => found.min_score = Some(value().parse().expect("--min-score wants a number")),
                "--raw" => found.raw = true,
                _ if arg.starts_with("--") => {}
                _ => found.words.push(arg),
            }
        }
        found.rounds = asked.unwrap_or(if bench { 5 } else { 0 });
        found
    }

    /// True when this is a benchmark and not a test of one.
    fn full(&self) -> bool {
        self.rounds > 0
    }

    fn open(&self, name: &str) -> Contender {
        Contender::open(name, self.min_score).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// The engines asked for, or all that open without being told more.
    fn contenders(&self) -> Vec<Contender> {
        if !self.engines.is_empty() {
            return self.engines.iter().map(|name| self.open(name)).collect();
        }
        let mut opened = Vec::new();
        for engine in engines() {
            match Contender::open(engine.name, self.min_score) {
                Ok(contender) => opened.push(contender),
                Err(why) => eprintln!("{}: skipped, {why}", engine.name),
            }
        }
        opened
    }
}

fn main() {
    let args = Args::parse(std::env::args().skip(1));
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match words[..] {
        ["child", engine, file] => start::child(engine, Path::new(file)),
        ["texts", folder] => write_texts(Path::new(folder), &Sets::read(true, true)),
        ["answers", folder] => {
            let sets = Sets::read(true, true);
            let all = SETS.map(|(set, _)| set);
            args.contenders().iter().for_each(|c| Entry::ask(c, &sets, &all).write(Path::new(folder)));
        }
        ["score", ..] => {
            let sets = Sets::read(true, true);
            let entries: Vec<Entry> = words[1..].iter().map(|folder| Entry::read(Path::new(folder), &sets)).collect();
            accuracy::report(&entries, &sets);
            noise::report(&entries, &sets);
            words::report(&entries, &sets);
        }
        ["labels"] => {
            let named = args.engines.first().cloned().unwrap_or_else(|| Config::default().identifier);
            labels::write(&args.open(&named), &Sets::read(true, false));
        }
        [] => measure("all", &args),
        [part] if ["all", "accuracy", "speed", "start", "noise", "words"].contains(&part) => measure(part, &args),
        _ => panic!("{words:?}: not understood; the first lines of benches/identify/main.rs tell what is"),
    }
}

/// Asks all engines and prints the tables of a part.
fn measure(part: &str, args: &Args) {
    let sets = Sets::read(args.full(), matches!(part, "all" | "words"));
    let contenders = args.contenders();
    let is = |names: &[&str]| part == "all" || names.contains(&part);
    let mut wanted = Vec::new();
    for (set, parts) in [
        (Set::Dev, &["accuracy", "noise"][..]),
        (Set::Unseen, &["accuracy"]),
        (Set::Noise, &["noise"]),
        (Set::Words, &["words"]),
    ] {
        if is(parts) {
            wanted.push(set);
        }
    }
    let entries: Vec<Entry> = contenders.iter().map(|c| Entry::ask(c, &sets, &wanted)).collect();
    let rounds = args.rounds.max(1);
    if is(&["accuracy"]) {
        accuracy::report(&entries, &sets);
    }
    if is(&["speed"]) {
        speed::report(&contenders, &sets, rounds, args.raw);
    }
    if is(&["start"]) {
        start::report(&contenders, &sets, rounds);
    }
    if is(&["noise"]) {
        noise::report(&entries, &sets);
    }
    if is(&["words"]) {
        words::report(&entries, &sets);
    }
}

/// Writes the lines of each set and those on which speed is measured, one a line.
fn write_texts(folder: &Path, sets: &Sets) {
    std::fs::create_dir_all(folder).unwrap();
    let write = |name: &str, texts: &mut dyn Iterator<Item = &str>| {
        let lines: String = texts.flat_map(|text| [text, "\n"]).collect();
        std::fs::write(folder.join(name).with_extension("txt"), lines).unwrap();
    };
    for (set, name) in SETS {
        write(name, &mut sets.lines(set).iter().map(|l| l.text.as_str()));
    }
    for set in speed::texts(sets).iter().take(2) {
        write(set.name, &mut set.texts.iter().map(String::as_str));
    }
}
