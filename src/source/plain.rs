//! Plain text: a file is a document. One larger than the largest document is cut at line ends into numbered parts.

use super::reader::LineEnd;
use super::{Context, Flaw, Reader, Source, reject, skip};
use crate::batch::{Batch, MAX_LINES, line_ends};
use crate::decode::Encoding;
use crate::decode::prescan;
use crate::decode::sniff::{Shape, sniff};
use crate::reason::{Reason, Skip};

/// Opens plain text.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    declared(reader, context.max_document(), None)
}

/// Opens plain text of which something else says how it is encoded.
pub(super) fn declared(reader: Reader, max: usize, declared: Option<Encoding>) -> Box<dyn Source> {
    Box::new(Plain::new(reader, max, declared))
}

/// Adds all parts of a text to the batch, however full it is.
pub(super) fn push(batch: &mut Batch, reader: Reader, max: usize, declared: Option<Encoding>) {
    let mut text = Plain::new(reader, max, declared);
    while text.part(batch) {}
}

struct Plain {
    reader: Reader,
    max: usize,
    /// What was read beyond the last cut.
    carry: Vec<u8>,
    part: u32,
    offset: u64,
    /// UTF-16 by the first bytes: later parts have no byte order mark to tell.
    utf16: Option<Encoding>,
    /// What the first part says of the encoding of all.
    declared: Option<Encoding>,
    /// Inside a line that is too long.
    skipping: bool,
    /// Behind damage, in a line whose beginning is lost.
    torn: bool,
    /// A file without a byte was told.
    is_empty: bool,
}

impl Source for Plain {
    fn taken(&self) -> u64 {
        self.reader.taken() - self.carry.len() as u64
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if !self.part(batch) {
                self.nothing(batch);
                return false;
            }
        }
        true
    }

    fn resume(&mut self) -> bool {
        // Which byte of a unit of UTF-16 comes next nobody knows.
        let resumed = self.utf16.is_none() && self.reader.resume().is_some();
        self.torn = resumed && self.reader.is_torn();
        resumed
    }
}

impl Plain {
    fn new(reader: Reader, max: usize, declared: Option<Encoding>) -> Self {
        Self {
            reader,
            max,
            carry: Vec::new(),
            part: 0,
            offset: 0,
            utf16: None,
            declared,
            skipping: false,
            torn: false,
            is_empty: false,
        }
    }

    /// Adds the next part; false when there is none.
    fn part(&mut self, batch: &mut Batch) -> bool {
        let start = batch.raw.len();
        if self.torn {
            self.torn = self.reader.line_into(&mut self.carry, self.max) == LineEnd::Limit;
            let line = std::mem::take(&mut self.carry);
            return self.damaged(batch, &line);
        }
        batch.raw.append(&mut self.carry);
        let room = self.max - (batch.raw.len() - start).min(self.max);
        self.reader.take_into(&mut batch.raw, room);
        if batch.raw.len() == start {
            return false;
        }
        self.cut(batch, start);
        true
    }

    /// Notes a file without a byte, which is a record all the same.
    fn nothing(&mut self, batch: &mut Batch) {
        if self.part == 0 && !self.is_empty && self.reader.failure().is_none() {
            skip(batch, Skip::Empty, 0);
            self.is_empty = true;
        }
    }

    /// Makes a document of the bytes from `start` on, up to the right place.
    fn cut(&mut self, batch: &mut Batch, start: usize) {
        let (piece, whole) = at_most_lines(&batch.raw[start..]);
        let complete = whole && self.reader.is_empty();
        if self.part == 0 {
            match sniff(piece) {
                Shape::Units { encoding, .. } => self.utf16 = Some(encoding),
                // A document that is whole is asked when it is decoded.
                _ if !complete => self.declared = self.declared.or_else(|| prescan::declared(piece)),
                _ => {}
            }
        }
        let (end, too_long) = if self.skipping {
            let found = first_line_end(piece, self.utf16);
            self.skipping = found.is_none() && !complete;
            (found.unwrap_or(piece.len()), true)
        } else if complete {
            (piece.len(), false)
        } else {
            let found = last_line_end(piece, self.utf16);
            self.skipping = found.is_none();
            (found.unwrap_or(piece.len()), found.is_none())
        };
        self.carry.extend_from_slice(&batch.raw[start + end..]);
        batch.raw.truncate(start + end);
        if too_long {
            let bytes = batch.raw.split_off(start);
            let detail = format!("a line of more than {} bytes, in pieces", self.max);
            reject(batch, &bytes, Reason::TooLong, &detail);
        } else {
            batch.close_document(start);
        }
        self.number(batch, end, complete);
    }

    /// Rejects the rest of a line that damage cut; false where there is none.
    fn damaged(&mut self, batch: &mut Batch, bytes: &[u8]) -> bool {
        if !bytes.is_empty() {
            reject(batch, bytes, Reason::Damaged, "damage took the beginning of the line");
            self.number(batch, bytes.len(), false);
        }
        !bytes.is_empty()
    }

    /// Says of the document that was added last which part it is.
    fn number(&mut self, batch: &mut Batch, len: usize, complete: bool) {
        if let Some(document) = batch.documents.last_mut() {
            (document.part, document.offset) = (self.part, self.offset);
            document.cut = self.part > 0 || !complete;
            document.declared = self.utf16.or(self.declared);
        }
        self.part += 1;
        self.offset += len as u64;
    }
}

/// The bytes up to the largest number of lines, and whether that is all of them.
pub(super) fn at_most_lines(bytes: &[u8]) -> (&[u8], bool) {
    if line_ends(bytes) <= MAX_LINES {
        return (bytes, true);
    }
    // Even, so that no unit of UTF-16 is cut.
    let end = memchr::memchr2_iter(b'\n', b'\r', bytes).nth(MAX_LINES - 1).map_or(bytes.len(), |i| i & !1);
    (&bytes[..end], false)
}

/// End of the first line, its line end included.
fn first_line_end(piece: &[u8], utf16: Option<Encoding>) -> Option<usize> {
    match utf16 {
        None => memchr::memchr2(b'\n', b'\r', piece).map(|i| i + 1),
        Some(encoding) => piece.chunks_exact(2).position(|u| is_line_end(u, encoding)).map(|i| i * 2 + 2),
    }
}

/// End of the last line that has an end.
fn last_line_end(piece: &[u8], utf16: Option<Encoding>) -> Option<usize> {
    match utf16 {
        None => memchr::memrchr(b'\n', piece).or_else(|| memchr::memrchr(b'\r', piece)).map(|i| i + 1),
        Some(encoding) => piece.chunks_exact(2).rposition(|u| is_line_end(u, encoding)).map(|i| i * 2 + 2),
    }
}

fn is_line_end(unit: &[u8], encoding: Encoding) -> bool {
    let (low, high) = if encoding == Encoding::UTF_16LE { (unit[0], unit[1]) } else { (unit[1], unit[0]) };
    high == 0 && matches!(low, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ByteSize, Config};

    fn context(max: u64) -> Context {
        Context::new(Config { max_document: ByteSize(max), ..Config::default() }.into(), "in")
    }

    fn documents(bytes: &'static [u8], max: u64) -> Vec<(u32, u64, Option<Reason>, Vec<u8>)> {
        let mut source = open(Reader::new(Box::new(bytes)), &context(max));
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        assert_eq!(source.taken(), bytes.len() as u64);
        batch.documents.iter().map(|d| (d.part, d.offset, d.rejected, batch.raw[d.raw.range()].to_vec())).collect()
    }

    #[test]
    fn long_texts_are_cut_at_line_ends() {
        assert_eq!(documents(b"", 8), [(0, 0, None, Vec::new())]);
        assert_eq!(documents(b"ab\ncd\nef", 8), [(0, 0, None, b"ab\ncd\nef".to_vec())]);
        assert_eq!(
            documents(b"ab\ncd\nefghi\n", 8),
            [(0, 0, None, b"ab\ncd\n".to_vec()), (1, 6, None, b"efghi\n".to_vec())]
        );
    }

    #[test]
    fn what_the_first_part_declares_holds_for_all() {
        let page = b"<meta charset=koi8-r>\n\xE5\n\xE6\n";
        let mut source = open(Reader::new(Box::new(&page[..])), &context(24));
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        let declared: Vec<_> = batch.documents.iter().map(|d| (d.part, d.declared)).collect();
        assert_eq!(declared, [(0, Some(Encoding::KOI8_R)), (1, Some(Encoding::KOI8_R))]);
    }

    #[test]
    fn long_lines_are_rejected_in_pieces_and_the_rest_goes_on() {
        let long = Some(Reason::TooLong);
        assert_eq!(
            documents(b"ab\n0123456789abcdef\ncd\n", 8),
            [
                (0, 0, None, b"ab\n".to_vec()),
                (1, 3, long, b"01234567".to_vec()),
                (2, 11, long, b"89abcdef".to_vec()),
                (3, 19, long, b"\n".to_vec()),
                (4, 20, None, b"cd\n".to_vec()),
            ]
        );
    }
}
