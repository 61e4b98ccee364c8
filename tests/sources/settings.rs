//! Which records are read.

use super::common::{Made, Scratch, gzip};
use super::pack::{Zipped, response, warc_record, zip};

fn archive() -> Vec<u8> {
    let record = |i: usize| {
        let text = format!("Κείμενο με αριθμό {i}");
        match i % 2 {
            0 => warc_record("conversion", &format!("https://a.example/{i}"), "text/plain", text.as_bytes()),
            _ => response(&format!("https://b.example/{i}"), "Content-Type: text/html", text.as_bytes()),
        }
    };
    (0..200).flat_map(|i| gzip(&record(i))).collect()
}

fn run(flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write("in/a.warc.gz", archive());
    scratch.write("in/b.txt", "Άλλο κείμενο");
    let files = [("x.txt", "Ένα".as_bytes(), Zipped::Deflated), ("y.md", "Δύο".as_bytes(), Zipped::Deflated)];
    scratch.write("in/c.zip", zip(&files));
    scratch.run(format!("in --out out --format jsonl --identifier script {flags}").trim_end())
}

fn texts(made: &Made) -> Vec<String> {
    made.strings("data/ell_Grek", "text")
}

fn skipped(made: &Made, name: &str) -> u64 {
    made.json("report.json")["skipped"][name]["count"].as_u64().unwrap_or(0)
}

#[test]
fn a_limit_on_records() {
    for (limit, threads, batch) in [(1, 1, "1M"), (7, 2, "1"), (150, 3, "2K"), (202, 1, "1K"), (1000, 2, "1M")] {
        let flags = format!("--limit-records {limit} --threads {threads} --batch-size {batch}");
        assert_eq!(texts(&run(&flags)).len(), limit.min(203), "{flags}");
    }
    let files = |flags: &str| run(&format!("--limit-records 50 {flags}")).files();
    super::common::assert_same_files(&files("--batch-size 1"), &files("--threads 3"), "other batches");
}

#[test]
fn a_sample() {
    let of = |flags: &str| texts(&run(flags));
    let tenth = of("--sample 0.1");
    assert!((5..45).contains(&tenth.len()), "{}", tenth.len());
    assert_eq!(of("--sample 0.1 --threads 3 --batch-size 1"), tenth);
    assert_ne!(of("--sample 0.1 --seed 1"), tenth);
    assert_eq!(of("--sample 1").len(), 203);
    let none = run("--sample 0");
    assert_eq!((texts(&none).len(), skipped(&none, "sampled")), (0, 203));
    assert_eq!(run("--sample 0.5 --limit-records 10").records("data/ell_Grek").len(), 10);
}

#[test]
fn names_addresses_and_types() {
    for (flags, kept) in [
        ("--exclude *.warc.gz", 3),
        ("--exclude in/*.zip,*.txt", 200),
        ("--include *.txt", 2),
        ("--include https://a.example/*", 100),
        ("--include text/html", 100),
        ("--include https://* --exclude text/html", 100),
        ("--include https://b.example/*,*.md", 101),
        ("--exclude *", 0),
    ] {
        let made = run(flags);
        assert_eq!(texts(&made).len(), kept, "{flags}");
        assert!(made.records("rejects").is_empty());
        assert!(skipped(&made, "excluded") > 0);
    }
    let scratch = Scratch::new();
    scratch.write("a.txt", "x");
    scratch.call(&["run", "a.txt", "--out", "o", "--include", "a[", "--quiet"]).refused(&["a["]);
}

#[test]
fn inputs_from_a_list() {
    let scratch = Scratch::new();
    for (name, text) in [("a.txt", "Άλφα"), ("b b.txt", "Βήτα"), ("c/c.txt", "Γάμμα")] {
        scratch.write(name, text);
    }
    scratch.write("list", "b b.txt\r\n\n# a comment\nc\n");
    let made = scratch.run("--inputs-from list a.txt --out out --format jsonl --identifier script");
    assert_eq!(texts(&made), ["Άλφα", "Βήτα", "Γάμμα"]);
    let done = scratch.feed(&["run", "--inputs-from", "-", "--out", "o", "--quiet"], b"a.txt\nc/c.txt\n").ended(0);
    assert_eq!(done.text(), "");
    assert_eq!(scratch.made("o").files().keys().filter(|f| f.starts_with("data")).count(), 1);
    scratch.call(&["run", "--inputs-from", "missing", "--out", "p", "--quiet"]).refused(&["missing"]);
    scratch.write("list", "missing.txt\n");
    scratch.call(&["run", "--inputs-from", "list", "--out", "p", "--quiet"]).refused(&["missing.txt"]);
    scratch.call(&["run", "--out", "p", "--quiet"]).ended(2);
}
