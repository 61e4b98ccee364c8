//! UTF-7 (RFC 2152): UTF-16 in base64 between `+` and `-`.

use super::Token;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// State between steps.
#[derive(Default)]
pub(crate) struct Decoder {
    /// Inside base64.
    shifted: bool,
    /// Bits read and not used, and how many: fewer than six more than a unit.
    bits: u32,
    count: u32,
    /// A unit that waits for the second half of its pair.
    high: Option<u16>,
}

impl Decoder {
    pub(super) fn step(&mut self, rest: &[u8]) -> (Token, usize) {
        if self.shifted {
            return self.shifted_step(rest);
        }
        match *rest {
            [b'+', b'-', ..] => (Token::Char('+'), 2),
            [b'+', next, ..] if value(next).is_some() => {
                *self = Self { shifted: true, ..Self::default() };
                (Token::Nothing, 1)
            }
            [byte @ 0..=0x7F, ..] if byte != b'+' => (Token::Char(byte.into()), 1),
            _ => (Token::Malformed, 1),
        }
    }

    /// Reads up to one character, or to the end of the base64.
    fn shifted_step(&mut self, rest: &[u8]) -> (Token, usize) {
        for (at, byte) in rest.iter().enumerate() {
            let Some(six) = value(*byte) else { return self.leave(at + usize::from(*byte == b'-')) };
            self.bits = self.bits << 6 | six;
            self.count += 6;
            if self.count < 16 {
                continue;
            }
            self.count -= 16;
            let unit = (self.bits >> self.count) as u16;
            self.bits &= (1 << self.count) - 1;
            match (self.high.take(), unit) {
                (None, 0xD800..=0xDBFF) => self.high = Some(unit),
                (Some(_), 0xD800..=0xDBFF) => {
                    self.high = Some(unit);
                    return (Token::Malformed, at + 1);
                }
                (high, _) => {
                    // Bits that are left at the very end can only be reported here.
                    let stray = at + 1 == rest.len() && self.bits != 0;
                    let units = high.into_iter().chain([unit]);
                    let c = char::decode_utf16(units).next().and_then(Result::ok);
                    return (Token::of(c.filter(|_| !stray)), at + 1);
                }
            }
        }
        self.leave(rest.len())
    }

    /// At the end of base64 less than six bits may be left, all zero.
    fn leave(&mut self, used: usize) -> (Token, usize) {
        let clean = self.high.is_none() && self.count < 6 && self.bits == 0;
        *self = Self::default();
        match (clean, used) {
            (false, _) => (Token::Malformed, used),
            (true, _) => (Token::Nothing, used),
        }
    }
}

fn value(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let direct = rest.find(|c| !is_direct(c)).unwrap_or(rest.len());
        out.extend_from_slice(&rest.as_bytes()[..direct]);
        rest = &rest[direct..];
        if direct > 0 {
            continue;
        }
        if c == '+' {
            out.extend_from_slice(b"+-");
            rest = &rest[1..];
            continue;
        }
        let end = rest.find(|c| is_direct(c) || c == '+').unwrap_or(rest.len());
        out.push(b'+');
        base64(&rest[..end], &mut out);
        out.push(b'-');
        rest = &rest[end..];
    }
    out
}

/// Characters that stand for themselves: sets D and O of the RFC and white space.
fn is_direct(c: char) -> bool {
    matches!(c, ' '..='}' | '\t' | '\n' | '\r') && !matches!(c, '+' | '\\')
}

fn base64(text: &str, out: &mut Vec<u8>) {
    let (mut bits, mut count) = (0u32, 0);
    for unit in text.encode_utf16() {
        bits = bits << 16 | u32::from(unit);
        count += 16;
        while count >= 6 {
            count -= 6;
            out.push(ALPHABET[(bits >> count & 63) as usize]);
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        out.push(ALPHABET[(bits << (6 - count) & 63) as usize]);
    }
}
