//! Damaged data: it costs what is damaged, and nothing else.

use serde_json::{Value, json};

use super::common::{Made, Scratch, gzip, zstandard};

/// A good file before and one after the damaged one, to see that they are not touched.
fn between(name: &str, bytes: &[u8], flags: &str) -> (Scratch, Made) {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Καλημέρα πριν\n");
    scratch.write(&format!("in/{name}"), bytes);
    scratch.write("in/z.txt", "Καλημέρα μετά\n");
    let line = format!("in --out out --format jsonl --identifier script {flags}");
    let made = scratch.run(line.trim_end());
    let greek = made.strings("data/ell_Grek", "text");
    assert_eq!((greek.first().unwrap().as_str(), greek.last().unwrap().as_str()), ("Καλημέρα πριν", "Καλημέρα μετά"));
    (scratch, made)
}

fn reasons(made: &Made) -> Vec<String> {
    made.strings("rejects", "reason")
}

/// Text that hardly compresses, so that half of the compressed file is about half of the text.
fn noise(lines: usize) -> String {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 59) as u8 % 26)
    };
    // Lines too short to be taken for wrapped ones.
    (0..lines).map(|_| (0..40).map(|_| next()).chain(['\n']).collect::<String>()).collect()
}

#[track_caller]
fn kept_until(made: &Made, text: &str, least: usize) {
    let kept = made.strings("data/und_Latn", "text").join("\n");
    assert!(kept.len() >= least, "{} of {} bytes kept", kept.len(), text.len());
    assert!(text.starts_with(&kept), "what was kept is the beginning");
    assert_eq!(reasons(made), ["damaged"]);
    let reject = &made.records("rejects")[0];
    assert!(reject["detail"].as_str().unwrap().contains("bytes"), "where it broke: {reject}");
}

#[test]
fn a_truncated_gzip_file() {
    let text = noise(4000);
    let packed = gzip(text.as_bytes());
    let (_, made) = between("m.txt.gz", &packed[..packed.len() / 2], "");
    kept_until(&made, &text, text.len() / 4);
    let (_, made) = between("m.txt.gz", &packed[..packed.len() - 4], "");
    kept_until(&made, &text, text.len() - 1);
}

#[test]
fn gzip_with_garbage_behind_it() {
    let text = noise(100);
    let (_, made) = between("m.txt.gz", &[&gzip(text.as_bytes())[..], b"garbage"].concat(), "");
    kept_until(&made, &text, text.len() - 1);
}

#[test]
fn a_truncated_zstd_file() {
    let text = noise(8000);
    let packed = zstandard(text.as_bytes());
    let (_, made) = between("m.txt.zst", &packed[..packed.len() / 2], "");
    kept_until(&made, &text, text.len() / 8);
}

#[test]
fn zstd_with_garbage_in_the_middle() {
    let parts: Vec<String> = noise(3000).split_inclusive('\n').map(str::to_owned).collect();
    let (text, frame) = (parts.concat(), |part: &[String]| zstandard(part.concat().as_bytes()));
    let bytes = [frame(&parts[..1000]), vec![0xAA; 500], frame(&parts[1000..])].concat();
    let (_, made) = between("m.txt.zst", &bytes, "");
    kept_until(&made, &text, 1000 * 41 - 1);
    let mut bytes = [frame(&parts[..1000]), frame(&parts[1000..])].concat();
    let middle = bytes.len() * 2 / 3;
    bytes[middle..middle + 64].fill(0xFF);
    let (_, made) = between("m.txt.zst", &bytes, "");
    let kept = made.strings("data/und_Latn", "text").join("\n");
    assert!(kept.len() >= 1000 * 41 - 1 && kept.starts_with(&text[..40_999]));
}

#[test]
fn damaged_bzip2_and_xz() {
    for name in ["orquideas-pt.txt.bz2", "gemista-el.txt.xz"] {
        let whole = std::fs::read(format!("corpus/archives/{name}")).unwrap();
        let (_, made) = between(name, &whole[..whole.len() / 2], "");
        assert_eq!(reasons(&made), ["damaged"], "{name}");
        let mut bytes = whole.clone();
        bytes[whole.len() / 2] ^= 0xFF;
        let (_, made) = between(name, &bytes, "");
        assert_eq!(reasons(&made), ["damaged"], "{name}");
    }
}

#[test]
fn damaged_records_in_a_compressed_file() {
    let line = |i: usize| format!("{{\"text\":\"{}\"}}\n", noise(1).trim_end().repeat(3).split_at(i % 50).1);
    let text: String = (0..900).map(line).collect();
    let packed = zstandard(text.as_bytes());
    // Frames of their own, so that whole records come before the damage.
    let bytes = [&packed[..], &packed[..packed.len() / 2]].concat();
    let (_, made) = between("m.jsonl.zst", &bytes, "");
    assert!(made.records("data/und_Latn").len() >= 900);
    assert!(reasons(&made).contains(&"damaged".to_owned()));
}

#[test]
fn a_wrong_checksum_costs_a_note() {
    let text = noise(2000);
    let mut packed = gzip(text.as_bytes());
    let at = packed.len() - 8;
    packed[at] ^= 1;
    let (_, made) = between("m.txt.gz", &packed, "");
    kept_until(&made, &text, text.len() - 1);
    let lines: String = text.lines().map(|line| format!("{{\"text\":\"{line}\"}}\n")).collect();
    let mut packed = gzip(lines.as_bytes());
    let at = packed.len() - 8;
    packed[at] ^= 1;
    let (_, made) = between("m.jsonl.gz", &packed, "");
    assert_eq!((made.strings("data/und_Latn", "text").len(), reasons(&made)), (2000, vec!["damaged".to_owned()]));
}

#[test]
fn strict_stops_at_damage() {
    let (scratch, _) = between("m.txt.gz", &gzip(noise(500).as_bytes())[..9000], "");
    let done = scratch.call(&["run", "in", "--out", "strict", "--strict"]).refused(&["in/m.txt.gz"]);
    assert!(!scratch.exists("strict") && !scratch.exists("strict.partial"), "{}", done.stderr);
    std::fs::remove_file(scratch.path("in/m.txt.gz")).unwrap();
    scratch.run("in --out strict --strict");
}

#[test]
fn bad_json_records() {
    let lines = [
        r#"{"text":"Γεια"}"#,
        "no json",
        r#"{"title":"no text"}"#,
        r#"{"text":["no","string"]}"#,
        r#"{"text":"torn"#,
        "",
        r#"["text"]"#,
        r#"{"text":"twice"}{"text":"twice"}"#,
        r#"{"text":"Άλλο"}"#,
    ];
    let (_, made) = between("m.jsonl", lines.join("\n").as_bytes(), "");
    assert_eq!(made.strings("data", "text"), ["Καλημέρα πριν", "Γεια", "Άλλο", "Καλημέρα μετά"]);
    let found: Vec<(Value, Value)> =
        made.records("rejects").iter().map(|r| (r["record"].clone(), r["reason"].clone())).collect();
    let want = [(1, "bad-json"), (2, "no-text"), (3, "no-text"), (4, "bad-json"), (6, "bad-json"), (7, "bad-json")];
    assert_eq!(found, want.map(|(record, reason)| (json!(record), json!(reason))));
    for reject in made.records("rejects") {
        let record = reject["record"].as_u64().unwrap() as usize;
        assert_eq!(reject["text"], lines[record], "whole, as it was");
        assert!(reject["detail"].is_string() && reject["stage"] == "source", "{reject}");
    }
    assert_eq!(made.json("report.json")["reasons"]["bad-json"]["count"], 4);
}

#[test]
fn json_that_is_nearly_right() {
    let lines: [&[u8]; 4] = [
        b"{\"text\":\"caf\xE9 au lait\"}",
        b"{\"text\":\"lone \\ud800 surrogate\"}",
        b"{\"text\":\"first\",\"text\":\"second\"}",
        b" \t{\"text\":\"spaces around\"} \r",
    ];
    let (_, made) = between("m.jsonl", &lines.join(&b"\n"[..]), "");
    let texts = made.strings("data/und_Latn", "text");
    assert_eq!(texts[0], "café au lait");
    assert!(texts[1].starts_with("lone ") && texts[1].ends_with(" surrogate"));
    assert!(texts.contains(&"spaces around".to_owned()));
    let all = format!("{:?}{:?}", made.records("data"), made.records("rejects"));
    assert!(all.contains("first") && all.contains("second"), "one of two fields is lost: {all}");
}

#[test]
fn a_byte_order_mark_in_front_of_json_lines() {
    let (_, made) = between("m.jsonl", "\u{feff}{\"text\":\"first\"}\n{\"text\":\"second\"}\n".as_bytes(), "");
    assert_eq!(made.strings("data/und_Latn", "text"), ["first", "second"]);
}

#[test]
fn a_huge_line_in_a_text() {
    let long = "abcdefghij".repeat(10_000);
    let text = format!("Πρώτη γραμμή\nΔεύτερη γραμμή\n{long}\nΤρίτη γραμμή\nΤέταρτη γραμμή\n");
    let (_, made) = between("m.txt", text.as_bytes(), "--max-document 4K");
    let kept = made.strings("data/ell_Grek", "text").join("\n");
    let want = text.replace(&format!("{long}\n"), "");
    assert_eq!(kept, format!("Καλημέρα πριν\n{want}Καλημέρα μετά"));
    assert_eq!(pieces(&made, "in/m.txt").trim_end(), long);
}

#[test]
fn a_huge_record() {
    let long = "abcdefghij".repeat(10_000);
    let text = format!("{{\"text\":\"Πρώτο\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"Τρίτο\"}}\n");
    let (_, made) = between("m.jsonl", text.as_bytes(), "--max-document 4K");
    assert_eq!(made.strings("data", "text"), ["Καλημέρα πριν", "Πρώτο", "Τρίτο", "Καλημέρα μετά"]);
    assert_eq!(made.records("data")[2]["record"], 2, "the long one counts as one record");
    assert_eq!(pieces(&made, "in/m.jsonl").trim_end(), format!("{{\"text\":\"{long}\"}}"));
}

/// The rejected pieces of a line that is too long, joined; they must follow each other and have ids of their own.
fn pieces(made: &Made, input: &str) -> String {
    let rejects = made.records("rejects");
    assert!(rejects.len() > 20);
    let mut ids: Vec<&str> = rejects.iter().map(|r| r["id"].as_str().unwrap()).collect();
    let mut end = rejects[0]["source"][0].as_u64().unwrap();
    for reject in &rejects {
        assert_eq!((&reject["reason"], &reject["file_path"]), (&json!("too-long"), &json!(input)));
        assert_eq!(reject["source"][0], json!(end), "pieces follow each other");
        end = reject["source"][1].as_u64().unwrap();
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rejects.len(), "pieces share an id");
    made.strings("rejects", "text").concat()
}

#[test]
fn a_long_text_is_cut_at_line_ends() {
    let text: String = (0..1000).map(|i| format!("Γραμμή αριθμός {i}\n")).collect();
    let (_, made) = between("m.txt", text.as_bytes(), "--max-document 4K");
    let records = made.records("data/ell_Grek");
    let own: Vec<&Value> = records.iter().filter(|r| r["file_path"] == "in/m.txt").collect();
    assert!(own.len() > 5);
    let joined: Vec<&str> = own.iter().map(|r| r["text"].as_str().unwrap()).collect();
    assert_eq!(joined.join("\n") + "\n", text);
    assert!(own.iter().all(|r| r["document_id"] == own[0]["document_id"]), "parts of one document");
    let last = &own[own.len() - 1]["spans"][0]["source"];
    let source = last[0].as_u64().unwrap() as usize..last[1].as_u64().unwrap() as usize;
    assert!(joined[own.len() - 1].starts_with(&text[source]), "spans count from the beginning of the file");
    assert_eq!(made.records("rejects").len(), 0);
    assert_eq!(made.json("report.json")["documents"], 3);
}

#[test]
fn a_long_text_of_two_bytes_a_unit_is_cut_between_units() {
    let text: String = (0..1000).map(|i| format!("Γραμμή αριθμός {i} \u{0a0a}\u{0d0d}\r\n")).collect();
    let bytes: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (_, made) = between("m.txt", &bytes, "--max-document 3K");
    let records = made.records("data/ell_Grek");
    let own: Vec<&str> =
        records.iter().filter(|r| r["file_path"] == "in/m.txt").map(|r| r["text"].as_str().unwrap()).collect();
    let want: Vec<&str> = text.lines().collect();
    assert_eq!(own.join("\n"), want.join("\n"));
}

/// After a line that is too long, units must not be taken apart, whatever the limit.
#[test]
fn a_huge_line_of_two_bytes_a_unit() {
    let text = format!("\u{feff}Πρώτη γραμμή\n{}\nΔεύτερη γραμμή\nΤρίτη γραμμή\n", "αβγδε".repeat(4000));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for limit in ["3000", "3001"] {
        let (_, made) = between("m.txt", &bytes, &format!("--max-document {limit}"));
        let kept = made.strings("data/ell_Grek", "text");
        assert_eq!(kept[1..], ["Πρώτη γραμμή", "Δεύτερη γραμμή\nΤρίτη γραμμή", "Καλημέρα μετά"], "{limit}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let (_, made) = between("m.bin", include_bytes!("../../corpus/broken/binary.bin"), "");
    assert_eq!(reasons(&made), ["binary"]);
    let line = "Καλή γραμμή με αρκετά γράμματα\n".repeat(20);
    let (_, made) =
        between("m.txt", &[line.as_bytes(), b"\x00\x01\x02\xFF\x00\x03\x00\x00\n", line.as_bytes()].concat(), "");
    let greek = made.strings("data/ell_Grek", "text");
    assert_eq!(greek[1].lines().count(), 40, "a bad line costs one line");
}
