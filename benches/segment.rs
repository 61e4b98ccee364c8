//! Fragments of whole paragraphs: MB/s of one core, each way in turn, so that what else the machine does slows down all.
//!
//! With `BABELSIFT_DATA` (a folder that holds `segment/seg_dev.jsonl`) on its texts, else on paragraphs of `corpus/`.
//! `benches/peers/segment` measures CLD2 on the same texts in the same run.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints tables")]

mod common;

use std::hint::black_box;

use babelsift::Scratch;
use babelsift::config::{Config, Separation};
use babelsift::lang::{Identify, IdentifyScratch};
use babelsift::script::{main_script, runs};
use babelsift::segment::Segmenter;
use common::race::race;
use common::{ENGLISH, FRENCH, HINDI, RUSSIAN, VIETNAMESE, data, lines};

/// Texts by kind: of one language, and with several.
fn texts() -> Vec<(&'static str, Vec<String>)> {
    let Some(folder) = data() else {
        let own = |kind| lines(kind).chunks(4).map(|some| some.join(" ")).collect::<Vec<_>>();
        let one: Vec<String> = [ENGLISH, FRENCH, HINDI, RUSSIAN, VIETNAMESE].into_iter().flat_map(own).collect();
        let several = own(ENGLISH).iter().zip(own(FRENCH)).map(|(a, b)| format!("{a} {b}")).collect();
        return vec![("one language", one), ("several", several)];
    };
    let file = std::fs::read_to_string(folder.join("segment/seg_dev.jsonl")).expect("segment/seg_dev.jsonl");
    let items: Vec<serde_json::Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |one: bool| -> Vec<String> {
        let own = items.iter().filter(|item| item["kind"].as_str().unwrap().starts_with("mono") == one);
        own.map(|item| item["text"].as_str().unwrap().to_owned()).collect()
    };
    vec![("one language", of(true)), ("several", of(false))]
}

fn segmenter(separation: Separation) -> Segmenter {
    Segmenter::new(&Config { separation, ..Config::default() }).unwrap()
}

fn main() {
    let rounds = if std::env::args().any(|arg| arg == "--test") { 1 } else { 15 };
    let (balanced, words) = (segmenter(Separation::Balanced), segmenter(Separation::CodeSwitch));
    let identify = Identify::default();
    println!(
        "| texts | fragments | fragments, code-switch | identify the whole | script runs |\n|---|---|---|---|---|"
    );
    for (name, texts) in texts() {
        let bytes: usize = texts.iter().map(String::len).sum();
        let (mut scratch, mut found, mut scripts) = (Scratch::default(), Vec::new(), Vec::new());
        let (mut other, mut others, mut memory) = (Scratch::default(), Vec::new(), IdentifyScratch::default());
        let each = |work: &mut dyn FnMut(&str)| texts.iter().for_each(|text| work(black_box(text)));
        let times = race(
            rounds,
            &mut [
                &mut || each(&mut |text| balanced.fragments(text, &mut scratch, &mut found)),
                &mut || each(&mut |text| words.fragments(text, &mut other, &mut others)),
                &mut || {
                    each(&mut |text| {
                        black_box(identify.guess(text, main_script(text), &mut memory));
                    });
                },
                &mut || each(&mut |text| runs(text, &mut scripts)),
            ],
        );
        let speeds: Vec<String> = times.iter().map(|time| format!("{:.1}", bytes as f64 / time / 1e6)).collect();
        println!("| {name}, {:.1} MB | {} |", bytes as f64 / 1e6, speeds.join(" | "));
    }
    #[cfg(feature = "lingua")]
    lingua();
}

/// Lingua's way, on a few texts: it takes a second for each.
#[cfg(feature = "lingua")]
fn lingua() {
    let detector = lingua::LanguageDetectorBuilder::from_all_languages().with_preloaded_language_models().build();
    for (name, texts) in texts() {
        let some = &texts[..texts.len().min(40)];
        let bytes: usize = some.iter().map(String::len).sum();
        let each = &mut || {
            for text in some {
                black_box(detector.detect_multiple_languages_of(text));
            }
        };
        let time = race(1, &mut [each])[0];
        println!("lingua, {name}: {:.3} MB/s", bytes as f64 / time / 1e6);
    }
}
