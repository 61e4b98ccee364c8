//! [`Report`]: what a run did, counted. Counters are whole numbers, so sums do not depend on the order of adding; examples
//! are the first of the input, so they do not depend on how it was cut into batches either.
//!
//! `paper.rs` is the report as a file, `page.rs` as a page for people.

mod chart;
mod examples;
mod gather;
pub(crate) mod markup;
mod page;
mod paper;
mod sections;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use examples::{Example, Examples, Origin, Sample};
pub(crate) use gather::Gather;
#[cfg(feature = "cli")]
pub(crate) use gather::all_changes;
pub use page::page;
pub use paper::Paper;
#[cfg(feature = "cli")]
pub(crate) use sections::quoted;

/// Counters of a run, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Records that sources delivered, those they rejected included.
    pub documents: u64,
    /// Paragraphs found in them.
    pub paragraphs: u64,
    /// Paragraphs that were joined from hard-wrapped lines.
    pub rewrapped: u64,
    /// Paragraphs with at least one repair.
    pub repaired: u64,
    /// Byte sequences that their encoding does not explain, replaced by U+FFFD.
    pub malformed: u64,
    /// Fragments that paragraphs were divided into.
    pub fragments: u64,
    /// What went to each corpus.
    pub labels: BTreeMap<String, LabelCount>,
    /// Decoded lines by encoding.
    pub encodings: BTreeMap<String, Count>,
    /// Paragraphs by repair.
    pub repairs: BTreeMap<String, u64>,
    /// Paragraphs by repair that was set to flag what it finds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<String, u64>,
    /// Rejects by reason.
    pub reasons: BTreeMap<String, Count>,
    /// Records that were passed over on purpose, by reason; their bytes are structure in the ledger.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, Count>,
    /// Fragments that were rejected although their language is known, by label.
    #[serde(default)]
    pub dropped: BTreeMap<String, Count>,
    /// Decoded lines of documents that name an encoding, but for ASCII: what they name, and what was found.
    #[serde(default)]
    pub declared: BTreeMap<String, BTreeMap<String, Count>>,
    /// The first examples of what was done.
    #[serde(default)]
    pub examples: Examples,
}

/// A number of things and their source bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// Source bytes.
    pub bytes: u64,
}

/// What went to one corpus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    /// Records.
    pub records: u64,
    /// Fragments.
    pub fragments: u64,
    /// Characters of text.
    pub characters: u64,
    /// Source bytes.
    pub bytes: u64,
    /// Sum of the fragments' scores, in ten-thousandths.
    pub score_sum: u64,
    /// Fragments by score: below 0.1, below 0.2 and so on.
    #[serde(default)]
    pub scores: [u64; SCORES],
    /// Records by characters: below 8, below 16, below 32 and so on; the last holds all that are longer.
    #[serde(default)]
    pub lengths: [u64; LENGTHS],
}

/// Bins of scores.
pub const SCORES: usize = 10;

/// Bins of lengths.
pub const LENGTHS: usize = 16;

impl Count {
    /// Adds one thing of so many bytes.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }

    /// Adds a record, or another part of one, that is passed over.
    pub(crate) fn skip(&mut self, records: u64, bytes: u64) {
        self.count += records;
        self.bytes += bytes;
    }
}

impl LabelCount {
    /// Counts the score of a fragment, in ten-thousandths.
    pub fn add_score(&mut self, score: u64) {
        self.score_sum += score;
        self.scores[(score as usize * SCORES / 10_000).min(SCORES - 1)] += 1;
    }

    /// Counts the length of a record.
    pub fn add_length(&mut self, characters: u64) {
        self.characters += characters;
        let bin = (u64::BITS - (characters / 8).leading_zeros()) as usize;
        self.lengths[bin.min(LENGTHS - 1)] += 1;
    }

    /// Mean score of its fragments, 0 to 1.
    pub fn mean_score(&self) -> f64 {
        self.score_sum as f64 / 1e4 / self.fragments.max(1) as f64
    }
}

impl Report {
    /// Adds the counters of another part of the run.
    pub fn merge(&mut self, other: &Self) {
        self.documents = self.documents.saturating_add(other.documents);
        self.paragraphs += other.paragraphs;
        self.rewrapped += other.rewrapped;
        self.repaired += other.repaired;
        self.malformed += other.malformed;
        self.fragments += other.fragments;
        for (label, add) in &other.labels {
            let own = self.labels.entry(label.clone()).or_default();
            own.records += add.records;
            own.fragments += add.fragments;
            own.characters += add.characters;
            own.bytes += add.bytes;
            own.score_sum += add.score_sum;
            own.scores.iter_mut().zip(add.scores).for_each(|(own, add)| *own += add);
            own.lengths.iter_mut().zip(add.lengths).for_each(|(own, add)| *own += add);
        }
        add_counts(&mut self.encodings, &other.encodings);
        add_counts(&mut self.reasons, &other.reasons);
        add_counts(&mut self.skipped, &other.skipped);
        add_counts(&mut self.dropped, &other.dropped);
        for (name, add) in &other.declared {
            add_counts(self.declared.entry(name.clone()).or_default(), add);
        }
        self.examples.merge(&other.examples);
        for (own, other) in [(&mut self.repairs, &other.repairs), (&mut self.flags, &other.flags)] {
            for (name, add) in other {
                *own.entry(name.clone()).or_default() += add;
            }
        }
    }
}

fn add_counts(own: &mut BTreeMap<String, Count>, other: &BTreeMap<String, Count>) {
    for (name, add) in other {
        let own = own.entry(name.clone()).or_default();
        own.count += add.count;
        own.bytes += add.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_is_associative() {
        let part = |n: u64| {
            let mut report = Report { documents: n, paragraphs: 2 * n, ..Report::default() };
            report.labels.entry(format!("l{}", n % 2)).or_default().score_sum = n;
            report.reasons.entry("binary".into()).or_default().add(n);
            report.repairs.insert("spaces".into(), n);
            report
        };
        let sum = |parts: &[&Report]| {
            let mut all = Report::default();
            parts.iter().for_each(|p| all.merge(p));
            all
        };
        let (a, b, c) = (part(1), part(2), part(3));
        assert_eq!(sum(&[&sum(&[&a, &b]), &c]), sum(&[&a, &sum(&[&b, &c])]));
    }

    #[test]
    fn histograms_have_a_bin_for_everything() {
        let mut count = LabelCount::default();
        for score in [0, 999, 1000, 9_999, 10_000] {
            count.add_score(score);
        }
        assert_eq!(count.scores, [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
        for characters in [0, 7, 8, 15, 16, 131_071, 131_072, u64::MAX / 8] {
            count.add_length(characters);
        }
        assert_eq!(count.lengths, [2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    }
}
