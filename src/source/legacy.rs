//! Strings beside a text, in tables and JSON of older programs: those that are no UTF-8 are decoded like the rest of their
//! record, since a name alone says too little of its encoding.

use std::borrow::Cow;

use crate::decode::{Encoding, Hints, is_damaged_utf8, paragraphs};

/// Bytes of a string, and of all of them, that tell the encoding.
const EACH: usize = 1 << 10;
const ENOUGH: usize = 8 << 10;

/// The encoding of the strings of a record that are no UTF-8.
pub(super) struct Legacy(Encoding);

impl Legacy {
    /// The one that these strings are in, each if it is no UTF-8.
    pub(super) fn of<'a>(strings: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut evidence = Vec::new();
        for string in strings.filter(|string| !is_utf8(string) && !is_damaged_utf8(string)) {
            // Not in the middle of a character.
            let end = string.iter().take(EACH).rposition(|b| *b <= b' ').filter(|_| string.len() > EACH);
            evidence.extend_from_slice(&string[..end.unwrap_or(string.len().min(EACH))]);
            evidence.push(b'\n');
            if evidence.len() >= ENOUGH {
                break;
            }
        }
        let hints = Hints { declarations: false, ..Hints::default() };
        let is_legacy = |encoding: &Encoding| *encoding != Encoding::UTF_8 && encoding.is_ascii_compatible();
        let lines = paragraphs(&evidence, &hints).filter(|line| is_legacy(&line.encoding));
        Self(lines.max_by_key(|line| line.raw.len()).map_or(Encoding::WINDOWS_1252, |line| line.encoding))
    }

    /// Text of a string.
    pub(super) fn text<'a>(&self, string: &'a [u8]) -> Cow<'a, str> {
        if let Ok(text) = simdutf8::basic::from_utf8(string) {
            return Cow::Borrowed(text);
        }
        if is_damaged_utf8(string) {
            return String::from_utf8_lossy(string);
        }
        let mut text = String::new();
        self.0.decode_into(string, &mut text);
        Cow::Owned(text)
    }
}

fn is_utf8(bytes: &[u8]) -> bool {
    simdutf8::basic::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_decoded_like_its_record() {
        let strings = [
            &b"id 7"[..],
            "ключ".as_bytes(),
            b"\xCF\xE5\xF2\xF0",
            b"\xC2\xF7\xE5\xF0\xE0 \xE2\xE5\xF7\xE5\xF0\xEE\xEC \xEC\xFB \xE4\xEE\xEB\xE3\xEE \xE3\xF3\xEB\xFF\xEB\xE8",
        ];
        let legacy = Legacy::of(strings.into_iter());
        let texts: Vec<_> = strings.iter().map(|s| legacy.text(s)).collect();
        assert_eq!(texts, ["id 7", "ключ", "Петр", "Вчера вечером мы долго гуляли"]);
        assert_eq!(legacy.text("für Größen".as_bytes().split_at(8).0), "für Gr\u{FFFD}", "UTF-8 that was cut");
        // Nothing is lost where nothing is known.
        assert_eq!(Legacy::of(std::iter::empty()).text(b"a\xFFb"), "aÿb");
        Legacy::of([&[0xE5; 5000][..], &[0xFF; 3]].into_iter());
    }
}
