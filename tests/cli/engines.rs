//! Identification engines that take something after their name.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::common::{Done, Scratch};

/// A folder that holds this model.
fn with(model: &str) -> Scratch {
    let scratch = Scratch::new();
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fasttext").join(model);
    scratch.write(model, std::fs::read(path).unwrap());
    scratch
}

fn feed(scratch: &Scratch, words: &str, input: &str) -> Done {
    scratch.feed(&words.split(' ').collect::<Vec<_>>(), input.as_bytes())
}

#[test]
fn lines_are_labelled_by_a_model() {
    let text = "Die ou man sit elke oggend voor sy huis en wag vir die posbode wat nooit meer kom nie.\n123\n";
    let scratch = with("softmax.bin");
    let done = feed(&scratch, "identify --identifier fasttext:softmax.bin --top 2", text).ended(0);
    let lines = done.lines();
    assert!(lines[0].starts_with("afr_Latn\t0.8") && lines[0].split('\t').count() == 4, "{lines:?}");
    assert_eq!(lines[1], "zxx_Zxxx\t1.0000");
    let done = feed(&scratch, "identify --identifier fasttext:softmax.bin --languages af", text).ended(0);
    assert_eq!(done.lines(), ["afr_Latn\t1.0000", "zxx_Zxxx\t1.0000"]);
}

#[test]
fn a_run_takes_a_model_from_the_settings_too() {
    let scratch = with("softmax.bin");
    scratch.write("in.txt", "Die ou man sit elke oggend voor sy huis en wag vir die posbode wat nooit meer kom nie.\n");
    scratch.write("c.toml", "identifier = 'fasttext:softmax.bin'\n");
    let made = scratch.run("in.txt --out out --config c.toml");
    assert_eq!(made.labels(), ["afr_Latn"]);
    made.closes();
}

/// A page in Afrikaans with an English sentence, and lines that the model is wrong about.
#[test]
fn short_lines_of_a_document_take_its_label() {
    let scratch = with("softmax.bin");
    let pair = "Die ou man sit elke oggend voor sy huis en wag vir die posbode wat nooit meer kom nie.\n\
                Ons het gister die hele dag in die tuin gewerk, want die wind het al die blare afgewaai.\n";
    let english = "Yesterday evening we walked along the river and met the old man who goes fishing there every day.\n";
    scratch.write("page.txt", format!("{}huis\nmore\n123\n{english}", pair.repeat(6)));
    let model = "page.txt --identifier fasttext:softmax.bin --languages af,cs,da,en --paragraphs line --roles none";
    let fragments = |words: &str| -> Vec<Value> {
        let json = feed(&scratch, &format!("inspect --json {model} {words}"), "").ended(0).json();
        let paragraphs = json[0]["paragraphs"].as_array().unwrap();
        paragraphs.iter().map(|p| p["fragments"][0].clone()).skip(12).collect()
    };
    let labels = |all: &[Value]| all.iter().map(|f| f["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let (alone, together) = (fragments("--prior none"), fragments("--prior document"));
    assert_eq!(labels(&alone), ["ces_Latn", "eng_Latn", "zxx_Zxxx", "eng_Latn"]);
    assert_eq!(labels(&together), ["afr_Latn", "afr_Latn", "zxx_Zxxx", "eng_Latn"]);
    for (before, after) in alone.iter().zip(&together) {
        assert!(before["alone"].is_null(), "{before}");
        let moved = before["label"] != after["label"];
        let want = if moved { json!({"label": before["label"], "score": before["score"]}) } else { Value::Null };
        assert_eq!(after["alone"], want, "{after}");
    }
    let shown = feed(&scratch, &format!("inspect {model}"), "").ended(0);
    assert!(shown.text().contains("[document] huis") && !shown.text().contains("[document] 123"), "{}", shown.text());
    assert_eq!(scratch.run(&format!("{model} --out a")).labels(), ["afr_Latn", "eng_Latn", "zxx_Zxxx"]);
    scratch.write("c.toml", "prior = 'none'\n");
    let made = scratch.run(&format!("{model} --out b --config c.toml"));
    assert_eq!(made.labels(), ["afr_Latn", "ces_Latn", "eng_Latn", "zxx_Zxxx"]);
}

#[test]
fn languages_are_those_of_the_model() {
    let all = feed(&with("codes.ftz"), "languages --identifier fasttext:codes.ftz", "").ended(0);
    assert_eq!((all.lines().len(), all.lines()[0]), (300, "qaa_Latn\t\t"));
    let scratch = with("softmax.bin");
    let few = feed(&scratch, "languages --identifier fasttext:softmax.bin --languages af,en", "").ended(0);
    assert_eq!(few.lines(), ["afr_Latn\tAfrikaans\tAfrikaans", "eng_Latn\tEnglish\tEnglish"]);
    let none = feed(&scratch, "languages --identifier fasttext:softmax.bin --languages zu", "");
    none.refused(&["fasttext knows none of --languages zul_Latn"]);
}

#[test]
fn mistakes_are_told_in_one_line() {
    let scratch = Scratch::new();
    scratch.write("text.bin", "This is no model.");
    scratch.write("empty.bin", "");
    for (identifier, says) in [
        ("fasttext", "--identifier takes fasttext:PATH, not \"fasttext\""),
        ("fasttext:", "--identifier takes fasttext:PATH, not \"fasttext:\""),
        ("fasttext:nothing.bin", "could not read nothing.bin: "),
        ("fasttext:.", "could not read .: is a directory"),
        ("fasttext:text.bin", "could not use the model text.bin: at byte 0: not a fastText model"),
        (
            "fasttext:empty.bin",
            "could not use the model empty.bin: at byte 0: the file ends in the middle of the model",
        ),
        ("whatlang:x", "--identifier takes whatlang, not \"whatlang:x\""),
        ("fast:x", "fasttext:PATH, script in this build, not \"fast:x\""),
    ] {
        for command in ["identify", "languages"] {
            feed(&scratch, &format!("{command} --identifier {identifier}"), "text\n").refused(&[says]);
        }
    }
}
