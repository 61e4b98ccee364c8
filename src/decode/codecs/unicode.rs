//! UTF-32 and CESU-8.

use super::Token;

pub(super) fn utf32(rest: &[u8], big_endian: bool) -> (Token, usize) {
    let Some(unit) = rest.first_chunk() else { return (Token::Malformed, rest.len()) };
    let code = if big_endian { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
    (Token::of(char::from_u32(code)), 4)
}

/// UTF-8; a byte that stands alone between characters is a quote, a dash or a letter of windows-1252, if it is one there.
pub(super) fn utf8_stray(rest: &[u8]) -> (Token, usize) {
    if let Some(read) = surrogates(rest) {
        return read;
    }
    match rest[..rest.len().min(4)].utf8_chunks().next() {
        Some(chunk) => match (chunk.valid().chars().next(), chunk.invalid()) {
            (Some(c), _) => (Token::Char(c), c.len_utf8()),
            (None, [byte]) if !rest.get(1).is_some_and(|b| matches!(b, 0x80..=0xBF)) => (Token::of(stray(*byte)), 1),
            (None, invalid) => (Token::Malformed, invalid.len()),
        },
        None => (Token::Nothing, 0),
    }
}

/// What people type, as windows-1252 has it.
fn stray(byte: u8) -> Option<char> {
    const UPPER: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '\0', '\0', '\0', '\0', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
        '”', '•', '–', '—', '\0', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => Some(UPPER[usize::from(byte - 0x80)]).filter(|c| *c != '\0'),
        0xA0 | 0xA9..=0xAB | 0xAE | 0xB0 | 0xB7 | 0xBA..=0xBF => Some(char::from(byte)),
        // What is no letter, and what is seen in broken data rather than in words.
        0xD7 | 0xF7 | 0xFE | 0xFF => None,
        0xC0.. => Some(char::from(byte)),
        _ => None,
    }
}

/// UTF-8 of UTF-16: characters beyond the basic plane are two surrogates of three bytes each (Unicode report 26). Four bytes
/// are none of it, but programs that write it copy them from their input, and they leave no doubt what is meant.
pub(super) fn cesu8(rest: &[u8]) -> (Token, usize) {
    if let Some(read) = surrogates(rest) {
        return read;
    }
    match rest[..rest.len().min(4)].utf8_chunks().next() {
        Some(chunk) => match chunk.valid().chars().next() {
            Some(c) => (Token::Char(c), c.len_utf8()),
            None => (Token::Malformed, chunk.invalid().len()),
        },
        None => (Token::Nothing, 0),
    }
}

/// The character of two surrogates, or one by itself, which is malformed as a whole.
fn surrogates(rest: &[u8]) -> Option<(Token, usize)> {
    match rest {
        [0xED, 0xA0..=0xAF, 0x80..=0xBF, 0xED, 0xB0..=0xBF, 0x80..=0xBF, ..] => {
            Some((Token::of(surrogate_pair(rest)), 6))
        }
        [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => Some((Token::Malformed, 3)),
        _ => None,
    }
}

/// The character of the two surrogates that the bytes begin with, each of them as UTF-8: six bytes.
pub(crate) fn surrogate_pair(rest: &[u8]) -> Option<char> {
    let &[0xED, a @ 0xA0..=0xAF, b @ 0x80..=0xBF, 0xED, c @ 0xB0..=0xBF, d @ 0x80..=0xBF, ..] = rest else {
        return None;
    };
    let unit = |high: u8, low: u8| 0xD000 | u16::from(high & 0x3F) << 6 | u16::from(low & 0x3F);
    char::decode_utf16([unit(a, b), unit(c, d)]).next()?.ok()
}

/// True for bytes that are UTF-8 but for surrogates, of which there are some if they are not valid.
pub(in super::super) fn is_utf8_with_surrogates(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Err(error) = simdutf8::compat::from_utf8(rest) {
        let Some((_, length)) = surrogates(&rest[error.valid_up_to()..]) else { return false };
        rest = &rest[error.valid_up_to() + length..];
    }
    true
}

pub(super) fn encode_cesu8(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        if c.len_utf8() < 4 {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.extend([0xED, 0x80 | (*unit >> 6 & 0x3F) as u8, 0x80 | (*unit & 0x3F) as u8]);
            }
        }
    }
    out
}
