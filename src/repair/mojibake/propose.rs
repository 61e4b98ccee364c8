//! Which wrong decodings may explain a piece of text: those whose bytes are UTF-8, and what the detector says of them.

use super::inverse::{Buffers, Chain};
use super::wrong::{self, Set};
use crate::decode::Encoding;
use crate::decode::guess::{Family, Guesser};

/// Readings of the same bytes that are thought of, and by how many bits they may be worse than the best.
const READINGS: usize = 3;
const WORSE: f32 = -16.0;
/// How seldom text may be wrongly read as an encoding, in bits, where it is not UTF-8, which shows by itself.
const SELDOM: f32 = 2.0;

/// Finds chains; memory for one piece at a time.
#[derive(Debug, Default)]
pub(super) struct Proposer {
    guesser: Guesser,
    pub(super) buffers: Buffers,
    bytes: Vec<u8>,
    out: String,
    /// Bytes that were seen, by their hash.
    seen: Vec<u64>,
}

impl Proposer {
    /// Gives each chain to `take` that can undo the whole piece.
    pub(super) fn propose(&mut self, piece: &str, mut take: impl FnMut(Chain)) {
        let (mut all, mut any): (Set, Set) = (Set::MAX, 0);
        for c in piece.chars().filter(|c| !c.is_ascii()) {
            let holders = wrong::holders(c);
            all &= holders;
            any |= holders;
        }
        wrong::each(wrong::sequences(piece), |wrong| {
            let chain = Chain { wrong: wrong as u8, right: Encoding::UTF_8 };
            self.out.clear();
            if chain.undo(piece, &mut self.buffers, &mut self.out).is_some() && self.out != piece {
                take(chain);
            }
        });
        self.seen.clear();
        let known = |wrong: usize| wrong::unusual(wrong) <= SELDOM;
        wrong::each(all & any, |wrong| {
            if known(wrong) {
                self.legacy(piece, wrong, &mut take)
            }
        });
    }

    fn legacy(&mut self, piece: &str, wrong: usize, take: &mut impl FnMut(Chain)) {
        self.bytes.clear();
        if !piece.chars().all(|c| wrong::write(wrong, c, &mut self.bytes)) {
            return;
        }
        let hash = self.bytes.iter().fold(7u64, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3));
        if self.seen.contains(&hash) || std::str::from_utf8(&self.bytes).is_ok() {
            return;
        }
        self.seen.push(hash);
        for found in self.guesser.candidates(&self.bytes, Family::Ascii).iter().take(READINGS) {
            if found.margin < WORSE {
                break;
            }
            let chain = Chain { wrong: wrong as u8, right: found.encoding };
            self.out.clear();
            if chain.price().is_finite()
                && found.encoding != Encoding::UTF_8_STRAY
                && chain.undo(piece, &mut self.buffers, &mut self.out).is_some()
                && self.out != piece
            {
                take(chain);
            }
        }
    }
}
