//! The codecs: one row each in [`registry`], and how the bytes of those that `encoding_rs` does not have are read and
//! written.
//!
//! Reading is by steps: a [`Decoder`] is shown all bytes that are left and says what the first of them mean. So decoding
//! and the way back from text to bytes are the same walk.

#[rustfmt::skip]
mod cns;
mod hz;
mod iso2022;
mod johab;
pub(super) mod registry;
mod sets;
pub(super) mod single;
#[rustfmt::skip]
mod tables;
#[cfg(test)]
mod tests;
mod unicode;
mod utf7;

use self::single::Table;
pub(crate) use self::unicode::surrogate_pair;
pub(super) use self::unicode::{has_strays, is_utf8_with_surrogates};

/// U+FFFD as a UTF-16 unit.
const REPLACEMENT: u16 = char::REPLACEMENT_CHARACTER as u16;

/// What each line of bytes means that is one character of one UTF-16 unit; None for others. For tables: reading all in one
/// go is many times as fast as one by one.
pub(super) fn unit_of_each_line(encoding: &'static encoding_rs::Encoding, lines: &[u8]) -> Vec<Option<u16>> {
    const LINE_FEED: u16 = b'\n' as u16;
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut units = vec![0; decoder.max_utf16_buffer_length(lines.len()).unwrap_or_default()];
    let (_, _, written, _) = decoder.decode_to_utf16(lines, &mut units, true);
    let alone = |line: &[u16]| match line {
        [unit, LINE_FEED] if *unit != REPLACEMENT => Some(*unit),
        _ => None,
    };
    units[..written].split_inclusive(|unit| *unit == LINE_FEED).map(alone).collect()
}

/// A row of the registry.
pub(super) struct Codec {
    pub(super) name: &'static str,
    /// Further labels, with spaces between; matched loosely, so one spelling is enough.
    pub(super) aliases: &'static str,
    pub(super) form: Form,
    pub(super) kind: Kind,
}

/// How its bytes relate to ASCII, and so where lines end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Printable ASCII and line ends mean themselves, in lead position at least.
    Ascii,
    /// Seven bits, with escapes that change what follows; line ends mean themselves.
    Escapes,
    /// Line ends are 0x15, 0x25 and 0x0D.
    Ebcdic,
    /// Units of so many bytes, each order.
    Units { width: usize, big_endian: bool },
}

/// What reads and writes it.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Whatwg(&'static encoding_rs::Encoding),
    /// One byte a character, from [`tables`].
    Single(&'static str),
    /// The same where a letter and a tone mark may be two bytes and are one character.
    Composing(&'static str),
    Utf7,
    Utf8Stray,
    Utf32 {
        big_endian: bool,
    },
    Cesu8,
    EucTw,
    Johab,
    Hz,
    Iso2022(iso2022::Variant),
}

/// What the bytes at the front mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Char(char),
    /// An escape: no text.
    Nothing,
    Malformed,
}

impl Token {
    fn of(c: Option<char>) -> Self {
        c.map_or(Self::Malformed, Self::Char)
    }
}

/// Reads the bytes of one text, from the front.
pub(super) enum Decoder {
    Single(&'static Table),
    Composing(&'static Table),
    Utf7(utf7::Decoder),
    Utf8Stray(unicode::Stray),
    Utf32 { big_endian: bool },
    Cesu8,
    EucTw,
    Johab,
    Hz(hz::Decoder),
    Iso2022(iso2022::Decoder),
}

/// The state in which bytes begin that go on from an earlier line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry(u8);

/// Escapes that lead to each of them.
const ENTRIES: [&[u8]; 10] =
    [b"", b"\x1B$B", b"\x1B$(D", b"\x1B$A", b"\x1B$(C", b"\x1B(I", b"\x0E", b"\x1B$)A\x0E", b"\x1B$)G\x0E", b"~{"];

impl Entry {
    /// Where bytes begin anew.
    pub(super) const START: Self = Self(0);

    pub(super) fn escapes(self) -> &'static [u8] {
        ENTRIES[usize::from(self.0)]
    }

    /// The state to which these escapes lead.
    fn of(escapes: &[u8]) -> Option<Self> {
        ENTRIES.iter().position(|entry| *entry == escapes).map(|at| Self(at as u8))
    }
}

impl Decoder {
    /// For the codec in this row and bytes that begin in this state; None when `encoding_rs` reads it.
    pub(super) fn new(index: usize, entry: Entry) -> Option<Self> {
        let mut decoder = Self::at_start(index)?;
        let mut rest = entry.escapes();
        while !rest.is_empty() {
            let (_, used) = decoder.step(rest);
            rest = &rest[used..];
        }
        Some(decoder)
    }

    /// The same for all encodings whose escapes may be in force beyond the end of a line.
    pub(super) fn with_states(index: usize, entry: Entry) -> Option<Self> {
        let index = match registry::CODECS[index].kind {
            Kind::Whatwg(inner) if inner == encoding_rs::ISO_2022_JP => {
                let wider = |codec: &Codec| matches!(codec.kind, Kind::Iso2022(iso2022::Variant::Jp));
                registry::CODECS.iter().position(wider)?
            }
            Kind::Hz | Kind::Iso2022(_) => index,
            _ => return None,
        };
        Self::new(index, entry)
    }

    /// The state in which bytes begin that follow, unless that is the one of a beginning.
    pub(super) fn entry(&self) -> Option<Entry> {
        match self {
            Self::Hz(state) => state.entry(),
            Self::Iso2022(state) => state.entry(),
            _ => None,
        }
    }

    fn at_start(index: usize) -> Option<Self> {
        Some(match registry::CODECS[index].kind {
            Kind::Whatwg(_) => return None,
            Kind::Single(_) => Self::Single(single::table(index)?),
            Kind::Composing(_) => Self::Composing(single::table(index)?),
            Kind::Utf7 => Self::Utf7(utf7::Decoder::default()),
            Kind::Utf8Stray => Self::Utf8Stray(unicode::Stray::default()),
            Kind::Utf32 { big_endian } => Self::Utf32 { big_endian },
            Kind::Cesu8 => Self::Cesu8,
            Kind::EucTw => Self::EucTw,
            Kind::Johab => Self::Johab,
            Kind::Hz => Self::Hz(hz::Decoder::default()),
            Kind::Iso2022(variant) => Self::Iso2022(iso2022::Decoder::new(variant)),
        })
    }

    /// What the first bytes of `rest` mean and how many they are. `rest` must be all that is left. No two steps in a row
    /// use no byte, so the walk ends.
    pub(super) fn step(&mut self, rest: &[u8]) -> (Token, usize) {
        let Some(&first) = rest.first() else { return (Token::Nothing, 0) };
        match self {
            Self::Single(table) => (Token::of(single::char_of(table, first)), 1),
            Self::Composing(table) => single::composed(table, rest),
            Self::Utf7(state) => state.step(rest),
            Self::Utf8Stray(state) => state.step(rest),
            Self::Utf32 { big_endian } => unicode::utf32(rest, *big_endian),
            Self::Cesu8 => unicode::cesu8(rest),
            Self::EucTw if first == sets::SS2 => sets::euc_tw_shifted(rest),
            Self::EucTw => pair(rest, |lead, trail| sets::Set::Cns1.decode_high(lead, trail)),
            Self::Johab => pair(rest, johab::decode),
            Self::Hz(state) => state.step(rest),
            Self::Iso2022(state) => state.step(rest),
        }
    }

    /// Appends the decoded text; each malformed sequence becomes one U+FFFD and is counted.
    pub(super) fn decode_into(mut self, raw: &[u8], out: &mut String) -> u32 {
        if let Self::Single(table) = self {
            return single::decode_into(table, raw, out);
        }
        let (mut malformed, mut rest) = (0, raw);
        while !rest.is_empty() {
            let (token, used) = self.step(rest);
            rest = &rest[used..];
            match token {
                Token::Char(c) => out.push(c),
                Token::Nothing => {}
                Token::Malformed => {
                    malformed += 1;
                    out.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        malformed
    }
}

/// A character of ASCII or of two bytes. Of a bad pair an ASCII byte is kept, as the WHATWG decoders do.
fn pair(rest: &[u8], decode: impl Fn(u8, u8) -> Option<char>) -> (Token, usize) {
    match *rest {
        [first, ..] if first.is_ascii() => (Token::Char(first.into()), 1),
        [lead, trail, ..] => match decode(lead, trail) {
            Some(c) => (Token::Char(c), 2),
            None => (Token::Malformed, if trail.is_ascii() { 1 } else { 2 }),
        },
        _ => (Token::Malformed, rest.len()),
    }
}

/// The bytes of a text, or None when something in it cannot be written.
pub(super) fn encode(index: usize, text: &str) -> Option<Vec<u8>> {
    match registry::CODECS[index].kind {
        _ if single::table(index).is_some() => single::encode(index, text),
        Kind::Whatwg(encoding) if encoding == encoding_rs::UTF_16LE => {
            Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }
        Kind::Whatwg(encoding) if encoding == encoding_rs::UTF_16BE => {
            Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
        }
        Kind::Whatwg(encoding) => {
            let (bytes, _, failed) = encoding.encode(text);
            (!failed).then(|| bytes.into_owned())
        }
        Kind::Single(_) | Kind::Composing(_) => None,
        Kind::Utf7 => Some(utf7::encode(text)),
        Kind::Utf8Stray => Some(text.as_bytes().to_vec()),
        Kind::Utf32 { big_endian: false } => Some(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
        Kind::Utf32 { big_endian: true } => Some(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
        Kind::Cesu8 => Some(unicode::encode_cesu8(text)),
        Kind::EucTw => pairs(text, sets::encode_euc_tw),
        Kind::Johab => pairs(text, johab::encode),
        Kind::Hz => hz::encode(text),
        Kind::Iso2022(variant) => iso2022::encode(text, variant),
    }
}

/// ASCII as it is, the rest as `encode` says.
fn pairs(text: &str, encode: impl Fn(char, &mut Vec<u8>) -> Option<()>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => out.push(byte),
            _ => encode(c, &mut out)?,
        }
    }
    Some(out)
}
