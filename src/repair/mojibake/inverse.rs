//! One wrong decoding undone: a text goes back to its bytes and is read as what they are.

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
/// What one says besides that was read as what no text has.
const PLAIN: f32 = 20.0;
const PLAINS: u32 = 2;
/// What a character says against UTF-8 that is no part of it, in bits.
const STRAY: f32 = 4.0;

/// From so many on in one stretch it is no UTF-8.
const STRAYS: u32 = 20;

/// How many strays a lost byte counts for: a letter before a space is text more often than not.
const LOST: u32 = 3;

/// Bytes of half a character in CESU-8.
const HALF: usize = 3;

/// Memory for one word at a time.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    bytes: Vec<u8>,
    /// For UTF-8: the character that each byte came of.
    origins: Vec<char>,
}

impl Chain {
    /// How unusual it is, in bits.
    pub(super) fn price(self) -> f32 {
        let right = if self.right == Encoding::UTF_8 { -2.0 } else { RARE * guess::unusual(self.right) };
        PRICE + wrong::unusual(self.wrong.into()) + right
    }

    /// Appends what a piece of text was; says what that is worth without its letters. None when it cannot have been that.
    pub(super) fn undo(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<f32> {
        if text.is_ascii() {
            out.push_str(text);
            return Some(0.0);
        }
        if self.right == Encoding::UTF_8 {
            self.undo_utf8(text, buffers, out)
        } else {
            self.undo_legacy(text, buffers, out)
        }
    }

    fn undo_legacy(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<f32> {
        buffers.bytes.clear();
        if !text.chars().all(|c| wrong::write(self.wrong.into(), c, &mut buffers.bytes)) {
            return None;
        }
        let is_text = |c: &char| !matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{FFFF}');
        if let Some(units) = self.right.byte_by_byte() {
            for byte in &buffers.bytes {
                out.push(char::from_u32(units[usize::from(*byte)].into()).filter(is_text)?);
            }
            return Some(0.0);
        }
        let start = out.len();
        let malformed = self.right.decode_into(&buffers.bytes, out);
        (malformed == 0 && out[start..].chars().all(|c| is_text(&c))).then_some(0.0)
    }

    /// Characters that are no part of UTF-8 stay as they are: quotes and dashes that were added later.
    fn undo_utf8(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<f32> {
        let Buffers { bytes, origins } = buffers;
        bytes.clear();
        origins.clear();
        let mut found = Found::default();
        let wrong = usize::from(self.wrong);
        for c in text.chars() {
            if wrong::write(wrong, c, bytes) {
                origins.resize(bytes.len(), c);
            } else {
                flush(bytes, origins, wrong::is_single(wrong), &mut found, out)?;
                out.push(c);
            }
        }
        flush(bytes, origins, wrong::is_single(wrong), &mut found, out)?;
        let Found { whole, plain, guessed, stray } = found;
        let structure = whole.min(SEQUENCES) as f32 * SEQUENCE + plain.min(PLAINS) as f32 * PLAIN;
        let bits = structure - stray as f32 * STRAY;
        (whole > guessed || stray == 0).then_some(bits)
    }
}

/// What was found in a text that may have been UTF-8.
#[derive(Clone, Copy, Default)]
struct Found {
    /// Characters of several bytes, and those of them of which a byte was guessed.
    whole: u32,
    guessed: u32,
    /// How many of them were read as what no text has.
    plain: u32,
    /// How many characters stay as they were or had lost a byte, the latter several times each.
    stray: u32,
}

/// Appends bytes as UTF-8 and empties the buffers.
fn flush(
    bytes: &mut Vec<u8>,
    origins: &mut Vec<char>,
    single: bool,
    found: &mut Found,
    out: &mut String,
) -> Option<()> {
    let (mut at, limit) = (0, found.stray + STRAYS);
    while at < bytes.len() {
        let chunk = bytes[at..].utf8_chunks().next()?;
        out.push_str(chunk.valid());
        for (i, c) in chunk.valid().char_indices().filter(|(_, c)| !c.is_ascii()) {
            let (first, end) = (at + i, at + i + c.len_utf8());
            let before = first.checked_sub(1).map(|before| origins[before]);
            found.whole += 1;
            found.plain += u32::from(single && sequences::is_plain(before, &origins[first..end], c));
        }
        at += chunk.valid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        if let Some(c) = surrogate_pair(&bytes[at..]) {
            out.push(c);
            found.whole += 2;
            at += 2 * HALF;
            continue;
        }
        if !single {
            return None;
        }
        found.stray += 1;
        if found.stray > limit {
            return None;
        }
        if let Some((c, used)) = lost_space(&bytes[at..]) {
            out.push(c);
            found.whole += 1;
            // Only these are so often alone that they need no other beside them.
            let after_word = c == '\u{A0}' && at.checked_sub(1).is_some_and(|before| origins[before].is_lowercase());
            found.guessed += u32::from(c != 'à' && !after_word);
            found.stray += LOST;
            at += used;
        } else {
            out.push(origins[at]);
            at += 1;
        }
    }
    bytes.clear();
    origins.clear();
    Some(())
}

/// A character of two bytes of which the second, 0xA0, was taken for a no-break space and became a plain one, with how
/// many bytes it takes. After `à`, which ends words, a space stays.
fn lost_space(bytes: &[u8]) -> Option<(char, usize)> {
    let (&lead, b' ') = (bytes.first()?, *bytes.get(1)?) else { return None };
    let c = std::str::from_utf8(&[lead, 0xA0]).ok()?.chars().next()?;
    let used = match (c, bytes.get(2)) {
        ('à', next) if next != Some(&b' ') => 1,
        _ => 2,
    };
    Some((c, used))
}
