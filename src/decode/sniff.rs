//! What a document is by its first bytes: byte order marks, UTF-16 without one, binary data.

use super::look::is_control;
use super::{Encoding, regions};

/// How the bytes of a document are to be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lines end at the bytes 0x0A and 0x0D; each decides its own encoding.
    Lines {
        /// Length of the byte order mark in front.
        bom: usize,
    },
    /// UTF-16 or UTF-32 all through.
    Units {
        /// Which of them.
        encoding: Encoding,
        /// Length of the byte order mark in front.
        bom: usize,
    },
    /// No text.
    Binary,
}

/// How much of a document is looked at.
pub(super) const SAMPLE: usize = 64 << 10;

/// The encoding of a byte order mark in front, and its length.
pub fn mark(bytes: &[u8]) -> Option<(Encoding, usize)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some((Encoding::UTF_8, 3)),
        [0xFF, 0xFE, 0, 0, ..] => Some((Encoding::UTF_32LE, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((Encoding::UTF_32BE, 4)),
        [0xFF, 0xFE, ..] => Some((Encoding::UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => Some((Encoding::UTF_16BE, 2)),
        _ => None,
    }
}

/// Tells the shape of a document by its first bytes.
pub fn sniff(bytes: &[u8]) -> Shape {
    match mark(bytes) {
        Some((Encoding::UTF_8, bom)) => return Shape::Lines { bom },
        Some((encoding, bom)) => return Shape::Units { encoding, bom },
        None => {}
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if memchr::memchr(0, sample).is_some()
        && let Some(encoding) = utf16(sample)
    {
        return Shape::Units { encoding, bom: 0 };
    }
    if is_binary(sample) { Shape::Binary } else { Shape::Lines { bom: 0 } }
}

/// UTF-16 of any alphabet has spaces, digits and line ends, so zero bytes, and decodes to characters that text has.
fn utf16(sample: &[u8]) -> Option<Encoding> {
    let units = sample.len() / 2;
    let encoding = regions::all_units(sample).filter(|_| units >= 4)?;
    let mut text = String::new();
    let malformed = encoding.decode_into(&sample[..units * 2], &mut text);
    let odd = text.chars().filter(|c| (c.is_control() && !c.is_ascii_whitespace()) || is_private(*c)).count();
    // The last unit may be half a surrogate pair cut off by the sample.
    (malformed <= 1 && odd * 50 <= text.chars().count()).then_some(encoding)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{F0000}'..)
}

/// True for data that is no text in any encoding: more control characters than slip into text by accident. Zeros alone may end
/// fields or fill them up where all else is text.
pub fn is_binary(bytes: &[u8]) -> bool {
    let (mut zeros, mut controls) = (0usize, 0usize);
    for &b in bytes {
        zeros += usize::from(b == 0);
        // Shift in is an escape, like 0x1B.
        controls += usize::from(is_control(b) && !matches!(b, 0x08 | 0x0F | 0x1B));
    }
    let fields = || controls == zeros && zeros * 2 <= bytes.len() && is_utf8(bytes);
    controls >= 3 && (zeros * 200 > bytes.len() || controls * 20 > bytes.len()) && !fields()
}

/// UTF-8, but that a character may be cut at the end.
fn is_utf8(bytes: &[u8]) -> bool {
    simdutf8::compat::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn utf16be(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn shapes() {
        let russian = "Первая строка, затем вторая.\nИ ещё одна 1 2 3.";
        let no_bom = |encoding| Shape::Units { encoding, bom: 0 };
        assert_eq!(sniff(b""), Shape::Lines { bom: 0 });
        assert_eq!(sniff(b"\xEF\xBB\xBFhi"), Shape::Lines { bom: 3 });
        assert_eq!(sniff(b"\xFF\xFEh\0"), Shape::Units { encoding: Encoding::UTF_16LE, bom: 2 });
        assert_eq!(sniff(b"\xFE\xFF\0h"), Shape::Units { encoding: Encoding::UTF_16BE, bom: 2 });
        assert_eq!(sniff(&utf16le(russian)), no_bom(Encoding::UTF_16LE));
        assert_eq!(sniff(&utf16be(russian)), no_bom(Encoding::UTF_16BE));
        assert_eq!(sniff(&utf16le("plain English\r\n")), no_bom(Encoding::UTF_16LE));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0"), Shape::Binary);
        assert_eq!(sniff(&[0; 4096]), Shape::Binary);
        let mut one_nul = vec![b'a'; 1000];
        one_nul[500] = 0;
        assert_eq!(sniff(&one_nul), Shape::Lines { bom: 0 });
        for zeros in [&b"A short note with a zero\0, nothing else."[..], b"Hello\0World"] {
            assert_eq!(sniff(zeros), Shape::Lines { bom: 0 });
        }
    }

    #[test]
    fn binary_data_at_its_limits() {
        for (controls, zeros, line_ends, others, binary) in [
            (0, 0, 50, 50, false),
            (2, 0, 0, 10, false),
            (3, 0, 0, 57, false),
            (3, 0, 0, 56, true),
            (1, 2, 0, 397, false),
            (1, 2, 0, 396, true),
            (0, 100, 0, 100, false),
            (0, 101, 0, 100, true),
            (3, 0, 57, 0, false),
        ] {
            let parts = [(1, controls), (0, zeros), (b'\n', line_ends), (b'x', others)];
            let bytes: Vec<u8> = parts.iter().flat_map(|(byte, count)| vec![*byte; *count]).collect();
            assert_eq!(is_binary(&bytes), binary, "{parts:?}");
        }
    }
}
