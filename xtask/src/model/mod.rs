//! Trains the model of `lang/ngram`: a row of numbers for each hashed feature, summed over a text, and a small matrix
//! from the sum to the labels of each writing system. Seeded: the same text gives the same model.

mod corpus;
mod ensemble;
mod evaluate;
mod noise;
pub mod random;
mod read;
mod recipe;
mod samples;
mod train;
mod write;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};

use corpus::{Corpus, Head};
use ensemble::combine;
use random::Random;
use recipe::Recipe;
use train::{Table, balance, fresh, refine, train};

/// The label heads that share a table, and its size.
struct Part {
    heads: Vec<Head>,
    bits: u32,
}

/// Trains on the folders below `dir` and writes the model.
pub fn run(dir: &Path, options: &[&str]) -> Result<()> {
    let recipe = Recipe::new(options)?;
    let (latin, others) = Corpus::read(dir)?.heads.into_iter().partition(|h| h.name == "Latn");
    let parts = [Part { heads: latin, bits: recipe.latin_bits }, Part { heads: others, bits: recipe.other_bits }];

    let tables = match &recipe.from {
        Some(file) => read_all(file, &parts, &recipe)?,
        None => train_all(&parts, &recipe)?,
    };
    let jobs: Vec<(&Part, Table)> = parts.iter().zip(tables).collect();
    let tables = on_all_cores(&jobs, |(part, table)| {
        let mut table = table.clone();
        if recipe.refining_epochs > 0 {
            refine(&mut table, &part.heads, &recipe, &mut Random::new(recipe.seed + recipe.models));
        }
        table
    })?;

    write::write(&tables, &recipe)?;
    for dev in &recipe.dev {
        evaluate::evaluate(&tables, dev, &recipe)?;
    }
    Ok(())
}

/// Several models that differ in their seeds, which for each part are made one.
fn train_all(parts: &[Part], recipe: &Recipe) -> Result<Vec<Table>> {
    let jobs: Vec<(&Part, u64)> = (0..recipe.models).flat_map(|i| parts.iter().map(move |p| (p, i))).collect();
    let models = on_all_cores(&jobs, |(part, i)| {
        let mut random = Random::new(recipe.seed + i);
        let mut table = fresh(&part.heads, part.bits, &mut random);
        train(&mut table, &part.heads, recipe, &mut random);
        table
    })?;
    let of_part = |part: usize| -> Vec<Table> { models.iter().skip(part).step_by(parts.len()).cloned().collect() };
    let jobs: Vec<(&Part, Vec<Table>)> = parts.iter().enumerate().map(|(i, part)| (part, of_part(i))).collect();
    on_all_cores(&jobs, |(part, models)| combine(models, &part.heads, recipe))
}

/// The tables of a model that was trained before.
fn read_all(file: &Path, parts: &[Part], recipe: &Recipe) -> Result<Vec<Table>> {
    let read = |part: &Part| {
        let mut table = read::read(file, &part.heads, recipe)?;
        if recipe.refining_epochs > 0 {
            balance(&mut table, &part.heads, recipe, &mut Random::new(recipe.seed));
        }
        Ok(table)
    };
    parts.iter().map(read).collect()
}

/// Does jobs side by side; gives what they give, in their order.
fn on_all_cores<J: Sync, T: Send>(jobs: &[J], work: impl Fn(&J) -> T + Sync) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let worker = || -> Vec<(usize, T)> {
        let take = || Some(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(take).map_while(|i| Some((i, work(jobs.get(i)?)))).collect()
    };
    let mut done = Vec::new();
    std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            done.extend(worker.join().map_err(|_| anyhow!("a training thread panicked"))?);
        }
        anyhow::Ok(())
    })?;
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}
