//! What is made to do harm: it costs itself, in bounded memory and time (a call that takes a minute fails), and the rest is
//! processed.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use super::common::{Made, PROGRAM, Scratch, gzip};
use super::pack::{Zipped, deflate, tar, tar_entry, warc_record, zip};

fn run(name: &str, bytes: &[u8], flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write(&format!("in/{name}"), bytes);
    scratch.write("in/z.txt", "Καλημέρα μετά");
    let made = scratch.run(format!("in --out out --format jsonl --identifier script {flags}").trim_end());
    assert_eq!(made.strings("data/ell_Grek", "text").last().unwrap(), "Καλημέρα μετά", "{name}");
    made
}

fn reasons(made: &Made) -> Vec<String> {
    let mut reasons = made.strings("rejects", "reason");
    reasons.dedup();
    reasons
}

/// One long line, which costs little to reject.
fn line(megabytes: usize) -> Vec<u8> {
    vec![b'x'; megabytes << 20]
}

fn is_bomb(made: &Made) -> bool {
    reasons(made).contains(&"bomb".to_owned())
}

#[test]
fn bombs() {
    let packed = gzip(&line(6));
    let made = run("a.gz", &packed, "--max-ratio 20");
    assert!(is_bomb(&made));
    // What came before is told.
    assert!(made.json("ledger.json")["total"]["read"].as_u64().unwrap() > 4 << 20);
    assert!(!is_bomb(&run("a.gz", &packed, "--max-ratio 0")));
    // One in each other: neither layer alone is too much.
    let twice = gzip(&packed);
    assert!(is_bomb(&run("a.gz", &twice, "--max-ratio 300")));
    let many: Vec<(String, Vec<u8>)> = (0..4).map(|i| (format!("{i}.txt"), line(2))).collect();
    let entries: Vec<(&str, &[u8], Zipped)> =
        many.iter().map(|(n, b)| (n.as_str(), b.as_slice(), Zipped::Streamed)).collect();
    assert!(is_bomb(&run("a.zip", &zip(&entries), "--max-ratio 20")));
    let text = line(8);
    let mut packed = Vec::new();
    liblzma::bufread::XzEncoder::new(&text[..], 6).read_to_end(&mut packed).unwrap();
    assert!(is_bomb(&run("a.xz", &packed, "")));
    // The body of a response.
    let page = super::pack::response("u", "Content-Type: text/plain\r\nContent-Encoding: deflate", &deflate(&line(6)));
    assert_eq!(reasons(&run("a.warc", &page, "")), ["too-long"]);
}

#[test]
fn the_same_verdict_on_a_bomb_for_any_number_of_threads() {
    let member: Vec<u8> = (0..12).flat_map(|_| gzip(&line(1))).collect();
    let made = |threads: usize| run("a.gz", &member, &format!("--max-ratio 100 --threads {threads}")).files();
    super::common::assert_same_files(&made(1), &made(4), "4 threads");
}

#[test]
fn an_archive_that_holds_itself() {
    let mut archive = tar(&[tar_entry(b"a.txt", b'0', "Άλφα".as_bytes())]);
    for _ in 0..50 {
        archive = tar(&[tar_entry(b"in.tar", b'0', &archive)]);
    }
    assert_eq!(reasons(&run("a.tar", &archive, "")), ["too-deep"]);
    let mut packed = gzip(b"x");
    for _ in 0..50 {
        packed = gzip(&packed);
    }
    assert_eq!(reasons(&run("a.gz", &packed, "")), ["too-deep"]);
}

#[test]
fn lengths_that_can_not_be() {
    for length in ["-1", "99999999999999999999", "18446744073709551615", "9223372036854775807", "", "0x10", "1e3"] {
        let record = String::from_utf8(warc_record("conversion", "u", "text/plain", "Ένα".as_bytes())).unwrap();
        let bytes = record.replace("Content-Length: 6", &format!("Content-Length: {length}"));
        let made = run("a.warc", bytes.as_bytes(), "");
        assert_eq!(reasons(&made), ["damaged"], "{length}");
    }
    for size in [
        &b"77777777777\0"[..],
        b"\x80\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
    ] {
        let mut entry = tar_entry(b"a.txt", b'0', "Ένα".as_bytes());
        entry[124..136].copy_from_slice(size);
        super::pack::seal(&mut entry);
        let made = run("a.tar", &tar(&[entry]), "");
        assert_eq!(reasons(&made).last().unwrap(), "damaged", "{}", size.escape_ascii());
    }
}

/// A header that says more of an entry, or a device, does not swallow the entries behind it.
#[test]
fn long_headers_that_lie() {
    let entry = |name: &[u8]| tar_entry(name, b'0', "Ένα".as_bytes());
    for kind in *b"LKxg" {
        for size in [&b"77777777777\0"[..], b"00000003000\0", b"\x80\0\0\0\0\0\0\0\0\x10\0\0"] {
            let mut lying = tar_entry(b"././@LongLink", kind, b"n.txt\0");
            lying[124..136].copy_from_slice(size);
            super::pack::seal(&mut lying);
            let made = run("a.tar", &tar(&[entry(b"a.txt"), lying, entry(b"b.txt"), entry(b"c.txt")]), "");
            assert_eq!(made.strings("data/ell_Grek", "text").len(), 4, "{}", size.escape_ascii());
            assert_eq!(made.strings("rejects", "reason"), ["damaged"], "{}", size.escape_ascii());
        }
    }
    let mut device = tar_entry(b"dev", b'Z', b"");
    device[124..136].copy_from_slice(b"77777777777\0");
    super::pack::seal(&mut device);
    assert_eq!(reasons(&run("a.tar", &tar(&[device, entry(b"b.txt")]), "")), ["damaged"]);
}

#[test]
fn headers_without_end() {
    let header = format!("WARC/1.0\r\nX: {}\r\n", "y".repeat(3 << 20));
    assert_eq!(reasons(&run("a.warc", header.as_bytes(), "")), ["damaged"]);
    let long = tar_entry(b"././@LongLink", b'L', &vec![b'n'; 3 << 20]);
    let made = run("a.tar", &tar(&[long, tar_entry(b"x", b'0', "Ένα".as_bytes())]), "");
    assert_eq!((made.strings("data/ell_Grek", "entry")[0].as_str(), reasons(&made)), ("x", vec!["damaged".to_owned()]));
    let long = tar_entry(b"././@LongLink", b'L', &vec![b'n'; 3000]);
    let made = run("a.tar", &tar(&[long, tar_entry(b"x", b'0', "Ένα".as_bytes())]), "");
    assert_eq!(made.strings("data/ell_Grek", "entry")[0].len(), 1000);
    let mail = format!("From: a\nTo: b\nDate: c\nSubject: {}", "x ".repeat(3 << 20));
    run("a.eml", mail.as_bytes(), "");
    let name = "n".repeat(65_000);
    let made = run("a.zip", &zip(&[(&name, "Ένα".as_bytes(), Zipped::Deflated)]), "");
    assert_eq!(made.strings("data/ell_Grek", "entry")[0].len(), 1000);
}

#[test]
fn more_entries_than_are_opened() {
    let entries: Vec<Vec<u8>> = (0..50).map(|i| tar_entry(format!("{i}").as_bytes(), b'0', "Ένα".as_bytes())).collect();
    let made = run("a.tar", &tar(&entries), "--max-entries 20");
    assert_eq!(made.records("data/ell_Grek").len(), 21);
    assert_eq!(made.strings("rejects", "reason"), vec!["too-many"; 30]);
}

#[test]
fn odd_files_in_folders() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Άλφα");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", scratch.path("in/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", scratch.path("in/broken")).unwrap();
        std::os::unix::fs::symlink("a.txt", scratch.path("in/link.txt")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(scratch.path("in/pipe")).status().unwrap().success());
    }
    let made = scratch.run("in --out out --format jsonl --identifier script");
    assert_eq!(made.records("data/ell_Grek").len(), if cfg!(unix) { 2 } else { 1 });
    if cfg!(unix) {
        assert_eq!(reasons(&made), ["unreadable"]);
        assert_eq!(made.records("rejects").len(), 3, "the broken link, the loop and the pipe");
    }
}

/// Pages of very many small parts, as they come in few bytes.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_parts_of_a_page() {
    let size = if cfg!(debug_assertions) { 1 << 18 } else { 5 << 20 };
    for part in ["<td>x", "<p>x", "x<br>", "<tr><td>a<td>b", "<li>&amp;"] {
        let page = format!("<!doctype html><table>{}", part.repeat(size / part.len()));
        let scratch = Scratch::new();
        scratch.write("a.html", page);
        let mut command = scratch.command();
        command.args(["run", "a.html", "--out", "out", "--threads", "2", "--identifier", "script", "--quiet"]);
        let mut child = command.spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            peak = peak.max(most_memory(child.id()));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(child.wait().unwrap().success());
        assert!(peak < 192 << 10, "{part}: {peak} kB");
    }
}

/// Most memory that a process had so far, in kB; nothing where it has ended.
#[cfg(target_os = "linux")]
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kilobytes = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next());
    kilobytes.map_or(0, |k| k.parse().unwrap())
}

/// A generated archive much larger than the memory that may be taken, through a pipe.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_archive() {
    const THREADS: u64 = 2;
    let scratch = Scratch::new();
    let size = if cfg!(debug_assertions) { 4 << 20 } else { 256 << 20 };
    let line = "Το μεγάλο αρχείο δεν χωράει στη μνήμη.\n".as_bytes();
    let record = warc_record("conversion", "https://a.example/", "text/plain", &line.repeat(800));
    // One long member, and one without an end to its records.
    let block = gzip(&record.repeat(64));
    let mut command = std::process::Command::new(PROGRAM);
    command.current_dir(scratch.path("."));
    command.args([
        "run",
        "-",
        "--out",
        "out",
        "--identifier",
        "script",
        "--min-letters",
        "9999999",
        "--level",
        "1",
        "--max-ratio",
        "0",
        "--threads",
        "2",
    ]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut written = 0;
    let mut peak = 0;
    while written < size {
        stdin.write_all(&block).unwrap();
        written += record.len() * 64;
        peak = peak.max(most_memory(child.id()));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let limit = (64 * THREADS + 64) << 10;
    assert!(peak < limit, "{peak} kB of {limit} kB for {written} bytes");
}
