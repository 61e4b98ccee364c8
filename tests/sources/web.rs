//! Web archives: what is kept, skipped and rejected adds up to the records that are there.

use std::io::Write as _;

use serde_json::Value;

use super::common::{Made, Scratch, gzip};
use super::pack::{deflate, http, response, warc_record};

const RUN: &str = "--out out --format jsonl --identifier script";

fn run(name: &str, bytes: &[u8], flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write(name, bytes);
    scratch.run(format!("{name} {RUN} {flags}").trim_end())
}

fn numbers(counts: &Value) -> u64 {
    counts.as_object().map_or(0, |o| o.values().map(|c| c["count"].as_u64().unwrap()).sum())
}

/// Records kept, rejected and skipped.
fn counts(made: &Made) -> (u64, u64, u64) {
    let report = made.json("report.json");
    let rejected = made.records("rejects").iter().filter(|r| r["part"].is_null()).count() as u64;
    (report["documents"].as_u64().unwrap() - rejected, rejected, numbers(&report["skipped"]))
}

fn body(i: usize) -> Vec<u8> {
    format!("Документ номер {i} об архивах.\nВторая строка {}", "слово ".repeat(i % 40)).into_bytes()
}

fn conversion(i: usize) -> Vec<u8> {
    warc_record("conversion", &format!("https://a.example/{i}"), "text/plain", &body(i))
}

#[test]
fn records_of_all_types() {
    let records = [
        warc_record("warcinfo", "", "application/warc-fields", b"software: none\r\n"),
        warc_record("request", "https://a.example/", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        response(
            "https://a.example/1",
            "Content-Type: text/plain; charset=koi8-r",
            b"\xF0\xD2\xC9\xD7\xC5\xD4, \xCD\xC9\xD2",
        ),
        response("https://a.example/2", "Content-Type: image/png", b"\x89PNG"),
        response("https://a.example/3", "Content-Type: text/plain", b""),
        warc_record("resource", "https://a.example/4", "text/plain; charset=utf-8", "Ресурс".as_bytes()),
        warc_record("metadata", "https://a.example/5", "application/warc-fields", b"x: y\r\n"),
        conversion(6),
        warc_record("revisit", "https://a.example/7", "application/http", b""),
    ];
    let made = run("a.warc", &records.concat(), "");
    assert_eq!(counts(&made), (3, 0, 6));
    let kept = made.records("data/und_Cyrl");
    assert_eq!(kept[0]["text"], "Привет, мир");
    assert_eq!(kept[0]["encoding"], "koi8-r");
    assert_eq!((&kept[0]["url"], &kept[0]["date"]), (&"https://a.example/1".into(), &"2026-03-04T05:06:07Z".into()));
    assert_eq!(kept[0]["metadata"]["http_status"], 200);
    assert_eq!(kept[0]["metadata"]["content_type"], "text/plain");
    let numbers: Vec<u64> = kept.iter().map(|r| r["record"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 5, 7], "records are numbered as they stand in the file");
}

#[test]
fn encoded_bodies() {
    let text = "Съешь же ещё этих мягких булок. ".repeat(20);
    let text = text.trim_end().as_bytes();
    let chunked = |bytes: &[u8]| {
        let chunk = |c: &[u8]| [format!("{:x}\r\n", c.len()).as_bytes(), c, b"\r\n"].concat();
        [bytes.chunks(100).flat_map(chunk).collect::<Vec<u8>>(), b"0\r\n\r\n".to_vec()].concat()
    };
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    zlib.write_all(text).unwrap();
    let cases = [
        ("", text.to_vec()),
        ("Transfer-Encoding: chunked", chunked(text)),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(&gzip(text))),
        ("Content-Encoding: gzip", gzip(text)),
        ("Content-Encoding: deflate", deflate(text)),
        ("Content-Encoding: deflate", zlib.finish().unwrap()),
        ("Content-Encoding: zstd", super::common::zstandard(text)),
        // Crawlers that took the encoding off and left the header.
        ("Transfer-Encoding: chunked", text.to_vec()),
        ("Content-Encoding: gzip", text.to_vec()),
        ("Content-Encoding: br", text.to_vec()),
        ("Content-Encoding: identity", text.to_vec()),
    ];
    let records = cases.iter().map(|(headers, body)| {
        response(
            "https://a.example/",
            &format!("Content-Type: text/plain\r\n{headers}").replace("\r\n\r\n", "\r\n"),
            body,
        )
    });
    let made = run("a.warc", &records.collect::<Vec<_>>().concat(), "");
    let found = made.strings("data/und_Cyrl", "text");
    assert_eq!(found, vec![String::from_utf8(text.to_vec()).unwrap(); cases.len()]);
}

#[test]
fn bodies_that_break_off_are_kept_and_told() {
    let text = "Съешь же ещё этих мягких французских булок, да выпей чаю. ".repeat(200);
    let packed = gzip(text.as_bytes());
    let chunk = [format!("{:x}\r\n", text.len() + 100).as_bytes(), text.as_bytes()].concat();
    let by_crawler = replace(conversion(4), b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date");
    let records = [
        response(
            "https://a.example/1",
            "Content-Type: text/plain\r\nContent-Encoding: gzip",
            &packed[..packed.len() / 2],
        ),
        response("https://a.example/2", "Content-Type: text/plain\r\nTransfer-Encoding: chunked", &chunk),
        response("https://a.example/3", "Content-Type: text/plain", text.as_bytes()),
        by_crawler,
        replace(
            warc_record("conversion", "https://a.example/5", "text/plain", text.as_bytes()),
            b"WARC-Date",
            b"WARC-Truncated: time\r\nWARC-Date",
        ),
    ];
    let made = run("a.warc", &records.concat(), "--roles none");
    let kept = made.records("data/und_Cyrl");
    let told = |name: &str| {
        let of =
            |i| kept.iter().find(|r| r["url"] == format!("https://a.example/{i}")).unwrap()["metadata"][name].clone();
        (1..=5).map(of).collect::<Vec<_>>()
    };
    assert_eq!(told("truncated"), [true.into(), true.into(), Value::Null, true.into(), true.into()]);
    assert_eq!(told("warc_truncated"), [Value::Null, Value::Null, Value::Null, "length".into(), "time".into()]);
    assert_eq!(made.strings("rejects", "reason"), ["truncated"; 4]);
    assert_eq!(made.strings("rejects", "url"), [1, 2, 4, 5].map(|i| format!("https://a.example/{i}")));
    let report = made.json("report.json");
    assert_eq!((&report["documents"], &report["reasons"]["truncated"]["count"]), (&5.into(), &4.into()));
    // One that is read in parts.
    let large = replace(
        warc_record("conversion", "u", "text/plain", text.replace(". ", ".\n").as_bytes()),
        b"WARC-Date",
        b"WARC-Truncated: time\r\nWARC-Date",
    );
    let made = run("a.warc", &large, "--max-document 16K");
    assert_eq!(made.strings("rejects", "reason"), ["truncated"]);
    assert_eq!(made.records("data/und_Cyrl")[0]["metadata"]["warc_truncated"], "time");
}

/// What unpacks to nothing, as the body of a redirect does, is skipped like a body of no bytes, and its bytes are counted.
#[test]
fn bodies_that_hold_nothing() {
    let cases = [
        ("Transfer-Encoding: chunked", b"0\r\n\r\n".to_vec()),
        ("Content-Encoding: gzip", gzip(b"")),
        ("Content-Encoding: zstd", super::common::zstandard(b"")),
    ];
    for kind in ["text/html", "text/plain", ""] {
        let page = |(headers, body): &(&str, Vec<u8>)| {
            response("https://a.example/", &format!("Content-Type: {kind}\r\n{headers}"), body)
        };
        let records: Vec<u8> = cases.iter().flat_map(page).chain(conversion(1)).collect();
        assert_eq!(counts(&run("a.warc", &records, "")), (1, 0, cases.len() as u64), "{kind:?}");
    }
}

#[test]
fn every_tenth_record_damaged() {
    const RECORDS: usize = 300;
    let damage: [&dyn Fn(Vec<u8>) -> Vec<u8>; 8] = [
        // The end is missing, the length is wrong, is no number, is negative, the header is none, its first line is.
        &|r| r[..r.len() - 20].to_vec(),
        &|r| replace(r, b"Content-Length: ", b"Content-Length: 9"),
        &|r| replace(r, b"Content-Length: ", b"Content-Length: x"),
        &|r| replace(r, b"Content-Length: ", b"Content-Length: -"),
        &|r| replace(r, b"WARC-Type", b"\0\0\r\n\r\n\0"),
        &|r| replace(r, b"WARC/1.0", b"WXRC/1.0"),
        // It breaks off in its header.
        &|r| r[..100].to_vec(),
        &|r| r[..14].to_vec(),
    ];
    let records = (0..RECORDS).map(|i| if i % 10 == 0 { damage[i / 10 % 8](conversion(i)) } else { conversion(i) });
    let made = run("a.warc", &records.collect::<Vec<_>>().concat(), "");
    assert_eq!(counts(&made), (RECORDS as u64 * 9 / 10, RECORDS as u64 / 10, 0));
    let kept = made.strings("data/und_Cyrl", "text");
    let wanted =
        (0..RECORDS).filter(|i| i % 10 != 0).map(|i| String::from_utf8(body(i)).unwrap().trim_end().to_owned());
    assert_eq!(kept, wanted.collect::<Vec<_>>());
}

fn replace(record: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = record.windows(from.len()).position(|w| w == from).unwrap();
    [&record[..at], to, &record[at + from.len()..]].concat()
}

#[test]
fn every_tenth_member_damaged() {
    const RECORDS: usize = 3000;
    let member = |i: usize| {
        let mut member = gzip(&conversion(i));
        if i.is_multiple_of(10) {
            let at = member.len() / 2;
            member[at] ^= 0x5A;
        }
        member
    };
    let bytes: Vec<u8> = (0..RECORDS).flat_map(member).collect();
    for threads in [1, 2, 4] {
        let made = run("a.warc.gz", &bytes, &format!("--threads {threads}"));
        let (kept, rejected, skipped) = counts(&made);
        assert_eq!((kept, skipped), (RECORDS as u64 * 9 / 10, 0));
        // A record may break off so early that no record is to be seen.
        assert_eq!(rejected, RECORDS as u64 / 10, "{threads} threads");
    }
}

#[test]
fn large_records_in_parts() {
    let long = |word: &str, lines: usize| format!("{}\n", word.repeat(5)).repeat(lines).into_bytes();
    let page = http("Content-Type: text/plain", &long("слово ", 2000));
    let records = [
        conversion(1),
        warc_record("conversion", "https://a.example/long", "text/plain", &long("ёлка ", 3000)),
        warc_record("response", "https://a.example/page", "application/http", &page),
        warc_record("metadata", "", "text/plain", &long("x", 12_000)),
        conversion(2),
        // One that says it is longer than it is.
        replace(warc_record("conversion", "", "text/plain", &long("зима ", 900)), b"Length: ", b"Length: 9"),
        conversion(3),
        conversion(4),
    ];
    let made = run("a.warc", &records.concat(), "--max-document 64K");
    let kept = made.records("data/und_Cyrl");
    let whole = |url: &str| {
        kept.iter().filter(|r| r["url"] == url).map(|r| r["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(whole("https://a.example/long").lines().count(), 3000);
    for i in [1, 2, 3, 4] {
        assert!(
            kept.iter().any(|r| r["text"].as_str().unwrap().starts_with(&format!("Документ номер {i} "))),
            "record {i}"
        );
    }
    let mut reasons = made.strings("rejects", "reason");
    reasons.dedup();
    assert_eq!(reasons, ["too-long", "damaged"]);
    assert_eq!(counts(&made), (6, 1, 1));
}

#[test]
fn pages_say_their_type() {
    let record = response(
        "https://a.example/",
        "Content-Type: text/html; charset=windows-1251",
        b"<html><body>\n\xCF\xF0\xE8\xE2\xE5\xF2\n</body></html>",
    );
    let made = run("a.warc", &record, "");
    let text = made.strings("data/und_Cyrl", "text").concat();
    assert!(text.contains("Привет"), "{text}");
}
