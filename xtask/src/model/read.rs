//! A model file as tables that can be trained on: what `write.rs` does, backwards.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use babelsift::lang::ngram::{LANES, MAGIC, ZERO};
use babelsift::script::Script;

use super::corpus::Head;
use super::recipe::Recipe;
use super::train::{Matrix, Row, Table};
use super::write::{kin, prior};

/// The table of some heads in a file made with the same priors and temperature.
pub fn read(path: &Path, heads: &[Head], recipe: &Recipe) -> Result<Table> {
    let file = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let mut rest = &file[..];
    ensure!(take(&mut rest, MAGIC.len())? == MAGIC, "{} is no model", path.display());
    let bits = take(&mut rest, 8)?.to_vec();
    let (mut matrices, mut table) = (Vec::new(), 0);
    for _ in 0..number(&mut rest)? {
        let (of, matrix) = read_head(&mut rest, heads, recipe)?;
        if let Some(matrix) = matrix {
            table = of;
            matrices.push(matrix);
        }
    }
    ensure!(matrices.len() == heads.len(), "{} has other heads", path.display());
    let before: usize = bits[..table].iter().map(|b| 1 << b).sum();
    let start = (file.len() - rest.len()).next_multiple_of(LANES / 2) + before * LANES / 2;
    let end = start + ((LANES / 2) << bits[table]);
    let rows = file.get(start..end).context("the file ends early")?.chunks_exact(LANES / 2).map(|own| -> Row {
        std::array::from_fn(|k| f32::from(own[k % (LANES / 2)] >> (k / (LANES / 2) * 4) & 15) - f32::from(ZERO))
    });
    let bits = u32::from(bits[table]);
    Ok(Table { bits, rows: rows.collect(), heads: matrices, steps: [1.0; LANES] })
}

/// A head and its table; no matrix when the head is none of those.
fn read_head(rest: &mut &[u8], heads: &[Head], recipe: &Recipe) -> Result<(usize, Option<Matrix>)> {
    let script = Script::from_code(std::str::from_utf8(take(rest, 4)?)?).context("an unknown script")?;
    let (table, count) = (number(rest)?, number(rest)?);
    let head = heads.iter().find(|h| h.script == script);
    let labels = head.map_or_else(Vec::new, |h| h.labels.iter().map(|l| (l.name.clone(), l.tier)).collect());
    let mut matrix = Matrix { script, labels, weights: Vec::new(), bias: Vec::new() };
    for l in 0..count {
        let name = std::str::from_utf8(take(rest, 8)?)?;
        let [scale, bias, _word, _names, _kin] = [(); 5].map(|()| float(rest));
        let (scale, bias) = (scale?, bias?);
        let weights = take(rest, LANES)?;
        let Some(head) = head else { continue };
        ensure!(head.labels.get(l).is_some_and(|own| own.name == name), "{name}: the labels are others by now");
        let before = prior(&matrix, head.labels[l].tier, recipe) - kin(name)?.ln() * recipe.temperature;
        matrix.bias.push(bias * recipe.temperature - before);
        matrix.weights.push(std::array::from_fn(|k| f32::from(weights[k] as i8) * scale * recipe.temperature));
    }
    Ok((table, head.map(|_| matrix)))
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Result<&'b [u8]> {
    let (taken, others) = rest.split_at_checked(count).context("the file ends early")?;
    *rest = others;
    Ok(taken)
}

fn number(rest: &mut &[u8]) -> Result<usize> {
    Ok(u32::from_le_bytes(take(rest, 4)?.try_into()?) as usize)
}

fn float(rest: &mut &[u8]) -> Result<f32> {
    Ok(f32::from_le_bytes(take(rest, 4)?.try_into()?))
}
