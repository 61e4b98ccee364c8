//! [`Report`]: what a run did, counted. Counters are whole numbers, so sums do not depend on the order of adding.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
}

impl Count {
    /// Adds one thing of so many bytes.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }

    /// Adds a record, or another part of one, that is passed over.
    pub(crate) fn skip(&mut self, bytes: u64, part: u32) {
        self.count += u64::from(part == 0);
        self.bytes += bytes;
    }
}

impl LabelCount {
    /// Mean score of its fragments, 0 to 1.
    pub fn mean_score(&self) -> f64 {
        self.score_sum as f64 / 1e4 / self.fragments.max(1) as f64
    }
}

impl Report {
    /// Adds the counters of another part of the run.
    pub fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
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
        }
        for (own, other) in [
            (&mut self.encodings, &other.encodings),
            (&mut self.reasons, &other.reasons),
            (&mut self.skipped, &other.skipped),
        ] {
            for (name, add) in other {
                let own = own.entry(name.clone()).or_default();
                own.count += add.count;
                own.bytes += add.bytes;
            }
        }
        for (own, other) in [(&mut self.repairs, &other.repairs), (&mut self.flags, &other.flags)] {
            for (name, add) in other {
                *own.entry(name.clone()).or_default() += add;
            }
        }
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
}
