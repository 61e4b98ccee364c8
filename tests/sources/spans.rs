//! Every record leads back to its bytes: its document, read again, holds them where the spans say, and decoded with the
//! encoding that is told and repaired they are the text.

use std::collections::BTreeMap;
use std::path::Path;

use babelsift::config::{Config, Format, Paragraphs};
use babelsift::decode::Encoding;
use babelsift::find::{self, Again};
use babelsift::html;
use babelsift::lang::Label;
use babelsift::repair::{Profile, repair_as};
use babelsift::run::{Job, run};
use babelsift::sink::Existing;
use babelsift::source::expand;
use serde_json::Value;

use super::common::{Scratch, gzip, records, zstandard};
use super::pack::{Document, Zipped, csv, documents, mbox, response, tar, tar_entry, warc_record, zip};

/// How many spans there were.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Their bytes, decoded, are the text.
    exact: usize,
    /// They are after repair.
    repaired: usize,
    /// The bytes of rejects, as they stand.
    rejects: usize,
    /// Text out of markup.
    pages: usize,
}

/// Runs over these inputs and leads every record of the folder back.
#[track_caller]
fn lead_back(inputs: &[String], out: &Path, config: &Config) -> Seen {
    let job = Job { inputs: expand(inputs).unwrap(), out: out.to_path_buf(), existing: Existing::Refuse };
    let summary = run(&job, config, &()).unwrap();
    let mut seen = Seen::default();
    let mut documents: BTreeMap<String, Again> = BTreeMap::new();
    for file in &summary.ledger.outputs {
        for record in records(&out.join(&file.path)) {
            let [id, document] = ["id", "document_id"].map(|name| record[name].as_str().unwrap());
            // Records of one document lead back to the same bytes; the parts of a large one are documents of their own.
            let again = documents.entry(format!("{document} {}", record["part"])).or_insert_with(|| {
                let found = find::record(out, &summary.ledger, id, 1).unwrap();
                assert_eq!((&found.file, &found.record), (&file.path, &record));
                let again = find::again(&found, config, Path::new("")).unwrap();
                assert!(again.agrees(&found), "{record}\nis now\n{:?}", again.record);
                again
            });
            check(&record, again, config, &mut seen);
        }
    }
    seen
}

/// Bytes of a span of the record's payload.
fn payload<'a>(again: &'a Again, source: &Value) -> &'a [u8] {
    let document = &again.batch.documents[0];
    let at = |i: usize| (source[i].as_u64().unwrap() - document.offset) as usize;
    &again.batch.raw[document.raw.range()][at(0)..at(1)]
}

#[track_caller]
fn check(record: &Value, again: &Again, config: &Config, seen: &mut Seen) {
    let profile = Profile::new(config).unwrap();
    let page = again.batch.documents[0].html.is_some();
    if record["reason"].is_string() {
        use base64::Engine as _;
        if let Some(text) = record["bytes"].as_str() {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
            assert_eq!(payload(again, &record["source"]), bytes);
            seen.rejects += 1;
        }
        return;
    }
    let label = |name: &str| record[name].as_str().unwrap().to_owned();
    let label: Label = format!("{}_{}", label("language"), label("language_script")).parse().unwrap();
    let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    for span in record["spans"].as_array().unwrap() {
        let [start, end] = ["start", "end"].map(|name| span[name].as_u64().unwrap() as usize);
        let wanted: String = text[start..end].iter().collect();
        let encoding = Encoding::for_label(span["encoding"].as_str().unwrap()).unwrap();
        let mut decoded = String::new();
        encoding.decode_into(payload(again, &span["source"]), &mut decoded);
        if page {
            decoded = html::text(&decoded, html::Mode::All);
            seen.pages += 1;
        }
        if decoded.trim() == wanted {
            seen.exact += 1;
            continue;
        }
        assert_ne!(record["repairs"], serde_json::json!([]), "{span}: {decoded:?} is not {wanted:?}");
        let repaired = repair_as(&decoded, &profile, None).text.into_owned();
        let repaired = repair_as(&repaired, &profile, Some(label)).text;
        assert_eq!(repaired.trim(), wanted, "{record}");
        seen.repaired += 1;
    }
}

/// By lines: a joined paragraph has other characters between its lines.
fn config() -> Config {
    Config { format: Format::Jsonl, paragraphs: Paragraphs::Line, ..Config::default() }
}

#[test]
fn records_of_the_corpus_lead_back_to_their_bytes() {
    let scratch = Scratch::new();
    let inputs = ["archives", "broken", "encodings", "mail", "mixed", "web"].map(|part| format!("corpus/{part}"));
    let seen = lead_back(&inputs, &scratch.path("out"), &config());
    assert!(seen.exact > 300 && seen.repaired > 10 && seen.rejects > 0, "{seen:?}");
}

#[test]
fn records_of_archives_in_archives_lead_back_to_their_bytes() {
    let scratch = Scratch::new();
    let documents = documents();
    let koi8 = |d: &Document| encoding_rs::KOI8_R.encode(&d.text).0.into_owned();
    let russian = documents.iter().find(|d| d.name == "ru.txt").unwrap();
    let entries: Vec<Vec<u8>> =
        documents.iter().map(|d| tar_entry(d.name.as_bytes(), b'0', d.text.as_bytes())).collect();
    let page = |d: &Document| {
        let paragraphs: String = d.text.lines().map(|line| format!("<p>{line}</p>\n")).collect();
        format!("<!doctype html><html><head><title>A title</title></head><body>{paragraphs}</body></html>")
    };
    let warc: Vec<u8> = documents
        .iter()
        .flat_map(|d| {
            let html = response(&d.url, "Content-Type: text/html; charset=utf-8", page(d).as_bytes());
            [gzip(&html), gzip(&warc_record("conversion", &d.url, "text/plain", d.text.as_bytes()))].concat()
        })
        .collect();
    let json: String = documents.iter().map(|d| serde_json::json!({"text": d.text}).to_string() + "\n").collect();
    let archive = zip(&[
        ("files.tar.gz", &gzip(&tar(&entries)), Zipped::Deflated),
        ("crawl.warc.gz", &warc, Zipped::Stored),
        ("koi8.txt", &koi8(russian), Zipped::Streamed),
        ("lines.jsonl.zst", &zstandard(json.as_bytes()), Zipped::Stored),
        ("post.mbox", &mbox(&documents), Zipped::Deflated),
        ("table.csv", &csv(&documents), Zipped::Wide),
        ("noise.bin", include_bytes!("../../corpus/broken/binary.bin"), Zipped::Deflated),
    ]);
    scratch.write("all.zip", &archive);
    scratch.write("outer.tar", tar(&[tar_entry(b"all.zip", b'0', &archive), entries[0].clone()]));
    let inputs = ["all.zip", "outer.tar"].map(|name| scratch.path(name).display().to_string());
    let seen = lead_back(&inputs, &scratch.path("out"), &config());
    let each = documents.len();
    assert!(seen.exact >= 2 * 2 * 5 * each && seen.pages >= 2 * 2 * each && seen.rejects >= 2, "{seen:?}");
}

#[test]
fn parts_of_a_large_document_lead_back_to_their_bytes() {
    let scratch = Scratch::new();
    let text: String = documents().iter().map(|d| format!("{}\n", d.text)).collect::<String>().repeat(40);
    scratch.write("large.txt", text);
    let config = Config { max_document: babelsift::config::ByteSize(4 << 10), ..config() };
    let inputs = [scratch.path("large.txt").display().to_string()];
    let seen = lead_back(&inputs, &scratch.path("out"), &config);
    assert!(seen.exact > 400, "{seen:?}");
}
