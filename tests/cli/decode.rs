//! `decode` and `inspect`: what is found in bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::common::Scratch;

const RUSSIAN: &str = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";

fn encode(label: &str, text: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
    }
}

#[test]
fn utf8_stays_as_it_is() {
    let scratch = Scratch::new();
    for text in [
        "a\n",
        "a\n\n\nb\n",
        "\n\na\n",
        "a\n  \nb\n",
        "  a  \n\tb\n",
        "é 漢字 😀\n",
        "a\n\n\n",
        "\n",
        "\u{a0}\u{feff}b\n",
    ] {
        let done = scratch.feed(&["decode"], text.as_bytes()).ended(0);
        assert_eq!(done.text(), text, "lines are kept");
    }
}

#[test]
fn line_ends_become_line_feeds_and_marks_go() {
    let scratch = Scratch::new();
    for (bytes, want) in [
        (&b"x\r\ny\rz\r\n\r\nw\n"[..], "x\ny\nz\n\nw\n"),
        (b"\xEF\xBB\xBFa\nb\n", "a\nb\n"),
        (b"\xEF\xBB\xBF\n\na\n", "\n\na\n"),
        (b"\xFF\xFEa\0\n\0\n\0b\0\n\0", "a\n\nb\n"),
        (b"\xFE\xFF\0a\0\r\0\n\0b\0\n", "a\nb\n"),
        (b"caf\xC3\xA9 and \xC3\xA9t\xC3\xA9 \xFF!\n", "café and été \u{fffd}!\n"),
    ] {
        assert_eq!(scratch.feed(&["decode"], bytes).ended(0).text(), want, "{}", bytes.escape_ascii());
    }
}

#[test]
fn each_line_is_decoded_from_its_own_encoding() {
    let scratch = Scratch::new();
    let lines =
        ["koi8-r", "windows-1251", "utf-8", "ibm866"].map(|label| [&encode(label, RUSSIAN)[..], b"\n"].concat());
    let input = lines.concat();
    let done = scratch.feed(&["decode"], &input).ended(0);
    assert_eq!(done.text(), format!("{RUSSIAN}\n").repeat(4));
    let explained = scratch.feed(&["decode", "--explain"], &input).ended(0);
    let mut at = 0;
    for (line, bytes) in explained.lines().iter().zip(&lines) {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields[0], format!("{at}-{}", at + bytes.len() - 1));
        assert!((0.0..=1.0).contains(&fields[2].parse::<f64>().unwrap()) && !fields[3].is_empty(), "{line}");
        at += bytes.len();
    }
    let names: Vec<&str> = explained.lines().iter().map(|l| l.split('\t').nth(1).unwrap()).collect();
    assert!(names[0].starts_with("koi8-") && names[1..] == ["windows-1251", "utf-8", "ibm866"], "{names:?}");
}

#[test]
fn utf16_is_decoded_with_and_without_mark() {
    let text = format!("{RUSSIAN}\nA second line, 1 2 3.\n");
    for label in ["utf-16le", "utf-16be"] {
        for mark in ["", "\u{feff}"] {
            let done = Scratch::new().feed(&["decode"], &encode(label, &format!("{mark}{text}"))).ended(0);
            assert_eq!(done.text(), text, "{label} {mark:?}");
        }
    }
}

#[test]
fn binary_data_is_no_text() {
    let scratch = Scratch::new();
    let binary: Vec<u8> = (0..4096u32).map(|i| ((i * i) >> 3) as u8).collect();
    assert_eq!(scratch.feed(&["decode"], &binary).ended(0).text(), "");
    assert!(scratch.feed(&["decode", "--explain"], &binary).ended(0).text().contains("binary"));
    let line = json!({"bytes": STANDARD.encode(&binary), "id": 7}).to_string();
    let out = &scratch.feed(&["decode", "--jsonl"], line.as_bytes()).ended(1).json()[0];
    assert!(out["error"].is_string() && out["id"] == 7 && out["text"].is_null(), "{out}");
}

#[test]
fn objects_with_declared_and_mixed_encodings() {
    let short = encode("koi8-r", "Да, мама");
    let mixed = [&encode("koi8-r", RUSSIAN)[..], b"\n", RUSSIAN.as_bytes()].concat();
    let lines = [
        json!({"bytes": STANDARD.encode(&short), "declared": "KOI8-R"}),
        json!({"bytes": STANDARD.encode(RUSSIAN), "declared": "windows-1252"}),
        json!({"bytes": STANDARD.encode(&short), "declared": "no such charset"}),
        json!({"bytes": STANDARD.encode(&mixed)}),
        json!({"bytes": ""}),
        json!({"bytes": "????"}),
    ]
    .map(|l| format!("{l}\n"));
    let out = Scratch::new().feed(&["decode", "--jsonl"], lines.concat().as_bytes()).ended(1).json();
    assert_eq!((&out[0]["text"], &out[0]["encoding"]), (&json!("Да, мама"), &json!("koi8-r")));
    assert_eq!((&out[1]["text"], &out[1]["encoding"]), (&json!(RUSSIAN), &json!("utf-8")), "bytes speak louder");
    assert!(out[2]["text"].is_string() && out[2]["error"].is_null(), "{}", out[2]);
    assert_eq!(out[3]["text"], json!(format!("{RUSSIAN}\n{RUSSIAN}")));
    assert_eq!(out[3]["encoding"].as_array().unwrap().len(), 2, "{}", out[3]);
    assert_eq!(out[4]["text"], "");
    assert!(out[5]["error"].as_str().unwrap().contains("base64"), "{}", out[5]);
}

#[test]
fn hard_wrapped_text_is_joined_when_asked() {
    let mail = "the boat leaves at seven from the small pier behind the market,\n\
                so we should be there a little earlier if we want to sit outside.\n\
                Bring a warm coat, because the wind on the water is colder than you\n\
                would think in June, and something to read for the long way back in\n\
                the evening, when the sun is low and the lake is as still as glass.\n";
    let scratch = Scratch::new();
    assert_eq!(scratch.feed(&["decode"], mail.as_bytes()).ended(0).text(), mail);
    let want = mail.trim_end().replace('\n', " ") + "\n";
    for how in ["auto", "blank"] {
        assert_eq!(scratch.feed(&["decode", "--paragraphs", how], mail.as_bytes()).ended(0).text(), want, "{how}");
    }
}

#[test]
fn inspect_shows_every_byte_once() {
    let scratch = Scratch::new();
    let text = "This page ends here. Заголовок открываемого материала на русском языке\n\nOne more\u{a0}line of text\n";
    scratch.write("page.txt", text);
    let object = &scratch.call(&["inspect", "page.txt", "--json"]).ended(0).json()[0];
    assert_eq!(object["file_path"], "page.txt");
    let paragraphs = object["paragraphs"].as_array().unwrap();
    let mut seen = Vec::new();
    for paragraph in paragraphs {
        assert_eq!(paragraph["encoding"], "utf-8");
        for fragment in paragraph["fragments"].as_array().unwrap() {
            let place = |at: usize| fragment["source"][at].as_u64().unwrap() as usize;
            let source = &text[place(0)..place(1)];
            assert_eq!(fragment["text"].as_str().unwrap(), source.replace('\u{a0}', " "));
            for member in ["script", "label", "role", "verdict"] {
                assert!(fragment[member].is_string(), "{member} is not in {fragment}");
            }
            seen.push(source);
        }
    }
    assert_eq!(seen.len(), 3);
    assert_eq!(seen.concat(), text.replace('\n', ""));
    assert_eq!(paragraphs[1]["repairs"], json!(["spaces"]));
}

#[test]
fn inspect_reads_what_run_reads() {
    let scratch = Scratch::new();
    scratch.write("a.jsonl", "{\"text\":\"Ein Satz auf Deutsch, der lang genug ist.\"}\nno json\n");
    let json = scratch.call(&["inspect", "a.jsonl", "--json"]).ended(0).json();
    assert_eq!(json.iter().map(|o| o["record"].as_u64()).collect::<Vec<_>>(), [Some(0), Some(1)]);
    assert_eq!(json[1]["reason"], "bad-json");
    let plain = scratch.call(&["inspect", "a.jsonl"]).ended(0);
    assert!(plain.text().contains("deu_Latn") && plain.text().contains("bad-json"), "{}", plain.text());
    let stdin =
        scratch.feed(&["inspect", "-", "--json", "--min-letters", "9"], b"One fine line of text.\nA word.\n").ended(0);
    let verdicts: Vec<Value> = stdin.json()[0]["paragraphs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["fragments"][0]["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["keep", "too-short"]);
    let long = "word ".repeat(100);
    let shown =
        |words: &[&str]| scratch.feed(&[&["inspect", "-"][..], words].concat(), long.as_bytes()).ended(0).text().len();
    assert!(shown(&["--full"]) > 500 && shown(&[]) < 300);
    let hidden = scratch.feed(&["inspect", "-"], b"An escape \x1b[31m in the text of this line\n").ended(0);
    assert!(!hidden.stdout.contains(&0x1b), "a terminal would obey");
}
