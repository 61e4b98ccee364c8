//! The model as the engine reads it: numbers of 4 and 8 bits.

use std::fs;

use anyhow::{Context, Result};
use babelsift::lang::ngram::{LANES, MAGIC, ZERO};

use super::corpus::Tier;
use super::recipe::Recipe;
use super::train::{Matrix, Row, Table};

pub fn write(tables: &[Table], recipe: &Recipe) -> Result<()> {
    let mut out = MAGIC.to_vec();
    let mut bits = [0u8; 8];
    for (bits, table) in bits.iter_mut().zip(tables) {
        *bits = table.bits as u8;
    }
    out.extend(bits);
    let heads: usize = tables.iter().map(|t| t.heads.len()).sum();
    out.extend((heads as u32).to_le_bytes());
    for (index, table) in tables.iter().enumerate() {
        for head in &table.heads {
            push_head(head, index as u32, &table.steps, recipe, &mut out)?;
        }
    }
    out.resize(out.len().next_multiple_of(LANES / 2), 0);
    for table in tables {
        for row in &table.rows {
            let number = |k: usize| (f32::from(ZERO) + (row[k] / table.steps[k]).round()) as u8;
            out.extend((0..LANES / 2).map(|k| number(k) | number(k + LANES / 2) << 4));
        }
    }
    fs::write(&recipe.out, &out).with_context(|| format!("writing {}", recipe.out.display()))?;
    eprintln!("{}: {:.2} MB", recipe.out.display(), out.len() as f64 / 1e6);
    Ok(())
}

/// Brings the rows to what four bits can say. The few largest numbers of a lane are cut so that all together lose least.
pub fn quantize(table: &mut Table) {
    const KEPT: [f64; 8] = [0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 1.0];
    let most = f32::from(ZERO - 1);
    let brought = |x: f32, step: f32| (x / step).round().clamp(-most, most) * step;
    table.steps = std::array::from_fn(|k| {
        let mut sizes: Vec<f32> = table.rows.iter().map(|r| r[k].abs()).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let steps = KEPT.map(|kept| sizes[((sizes.len() - 1) as f64 * kept) as usize].max(1e-6) / most);
        let loss = |step: f32| sizes.iter().map(|x| f64::from(x - brought(*x, step)).powi(2)).sum::<f64>();
        steps.into_iter().min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0)
    });
    for row in &mut table.rows {
        for (x, step) in row.iter_mut().zip(&table.steps) {
            *x = brought(*x, *step);
        }
    }
}

fn push_head(head: &Matrix, table: u32, lanes: &Row, recipe: &Recipe, out: &mut Vec<u8>) -> Result<()> {
    out.extend(head.script.code().bytes());
    out.extend(table.to_le_bytes());
    out.extend((head.labels.len() as u32).to_le_bytes());
    for (((name, tier), weights), bias) in head.labels.iter().zip(&head.weights).zip(&head.bias) {
        anyhow::ensure!(name.len() == 8, "{name} is no label");
        out.extend(name.bytes());
        let weights: Vec<f32> = weights.iter().zip(lanes).map(|(w, lane)| w * lane / recipe.temperature).collect();
        let scale = weights.iter().fold(1e-9f32, |most, w| most.max(w.abs())) / 127.0;
        out.extend(scale.to_le_bytes());
        let kin = kin(name)?;
        for number in [
            bias + prior(head, *tier, recipe) - kin.ln() * recipe.temperature,
            word_prior(*tier, recipe),
            names_prior(*tier, recipe),
        ] {
            out.extend((number / recipe.temperature).to_le_bytes());
        }
        out.extend(kin.to_le_bytes());
        out.extend(weights.iter().map(|w| (w / scale).round() as i8 as u8));
    }
    Ok(())
}

/// Nats that a label of a head has before anything was read.
pub fn prior(head: &Matrix, tier: Tier, recipe: &Recipe) -> f32 {
    match tier {
        Tier::Common => recipe.common_prior,
        Tier::Usual => 0.0,
        Tier::Unknown => recipe.unknown_prior,
        // In a script of few languages what is written mostly is one of them.
        Tier::Noise if head.labels.iter().any(|(_, tier)| *tier == Tier::Unknown) => 0.0,
        Tier::Noise => recipe.noise_prior,
        Tier::Dialect => recipe.dialect_prior,
    }
}

/// Nats that a label has besides in a word by itself.
pub fn word_prior(tier: Tier, recipe: &Recipe) -> f32 {
    if tier == Tier::Common { recipe.word_prior } else { 0.0 }
}

/// Nats that a label has besides in a text of names.
pub fn names_prior(tier: Tier, recipe: &Recipe) -> f32 {
    if matches!(tier, Tier::Unknown | Tier::Noise) { recipe.names_prior } else { 0.0 }
}

/// Labels with close relatives that look the same: label, how many times as many texts that makes, why.
const KIN: &str = include_str!("kin.tsv");

/// How many times as many texts look like those of a label as are in it.
pub fn kin(label: &str) -> Result<f32> {
    let mut rows = KIN.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t'));
    let own = rows.find_map(|mut row| (row.next() == Some(label)).then(|| row.next().unwrap_or_default()));
    own.map_or(Ok(1.0), |times| times.parse().with_context(|| format!("kin.tsv: {label} {times}")))
}
