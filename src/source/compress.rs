//! Decompression by magic bytes: gzip (also many members), bzip2, xz, zstd (also many frames), lz4; brotli by name.

use std::io::{self, Read};
use std::sync::Arc;

use super::brotli::Brotli;
use super::buffer::Buffer;
use super::bzip2::Blocks;
use super::gzip::Gzip;
use super::limits::{Budget, Context};
use super::lz4::Lz4;
use super::members::{self, Members, PIECE};
use super::reader::{Feed, Reader, append};
use super::xz::{self, Xz};
use super::zstd::Zstd;

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Lz4,
    Brotli,
}

impl Kind {
    /// Name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Brotli => "brotli",
        }
    }
}

/// How the bytes are compressed, if they are.
pub(super) fn kind(reader: &mut Reader, name: &str) -> Option<Kind> {
    match reader.head(10) {
        [0x1F, 0x8B, 8, ..] => Some(Kind::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Some(Kind::Bzip2),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Xz),
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Kind::Zstd),
        [0x04, 0x22, 0x4D, 0x18, ..] => Some(Kind::Lz4),
        // It has no magic bytes.
        [_, ..] if name.ends_with(".br") => Some(Kind::Brotli),
        _ => None,
    }
}

/// The same bytes, decompressed.
pub(super) fn decompressed(reader: Reader, kind: Kind, context: &Context) -> Reader {
    let feed: Box<dyn Feed> = match kind {
        Kind::Gzip => Box::new(Members::<Gzip>::new(reader, context)),
        Kind::Zstd => Box::new(Members::<Zstd>::new(reader, context)),
        Kind::Bzip2 => Box::new(Blocks::new(reader, context)),
        Kind::Xz => Box::new(Members::<Xz>::new(reader, context)),
        Kind::Lz4 => Box::new(Lz4::new(reader, &context.budget)),
        Kind::Brotli => Box::new(Brotli::new(reader, &context.budget)),
    };
    Reader::fed_by(feed)
}

/// An entry of a zip archive that is packed by LZMA, of so many bytes where it has no mark at its end.
pub(super) fn lzma(reader: Reader, unpacked: Option<u64>, budget: &Arc<Budget>) -> Reader {
    let alone = Alone { reader, unpacked: unpacked.unwrap_or(u64::MAX), front: None };
    let inner: Box<dyn Read + Send> = match liblzma::stream::Stream::new_lzma_decoder(xz::MEMORY) {
        Ok(stream) => Box::new(liblzma::read::XzDecoder::new_stream(alone, stream)),
        Err(error) => Box::new(Broken(Some(error.into()))),
    };
    Reader::fed_by(Box::new(Unpacked { inner, budget: Arc::clone(budget) }))
}

/// A stream of LZMA as its decoder wants it. In front of it zip has a version, the length of the properties and these; the
/// decoder wants the properties and the size. Nothing is read before it is asked for: the archive has the reader until then.
struct Alone {
    reader: Reader,
    unpacked: u64,
    front: Option<io::Cursor<Vec<u8>>>,
}

impl Read for Alone {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        const HEAD: usize = 9;
        if self.front.is_none() {
            let [_, _, 5, 0, properties @ ..] = self.reader.head(HEAD) else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a broken header of LZMA"));
            };
            self.front = Some(io::Cursor::new([properties, &self.unpacked.to_le_bytes()].concat()));
            self.reader.skip(HEAD as u64);
        }
        match self.front.as_mut().map_or(Ok(0), |front| front.read(out))? {
            0 => self.reader.read(out),
            n => Ok(n),
        }
    }
}

/// Bytes that the first `place` bytes of a file unpack to, where its members say it.
pub(super) fn told_before(file: Reader, kind: Kind, place: u64) -> Option<u64> {
    match kind {
        Kind::Gzip => members::told_before::<Gzip>(file, place),
        Kind::Zstd => members::told_before::<Zstd>(file, place),
        _ => None,
    }
}

/// What a decoder of the standard library's kind unpacks.
struct Unpacked {
    inner: Box<dyn Read + Send>,
    budget: Arc<Budget>,
}

impl Feed for Unpacked {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let n = append(&mut self.inner, out, PIECE)?;
        self.budget.unpack(n)
    }
}

/// A decoder that could not be made.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
