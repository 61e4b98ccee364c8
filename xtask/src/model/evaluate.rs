//! Answers of a new model to a file of labelled lines (label, text), for choosing between recipes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::lang::ngram::{Sight, alone, writing_system};
use babelsift::script::main_script;

use super::recipe::Recipe;
use super::train::{Table, pool, softmax};
use super::write::{kin, names_prior, prior, word_prior};

/// Prints how many lines are right, and writes the answers (label, score) where the recipe wants them.
pub fn evaluate(tables: &[Table], dev: &Path, recipe: &Recipe) -> Result<()> {
    let text = fs::read_to_string(dev).with_context(|| format!("reading {}", dev.display()))?;
    let (mut sight, mut features, mut scores) = (Sight::default(), Vec::new(), Vec::new());
    let (mut out, mut right, mut all) = (String::new(), 0, 0);
    let labels = tables.iter().flat_map(|t| &t.heads).flat_map(|h| &h.labels);
    let kins: HashMap<&str, f32> = labels.map(|(name, _)| Ok((name.as_str(), kin(name)?))).collect::<Result<_>>()?;
    for line in text.lines() {
        let (label, text) = line.split_once('\t').unwrap_or(("", line));
        let text = text.split('\t').next().unwrap_or_default();
        let script = writing_system(main_script(text));
        let found = tables.iter().find_map(|t| Some((t, t.heads.iter().find(|h| h.script == script)?)));
        all += 1;
        let Some((table, head)) = found else {
            writeln!(out, "und_{}\t0", script.code())?;
            continue;
        };
        features.clear();
        sight.features(text, script, table.bits, &mut features);
        let sum = pool(&table.rows, &features, 1.0 / (features.len().max(1) as f32).sqrt());
        head.scores(&sum, &mut scores);
        let names = f32::from(u8::from(sight.is_names()));
        for (s, (_, tier)) in scores.iter_mut().zip(&head.labels) {
            let besides = alone(features.len()) * word_prior(*tier, recipe) + names * names_prior(*tier, recipe);
            let before = prior(head, *tier, recipe) + besides;
            *s = (*s + before) / recipe.temperature;
        }
        softmax(&mut scores);
        for (s, (name, _)) in scores.iter_mut().zip(&head.labels) {
            *s /= kins[name.as_str()];
        }
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
        right += usize::from(head.labels[best].0 == label);
        writeln!(out, "{}\t{:.4}", head.labels[best].0, scores[best])?;
    }
    eprintln!("{}: {right} of {all} lines right", dev.display());
    if let Some(folder) = &recipe.answers {
        let name = dev.file_stem().and_then(|s| s.to_str()).unwrap_or("answers");
        fs::write(folder.join(format!("{name}.pred")), out)?;
    }
    Ok(())
}
