//! Trains the model of `lang/ngram`: a row of numbers for each hashed feature, summed over a text, and a small matrix
//! from the sum to the labels of each writing system. Seeded: the same text gives the same model.

mod corpus;
mod evaluate;
mod noise;
pub mod random;
mod recipe;
mod samples;
mod train;
mod write;

use std::path::Path;

use anyhow::{Result, anyhow};

use corpus::Corpus;
use recipe::Recipe;

/// Trains on the folders below `dir` and writes the model.
pub fn run(dir: &Path, options: &[&str]) -> Result<()> {
    let recipe = Recipe::new(options)?;
    let corpus = Corpus::read(dir)?;
    let (latin, others): (Vec<_>, Vec<_>) = corpus.heads.into_iter().partition(|h| h.name == "Latn");
    let (latin, others) = std::thread::scope(|scope| {
        let latin = scope.spawn(|| train::train(latin, recipe.latin_bits, &recipe));
        let others = scope.spawn(|| train::train(others, recipe.other_bits, &recipe));
        (latin.join(), others.join())
    });
    let panicked = |_| anyhow!("a training thread panicked");
    let mut tables = [latin.map_err(panicked)?, others.map_err(panicked)?];
    tables.iter_mut().for_each(|t| write::quantize(t, recipe.kept));
    write::write(&tables, &recipe)?;
    for dev in &recipe.dev {
        evaluate::evaluate(&tables, dev, &recipe)?;
    }
    Ok(())
}
