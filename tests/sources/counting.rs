//! Kept, rejected and skipped records are those that there are, whatever they come in.

use super::common::{Made, Scratch, gzip};
use super::pack::{response, tar, tar_entry, warc_record};

fn run(name: &str, bytes: &[u8]) -> Made {
    let scratch = Scratch::new();
    scratch.write(name, bytes);
    scratch.run(&format!("{name} --out out --format jsonl --identifier script --batch-size 1K"))
}

/// Records that were kept or rejected, and those that were skipped as empty.
fn counted(made: &Made) -> (u64, u64) {
    let report = made.json("report.json");
    let skipped = &report["skipped"];
    assert!(skipped.as_object().is_none_or(|all| all.keys().all(|name| name == "empty")), "{skipped}");
    (report["documents"].as_u64().unwrap(), skipped["empty"]["count"].as_u64().unwrap_or(0))
}

const TEXT: &str = "Το πλοίο φεύγει στις επτά το πρωί.";
const BLANK_PAGE: &str = "<!doctype html><html><head></head><body><img src=a.png> <p> </p></body></html>";

#[test]
fn records_without_text_are_skipped() {
    let mail =
        |text: &str| format!("From a@b.example Wed Mar  4 05:06:07 2026\nFrom: a@b.example\nSubject: x\n\n{text}\n\n");
    let html = format!(
        "From a@b.example Wed Mar  4 05:06:07 2026\nFrom: a@b.example\nContent-Type: text/html\n\n{BLANK_PAGE}\n\n"
    );
    let warc = [
        warc_record("conversion", "u", "text/plain", TEXT.as_bytes()),
        warc_record("conversion", "u", "text/plain", b""),
        warc_record("conversion", "u", "text/plain", b" \r\n\t\n"),
        response("u", "Content-Type: text/html", BLANK_PAGE.as_bytes()),
    ];
    let tarred = tar(&[
        tar_entry(b"a.txt", b'0', TEXT.as_bytes()),
        tar_entry(b"b.txt", b'0', b""),
        tar_entry(b"c.txt", b'0', b"\n \n"),
        tar_entry(b"d.txt.gz", b'0', &gzip(b"")),
        tar_entry(b"e.html", b'0', BLANK_PAGE.as_bytes()),
    ]);
    for (name, bytes, wanted) in [
        (
            "a.jsonl",
            format!("{{\"text\":\"{TEXT}\"}}\n{{\"text\":\"\"}}\n\n{{\"text\":\" \\n\"}}\n{{\"text\":\"\",\"n\":1}}")
                .into_bytes(),
            (1, 3),
        ),
        ("a.csv", format!("text,n\n{TEXT},1\n,2\n\n\" \",3\n").into_bytes(), (1, 2)),
        ("a.txt", b" \n\t\r\n".to_vec(), (0, 1)),
        ("a.txt", Vec::new(), (0, 1)),
        ("a.txt.gz", gzip(b""), (0, 1)),
        ("a.html", BLANK_PAGE.as_bytes().to_vec(), (0, 1)),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n\n".to_vec(), (0, 1)),
        ("a.warc", warc.concat(), (1, 3)),
        ("a.tar", tarred, (1, 4)),
        ("a.mbox", [mail(TEXT), mail(""), mail(" \n \n"), html].concat().into_bytes(), (1, 3)),
    ] {
        let made = run(name, &bytes);
        assert_eq!(counted(&made), wanted, "{name}");
        assert!(made.records("rejects").is_empty(), "{name}");
    }
}

/// What ends a file too early is told, but it is no record beside the one that it broke.
#[test]
fn what_breaks_off_is_no_record_more() {
    let member = |i: usize| gzip(&warc_record("conversion", "u", "text/plain", format!("{TEXT} {i}").as_bytes()));
    let members: Vec<u8> = (0..50).flat_map(member).collect();
    let last = member(49).len();
    let lines: String = (0..50).map(|i| format!("{{\"text\":\"{TEXT} {i}\"}}\n")).collect();
    let packed = gzip(lines.as_bytes());
    let text = gzip(TEXT.as_bytes());
    let mut flipped = members.clone();
    flipped[members.len() - last / 2] ^= 0x55;
    for (name, bytes, wanted) in [
        ("a.warc.gz", &members[..], 50),
        ("a.warc.gz", &members[..members.len() - 37], 50),
        // So early that nothing is left of the last record, and so late that nothing of it is missing.
        ("a.warc.gz", &members[..members.len() - last + 12], 50),
        ("a.warc.gz", &members[..members.len() - 3], 50),
        ("a.warc.gz", &flipped, 50),
        ("a.txt.gz", &text[..text.len() - 4], 1),
        // Nothing at all comes out, but there was something.
        ("a.txt.gz", &text[..12], 1),
        (
            "a.tar",
            &tar(&[tar_entry(b"a.txt.gz", b'0', &text[..text.len() - 4]), tar_entry(b"b.gz", b'0', &text[..12])]),
            2,
        ),
    ] {
        let made = run(name, bytes);
        assert_eq!(counted(&made), (wanted, 0), "{name} of {}", bytes.len());
    }
    let cut = run("a.jsonl.gz", &packed[..packed.len() - 30]);
    let rejects = cut.records("rejects");
    let whole = cut.records("data/ell_Grek").len() as u64;
    let broken = rejects.iter().filter(|r| r["text"] != "").count() as u64;
    assert_eq!((counted(&cut).0, rejects.len() as u64), (whole + broken, broken + 1));
}
