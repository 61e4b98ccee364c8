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
/// What one says besides that was read as what no text has, and how many count.
const PROOF: f32 = 40.0;
const PROOFS: u32 = 2;
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

/// What speaks for what a piece of text becomes, its letters aside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worth {
    pub(super) bits: f32,
    /// It holds what no text has that is right.
    pub(super) proved: bool,
    /// All of it that is not ASCII is UTF-8.
    pub(super) whole: bool,
}

impl Chain {
    /// How unusual it is, in bits.
    pub(super) fn price(self) -> f32 {
        let right = if self.right == Encoding::UTF_8 { -2.0 } else { RARE * guess::unusual(self.right) };
        PRICE + wrong::unusual(self.wrong.into()) + right
    }

    /// Appends what a piece of text was; says what that is worth without its letters. None when it cannot have been that.
    pub(super) fn undo(self, text: &str, buffers: &mut Buffers, out: &mut String) -> Option<Worth> {
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
        let Buffers { bytes, origins } = buffers;
        bytes.clear();
        origins.clear();
        let wrong = usize::from(self.wrong);
        let mut found = Found { single: wrong::is_single(wrong), ..Found::default() };
        for c in text.chars() {
            if wrong::write(wrong, c, bytes) {
                (origins.len()..bytes.len()).for_each(|_| origins.push(c));
            } else {
                if c == char::REPLACEMENT_CHARACTER && found.single {
                    drop_rest(bytes, origins, &mut found);
                }
                found.after = Some(c);
                flush(bytes, origins, &mut found, out)?;
                found.before = Some(c);
                out.push(c);
            }
        }
        found.after = None;
        flush(bytes, origins, &mut found, out)?;
        let Found { whole, proofs, stray, .. } = found;
        // Where more does not fit than does, what fits does so by chance.
        let proofs = if stray > whole { 0 } else { proofs };
        let structure = whole.min(SEQUENCES) as f32 * SEQUENCE + proofs.min(PROOFS) as f32 * PROOF;
        Some(Worth { bits: structure - stray as f32 * STRAY, proved: proofs > 0, whole: whole > 0 && stray == 0 })
    }
}

/// What was found in a text that may have been UTF-8.
#[derive(Clone, Copy, Default)]
struct Found {
    /// The wrong encoding has one byte a character.
    single: bool,
    /// What stands before and after the bytes that the wrong encoding does not have.
    before: Option<char>,
    after: Option<char>,
    /// Characters of several bytes.
    whole: u32,
    /// How many of them were read as what no text has.
    proofs: u32,
    /// How many characters stay as they were or had lost a byte, the latter several times each.
    stray: u32,
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
}

/// Appends bytes as UTF-8 and empties the buffers.
fn flush(bytes: &mut Vec<u8>, origins: &mut Vec<char>, found: &mut Found, out: &mut String) -> Option<()> {
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
            at += 2 * HALF;
            continue;
        }
        if !found.single {
            return None;
        }
        found.stray += 1;
        if found.stray > limit {
            return None;
        }
        if let Some((c, used)) = lost_space(&bytes[at..]) {
            out.push(c);
            found.whole += 1;
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

/// What is left of a sequence of which the last bytes were lost goes with them.
fn drop_rest(bytes: &mut Vec<u8>, origins: &mut Vec<char>, found: &mut Found) {
    let is_rest = |rest: &[u8]| {
        std::str::from_utf8(rest).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    let longest = bytes.len().min(3);
    let Some(from) = (bytes.len() - longest..bytes.len()).find(|from| is_rest(&bytes[*from..])) else { return };
    // Of one letter before a lost character nobody knows.
    if bytes.len() - from > 1 {
        found.whole += 1;
        found.proofs += u32::from(sequences::rest_is_proof(&origins[from..]));
    } else if found.whole + whole_sequences(bytes) == 0 {
        return;
    } else {
        found.stray += 1;
    }
    bytes.truncate(from);
    origins.truncate(from);
}

/// How many characters of several bytes there are.
fn whole_sequences(bytes: &[u8]) -> u32 {
    bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()).filter(|c| !c.is_ascii()).count() as u32
}

/// A character of two or three bytes of which the last, 0xA0, was taken for a no-break space and became a plain one, with
/// how many bytes it takes. After `à`, which ends words, a space stays.
fn lost_space(bytes: &[u8]) -> Option<(char, usize)> {
    let length = bytes.iter().take(3).position(|byte| *byte == b' ')?;
    let whole = [bytes[0], if length == 2 { bytes[1] } else { 0xA0 }, 0xA0];
    let c = std::str::from_utf8(&whole[..=length]).ok()?.chars().next()?;
    let used = match (c, bytes.get(2)) {
        ('à', next) if next != Some(&b' ') => 1,
        _ => length + 1,
    };
    Some((c, used))
}
