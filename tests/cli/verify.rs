//! `verify`: an output folder that is no longer what was written.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::common::{Done, Made, Scratch};

fn made(format: &str) -> (Scratch, Made) {
    let scratch = Scratch::new();
    let lines: String = (0..40).map(|i| format!("{{\"text\":\"Γραμμή {i}\\nLine {i}\\n12\"}}\n")).collect();
    scratch.write("in.jsonl", lines);
    let made = scratch.run(&format!("in.jsonl --out out --format {format} --identifier script --min-letters 3"));
    (scratch, made)
}

/// What `verify` finds must name the place.
#[track_caller]
fn differs(scratch: &Scratch, words: &[&str]) -> Done {
    let done = scratch.call(&["verify", "out"]).ended(1);
    assert_eq!(done.text(), "");
    for word in words {
        assert!(done.stderr.contains(word), "{word} is not in: {}", done.stderr);
    }
    done
}

#[test]
fn a_flipped_bit_is_found() {
    for (format, file) in [
        ("jsonl", "data/ell_Grek/part-00000.jsonl"),
        ("jsonl.zst", "data/und_Latn/part-00000.jsonl.zst"),
        ("jsonl.gz", "rejects/part-00000.jsonl.gz"),
        ("txt", "data/und_Latn/part-00000.txt"),
    ] {
        let (scratch, made) = made(format);
        let path = made.folder.join(file);
        let whole = std::fs::read(&path).unwrap();
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, &bytes).unwrap();
            differs(&scratch, &[file]);
        }
        std::fs::write(&path, &whole).unwrap();
        scratch.call(&["verify", "out"]).ended(0);
    }
}

#[test]
fn missing_and_strange_files_are_found() {
    let (scratch, made) = made("jsonl");
    scratch.write("out/data/ell_Grek/part-00001.jsonl", "{}\n");
    differs(&scratch, &["data/ell_Grek/part-00001.jsonl"]);
    std::fs::remove_file(made.folder.join("data/ell_Grek/part-00001.jsonl")).unwrap();
    scratch.write("out/data/new_Latn/part-00000.jsonl", "");
    differs(&scratch, &["data/new_Latn/part-00000.jsonl"]);
    std::fs::remove_dir_all(made.folder.join("data/new_Latn")).unwrap();
    scratch.call(&["verify", "out"]).ended(0);
    std::fs::remove_file(made.folder.join("rejects/part-00000.jsonl")).unwrap();
    differs(&scratch, &["rejects/part-00000.jsonl"]);
}

#[test]
fn a_report_that_is_gone_or_changed_is_found() {
    let (scratch, made) = made("jsonl");
    for name in ["report.json", "report.html"] {
        let path = made.folder.join(name);
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, whole.replace('4', "5")).unwrap();
        differs(&scratch, &[name, "bytes were changed"]);
        std::fs::remove_file(&path).unwrap();
        differs(&scratch, &[name]);
        scratch.call(&["verify", "out", "--quick"]).ended(1);
        std::fs::write(&path, whole).unwrap();
        scratch.call(&["verify", "out"]).ended(0);
    }
    // The page is made again, the counters can't be.
    let page = std::fs::read(made.folder.join("report.html")).unwrap();
    std::fs::remove_file(made.folder.join("report.html")).unwrap();
    scratch.call(&["report", "out"]).ended(0);
    assert_eq!(std::fs::read(made.folder.join("report.html")).unwrap(), page);
    scratch.call(&["verify", "out"]).ended(0);
    let counters = std::fs::read_to_string(made.folder.join("report.json")).unwrap();
    std::fs::write(made.folder.join("report.json"), counters.replacen("\"documents\": 40", "\"documents\": 41", 1))
        .unwrap();
    let told = scratch.call(&["report", "out"]).ended(0);
    assert!(told.stderr.contains("not the one that the run wrote"), "{}", told.stderr);
    scratch.call(&["verify", "out"]).ended(0);
    std::fs::remove_file(made.folder.join("report.json")).unwrap();
    scratch.call(&["report", "out"]).refused(&["has no report.json", "run the job again"]);
}

#[test]
fn a_cut_or_grown_file_is_found() {
    for format in ["jsonl", "txt"] {
        let (scratch, made) = made(format);
        let file = format!("data/ell_Grek/part-00000.{format}");
        let path = made.folder.join(&file);
        let text = std::fs::read(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 5]).unwrap();
        differs(&scratch, &[&file]);
        std::fs::write(&path, [&text[..], &text].concat()).unwrap();
        differs(&scratch, &[&file]);
    }
}

/// Changes the records of a file and makes the ledger tell of the new file, as a careless tool would.
fn rewrite(made: &Made, file: &str, change: impl Fn(Vec<&str>) -> Vec<&str>) {
    let path = made.folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines = change(text.lines().collect());
    let new: String = lines.iter().map(|l| format!("{l}\n")).collect();
    std::fs::write(&path, &new).unwrap();
    let mut ledger = made.json("ledger.json");
    let row = ledger["outputs"].as_array_mut().unwrap().iter_mut().find(|o| o["path"] == file).unwrap();
    let hash: String = Sha256::digest(new.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    (row["records"], row["bytes"], row["sha256"]) = (json!(lines.len()), json!(new.len()), json!(hash));
    std::fs::write(made.folder.join("ledger.json"), ledger.to_string()).unwrap();
}

/// Cuts the last record off a file.
fn cut_last(made: &Made, file: &str) {
    let path = made.folder.join(file);
    let packed = std::fs::read(&path).unwrap();
    let is_packed = file.ends_with(".zst");
    let text = if is_packed { zstd::decode_all(&packed[..]).unwrap() } else { packed };
    let end = text[..text.len() - 1].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let cut = &text[..end];
    std::fs::write(&path, if is_packed { zstd::encode_all(cut, 3).unwrap() } else { cut.to_vec() }).unwrap();
}

#[test]
fn lost_and_doubled_records_are_found_by_their_bytes() {
    let file = "data/ell_Grek/part-00000.jsonl";
    let rejects = "rejects/part-00000.jsonl";
    type Change = fn(Vec<&str>) -> Vec<&str>;
    let changes: [(&str, Change); 3] =
        [(file, |l| l[1..].to_vec()), (file, |l| [&l[..1], &l[..]].concat()), (rejects, |l| l[..39].to_vec())];
    for (file, change) in changes {
        let (scratch, made) = made("jsonl");
        rewrite(&made, file, |lines| lines);
        scratch.call(&["verify", "out"]).ended(0);
        rewrite(&made, file, change);
        differs(&scratch, &["in.jsonl"]);
    }
}

#[test]
fn lost_and_doubled_records_are_named() {
    let file = "data/ell_Grek/part-00000.jsonl";
    let id = |made: &Made, part: &str, n: usize, name: &str| made.records(part)[n][name].as_str().unwrap().to_owned();

    let (scratch, made) = made("jsonl");
    let doubled = id(&made, "data/ell_Grek", 7, "id");
    rewrite(&made, file, |l| [&l[..], &l[7..8]].concat());
    let twice = format!("{file}, record 40: {doubled} stands there once more, after {file}, record 7");
    differs(&scratch, &[&twice]);

    // The first of a document's two records: its number is missing among their ids.
    let (scratch, made) = self::made("jsonl");
    let (lost, document) = (id(&made, "data/ell_Grek", 3, "id"), id(&made, "data/ell_Grek", 3, "document_id"));
    rewrite(&made, file, |l| [&l[..3], &l[4..]].concat());
    differs(&scratch, &[&format!("a record of document {document} is missing: {lost} (ell_Grek)")]);

    // The last of them, after which no number tells that one is missing.
    for format in ["jsonl", "jsonl.zst"] {
        let (scratch, made) = self::made(format);
        let part = "data/und_Latn";
        let file = format!("{part}/part-00000.{format}");
        let lost = id(&made, part, 39, "id");
        cut_last(&made, &file);
        differs(&scratch, &[&format!("{file}: record {lost} is missing")]);
    }
    let (scratch, made) = self::made("jsonl");
    let lost = id(&made, "rejects", 39, "id");
    cut_last(&made, "rejects/part-00000.jsonl");
    differs(&scratch, &[&format!("record {lost} is missing")]);

    // All that there was of a document.
    let (scratch, made) = self::made("jsonl");
    let document = id(&made, "data/ell_Grek", 5, "document_id");
    for file in [file, "data/und_Latn/part-00000.jsonl", "rejects/part-00000.jsonl"] {
        rewrite(&made, file, |l| [&l[..5], &l[6..]].concat());
    }
    differs(&scratch, &[&format!("in.jsonl: nothing is there of its record 5, document {document}")]);
}

#[test]
fn a_folder_may_be_moved_and_its_inputs_may_be_gone() {
    let (scratch, made) = made("jsonl.zst");
    let elsewhere = tempfile::tempdir().unwrap();
    for (name, bytes) in made.files() {
        let path = elsewhere.path().join("copy").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::remove_file(scratch.path("in.jsonl")).unwrap();
    std::fs::rename(&made.folder, scratch.path("moved")).unwrap();
    let copy = elsewhere.path().join("copy");
    for quick in [&[][..], &["--quick"]] {
        scratch.call(&[&["verify", "moved"], quick].concat()).ended(0);
        scratch.call(&[&["verify", copy.to_str().unwrap()], quick].concat()).ended(0);
    }
}

/// Records that are all alike are packed far more tightly than anybody's inputs may be.
#[test]
fn a_folder_may_be_packed_tightly() {
    let scratch = Scratch::new();
    scratch.write("in.txt", vec![b' '; 9 << 20]);
    let made = scratch.run("in.txt --out out --identifier script");
    assert_eq!(made.strings("rejects", "reason")[0], "too-long");
}

#[test]
fn a_quick_look_sees_sizes_and_names() {
    let (scratch, made) = made("jsonl");
    let quick = |status| scratch.call(&["verify", "out", "--quick"]).ended(status).stderr;
    assert!(quick(0).contains("by their sizes"));
    let (file, path) = ("data/ell_Grek/part-00000.jsonl", made.folder.join("data/ell_Grek/part-00000.jsonl"));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[1..]).unwrap();
    assert!(quick(1).contains(&format!("{file}: {} bytes, not {}", whole.len() - 1, whole.len())));
    let mut flipped = whole.clone();
    flipped[9] ^= 1;
    std::fs::write(&path, &flipped).unwrap();
    quick(0);
    differs(&scratch, &[file]);
    std::fs::remove_file(&path).unwrap();
    assert!(quick(1).contains(file));
    std::fs::write(&path, &whole).unwrap();
    scratch.write("out/rejects/part-00007.jsonl", "");
    assert!(quick(1).contains("rejects/part-00007.jsonl: not in the ledger"));
}

#[test]
fn a_doubled_record_in_a_compressed_file_is_found() {
    let (scratch, made) = made("jsonl.zst");
    let path = made.folder.join("data/und_Latn/part-00000.jsonl.zst");
    let text = zstd::decode_all(&std::fs::read(&path).unwrap()[..]).unwrap();
    let first = text.split_inclusive(|b| *b == b'\n').next().unwrap();
    std::fs::write(&path, zstd::encode_all(&[first, &text].concat()[..], 3).unwrap()).unwrap();
    differs(&scratch, &["data/und_Latn/part-00000.jsonl.zst", "in.jsonl"]);
}

#[test]
fn a_ledger_that_does_not_close_is_found() {
    type Change = fn(&mut Value);
    let changes: [Change; 4] = [
        |l| l["total"]["read"] = json!(1),
        |l| l["inputs"][0]["structure"] = json!(0),
        |l| l["inputs"][0]["kept"]["ell_Grek"] = json!(1),
        |l| l["outputs"][0]["records"] = json!(1),
    ];
    for change in changes {
        let (scratch, made) = made("jsonl");
        let mut ledger = made.json("ledger.json");
        change(&mut ledger);
        std::fs::write(made.folder.join("ledger.json"), ledger.to_string()).unwrap();
        differs(&scratch, &[]);
    }
}

#[test]
fn a_folder_without_ledger_is_refused() {
    let (scratch, made) = made("jsonl");
    scratch.call(&["verify", "nowhere"]).refused(&["nowhere"]);
    scratch.call(&["verify", "in.jsonl"]).refused(&["in.jsonl"]);
    std::fs::write(made.folder.join("ledger.json"), "{").unwrap();
    scratch.call(&["verify", "out"]).refused(&["out", "ledger.json"]);
    std::fs::remove_file(made.folder.join("ledger.json")).unwrap();
    scratch.call(&["verify", "out"]).refused(&["out", "ledger.json"]);
}

#[test]
fn only_the_first_differences_are_told() {
    let scratch = Scratch::new();
    for i in 0..50 {
        scratch.write(&format!("in/{i:02}.txt"), "Καλημέρα σε όλους\n");
    }
    let made = scratch.run("in --out out --format jsonl --identifier script");
    rewrite(&made, "data/ell_Grek/part-00000.jsonl", |_| Vec::new());
    let lines = differs(&scratch, &["in/00.txt"]).stderr.lines().count();
    assert!((2..40).contains(&lines), "{lines} lines");
    scratch.call(&["verify", "out", "--threads", "3", "--quiet"]).ended(1);
}
