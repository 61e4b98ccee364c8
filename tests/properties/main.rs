//! What holds for any input.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bytes;
#[path = "../common/mod.rs"]
mod common;
mod encodings;
mod folders;
mod identify;
mod letters;
mod prior;
mod texts;
mod values;

use proptest::test_runner::Config;

/// So many cases, or times `CASES` of the environment; what fails is printed and nothing is written to the sources.
fn cases(cases: u32) -> Config {
    let times: u32 = std::env::var("CASES").map_or(1, |n| n.parse().unwrap());
    Config { cases: cases * times, failure_persistence: None, ..Config::default() }
}
