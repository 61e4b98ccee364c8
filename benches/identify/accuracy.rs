//! How right the answers are, and how honest their scores.

use crate::score::{Figures, Gold, Scored, percent};
use crate::sets::{Entry, Set, Sets};
use crate::table;

/// Lengths in characters, from and to.
const LENGTHS: [(usize, usize); 5] = [(0, 20), (20, 50), (50, 100), (100, 300), (300, usize::MAX)];

/// Prints the tables of everyone who answered.
pub fn report(entries: &[Entry], sets: &Sets) {
    if sets.lines(Set::Dev).is_empty() {
        println!("\naccuracy: skipped, BABELSIFT_DATA is not set");
        return;
    }
    whole(entries, sets);
    by_source(entries, sets);
    unseen(entries, sets);
}

fn is_held_out(gold: &Gold) -> bool {
    gold.source.ends_with("-heldout")
}

fn cells(figures: &Figures) -> [String; 5] {
    let exact = figures.exact.map_or("–".to_owned(), table::two);
    let [merged, merged100, fair100, common55] =
        [figures.merged, figures.merged100, figures.fair100, figures.common55].map(table::two);
    [exact, merged, merged100, fair100, common55]
}

fn whole(entries: &[Entry], sets: &Sets) {
    let gold = sets.lines(Set::Dev);
    println!("\ndev.tsv, {} lines: macro-F1 in percent; lengths are common55 by characters", gold.len());
    table::head(&[
        "engine",
        "exact",
        "merged",
        "merged100",
        "fair100",
        "common55",
        "< 20",
        "20-50",
        "50-100",
        "100-300",
        "> 300",
        "calibration error",
        "answered at ≥ 0.9",
        "of these right",
    ]);
    for (entry, answers) in with_answers(entries, Set::Dev) {
        let scored = Scored::new(gold, answers);
        let mut row = vec![entry.name.clone()];
        row.extend(cells(&scored.figures(|_| true)));
        row.extend(
            LENGTHS.map(|(from, to)| table::one(scored.common55(|g| (from..to).contains(&g.text.chars().count())))),
        );
        let (answered, right) = scored.sure();
        row.extend([table::two(scored.calibration()), table::one(answered), table::two(right)]);
        table::row(&row);
    }
}

fn by_source(entries: &[Entry], sets: &Sets) {
    let gold = sets.lines(Set::Dev);
    let held_out = gold.iter().filter(|g| is_held_out(g)).count();
    println!(
        "\ndev.tsv by source: {held_out} lines held out of sources that were learnt from, {} of other sources",
        gold.len() - held_out
    );
    table::head(&["engine", "lines", "exact", "merged", "merged100", "fair100", "common55"]);
    for (entry, answers) in with_answers(entries, Set::Dev) {
        let scored = Scored::new(gold, answers);
        for (name, of) in [("held out", true), ("other sources", false)] {
            let mut row = vec![entry.name.clone(), name.to_owned()];
            row.extend(cells(&scored.figures(|g| is_held_out(g) == of)));
            table::row(&row);
        }
    }
}

fn unseen(entries: &[Entry], sets: &Sets) {
    let lines = sets.lines(Set::Unseen).len();
    println!("\ndev_unseen.tsv, {lines} lines in languages that are to be unknown: percent answered all the same");
    table::head(&["engine", "answered", "answered at ≥ 0.9"]);
    for (entry, answers) in with_answers(entries, Set::Unseen) {
        let answered = answers.iter().filter(|a| !a.is_none());
        let (all, sure) = (answered.clone().count(), answered.filter(|a| a.score >= 0.9).count());
        table::row(&[entry.name.clone(), table::one(percent(all, lines)), table::one(percent(sure, lines))]);
    }
}

/// Those who answered a set, with their answers.
pub fn with_answers(entries: &[Entry], set: Set) -> impl Iterator<Item = (&Entry, &[crate::score::Answer])> {
    entries.iter().filter_map(move |e| Some((e, e.answers(set)?)))
}
