//! What `run` reads, and when it makes the folder.

use std::io::Write as _;

use serde_json::json;

use super::common::{Scratch, assert_same_files, gzip, zstandard};

const TEXT: &str = "Καλημέρα σε όλους\nGood morning\n";

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

#[test]
fn a_missing_input_is_refused_before_anything_is_written() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    for (line, named) in [
        ("run in.txt missing.txt --out o", "missing.txt"),
        ("run missing/ --out o", "missing"),
        ("run in.txt no*.txt --out o", "no*.txt"),
        ("run a[ --out o", "a["),
    ] {
        let done = scratch.call(&words(line)).refused(&[named]);
        let said = done.stderr.trim_end().rsplit(": ").collect::<Vec<_>>();
        assert_ne!(said[0], said[1], "said twice: {}", done.stderr);
        assert!(!scratch.exists("o") && !scratch.exists("o.partial"));
    }
}

#[test]
fn files_folders_globs_and_stdin() {
    let scratch = Scratch::new();
    for name in ["b.txt", "dir/z.txt", "dir/sub/y.txt", "dir/a.txt", "glob/2.txt", "glob/1.txt", "glob/3.md", "[x].txt"]
    {
        scratch.write(name, name);
    }
    let line = "run b.txt dir - glob/*.txt [x].txt --out out --format jsonl --identifier script";
    scratch.feed(&words(line), b"from stdin").ended(0);
    let made = scratch.made("out");
    let paths = made.strings("data", "file_path");
    assert_eq!(paths, ["b.txt", "dir/a.txt", "dir/sub/y.txt", "dir/z.txt", "-", "glob/1.txt", "glob/2.txt", "[x].txt"]);
    let texts = made.strings("data", "text");
    assert!(paths.iter().zip(&texts).all(|(p, t)| p == t || (p == "-" && t == "from stdin")), "{texts:?}");
}

#[test]
fn compressed_inputs_give_the_records_of_the_plain_one() {
    let bzip2 = |bytes: &[u8]| {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(6));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let xz = |bytes: &[u8]| {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let scratch = Scratch::new();
    let text: String = (0..100).map(|i| format!("{{\"text\":\"Γραμμή {i}\\nLine {i}\"}}\n")).collect();
    // Cut inside a line and inside a letter.
    let (a, b) = text.as_bytes().split_at(text.find('Γ').unwrap() + 1 + 40 * 37);
    let skippable = b"\x50\x2A\x4D\x18\x04\0\0\0skip";
    let forms: [(&str, Vec<u8>); 10] = [
        ("a.jsonl.gz", gzip(text.as_bytes())),
        ("a.jsonl.bz2", bzip2(text.as_bytes())),
        ("a.jsonl.xz", xz(text.as_bytes())),
        ("a.jsonl.zst", zstandard(text.as_bytes())),
        ("members.jsonl.gz", [gzip(a), gzip(b""), gzip(b)].concat()),
        ("streams.jsonl.bz2", [bzip2(a), bzip2(b)].concat()),
        ("streams.jsonl.xz", [xz(a), xz(b)].concat()),
        ("frames.jsonl.zst", [zstandard(a), skippable.to_vec(), zstandard(b)].concat()),
        ("by-its-bytes", gzip(text.as_bytes())),
        ("wrong-name.gz", text.clone().into_bytes()),
    ];
    scratch.write("a.jsonl", &text);
    let want = scratch.run("a.jsonl --out want --format jsonl --identifier script");
    assert_eq!(want.records("data").len(), 200);
    for (at, (name, bytes)) in forms.iter().enumerate() {
        scratch.write(name, bytes);
        let made = scratch.run(&format!("{name} --out out{at} --format jsonl --identifier script"));
        for member in ["text", "spans", "language", "record", "encoding"] {
            let members =
                |m: &super::common::Made| -> Vec<_> { m.records("data").iter().map(|r| r[member].clone()).collect() };
            assert_eq!(members(&made), members(&want), "{name}: {member}");
        }
        assert_eq!(made.json("ledger.json")["total"]["read"], json!(text.len()), "{name}: bytes after decompression");
    }
    scratch.feed(&words("run - --out stdin --format jsonl --identifier script"), &gzip(text.as_bytes())).ended(0);
    assert_eq!(scratch.made("stdin").strings("data", "text"), want.strings("data", "text"));
}

#[test]
fn an_empty_input_makes_an_empty_folder() {
    let scratch = Scratch::new();
    scratch.write("empty.txt", "");
    scratch.write("empty.gz", gzip(b""));
    scratch.write("blank.jsonl", "\n\r\n \n");
    for (at, input) in ["empty.txt", "empty.gz", "blank.jsonl"].iter().enumerate() {
        let made = scratch.run(&format!("{input} --out out{at}"));
        assert_eq!(made.labels().len() + made.records("rejects").len(), 0, "{input}");
    }
}

#[test]
fn a_folder_that_is_there_stays() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    scratch.write("other.txt", "Привет\n");
    let before = scratch.run("in.txt --out out --identifier script").files();
    let done = scratch.call(&words("run other.txt --out out --identifier script")).refused(&["out", "--overwrite"]);
    assert!(done.stderr.contains("--resume"), "{}", done.stderr);
    assert_same_files(&scratch.made("out").files(), &before, "refused");
    scratch.call(&words("run other.txt --out out --identifier script --overwrite")).ended(0);
    let made = scratch.made("out");
    assert_eq!(made.labels(), ["und_Cyrl"], "nothing of the old folder is left");
    scratch.write("mine/notes.txt", "not ours");
    scratch.call(&words("run in.txt --out mine")).refused(&["mine"]);
    assert!(scratch.exists("mine/notes.txt"));
    std::fs::create_dir(scratch.path("empty")).unwrap();
    scratch.run("in.txt --out empty");
    for line in ["run in.txt --out .", "run in.txt --out ..", "run in.txt --out /"] {
        scratch.call(&words(line)).refused(&["--out"]);
    }
}

#[test]
fn resume_leaves_a_complete_folder_and_refuses_another() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    scratch.write("other.txt", TEXT);
    let fresh = scratch.call(&words("run in.txt --out out --resume --identifier script")).ended(0);
    assert!(fresh.stderr.contains("written to out"));
    let before = scratch.made("out").files();
    let time = || std::fs::metadata(scratch.path("out/ledger.json")).unwrap().modified().unwrap();
    let written = time();
    for line in ["--resume", "--resume --threads 2 --batch-size 7K", "--resume --quiet"] {
        let done = scratch.call(&words(&format!("run in.txt --out out --identifier script {line}"))).ended(0);
        assert_eq!(done.stderr.contains("complete already"), !line.contains("quiet"), "{}", done.stderr);
        assert_eq!(time(), written, "{line}: something was done");
    }
    for line in [
        "run in.txt --out out --resume --identifier script --unit fragment",
        "run in.txt --out out --resume --identifier script --format jsonl",
        "run in.txt --out out --resume",
        "run in.txt other.txt --out out --resume --identifier script",
        "run other.txt --out out --resume --identifier script",
    ] {
        scratch.call(&words(line)).refused(&["out"]);
        assert_same_files(&scratch.made("out").files(), &before, line);
    }
    scratch.call(&words("run in.txt --out out --identifier script --unit fragment --overwrite")).ended(0);
}

#[test]
fn what_a_killed_run_left_is_not_taken_for_a_folder() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    let want = scratch.run("in.txt --out want --identifier script").files();
    for (out, flag) in [("a", "--overwrite"), ("b", "--resume")] {
        scratch.write(&format!("{out}.partial/data/eng_Latn/part-00000.jsonl.zst"), "half");
        let line = format!("run in.txt --out {out} --identifier script");
        scratch.call(&words(&line)).refused(&[&format!("{out}.partial"), "--overwrite"]);
        assert!(scratch.exists(&format!("{out}.partial/data")) && !scratch.exists(out));
        scratch.call(&words(&format!("{line} {flag}"))).ended(0);
        assert!(!scratch.exists(&format!("{out}.partial")));
        assert_same_files(&scratch.made(out).files(), &want, flag);
    }
}

/// `run . --out out` again and again: neither what it wrote nor what it left half-written is an input.
#[test]
fn its_own_folders_are_no_inputs() {
    let scratch = Scratch::new();
    scratch.write("a/in.txt", TEXT);
    let paths = || scratch.made("out").strings("data", "file_path");
    for flag in ["--resume", "--overwrite", "--overwrite"] {
        scratch.call(&words(&format!("run . --out out --identifier script {flag}"))).ended(0);
        assert_eq!(paths(), ["./a/in.txt", "./a/in.txt"], "two labels of one file");
    }
    std::fs::remove_dir_all(scratch.path("out")).unwrap();
    scratch.write("out.partial/data/und_Latn/part-00000.jsonl.zst", zstandard(b"{\"text\":\"half-written\"}\n"));
    scratch.call(&words("run . --out out --identifier script --resume")).ended(0);
    assert_eq!(scratch.made("out").json("ledger.json")["inputs"].as_array().unwrap().len(), 1);
    // Named by the user, an output folder is an input like any other.
    let made = scratch.run("out --out second --identifier script");
    assert!(made.labels().contains(&"ell_Grek".to_owned()));
}

#[test]
fn output_that_cannot_be_made_is_refused() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    scratch.write("file", "in the way");
    let done = scratch.call(&words("run in.txt --out file/out")).refused(&["file"]);
    assert!(!done.stderr.contains("file/out exists"), "it does not: {}", done.stderr);
    scratch.call(&words("run in.txt --out file")).refused(&["file"]);
    scratch.call(&words("run in.txt --out file/deep/er/out --overwrite")).refused(&["file"]);
    assert_eq!(std::fs::read(scratch.path("file")).unwrap(), b"in the way");
    scratch.run("in.txt --out new/deep/er/out");
}

#[test]
fn too_many_rejects_are_told_by_the_status() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", "{\"text\":\"Good morning\"}\nnot json at all, and longer\n");
    for (flags, status) in [
        ("", 0),
        ("--max-reject-rate 1", 0),
        ("--max-reject-rate 0.9", 0),
        ("--max-reject-rate 0.1", 1),
        ("--max-reject-rate 0", 1),
    ] {
        let line = format!("run in.jsonl --out out --overwrite {flags}");
        let done = scratch.call(&line.split_whitespace().collect::<Vec<_>>()).ended(status);
        assert_eq!(done.stderr.contains("--max-reject-rate"), status == 1, "{}", done.stderr);
        assert_eq!(scratch.made("out").records("rejects").len(), 1, "the folder is whole all the same");
    }
}

/// Neither flag may cost a user a folder that this program did not make.
#[test]
fn folders_of_others_are_never_replaced() {
    let scratch = Scratch::new();
    scratch.write("in.txt", TEXT);
    scratch.write("mine/letter.txt", "dear to me");
    for flag in ["", "--overwrite", "--resume"] {
        let line = format!("run in.txt --out mine --identifier script {flag}");
        scratch.call(&line.split_whitespace().collect::<Vec<_>>()).refused(&["mine"]);
        assert_eq!(std::fs::read(scratch.path("mine/letter.txt")).unwrap(), b"dear to me", "{flag}");
        assert!(!scratch.exists("mine.partial"));
    }
}

#[test]
fn a_folder_that_appears_during_the_run_is_not_replaced() {
    use babelsift::sink::{Existing, Folder};
    let scratch = Scratch::new();
    let folder = Folder::create(&scratch.path("out"), Existing::Refuse).unwrap();
    std::fs::write(folder.path().join("result"), "worked out").unwrap();
    scratch.write("out/theirs", "came meanwhile");
    assert!(folder.publish().unwrap_err().to_string().contains("appeared during the run"));
    assert!(scratch.exists("out/theirs") && scratch.exists("out.partial/result"), "both are kept");
}

#[test]
fn text_of_json_is_what_it_says() {
    let scratch = Scratch::new();
    let texts = [
        "A zero\0 in a line of English, as programs in C leave it.",
        "Use +AOk- in UTF-7 for the letter é, or write +BD8EQAQ4- there.",
        "The braces ~{<:Ky2;S{#,~} began Chinese in mail once upon a time.",
        "@@the@signs@are@not@spaces@here@@",
    ];
    let lines: Vec<String> = texts.iter().map(|text| format!("{}\n", json!({ "text": text }))).collect();
    scratch.write("in.jsonl", lines.concat());
    let bytes =
        [b"{\"text\":\"Im Gr\xC3".as_slice(), b"\"}\n{\"text\":\"Die B\xE4ckerei \xF6ffnet erst um sieben Uhr.\"}\n"]
            .concat();
    scratch.write("torn.jsonl", bytes);
    let made = scratch.run("in.jsonl torn.jsonl --out o --roles none --repairs none --format jsonl");
    let mut found: Vec<(String, String)> = made
        .records("data")
        .iter()
        .map(|r| (r["text"].as_str().unwrap().to_owned(), r["encoding"].as_str().unwrap().to_owned()))
        .collect();
    found.sort();
    let mut wanted: Vec<(String, String)> = texts.iter().map(|text| ((*text).to_owned(), "utf-8".to_owned())).collect();
    wanted.push(("Im Gr\u{FFFD}".to_owned(), "utf-8".to_owned()));
    wanted.push(("Die Bäckerei öffnet erst um sieben Uhr.".to_owned(), "windows-1252".to_owned()));
    wanted.sort();
    assert_eq!(found, wanted);
}
