//! What it costs to change the language, by what stands between, and what is too short to be parted.

use super::marks::HOST;
use super::units::{Gap, Unit};
use crate::config::Separation;
use crate::lang::ngram::Seen;

/// The numbers of a preset. Costs are logarithms of how much less likely a change is than none.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Of a change, by the gap before a unit.
    gaps: [f32; 7],
    /// Of a quotation or bracket in another language than its sentence.
    pub(super) quote: f32,
    /// Of a change in the middle of a unit, before a capital.
    pub(super) inside: f32,
    /// The weakest gap that units are parted at.
    pub(super) least: Gap,
    /// Words from which on a stretch inside a sentence is parted, and letters from which on a sentence is.
    words: u32,
    letters: u32,
    /// Words of a stretch that must be no names.
    others: u32,
}

impl Rules {
    pub(super) fn new(separation: Separation, words: usize) -> Self {
        let words = words as u32;
        match separation {
            Separation::Conservative => Self {
                gaps: [20.0, 18.0, 15.0, 12.0, 9.0, 6.5, 5.0],
                quote: 7.0,
                inside: 12.0,
                least: Gap::Clause,
                words,
                letters: 20,
                others: 2,
            },
            Separation::Balanced => Self {
                gaps: [14.0, 12.0, 10.0, 7.0, 5.0, 3.0, 3.0],
                quote: 3.0,
                inside: 8.0,
                least: Gap::Clause,
                words,
                letters: 10,
                others: 2,
            },
            Separation::CodeSwitch => Self {
                gaps: [4.0, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5],
                quote: 2.5,
                inside: 0.0,
                least: Gap::Space,
                words: 1,
                letters: 1,
                others: 0,
            },
        }
    }

    /// Every word is looked at.
    pub(super) fn by_word(&self) -> bool {
        self.least <= Gap::Space
    }

    /// What it costs to change the language at a gap.
    pub(super) fn change(&self, gap: Gap) -> f32 {
        self.gaps[gap as usize]
    }

    /// What a change costs at least.
    pub(super) fn cheapest(&self) -> f32 {
        self.gaps.iter().copied().fold(self.quote, f32::min)
    }

    /// What a part can say against a language at most: letter by letter, names less.
    pub(super) fn cap(seen: &Seen) -> f32 {
        const MOST: f32 = 20.0;
        const OF_NAMES: f32 = 0.3;
        let names = seen.names as f32 / seen.words.max(1) as f32;
        (seen.letters as f32 * (1.0 - (1.0 - OF_NAMES) * names)).min(MOST)
    }

    /// True if a stretch of a foreign language is long enough to be parted from its host, by what stands before and after.
    fn parts(&self, seen: &Seen, before: Gap, after: Gap) -> bool {
        if before < Gap::End || after < Gap::End {
            // Names and titles have a capital in every word, or nearly.
            let title = self.others > 0 && (seen.others < self.others || seen.words > 2 * seen.others + 1);
            seen.words >= self.words && !title
        } else if before == Gap::Line && after == Gap::Line {
            seen.letters >= 3
        } else {
            seen.words >= self.words.min(2) && seen.letters >= self.letters
        }
    }

    /// Gives stretches that are too short for a fragment the label of what stands before them, or else after.
    pub(super) fn merge(
        &self,
        units: &[Unit],
        seen: &[Seen],
        marked: &[bool],
        before: Option<u16>,
        labels: &mut [u16],
    ) {
        let Some(host) = most(seen, marked, labels) else { return };
        let mut from = 0;
        while from < labels.len() {
            let to = from + labels[from..].iter().take_while(|label| **label == labels[from]).count();
            let own = seen[from..to].iter().fold(Seen::default(), |sum, part| sum.and(part));
            let after = units.get(to).map_or(Gap::Line, |unit| unit.gap);
            if labels[from] != host && !self.parts(&own, units[from].gap, after) {
                let left = if from > 0 { Some(labels[from - 1]) } else { before };
                let other = left.or(labels.get(to).copied()).unwrap_or(host);
                labels[from..to].fill(other);
            }
            from = to;
        }
    }
}

/// The label of most letters: of those outside of marks, if they are more than names.
fn most(seen: &[Seen], marked: &[bool], labels: &[u16]) -> Option<u16> {
    let outside = seen.iter().zip(marked).filter(|(_, marked)| !**marked);
    let outside = outside.fold(Seen::default(), |sum, (part, _)| sum.and(part));
    let all = outside.letters < HOST || outside.others == 0;
    let mut found: Vec<(u16, u32)> = Vec::new();
    for ((label, part), marked) in labels.iter().zip(seen).zip(marked) {
        let letters = if all || !marked { part.letters } else { 0 };
        match found.iter_mut().find(|(own, _)| own == label) {
            Some((_, sum)) => *sum += letters,
            None => found.push((*label, letters)),
        }
    }
    found.into_iter().reduce(|best, own| if own.1 > best.1 { own } else { best }).map(|(label, _)| label)
}
