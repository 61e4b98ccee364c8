//! [`Examples`]: the first of what was repaired, rejected and changed, cut to a size that fits a page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::repair::Repairs;

/// Examples of a repair or reason.
pub(super) const KEPT: usize = 3;

/// Sample documents.
pub(super) const SAMPLES: usize = 8;

/// The first examples of each kind in the order of the input, each of another document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examples {
    /// By repair: what it replaced.
    pub repairs: BTreeMap<String, Vec<Example>>,
    /// By reason: what was rejected, in `before`.
    pub reasons: BTreeMap<String, Vec<Example>>,
    /// Documents that came out otherwise than they went in, no two with the same encoding and repairs.
    pub documents: Vec<Sample>,
}

/// A stretch of text, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Text before it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lead: String,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Text behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tail: String,
    /// The document.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where an example comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the input.
    pub file_path: String,
    /// Number of the record in it.
    pub record: u64,
    /// Number of the piece, where a document was cut.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: u32,
}

/// The front of a document from its first change on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The document.
    #[serde(flatten)]
    pub origin: Origin,
    /// Encoding of the line.
    pub encoding: String,
    /// Repairs of the paragraph.
    pub repairs: Vec<String>,
    /// Label of the paragraph's first fragment.
    pub label: String,
    /// Its bytes, taken for UTF-8.
    pub before: String,
    /// Its text.
    pub after: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_first(part: &u32) -> bool {
    *part == 0
}

impl Examples {
    /// Adds those of a later part of the run. What comes out is the first of both, wherever the parts begin and end.
    pub(super) fn merge(&mut self, later: &Self) {
        for (own, later) in [(&mut self.repairs, &later.repairs), (&mut self.reasons, &later.reasons)] {
            for (name, examples) in later {
                let own = own.entry(name.clone()).or_default();
                for example in examples.iter().take(KEPT - own.len()) {
                    // A document has one example, and it may lie in two batches only where it was cut in parts.
                    own.push(example.clone());
                }
            }
        }
        for sample in &later.documents {
            if self.wants(&sample.encoding, |i| sample.repairs.get(i).map(String::as_str)) {
                self.documents.push(sample.clone());
            }
        }
    }

    /// True when a document of this encoding and these repairs is not shown yet.
    pub(super) fn wants<'a>(&self, encoding: &str, repair: impl Fn(usize) -> Option<&'a str>) -> bool {
        let same = |s: &Sample| {
            let named = s.repairs.iter().enumerate().all(|(i, name)| repair(i) == Some(name));
            s.encoding == encoding && named && repair(s.repairs.len()).is_none()
        };
        self.documents.len() < SAMPLES && !self.documents.iter().any(same)
    }

    /// The repairs that need no more examples.
    pub(crate) fn complete(&self) -> Repairs {
        let full = self.repairs.iter().filter(|(_, examples)| examples.len() >= KEPT);
        full.filter_map(|(name, _)| Repairs::named(name)).fold(Repairs::default(), Repairs::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_wherever_batches_end() {
        let one = |n: usize| {
            let origin = Origin { file_path: format!("f{n}"), ..Origin::default() };
            let example = Example { before: format!("{n}"), origin: origin.clone(), ..Example::default() };
            let repairs = vec![format!("r{}", n % 11)];
            let sample = Sample { encoding: format!("e{}", n % 3), repairs, origin, ..Sample::default() };
            let mut all = Examples { documents: vec![sample], ..Examples::default() };
            all.repairs.insert(format!("r{}", n % 4), vec![example]);
            all
        };
        let sum = |parts: Vec<Examples>| {
            let mut all = Examples::default();
            parts.iter().for_each(|p| all.merge(p));
            all
        };
        let whole = sum((0..60).map(one).collect());
        assert_eq!(whole.documents.len(), SAMPLES);
        assert!(whole.repairs.values().all(|r| r.len() == KEPT));
        for size in [2, 7, 13, 60] {
            let batches: Vec<usize> = (0..60).collect();
            let parts = batches.chunks(size).map(|c| sum(c.iter().map(|n| one(*n)).collect())).collect();
            assert_eq!(sum(parts), whole, "batches of {size}");
        }
    }
}
