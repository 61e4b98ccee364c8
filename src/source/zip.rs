//! Zip archives, read from front to back: also out of a pipe or another archive, and also those that say sizes only behind
//! the data. Of the directory at the end only sizes are taken, and only where the archive is a file, so entries that it
//! points to over and over are no bomb.
//!
//! Names are only told, never used as paths. Books (EPUB) are such archives; of them only the chapters are read.

use std::io;
use std::sync::Arc;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::buffer::Buffer;
use super::compress::{Kind, decompressed, lzma};
use super::entries::Entries;
use super::limits::{Budget, Flaw};
use super::reader::{Feed, Left, Shared};
use super::zip_directory::Directory;
use super::{Context, Head, Reader, Source};
use crate::batch::Batch;
use crate::decode::Encoding;
use crate::reason::{Reason, Skip};

const ENTRY: &[u8] = b"PK\x03\x04";
pub(super) const DIRECTORY: &[u8] = b"PK\x01\x02";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Bytes of a header without its name.
const HEADER: usize = 30;
/// Bytes that are unpacked at a time.
const PIECE: usize = 256 << 10;
/// What stands in the first header of a book.
const BOOK: &[u8] = b"mimetypeapplication/epub+zip";

/// By the first bytes.
pub(super) fn matches(head: &Head<'_>) -> bool {
    head.bytes.starts_with(ENTRY) || head.bytes.starts_with(b"PK\x05\x06")
}

/// Opens an archive.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let book = memmem::find(reader.head(200), BOOK).is_some();
    let (entries, context) = (Entries::new(context), context.clone());
    let directory = context.disk.as_ref().map(|(path, _)| Directory::read(path, context.config.max_entries));
    let directory = directory.unwrap_or_default();
    let most = context.config.max_header.0 as usize;
    Box::new(Zip { entries, reader: Shared::new(reader), open: None, context, directory, book, most })
}

struct Zip {
    entries: Entries,
    reader: Shared,
    open: Option<Open>,
    context: Context,
    directory: Directory,
    /// Only chapters are read.
    book: bool,
    /// Largest header.
    most: usize,
}

/// The entry that is being read.
enum Open {
    /// So many packed bytes are left of it; `behind` it stands what its header says as well.
    Sized { left: Left, behind: bool },
    /// Its size stands behind it.
    Unsized,
}

/// A header of an entry.
struct Header {
    len: usize,
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u64,
    unpacked: u64,
    name: String,
}

impl Source for Zip {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if self.entries.fill(batch, target) {
                continue;
            }
            let shared = self.reader.clone();
            let mut reader = shared.get();
            match self.open.take() {
                // A damaged entry is not read to its end.
                Some(Open::Sized { left, behind }) => {
                    reader.skip(left.get());
                    self.behind(batch, &mut reader, behind);
                }
                Some(Open::Unsized) => self.behind(batch, &mut reader, true),
                None => {}
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
}

impl Zip {
    /// Reads what comes next: an entry, or a part of the directory.
    fn next(&mut self, batch: &mut Batch, reader: &mut Reader) {
        let head = reader.head(46);
        let at = |i: usize| u64::from(u16_at(head, i));
        let len = match head.get(..4).unwrap_or_default() {
            ENTRY => return self.entry(batch, reader),
            DIRECTORY if head.len() == 46 => 46 + at(28) + at(30) + at(32),
            // The end of the directory.
            b"PK\x05\x06" if head.len() >= 22 => 22 + at(20),
            b"PK\x06\x06" if head.len() >= 12 => u64_at(head, 4).saturating_add(12),
            b"PK\x06\x07" if head.len() >= 20 => 20,
            // Put in front of archives that were to be cut into several.
            b"PK00" => 4,
            _ => return self.damaged(batch, reader, "no entry begins here"),
        };
        let len = reader.skip(len);
        self.entries.structure(batch, len);
    }

    /// Passes over what says sizes behind an entry.
    fn behind(&mut self, batch: &mut Batch, reader: &mut Reader, is_there: bool) {
        if is_there {
            let len = descriptor(reader.head(28));
            let n = reader.skip(len);
            self.entries.structure(batch, n);
        }
    }

    fn entry(&mut self, batch: &mut Batch, reader: &mut Reader) {
        let (most, at) = (self.most, reader.taken());
        let len = Header::len(reader.head(HEADER));
        let Some(mut header) = Header::parse(reader.head(len)).filter(|h| h.len <= most) else {
            return self.damaged(batch, reader, "a header that breaks off or is too large");
        };
        let read = reader.skip(header.len as u64);
        self.entries.structure(batch, read);
        let behind = header.flags & 8 != 0;
        let refused = match header.method {
            _ if header.flags & 1 != 0 => Some(Reason::Encrypted),
            0 | 8 | 12 | 14 | 93 | 95 => None,
            _ => Some(Reason::Unsupported),
        };
        let refused = refused.or(self.entries.is_full().then_some(Reason::TooMany));
        let mut sized = !behind || header.packed > 0;
        // What is deflated knows its own end, which is surer than a directory.
        let told = self.directory.get(at).filter(|told| told.packed > 0 && (header.method != 8 || refused.is_some()));
        if let (false, Some(told)) = (sized, told) {
            sized = true;
            (header.packed, header.checksum, header.flags) = (told.packed, told.checksum, header.flags & !8);
        }
        if let (false, Some(reason)) = (sized, refused) {
            return self.entries.reject(batch, &header.name, &[], reason, "its size is not known");
        }
        if sized && header.packed == 0 || header.name.ends_with('/') {
            let skipped = if header.name.ends_with('/') { Skip::NoFile } else { Skip::Empty };
            let data = reader.skip(header.packed);
            self.entries.skip(batch, &header.name, skipped, data);
            return self.behind(batch, reader, behind);
        }
        if !sized {
            return self.entry_without_size(&header);
        }
        if self.book && !is_chapter(&header.name) {
            let data = reader.skip(header.packed);
            self.entries.skip(batch, &header.name, Skip::Attachment, data);
            return self.behind(batch, reader, behind);
        }
        let (part, left) = self.reader.part(header.packed);
        match refused {
            Some(reason) => self.entries.refuse(part, &header.name, reason),
            None => self.entries.open(self.unpacked(part, &header), &header.name),
        }
        self.open = Some(Open::Sized { left, behind });
    }

    /// An entry whose size stands behind it: what is deflated knows its own end, what is stored is searched for it.
    fn entry_without_size(&mut self, header: &Header) {
        let from = Deflated::Shared(self.reader.clone());
        let feed: Box<dyn Feed> = match header.method {
            8 => Box::new(Inflated::new(from, None, &self.context.budget)),
            0 => Box::new(Stored { from: self.reader.clone(), read: 0, ended: false }),
            _ => {
                let refused = Reader::new(Box::new(io::empty()));
                return self.entries.refuse(refused, &header.name, Reason::Unsupported);
            }
        };
        let reader = Reader::fed_by(feed);
        if self.book && !is_chapter(&header.name) {
            self.entries.pass(reader, &header.name, Skip::Attachment);
        } else {
            self.entries.open(reader, &header.name);
        }
        self.open = Some(Open::Unsized);
    }

    fn unpacked(&self, part: Reader, header: &Header) -> Reader {
        let kind = match header.method {
            0 => return part,
            12 => Kind::Bzip2,
            14 => {
                let has_mark = header.flags & 2 != 0;
                return lzma(part, (!has_mark).then_some(header.unpacked), &self.context.budget);
            }
            93 => Kind::Zstd,
            95 => Kind::Xz,
            _ => {
                let checksum = (header.flags & 8 == 0).then_some(header.checksum);
                return Reader::fed_by(Box::new(Inflated::new(
                    Deflated::Own(Box::new(part)),
                    checksum,
                    &self.context.budget,
                )));
            }
        };
        decompressed(part, kind, &self.context)
    }

    /// Rejects bytes up to the next header.
    fn damaged(&mut self, batch: &mut Batch, reader: &mut Reader, detail: &str) {
        self.entries.damaged(batch, reader, detail, |reader| {
            let window = reader.head(PIECE);
            let begins = |at: &usize| matches!(window[*at..].get(..4), Some(ENTRY | DIRECTORY));
            let next = memmem::find_iter(&window[1..], b"PK").map(|at| at + 1).find(begins);
            let torn = if window.len() == PIECE { 4 } else { 0 };
            (next.unwrap_or(window.len() - torn), next.is_some())
        });
    }
}

/// Length of what says sizes behind an entry: in 32 or 64 bits, with a mark in front or without one.
fn descriptor(bytes: &[u8]) -> u64 {
    let goes_on = |len: usize| bytes.len() == len || bytes.get(len..).is_some_and(|b| b.starts_with(b"PK"));
    let lengths: &[usize] = if bytes.starts_with(DESCRIPTOR) { &[16, 24] } else { &[12, 20] };
    let found = lengths.iter().find(|len| goes_on(**len));
    // What follows is damaged: the mark is all that tells.
    found.map_or(if bytes.starts_with(DESCRIPTOR) { 16 } else { 0 }, |len| *len as u64)
}

fn is_chapter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xhtml", ".html", ".htm"].iter().any(|e| name.ends_with(e))
}

impl Header {
    /// How many bytes a header takes that begins like this.
    fn len(bytes: &[u8]) -> usize {
        HEADER + u16_at(bytes, 26) as usize + u16_at(bytes, 28) as usize
    }

    /// The header that the bytes begin with, if it is whole.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let len = Self::len(bytes);
        let (name, mut extra) = bytes.get(HEADER..len)?.split_at(u16_at(bytes, 26) as usize);
        let (flags, method, checksum) = (u16_at(bytes, 6), u16_at(bytes, 8), u32_at(bytes, 14));
        let (mut packed, mut unpacked) = (u64::from(u32_at(bytes, 18)), u64::from(u32_at(bytes, 22)));
        while extra.len() >= 4 {
            let size = u16_at(extra, 2) as usize;
            let Some(field) = extra.get(4..4 + size) else { break };
            if u16_at(extra, 0) == 1 {
                // The sizes that do not fit above, in this order.
                let at = if unpacked == u64::from(u32::MAX) { 8 } else { 0 };
                if packed == u64::from(u32::MAX) && field.len() >= at + 8 {
                    packed = u64_at(field, at);
                }
                if at > 0 && field.len() >= at {
                    unpacked = u64_at(field, 0);
                }
            }
            extra = &extra[4 + size..];
        }
        Some(Self { len, flags, method, checksum, packed, unpacked, name: name_of(name) })
    }
}

/// A name: UTF-8, or in the code page of DOS.
fn name_of(bytes: &[u8]) -> String {
    let mut name = String::new();
    match (std::str::from_utf8(bytes), Encoding::for_label("cp437")) {
        (Ok(text), _) => name.push_str(text),
        (_, Some(dos)) => drop(dos.decode_into(bytes, &mut name)),
        _ => name.push_str(&String::from_utf8_lossy(bytes)),
    }
    name
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Where deflated bytes come from: a part of known size, or the archive itself.
enum Deflated {
    Own(Box<Reader>),
    Shared(Shared),
}

impl Deflated {
    /// Calls back with the bytes that are there, and passes over as many as it says.
    fn with(&mut self, each: &mut dyn FnMut(&[u8]) -> usize) {
        let mut take = |reader: &mut Reader| {
            let n = each(reader.window());
            reader.skip(n as u64);
        };
        match self {
            Self::Own(reader) => take(reader),
            Self::Shared(shared) => take(&mut shared.get()),
        }
    }
}

/// What is deflated, up to its end.
struct Inflated {
    from: Deflated,
    inflate: Decompress,
    checksum: Crc,
    wanted: Option<u32>,
    budget: Arc<Budget>,
    ended: bool,
}

impl Inflated {
    fn new(from: Deflated, wanted: Option<u32>, budget: &Arc<Budget>) -> Self {
        let (inflate, checksum) = (Decompress::new(false), Crc::new());
        Self { from, inflate, checksum, wanted, budget: Arc::clone(budget), ended: false }
    }
}

impl Feed for Inflated {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let start = out.len();
        while !self.ended && out.len() == start {
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let (mut result, mut empty) = (Ok(Status::Ok), false);
            let (inflate, room) = (&mut self.inflate, out.room(PIECE));
            self.from.with(&mut |window| {
                empty = window.is_empty();
                result = inflate.decompress(window, room, FlushDecompress::None);
                (inflate.total_in() - before_in) as usize
            });
            let n = (self.inflate.total_out() - before_out) as usize;
            out.filled(n);
            self.checksum.update(&out[start..]);
            self.budget.unpack(n)?;
            let stuck = self.inflate.total_in() == before_in && n == 0;
            match result {
                Ok(Status::StreamEnd) => self.ended = true,
                Ok(_) if stuck && empty => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it breaks off")),
                Ok(_) if stuck => return Err(io::Error::other("it does not unpack")),
                Ok(_) => {}
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
            if self.ended && self.wanted.is_some_and(|wanted| wanted != self.checksum.sum()) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is wrong"));
            }
        }
        Ok(())
    }
}

/// What is stored, up to the place where its size stands.
struct Stored {
    from: Shared,
    read: u64,
    ended: bool,
}

impl Feed for Stored {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        if self.ended {
            return Ok(());
        }
        let mut from = self.from.get();
        let window = from.head(PIECE);
        let tells = |at: &usize| u64::from(u32_at(window, at + 8)) == (self.read + *at as u64) & 0xFFFF_FFFF;
        let end = memmem::find_iter(window, DESCRIPTOR).find(|at| window.len() >= at + 16 && tells(at));
        let torn = if window.len() == PIECE { 24 } else { 0 };
        let n = end.unwrap_or(window.len() - torn);
        out.extend_from_slice(&window[..n]);
        from.skip(n as u64);
        self.read += n as u64;
        self.ended = end.is_some();
        let lost = end.is_none() && torn == 0;
        self.ended |= lost;
        if lost { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "its end is nowhere")) } else { Ok(()) }
    }
}
