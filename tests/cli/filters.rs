//! The filters: lines in, lines out.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::common::{Scratch, gzip};

const THREE: &str = "The ship leaves at seven in the morning, and the market opens only after that.\n\
                     Корабль отходит в семь утра, и только после этого открывается рынок на площади.\n\
                     Το πλοίο φεύγει στις επτά το πρωί.\n";

#[test]
fn input_comes_from_a_file_or_from_stdin() {
    let scratch = Scratch::new();
    scratch.write("plain.txt", THREE);
    scratch.write("packed.txt.gz", gzip(THREE.as_bytes()));
    for command in ["decode", "repair", "identify", "segment"] {
        let want = scratch.feed(&[command], THREE.as_bytes()).ended(0).stdout;
        assert!(want.len() > 20, "{command}");
        assert_eq!(scratch.feed(&[command, "-"], THREE.as_bytes()).ended(0).stdout, want, "{command} -");
        assert_eq!(scratch.call(&[command, "plain.txt"]).ended(0).stdout, want, "{command} FILE");
        assert_eq!(scratch.call(&[command, "packed.txt.gz"]).ended(0).stdout, want, "{command} FILE.gz");
        assert_eq!(scratch.feed(&[command], b"").ended(0).stdout, b"", "{command} of nothing");
    }
}

#[test]
fn an_input_that_is_not_there_is_named() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("folder")).unwrap();
    for command in ["decode", "repair", "identify", "segment", "inspect"] {
        let done = scratch.call(&[command, "missing.txt"]).refused(&["missing.txt"]);
        let said = done.stderr.trim_end().rsplit(": ").collect::<Vec<_>>();
        assert_ne!(said[0], said[1], "said twice: {}", done.stderr);
    }
    for command in ["decode", "repair", "identify", "segment"] {
        let done = scratch.call(&[command, "folder"]).ended(2);
        assert!(done.stderr.contains("folder"), "{}", done.stderr);
    }
}

#[test]
fn surrogates_are_joined() {
    let bytes = b"gut \xED\xA0\xBD\xED\xB8\x80 \xC3\xA9\nhalb \xED\xA0\xBD\n";
    for command in ["repair", "decode"] {
        let done = Scratch::new().feed(&[command], bytes).ended(0);
        assert_eq!(String::from_utf8_lossy(&done.stdout), "gut 😀 é\nhalb \u{fffd}\n", "{command}");
    }
    let scratch = Scratch::new();
    scratch.write("in.txt", bytes);
    let made = scratch.run("in.txt --out out --unit paragraph --roles none");
    let records = made.records("data");
    assert!(records.iter().any(|r| r["text"] == "gut 😀 é" && r["encoding"] == "cesu-8"), "{records:?}");
}

#[test]
fn numbers_beyond_reason_are_refused() {
    let scratch = Scratch::new();
    scratch.write("in.txt", THREE);
    for command in [&["repair", "in.txt"][..], &["identify", "in.txt"], &["run", "in.txt", "--out", "out"]] {
        let with = |flag, value| scratch.call(&[command, &[flag, value]].concat());
        with("--threads", "99999").refused(&["--threads takes 0 to 1024, not 99999"]);
    }
    scratch
        .call(&["run", "in.txt", "--out", "out", "--max-depth", "4000000000"])
        .refused(&["--max-depth takes 0 to 100"]);
    assert!(!scratch.exists("out"));
}

#[test]
fn a_damaged_file_is_told_after_what_was_good() {
    let scratch = Scratch::new();
    let text: String = (0..20_000).map(|i| format!("{:x}\n", i * 7919 % 65_537)).collect();
    let packed = gzip(text.as_bytes());
    scratch.write("torn.gz", &packed[..packed.len() / 2]);
    for command in ["decode", "repair"] {
        let done = scratch.call(&[command, "torn.gz"]).ended(2);
        assert!(done.stdout.len() > 1000 && text.as_bytes().starts_with(&done.stdout[..1000]));
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        assert!(done.stderr.contains("torn.gz"), "the file is not named: {}", done.stderr);
    }
}

#[test]
fn identify_prints_label_tab_score() {
    let done = Scratch::new().feed(&["identify"], THREE.as_bytes()).ended(0);
    for (line, want) in done.lines().iter().zip(["eng_Latn", "rus_Cyrl", "ell_Grek"]) {
        let (label, score) = line.split_once('\t').unwrap();
        assert_eq!(label, want);
        assert!((0.3..=1.0).contains(&score.parse::<f64>().unwrap()), "{line}");
    }
    assert_eq!(done.lines().len(), 3);
}

#[test]
fn identify_ranks_and_restricts() {
    let scratch = Scratch::new();
    let line = "Быстрый корабль отходит в семь утра от старого причала.\n".as_bytes();
    let labels = |words: &[&str]| scratch.feed(&[&["identify"][..], words].concat(), line).ended(0).text().to_owned();
    assert!(labels(&["--languages", "uk,bul_Cyrl", "--min-score", "0"]).starts_with(['u', 'b']));
    assert!(labels(&["--languages", "en"]).starts_with("und_Cyrl\t"));
    let weak = |score| scratch.feed(&["identify", "--min-score", score], b"hello there\n").ended(0).text().to_owned();
    assert!(weak("0.9").starts_with("und_Latn\t") && !weak("0").starts_with("und_Latn\t"));
    let best = labels(&["--top", "3"]);
    let fields: Vec<&str> = best.trim_end().split('\t').collect();
    assert!(fields.len().is_multiple_of(2) && fields.len() <= 6 && fields[0] == "rus_Cyrl", "{best}");
}

#[test]
fn odd_lines_are_lines() {
    let input = b"\r\nThe ship leaves at seven in the morning today.\r\n\xff\xfe\xe9\n\0\n12:30\nlast line without end";
    for command in ["identify", "repair"] {
        let done = Scratch::new().feed(&[command], input).ended(0);
        assert_eq!(done.lines().len(), 6, "{command}: {}", done.text());
        assert!(!done.text().contains('\r'), "{command}");
    }
    let labels = Scratch::new().feed(&["identify"], input).ended(0);
    assert!(labels.lines()[0].starts_with("zxx_Zxxx\t") && labels.lines()[4].starts_with("zxx_Zxxx\t"));
    assert!(labels.lines()[1].starts_with("eng_Latn\t"), "{}", labels.text());
}

#[test]
fn order_is_kept_on_all_cores() {
    let scratch = Scratch::new();
    let lines: String = (0..5000).map(|i| format!("line number\u{a0}{i}\n")).collect();
    let want = lines.replace('\u{a0}', " ");
    let objects: String = (0..5000).map(|i| format!("{{\"n\":{i},\"text\":\"line\"}}\n")).collect();
    for threads in ["1", "2", "7"] {
        let done = scratch.feed(&["repair", "--threads", threads], lines.as_bytes()).ended(0);
        assert!(done.text() == want, "--threads {threads}");
        let words = ["identify", "--jsonl", "--identifier", "script", "--threads", threads];
        let numbers: Vec<Value> =
            scratch.feed(&words, objects.as_bytes()).ended(0).json().iter().map(|o| o["n"].clone()).collect();
        assert_eq!(numbers, (0..5000).map(|i| json!(i)).collect::<Vec<_>>());
    }
}

/// Each filter with an object it takes.
fn objects() -> [(&'static str, Value); 4] {
    let bytes = STANDARD.encode("Das Schiff fährt um sieben Uhr ab.\n");
    let text = json!({"text": "Das Schiff fährt um sieben\u{a0}Uhr in den Hafen von Genua ein."});
    [("decode", json!({ "bytes": bytes })), ("repair", text.clone()), ("identify", text.clone()), ("segment", text)]
}

#[test]
fn bad_objects_say_so_and_the_run_goes_on() {
    let scratch = Scratch::new();
    for (command, good) in objects() {
        let field = if command == "decode" { "bytes" } else { "text" };
        let lines = [
            good.to_string(),
            "no json".to_owned(),
            "[1,2]".to_owned(),
            json!({"id": 4}).to_string(),
            json!({field: 5, "id": 5}).to_string(),
            json!({field: null, "id": 6}).to_string(),
            "{\"text\":\"torn".to_owned(),
            good.to_string(),
        ];
        let done = scratch.feed(&[command, "--jsonl"], lines.join("\n").as_bytes()).ended(1);
        let out = done.json();
        assert_eq!(out.len(), lines.len(), "{command}: a line out for each line in");
        for (at, line) in [(1, 2), (2, 3), (6, 7)] {
            assert!(out[at]["error"].is_string() && out[at]["line"] == json!(line), "{command}: {}", out[at]);
        }
        for (at, id) in [(3, 4), (4, 5), (5, 6)] {
            assert!(out[at]["error"].is_string() && out[at]["id"] == json!(id), "{command}: {}", out[at]);
        }
        for at in [0, 7] {
            assert!(out[at]["error"].is_null(), "{command}: {}", out[at]);
        }
        assert_eq!(out[0], out[7], "{command}: what is bad changes nothing for others");
        scratch.feed(&[command, "--jsonl"], good.to_string().as_bytes()).ended(0);
    }
}

#[test]
fn unknown_fields_pass_through_untouched() {
    let scratch = Scratch::new();
    let extra = r#""n":12345678901234567890123,"f":1.5e-400,"d":0.1,"o":{"b":[1,null,{}],"a":""},"s":"é\n😀","":true"#;
    for (command, good) in objects() {
        let good = good.to_string();
        let line = format!("{},{extra}}}", good.trim_end_matches('}'));
        let done = scratch.feed(&[command, "--jsonl"], line.as_bytes()).ended(0);
        let out: BTreeMap<String, &RawValue> = serde_json::from_str(done.text()).unwrap();
        let inner: BTreeMap<String, &RawValue> = serde_json::from_str(&line).unwrap();
        for name in ["n", "f", "d", "o", "s", ""] {
            let (found, want) = (out[name].get(), inner[name].get());
            let number = name.len() == 1 && "nfd".contains(name);
            let equal = found == want || (!number && value(found) == value(want));
            assert!(equal, "{command}: {name:?} was {want} and is {found}");
        }
    }
}

fn value(raw: &str) -> Value {
    serde_json::from_str(raw).unwrap()
}

#[test]
fn what_the_filters_add() {
    let scratch = Scratch::new();
    for (command, good) in objects() {
        let out = &scratch.feed(&[command, "--jsonl"], good.to_string().as_bytes()).ended(0).json()[0];
        match command {
            "decode" => {
                assert_eq!(out["text"], "Das Schiff fährt um sieben Uhr ab.");
                assert_eq!((out["encoding"].as_str(), out["bytes"].is_string()), (Some("utf-8"), true));
                assert!((0.5..=1.0).contains(&out["encoding_score"].as_f64().unwrap()));
            }
            "repair" => {
                assert_eq!(out["text"], "Das Schiff fährt um sieben Uhr in den Hafen von Genua ein.");
                assert_eq!(out["repairs"], json!(["spaces"]));
            }
            "identify" => {
                assert_eq!((&out["label"], &out["text"]), (&json!("deu_Latn"), &good["text"]));
                assert!((0.0..=1.0).contains(&out["score"].as_f64().unwrap()));
                let pairs = out["alternatives"].as_array().unwrap();
                assert!(pairs.iter().all(|p| p[0].is_string() && p[1].is_f64() && p[2].is_null()), "{out}");
            }
            _ => assert_eq!(out["fragments"][0]["label"], json!("deu_Latn")),
        }
    }
}

#[test]
fn fragments_tile_the_text_in_characters() {
    let texts = [
        "Plain English text, and nothing else in it.",
        "😀 This is the end of the page. Заголовок открываемого материала на русском языке. And 𝒶𝓷𝓭 the rest of it",
        "漢字と日本語の文章です。This is an English sentence. Και αυτό είναι ελληνικό κείμενο για όλους.",
        "12:30 — 45 %",
        "",
        "e\u{301}\u{200d}",
    ];
    let lines: String = texts.iter().map(|t| format!("{}\n", json!({ "text": t }))).collect();
    let out = Scratch::new().feed(&["segment", "--jsonl"], lines.as_bytes()).ended(0).json();
    for (object, text) in out.iter().zip(texts) {
        let mut at = 0;
        for fragment in object["fragments"].as_array().unwrap() {
            assert_eq!(fragment["start"].as_u64(), Some(at), "{object}");
            at = fragment["end"].as_u64().unwrap();
            assert!(fragment["start"].as_u64().unwrap() < at, "{object}");
            for member in ["label", "script", "role"] {
                assert!(fragment[member].is_string(), "{object}");
            }
            assert!((0.0..=1.0).contains(&fragment["score"].as_f64().unwrap()));
        }
        assert_eq!(at, text.chars().count() as u64, "{object}");
    }
    let scripts: Vec<_> = out[1]["fragments"].as_array().unwrap().iter().map(|f| f["script"].clone()).collect();
    assert_eq!(scripts, ["Latn", "Cyrl", "Latn"]);
}

#[test]
fn segment_prints_a_line_for_each_fragment() {
    let line = "This page ends here. Заголовок открываемого материала на русском языке\n\nOne more line of text\n";
    let done = Scratch::new().feed(&["segment"], line.as_bytes()).ended(0);
    let lines = done.lines();
    assert!(lines[0].starts_with("0-21\t") && lines[0].ends_with("\tThis page ends here. "), "{}", done.text());
    assert!(lines[1].starts_with("21-") && lines[1].contains("_Cyrl\t"), "{}", done.text());
    assert_eq!((lines[2], lines[3]), ("", ""), "a blank line after each line");
    assert!(lines[4].starts_with("0-21\t") && lines[5].is_empty() && lines.len() == 6, "{}", done.text());
}

#[test]
fn segment_tells_what_would_leave() {
    let line = "This page ends here, and so does the story. Заголовок открываемого материала\n";
    let done = Scratch::new().feed(&["segment", "--fragments", "drop"], line.as_bytes()).ended(0);
    assert!(done.lines().len() == 2 && done.lines()[0].ends_with("\tThis page ends here, and so does the story. "));
    let object = format!("{}\n", json!({ "text": line.trim_end() }));
    let verdicts = |how| {
        let out = Scratch::new().feed(&["segment", "--jsonl", "--fragments", how], object.as_bytes()).ended(0).json();
        out[0]["fragments"].as_array().unwrap().iter().map(|own| own["verdict"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("drop"), [json!("keep"), json!("drop")]);
    assert_eq!(verdicts("separate"), [json!(null), json!(null)]);
}

#[test]
fn repair_keeps_lines_and_does_what_it_is_told() {
    let scratch = Scratch::new();
    let input = "re\u{301}sume\u{301}\u{a0}!\r\n\n\u{feff}ﬁn\u{1b}\n\tx  \n".as_bytes();
    let repaired = |words: &[&str]| scratch.feed(&[&["repair"][..], words].concat(), input).ended(0).text().to_owned();
    assert_eq!(repaired(&[]), "résumé !\n\nfin\n\tx  \n");
    assert_eq!(repaired(&["--normalize", "nfkd"]), "re\u{301}sume\u{301} !\n\nfin\n\tx  \n");
    assert_eq!(repaired(&["--repairs", "none"]), "re\u{301}sume\u{301}\u{a0}!\n\n\u{feff}ﬁn\u{1b}\n\tx  \n");
}

#[test]
fn languages_are_listed() {
    let scratch = Scratch::new();
    let plain = scratch.call(&["languages"]).ended(0).text().to_owned();
    let json = scratch.call(&["languages", "--json"]).ended(0).json();
    assert_eq!(plain.lines().count(), json.len());
    assert!(json.len() > 60);
    for (line, object) in plain.lines().zip(&json) {
        let label = object["label"].as_str().unwrap();
        let name = object["name"].as_str().unwrap();
        assert!(line.starts_with(label) && line.contains(name) && !name.is_empty(), "{line}");
        assert_eq!(label, format!("{}_{}", object["language"].as_str().unwrap(), object["script"].as_str().unwrap()));
    }
    let of = |label: &str| json.iter().find(|o| o["label"] == label).unwrap();
    assert_eq!((&of("pes_Arab")["macrolanguage"], &of("pes_Arab")["bcp47"]), (&"fas".into(), &"fa".into()));
    assert_eq!((&of("eng_Latn")["macrolanguage"], &of("cmn_Hant")["bcp47"]), (&"".into(), &"zh-Hant".into()));
    let few = scratch.call(&["languages", "--languages", "ru,en,zh-Hant"]).ended(0);
    assert_eq!(few.lines().iter().map(|l| &l[..8]).collect::<Vec<_>>(), ["cmn_Hant", "eng_Latn", "rus_Cyrl"]);
    let script = scratch.call(&["languages", "--identifier", "script"]).ended(0);
    assert!(script.lines().len() > 20 && !script.text().contains("eng_Latn"));
}

#[test]
fn lone_surrogates_are_repaired() {
    let input = b"{\"text\":\"caf\\ud83d\\u00e9 \\ud83d\\ude00\"}\n";
    let out = &Scratch::new().feed(&["repair", "--jsonl"], input).ended(0).json()[0];
    assert_eq!((&out["text"], &out["repairs"]), (&json!("caf\u{fffd}é 😀"), &json!(["surrogates"])));
}

#[test]
fn a_line_stays_a_line_in_repair() {
    let done = Scratch::new().feed(&["repair"], "one\u{2028}two\nthree\n".as_bytes()).ended(0);
    assert_eq!(done.text(), "one two\nthree\n");
}
