//! Which wrong decodings may explain a piece of text: those whose bytes are UTF-8, and what the detector says of them.

use std::ops::Range;

use super::inverse::{Buffers, Chain};
use super::wrong::{self, Holders, Set};
use crate::decode::Encoding;
use crate::decode::guess::{Family, Guesser};

/// Readings of the same bytes that are thought of, and by how many bits they may be worse than the best.
const READINGS: usize = 3;
const WORSE: f32 = -10.0;
/// How seldom text may be wrongly read as an encoding, in bits, where it is not UTF-8, which shows by itself.
const SELDOM: f32 = 2.0;
/// What UTF-8 must say for itself by its structure, in bits, for nothing else to come into question.
const SURE: f32 = 8.0;
/// Wrong encodings of which the detector is asked, and by how many bits one may look worse than the best.
const ASKED: usize = 8;
const BEHIND: f32 = 12.0;
/// By how many bits it must look better than the text as it stands.
const GAIN: f32 = -6.0;

/// A way to read a piece.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) chain: Chain,
    /// What speaks for it without its letters, in bits.
    pub(super) extra: f32,
    text: Range<usize>,
}

/// Finds chains; memory for one piece at a time.
#[derive(Debug, Default)]
pub(super) struct Proposer {
    guesser: Guesser,
    pub(super) buffers: Buffers,
    bytes: Vec<u8>,
    /// What the piece is in all proposals, one after the other.
    texts: String,
    found: Vec<Proposal>,
    /// Wrong encodings that may be asked of: how good the bytes look, and which it is.
    looks: Vec<(f32, usize)>,
}

impl Proposer {
    /// Finds the chains that can undo the whole piece. Of those that read it alike the most usual is enough.
    pub(super) fn propose(&mut self, piece: &str, legacy: bool) {
        self.texts.clear();
        self.found.clear();
        let holders = Holders::of(piece);
        wrong::each(wrong::distinct(piece, holders.sequences), |wrong| {
            self.add(piece, Chain { wrong: wrong as u8, right: Encoding::UTF_8 });
        });
        if legacy && !self.found.iter().any(|found| found.extra >= SURE) {
            self.legacy(piece, holders.all);
        }
    }

    /// What was found.
    pub(super) fn found(&self) -> impl Iterator<Item = (&Proposal, &str)> {
        self.found.iter().map(|found| (found, &self.texts[found.text.clone()]))
    }

    fn add(&mut self, piece: &str, chain: Chain) {
        let start = self.texts.len();
        let undone = chain.undo(piece, &mut self.buffers, &mut self.texts);
        let text = &self.texts[start..];
        if let Some(extra) = undone.filter(|_| text != piece) {
            let worth = extra - chain.price();
            let proposal = Proposal { chain, extra, text: start..self.texts.len() };
            match self.found.iter_mut().find(|found| self.texts[found.text.clone()] == *text) {
                Some(found) if found.extra - found.chain.price() >= worth => {}
                Some(found) => return *found = proposal,
                None => return self.found.push(proposal),
            }
        }
        self.texts.truncate(start);
    }

    fn legacy(&mut self, piece: &str, holders: Set) {
        // Text that is read as one of many bytes a character becomes Han above all.
        let (wide, narrow) = piece
            .chars()
            .filter(|c| !c.is_ascii())
            .fold((0, 0), |(wide, narrow), c| if c >= '\u{2E80}' { (wide + 1, narrow) } else { (wide, narrow + 1) });
        let known = |wrong: usize| wrong::unusual(wrong) <= SELDOM && (wide >= narrow || wrong::is_single(wrong));
        let mut asked = 0;
        wrong::each(holders, |wrong| asked |= Set::from(known(wrong)) << wrong);
        let distinct = wrong::distinct(piece, asked);
        self.looks.clear();
        let mut as_is = f32::NEG_INFINITY;
        wrong::each(distinct, |wrong| {
            self.bytes.clear();
            if piece.chars().all(|c| wrong::write(wrong, c, &mut self.bytes))
                && std::str::from_utf8(&self.bytes).is_err()
            {
                let sight = Guesser::sight(&self.bytes, wrong::encoding(wrong));
                as_is = as_is.max(sight.own.unwrap_or(f32::NEG_INFINITY));
                self.looks.push((sight.best - wrong::unusual(wrong), wrong));
            }
        });
        self.looks.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = self.looks.iter().map(|look| look.0).find(|look| look.is_finite()).unwrap_or(0.0);
        let least = (best - BEHIND).max(as_is + GAIN);
        for at in 0..self.looks.len().min(ASKED) {
            let (look, wrong) = self.looks[at];
            if look < least {
                break;
            }
            self.ask(piece, wrong);
        }
    }

    /// Asks the detector what the bytes are.
    fn ask(&mut self, piece: &str, wrong: usize) {
        self.bytes.clear();
        piece.chars().for_each(|c| _ = wrong::write(wrong, c, &mut self.bytes));
        for found in self.guesser.candidates(&self.bytes, Family::Ascii).iter().take(READINGS) {
            if found.margin < WORSE {
                break;
            }
            let chain = Chain { wrong: wrong as u8, right: found.encoding };
            if chain.price().is_finite() && found.encoding != Encoding::UTF_8_STRAY {
                self.add(piece, chain);
            }
        }
    }
}
