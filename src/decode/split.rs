//! Where lines end, on bytes. 0x0A and 0x0D are never part of a longer character in an ASCII-compatible encoding
//! (in GB 18030, Big5, Shift_JIS, Johab and EUC trail bytes begin at 0x30), so splitting before decoding is safe. UTF-16 and
//! UTF-32 are split by their units, EBCDIC at its own line ends.

use super::Encoding;
use super::codecs::Form;

/// A line: where its content begins and ends, and where the next line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawLine {
    /// First byte.
    pub start: usize,
    /// Byte after the last of the content.
    pub end: usize,
    /// Byte after the line end (LF, CR LF or CR).
    pub next: usize,
}

/// Splits bytes into lines, from `start` on; a last line without an end counts when it is not empty.
pub fn lines(bytes: &[u8], start: usize, encoding: Encoding) -> Lines<'_> {
    Lines { bytes, at: start, encoding }
}

/// Iterator of [`lines`].
#[derive(Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
}

impl Iterator for Lines<'_> {
    type Item = RawLine;

    fn next(&mut self) -> Option<RawLine> {
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        let (end, next) = match self.encoding.form() {
            Form::Ascii | Form::Escapes => self.bytes_end(start),
            Form::Ebcdic => self.ebcdic_end(start),
            Form::Units { width, big_endian } => self.units_end(start, width, big_endian),
        };
        self.at = next;
        Some(RawLine { start, end, next })
    }
}

impl Lines<'_> {
    fn bytes_end(&self, start: usize) -> (usize, usize) {
        match memchr::memchr2(b'\n', b'\r', &self.bytes[start..]) {
            None => (self.bytes.len(), self.bytes.len()),
            Some(i) => {
                let end = start + i;
                let pair = self.bytes[end] == b'\r' && self.bytes.get(end + 1) == Some(&b'\n');
                (end, end + 1 + usize::from(pair))
            }
        }
    }

    /// NEL is the usual one; LF and CR LF come from files that were converted.
    fn ebcdic_end(&self, start: usize) -> (usize, usize) {
        match self.bytes[start..].iter().position(|b| matches!(b, 0x15 | 0x25 | 0x0D)) {
            None => (self.bytes.len(), self.bytes.len()),
            Some(i) => {
                let end = start + i;
                let pair = self.bytes[end] == 0x0D && matches!(self.bytes.get(end + 1), Some(0x15 | 0x25));
                (end, end + 1 + usize::from(pair))
            }
        }
    }

    fn units_end(&self, start: usize, width: usize, big_endian: bool) -> (usize, usize) {
        let unit = |at: usize| {
            let unit = self.bytes.get(at..at + width)?;
            let (low, high) = if big_endian { (unit[width - 1], &unit[..width - 1]) } else { (unit[0], &unit[1..]) };
            high.iter().all(|b| *b == 0).then_some(low)
        };
        let mut at = start;
        while at + width <= self.bytes.len() {
            match unit(at) {
                Some(b'\n') => return (at, at + width),
                Some(b'\r') => return (at, at + width + width * usize::from(unit(at + width) == Some(b'\n'))),
                _ => at += width,
            }
        }
        (self.bytes.len(), self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(bytes: &[u8], encoding: Encoding) -> Vec<&[u8]> {
        let all: Vec<RawLine> = lines(bytes, 0, encoding).collect();
        let mut at = 0;
        for line in &all {
            assert_eq!(line.start, at);
            at = line.next;
        }
        assert_eq!(at, bytes.len());
        all.iter().map(|l| &bytes[l.start..l.end]).collect()
    }

    #[test]
    fn every_line_end_at_every_padding() {
        for pad in 0..32 {
            let a = "a".repeat(pad);
            let bytes = format!("{a}\nb\r\n\r\nc\rd{a}\r").into_bytes();
            let want: Vec<String> = vec![a.clone(), "b".into(), String::new(), "c".into(), format!("d{a}")];
            assert_eq!(split(&bytes, Encoding::UTF_8), want.iter().map(String::as_bytes).collect::<Vec<_>>());
        }
    }

    #[test]
    fn utf16_line_ends_are_units() {
        // U+0A0D and U+0D0A must not end a line.
        let text = "x\u{0A0D}\u{0D0A}y\r\nz\rw\n";
        for (encoding, bytes) in [
            (Encoding::UTF_16LE, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
            (Encoding::UTF_16BE, text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ] {
            let lens: Vec<usize> = split(&bytes, encoding).iter().map(|l| l.len()).collect();
            assert_eq!(lens, [8, 2, 2]);
            let cut: Vec<usize> = split(&bytes[..bytes.len() - 1], encoding).iter().map(|l| l.len()).collect();
            assert_eq!(cut, [8, 2, 3], "half a unit ends nothing");
        }
    }

    #[test]
    fn utf32_and_ebcdic_line_ends() {
        let text = "x\u{A00}\r\nz\rw\n\n";
        for encoding in [Encoding::UTF_32LE, Encoding::UTF_32BE] {
            let bytes = encoding.encode(text).unwrap();
            let lens: Vec<usize> = split(&bytes, encoding).iter().map(|l| l.len()).collect();
            assert_eq!(lens, [8, 4, 4, 0]);
            assert_eq!(split(&bytes[..bytes.len() - 9], encoding).last().unwrap().len(), 3, "part of a unit");
        }
        let ebcdic = Encoding::for_label("cp500").unwrap();
        let want: [&[u8]; 5] = [b"\xC1\x0A", b"\xC2", b"\xC3", b"", b"\xC4"];
        assert_eq!(split(b"\xC1\x0A\x15\xC2\x25\xC3\x0D\x25\x15\xC4", ebcdic), want);
    }
}
