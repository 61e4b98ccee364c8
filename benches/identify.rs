//! The identification engines on lines of about 160 bytes, beside `whatlang` called directly.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "it tells what it skips")]

mod common;

use babelsift::lang::{Argument, Engine, IdentifyScratch, engines};
use babelsift::script::{Run, Script, runs};
use common::{CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, VIETNAMESE, cut, lines, total};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Which lines.
const SETS: [&str; 4] = ["latin", "russian", "japanese", "many"];

/// Lines of a set, with their scripts.
fn texts(set: &str) -> Vec<(String, Script)> {
    let kinds: &[Kind] = match set {
        "latin" => &[ENGLISH, FRENCH, VIETNAMESE],
        "russian" => &[RUSSIAN],
        "japanese" => &[JAPANESE],
        _ => &[ENGLISH, FRENCH, VIETNAMESE, RUSSIAN, HINDI, CHINESE, JAPANESE, KOREAN],
    };
    let per_kind: Vec<Vec<String>> = kinds.iter().map(|k| cut(&lines(*k), 160)).collect();
    let longest = per_kind.iter().map(Vec::len).max().unwrap_or(0);
    // In turn, as a web page from anywhere would come after another.
    let in_turn = (0..longest.min(200)).flat_map(|i| per_kind.iter().map(move |own| own[i % own.len()].clone()));
    let mut found: Vec<Run> = Vec::new();
    in_turn
        .map(|text| {
            runs(&text, &mut found);
            let script = found.iter().max_by_key(|r| r.letters).map_or_else(Script::default, |r| r.script);
            (text, script)
        })
        .collect()
}

/// Every engine on every set; `fasttext` with the model that the variable FASTTEXT_MODEL names, if it is set.
fn cases() -> Vec<Case> {
    let model = std::env::var("FASTTEXT_MODEL").ok();
    let argument = |engine: &Engine| match engine.argument {
        Argument::Needed(_) => model.clone(),
        _ => Some(String::new()),
    };
    let engines: Vec<_> = engines().iter().filter_map(|engine| Some((engine, argument(engine)?))).collect();
    let case = |set| engines.iter().map(move |(engine, argument)| Case { engine, argument: argument.clone(), set });
    SETS.iter().flat_map(|set| case(*set)).collect()
}

struct Case {
    engine: &'static Engine,
    argument: String,
    set: &'static str,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.engine.name, self.set)
    }
}

#[divan::bench(args = cases())]
fn engine(bencher: Bencher<'_, '_>, case: &Case) {
    let texts = texts(case.set);
    let Ok(engine) = (case.engine.open)(&case.argument, &[]) else { return };
    let mut scratch = IdentifyScratch::default();
    let bytes = texts.iter().map(|(t, _)| t.len()).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).counter(ItemsCount::new(texts.len())).bench_local(|| {
        for (text, script) in &texts {
            black_box(engine.identify(black_box(text), *script, &mut scratch));
        }
    });
}

#[cfg(feature = "whatlang")]
#[divan::bench(args = SETS)]
fn whatlang_alone(bencher: Bencher<'_, '_>, set: &str) {
    let texts: Vec<String> = texts(set).into_iter().map(|(text, _)| text).collect();
    let detector = whatlang::Detector::new();
    bencher.counter(BytesCount::new(total(&texts))).counter(ItemsCount::new(texts.len())).bench_local(|| {
        for text in &texts {
            black_box(detector.detect(black_box(text)));
        }
    });
}
