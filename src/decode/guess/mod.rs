//! Which encoding bytes are in that are not valid UTF-8.
//!
//! A first look sorts out those candidates of one byte a character that are far behind (`glance`), those of several by
//! the order of their bytes (`structure`). Every other candidate decodes the bytes; candidates that read them alike are one reading. The
//! letters of each reading are weighed by one model for all languages and encodings (`cargo xtask charset` trains it):
//! hashed n-grams that touch a character which is not ASCII, so that markup around a text says nothing. How usual an
//! encoding is, what a header said and what the other lines of the document say are added to that, all in bits.

mod candidates;
mod chars;
mod document;
mod features;
mod glance;
mod model;
mod readings;
mod score;
mod structure;
mod utf8;

pub use features::SIZE;
pub use model::STEPS;
#[cfg(feature = "cli")]
pub(crate) use model::bytes;
pub use readings::{Family, Reading, Readings};

use self::candidates::candidates;
use self::document::Document;
pub(crate) use self::glance::Sight;
use self::score::{Likely, Scorer};
pub(super) use self::utf8::is_torn as is_torn_utf8;
pub(crate) use self::utf8::may_be_damaged as may_be_damaged_utf8;
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
pub(crate) struct Guesser {
    scorer: Scorer,
    document: Document,
    /// For each line its place in the document; None for damaged UTF-8.
    rows: Vec<Option<usize>>,
    declared: Option<usize>,
}

/// How likely UTF-8 is where it was damaged.
const DAMAGED: f32 = 0.98;

/// An encoding whose line ends are those of all EBCDIC.
pub(super) const EBCDIC: Encoding = Encoding::IBM037;

/// What a line was found to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) encoding: Encoding,
    pub(super) evidence: Evidence,
    /// Probability.
    pub(super) score: f32,
}

impl Guesser {
    /// Reads the lines of a document that are not valid UTF-8; `declared` is what a header said.
    pub(super) fn read<'a>(
        &mut self,
        lines: impl Iterator<Item = &'a [u8]>,
        family: Family,
        declared: Option<Encoding>,
    ) {
        self.document.clear();
        self.rows.clear();
        for raw in lines {
            if family == Family::Ascii && utf8::is_damaged(raw) {
                self.rows.push(None);
            } else {
                self.rows.push(Some(self.document.lines()));
                self.scorer.score(raw, family, &mut self.document.likely);
                self.document.close_line();
            }
        }
        self.declared = declared.and_then(|d| candidates().iter().position(|c| c.encoding == usual_name(d)));
        self.document.settle(self.declared);
    }

    /// What the line with this number of those that were read was found to be.
    pub(super) fn found(&self, line: usize) -> Found {
        let Some(Some(row)) = self.rows.get(line) else {
            return Found { encoding: Encoding::UTF_8, evidence: Evidence::DamagedUtf8, score: DAMAGED };
        };
        match self.document.verdict(*row) {
            Some(verdict) if candidates()[verdict.candidate].encoding == Encoding::UTF_8_STRAY => {
                Found { encoding: Encoding::UTF_8, evidence: Evidence::DamagedUtf8, score: verdict.probability }
            }
            Some(verdict) => {
                let evidence = match () {
                    () if self.declared == Some(verdict.candidate) => Evidence::Declared,
                    () if verdict.moved => Evidence::Neighbours,
                    () => Evidence::Letters,
                };
                let encoding = candidates()[verdict.candidate].encoding;
                Found { encoding, evidence, score: verdict.probability }
            }
            None => Found { encoding: Encoding::WINDOWS_1252, evidence: Evidence::Letters, score: 0.0 },
        }
    }

    /// What bytes look like at first sight: as `own` and as any other encoding.
    pub(crate) fn sight(raw: &[u8], own: Encoding) -> Sight {
        glance::sight(raw, own)
    }

    /// The best readings of bytes by themselves, the best first.
    pub(crate) fn candidates(&mut self, raw: &[u8], family: Family) -> Vec<Candidate> {
        let mut likely: Vec<Likely> = Vec::new();
        self.scorer.score(raw, family, &mut likely);
        let named = |l: &Likely| {
            let mut usual: Option<&candidates::Candidate> = None;
            candidates::each(l.members, |i| {
                let candidate = &candidates()[i];
                if usual.is_none_or(|usual| candidate.unusual < usual.unusual) {
                    usual = Some(candidate);
                }
            });
            usual.map(|usual| (usual.encoding, l.bits - usual.unusual))
        };
        let mut named: Vec<(Encoding, f32)> = likely.iter().filter_map(named).collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1));
        let best = named.first().map_or(0.0, |n| n.1);
        let next = named.get(1).map_or(f32::NEG_INFINITY, |n| n.1);
        let margin = |at: usize, bits: f32| if at == 0 { best - next } else { bits - best };
        named
            .iter()
            .enumerate()
            .map(|(at, (encoding, bits))| Candidate { encoding: *encoding, margin: margin(at, *bits) })
            .collect()
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

#[cfg(test)]
mod tests;
