//! Content or not: a log-linear model looks at each line, a second one at what the first says of the lines around, and
//! the most likely path through the document is taken, since content comes in stretches.

use super::bins::{AROUND, AROUND_ROWS, Look, OWN, OWN_ROWS, Page, around, own};
use super::line::Line;

/// Steps of a weight in a nat.
pub const STEPS: f32 = 256.0;

/// Weights, in 1/256 nat for content.
#[derive(Clone, Debug)]
pub struct Model {
    /// Of a line by itself and its neighbours.
    pub first: Vec<i16>,
    /// Of the same after the first look, then of what the first look says.
    pub second: Vec<i16>,
    /// Of a line of the same kind as the one before, either kind.
    pub same: [i16; 2],
}

/// Rows of the second look.
pub const SECOND_ROWS: usize = OWN_ROWS + AROUND_ROWS;

/// Letters and sentences of a line that is content wherever it stands: no notice is as long.
const ESSAY: (u32, u32) = (700, 4);

/// Memory of the model.
#[derive(Debug, Default)]
pub struct ModelScratch {
    page: Page,
    look: Look,
    scores: Vec<i32>,
    /// Best path up to each line: as boilerplate, as content.
    forward: Vec<[i32; 2]>,
}

impl Model {
    /// Reads the weights of a file.
    pub fn read(bytes: &[u8]) -> Self {
        let mut weights = bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]));
        let mut take = |n: usize| weights.by_ref().take(n).collect::<Vec<_>>();
        let (first, second, same) = (take(OWN_ROWS), take(SECOND_ROWS), take(2));
        Self { first, second, same: [same.first().copied().unwrap_or(0), same.get(1).copied().unwrap_or(0)] }
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        self.first.iter().chain(&self.second).chain(&self.same).flat_map(|w| w.to_le_bytes()).collect()
    }

    /// How much rather each line is content than not, in 1/256 nat, along the best path through all lines.
    pub(super) fn margins(&self, lines: &[Line], scratch: &mut ModelScratch, out: &mut Vec<i32>) {
        let ModelScratch { page, look, scores, forward } = scratch;
        page.read(lines);
        scores.clear();
        out.clear();
        for at in 0..lines.len() {
            let rows = own(page, lines, at);
            scores.push(sum(&self.first, &rows));
            out.push(sum(&self.second, &rows));
        }
        look.read(lines, scores);
        let rest = self.second.get(OWN_ROWS..).unwrap_or_default();
        for (at, margin) in out.iter_mut().enumerate() {
            *margin += sum(rest, &around(look, scores, at));
        }
        self.paths(forward, out);
        for (margin, line) in out.iter_mut().zip(lines) {
            if line.letters() >= ESSAY.0 && line.sentences >= ESSAY.1 {
                *margin = (*margin).max(i32::from(i16::MAX));
            }
        }
    }

    /// Turns the scores of lines into the difference of the best paths through the line as content and as none.
    fn paths(&self, forward: &mut Vec<[i32; 2]>, scores: &mut [i32]) {
        let step = |from: [i32; 2]| {
            let same = [i32::from(self.same[0]), i32::from(self.same[1])];
            [(from[0] + same[0]).max(from[1]), (from[1] + same[1]).max(from[0])]
        };
        forward.clear();
        let mut best = [0, 0];
        for score in scores.iter() {
            best = step(best);
            best[1] += score;
            // Differences are all that matters; a long document would leave the range.
            best = [0, best[1] - best[0]];
            forward.push(best);
        }
        let mut after = [0, 0];
        for (score, before) in scores.iter_mut().zip(forward.iter()).rev() {
            let own = *score;
            *score = before[1] - before[0] + after[1] - after[0];
            after = step([after[0], after[1] + own]);
            after = [0, after[1] - after[0]];
        }
    }
}

impl ModelScratch {
    /// Rows of all lines, for training.
    pub(super) fn own_rows(&mut self, lines: &[Line]) -> Vec<[u16; OWN]> {
        self.page.read(lines);
        (0..lines.len()).map(|at| own(&self.page, lines, at)).collect()
    }

    /// Rows of all lines after the first look, for training.
    pub(super) fn around_rows(&mut self, lines: &[Line], scores: &[i32]) -> Vec<[u16; AROUND]> {
        self.look.read(lines, scores);
        (0..lines.len()).map(|at| around(&self.look, scores, at)).collect()
    }
}

fn sum(weights: &[i16], rows: &[u16]) -> i32 {
    rows.iter().map(|row| i32::from(weights[usize::from(*row)])).sum()
}
