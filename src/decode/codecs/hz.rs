//! HZ (RFC 1843): GB 2312 in seven bits between `~{` and `~}`.

use super::sets::Set;
use super::{Entry, Token};

/// State between steps: inside `~{ ~}` or not.
#[derive(Default)]
pub(crate) struct Decoder {
    han: bool,
}

impl Decoder {
    pub(super) fn entry(&self) -> Option<Entry> {
        self.han.then(|| Entry::of(b"~{")).flatten()
    }

    pub(super) fn step(&mut self, rest: &[u8]) -> (Token, usize) {
        match *rest {
            [b'~', b'{', ..] if !self.han => self.shift(true),
            [b'~', b'}', ..] if self.han => self.shift(false),
            [b'~', b'~', ..] if !self.han => (Token::Char('~'), 2),
            // A line that goes on in the next.
            [b'~', b'\n', ..] => (Token::Nothing, 2),
            [b'~'] if !self.han => (Token::Nothing, 1),
            [b'~', ..] => (Token::Malformed, 1),
            [row @ 0x21..=0x7E, cell @ 0x21..=0x7E, ..] if self.han => (Token::of(Set::Gb2312.decode(row, cell)), 2),
            [0x21..=0x7E, ..] if self.han => (Token::Malformed, 1),
            [byte @ 0..=0x7F, ..] => {
                // Every line begins in ASCII.
                self.han &= byte != b'\n';
                (Token::Char(byte.into()), 1)
            }
            _ => (Token::Malformed, 1),
        }
    }

    fn shift(&mut self, han: bool) -> (Token, usize) {
        self.han = han;
        (Token::Nothing, 2)
    }
}

pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut han = false;
    for c in text.chars() {
        if han == c.is_ascii() {
            han = !han;
            out.extend_from_slice(if han { b"~{" } else { b"~}" });
        }
        match u8::try_from(c) {
            Ok(b'~') => out.extend_from_slice(b"~~"),
            Ok(byte) if byte.is_ascii() => out.push(byte),
            // A row that begins with a tilde would read as the way out.
            _ => out.extend(Set::Gb2312.encode(c).filter(|pair| pair[0] < 0x7E)?),
        }
    }
    if han {
        out.extend_from_slice(b"~}");
    }
    Some(out)
}
