//! Archives of files: what entries are called, what is passed over, and what damage costs.

use super::common::{Made, Scratch, gzip, zstandard};
use super::pack::{Zipped, seal, tar, tar_entry, zip};

fn run(name: &str, bytes: &[u8], flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write(name, bytes);
    scratch.run(format!("{name} --out out --format jsonl --identifier script {flags}").trim_end())
}

/// Entries and texts of the Greek records.
fn greek(made: &Made) -> Vec<(String, String)> {
    made.strings("data/ell_Grek", "entry").into_iter().zip(made.strings("data/ell_Grek", "text")).collect()
}

fn skipped(made: &Made, name: &str) -> u64 {
    made.json("report.json")["skipped"][name]["count"].as_u64().unwrap_or(0)
}

const ALPHA: &[u8] = "Άλφα".as_bytes();
const BETA: &[u8] = "Βήτα".as_bytes();

#[test]
fn entries_packed_by_lzma() {
    let long = "Γραμμή με λέξεις.\n".repeat(50_000);
    let archive = zip(&[
        ("a.txt", ALPHA, Zipped::Lzma),
        ("b.txt", long.as_bytes(), Zipped::LzmaSized),
        ("c.txt", BETA, Zipped::Deflated),
    ]);
    let made = run("a.zip", &archive, "");
    let texts = greek(&made);
    assert_eq!((texts[0].1.as_str(), texts[1].1.as_str(), texts.len()), ("Άλφα", long.trim_end(), 3));
    // Damage costs the entry.
    let mut broken = archive.clone();
    let at = memchr::memmem::find(&broken, b"a.txt").unwrap() + 5;
    broken[at + 2] = 6;
    let made = run("a.zip", &broken, "");
    assert_eq!(made.strings("rejects", "reason"), ["damaged"]);
    assert_eq!(greek(&made).len(), 2);
}

#[test]
fn names_of_tape_archives() {
    let long = format!("{}/τέλος.txt", "φάκελος".repeat(20));
    let pax = |records: &[(&str, &str)]| {
        let record = |(key, value): &(&str, &str)| {
            let rest = format!(" {key}={value}\n");
            let digits = if rest.len() + 2 < 100 { 2 } else { 3 };
            format!("{}{rest}", rest.len() + digits)
        };
        tar_entry(b"pax", b'x', records.iter().map(record).collect::<String>().as_bytes())
    };
    let mut prefixed = tar_entry(b"b.txt", b'0', BETA);
    prefixed[345..349].copy_from_slice(b"some");
    seal(&mut prefixed);
    let archive = tar(&[
        tar_entry(b"folder/", b'5', b""),
        tar_entry(b"../../etc/a.txt", b'0', ALPHA),
        prefixed,
        tar_entry(b"././@LongLink", b'L', format!("{long}\0").as_bytes()),
        tar_entry(b"cut", b'0', ALPHA),
        pax(&[("path", "Ω.txt"), ("mtime", "1")]),
        tar_entry(b"cut", b'0', BETA),
        tar_entry(b"link", b'2', b""),
        tar_entry(b"empty.txt", b'0', b""),
        tar_entry(b"old.txt", 0, ALPHA),
    ]);
    let made = run("a.tar", &archive, "");
    let names: Vec<String> = greek(&made).into_iter().map(|g| g.0).collect();
    assert_eq!(names, ["../../etc/a.txt", "some/b.txt", &long, "Ω.txt", "old.txt"]);
    assert_eq!((skipped(&made, "no-file"), skipped(&made, "empty")), (2, 1));
    let short = run("a.tar", &archive, "--max-name 10");
    assert_eq!(greek(&short)[2].0.chars().count(), 10);
    let numbers: Vec<u64> = made.records("data/ell_Grek").iter().map(|r| r["record"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 7]);
}

#[test]
fn sparse_files_are_read_without_their_holes() {
    let text = [ALPHA, b"\n", BETA].concat();
    let mut map = b"2\n0\n512\n4096\n8\n".to_vec();
    map.resize(512, 0);
    let said = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n25 GNU.sparse.name=a.txt\n";
    let newer = [tar_entry(b"pax", b'x', said.as_bytes()), tar_entry(b"x", b'0', &[&map[..], &text].concat())].concat();
    let mut older = tar_entry(b"b.txt", b'S', &text);
    older[482] = 1;
    seal(&mut older);
    drop(older.splice(512..512, [0; 512]));
    let made = run("a.tar", &tar(&[newer, older]), "");
    let text = String::from_utf8(text).unwrap();
    assert_eq!(greek(&made), [("a.txt".to_owned(), text.clone()), ("b.txt".to_owned(), text)]);
}

#[test]
fn a_damaged_header_costs_its_entry() {
    let mut entries =
        [tar_entry(b"a.txt", b'0', ALPHA), tar_entry(b"b.txt", b'0', ALPHA), tar_entry(b"c.txt", b'0', BETA)];
    entries[1][130] = b'9';
    let made = run("a.tar", &tar(&entries), "");
    assert_eq!(greek(&made).len(), 2);
    assert_eq!(made.strings("rejects", "reason"), ["damaged"]);
    let whole = tar(&entries);
    let made = run("a.tar", &whole[..whole.len() - 1024 - 509], "");
    assert_eq!(made.strings("rejects", "reason"), ["damaged", "damaged"]);
}

#[test]
fn archives_in_archives() {
    let inner = tar(&[tar_entry(b"x/a.txt", b'0', ALPHA), tar_entry(b"b.txt.gz", b'0', &gzip(BETA))]);
    let lines = b"{\"text\":\"\xCE\x93\xCE\xAC\xCE\xBC\xCE\xBC\xCE\xB1\"}\n{\"text\":\"\xCE\x94\xCE\xAD\xCE\xBB\xCF\x84\xCE\xB1\"}\n";
    let archive = zip(&[
        ("in.tgz", &gzip(&inner), Zipped::Stored),
        ("lines.jsonl.zst", &zstandard(lines), Zipped::Streamed),
        ("folder/", b"", Zipped::Stored),
    ]);
    let made = run("a.zip", &archive, "");
    let found = greek(&made);
    let names: Vec<&str> = found.iter().map(|g| g.0.as_str()).collect();
    assert_eq!(names, ["in.tgz/x/a.txt", "in.tgz/b.txt.gz", "lines.jsonl.zst", "lines.jsonl.zst"]);
    assert_eq!(found[3].1, "Δέλτα");
    let numbers: Vec<u64> = made.records("data/ell_Grek").iter().map(|r| r["record"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
    // The tar in the zip is two deep, its compression three, the gzip in it four.
    for (depth, kept) in [(5, 4), (4, 4), (3, 3), (2, 2), (1, 0)] {
        let made = run("a.zip", &archive, &format!("--max-depth {depth}"));
        assert_eq!(greek(&made).len(), kept, "depth {depth}");
        assert_eq!(made.strings("rejects", "reason").is_empty(), kept == 4);
    }
}

#[test]
fn entries_of_zip_archives_that_are_not_read() {
    let archive = zip(&[
        ("secret.txt", ALPHA, Zipped::Encrypted),
        ("odd.txt", ALPHA, Zipped::Unknown),
        ("good.txt", BETA, Zipped::Deflated),
    ]);
    let made = run("a.zip", &archive, "");
    assert_eq!(made.strings("rejects", "reason"), ["encrypted", "unsupported"]);
    assert_eq!(made.strings("rejects", "entry"), ["secret.txt", "odd.txt"]);
    assert_eq!(greek(&made), [("good.txt".to_owned(), "Βήτα".to_owned())]);
}

#[test]
fn the_same_out_of_a_file_and_out_of_a_pipe() {
    let long = "Ένα κείμενο που συμπιέζεται. ".repeat(4000);
    let archive = zip(&[
        ("a.txt", ALPHA, Zipped::Stored),
        ("b.txt", long.as_bytes(), Zipped::Streamed),
        ("folder/", b"", Zipped::Streamed),
        ("c.txt", BETA, Zipped::StoredStreamed),
        ("d.txt", long.as_bytes(), Zipped::Wide),
    ]);
    let scratch = Scratch::new();
    let words = ["run", "-", "--out", "out", "--format", "jsonl", "--identifier", "script"];
    assert!(scratch.feed(&words, &archive).ended(0).text().is_empty());
    let piped = scratch.made("out");
    let read = run("a.zip", &archive, "");
    assert_eq!((greek(&read), greek(&read).len()), (greek(&piped), 4));
    // What says sizes behind an entry, without its mark.
    let marked = b"PK\x07\x08";
    let mut bare = archive.clone();
    while let Some(at) = bare.windows(4).position(|w| w == marked) {
        drop(bare.drain(at..at + 4));
    }
    // The directory does not fit any more, so it tells nothing; what is stored can't be found without either.
    let found = greek(&run("a.zip", &bare, ""));
    assert!(found.contains(&("b.txt".to_owned(), long.trim_end().to_owned())), "{}", found.len());
}

#[test]
fn the_directory_tells_how_large_an_entry_is_that_is_not_read() {
    let archive = zip(&[("odd.txt", ALPHA, Zipped::UnknownStreamed), ("good.txt", BETA, Zipped::Deflated)]);
    let made = run("a.zip", &archive, "");
    assert_eq!((made.strings("rejects", "reason"), greek(&made).len()), (vec!["unsupported".to_owned()], 1));
    assert_eq!(skipped(&made, "no-file"), 0);
}

#[test]
fn a_damaged_entry_costs_itself() {
    let text = "Ένα κείμενο που συμπιέζεται. ".repeat(40);
    let archive = zip(&[
        ("a.txt", text.as_bytes(), Zipped::Deflated),
        ("b.txt", text.as_bytes(), Zipped::Deflated),
        ("c.txt", BETA, Zipped::Stored),
    ]);
    let mut broken = archive.clone();
    broken[60] ^= 0xFF;
    let made = run("a.zip", &broken, "");
    assert!(made.strings("rejects", "reason").contains(&"damaged".to_owned()));
    let names: Vec<String> = greek(&made).into_iter().map(|g| g.0).collect();
    assert!(names.ends_with(&["b.txt".to_owned(), "c.txt".to_owned()]), "{names:?}");
    // Between two entries, and at the end.
    let at = archive.windows(4).rposition(|w| w == b"PK\x03\x04").unwrap();
    let torn = [&archive[..at], b"garbage", &archive[at..]].concat();
    let made = run("a.zip", &torn, "");
    assert_eq!((greek(&made).len(), made.strings("rejects", "reason")), (3, vec!["damaged".to_owned()]));
    let made = run("a.zip", &archive[..at - 10], "");
    assert!(made.strings("rejects", "reason").contains(&"damaged".to_owned()));
}

#[test]
fn of_a_book_the_chapters_are_read() {
    let chapter = |text: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>\n<p>{text}</p>\n</body></html>"
        )
    };
    let book = zip(&[
        ("mimetype", b"application/epub+zip", Zipped::Stored),
        ("META-INF/container.xml", b"<container/>", Zipped::Deflated),
        ("text/1.xhtml", chapter("Το πρώτο κεφάλαιο.").as_bytes(), Zipped::Deflated),
        ("style.css", b"p { margin: 0 }", Zipped::Streamed),
        ("text/2.xhtml", chapter("Το δεύτερο κεφάλαιο.").as_bytes(), Zipped::Streamed),
    ]);
    let made = run("a.epub", &book, "");
    let text: String = greek(&made).into_iter().map(|g| g.1).collect();
    assert!(
        text.contains("Το πρώτο κεφάλαιο.") && text.contains("Το δεύτερο κεφάλαιο.") && !text.contains("margin"),
        "{text}"
    );
    assert_eq!(skipped(&made, "attachment"), 3);
}
