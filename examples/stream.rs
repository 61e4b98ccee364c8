//! A stream of documents: any file that `run` reads, however large and however it is packed, batch after batch in the same
//! memory. Prints how many letters of each language are in it.
//!
//! `cargo run --release --example stream -- corpus/archives/articles.jsonl.zst`

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::collections::BTreeMap;
use std::sync::Arc;

use babelsift::batch::Verdict;
use babelsift::source::{Inputs, expand};
use babelsift::{Batch, Config, Pipeline, Scratch};

fn main() -> Result<(), babelsift::Error> {
    let config = Config::default();
    let pipeline = Pipeline::new(&config)?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let inputs = expand(&words)?;
    let mut source = Inputs::new(&inputs, &config, Arc::default())?;

    let mut letters: BTreeMap<String, usize> = BTreeMap::new();
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    while source.fill(&mut batch)? {
        pipeline.apply(&mut batch, &mut scratch);
        for fragment in batch.fragments.iter().filter(|f| f.verdict == Verdict::Keep) {
            let count = batch.fragment_text(fragment).chars().filter(|c| c.is_alphabetic()).count();
            *letters.entry(fragment.guess.label.to_string()).or_default() += count;
        }
    }
    for (label, count) in letters {
        println!("{label}\t{count}");
    }
    Ok(())
}
