//! The program as its users call it.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod damage;
mod decode;
mod engines;
mod filters;
mod find;
mod folders;
mod operation;
mod output;
#[cfg(unix)]
mod process;
mod report;
#[cfg(feature = "parquet")]
mod tables;
mod usage;
mod verify;

use common::Scratch;

const COMMANDS: [&str; 11] = [
    "run",
    "inspect",
    "decode",
    "repair",
    "identify",
    "segment",
    "report",
    "verify",
    "languages",
    "completions",
    "man",
];

#[test]
fn version() {
    let want = format!("babelsift {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Scratch::new().call(&["-V"]).ended(0).text(), want);
    let long = Scratch::new().call(&["--version"]).ended(0);
    let lines = long.lines();
    assert_eq!(lines[0], want.trim_end());
    for part in ["identify", "decode", "mojibake", "roles"] {
        let line = lines.iter().find(|line| line.starts_with(part)).unwrap();
        let digits = line.split_once(" model ").unwrap().1.split(',').next().unwrap();
        assert!(digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{line}");
    }
    assert!(lines.last().unwrap().starts_with("Unicode   "), "{lines:?}");
}

#[test]
fn help_is_short_and_long() {
    let scratch = Scratch::new();
    let top = scratch.call(&["-h"]).ended(0).text().to_owned();
    for command in COMMANDS {
        assert!(top.lines().any(|l| l.trim_start().starts_with(command)), "{command} is not in:\n{top}");
        let [short, long] = ["-h", "--help"].map(|f| scratch.call(&[command, f]).ended(0).text().to_owned());
        assert!(short.contains(&format!("babelsift {command}")), "{short}");
        assert!(long.lines().count() > short.lines().count(), "--help of {command} says no more than -h");
    }
}

#[test]
fn help_says_of_each_command_what_it_does() {
    let scratch = Scratch::new();
    let top = scratch.call(&["-h"]).ended(0).text().to_owned();
    let mut told: Vec<String> = Vec::new();
    for command in COMMANDS {
        let line = top.lines().map(str::trim).find(|l| l.starts_with(&format!("{command} "))).unwrap();
        let about = line[command.len()..].trim().to_owned();
        assert!(!told.contains(&about), "{command} is told like another command: {about}");
        let first = scratch.call(&[command, "-h"]).ended(0).lines()[0].to_owned();
        assert!(first.starts_with(&about), "`{command} -h` begins with: {first}");
        told.push(about);
    }
}

#[test]
fn wrong_words_are_refused() {
    let scratch = Scratch::new();
    scratch.write("in.txt", "Some text.\n");
    for (words, named) in [
        ("--nope", "--nope"),
        ("nope", "nope"),
        ("run in.txt", "--out"),
        ("run --out o", "INPUT"),
        ("run in.txt --out o --nope", "--nope"),
        ("run in.txt --out o --format docx", "docx"),
        ("run in.txt --out o --unit word", "word"),
        ("run in.txt --out o --threads many", "many"),
        ("run in.txt --out o --overwrite --resume", "--resume"),
        ("run in.txt --out o --min-score 7", "--min-score"),
        ("run in.txt --out o --level 0", "--level"),
        ("run in.txt --out o --batch-size 1X", "1X"),
        ("run in.txt --out o --max-document 1", "--max-document"),
        ("run in.txt --out o --max-reject-rate 2", "--max-reject-rate"),
        ("run in.txt --out o --identifier nope", "nope"),
        ("run in.txt --out o --languages xx", "xx"),
        ("run in.txt --out o --identifier script --languages eng_Latn", "eng_Latn"),
        ("run in.txt --out o --repairs nope", "nope"),
        ("run in.txt --out o --prior page", "page"),
        ("identify --top 0", "--top"),
        ("identify --prior none", "--prior"),
        ("identify --format jsonl", "--format"),
        ("decode --explain --jsonl", "--explain"),
        ("verify", "DIR"),
        ("verify a b", "b"),
        ("-q -v languages", "--verbose"),
    ] {
        let done = scratch.call(&words.split(' ').collect::<Vec<_>>()).ended(2);
        assert!(done.stdout.is_empty(), "{words}: data on stdout");
        assert!(done.stderr.starts_with("error: ") && done.stderr.contains(named), "{words}: {}", done.stderr);
        assert!(!scratch.exists("o") && !scratch.exists("o.partial"), "{words}: something was written");
    }
    let none = scratch.call::<&str>(&[]).ended(2);
    assert!(none.stdout.is_empty() && none.stderr.contains("Usage"), "{}", none.stderr);
}

#[test]
fn flags_win_over_the_file_and_the_file_over_defaults() {
    let scratch = Scratch::new();
    scratch.write("c.toml", "normalize = 'nfkd'\nrepairs = ['normalize']\nthreads = 1\n");
    let repaired = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        scratch.feed(&words, "ﬁ é\u{a0}!\n".as_bytes()).ended(0).text().to_owned()
    };
    assert_eq!(repaired("repair"), "fi é !\n");
    assert_eq!(repaired("repair --config c.toml"), "fi e\u{301} !\n");
    assert_eq!(repaired("repair --config c.toml --normalize nfd"), "ﬁ e\u{301}\u{a0}!\n");
    assert_eq!(repaired("--config c.toml repair --normalize none --repairs conservative"), "fi é !\n");
}

#[test]
fn a_bad_configuration_file_is_refused() {
    let scratch = Scratch::new();
    for (name, text, word) in [
        ("key.toml", "nonsense = 1\n", "nonsense"),
        ("value.toml", "normalize = 'nfx'\n", "nfx"),
        ("range.toml", "min-score = 3.0\n", "min-score"),
        ("type.toml", "threads = 'many'\n", "threads"),
        ("syntax.toml", "threads\n", "syntax.toml"),
        ("bytes.toml", "threads = 1 # \u{e9}\n", ""),
    ] {
        if name == "bytes.toml" {
            scratch.write(name, b"threads = 1 # \xE9\n");
        } else {
            scratch.write(name, text);
        }
        let words: &[&str] = if name == "range.toml" { &[word] } else { &[word, name] };
        scratch.call(&["identify", "--config", name]).refused(words);
    }
    scratch.call(&["identify", "--config", "missing.toml"]).refused(&["missing.toml"]);
}

/// What a report says of its settings is a configuration file.
#[test]
fn the_settings_of_a_run_can_be_given_again() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Το πλοίο φεύγει στις επτά το πρωί.\nThe ship leaves.\n");
    let words = "in --format jsonl --unit paragraph --identifier script --languages el,ko --min-letters 2 --text-field t \
                 --repairs spaces,normalize --max-document 8K --normalize nfkc --max-reject-rate 0.75 --min-score 0.4 \
                 --prior none";
    let first = scratch.run(&format!("{words} --out a"));
    let settings: toml::Value = serde_json::from_value(first.json("report.json")["configuration"].clone()).unwrap();
    scratch.write("c.toml", toml::to_string(&settings).unwrap());
    let second = scratch.run("in --config c.toml --out b");
    common::assert_same_files(&second.files(), &first.files(), "the same settings from a file");
    assert_eq!(first.labels(), ["ell_Grek", "und_Latn"]);
}

#[test]
fn colours_and_quiet() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "Das Schiff fährt um sieben Uhr ab.\n");
    let inspect = |words: &[&str]| scratch.call(&[&["inspect", "a.txt"][..], words].concat()).ended(0);
    assert!(!inspect(&[]).text().contains('\u{1b}'), "no terminal, no colours");
    assert!(!inspect(&["--color", "never"]).text().contains('\u{1b}'));
    assert!(inspect(&["--color", "always"]).text().contains('\u{1b}'));
    let loud = scratch.call(&["run", "a.txt", "--out", "a"]).ended(0);
    assert!(loud.stderr.contains("a") && !loud.stderr.contains('\u{1b}') && !loud.stderr.contains('\r'));
    let bar = scratch.call(&["run", "a.txt", "--out", "b", "--progress", "always"]).ended(0);
    assert!(bar.stderr.contains("written to b") && bar.stderr.contains('%'), "a bar even here: {:?}", bar.stderr);
    for words in ["run a.txt --out c --quiet", "-q verify c"] {
        assert_eq!(scratch.call(&words.split(' ').collect::<Vec<_>>()).ended(0).stderr, "");
    }
    let failed = scratch.call(&["run", "a.txt", "--out", "c", "--quiet"]).refused(&["c"]);
    assert!(failed.stderr.starts_with("error: "), "errors are not kept quiet");
    let verbose = scratch.call(&["run", "a.txt", "--out", "d", "--verbose"]).ended(0);
    assert!(verbose.stderr.lines().count() > loud.stderr.lines().count(), "{}", verbose.stderr);
}
