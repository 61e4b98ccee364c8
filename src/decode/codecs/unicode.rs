//! UTF-32 and CESU-8.

use super::Token;

pub(super) fn utf32(rest: &[u8], big_endian: bool) -> (Token, usize) {
    let Some(unit) = rest.first_chunk() else { return (Token::Malformed, rest.len()) };
    let code = if big_endian { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
    (Token::of(char::from_u32(code)), 4)
}

/// UTF-8; a byte that stands alone between characters is a quote, a dash or a letter of windows-1252, if it is one there and
/// not what is left of a character that was cut.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Stray {
    /// The byte before; zero at the beginning.
    before: u8,
    /// The first bytes of characters so far, from 0xC0 on, a bit each.
    leads: u64,
}

impl Stray {
    pub(super) fn step(&mut self, rest: &[u8]) -> (Token, usize) {
        let (token, used) = self.read(rest);
        let Some((lead, last)) = rest.first().zip(rest.get(used.saturating_sub(1))) else { return (token, used) };
        self.before = *last;
        if used > 1 && *lead >= 0xC0 {
            self.leads |= 1 << (lead - 0xC0);
        }
        (token, used)
    }

    fn read(self, rest: &[u8]) -> (Token, usize) {
        if let Some(read) = surrogates(rest) {
            return read;
        }
        match rest[..rest.len().min(4)].utf8_chunks().next() {
            Some(chunk) => match (chunk.valid().chars().next(), chunk.invalid()) {
                (Some(c), _) => (Token::Char(c), c.len_utf8()),
                (None, [byte]) if !rest.get(1).is_some_and(|b| matches!(b, 0x80..=0xBF)) => {
                    (Token::of(stray(*byte).filter(|_| !self.is_torn(*byte, rest.get(1).copied()))), 1)
                }
                (None, invalid) => (Token::Malformed, invalid.len()),
            },
            None => (Token::Nothing, 0),
        }
    }

    /// True for a byte by itself that is rather part of a character than a letter or a quote: one that begins other characters
    /// here, a capital behind a small letter, what stands beside other letters than those of ASCII; and at the beginning
    /// what opens nothing.
    fn is_torn(self, byte: u8, next: Option<u8>) -> bool {
        let letter_follows = next.is_some_and(|b| b.is_ascii_alphabetic());
        match byte {
            0x82 | 0x84 | 0x8B | 0x91..=0x97 | 0xA1 | 0xAB | 0xBF => false,
            0x80..=0xBF => self.before == 0 && next.is_some_and(|b| b >= 0x80 || b.is_ascii_alphabetic()),
            0xC2..=0xF4 => {
                self.leads >> (byte - 0xC0) & 1 == 1
                    || match self.before {
                        _ if letter_follows => false,
                        b'a'..=b'z' => byte < 0xE0,
                        b'A'..=b'Z' => false,
                        0x80.. => true,
                        _ => next.is_none(),
                    }
            }
            _ => false,
        }
    }
}

/// True where bytes of UTF-8 that stand alone are read as characters.
pub(in super::super) fn has_strays(bytes: &[u8]) -> bool {
    let (mut state, mut rest) = (Stray::default(), bytes);
    while !rest.is_empty() {
        let (token, used) = state.step(rest);
        if rest[0] >= 0x80 && used == 1 && matches!(token, Token::Char(_)) {
            return true;
        }
        rest = &rest[used.max(1)..];
    }
    false
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
