//! The model as the engine reads it: numbers of 7 and 8 bits.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::lang::ngram::{LANES, MAGIC, ZERO};

use super::corpus::Tier;
use super::recipe::Recipe;
use super::train::{Matrix, Table};

pub fn write(tables: &[Table], path: &Path, recipe: &Recipe) -> Result<()> {
    let scales: Vec<[f32; LANES]> = tables.iter().map(|t| lane_scales(t, recipe.kept)).collect();
    let mut out = MAGIC.to_vec();
    let mut bits = [0u8; 8];
    for (bits, table) in bits.iter_mut().zip(tables) {
        *bits = table.bits as u8;
    }
    out.extend(bits);
    let heads: usize = tables.iter().map(|t| t.heads.len()).sum();
    out.extend((heads as u32).to_le_bytes());
    for (index, (table, scales)) in tables.iter().zip(&scales).enumerate() {
        for head in &table.heads {
            push_head(head, index as u32, scales, recipe, &mut out)?;
        }
    }
    out.resize(out.len().next_multiple_of(LANES / 2), 0);
    for (table, scales) in tables.iter().zip(&scales) {
        for row in &table.rows {
            let most = f32::from(ZERO - 1);
            let number = |k: usize| (f32::from(ZERO) + (row[k] / scales[k]).round().clamp(-most, most)) as u8;
            out.extend((0..LANES / 2).map(|k| number(k) | number(k + LANES / 2) << 4));
        }
    }
    fs::write(path, &out).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("{}: {:.2} MB", path.display(), out.len() as f64 / 1e6);
    Ok(())
}

/// The rows as the engine will see them.
pub fn quantize(table: &mut Table, recipe: &Recipe) {
    let most = ((1u32 << (recipe.row_bits - 1)) - 1) as f32;
    let scales = lane_scales(table, recipe.kept);
    for row in &mut table.rows {
        for (x, scale) in row.iter_mut().zip(&scales) {
            let step = scale * f32::from(ZERO - 1) / most;
            *x = (*x / step).round().clamp(-most, most) * step;
        }
    }
}

/// What one step of a lane's number is worth.
fn lane_scales(table: &Table, kept: f64) -> [f32; LANES] {
    std::array::from_fn(|k| {
        let mut sizes: Vec<f32> = table.rows.iter().map(|r| r[k].abs()).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let at = ((sizes.len() - 1) as f64 * kept) as usize;
        sizes[at].max(1e-6) / f32::from(ZERO - 1)
    })
}

fn push_head(head: &Matrix, table: u32, lanes: &[f32; LANES], recipe: &Recipe, out: &mut Vec<u8>) -> Result<()> {
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
