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

/// Brings the rows to what four bits can say.
pub fn quantize(table: &mut Table, kept: f64) {
    let most = f32::from(ZERO - 1);
    table.steps = std::array::from_fn(|k| {
        let mut sizes: Vec<f32> = table.rows.iter().map(|r| r[k].abs()).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let at = ((sizes.len() - 1) as f64 * kept) as usize;
        sizes[at].max(1e-6) / most
    });
    for row in &mut table.rows {
        for (x, step) in row.iter_mut().zip(&table.steps) {
            *x = (*x / step).round().clamp(-most, most) * step;
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
        out.extend(((bias + prior(*tier, recipe)) / recipe.temperature).to_le_bytes());
        out.extend(weights.iter().map(|w| (w / scale).round() as i8 as u8));
    }
    Ok(())
}

/// Nats that a label has before anything was read.
pub fn prior(tier: Tier, recipe: &Recipe) -> f32 {
    match tier {
        Tier::Common => recipe.common_prior,
        Tier::Usual => 0.0,
        Tier::Unknown => recipe.unknown_prior,
        Tier::Noise => 0.0,
        Tier::Dialect => recipe.dialect_prior,
    }
}
