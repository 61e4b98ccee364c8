//! [`Encoding`]: the character encodings that can be decoded, by name.

use std::fmt;

/// A character encoding. Today those of the WHATWG Encoding Standard, by `encoding_rs`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);
    /// UTF-16, low byte first.
    pub const UTF_16LE: Self = Self(encoding_rs::UTF_16LE);
    /// UTF-16, high byte first.
    pub const UTF_16BE: Self = Self(encoding_rs::UTF_16BE);
    /// ISO-2022-JP, the 7-bit encoding of Japanese mail.
    pub const ISO_2022_JP: Self = Self(encoding_rs::ISO_2022_JP);
    /// KOI8-R, Russian.
    pub const KOI8_R: Self = Self(encoding_rs::KOI8_R);
    /// KOI8-U, the same with letters of Ukrainian in the place of line drawings.
    pub const KOI8_U: Self = Self(encoding_rs::KOI8_U);
    /// Windows-1252, the superset of Latin-1 that the web means by it.
    pub const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);

    /// The encoding a charset label of a header or a page means (`latin1`, `Shift-JIS`, ...), in any case.
    pub fn for_label(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT).map(Self)
    }

    /// Name in the WHATWG Encoding Standard, in lower case.
    pub fn name(self) -> &'static str {
        // The standard's own names, which encoding_rs spells with capitals.
        match self.0.name() {
            "UTF-8" => "utf-8",
            "UTF-16LE" => "utf-16le",
            "UTF-16BE" => "utf-16be",
            "GBK" => "gbk",
            "Big5" => "big5",
            "EUC-JP" => "euc-jp",
            "EUC-KR" => "euc-kr",
            "Shift_JIS" => "shift_jis",
            "ISO-2022-JP" => "iso-2022-jp",
            "IBM866" => "ibm866",
            "KOI8-R" => "koi8-r",
            "KOI8-U" => "koi8-u",
            "ISO-8859-2" => "iso-8859-2",
            "ISO-8859-3" => "iso-8859-3",
            "ISO-8859-4" => "iso-8859-4",
            "ISO-8859-5" => "iso-8859-5",
            "ISO-8859-6" => "iso-8859-6",
            "ISO-8859-7" => "iso-8859-7",
            "ISO-8859-8" => "iso-8859-8",
            "ISO-8859-8-I" => "iso-8859-8-i",
            "ISO-8859-10" => "iso-8859-10",
            "ISO-8859-13" => "iso-8859-13",
            "ISO-8859-14" => "iso-8859-14",
            "ISO-8859-15" => "iso-8859-15",
            "ISO-8859-16" => "iso-8859-16",
            other => other,
        }
    }

    /// True where every ASCII byte means that ASCII character wherever a line end may stand, so that bytes can be split
    /// at 0x0A and 0x0D before anything is decoded. False for UTF-16 only; a line of ISO-2022-JP returns to ASCII before
    /// it ends (RFC 1468).
    pub fn splits_at_bytes(self) -> bool {
        self != Self::UTF_16LE && self != Self::UTF_16BE
    }

    pub(super) fn from_inner(inner: &'static encoding_rs::Encoding) -> Self {
        Self(inner)
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
        let mut decoder = self.0.new_decoder_without_bom_handling();
        let mut malformed = 0;
        let mut rest = raw;
        // By way of a small buffer: decoding straight into the string would clear all of its room at every bad sequence.
        let mut buffer = [0u8; 4096];
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

    /// Leads from the decoded text of `raw` back to its bytes; `malformed` is what [`decode_into`](Self::decode_into)
    /// returned.
    pub fn cursor(self, raw: &[u8], malformed: u32) -> Cursor<'_> {
        let plain = self == Self::UTF_8 && malformed == 0;
        Cursor { raw, decoder: (!plain).then(|| self.0.new_decoder_without_bom_handling()), read: 0, written: 0 }
    }
}

/// See [`Encoding::cursor`].
pub struct Cursor<'a> {
    raw: &'a [u8],
    /// None where bytes and text are the same.
    decoder: Option<encoding_rs::Decoder>,
    read: usize,
    written: usize,
}

impl Cursor<'_> {
    /// The byte at which the character at `offset` of the decoded text begins. Offsets must not fall from call to call.
    pub fn source_offset(&mut self, offset: usize) -> usize {
        let Some(decoder) = &mut self.decoder else { return offset.min(self.raw.len()) };
        let mut out = [0u8; 32];
        while self.written < offset && self.read < self.raw.len() {
            let byte = std::slice::from_ref(&self.raw[self.read]);
            self.written += decoder.decode_to_utf8(byte, &mut out, false).2;
            self.read += 1;
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
