//! Which wrong decodings may explain a piece of text: those whose bytes are UTF-8, and what the detector says of them.

use std::ops::Range;
use std::sync::LazyLock;

use super::inverse::{Buffers, Chain, Worth};
use super::wrong::{self, Holders, Set, WIDE};
use crate::decode::Encoding;
use crate::decode::guess::{Family, Guesser};

/// How widely is looked for what a text might be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Width {
    /// Readings of the same bytes that are thought of, and by how many bits they may be worse than the best.
    readings: usize,
    worse: f32,
    /// How seldom text may be wrongly read as an encoding, in bits, where it is not UTF-8, which shows by itself.
    seldom: f32,
    /// What UTF-8 must say for itself by its structure, in bits, for nothing else to come into question.
    sure: f32,
    /// Wrong encodings of which the detector is asked, and by how many bits one may look worse than the best.
    asked: usize,
    behind: f32,
    /// By how many bits it must look better than the text as it stands.
    gain: f32,
}

impl Width {
    /// What comes into question at first sight, for speed.
    pub(super) const LIKELY: Self =
        Self { readings: 3, worse: -6.0, seldom: 2.0, sure: 8.0, asked: 6, behind: 5.0, gain: -5.0 };
    /// Whatever may be, to learn what tells it apart.
    pub(super) const ANY: Self = Self {
        readings: 6,
        worse: -20.0,
        seldom: f32::INFINITY,
        sure: f32::INFINITY,
        asked: usize::MAX,
        behind: f32::INFINITY,
        gain: f32::NEG_INFINITY,
    };
}

impl Default for Width {
    fn default() -> Self {
        Self::LIKELY
    }
}

/// Encodings of scripts that are mostly written without vowels; so many letters or fewer have one sign in text that is written with
/// them, and so many or more one character that is neither.
static VOCALIZED: LazyLock<Vec<Encoding>> = LazyLock::new(|| {
    ["windows-1256", "iso-8859-6", "windows-1255"].into_iter().filter_map(Encoding::for_label).collect()
});
const SIGNS: usize = 4;
const OTHERS: usize = 8;

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
    pub(super) width: Width,
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
        if legacy && !self.found.iter().any(|found| found.extra >= self.width.sure) {
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
        if let Some(Worth { bits: extra, .. }) = undone.filter(|_| text != piece) {
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
            .fold((0, 0), |(wide, narrow), c| if c >= WIDE { (wide + 1, narrow) } else { (wide, narrow + 1) });
        let width = self.width;
        let known = |wrong: usize| wrong::unusual(wrong) <= width.seldom && (wide >= narrow || wrong::is_single(wrong));
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
        let least = (best - width.behind).max(as_is + width.gain);
        for at in 0..self.looks.len().min(width.asked) {
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
        for found in self.guesser.candidates(&self.bytes, Family::Ascii).iter().take(self.width.readings) {
            if found.margin < self.width.worse {
                break;
            }
            let chain = Chain { wrong: wrong as u8, right: found.encoding };
            if chain.price().is_finite() && found.encoding != Encoding::UTF_8_STRAY {
                self.add(piece, chain);
            }
        }
        for right in VOCALIZED.iter().copied() {
            if is_vocalized(&self.bytes, right) {
                self.add(piece, Chain { wrong: wrong as u8, right });
            }
        }
    }
}

/// True when bytes read as an encoding are letters and vowel signs that each stand on a letter. The detector knows such text
/// as it is mostly written, without vowels.
fn is_vocalized(bytes: &[u8], encoding: Encoding) -> bool {
    let Some(units) = encoding.single_byte() else { return false };
    // Signs that a letter may still take: one for its length and one for its vowel.
    let (mut letters, mut signs, mut others, mut room) = (0, 0, 0, 0);
    for byte in bytes {
        match units[usize::from(*byte)] {
            0x5B0..=0x5BC | 0x64B..=0x652 if room > 0 => (signs, room) = (signs + 1, room - 1),
            0x5D0..=0x5EA | 0x621..=0x64A => (letters, room) = (letters + 1, 2),
            unit => (others, room) = (others + usize::from(unit >= 0x80), 0),
        }
    }
    signs * SIGNS > letters && others * OTHERS <= letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowel_signs_stand_on_letters() {
        let bytes = |label: &str, text: &str| {
            let encoding = Encoding::for_label(label).unwrap();
            (encoding.encode(text).unwrap(), encoding)
        };
        for (label, text, is) in [
            ("iso-8859-6", "كَتَبَ الوَلَدُ رِسَالَةً إلى صَدِيقِهِ", true),
            ("windows-1256", "كَتَبَ الوَلَدُ رِسَالَةً إلى صَدِيقِهِ", true),
            ("windows-1256", "كتب الولد رسالة إلى صديقه", false),
            ("windows-1255", "הַיֶּלֶד כָּתַב מִכְתָּב", true),
            ("windows-1255", "הילד כתב מכתב", false),
        ] {
            let (bytes, encoding) = bytes(label, text);
            assert_eq!(is_vocalized(&bytes, encoding), is, "{text}");
        }
        // Bytes of other text stand anywhere.
        let (russian, _) = bytes("windows-1251", "Мальчик написал письмо своему старому другу");
        let (french, _) = bytes("windows-1252", "L'été dernier, le garçon a écrit à sa sœur aînée");
        for bytes in [russian, french] {
            assert!(VOCALIZED.iter().all(|right| !is_vocalized(&bytes, *right)));
        }
    }
}
