//! One set of texts for every engine of the build. What an engine gets wrong is listed with the text, and the list may
//! hold nothing that is right by now.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use babelsift::Config;
use babelsift::lang::{Argument, Engine, Identify, IdentifyScratch, Label};
use babelsift::script::{Script, main_script};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    label: String,
    text: String,
    /// Engines that answer something else.
    #[serde(default)]
    except: Vec<String>,
}

/// Those that bring all that they need; `tests/fasttext` has the one that takes a model.
fn engines() -> impl Iterator<Item = &'static Engine> {
    babelsift::lang::engines().iter().filter(|e| !matches!(e.argument, Argument::Needed(_)))
}

fn cases() -> Vec<Case> {
    toml::from_str::<Cases>(include_str!("cases/identify.toml")).unwrap().case
}

/// What an engine should say: the label if it knows it, else that it does not know.
fn wanted(case: &Case, script: Script, identify: &Identify) -> Label {
    let label: Label = case.label.parse().unwrap();
    let known = label.is_unknown() || identify.engine().labels().contains(&label);
    if known { label } else { Label::unknown(script) }
}

#[test]
fn every_engine_labels_every_text() {
    let cases = cases();
    let (mut wrong, mut needless) = (Vec::new(), Vec::new());
    for engine in engines() {
        // The best answer, however weak: thresholds are tested elsewhere.
        let config = Config { identifier: engine.name.to_owned(), min_score: 0.0, ..Config::default() };
        let (identify, mut scratch) = (Identify::new(&config).unwrap(), IdentifyScratch::default());
        for case in &cases {
            let script = main_script(&case.text);
            let found = identify.guess(&case.text, script, &mut scratch).label;
            let excepted = case.except.iter().any(|e| e == engine.name);
            let line = format!("{} says {found} to {}: {}", engine.name, case.label, case.text);
            match found == wanted(case, script, &identify) {
                false if !excepted => wrong.push(line),
                true if excepted => needless.push(line),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "wrong, and not listed as such:\n{}", wrong.join("\n"));
    assert!(needless.is_empty(), "listed as wrong, and right:\n{}", needless.join("\n"));
}

#[test]
fn batches_are_answered_as_single_texts_are() {
    let cases = cases();
    let texts: Vec<(&str, Script)> = cases.iter().map(|c| (c.text.as_str(), main_script(&c.text))).collect();
    for engine in engines() {
        let (engine, mut scratch) = ((engine.open)("", &[]).unwrap(), IdentifyScratch::default());
        let mut all = Vec::new();
        engine.identify_batch(&texts, &mut all, &mut scratch);
        let single: Vec<_> = texts.iter().map(|(text, script)| engine.identify(text, *script, &mut scratch)).collect();
        assert_eq!(all, single, "{}", engine.name());
    }
}

#[test]
fn ranks_are_ordered_and_within_the_labels() {
    let cases = cases();
    for engine in engines() {
        let engine = (engine.open)("", &[]).unwrap();
        let labels = engine.labels();
        assert!(labels.windows(2).all(|l| l[0].to_string() < l[1].to_string()), "{}: labels in order", engine.name());
        let mut ranked = Vec::new();
        for case in &cases {
            ranked.clear();
            engine.rank(&case.text, main_script(&case.text), &mut ranked);
            assert!(ranked.windows(2).all(|r| r[0].1 >= r[1].1), "best first: {ranked:?}");
            assert!(
                ranked.iter().all(|(l, s)| (labels.contains(l) || l.is_unknown()) && (0.0..=1.0).contains(s)),
                "{}: {ranked:?}",
                engine.name()
            );
            assert!(ranked.iter().map(|r| r.1).sum::<f32>() <= 1.001, "{ranked:?}");
        }
    }
}

#[test]
fn restricted_engines_answer_only_what_they_may() {
    let cases = cases();
    for engine in engines() {
        let all = (engine.open)("", &[]).unwrap().labels().to_vec();
        let few: Vec<Label> = all.iter().copied().step_by(5).collect();
        let engine = (engine.open)("", &few).unwrap();
        assert_eq!(engine.labels(), few, "{}", engine.name());
        let mut scratch = IdentifyScratch::default();
        for case in &cases {
            let guess = engine.identify(&case.text, main_script(&case.text), &mut scratch);
            assert!(guess.label.is_unknown() || few.contains(&guess.label), "{}: {}", engine.name(), guess.label);
        }
    }
}

#[cfg(feature = "lingua")]
#[test]
fn lingua_is_as_accurate_as_it_is_told_to_be() {
    let rank = |identifier: &str, text: &str| {
        let config = Config { identifier: identifier.to_owned(), ..Config::default() };
        let mut ranked = Vec::new();
        let identify = Identify::new(&config).map_err(|e| e.to_string())?;
        identify.rank(text, Script::LATN, &mut ranked);
        Ok::<_, String>(ranked)
    };
    // The two ways differ below 120 letters only.
    let short = "languages are awesome";
    assert_eq!(rank("lingua:high", short), rank("lingua", short));
    assert_ne!(rank("lingua:low", short), rank("lingua", short));
    let long = "Yesterday evening we walked along the river and met the old man who goes fishing there every day, and \
                he told us that the water has never been as low as it is this summer.";
    assert_eq!(rank("lingua:low", long).unwrap()[0].0.to_string(), "eng_Latn");
    for identifier in ["lingua:", "lingua:medium", "lingua:low:high"] {
        let says = format!("--identifier takes lingua or lingua:low or lingua:high, not {identifier:?}");
        assert_eq!(rank(identifier, long), Err(says));
    }
}

#[test]
fn the_cases_are_many_and_each_stands_once() {
    let cases = cases();
    let texts: BTreeSet<&str> = cases.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts.len(), cases.len());
    let labels: BTreeSet<&str> = cases.iter().map(|c| c.label.as_str()).collect();
    assert!(cases.len() >= 120 && labels.len() >= 60);
    for case in &cases {
        let label: Label = case.label.parse().unwrap();
        assert_eq!(label.to_string(), case.label);
        // Lingua is an engine of some builds only.
        let names = case.except.iter().all(|e| e == "lingua" || engines().any(|engine| engine.name == e));
        assert!(names, "{:?}: {}", case.except, case.text);
    }
}
