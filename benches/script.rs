//! Script runs, paragraph by paragraph, beside the least that any such code must do:
//! decode the characters.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "it tells what it skips")]

mod common;

use babelsift::script::runs;
use common::{CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, RUSSIAN, ascii, cut, lines, total};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const CASES: [&str; 7] = ["ascii", "french", "russian", "hindi", "japanese", "chinese", "mixed"];

/// Paragraphs of a case.
fn paragraphs(case: &str) -> Vec<String> {
    let own = |kind| cut(&lines(kind), 160);
    let paragraphs: Vec<String> = match case {
        "ascii" => own(ENGLISH).iter().map(|l| String::from_utf8(ascii(l)).unwrap()).collect(),
        "french" => own(FRENCH),
        "russian" => own(RUSSIAN),
        "hindi" => own(HINDI),
        "japanese" => own(JAPANESE),
        "chinese" => own(CHINESE),
        // A sentence in each of two scripts.
        _ => own(ENGLISH).iter().zip(own(RUSSIAN)).map(|(a, b)| format!("{a}. {b}.")).collect(),
    };
    let mut bytes = 0;
    let enough = |p: &&String| {
        bytes += p.len();
        bytes <= common::SIZE
    };
    paragraphs.iter().cycle().take_while(enough).cloned().collect()
}

#[divan::bench(args = CASES)]
fn script_runs(bencher: Bencher<'_, '_>, case: &str) {
    let paragraphs = paragraphs(case);
    let mut found = Vec::new();
    bencher.counter(BytesCount::new(total(&paragraphs))).bench_local(|| {
        for paragraph in &paragraphs {
            runs(black_box(paragraph), &mut found);
            black_box(&found);
        }
    });
}

/// The floor: every character looked at once, with an operation that can't be skipped.
#[divan::bench(args = CASES)]
fn floor_chars(bencher: Bencher<'_, '_>, case: &str) {
    let paragraphs = paragraphs(case);
    bencher.counter(BytesCount::new(total(&paragraphs))).bench_local(|| {
        let sum = |p: &String| black_box(p).chars().fold(0u32, |sum, c| sum.wrapping_mul(31) ^ c as u32);
        paragraphs.iter().map(sum).fold(0, u32::wrapping_add)
    });
}
