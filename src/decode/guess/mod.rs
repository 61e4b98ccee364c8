//! Which encoding bytes are in that are not valid UTF-8.
//!
//! Every candidate whose structure allows it decodes the bytes; candidates that read them alike are one reading. The
//! letters of each reading are weighed by one model for all languages and encodings (`cargo xtask charset` trains it):
//! hashed n-grams that touch a character which is not ASCII, so that markup around a text says nothing. How usual an
//! encoding is, what a header said and what the other lines of the document say are added to that, all in bits.

mod candidates;
mod chars;
mod document;
mod features;
mod model;
mod readings;
mod score;

pub use features::SIZE;
pub use model::STEPS;
pub use readings::{Family, Reading, Readings};

use self::candidates::candidates;
use self::document::Document;
use self::score::{Likely, Scorer};
use super::{Encoding, Evidence};

/// How unusual an encoding is, in bits.
pub fn unusual(encoding: Encoding) -> f32 {
    candidates().iter().find(|c| c.encoding == encoding).map_or(f32::INFINITY, |c| c.unusual)
}

/// A possible encoding of some bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The most usual encoding that reads them so.
    pub encoding: Encoding,
    /// How many bits better or (below zero) worse it is than the next best, or the best.
    pub margin: f32,
}

/// Guesses lines of one document. Reused from document to document.
#[derive(Debug, Default)]
pub(super) struct Guesser {
    scorer: Scorer,
    document: Document,
    fixed: Vec<bool>,
}

/// What a line was found to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) encoding: Encoding,
    pub(super) evidence: Evidence,
    /// Probability.
    pub(super) score: f32,
}

impl Guesser {
    /// Decides the lines with these numbers, which are not valid UTF-8, and tells `take`.
    ///
    /// `lines` gives the bytes of a line; `declared` is what a header said.
    pub(super) fn guess<'a>(
        &mut self,
        indices: &[usize],
        lines: impl Fn(usize) -> &'a [u8],
        family: Family,
        declared: Option<Encoding>,
        mut take: impl FnMut(usize, Found),
    ) {
        self.document.clear();
        self.fixed.clear();
        for &line in indices {
            let raw = lines(line);
            let damaged = family == Family::Ascii && is_damaged_utf8(raw);
            if !damaged {
                self.scorer.score(raw, family, &mut self.document.likely);
                self.document.close_line();
            }
            self.fixed.push(damaged);
        }
        let declared = declared.and_then(|d| candidates().iter().position(|c| c.encoding == usual_name(d)));
        self.document.settle(declared);
        let mut at = 0;
        for (&line, fixed) in indices.iter().zip(&self.fixed) {
            if *fixed {
                take(line, Found { encoding: Encoding::UTF_8, evidence: Evidence::DamagedUtf8, score: 0.98 });
                continue;
            }
            let found = self.document.verdict(at).map(|verdict| {
                let evidence = match declared {
                    Some(d) if d == verdict.candidate => Evidence::Declared,
                    _ => Evidence::Letters,
                };
                Found { encoding: candidates()[verdict.candidate].encoding, evidence, score: verdict.probability }
            });
            let nothing = Found { encoding: Encoding::WINDOWS_1252, evidence: Evidence::Letters, score: 0.0 };
            take(line, found.unwrap_or(nothing));
            at += 1;
        }
    }

    /// The best readings of bytes by themselves, the best first.
    pub(super) fn candidates(&mut self, raw: &[u8], family: Family) -> Vec<Candidate> {
        let mut likely: Vec<Likely> = Vec::new();
        self.scorer.score(raw, family, &mut likely);
        let named = |l: &Likely| {
            let usual = (0..candidates().len()).filter(|i| l.members >> i & 1 == 1);
            let usual = usual.min_by(|a, b| candidates()[*a].unusual.total_cmp(&candidates()[*b].unusual));
            usual.map(|i| (candidates()[i].encoding, l.bits - candidates()[i].unusual))
        };
        let named: Vec<(Encoding, f32)> = likely.iter().filter_map(named).collect();
        let best = named.first().map_or(0.0, |n| n.1);
        let next = named.get(1).map_or(f32::NEG_INFINITY, |n| n.1);
        let margin = |at: usize, bits: f32| if at == 0 { best - next } else { bits - best };
        named.iter().enumerate().map(|(at, (encoding, bits))| Candidate { encoding: *encoding, margin: margin(at, *bits) }).collect()
    }
}

/// The candidate that reads what is declared: supersets under other names.
fn usual_name(declared: Encoding) -> Encoding {
    let other = match declared.name() {
        "gb18030" => "gbk",
        "iso-8859-8-i" => "iso-8859-8",
        _ => return declared,
    };
    Encoding::for_label(other).unwrap_or(declared)
}

/// UTF-8 with a few bad bytes: far more whole multi-byte characters than other encodings make by chance. In text that is
/// mostly ASCII one is enough, since in a Western encoding it would read as a letter and a symbol inside a word.
fn is_damaged_utf8(raw: &[u8]) -> bool {
    let (mut whole, mut bad) = (0usize, 0usize);
    for chunk in raw.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let high = raw.iter().filter(|b| **b >= 0x80).count();
    whole >= 3 * bad || (whole >= bad && high * 8 < raw.len())
}

#[cfg(test)]
mod tests;
