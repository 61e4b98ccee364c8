//! One wrong decoding undone: a text goes back to its bytes and is read as what they are.

use super::fill::Gap;
use super::lost::{self, Lost, UNKNOWN};
use super::{sequences, wrong};
use crate::decode::{Encoding, guess, surrogate_pair};

/// An encoding that text was wrongly read as, and the one it was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) wrong: u8,
    pub(super) right: Encoding,
}

/// What is to be said against any repair before the letters are looked at, in bits: text is mostly right.
pub const PRICE: f32 = 23.0;
/// How much it counts that an encoding is unusual.
const RARE: f32 = 4.0;
/// What a whole character of UTF-8 says for itself: other text does not have its structure.
const SEQUENCE: f32 = 2.0;
const SEQUENCES: u32 = 12;
/// What one says besides that was read as what no text has, and how many count.
const PROOF: f32 = 40.0;
const PROOFS: u32 = 2;
/// What a character says against UTF-8 that is no part of it, in bits.
const STRAY: f32 = 4.0;

/// From so many on in one stretch it is no UTF-8.
const STRAYS: u32 = 20;

/// Bytes of half a character in CESU-8.
const HALF: usize = 3;

/// Memory for one word at a time.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    bytes: Vec<u8>,
    /// For UTF-8: the character that each byte came of.
    origins: Vec<char>,
    /// What lost a byte and may be told, in what was read last.
    pub(super) gaps: Vec<Gap>,
}

/// What speaks for what a piece of text becomes, its letters aside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worth {
    pub(super) bits: f32,
    /// It holds what no text has that is right.
    pub(super) proved: bool,
    /// All of it that is not ASCII is UTF-8, some of it with lost bytes.
    pub(super) whole: bool,
    /// It holds UTF-8 that has lost nothing, or is proved.
    pub(super) told: bool,
    /// The space at its end was taken for the last byte of a character; there may have been one behind that, too.
    pub(super) is_open: bool,
}

impl Chain {
    /// How unusual it is, in bits.
    pub(super) fn price(self) -> f32 {
        let right = if self.right == Encoding::UTF_8 { -2.0 } else { RARE * guess::unusual(self.right) };
        PRICE + wrong::unusual(self.wrong.into()) + right
    }

    /// Appends what a piece of text was; says what that is worth without its letters. None when it cannot have been that.
    pub(super) fn undo(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<Worth> {
        buffers.gaps.clear();
        if text.is_ascii() {
            out.push_str(text);
            return Some(Worth::default());
        }
        if self.right == Encoding::UTF_8 {
            self.undo_utf8(text, buffers, out)
        } else {
            self.undo_legacy(text, buffers, out).map(|()| Worth::default())
        }
    }

    fn undo_legacy(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<()> {
        buffers.bytes.clear();
        if !text.chars().all(|c| wrong::write(self.wrong.into(), c, &mut buffers.bytes)) {
            return None;
        }
        let is_text = |c: &char| !matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{FFFF}');
        if let Some(units) = self.right.byte_by_byte() {
            // Some encodings have signs of ASCII twice; text is more than these.
            let (mut high, mut ascii) = (0, 0);
            for byte in &buffers.bytes {
                let c = char::from_u32(units[usize::from(*byte)].into()).filter(is_text)?;
                (high, ascii) = (high + u32::from(*byte >= 0x80), ascii + u32::from(*byte >= 0x80 && c.is_ascii()));
                out.push(c);
            }
            return (high >= 4 * ascii).then_some(());
        }
        let start = out.len();
        let malformed = self.right.decode_into(&buffers.bytes, out);
        (malformed == 0 && out[start..].chars().all(|c| is_text(&c))).then_some(())
    }

    /// Characters that are no part of UTF-8 stay as they are: quotes and dashes that were added later, and words that are right.
    fn undo_utf8(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<Worth> {
        buffers.bytes.clear();
        buffers.origins.clear();
        let wrong = usize::from(self.wrong);
        let mut found = Found { single: wrong::is_single(wrong), usual: wrong == 0, ..Found::default() };
        for c in text.chars() {
            if wrong::write(wrong, c, &mut buffers.bytes) {
                buffers.origins.resize(buffers.bytes.len(), c);
            } else if c == char::REPLACEMENT_CHARACTER && found.single {
                buffers.bytes.push(UNKNOWN);
                buffers.origins.push(c);
            } else {
                found.after = Some(c);
                flush(buffers, &mut found, out)?;
                found.before = Some(c);
                out.push(c);
            }
        }
        found.after = None;
        flush(buffers, &mut found, out)?;
        let Found { whole, proofs, stray, lost, asked, is_open, .. } = found;
        // Where more does not fit than does, what fits does so by chance.
        let proofs = if stray > whole { 0 } else { proofs };
        let structure = whole.min(SEQUENCES) as f32 * SEQUENCE + proofs.min(PROOFS) as f32 * PROOF;
        let bits = structure - (stray + lost) as f32 * STRAY;
        let (proved, whole_word) = (proofs > 0, whole > 0 && stray == 0 && !asked);
        Some(Worth { bits, proved, whole: whole_word, told: proved || whole > lost, is_open })
    }
}

/// What was found in a text that may have been UTF-8.
#[derive(Clone, Copy, Default)]
struct Found {
    /// The wrong encoding has one byte a character.
    single: bool,
    /// It is windows-1252.
    usual: bool,
    /// What stands before and after the bytes that the wrong encoding does not have.
    before: Option<char>,
    after: Option<char>,
    /// Characters of several bytes.
    whole: u32,
    /// How many of them were read as what no text has.
    proofs: u32,
    /// How many characters stay as they were, and how many had lost a byte.
    stray: u32,
    lost: u32,
    /// A question mark may stand for a lost byte.
    asked: bool,
    /// As in [`Worth`].
    is_open: bool,
}

impl Found {
    /// Counts the characters of what is UTF-8 in the bytes from a place on. Beside what is no part of it they may be so by chance.
    fn count(&mut self, valid: &str, origins: &[char], start: usize) {
        let is_stray = |c: Option<char>| {
            c.is_some_and(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER && !sequences::is_mark(c))
        };
        let before = start.checked_sub(1).map_or(self.before, |before| Some(origins[before]));
        let after = origins.get(start + valid.len()).copied().or(self.after);
        let mut at = 0;
        while let Some(plain) = valid.as_bytes()[at..].iter().position(|byte| !byte.is_ascii()) {
            let from = at + plain;
            at = valid.as_bytes()[from..].iter().position(u8::is_ascii).map_or(valid.len(), |len| from + len);
            let (first, end) = (start + from, start + at);
            let alone = self.single && !(from == 0 && is_stray(before)) && !(at == valid.len() && is_stray(after));
            if alone {
                let last = first.checked_sub(1).map_or(self.before, |last| Some(origins[last]));
                self.proofs += sequences::count_proofs(last, &origins[first..end], &valid[from..at]);
            }
            self.whole += valid[from..at].chars().count() as u32;
        }
    }

    /// Counts a character that lost a byte, behind another.
    fn add_lost(&mut self, lost: Lost, before: Option<char>, origins: &[char]) {
        self.whole += 1;
        self.lost += 1;
        self.asked |= lost.is_asked;
        self.is_open = lost.is_open && self.after.is_none();
        self.proofs += u32::from(sequences::rest_is_proof(before, &origins[..lost.told]));
    }
}

/// Appends bytes as UTF-8 and empties the buffers.
fn flush(buffers: &mut Buffers, found: &mut Found, out: &mut String) -> Option<()> {
    let Buffers { bytes, origins, gaps } = buffers;
    let (mut at, limit) = (0, found.stray + STRAYS);
    while at < bytes.len() {
        let chunk = bytes[at..].utf8_chunks().next()?;
        out.push_str(chunk.valid());
        found.count(chunk.valid(), origins, at);
        at += chunk.valid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        if let Some(c) = surrogate_pair(&bytes[at..]) {
            out.push(c);
            found.whole += 2;
            found.proofs += u32::from(found.single);
            at += 2 * HALF;
            continue;
        }
        if !found.single {
            return None;
        }
        if let Some(lost) = lost::sequence(&bytes[at..], &origins[at..], out.chars().next_back(), found.usual) {
            found.add_lost(lost, at.checked_sub(1).map_or(found.before, |at| Some(origins[at])), &origins[at..]);
            if lost.c == char::REPLACEMENT_CHARACTER {
                gaps.extend(Gap::new(out.len(), &bytes[at..at + lost.used]));
            }
            out.push(lost.c);
            at += lost.used;
        } else {
            found.stray += u32::from(origins[at] != char::REPLACEMENT_CHARACTER);
            out.push(origins[at]);
            at += 1;
        }
        if found.stray + found.lost > limit {
            return None;
        }
    }
    bytes.clear();
    origins.clear();
    Some(())
}
