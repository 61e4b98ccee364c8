//! The encodings of mail that switch between sets by escapes (ISO 2022), beyond plain ISO-2022-JP.
//!
//! | variant | standard | sets |
//! |---|---|---|
//! | `Kr` | RFC 1557 | KS X 1001 between shift out and shift in |
//! | `Cn` | RFC 1922 | GB 2312 and CNS 11643 plane 1 between the shifts, plane 2 by single shift |
//! | `Jp` | RFC 1554 and the JP-1 and JP-EXT forms | all of Japanese, Chinese and Korean in place of ASCII, Latin-1 and Greek by single shift |

use super::sets::Set;
use super::single::{self, Table};
use super::{Entry, Token, registry};

const ESC: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    Kr,
    Cn,
    Jp,
}

/// What a byte from 0x21 to 0x7E is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    Ascii,
    /// JIS X 0201: ASCII with a yen sign and an overline.
    Roman,
    Katakana,
    Pairs(Set),
    /// The upper half of ISO 8859-1 or -7.
    Latin1,
    Greek,
}

/// Where an escape puts a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Instead of ASCII.
    G0,
    /// Between shift out and shift in.
    G1,
    /// For one character behind `ESC N`.
    G2,
}

/// Escapes of a variant (without ESC), in the order in which the encoder tries their sets.
fn escapes(variant: Variant) -> &'static [(&'static [u8], Place, Charset)] {
    match variant {
        Variant::Kr => &[(b"$)C", Place::G1, Charset::Pairs(Set::Ksx1001))],
        Variant::Cn => &[
            (b"$)A", Place::G1, Charset::Pairs(Set::Gb2312)),
            (b"$)G", Place::G1, Charset::Pairs(Set::Cns1)),
            (b"$*H", Place::G2, Charset::Pairs(Set::Cns2)),
        ],
        Variant::Jp => &[
            (b"(B", Place::G0, Charset::Ascii),
            (b"(J", Place::G0, Charset::Roman),
            (b"$B", Place::G0, Charset::Pairs(Set::Jis0208)),
            (b"$@", Place::G0, Charset::Pairs(Set::Jis0208)),
            (b"$(D", Place::G0, Charset::Pairs(Set::Jis0212)),
            (b"$A", Place::G0, Charset::Pairs(Set::Gb2312)),
            (b"$(C", Place::G0, Charset::Pairs(Set::Ksx1001)),
            (b"(I", Place::G0, Charset::Katakana),
            (b".A", Place::G2, Charset::Latin1),
            (b".F", Place::G2, Charset::Greek),
        ],
    }
}

impl Charset {
    /// The character at the front of these bytes and its length.
    fn decode(self, bytes: &[u8]) -> (Option<char>, usize) {
        let Some(&first) = bytes.first() else { return (None, 0) };
        let high = |name| upper(name).and_then(|table| single::char_of(table, first | 0x80));
        let c = match self {
            Self::Ascii => Some(first.into()),
            Self::Roman => Some(match first {
                b'\\' => '¥',
                b'~' => '‾',
                _ => first.into(),
            }),
            Self::Katakana => char::from_u32(0xFF61 - 0x21 + u32::from(first)).filter(|_| first <= 0x5F),
            Self::Latin1 => high("iso-8859-1-strict"),
            Self::Greek => high("iso-8859-7"),
            Self::Pairs(set) => match bytes.get(1) {
                Some(second @ 0x21..=0x7E) => return (set.decode(first, *second), 2),
                _ => None,
            },
        };
        (c, 1)
    }

    /// The bytes of a character.
    fn encode(self, c: char) -> Option<([u8; 2], usize)> {
        let byte = |b: u8| Some(([b, 0], 1));
        let high = |name| {
            let at = upper(name)?.iter().skip(0xA0).position(|unit| u32::from(*unit) == u32::from(c))?;
            Some(([at as u8 + 0x20, 0], 1))
        };
        match self {
            Self::Ascii => byte(u8::try_from(c).ok().filter(u8::is_ascii)?),
            Self::Roman if c == '¥' => byte(b'\\'),
            Self::Roman if c == '‾' => byte(b'~'),
            Self::Roman => None,
            Self::Katakana if ('\u{FF61}'..='\u{FF9F}').contains(&c) => byte((u32::from(c) - 0xFF61 + 0x21) as u8),
            Self::Katakana => None,
            Self::Latin1 => high("iso-8859-1-strict"),
            Self::Greek => high("iso-8859-7"),
            Self::Pairs(set) => Some((set.encode(c)?, 2)),
        }
    }
}

fn upper(name: &str) -> Option<&'static Table> {
    single::table(registry::CODECS.iter().position(|codec| codec.name == name)?)
}

/// State between steps.
pub(crate) struct Decoder {
    variant: Variant,
    g0: Charset,
    g1: Option<Charset>,
    g2: Option<Charset>,
    /// Between shift out and shift in.
    out: bool,
}

impl Decoder {
    pub(super) fn new(variant: Variant) -> Self {
        // The header that names the only set of ISO-2022-KR stands in the first line of a mail, if at all.
        let g1 = (variant == Variant::Kr).then_some(Charset::Pairs(Set::Ksx1001));
        Self { variant, g0: Charset::Ascii, g1, g2: None, out: false }
    }

    /// The state in which what follows begins; JIS X 0201 is as good as ASCII for that, since old programs went back to it.
    pub(super) fn entry(&self) -> Option<Entry> {
        let (place, charset) = match self.variant {
            Variant::Jp if matches!(self.g0, Charset::Ascii | Charset::Roman) => return None,
            Variant::Jp => (Place::G0, self.g0),
            Variant::Kr => return self.out.then(|| Entry::of(&[SHIFT_OUT])).flatten(),
            Variant::Cn => (Place::G1, self.g1.filter(|_| self.out)?),
        };
        let (name, ..) = escapes(self.variant).iter().find(|(_, p, c)| (*p, *c) == (place, charset))?;
        let shift: &[u8] = if place == Place::G1 { &[SHIFT_OUT] } else { &[] };
        Entry::of(&[&[ESC], *name, shift].concat())
    }

    pub(super) fn step(&mut self, rest: &[u8]) -> (Token, usize) {
        match *rest {
            [ESC, b'N', ..] if self.variant != Variant::Kr => self.single_shift(&rest[2..]),
            [ESC, ..] => self.escape(&rest[1..]),
            [byte @ (SHIFT_OUT | SHIFT_IN), ..] if self.variant != Variant::Jp => {
                self.out = byte == SHIFT_OUT;
                (Token::Nothing, 1)
            }
            [0x21..=0x7E, ..] => match if self.out { self.g1 } else { Some(self.g0) } {
                Some(charset) => {
                    let (c, used) = charset.decode(rest);
                    (Token::of(c), used)
                }
                None => (Token::Malformed, 1),
            },
            [byte @ (b'\n' | b'\r'), ..] => {
                // Every line begins anew.
                *self = Self::new(self.variant);
                (Token::Char(byte.into()), 1)
            }
            [byte @ 0..=0x7F, ..] => (Token::Char(byte.into()), 1),
            _ => (Token::Malformed, 1),
        }
    }

    fn escape(&mut self, rest: &[u8]) -> (Token, usize) {
        let Some(&(name, place, charset)) = escapes(self.variant).iter().find(|(name, ..)| rest.starts_with(name))
        else {
            return (Token::Malformed, 1);
        };
        match place {
            Place::G0 => self.g0 = charset,
            Place::G1 => self.g1 = Some(charset),
            Place::G2 => self.g2 = Some(charset),
        }
        (Token::Nothing, 1 + name.len())
    }

    fn single_shift(&self, rest: &[u8]) -> (Token, usize) {
        let Some((charset, 0x20..=0x7F)) = self.g2.zip(rest.first().copied()) else { return (Token::Malformed, 2) };
        let (c, used) = charset.decode(rest);
        (Token::of(c), 2 + used)
    }
}

pub(super) fn encode(text: &str, variant: Variant) -> Option<Vec<u8>> {
    let mut state = Decoder::new(variant);
    let mut out = Vec::with_capacity(text.len() + 4);
    if variant == Variant::Kr && !text.is_ascii() {
        out.extend_from_slice(b"\x1B$)C");
    }
    for c in text.chars() {
        if matches!(c, '\n' | '\r') {
            to_ascii(&mut state, &mut out);
            state = Decoder::new(variant);
        }
        match u8::try_from(c) {
            Ok(ESC | SHIFT_OUT | SHIFT_IN) => return None,
            Ok(byte) if byte.is_ascii() => {
                to_ascii(&mut state, &mut out);
                out.push(byte);
            }
            _ => put(c, &mut state, &mut out)?,
        }
    }
    to_ascii(&mut state, &mut out);
    Some(out)
}

fn to_ascii(state: &mut Decoder, out: &mut Vec<u8>) {
    if std::mem::take(&mut state.out) {
        out.push(SHIFT_IN);
    }
    if state.g0 != Charset::Ascii {
        state.g0 = Charset::Ascii;
        out.extend_from_slice(b"\x1B(B");
    }
}

/// Writes a character that is not ASCII, in the set that is at hand if that has it.
fn put(c: char, state: &mut Decoder, out: &mut Vec<u8>) -> Option<()> {
    let at_hand = |place: Place, charset: Charset| match place {
        Place::G0 => state.g0 == charset,
        Place::G1 => state.g1 == Some(charset),
        Place::G2 => state.g2 == Some(charset),
    };
    let first = |wanted: bool| {
        let all = escapes(state.variant).iter().filter(|(_, _, charset)| *charset != Charset::Ascii);
        let mut fits = all.filter(|(_, place, charset)| at_hand(*place, *charset) == wanted);
        fits.find_map(|&(name, place, charset)| Some((name, place, charset, charset.encode(c)?)))
    };
    let (name, place, charset, (bytes, length)) = first(true).or_else(|| first(false))?;
    if !at_hand(place, charset) {
        out.push(ESC);
        out.extend_from_slice(name);
        match place {
            Place::G0 => state.g0 = charset,
            Place::G1 => state.g1 = Some(charset),
            Place::G2 => state.g2 = Some(charset),
        }
    }
    match place {
        Place::G0 => {}
        Place::G1 => {
            if !std::mem::replace(&mut state.out, true) {
                out.push(SHIFT_OUT);
            }
        }
        Place::G2 => out.extend_from_slice(b"\x1BN"),
    }
    out.extend_from_slice(&bytes[..length]);
    Some(())
}
