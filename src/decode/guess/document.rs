//! What the lines of a document say about each other's encoding.

use super::candidates::{Members, each, usual};
use super::score::Likely;

/// Lines that would have to speak for an encoding to count as much as what is known without a document.
const ALONE: f32 = 0.01;
/// What a line next to it counts, in lines.
const NEXT: f32 = 3.0;
/// Walks over the document.
const ROUNDS: usize = 3;
/// What a header is worth, in bits.
const DECLARED: f32 = 12.0;

/// The lines of a document whose encodings are to be found.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Readings of all lines, one line after the other.
    pub(super) likely: Vec<Likely>,
    /// Probability of each reading.
    shares: Vec<f32>,
    /// Where the readings of each line begin, and where the last ends.
    starts: Vec<u32>,
    /// The most likely reading of each line.
    best: Vec<u32>,
    /// How many lines an encoding explains.
    explained: Vec<f32>,
    usual: Vec<f32>,
}

/// What a line was decided to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    /// Index of the candidate.
    pub(super) candidate: usize,
    /// Probability of its reading.
    pub(super) probability: f32,
    /// By itself it would have been read otherwise.
    pub(super) moved: bool,
}

impl Document {
    /// Forgets the last document.
    pub(super) fn clear(&mut self) {
        self.likely.clear();
        self.starts.clear();
        self.starts.push(0);
    }

    /// Ends a line: its readings were appended to `likely`.
    pub(super) fn close_line(&mut self) {
        self.starts.push(self.likely.len() as u32);
    }

    /// Lines so far.
    pub(super) fn lines(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn readings(&self, line: usize) -> std::ops::Range<usize> {
        self.starts[line] as usize..self.starts[line + 1] as usize
    }

    /// Lets the lines speak to each other. `declared` is a candidate a header spoke for.
    pub(super) fn settle(&mut self, declared: Option<usize>) {
        self.usual.clear();
        self.usual.extend_from_slice(usual());
        if let Some(declared) = declared {
            self.usual[declared] = DECLARED.exp2();
        }
        self.explained.clear();
        self.explained.resize(usual().len(), 0.0);
        self.shares.clear();
        self.shares.resize(self.likely.len(), 0.0);
        self.best.clear();
        self.best.resize(self.lines(), 0);
        let rounds = if self.lines() > 1 { ROUNDS } else { 0 };
        for round in 0..=rounds {
            for line in 0..self.lines() {
                self.weigh(line, round > 0);
            }
            self.explained.fill(0.0);
            for (likely, share) in self.likely.iter().zip(&self.shares) {
                each(likely.members, |e| self.explained[e] += share);
            }
        }
    }

    /// Finds the probabilities of a line's readings.
    fn weigh(&mut self, line: usize, together: bool) {
        let range = self.readings(line);
        let mut best = f32::MIN;
        let near = self.near(line);
        for at in range.clone() {
            let mut weight = 0.0;
            let own = together.then_some(self.shares[at]);
            each(self.likely[at].members, |e| weight += self.prior(near, e, own));
            // In the place of a probability for a moment: its logarithm.
            self.shares[at] = self.likely[at].bits + weight.log2();
            if self.shares[at] >= best {
                (best, self.best[line]) = (self.shares[at], at as u32);
            }
        }
        let mut sum = 0.0;
        for share in &mut self.shares[range.clone()] {
            *share = (*share - best).exp2();
            sum += *share;
        }
        self.shares[range].iter_mut().for_each(|s| *s /= sum);
    }

    /// How likely an encoding is in a line before its bytes are seen, by those next to it; `own` is what the line itself said
    /// so far.
    #[inline]
    fn prior(&self, near: [(Members, f32); 2], encoding: usize, own: Option<f32>) -> f32 {
        let Some(own) = own else { return self.usual[encoding] };
        let near: f32 = near.iter().filter(|(members, _)| members >> encoding & 1 == 1).map(|(_, share)| share).sum();
        self.usual[encoding] * (ALONE + (self.explained[encoding] - own).max(0.0) + NEXT * near) / ALONE
    }

    /// What the lines before and after are read as, and how sure that is.
    fn near(&self, line: usize) -> [(Members, f32); 2] {
        [line.checked_sub(1), Some(line + 1).filter(|l| *l < self.lines())].map(|next| {
            let next = next.filter(|next| !self.readings(*next).is_empty());
            next.map_or((0, 0.0), |next| {
                let at = self.best[next] as usize;
                (self.likely[at].members, self.shares[at])
            })
        })
    }

    /// What a line is; None where nothing can read it.
    pub(super) fn verdict(&self, line: usize) -> Option<Verdict> {
        let at = self.readings(line).max_by(|a, b| self.shares[*a].total_cmp(&self.shares[*b]).then(b.cmp(a)))?;
        let own = (self.lines() > 1).then_some(self.shares[at]);
        let near = self.near(line);
        let mut best = (0, f32::MIN);
        each(self.likely[at].members, |e| {
            let prior = self.prior(near, e, own);
            if prior > best.1 {
                best = (e, prior);
            }
        });
        // The readings came in the order of their letters.
        let moved = self.readings(line).start != at;
        Some(Verdict { candidate: best.0, probability: self.shares[at], moved })
    }
}
