//! The reader of fastText models against what the reference implementation said of them (`make.py`), and against files
//! that are broken or made to do harm.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "it tells how many answers it compared and how far off the worst is")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use babelsift::lang::fasttext::{Flaw, Model, Scratch};
use babelsift::lang::{Guess, Identify, IdentifyScratch, Label, engines};
use babelsift::script::Script;
use babelsift::{Config, Error};
use serde::Deserialize;

/// The smallest models of the folder: one of each kind of matrix.
const SMALL: [&str; 3] = ["words.bin", "each.bin", "pruned.ftz"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fasttext")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Model, Flaw> {
    Model::read(bytes, bytes.len() as u64)
}

#[derive(Deserialize)]
struct Expected {
    model: String,
    text: String,
    /// Labels and scores, best first.
    answers: Vec<(String, f32)>,
}

/// `FASTTEXT_MODELS` names a folder of `make.py --every`.
#[test]
fn answers_are_those_of_the_reference() {
    let folder = std::env::var_os("FASTTEXT_MODELS").map_or_else(folder, PathBuf::from);
    let lines = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let (mut models, mut scratch, mut worst) = (BTreeMap::new(), Scratch::default(), 0f32);
    for line in lines.lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        let model =
            models.entry(expected.model.clone()).or_insert_with_key(|name| Model::open(&folder.join(name)).unwrap());
        let found = model.probabilities(&expected.text, &mut scratch).to_vec();
        let place = |label: &str| model.labels().iter().position(|l| l == label).unwrap();
        let context = format!("{} of {:?}", expected.model, expected.text);
        assert_eq!(found.is_empty(), expected.answers.is_empty(), "{context}");
        for (label, score) in &expected.answers {
            // The reference adds a little to each probability, and says up to 1.0003.
            let difference = (found[place(label)] - score.min(1.0)).abs();
            assert!(difference < 1e-4, "{context}: {label} has {}, not {score}", found[place(label)]);
            worst = worst.max(difference);
        }
        let most = found.iter().copied().fold(0.0, f32::max);
        if let Some((label, _)) = expected.answers.first() {
            assert!(most - found[place(label)] < 2e-6, "{context}: {label} is not the best");
        }
    }
    println!("{} models, {} answers, largest difference {worst:.1e}", models.len(), lines.lines().count());
}

#[test]
fn every_cut_is_an_error_that_says_where() {
    for name in SMALL {
        let bytes = bytes(name);
        assert!(read(&bytes).is_ok());
        for end in 0..bytes.len() {
            let flaw = read(&bytes[..end]).unwrap_err();
            assert!(flaw.offset <= end as u64 && !flaw.detail.is_empty(), "{name} cut at {end}: {flaw}");
        }
    }
}

/// Numbers of the format set to what they should not be: refused or read, but without a panic, and without asking for
/// memory that the file does not account for (which would end the test).
#[test]
fn hostile_numbers_do_no_harm() {
    let numbers: [&[u8]; 4] = [&i32::MAX.to_le_bytes(), &i64::MAX.to_le_bytes(), &[0xFF; 4], &[0xFF; 8]];
    for name in ["words.bin", "pruned.ftz"] {
        let good = bytes(name);
        let mut scratch = Scratch::default();
        // All of the header; of the rest what takes a few seconds.
        for at in (0..128).chain((128..good.len() - 8).step_by(5)) {
            for number in numbers {
                let mut bad = good.clone();
                bad[at..at + number.len()].copy_from_slice(number);
                if let Ok(model) = read(&bad) {
                    let found = model.probabilities("the und ж </s>", &mut scratch);
                    assert!(found.iter().all(|p| (0.0..=1.0).contains(p)), "{name}: {number:?} at {at}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_model_is_refused_in_one_line() {
    let patched = |at: usize, number: i32| {
        let mut bytes = bytes("words.bin");
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        read(&bytes).unwrap_err().to_string()
    };
    for (at, number, says) in [
        (0, 1, "at byte 0: not a fastText model"),
        (4, 13, "at byte 4: version 13"),
        (4, 10, "at byte 4: version 10"),
        (8, 0, "at byte 8: vectors of 0 numbers"),
        (8, i32::MAX, "the first matrix is"),
        (28, i32::MAX, "at byte 28: n-grams of 2147483647 words"),
        (32, 9, "at byte 32: loss function 9"),
        (36, 1, "at byte 36: word vectors (cbow or skipgram)"),
        (36, 2, "at byte 36: word vectors (cbow or skipgram)"),
        (36, 7, "at byte 36: model kind 7"),
        (48, i32::MAX, "at byte 48: n-grams of 2147483647 letters"),
        (48, 3, "at byte 40: 0 buckets"),
        (64, i32::MAX, "entries that are"),
        (72, -1, "entries that are"),
    ] {
        let error = patched(at, number);
        assert!(error.contains(says) && !error.contains('\n'), "{error}");
    }
}

fn engine(name: &str, languages: &str) -> Result<Identify, Error> {
    let identifier = format!("fasttext:{}", folder().join(name).display());
    let languages = languages.parse().unwrap();
    Identify::new(&Config { identifier, languages, min_score: 0.0, ..Config::default() })
}

#[test]
fn the_engine_keeps_the_rules_of_engines() {
    for name in ["softmax.bin", "tree.bin", "each.bin", "words.bin", "pruned.ftz", "codes.ftz"] {
        let identify = engine(name, "").unwrap();
        let labels = identify.engine().labels();
        assert!(labels.windows(2).all(|l| l[0].to_string() < l[1].to_string()), "{name}: labels in order");
        let (mut ranked, mut scratch) = (Vec::new(), IdentifyScratch::default());
        for text in ["the man and the sea", "der Mann und das Meer", "с утра шёл дождь", "zzz"] {
            let guess = identify.guess(text, Script::LATN, &mut scratch);
            identify.rank(text, Script::LATN, &mut ranked);
            assert!(ranked.windows(2).all(|r| r[0].1 >= r[1].1), "best first");
            assert!(ranked.iter().all(|(l, s)| labels.contains(l) && (0.0..=1.0).contains(s)), "{name}: {ranked:?}");
            if ranked.is_empty() {
                // A model of words only, and none of them in the text.
                assert_eq!(guess, Guess::none(Script::LATN), "{name}: {text}");
                continue;
            }
            let margin = ranked[0].1 - ranked.get(1).map_or(0.0, |r| r.1);
            assert_eq!((guess.label, guess.score, guess.margin), (ranked[0].0, ranked[0].1, margin), "{name}: {text}");
            let sum: f32 = ranked.iter().map(|r| r.1).sum();
            assert!(sum <= 1.001 || ["each.bin", "words.bin"].contains(&name), "{name}: {sum}");
        }
    }
}

#[test]
fn restricted_engines_answer_only_what_they_may() {
    let all = engine("softmax.bin", "").unwrap().engine().labels().to_vec();
    let few: Vec<Label> = all.iter().copied().step_by(4).collect();
    let names: Vec<String> = few.iter().map(Label::to_string).collect();
    let identify = engine("softmax.bin", &names.join(",")).unwrap();
    assert_eq!(identify.engine().labels(), few);
    let mut ranked = Vec::new();
    identify.rank("something or other", Script::LATN, &mut ranked);
    assert!(ranked.iter().all(|(l, _)| few.contains(l)));
    let sum: f32 = ranked.iter().map(|r| r.1).sum();
    assert!((0.999..=1.001).contains(&sum), "{sum}");
    let one = engine("softmax.bin", &names[0]).unwrap();
    one.rank("something or other", Script::LATN, &mut ranked);
    assert_eq!(ranked, [(few[0], 1.0)]);
}

#[test]
fn the_registry_knows_what_each_engine_takes() {
    let refused = |identifier: &str| {
        let config = Config { identifier: identifier.to_owned(), ..Config::default() };
        Identify::new(&config).err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert!(engines().iter().any(|e| e.name == "fasttext"));
    for identifier in ["fasttext", "fasttext:"] {
        assert_eq!(refused(identifier), format!("--identifier takes fasttext:PATH, not {identifier:?}"));
    }
    assert_eq!(refused("script:x"), r#"--identifier takes script, not "script:x""#);
    assert!(refused("fast:x").contains("fasttext:PATH, script in this build, not \"fast:x\""));
}
