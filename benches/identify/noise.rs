//! Text that is no language: who is fooled by it.

use std::collections::BTreeMap;

use crate::accuracy::with_answers;
use crate::score::{Answer, Scored, auroc, percent};
use crate::sets::{Entry, Set, Sets};
use crate::table;

/// Characters of the lines that the threshold is found on: noise is short too.
const SHORT: usize = 100;
/// Share of the right answers that the threshold keeps.
const KEPT: f64 = 0.95;

/// Prints how well noise is told from language.
pub fn report(entries: &[Entry], sets: &Sets) {
    let noise = sets.lines(Set::Noise);
    println!(
        "\nnoise.txt, {} lines that are no language; right answers are those to lines of dev.tsv under {SHORT} \
         characters, and the threshold keeps {:.0} % of them",
        noise.len(),
        100.0 * KEPT
    );
    if sets.lines(Set::Dev).is_empty() {
        println!("threshold, rejected and AUROC: skipped, BABELSIFT_DATA is not set");
    }
    table::head(&["engine", "answered", "median score of these", "AUROC", "threshold", "rejected there"]);
    let mut columns = Vec::new();
    for (entry, answers) in with_answers(entries, Set::Noise) {
        let mut right = entry.answers(Set::Dev).map_or_else(Vec::new, |dev| {
            Scored::new(sets.lines(Set::Dev), dev).right_scores(|g| g.text.chars().count() < SHORT)
        });
        right.sort_by(f64::total_cmp);
        let threshold = right.get((right.len() as f64 * (1.0 - KEPT)) as usize).copied();
        let rejects = |a: &Answer| a.is_none() || threshold.is_some_and(|t| a.score < t);
        let scores: Vec<f64> = answers.iter().map(|a| if a.is_none() { 0.0 } else { a.score }).collect();
        let mut answered: Vec<f64> = answers.iter().filter(|a| !a.is_none()).map(|a| a.score).collect();
        answered.sort_by(f64::total_cmp);
        let rejected = answers.iter().filter(|a| rejects(a)).count();
        let known = |text: String| if threshold.is_some() { text } else { "–".to_owned() };
        table::row(&[
            entry.name.clone(),
            table::one(percent(answered.len(), noise.len())),
            answered.get(answered.len() / 2).map_or("–".to_owned(), |s| table::two(*s)),
            known(format!("{:.3}", auroc(&right, &scores))),
            known(table::two(threshold.unwrap_or_default())),
            known(table::one(percent(rejected, noise.len()))),
        ]);
        columns.push((entry.name.as_str(), answers.iter().map(rejects).collect::<Vec<bool>>()));
    }
    by_kind(&columns, sets);
}

/// Prints what passes, kind by kind; kinds that nobody takes for language are left out.
fn by_kind(columns: &[(&str, Vec<bool>)], sets: &Sets) {
    let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, gold) in sets.lines(Set::Noise).iter().enumerate() {
        let group = gold.source.split(' ').next().unwrap_or_default();
        kinds.entry(group).or_default().push(i);
    }
    let passed = |rejected: &[bool], lines: &[usize]| lines.iter().filter(|i| !rejected[**i]).count();
    println!("\nlines of noise.txt that pass, by kind");
    let names: Vec<&str> = ["kind", "lines"].into_iter().chain(columns.iter().map(|(name, _)| *name)).collect();
    table::head(&names);
    for (kind, lines) in &kinds {
        let passed: Vec<usize> = columns.iter().map(|(_, rejected)| passed(rejected, lines)).collect();
        if passed.iter().any(|n| *n > 0) {
            let cells = passed.iter().map(usize::to_string);
            table::row(&[(*kind).to_owned(), lines.len().to_string()].into_iter().chain(cells).collect::<Vec<_>>());
        }
    }
}
