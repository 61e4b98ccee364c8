//! `inspect DIR --id`: from a record back to the bytes it was made of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::common::{Made, Scratch};

const RUSSIAN: &str = "Вчера вечером мы долго гуляли вдоль набережной.";
const ENGLISH: &str = "The ferry to the island leaves at seven in the morning.";

/// A page in windows-1251 with an English line, and lines of JSON with too few letters to be kept.
fn made() -> (Scratch, Made) {
    let scratch = Scratch::new();
    scratch.write("in/page.txt", [cp1251(RUSSIAN), format!("\n{ENGLISH}\n").into_bytes()].concat());
    scratch.write("in/some.jsonl", "{\"text\":\"12\"}\n{\"text\":\"Ελληνικά\\nγράμματα\"}\nno json\n");
    let made = scratch.run("in --out out --min-letters 4");
    (scratch, made)
}

fn cp1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

/// The id of the first record of a part that says this.
#[track_caller]
fn id(made: &Made, part: &str, member: &str, value: &str) -> String {
    let records = made.records(part);
    let record = records.iter().find(|r| r[member].as_str().is_some_and(|text| text.starts_with(value)));
    record.unwrap_or_else(|| panic!("{value} is not in {part}"))["id"].as_str().unwrap().to_owned()
}

fn bytes(of: &Value) -> Vec<u8> {
    STANDARD.decode(of["bytes"].as_str().unwrap()).unwrap()
}

#[test]
fn bytes_stand_beside_the_text() {
    let (scratch, made) = made();
    let russian = id(&made, "data/rus_Cyrl", "text", RUSSIAN);
    let shown = scratch.call(&["inspect", "out", "--id", &russian]).ended(0);
    let lines = shown.lines();
    assert_eq!(lines[0], format!("{russian} in data/rus_Cyrl/part-00000.jsonl.zst"));
    assert!(lines[1].starts_with("in/page.txt, record 0, bytes 0-"), "{}", lines[1]);
    assert!(lines[2].contains("0-47 windows-1251") && lines[2].contains(RUSSIAN), "{}", lines[2]);
    assert!(lines[3].trim_start().starts_with("\\xc2\\xf7\\xe5\\xf0\\xe0 \\xe2"), "{}", lines[3]);
    assert!(!shown.text().contains(ENGLISH), "the record's own fragments alone");

    let json = &scratch.call(&["inspect", "out", "--json", "--id", &russian]).ended(0).json()[0];
    assert_eq!(json["found"]["record"]["text"], RUSSIAN);
    let fragments = json["paragraphs"][0]["fragments"].as_array().unwrap();
    assert_eq!((fragments.len(), bytes(&fragments[0])), (1, cp1251(RUSSIAN)));

    let page = scratch.call(&["inspect", "out", "--html", "--id", &russian]).ended(0);
    assert!(page.text().contains("\\xc2\\xf7\\xe5") && page.text().contains(RUSSIAN), "{}", page.text());
}

#[test]
fn tables_are_looked_through_and_bare_text_is_said_to_hold_no_ids() {
    let (scratch, made) = made();
    let russian = id(&made, "data/rus_Cyrl", "text", RUSSIAN);
    let noise = id(&made, "rejects", "reason", "noise");
    let inspect = |out: &str, id: &str| scratch.call(&["inspect", out, "--json", "--id", id]);

    #[cfg(feature = "parquet")]
    {
        scratch.run("in --out table --min-letters 4 --format parquet");
        let found = &inspect("table", &russian).ended(0).json()[0];
        assert_eq!(found["found"]["file"], "data/rus_Cyrl/part-00000.parquet");
        assert_eq!((&found["found"]["agrees"], &found["found"]["record"]["text"]), (&true.into(), &RUSSIAN.into()));
        assert_eq!(bytes(&found["paragraphs"][0]["fragments"][0]), cp1251(RUSSIAN));
    }

    scratch.run("in --out bare --min-letters 4 --format txt");
    inspect("bare", &russian).refused(&[&russian, "txt files hold no ids"]);
    // Rejects are JSON in every folder.
    assert_eq!(inspect("bare", &noise).ended(0).json()[0]["found"]["file"], "rejects/part-00000.jsonl");
}

#[test]
fn the_id_of_a_document_shows_all_of_it() {
    let (scratch, made) = made();
    let records = made.records("data/eng_Latn");
    let json = &scratch.call(&["inspect", "out", "--json", "--id", records[0]["document_id"].as_str().unwrap()]);
    let json = &json.json()[0];
    let labels: Vec<&Value> =
        json["paragraphs"].as_array().unwrap().iter().map(|p| &p["fragments"][0]["label"]).collect();
    assert_eq!(labels, ["rus_Cyrl", "eng_Latn"]);
}

#[test]
fn rejects_are_found_too() {
    let (scratch, made) = made();
    for (member, value, reason, want) in
        [("reason", "noise", "", &b"12"[..]), ("reason", "bad-json", "bad-json", b"no json\n")]
    {
        let id = id(&made, "rejects", member, value);
        let json = &scratch.call(&["inspect", "out", "--json", "--id", &id]).ended(0).json()[0];
        if reason.is_empty() {
            assert_eq!(bytes(&json["paragraphs"][0]["fragments"][0]), want);
        } else {
            assert_eq!((json["reason"].as_str(), bytes(json)), (Some(reason), want.trim_ascii_end().to_vec()));
        }
    }
}

#[test]
fn the_settings_are_those_of_the_run() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "ﬁrst of all, the ferry leaves at seven.\n");
    let made = scratch.run("a.txt --out out --normalize nfkc");
    let id = id(&made, "data", "text", "first");
    let shown = scratch.call(&["inspect", "out", "--id", &id]).ended(0);
    assert!(
        shown.text().contains("first of all") && shown.text().contains("\\xef\\xac\\x81rst of all"),
        "{}",
        shown.text()
    );
}

#[test]
fn what_is_not_there_is_said() {
    let (scratch, made) = made();
    let greek = id(&made, "data/ell_Grek", "text", "Ελληνικά");
    scratch.call(&["inspect", "out", "--id", "0123456789abcdef"]).refused(&["0123456789abcdef", "out"]);
    scratch.call(&["inspect", "in", "--id", &greek]).refused(&["in is no output folder"]);
    scratch.call(&["inspect", "in/page.txt", "--root", "x"]).ended(2);
    std::fs::rename(scratch.path("in"), scratch.path("moved")).unwrap();
    scratch.call(&["inspect", "out", "--id", &greek]).refused(&["in/some.jsonl", "--root"]);
    scratch.write("elsewhere/in/some.jsonl", std::fs::read(scratch.path("moved/some.jsonl")).unwrap());
    let shown = scratch.call(&["inspect", "out", "--id", &greek, "--root", "elsewhere"]).ended(0);
    assert!(shown.text().contains("Ελληνικά"), "{}", shown.text());

    scratch.write("in/some.jsonl", "{\"text\":\"12\"}\n{\"text\":\"Αγγλικά\\nγράμματα\"}\n");
    let changed = scratch.call(&["inspect", "out", "--id", &greek]).ended(1);
    assert!(changed.stderr.contains("in/some.jsonl gives another text now"), "{}", changed.stderr);
    scratch.write("in/some.jsonl", "{\"text\":\"12\"}\n");
    scratch.call(&["inspect", "out", "--id", &greek]).refused(&["in/some.jsonl"]);
}

#[test]
fn standard_input_can_not_be_read_again() {
    let scratch = Scratch::new();
    scratch.feed(&["run", "-", "--out", "out"], ENGLISH.as_bytes()).ended(0);
    let id = id(&scratch.made("out"), "data", "text", ENGLISH);
    scratch.call(&["inspect", "out", "--id", &id]).refused(&["standard input"]);
}
