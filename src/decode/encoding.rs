//! [`Encoding`]: the character encodings that can be decoded, by name.

use std::fmt;

use super::codecs::registry::CODECS;
use super::codecs::{self, Codec, Entry, Form, Kind, Token};

/// A character encoding: those of the WHATWG Encoding Standard, by `encoding_rs`, and those of DOS, the Macintosh,
/// mainframes, mail and standards bodies that the web never had.
///
/// ```
/// use babelsift::decode::Encoding;
///
/// let dos = Encoding::for_label("cp437").unwrap();
/// let mut text = String::new();
/// assert_eq!(dos.decode_into(b"Gr\x81\xE1e", &mut text), 0);
/// assert_eq!(text, "Grüße");
/// assert_eq!(dos.encode("Grüße").unwrap(), b"Gr\x81\xE1e");
/// ```
///
/// An encoding with escapes may be one that bytes go on in from an earlier line, with the escapes that stand there; it is not
/// equal to the encoding of bytes that begin anew.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Encoding(u8, Entry);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(0, Entry::START);
    /// UTF-16, low byte first.
    pub const UTF_16LE: Self = Self(1, Entry::START);
    /// UTF-16, high byte first.
    pub const UTF_16BE: Self = Self(2, Entry::START);
    /// ISO-2022-JP, the 7-bit encoding of Japanese mail.
    pub const ISO_2022_JP: Self = Self(3, Entry::START);
    /// KOI8-R, Russian.
    pub const KOI8_R: Self = Self(4, Entry::START);
    /// KOI8-U, the same with letters of Ukrainian in the place of line drawings.
    pub const KOI8_U: Self = Self(5, Entry::START);
    /// Windows-1252, the superset of Latin-1 that the web means by it.
    pub const WINDOWS_1252: Self = Self(6, Entry::START);
    /// UTF-32, low byte first.
    pub const UTF_32LE: Self = Self(7, Entry::START);
    /// UTF-32, high byte first.
    pub const UTF_32BE: Self = Self(8, Entry::START);
    /// EBCDIC of the United States.
    pub const IBM037: Self = Self(9, Entry::START);
    /// UTF-8 in which stray bytes are the quotes, dashes and letters that they are in windows-1252.
    pub const UTF_8_STRAY: Self = Self(10, Entry::START);
    /// UTF-8 in which characters beyond the basic plane are the two surrogates of UTF-16.
    pub const CESU_8: Self = Self(11, Entry::START);

    /// Every encoding, in an order that means nothing.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..CODECS.len() as u8).map(|codec| Self(codec, Entry::START))
    }

    /// Its place in [`all`](Self::all), for tables by encoding.
    pub fn index(self) -> usize {
        self.0.into()
    }

    /// The encoding a charset label of a header or a page means (`latin1`, `Shift-JIS`, ...), in any case.
    ///
    /// What the WHATWG standard has a label for is what the standard says. Other labels (IANA's and Python's names among
    /// them) are compared without their punctuation, as Unicode report 22 says.
    pub fn for_label(label: &str) -> Option<Self> {
        let named = || Self::all().find(|e| e.name() == label);
        let web = || encoding_rs::Encoding::for_label(label.as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT);
        named().or_else(|| web().and_then(Self::from_inner)).or_else(|| {
            Self::all().find(|e| {
                let names = std::iter::once(e.codec().name).chain(e.codec().aliases.split(' '));
                names.filter(|name| !name.is_empty()).any(|name| loose(name).eq(loose(label)))
            })
        })
    }

    /// Name in the WHATWG Encoding Standard, in lower case; else IANA's or what is most usual. Always a label.
    pub fn name(self) -> &'static str {
        self.codec().name
    }

    /// True where every ASCII byte means that ASCII character wherever a line end may stand, so that bytes can be split
    /// at 0x0A and 0x0D before anything is decoded. False for UTF-16, UTF-32 and EBCDIC; a line of an encoding with
    /// escapes returns to ASCII before it ends (RFC 1468 and its kin).
    pub fn splits_at_bytes(self) -> bool {
        matches!(self.form(), Form::Ascii | Form::Escapes)
    }

    /// True where text of ASCII alone is the same bytes: not in UTF-16, UTF-32 and EBCDIC, nor in the encodings of seven
    /// bits in which ASCII bytes are escapes.
    pub fn is_ascii_compatible(self) -> bool {
        self.form() == Form::Ascii
    }

    /// True where escapes change what later bytes mean (ISO-2022, HZ, UTF-7).
    pub fn is_stateful(self) -> bool {
        self.form() == Form::Escapes
    }

    /// True for the encodings of mainframes, in which lines end at 0x15, 0x25 and 0x0D.
    pub fn is_ebcdic(self) -> bool {
        self.form() == Form::Ebcdic
    }

    /// The encoding of what follows these bytes when they leave an escape in force; None where ASCII follows.
    pub(super) fn after(self, raw: &[u8]) -> Option<Self> {
        let mut decoder = codecs::Decoder::with_states(self.index(), self.1)?;
        let mut rest = raw;
        while !rest.is_empty() {
            let (_, used) = decoder.step(rest);
            rest = &rest[used..];
        }
        decoder.entry().map(|entry| Self(self.0, entry))
    }

    /// The escapes of earlier lines that are in force where its bytes begin.
    pub(super) fn in_force(self) -> &'static [u8] {
        self.1.escapes()
    }

    /// True where all characters are one byte (but for the tone marks of TCVN).
    pub fn is_single_byte(self) -> bool {
        self.single_byte().is_some()
    }

    /// What each byte means: a UTF-16 unit, [`UNDEFINED`](Self::UNDEFINED) for none. None where characters are longer.
    /// The tone marks of TCVN and windows-1258 are here as they stand; [`decode_into`](Self::decode_into) composes those
    /// of TCVN with the letter before.
    pub fn single_byte(self) -> Option<&'static [u16; 256]> {
        codecs::single::table(self.index())
    }

    /// The same where each byte is decoded by itself: not where tone marks are composed.
    pub(crate) fn byte_by_byte(self) -> Option<&'static [u16; 256]> {
        if matches!(self.codec().kind, Kind::Composing(_)) { None } else { self.single_byte() }
    }

    /// Stands for "no character" in [`single_byte`](Self::single_byte).
    pub const UNDEFINED: u16 = codecs::single::UNDEFINED;

    pub(super) fn form(self) -> Form {
        self.codec().form
    }

    fn codec(self) -> &'static Codec {
        &CODECS[self.index()]
    }

    pub(super) fn from_inner(inner: &'static encoding_rs::Encoding) -> Option<Self> {
        Self::all().find(|e| e.inner() == Some(inner))
    }

    /// Its implementation in `encoding_rs`, when it is one of the web's.
    pub(super) fn inner(self) -> Option<&'static encoding_rs::Encoding> {
        match self.codec().kind {
            Kind::Whatwg(inner) => Some(inner),
            _ => None,
        }
    }

    /// The bytes of a text, without a byte order mark; None when something in it cannot be written.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        codecs::encode(self.index(), text)
    }

    /// Appends the decoded bytes to `out`. Each malformed sequence becomes one U+FFFD, as the WHATWG standard says;
    /// returns how many there were.
    pub fn decode_into(self, raw: &[u8], out: &mut String) -> u32 {
        if self == Self::UTF_8
            && let Ok(text) = simdutf8::basic::from_utf8(raw)
        {
            out.push_str(text);
            return 0;
        }
        match self.codec().kind {
            Kind::Whatwg(inner) => decode_web(self.web(inner, raw), raw, out),
            _ => codecs::Decoder::new(self.index(), self.1).map_or(0, |decoder| decoder.decode_into(raw, out)),
        }
    }

    /// Leads from the decoded text of `raw` back to its bytes; `malformed` is what [`decode_into`](Self::decode_into)
    /// returned.
    pub fn cursor(self, raw: &[u8], malformed: u32) -> Cursor<'_> {
        let walk = match self.codec().kind {
            Kind::Whatwg(_) if self == Self::UTF_8 && malformed == 0 => Walk::Same,
            Kind::Whatwg(inner) => Walk::Web(self.web(inner, raw)),
            _ => codecs::Decoder::new(self.index(), self.1).map_or(Walk::Same, Walk::Own),
        };
        Cursor { raw, walk, read: 0, written: 0 }
    }

    /// A decoder that has read the escapes in force.
    fn web(self, inner: &'static encoding_rs::Encoding, raw: &[u8]) -> encoding_rs::Decoder {
        let mut decoder = inner.new_decoder_without_bom_handling();
        // Two escapes in a row are an error in the standard of the web.
        if !self.in_force().is_empty() && !raw.starts_with(&self.in_force()[..1]) {
            // Escapes are no text, so nothing is written.
            let _ = decoder.decode_to_utf8_without_replacement(self.in_force(), &mut [0; 16], false);
        }
        decoder
    }
}

fn decode_web(mut decoder: encoding_rs::Decoder, raw: &[u8], out: &mut String) -> u32 {
    let mut malformed = 0;
    let mut rest = raw;
    // By way of a small buffer: decoding straight into the string would clear all of its room at every bad sequence.
    let mut buffer = [0u8; 1024];
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
        out.push_str(simdutf8::basic::from_utf8(&buffer[..written]).unwrap_or_default());
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => return malformed,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => {
                out.push(char::REPLACEMENT_CHARACTER);
                malformed += 1;
            }
        }
    }
}

/// A label in lower case, without punctuation and without the zeros that begin a number (Unicode report 22, 1.4).
fn loose(label: &str) -> impl Iterator<Item = u8> {
    let mut number = false;
    label.trim().bytes().filter(|b| !b"-_ .:+".contains(b)).filter_map(move |byte| {
        let leading = byte == b'0' && !number;
        number = byte.is_ascii_digit() && !leading;
        (!leading).then_some(byte.to_ascii_lowercase())
    })
}

/// See [`Encoding::cursor`].
pub struct Cursor<'a> {
    raw: &'a [u8],
    walk: Walk,
    read: usize,
    written: usize,
}

enum Walk {
    /// Bytes and text are the same.
    Same,
    Web(encoding_rs::Decoder),
    Own(codecs::Decoder),
}

impl Cursor<'_> {
    /// The byte at which the character at `offset` of the decoded text begins. Offsets must not fall from call to call.
    pub fn source_offset(&mut self, offset: usize) -> usize {
        if let Walk::Same = self.walk {
            return offset.min(self.raw.len());
        }
        let mut out = [0u8; 32];
        while self.written < offset && self.read < self.raw.len() {
            match &mut self.walk {
                Walk::Same => {}
                Walk::Web(decoder) => {
                    let byte = std::slice::from_ref(&self.raw[self.read]);
                    self.written += decoder.decode_to_utf8(byte, &mut out, false).2;
                    self.read += 1;
                }
                Walk::Own(decoder) => {
                    let (token, used) = decoder.step(&self.raw[self.read..]);
                    self.written += match token {
                        Token::Char(c) => c.len_utf8(),
                        Token::Nothing => 0,
                        Token::Malformed => char::REPLACEMENT_CHARACTER.len_utf8(),
                    };
                    self.read += used;
                }
            }
        }
        self.read
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels() {
        for label in
            ["latin1", "cp1251", "KOI8-U", "sjis", "gb18030", "macintosh", "x-mac-cyrillic", "tis-620", "utf-16"]
        {
            let encoding = Encoding::for_label(label).unwrap();
            assert_eq!(Encoding::for_label(encoding.name()), Some(encoding));
            assert_eq!(encoding.name(), encoding.name().to_lowercase());
        }
        assert_eq!(Encoding::for_label("no such thing"), None);
    }

    #[test]
    fn malformed_sequences_are_replaced_one_by_one() {
        let mut out = String::from(">");
        assert_eq!(Encoding::UTF_8.decode_into(b"a\xFFb\xE2\x82c\x80", &mut out), 3);
        assert_eq!(out, ">a\u{FFFD}b\u{FFFD}c\u{FFFD}");
    }

    #[test]
    fn offsets_lead_back_to_bytes() {
        let back = |label: &str, raw: &[u8], offsets: &[usize]| -> Vec<usize> {
            let mut cursor = Encoding::for_label(label).unwrap().cursor(raw, 1);
            offsets.iter().map(|o| cursor.source_offset(*o)).collect()
        };
        assert_eq!(back("koi8-r", b"\xF0\xF2 ok \xC9", &[0, 4, 9, 99]), [0, 2, 7, 7]);
        assert_eq!(back("shift_jis", b"\x93\xFA\x96\x7B", &[3, 6]), [2, 4]);
        assert_eq!(back("utf-16le", b"a\0b\0", &[1, 2]), [2, 4]);
        assert_eq!(back("utf-8", b"n\xC3\xA9\xFFx", &[1, 3, 7]), [1, 3, 5]);
        assert_eq!(Encoding::UTF_8.cursor("né".as_bytes(), 0).source_offset(3), 3);
    }
}
