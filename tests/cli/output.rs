//! What `run` writes: records, formats, units.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::common::{Made, Scratch};

/// The page whose last line is in another language.
const PAGE: &str = include_str!("../../corpus/web/news-en.txt");
const STRAY: &str = "Заголовок открываемого материала";

#[test]
fn the_stray_line_of_a_page_goes_where_it_belongs() {
    let scratch = Scratch::new();
    scratch.write("news-en.txt", PAGE);
    let made = scratch.run("news-en.txt --out out");
    let english = made.strings("data/eng_Latn", "text");
    assert_eq!(english.len(), 1, "one record a document and label");
    assert!(english[0].contains("\nThe fishing port of Harwick opened its gates again on Monday morning, "));
    assert!(!english[0].contains(STRAY));
    let russian = made.records("data/rus_Cyrl");
    assert_eq!(russian.iter().map(|r| r["text"].as_str().unwrap()).collect::<Vec<_>>(), [STRAY]);
    assert_eq!(russian[0]["document_id"], made.records("data/eng_Latn")[0]["document_id"]);
    let all: BTreeSet<String> = [made.strings("data", "text"), made.strings("rejects", "text")]
        .concat()
        .iter()
        .flat_map(|t| t.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let caption = "The swing bridge at Harwick before the December storm";
    for line in PAGE.lines().map(|l| l.replace('\u{a0}', " ")).filter(|l| !l.trim().is_empty()) {
        // A copy of the caption is glued to the next sentence.
        let parts = line.strip_prefix(caption).map_or([line.trim(), ""], |rest| [caption, rest.trim()]);
        assert!(parts.iter().all(|part| part.is_empty() || all.contains(*part)), "lost: {line:?}");
    }
    assert_eq!(english[0].matches(caption).count(), 1, "a caption is kept once");
}

/// Texts in three scripts, with metadata.
const RECORDS: &str = r#"{"id":"a","text":"One line of this page. Заголовок открываемого материала","url":"http://x/1","date":"2024-05-01","tags":[1,{"b":2}]}
{"text":"Καλημέρα σε όλους\n\nή\nΑντίο","content":"not this"}
{"content":"Another line","url":5}
{"raw_content":"Καλό ταξίδι"}
"#;

#[test]
fn records_have_the_fields_of_the_contract() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    let made = scratch.run("in.jsonl --out out --identifier script --min-letters 3");
    assert_eq!(made.labels(), ["ell_Grek", "und_Cyrl", "und_Latn"]);
    let latin = made.records("data/und_Latn");
    let first = &latin[0];
    assert_eq!(first["text"], "One line of this page.");
    assert_eq!((&first["url"], &first["date"]), (&json!("http://x/1"), &json!("2024-05-01")));
    assert_eq!((&first["language"], &first["language_script"]), (&json!("und"), &json!("Latn")));
    assert_eq!((&first["file_path"], &first["encoding"]), (&json!("in.jsonl"), &json!("utf-8")));
    assert_eq!(first["metadata"]["tags"], json!([1, {"b": 2}]));
    assert_eq!(first["metadata"]["id"], "a", "its own id is kept");
    assert!(first["language_score"].is_f64() && first["repairs"] == json!([]));
    assert_eq!(first["spans"][0]["source"], json!([0, 23]));
    assert_eq!(made.records("data/und_Cyrl")[0]["document_id"], first["document_id"]);
    assert_eq!(latin[1]["metadata"], json!({"url": 5}));
    let greek = made.records("data/ell_Grek");
    assert_eq!(greek[0]["text"], "Καλημέρα σε όλους\nΑντίο");
    assert_eq!(greek[0]["metadata"], json!({"content": "not this"}));
    assert_eq!(greek[1]["text"], "Καλό ταξίδι");
    let rejects = made.records("rejects");
    assert_eq!(rejects.len(), 1);
    assert_eq!((&rejects[0]["text"], &rejects[0]["reason"]), (&json!("ή"), &json!("too-short")));
    assert_eq!((&rejects[0]["stage"], &rejects[0]["document_id"]), (&json!("filter"), &greek[0]["document_id"]));
    assert_eq!(rejects[0]["metadata"], json!({"content": "not this"}));
    ids_differ(&made);
}

#[track_caller]
fn ids_differ(made: &Made) {
    let ids = [made.strings("data", "id"), made.strings("rejects", "id")].concat();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "an id stands twice");
    assert!(ids.iter().all(|id| !id.is_empty()));
}

#[test]
fn spans_lead_to_the_bytes() {
    let scratch = Scratch::new();
    scratch.write("page.txt", PAGE);
    scratch.write("mixed.txt", include_bytes!("../../corpus/mixed/ru-three-encodings.txt"));
    scratch.write("utf16.txt", include_bytes!("../../corpus/encodings/pt-utf16le-bom.txt"));
    let made = scratch.run("page.txt mixed.txt utf16.txt --out out --paragraphs line");
    let records = made.records("data");
    assert!(records.iter().any(|r| r["encoding"].is_array()), "paragraphs in several encodings");
    for record in records {
        let bytes = std::fs::read(scratch.path(record["file_path"].as_str().unwrap())).unwrap();
        let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
        let mut last = 0;
        for span in record["spans"].as_array().unwrap() {
            let at = |member: &str, i: usize| {
                let value = &span[member];
                value.as_u64().unwrap_or_else(|| value[i].as_u64().unwrap()) as usize
            };
            let raw = &bytes[at("source", 0)..at("source", 1)];
            let encoding = encoding_rs::Encoding::for_label(span["encoding"].as_str().unwrap().as_bytes()).unwrap();
            let want = encoding.decode_without_bom_handling(raw).0.replace('\u{a0}', " ");
            let found: String = text[at("start", 0)..at("end", 0)].iter().collect();
            assert_eq!(found, want.trim(), "{span}");
            assert!(at("start", 0) >= last);
            last = at("end", 0);
        }
        assert_eq!(last, text.len());
    }
}

#[test]
fn the_text_field_can_be_named() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", "{\"text\":\"no\",\"body\":\"yes\"}\n{\"text\":\"no body\"}\n{\"body\":[\"no\"]}\n");
    let made = scratch.run("in.jsonl --out out --text-field body --identifier script");
    assert_eq!(made.strings("data", "text"), ["yes"]);
    assert_eq!(made.strings("rejects", "reason"), ["no-text", "no-text"]);
    let text = scratch.run("in.jsonl --out text --input-format text --identifier script");
    assert!(text.strings("data", "text")[0].starts_with("{\"text\":\"no\""));
    scratch.write("plain", "{\"text\":\"by its first line\"}\n{\"text\":\"and no name\"}\n");
    let plain = scratch.run("plain --out plain-out --identifier script");
    assert_eq!(plain.strings("data", "text"), ["by its first line", "and no name"]);
}

#[test]
fn formats_hold_the_same_records() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    scratch.write("bad.jsonl", "nope\n");
    let run = |format: &str| {
        let words = format!("in.jsonl bad.jsonl --out {format} --format {format} --identifier script");
        (scratch.run(&words), format!("part-00000.{format}"))
    };
    let (want, file) = run("jsonl");
    for format in ["jsonl.zst", "jsonl.gz"] {
        let (made, file) = run(format);
        assert!(made.files().contains_key(&format!("data/ell_Grek/{file}")));
        for part in ["data/ell_Grek", "data/und_Latn", "data/und_Cyrl", "rejects"] {
            assert_eq!(made.records(part), want.records(part), "{format} {part}");
        }
    }
    let (text, name) = run("txt");
    let files = text.files();
    let greek = String::from_utf8(files[&format!("data/ell_Grek/{name}")].clone()).unwrap();
    let records: Vec<&str> = greek.strip_suffix("\n\n").unwrap().split("\n\n").collect();
    assert_eq!(records, want.strings("data/ell_Grek", "text"));
    assert_eq!(files[&format!("rejects/{file}")], want.files()[&format!("rejects/{file}")]);
}

#[test]
fn levels_change_sizes_and_nothing_else() {
    let scratch = Scratch::new();
    scratch.write("page.txt", PAGE.repeat(20));
    let run = |level: &str| scratch.run(&format!("page.txt --out {level} --level {level} --identifier script"));
    let size = |made: &Made| made.files()["data/und_Latn/part-00000.jsonl.zst"].len();
    let (fast, small) = (run("1"), run("19"));
    assert_eq!(fast.records("data"), small.records("data"));
    assert!(size(&small) < size(&fast));
}

#[test]
fn units() {
    let scratch = Scratch::new();
    scratch.write("in.txt", format!("First of all. {STRAY} and all the rest.\n\nTwo lines.\nΚαλημέρα\n{STRAY}\n"));
    let run = |unit: &str| {
        let made = scratch.run(&format!("in.txt --out {unit} --unit {unit} --identifier script"));
        ids_differ(&made);
        ["und_Latn", "und_Cyrl", "ell_Grek"].map(|l| made.strings(&format!("data/{l}"), "text"))
    };
    let [latin, russian, greek] = run("document");
    assert_eq!(latin, ["First of all. and all the rest.\nTwo lines."]);
    assert_eq!(russian, [format!("{STRAY}\n{STRAY}")]);
    assert_eq!(greek, ["Καλημέρα"]);
    let [latin, russian, _] = run("paragraph");
    assert_eq!(latin, ["First of all. and all the rest.", "Two lines."]);
    assert_eq!(russian, [STRAY, STRAY]);
    let [latin, russian, _] = run("fragment");
    assert_eq!(latin, ["First of all.", "and all the rest.", "Two lines."]);
    assert_eq!(russian, [STRAY, STRAY]);
}

#[test]
fn report_ledger_and_records_agree() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    scratch.write("page.txt", PAGE);
    let made = scratch.run("in.jsonl page.txt --out out --min-letters 6");
    let (report, ledger) = (made.json("report.json"), made.json("ledger.json"));
    assert_eq!(report["documents"], 5);
    for label in made.labels() {
        let part = format!("data/{label}");
        let count = &report["labels"][&label];
        assert_eq!(count["records"].as_u64(), Some(made.records(&part).len() as u64));
        assert_eq!(count["bytes"], ledger["total"]["kept"][&label]);
        let spans: usize = made.records(&part).iter().map(|r| r["spans"].as_array().unwrap().len()).sum();
        assert_eq!(count["fragments"].as_u64(), Some(spans as u64));
    }
    let short = made.strings("rejects", "reason").iter().filter(|r| *r == "too-short").count();
    assert_eq!(report["reasons"]["too-short"]["count"].as_u64(), Some(short as u64));
    assert_eq!(report["reasons"]["too-short"]["bytes"], ledger["total"]["rejected"]["too-short"]);
    let read: Vec<Option<u64>> = ledger["inputs"].as_array().unwrap().iter().map(|i| i["read"].as_u64()).collect();
    assert_eq!(read, [Some(RECORDS.len() as u64), Some(PAGE.len() as u64)]);
    let sum: u64 = made.files().keys().filter(|p| p.starts_with("data") || p.starts_with("rejects")).count() as u64;
    assert_eq!(ledger["outputs"].as_array().unwrap().len() as u64, sum, "every file is in the ledger");
}

#[test]
fn the_card_has_a_configuration_for_each_label() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    for format in ["jsonl.zst", "jsonl", "txt", "txt.zst"] {
        let made = scratch.run(&format!("in.jsonl --out {format} --format {format} --identifier script"));
        let files = made.files();
        let card = String::from_utf8(files["README.md"].clone()).unwrap();
        let head = card.strip_prefix("---\n").and_then(|c| c.split_once("\n---\n")).map(|(head, _)| head).unwrap();
        for label in made.labels() {
            let file = format!("data/{label}/part-00000.{format}");
            assert!(files.contains_key(&file));
            assert!(head.contains(&label) && head.contains(&format!("data/{label}/")), "{label}: {head}");
        }
    }
}

#[test]
fn a_reject_is_text_or_bytes() {
    let scratch = Scratch::new();
    scratch.write("a.bin", include_bytes!("../../corpus/broken/binary.bin"));
    scratch.write("b.jsonl", b"{\"text\":\"x\"}\nno \xFF json\n");
    let made = scratch.run("a.bin b.jsonl --out out");
    let rejects = made.records("rejects");
    let kinds: Vec<[bool; 2]> = rejects.iter().map(|r| [r["text"].is_string(), r["bytes"].is_string()]).collect();
    assert_eq!(kinds, [[false, true], [false, true]]);
    let decoded = |r: &Value| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(r["bytes"].as_str().unwrap()).unwrap()
    };
    assert_eq!(decoded(&rejects[0]), include_bytes!("../../corpus/broken/binary.bin"));
    assert_eq!(decoded(&rejects[1]), b"no \xFF json");
}

/// What the README shows of a run is what a run says, to the letter.
#[test]
fn the_readme_shows_what_comes_out() {
    let readme = include_str!("../../README.md");
    let scratch = Scratch::new();
    let out = scratch.path("out");
    let here = |words: &[&std::ffi::OsStr]| {
        let mut command = scratch.command();
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(words);
        super::common::finish(&mut command, b"").ended(0)
    };
    let ran = here(&["run".as_ref(), "corpus".as_ref(), "--out".as_ref(), out.as_ref()]);
    let verified = here(&["verify".as_ref(), out.as_ref()]);
    let said = format!("{}{}", ran.stderr, verified.stderr).replace(out.to_str().unwrap(), "out");
    assert_eq!(said.lines().count(), 7);
    for line in said.lines() {
        assert!(readme.lines().any(|l| l == line), "not in README.md: {line}");
    }
    let record = scratch.made("out").records("data/rus_Cyrl").into_iter().find(|r| r["text"] == STRAY).unwrap();
    for field in ["id", "document_id"] {
        assert!(readme.contains(&format!("\"{field}\":{}", record[field])), "{field} is {}", record[field]);
    }
}
