//! A first look at what a Parquet file says of itself. The crate that reads it reserves what is said and goes as deep as is
//! said, so all that is absurd is found here, before.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::reader::Length;

use super::super::Flaw;
use super::super::columns::damaged;
use super::File;
use super::thrift::{LIST, STRUCT, Thrift};
use crate::reason::Reason;

/// Columns in each other.
const DEPTH: usize = 40;
/// Bytes that a row group takes in a directory at least.
const GROUP: usize = 16;
/// Values that a page of a column with several values a row may have whatever its size: all may be those of one row.
const VALUES: u64 = 1 << 22;
/// Bytes that the header of a page may take: smallest and largest value are told in it.
const HEADERS: [u64; 3] = [512, 64 << 10, 4 << 20];

/// Looks at the directory.
pub(super) fn directory(bytes: &[u8]) -> Result<(), Flaw> {
    let mut encrypted = false;
    let mut thrift = Thrift::new(bytes);
    let sound = thrift.fields(|thrift, id, kind| match (id, kind) {
        (2, LIST) => schema(thrift).map(|()| true),
        (4, LIST) => {
            // A look at the list alone: its elements are read as any list of structures.
            let mut ahead = Thrift::new(&bytes[thrift.at()..]);
            (ahead.list()?.0 <= bytes.len() / GROUP + 1).then_some(false)
        }
        (8, STRUCT) => {
            encrypted = true;
            Some(false)
        }
        _ => Some(false),
    });
    if encrypted {
        return Err(Flaw { reason: Reason::Encrypted, detail: "columns of it are encrypted".to_owned() });
    }
    sound.ok_or_else(|| damaged("its directory makes no sense"))
}

/// The tree of columns, which stands there flat: how many follow below each.
fn schema(thrift: &mut Thrift<'_>) -> Option<()> {
    let (len, STRUCT) = thrift.list()? else { return None };
    let mut open: Vec<i64> = Vec::new();
    for _ in 0..len {
        let mut children = 0;
        thrift.fields(|thrift, id, _| {
            if id != 5 {
                return Some(false);
            }
            children = thrift.number()?;
            Some(true)
        })?;
        if let Some(last) = open.last_mut() {
            *last -= 1;
        }
        if !(0..=len as i64).contains(&children) {
            return None;
        }
        if children > 0 {
            open.push(children);
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if open.len() > DEPTH {
            return None;
        }
    }
    open.is_empty().then_some(())
}

/// What a column of a row group says of itself.
#[derive(Default)]
pub(super) struct Chunk {
    /// Bytes of its pages when they are unpacked.
    pub(super) unpacked: u64,
    /// Bytes that a value takes where values are largest.
    pub(super) heaviest: u64,
}

/// How a column of a row group is to be looked at.
pub(super) struct Look {
    pub(super) range: Range<u64>,
    pub(super) packing: Compression,
    /// It may have several values a row.
    pub(super) repeated: bool,
    /// Largest page.
    pub(super) max: u64,
}

impl Look {
    /// Looks at the headers of all pages.
    pub(super) fn at(&self, file: &File) -> Result<Chunk, Flaw> {
        let mut chunk = Chunk::default();
        let mut at = self.range.start;
        if matches!(self.packing, Compression::BROTLI(_) | Compression::LZO) {
            return Err(Flaw { reason: Reason::Unsupported, detail: "packed by Brotli or LZO".to_owned() });
        }
        if self.range.end > file.len() {
            return Err(damaged("the file ends before it"));
        }
        while at < self.range.end {
            let page =
                Page::read(file, at, self.range.end)?.ok_or_else(|| damaged("the header of a page is broken"))?;
            let data = at + page.header;
            at = data + page.packed;
            if at > self.range.end {
                return Err(damaged("a page ends behind its column"));
            }
            if page.unpacked.max(page.packed) > self.max {
                let detail = format!("a page of {} bytes, more than --max-held", page.unpacked.max(page.packed));
                return Err(Flaw { reason: Reason::TooLong, detail });
            }
            if self.repeated && page.values > VALUES && page.values > 64 * page.unpacked {
                let detail = format!("a page of {} values in {} bytes", page.values, page.unpacked);
                return Err(Flaw { reason: Reason::Bomb, detail });
            }
            self.weigh(file, data, &page)?;
            chunk.unpacked += page.unpacked;
            chunk.heaviest = chunk.heaviest.max(page.unpacked.checked_div(page.values).unwrap_or(0));
        }
        Ok(chunk)
    }

    /// Two kinds of pages are unpacked to their end whatever their header says: they are unpacked once to see.
    fn weigh(&self, file: &File, at: u64, page: &Page) -> Result<(), Flaw> {
        if page.packed * 1100 <= page.unpacked.max(1 << 20) {
            return Ok(());
        }
        let bytes = |n: u64| file.bytes(at, n.min(page.packed)).map_err(damaged);
        let mut from: Box<dyn Read> = match self.packing {
            Compression::GZIP(_) => Box::new(flate2::read::MultiGzDecoder::new(std::io::Cursor::new(bytes(u64::MAX)?))),
            Compression::LZ4 if bytes(4)?.as_ref() == [0x04, 0x22, 0x4D, 0x18] => {
                Box::new(lz4_flex::frame::FrameDecoder::new(std::io::Cursor::new(bytes(u64::MAX)?)))
            }
            _ => return Ok(()),
        };
        let unpacked = std::io::copy(&mut from.by_ref().take(page.unpacked + 1), &mut std::io::sink());
        match unpacked {
            Ok(n) if n <= page.unpacked => Ok(()),
            Ok(_) => Err(Flaw { reason: Reason::Bomb, detail: "a page unpacks to more than it says".to_owned() }),
            Err(error) => Err(damaged(error)),
        }
    }
}

/// The header of a page.
#[derive(Default)]
struct Page {
    header: u64,
    packed: u64,
    unpacked: u64,
    values: u64,
}

impl Page {
    fn read(file: &File, at: u64, end: u64) -> Result<Option<Self>, Flaw> {
        for most in HEADERS {
            let bytes = file.bytes(at, most.min(end - at)).map_err(damaged)?;
            if let Some(page) = Self::parse(&bytes) {
                return Ok(Some(page));
            }
            if end - at <= most {
                break;
            }
        }
        Ok(None)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut page = Self::default();
        let mut thrift = Thrift::new(bytes);
        thrift.fields(|thrift, id, kind| {
            match (id, kind) {
                (2, _) => page.unpacked = u64::try_from(thrift.number()?).ok()?,
                (3, _) => page.packed = u64::try_from(thrift.number()?).ok()?,
                // Those of data; a dictionary has its values besides.
                (5 | 8, STRUCT) => thrift.fields(|thrift, id, _| {
                    if id != 1 {
                        return Some(false);
                    }
                    page.values = u64::try_from(thrift.number()?).ok()?;
                    Some(true)
                })?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        page.header = thrift.at() as u64;
        Some(page)
    }
}

/// Bytes of a file on disk.
pub(super) fn on_disk(file: &std::fs::File, at: u64, len: u64) -> std::io::Result<Bytes> {
    let mut file = file;
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(len as usize);
    file.take(len).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < len {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes.into())
}
