//! Encodings of one byte a character: tables of what each byte means, and back.

use std::sync::OnceLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::registry::CODECS;
use super::{Kind, Token};

/// The UTF-16 unit of each byte; [`UNDEFINED`] where there is none.
pub(crate) type Table = [u16; 256];

/// No character: U+FFFF is none.
pub(crate) const UNDEFINED: u16 = 0xFFFF;

/// Grave, acute, tilde, hook above, dot below: the tones of Vietnamese.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

static TABLES: [OnceLock<Table>; CODECS.len()] = [const { OnceLock::new() }; CODECS.len()];
static BYTES: [OnceLock<Vec<(u16, u8)>>; CODECS.len()] = [const { OnceLock::new() }; CODECS.len()];

/// The table of the codec in this row, when it has one byte a character.
pub(crate) fn table(index: usize) -> Option<&'static Table> {
    match CODECS[index].kind {
        Kind::Single(cells) | Kind::Composing(cells) => Some(TABLES[index].get_or_init(|| parse(cells))),
        Kind::Whatwg(encoding) if encoding.is_single_byte() => Some(TABLES[index].get_or_init(|| read(encoding))),
        _ => None,
    }
}

/// From the generated string: 256 characters, or the 128 above ASCII.
fn parse(cells: &str) -> Table {
    let mut units = cells.encode_utf16();
    let ascii = cells.chars().count() == 128;
    std::array::from_fn(|byte| if ascii && byte < 128 { byte as u16 } else { units.next().unwrap_or(UNDEFINED) })
}

fn read(encoding: &'static encoding_rs::Encoding) -> Table {
    let bytes: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    let mut units = text.encode_utf16().map(|unit| if unit == super::REPLACEMENT { UNDEFINED } else { unit });
    std::array::from_fn(|_| units.next().unwrap_or(UNDEFINED))
}

pub(super) fn char_of(table: &Table, byte: u8) -> Option<char> {
    char::from_u32(table[usize::from(byte)].into()).filter(|c| *c != '\u{FFFF}')
}

/// Appends the decoded text; says how many bytes mean nothing.
pub(super) fn decode_into(table: &Table, raw: &[u8], out: &mut String) -> u32 {
    let mut malformed = 0;
    out.extend(raw.iter().map(|byte| {
        char_of(table, *byte).unwrap_or_else(|| {
            malformed += 1;
            char::REPLACEMENT_CHARACTER
        })
    }));
    malformed
}

/// A character, together with the tone mark in the next byte.
pub(super) fn composed(table: &Table, rest: &[u8]) -> (Token, usize) {
    let char_at = |at: usize| rest.get(at).and_then(|byte| char_of(table, *byte));
    let whole = match (char_at(0), char_at(1)) {
        (Some(base), Some(mark)) if TONES.contains(&mark) => with_tone(base, mark),
        _ => None,
    };
    whole.map_or((Token::of(char_at(0)), 1), |c| (Token::Char(c), 2))
}

/// A letter and a mark as one character, if there is one. By way of NFC, since the dot below stands before other marks.
fn with_tone(base: char, mark: char) -> Option<char> {
    let mut text = String::from(base);
    text.push(mark);
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&text);
    let mut chars = composed.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn without_tone(c: char) -> Option<(char, char)> {
    let mut text = String::from(c);
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(&text).into_owned();
    let tone = apart.chars().find(|c| TONES.contains(c))?;
    text.clear();
    text.extend(apart.chars().filter(|c| *c != tone));
    ComposingNormalizerBorrowed::new_nfc().normalize(&text).chars().next().map(|base| (base, tone))
}

pub(super) fn encode(index: usize, text: &str) -> Option<Vec<u8>> {
    let table = table(index)?;
    let bytes = BYTES[index].get_or_init(|| reverse(table));
    let byte = |c: char| {
        let unit = u16::try_from(u32::from(c)).ok()?;
        bytes.binary_search_by_key(&unit, |(unit, _)| *unit).ok().map(|at| bytes[at].1)
    };
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(b) => out.push(b),
            // Vietnamese encodings have tone marks for the letters they lack.
            None => {
                let (base, tone) = without_tone(c)?;
                out.extend([byte(base)?, byte(tone)?]);
            }
        }
    }
    Some(out)
}

/// Bytes by character; of several the lowest, which is ASCII in the Mac encodings of right-to-left scripts.
fn reverse(table: &Table) -> Vec<(u16, u8)> {
    let mut bytes: Vec<(u16, u8)> =
        table.iter().zip(0..=255u8).filter(|(unit, _)| **unit != UNDEFINED).map(|(unit, byte)| (*unit, byte)).collect();
    bytes.sort_unstable();
    bytes.dedup_by_key(|(unit, _)| *unit);
    bytes
}
