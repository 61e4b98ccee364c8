//! Answers of the model in training on a file of labelled lines, for the scorer.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::config::Fragments;
use babelsift::lang::ngram::Sight;
use babelsift::script::Script;
use babelsift::segment::Segment;

use super::corpus::head_of;
use super::recipe::Recipe;
use super::train::{Table, pool, softmax};
use super::write::prior;

pub fn evaluate(tables: &[Table], dev: &Path, suffix: &str, recipe: &Recipe) -> Result<()> {
    let text = fs::read_to_string(dev).with_context(|| format!("reading {}", dev.display()))?;
    let segment = Segment::new(Fragments::Keep, 0);
    let (mut sight, mut runs, mut features, mut scores) = (Sight::default(), Vec::new(), Vec::new(), Vec::new());
    let (mut out, mut raw) = (String::new(), String::new());
    for line in text.lines() {
        let text = line.split('\t').nth(1).unwrap_or(line);
        segment.fragments(text, &mut runs);
        let script = head_of(runs.first().map_or(Script::ZYYY, |r| r.script));
        let found = tables.iter().find_map(|t| Some((t, t.heads.iter().find(|h| h.script == script)?)));
        let Some((table, head)) = found else {
            raw.push('\n');
            out.push_str("und_Zyyy\t0\n");
            continue;
        };
        features.clear();
        let text = icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text);
        sight.features(&text, script, table.bits, |_, f| features.push(f));
        let sum = pool(&table.rows, &features, 1.0 / (features.len().max(1) as f32).sqrt());
        head.scores(&sum, &mut scores);
        if !features.is_empty() {
            let mut order: Vec<usize> = (0..scores.len()).collect();
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
            for at in order.into_iter().take(12) {
                write!(raw, "{}:{:.3} ", head.labels[at].0, scores[at])?;
            }
        }
        raw.push('\n');
        for (s, (_, tier)) in scores.iter_mut().zip(&head.labels) {
            *s = (*s + prior(*tier, recipe)) / recipe.temperature;
        }
        softmax(&mut scores);
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
        writeln!(out, "{}\t{:.4}", head.labels[best].0, scores[best])?;
    }
    let name = dev.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
    fs::write(format!("{}/{name}{suffix}.pred", std::env::var("OUT").unwrap_or("/tmp".into())), out)?;
    fs::write(format!("{}/{name}{suffix}.raw", std::env::var("OUT").unwrap_or("/tmp".into())), raw)?;
    Ok(())
}
