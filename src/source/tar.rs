//! Tape archives: entries one after the other, each behind a header of 512 bytes.
//!
//! Names are only told, never used as paths. Of a sparse file the parts that are stored are read, without the holes.

use memchr::memmem;

use super::entries::Entries;
use super::reader::{Left, Shared};
use super::{Context, Flaw, Head, Reader, Source};
use crate::batch::Batch;
use crate::reason::{Reason, Skip};

const BLOCK: usize = 512;
/// What stands in headers of the standard's format, and where.
const MARK: &[u8] = b"ustar";
const MARK_AT: usize = 257;
/// Bytes in which a header is looked for at a time.
const PIECE: usize = 256 << 10;
/// Longest entry that is believed.
const LONGEST: u64 = 1 << 50;

/// By the first header.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let Some(header) = head.bytes.first_chunk::<BLOCK>().map(Header) else { return false };
    header.is_sound() && (header.0[MARK_AT..].starts_with(MARK) || header.number(124, 12).is_some() && header.0[0] != 0)
}

/// Opens an archive.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    let header = context.config.max_header.0;
    Box::new(Tar {
        entries: Entries::new(context),
        reader: Shared::new(reader),
        open: None,
        said: Said::default(),
        header,
    })
}

struct Tar {
    entries: Entries,
    reader: Shared,
    /// What is left of the entry that is open, and the padding behind it.
    open: Option<(Left, u64)>,
    /// What extended headers say of the next entry.
    said: Said,
    /// Largest extended header.
    header: u64,
}

/// What extended headers say.
#[derive(Default)]
struct Said {
    name: Option<String>,
    size: Option<u64>,
    /// The map of a sparse file is in front of its data.
    sparse_map: bool,
}

impl Source for Tar {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if self.entries.fill(batch, target) {
                continue;
            }
            let shared = self.reader.clone();
            let mut reader = shared.get();
            if let Some((left, padding)) = self.open.take() {
                // A compressed entry that is damaged is not read to its end.
                reader.skip(left.get());
                let padding = reader.skip(padding);
                self.entries.structure(batch, padding);
            }
            if reader.is_empty() {
                return false;
            }
            self.next(batch, &mut reader);
        }
        true
    }

    fn taken(&self) -> u64 {
        self.entries.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.get().failure().map(Flaw::of)
    }

    fn resume(&mut self) -> bool {
        // What is left of the entry was lost with what is damaged.
        self.open = None;
        self.reader.get().resume().is_some()
    }
}

impl Tar {
    /// Reads a header and opens the entry behind it.
    fn next(&mut self, batch: &mut Batch, reader: &mut Reader) {
        let block = reader.head(BLOCK);
        if block.iter().all(|b| *b == 0) {
            let len = block.len() as u64;
            reader.skip(len);
            return self.entries.structure(batch, len);
        }
        let header = block.first_chunk::<BLOCK>().map(Header).filter(Header::is_sound);
        let Some((kind, size, name)) = header.and_then(|h| Some((h.0[156], h.size()?, h.name()))) else {
            return self.damaged(batch, reader, "no header of an entry");
        };
        let more = header_goes_on(block);
        let size = self.said.size.take().unwrap_or(size);
        let padding = size.next_multiple_of(BLOCK as u64) - size;
        let extended = matches!(kind, b'x' | b'g' | b'L' | b'K');
        if extended && !(size <= self.header && header_follows(reader, size + padding)) {
            return self.damaged(batch, reader, "an extended header without the entry that it is for, or too large");
        }
        self.entries.structure(batch, reader.skip(BLOCK as u64));
        match kind {
            _ if extended => self.extended(batch, reader, kind, size, padding),
            b'0' | 0 | b'7' | b'S' if !name.ends_with('/') => {
                if kind == b'S' && more {
                    self.skip_sparse_headers(batch, reader);
                }
                self.file(batch, reader, &name, size, padding);
            }
            _ => {
                let name = self.said.name.take().unwrap_or(name);
                self.said = Said::default();
                // What is no file has no data, but a size may be said.
                let wanted = if matches!(kind, b'1'..=b'6') { 0 } else { size + padding };
                let data = reader.skip(wanted);
                if data < size.min(wanted) {
                    self.entries.structure(batch, data);
                    let detail = format!("{} bytes are missing", size - data);
                    return self.entries.reject(batch, &name, &[], Reason::Damaged, &detail);
                }
                self.entries.skip(batch, &name, Skip::NoFile, data);
            }
        }
    }

    fn file(&mut self, batch: &mut Batch, reader: &mut Reader, name: &str, size: u64, padding: u64) {
        let said = std::mem::take(&mut self.said);
        let name = said.name.unwrap_or_else(|| name.to_owned());
        let mut size = size;
        if said.sparse_map {
            let map = sparse_map(reader, size);
            reader.skip(map);
            self.entries.structure(batch, map);
            size -= map;
        }
        if size == 0 {
            return self.entries.skip(batch, &name, Skip::Empty, 0);
        }
        let (part, left) = self.reader.part(size);
        if self.entries.is_full() {
            self.entries.refuse(part, &name, Reason::TooMany);
        } else {
            self.entries.open(part, &name);
        }
        self.open = Some((left, padding));
    }

    /// Reads a header that says more about the next entry, and is known to be there as a whole.
    fn extended(&mut self, batch: &mut Batch, reader: &mut Reader, kind: u8, size: u64, padding: u64) {
        let mut bytes = Vec::new();
        reader.take_into(&mut bytes, size as usize);
        let padding = reader.skip(padding);
        self.entries.structure(batch, bytes.len() as u64 + padding);
        match kind {
            b'L' => self.said.name = Some(text(&bytes)),
            b'x' => self.said.records(&bytes),
            _ => {}
        }
    }

    /// Headers of a sparse file that go on: each has a mark at byte 504 when another follows.
    fn skip_sparse_headers(&mut self, batch: &mut Batch, reader: &mut Reader) {
        let mut more = true;
        while more && !reader.is_empty() {
            more = reader.head(BLOCK).get(504).is_some_and(|b| *b != 0);
            let n = reader.skip(BLOCK as u64);
            self.entries.structure(batch, n);
        }
    }

    /// Rejects bytes up to the next sound header, which need not be whole blocks where some are lost.
    fn damaged(&mut self, batch: &mut Batch, reader: &mut Reader, detail: &str) {
        self.said = Said::default();
        self.entries.damaged(batch, reader, detail, |reader| {
            // The block in front is the damaged one in the first piece, and known to be no header in later ones.
            let window = reader.head(PIECE + BLOCK);
            let sound = |at: &usize| window[*at..].first_chunk().is_some_and(|b| Header(b).is_sound());
            let blocks = (BLOCK..window.len()).step_by(BLOCK).find(sound);
            let marked =
                memmem::find_iter(window, MARK).filter_map(|at| at.checked_sub(MARK_AT)).skip_while(|at| *at == 0);
            let next =
                blocks.into_iter().chain(marked.take_while(|at| blocks.is_none_or(|b| *at < b)).find(sound)).min();
            (next.unwrap_or(window.len().min(PIECE)), next.is_some())
        });
    }
}

/// True when the next header, or the end of the archive, comes behind this one and its data, and not inside them.
fn header_follows(reader: &mut Reader, data: u64) -> bool {
    let (blocks, _) = reader.head(2 * BLOCK + data as usize).as_chunks::<BLOCK>();
    let Some((next, inside)) = blocks.get(1..2 + data as usize / BLOCK).and_then(<[_]>::split_last) else {
        return false;
    };
    (Header(next).is_sound() || next.iter().all(|b| *b == 0)) && !inside.iter().any(|block| Header(block).is_sound())
}

/// Length of the map in front of the data of a sparse file: numbers on lines of their own, filled up to a block.
fn sparse_map(reader: &mut Reader, size: u64) -> u64 {
    let head = reader.head((64 << 10).min(size as usize));
    let mut lines = head.split(|b| *b == b'\n');
    let number = |line: &[u8]| std::str::from_utf8(line).ok()?.parse::<u64>().ok();
    let Some((count, first)) = lines.next().and_then(|l| Some((number(l)?, l.len() as u64 + 1))) else { return 0 };
    let wanted = usize::try_from(count.saturating_mul(2)).unwrap_or(usize::MAX);
    let numbers = lines.take(wanted).map_while(|l| number(l).map(|_| l.len() as u64 + 1));
    (first + numbers.sum::<u64>()).next_multiple_of(BLOCK as u64).min(size)
}

fn header_goes_on(block: &[u8]) -> bool {
    block.get(482).is_some_and(|b| *b != 0)
}

/// A header of an entry.
struct Header<'a>(&'a [u8; BLOCK]);

impl Header<'_> {
    /// True when its checksum is right; some programs summed signed bytes.
    fn is_sound(&self) -> bool {
        let Some(wanted) = self.number(148, 8) else { return false };
        let blank = |i: usize| (148..156).contains(&i);
        let bytes = || self.0.iter().enumerate().map(move |(i, b)| if blank(i) { b' ' } else { *b });
        let unsigned: u64 = bytes().map(u64::from).sum();
        let signed: i64 = bytes().map(|b| i64::from(b as i8)).sum();
        wanted == unsigned || i64::try_from(wanted) == Ok(signed)
    }

    /// A number in octal digits, or in binary where the first bit is set.
    fn number(&self, at: usize, len: usize) -> Option<u64> {
        let field = &self.0[at..at + len];
        if field[0] & 0x80 != 0 {
            // Negative ones have all bits set.
            let digits = &field[1..];
            let fits = field[0] == 0x80 && digits.iter().rev().skip(8).all(|b| *b == 0);
            return fits.then(|| digits.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)));
        }
        let digits: Vec<u8> = field.iter().copied().skip_while(|b| *b == b' ').take_while(u8::is_ascii_digit).collect();
        let rest = &field[field.iter().take_while(|b| **b == b' ').count() + digits.len()..];
        if !rest.iter().all(|b| matches!(b, 0 | b' ')) && !rest.first().is_some_and(|b| matches!(b, 0 | b' ')) {
            return None;
        }
        if digits.is_empty() { Some(0) } else { u64::from_str_radix(std::str::from_utf8(&digits).ok()?, 8).ok() }
    }

    fn size(&self) -> Option<u64> {
        self.number(124, 12).filter(|size| *size <= LONGEST)
    }

    fn name(&self) -> String {
        let (name, prefix) = (text(&self.0[..100]), text(&self.0[345..500]));
        // Only the standard's format has a prefix there.
        if self.0[257..263] == *b"ustar\0" && !prefix.is_empty() { format!("{prefix}/{name}") } else { name }
    }
}

impl Said {
    /// Reads `length key=value` records.
    fn records(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(space) = memchr::memchr(b' ', &rest[..rest.len().min(21)]) {
            let length = std::str::from_utf8(&rest[..space]).ok().and_then(|l| l.parse::<usize>().ok());
            let Some(record) = length.and_then(|l| rest.get(space + 1..l)) else { return };
            rest = &rest[space + 1 + record.len()..];
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let Some(equals) = memchr::memchr(b'=', record) else { continue };
            let value = &record[equals + 1..];
            match &record[..equals] {
                b"path" if self.name.is_none() => self.name = Some(text(value)),
                b"GNU.sparse.name" => self.name = Some(text(value)),
                b"size" => {
                    self.size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok()).filter(|s| *s <= LONGEST);
                }
                b"GNU.sparse.major" => self.sparse_map = value == b"1",
                _ => {}
            }
        }
    }
}

/// Bytes up to the first NUL as text.
fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
