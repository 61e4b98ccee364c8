//! The same documents, however they are packed, give the same texts under the same labels.

use std::collections::BTreeMap;

use super::common::{Made, Scratch, gzip, zstandard};
use super::pack::{Zipped, csv, documents, mbox, response, tar, tar_entry, warc_record, zip};

/// Texts by label, in any order.
fn texts(made: &Made) -> BTreeMap<String, Vec<String>> {
    let of = |label: &String| {
        let mut texts = made.strings(&format!("data/{label}"), "text");
        texts.sort();
        (label.clone(), texts)
    };
    made.labels().iter().map(of).collect()
}

#[test]
fn the_same_documents_however_they_are_packed() {
    let scratch = Scratch::new();
    let documents = documents();
    for document in &documents {
        scratch.write(&format!("plain/{}", document.name), &document.text);
    }
    let text_of = |d: &super::pack::Document| d.text.clone().into_bytes();
    let members = |record: &dyn Fn(&super::pack::Document) -> Vec<u8>| {
        documents.iter().flat_map(|d| gzip(&record(d))).collect::<Vec<u8>>()
    };
    let wet = members(&|d| warc_record("conversion", &d.url, "text/plain", &text_of(d)));
    let warc = members(&|d| response(&d.url, "Content-Type: text/plain; charset=utf-8", &text_of(d)));
    let json = |d: &super::pack::Document| serde_json::json!({"url": d.url, "text": d.text}).to_string() + "\n";
    let lines: String = documents.iter().map(json).collect();
    let entries: Vec<Vec<u8>> = documents.iter().map(|d| tar_entry(d.name.as_bytes(), b'0', &text_of(d))).collect();
    let ways = [Zipped::Stored, Zipped::Deflated, Zipped::Streamed, Zipped::StoredStreamed, Zipped::Wide];
    let zipped: Vec<(&str, &[u8], Zipped)> =
        documents.iter().enumerate().map(|(i, d)| (d.name.as_str(), d.text.as_bytes(), ways[i % 5])).collect();
    let nested = zip(&[("in.tar.gz", &gzip(&tar(&entries)), Zipped::Deflated)]);
    let packed: Vec<(&str, Vec<u8>)> = vec![
        ("a.warc.wet.gz", wet),
        ("a.warc.gz", warc),
        ("a.jsonl.zst", zstandard(lines.as_bytes())),
        ("a.tar.gz", gzip(&tar(&entries))),
        ("a.zip", zip(&zipped)),
        ("a.mbox", mbox(&documents)),
        ("a.csv", csv(&documents)),
        ("nested.zip", nested),
        #[cfg(feature = "parquet")]
        ("a.parquet", super::pack::parquet(&documents)),
        #[cfg(feature = "parquet")]
        ("in.tar", tar(&[tar_entry(b"a.parquet", b'0', &super::pack::parquet(&documents))])),
        #[cfg(feature = "parquet")]
        ("a.arrow", super::pack::arrow_stream(&super::pack::table(&documents), None)),
        #[cfg(feature = "parquet")]
        ("b.arrow", super::pack::arrow_file(&super::pack::table(&documents))),
    ];
    let wanted = texts(&scratch.run("plain --out plain.out --format jsonl"));
    assert!(wanted.len() >= 6, "{wanted:?}");
    for (name, bytes) in packed {
        scratch.write(name, bytes);
        let made = scratch.run(&format!("{name} --out {name}.out --format jsonl"));
        assert_eq!(texts(&made), wanted, "{name}");
        assert!(!made.files().keys().any(|f| f.starts_with("rejects")), "{name} has rejects");
    }
}
