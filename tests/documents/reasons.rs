//! `docs/reasons.md`: every reason of the registry with an input that has it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use babelsift::reason::{REASONS, SKIPS};
use serde_json::Value;

use super::common::{Scratch, gzip};
use super::is_up_to_date;
use super::pack::{Zipped, tar, tar_entry, warc_record, zip};

/// An input, the flags it is read with, and what people are told of it.
struct Case {
    reason: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    flags: &'static str,
    /// Part of its text that stands in the reject; of what has no text, a description.
    example: &'static str,
}

/// A page as a scraper leaves it.
const PAGE: &str = "\
Home
Log in
Subscribe
The bakery on Mill Street bakes at night again
By Martha Quill
For the first time since the flood the oven on Mill Street was lit last night, and by five in the morning the smell of bread had reached the bridge.
Photo: the old oven in March
“I threw away forty loaves before I trusted the new bricks, and the ducks have never been so fat.”
The baker plans to open the second oven in spring, when the mill has been repaired and the flour is cheaper again.
• Rye bread is ready at six o'clock in the morning
for (i = 0; i < n; i++) { total += loaf[i].weight; print(total); }
Loaves\t120\t135
* * *
Share
We use cookies to make this website better for you; by reading on you agree to our use of cookies
© The Mill Street Gazette. All rights reserved.
";

fn cases() -> Vec<Case> {
    let case =
        |reason, file, bytes: &[u8], flags, example| Case { reason, file, bytes: bytes.to_vec(), flags, example };
    let page = |reason, flags, example| Case { reason, file: "page.txt", bytes: PAGE.into(), flags, example };
    let html = "<nav><a href=/>Home</a> <a href=/s>Subscribe</a></nav><article><h1>The bakery bakes at night again</h1>\
                <p>For the first time since the flood the oven on Mill Street was lit last night, and by five in the morning \
                the smell of bread had reached the bridge.</p></article>";
    let two = tar(&[tar_entry(b"a.txt", b'0', b"one"), tar_entry(b"b.txt", b'0', b"two")]);
    let entry = |how| zip(&[("a.txt", "Some text in an archive.".as_bytes(), how)]);
    let long = format!("{{\"text\":\"{}\"}}\n", "a long text ".repeat(200));
    let damaged = ["Καλημέρα ".as_bytes(), b"\xFF", " σε όλους\nΤο πλοίο φεύγει στις επτά".as_bytes()].concat();
    let cut = String::from_utf8(warc_record("conversion", "https://pages.example/", "text/plain", b"Some text that"))
        .unwrap();
    let cut = cut.replace("WARC-Date", "WARC-Truncated: length\r\nWARC-Date").into_bytes();
    let whole = gzip(PAGE.repeat(50).as_bytes());
    vec![
        case(
            "binary",
            "a.bin",
            include_bytes!("../../corpus/broken/binary.bin"),
            "",
            "a file that is text in no encoding",
        ),
        case(
            "malformed",
            "a.txt",
            &damaged,
            "--on-malformed reject",
            "a line of UTF-8 with a byte FF in it, with `--on-malformed reject`",
        ),
        case("damaged", "a.txt.gz", &whole[..whole.len() / 2], "", "a gzip file that was cut in the middle"),
        case("truncated", "a.warc", &cut, "", "a response of which the crawler took the first part (`WARC-Truncated: length`)"),
        case("bad-json", "a.jsonl", b"{\"text\":\"one\"}\n{\"text\":\"no end\n", "", "{\"text\":\"no end"),
        case("no-text", "a.jsonl", b"{\"title\":\"A title alone\"}\n", "", "{\"title\":\"A title alone\"}"),
        case(
            "too-long",
            "a.jsonl",
            long.as_bytes(),
            "--max-document 1K",
            "a record of 2400 characters with `--max-document 1K`",
        ),
        case("encrypted", "a.zip", &entry(Zipped::Encrypted), "", "an entry of a zip archive that takes a password"),
        case(
            "unsupported",
            "a.zip",
            &entry(Zipped::Unknown),
            "",
            "an entry that is compressed by a method nobody knows",
        ),
        case(
            "bomb",
            "a.txt.gz",
            &gzip(&vec![b' '; 8 << 20]),
            "--max-ratio 10",
            "8 MiB of spaces in 8 kB of gzip, with `--max-ratio 10`",
        ),
        case("too-deep", "a.txt.gz", &gzip(&gzip(b"text")), "--max-depth 1", "gzip in gzip with `--max-depth 1`"),
        case("too-many", "a.tar", &two, "--max-entries 1", "the second entry of an archive with `--max-entries 1`"),
        case("beside-main", "a.html", html.as_bytes(), "", "Home Subscribe"),
        case("too-short", "a.txt", b"ok", "--min-letters 3 --roles none", "ok"),
        case(
            "foreign",
            "a.txt",
            "De oude visser, die al veertig jaar in de haven woont, zei “the sea gives and the sea takes away” en liep daarna langzaam naar huis.".as_bytes(),
            "--fragments drop",
            "the sea gives and the sea takes away",
        ),
        page("ui", "", "Log in"),
        page("boilerplate", "", "We use cookies to make this website better for you"),
        case(
            "duplicate",
            "a.txt",
            format!("{PAGE}The new bricks came from the old school. The new bricks came from the old school.\n{PAGE}")
                .as_bytes(),
            "",
            "The new bricks came from the old school.",
        ),
        page("noise", "", "* * *"),
        page("content", "--roles content=drop", "For the first time since the flood"),
        page("heading", "--roles heading=drop", "The bakery on Mill Street bakes at night again"),
        page("caption", "--roles caption=drop", "Photo: the old oven in March"),
        page("list", "--roles list=drop", "• Rye bread is ready at six o'clock in the morning"),
        page("quote", "--roles quote=drop", "“I threw away forty loaves"),
        page("name", "--roles name=drop", "By Martha Quill"),
        page("code", "--roles code=drop", "for (i = 0; i < n; i++) { total += loaf[i].weight; print(total); }"),
        page("table", "--roles table=drop", "Loaves\t120\t135"),
    ]
}

/// Records that are passed over.
fn skipped() -> Vec<Case> {
    let case = |reason, file, bytes: Vec<u8>, flags, example| Case { reason, file, bytes, flags, example };
    let wiki = |title: &str, namespace: u32, rest: &str| {
        format!(
            "<page><title>{title}</title><ns>{namespace}</ns><id>1</id>{rest}<revision><text>Some text of a page.</text></revision></page>"
        )
    };
    let dump = format!(
        "<mediawiki>{}{}</mediawiki>",
        wiki("Template:Box", 10, ""),
        wiki("Ship", 0, "<redirect title=\"Boat\" />")
    );
    let warcinfo = warc_record("warcinfo", "x", "application/warc-fields", b"software: none");
    let image = warc_record("resource", "https://pages.example/a.png", "image/png", b"\x89PNG");
    let book = zip(&[
        ("mimetype", b"application/epub+zip", Zipped::Stored),
        ("a.xhtml", b"<html><body><p>The text of a book.</p></body></html>", Zipped::Deflated),
        ("cover.png", b"\x89PNG", Zipped::Stored),
    ]);
    vec![
        case("no-file", "a.tar", tar(&[tar_entry(b"folder/", b'5', b"")]), "", "a folder in a tar archive"),
        case("empty", "a.tar", tar(&[tar_entry(b"a.txt", b'0', b"")]), "", "an entry of no bytes"),
        case("no-document", "a.warc", warcinfo, "", "the record `warcinfo` of a web archive"),
        case("media-type", "a.warc", image, "", "a record of type `image/png`"),
        case("attachment", "a.epub", book, "", "the cover of a book"),
        case("redirect", "a.xml", dump.clone().into(), "", "the page “Ship” that leads to “Boat”"),
        case("namespace", "a.xml", dump.into(), "", "a template, without `--wiki 10`"),
        case("excluded", "secret.txt", b"text".to_vec(), "--exclude secret*", "secret.txt, with `--exclude 'secret*'`"),
        case(
            "sampled",
            "a.jsonl",
            "{\"text\":\"a\"}\n".repeat(50).into(),
            "--sample 0.1",
            "nine records of ten, with `--sample 0.1`",
        ),
    ]
}

/// The folder of a case: its rejects and its report.
fn outcome(case: &Case) -> (Vec<Value>, Value) {
    let scratch = Scratch::new();
    scratch.write(case.file, &case.bytes);
    let made = scratch.run(format!("{} --out out {}", case.file, case.flags).trim_end());
    (made.records("rejects"), made.json("report.json"))
}

#[test]
fn every_reason_has_an_example_that_holds() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let (rejects, _) = outcome(case);
        let own: Vec<&Value> = rejects.iter().filter(|r| r["reason"] == case.reason).collect();
        let holds = |r: &&Value| is_description(case) || r["text"].as_str().is_none_or(|t| t.contains(case.example));
        if !own.iter().any(holds) {
            let texts: Vec<String> = rejects.iter().map(|r| format!("{} {}", r["reason"], r["text"])).collect();
            wrong.push(format!("{}: {:?} is not among {texts:?}", case.reason, case.example));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A link to nowhere is the one input that can't be packed.
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Some text.");
    std::os::unix::fs::symlink("nowhere", scratch.path("in/link.txt")).unwrap();
    assert_eq!(scratch.run("in --out out").strings("rejects", "reason"), ["unreadable"]);

    let known: BTreeSet<&str> = cases.iter().map(|case| case.reason).chain(["unreadable"]).collect();
    let wanted: BTreeSet<&str> = REASONS.iter().map(|row| row.1).collect();
    assert_eq!(known, wanted);
}

#[test]
fn every_record_that_is_passed_over_has_an_example_that_holds() {
    let cases = skipped();
    for case in &cases {
        let (_, report) = outcome(case);
        assert!(report["skipped"][case.reason]["count"].as_u64() > Some(0), "{}: {}", case.reason, report["skipped"]);
    }
    let known: BTreeSet<&str> = cases.iter().map(|case| case.reason).collect();
    let wanted: BTreeSet<&str> = SKIPS.iter().map(|row| row.1).collect();
    assert_eq!(known, wanted);
}

fn is_description(case: &Case) -> bool {
    ["a ", "an ", "the second ", "gzip ", "8 MiB "].iter().any(|start| case.example.starts_with(start))
}

const HEAD: &str = "\
# Reasons

Written by `BLESS=1 cargo test --test documents` from the registry; each example is run by that test. Whatever is taken out of the
corpora is in `rejects/` with one of these reasons, its stage and the bytes that it came from.

| reason | stage | what | example |
|---|---|---|---|
";

const PASSED_OVER: &str = "
## Passed over

Records that hold no text to begin with, or were not asked for. They are counted in `report.json` as `skipped`, and their bytes
are structure in the ledger.

| | what | example |
|---|---|---|
";

const NEXT: &str = "
What was repaired and stays is in [repairs.md](repairs.md).
";

#[test]
fn the_page_of_reasons_is_up_to_date() {
    let (cases, skipped) = (cases(), skipped());
    let mut page = HEAD.to_owned();
    for (_, name, stage, about) in REASONS {
        let case = cases.iter().find(|case| case.reason == *name);
        let example = case.map_or("a link that leads nowhere".to_owned(), shown);
        writeln!(page, "| `{name}` | {stage} | {about} | {example} |").unwrap();
    }
    page.push_str(PASSED_OVER);
    for (_, name, about) in SKIPS {
        let case = skipped.iter().find(|case| case.reason == *name).unwrap();
        writeln!(page, "| `{name}` | {about} | {} |", case.example).unwrap();
    }
    page.push_str(NEXT);
    is_up_to_date("reasons.md", &page);
}

fn shown(case: &Case) -> String {
    if is_description(case) {
        return case.example.to_owned();
    }
    let flags = if case.flags.is_empty() { String::new() } else { format!(", with `{}`", case.flags) };
    format!("`{}`{flags}", case.example.replace('\t', " ⇥ ").replace('|', "\\|"))
}
