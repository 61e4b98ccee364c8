//! Where lines end, on bytes. 0x0A and 0x0D are never part of a longer character in an ASCII-compatible encoding
//! (in GB 18030, Big5, Shift_JIS and EUC trail bytes begin at 0x30), so splitting before decoding is safe.

use super::Encoding;

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
        let (end, next) = if self.encoding.splits_at_bytes() { self.bytes_end(start) } else { self.units_end(start) };
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

    fn units_end(&self, start: usize) -> (usize, usize) {
        let low = usize::from(self.encoding == Encoding::UTF_16BE);
        let unit = |at: usize| self.bytes.get(at..at + 2).filter(|u| u[1 - low] == 0).map(|u| u[low]);
        let mut at = start;
        while at + 1 < self.bytes.len() {
            match unit(at) {
                Some(b'\n') => return (at, at + 2),
                Some(b'\r') => return (at, at + 2 + 2 * usize::from(unit(at + 2) == Some(b'\n'))),
                _ => at += 2,
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
}
