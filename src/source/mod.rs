//! Sources: where documents come from.
//!
//! [`Inputs`] walks over files in a fixed order and opens each by its first bytes and its name: decompressed, as a container
//! whose entries are opened in the same way, or as a format that cuts records. A format or a container is one file that
//! implements [`Source`] and one row of [`FORMATS`].

#[cfg(feature = "compress")]
mod ahead;
#[cfg(feature = "parquet")]
mod arrow;
#[cfg(feature = "compress")]
mod bits;
#[cfg(feature = "compress")]
mod brotli;
mod buffer;
#[cfg(feature = "compress")]
mod bzip2;
#[cfg(feature = "parquet")]
mod columns;
#[cfg(feature = "compress")]
mod compress;
mod csv;
mod divide;
mod entries;
#[cfg(feature = "compress")]
mod gzip;
mod html;
mod http;
mod inputs;
mod jsonl;
mod legacy;
mod lenient;
mod limits;
#[cfg(feature = "compress")]
mod lz4;
mod mail;
#[cfg(feature = "compress")]
mod members;
mod mime;
mod namespaces;
mod outlook;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod payload;
mod plain;
mod reader;
mod share;
#[cfg(feature = "object-store")]
mod store;
mod subtitles;
mod tar;
#[cfg(test)]
#[cfg(feature = "compress")]
mod testing;
mod unread;
mod utf16;
#[cfg(feature = "parquet")]
mod values;
mod walk;
mod warc;
mod wiki;
mod wikitext;
#[cfg(feature = "compress")]
mod xz;
#[cfg(feature = "compress")]
mod zip;
#[cfg(feature = "compress")]
mod zip_directory;
#[cfg(feature = "compress")]
mod zstd;

use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "parquet")]
pub use columns::silence_caught_panics;
use compress::{decompressed, kind as compression, told_before};
pub use inputs::{Inputs, Position};
#[cfg(feature = "cli")]
pub(crate) use jsonl::lossy_string;
pub use limits::{Context, Flaw};
pub use outlook::{Outlook, outlook};
pub use reader::Reader;
pub(crate) use share::list_hash;
pub use share::{Share, share};
#[cfg(feature = "object-store")]
pub use store::Object;
#[cfg(feature = "object-store")]
pub(crate) use store::{open_store, runtime};
use unread::unread;
#[cfg(all(feature = "cli", not(feature = "object-store")))]
pub(crate) use walk::without_stores;
pub use walk::{expand, expand_with_links};

use crate::batch::{Batch, Document};
use crate::config::{Config, InputFormat};
use crate::error::{Error, Result};
use crate::reason::{Reason, Skip};

/// The documents of one input, or of one entry of a container.
pub trait Source: Send {
    /// Adds documents to the batch until it holds `target` bytes of payload; false when there are no more.
    ///
    /// What is wrong with the data becomes a rejected document; where documents are cut depends on the input alone. All
    /// that was read belongs to a document, as payload or as structure.
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool;

    /// Bytes that were read, after all decompression; what is in a compressed entry counts in place of its packed bytes.
    fn taken(&self) -> u64;

    /// What ended it too early, if something did.
    fn failure(&self) -> Option<Flaw>;

    /// After a failure: goes on with the first record that begins behind what is damaged. False where there is no way on, and
    /// then the failure stays.
    fn resume(&mut self) -> bool {
        false
    }
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is called in records: the path as given, with `/` between folders.
    pub name: String,
    /// Where it is.
    pub origin: Origin,
}

/// Where an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// An object of a store, or a file of a web server.
    #[cfg(feature = "object-store")]
    Object(Object),
    /// Standard input.
    Stdin,
    /// Found, but no file that can be read; why.
    Unreadable(String),
}

impl Input {
    /// Its size on disk; 0 where that can't be told.
    pub fn size(&self) -> u64 {
        match &self.origin {
            Origin::File(path) => std::fs::metadata(path).map_or(0, |m| m.len()),
            #[cfg(feature = "object-store")]
            Origin::Object(object) => object.size,
            Origin::Stdin | Origin::Unreadable(_) => 0,
        }
    }
}

/// What a format is recognised by.
#[derive(Clone, Copy, Default)]
pub struct Head<'a> {
    /// First bytes, after decompression.
    pub bytes: &'a [u8],
    /// Name without the ending of a compression.
    pub name: &'a str,
    /// `--text-field`; empty where none is named.
    pub text_field: &'a str,
}

impl Head<'_> {
    /// True when the name has one of these endings, in any case.
    fn named(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| ends_with(self.name, ending))
    }
}

/// A row of the registry of formats.
pub struct FormatRow {
    /// Name for `--input-format`.
    pub name: InputFormat,
    /// True when the input is in this format.
    pub matches: fn(&Head<'_>) -> bool,
    /// Opens it.
    pub open: fn(Reader, &Context) -> Box<dyn Source>,
    /// Endings of its name, where what is in it is packed: its bytes on disk do not tell those of its documents.
    pub packed: &'static [&'static str],
}

/// All formats; the first that matches is taken, and the last takes everything.
#[rustfmt::skip]
pub static FORMATS: &[FormatRow] = &[
    FormatRow { name: InputFormat::Warc, matches: warc::matches, open: warc::open, packed: &[] },
    FormatRow { name: InputFormat::Tar, matches: tar::matches, open: tar::open, packed: &[] },
    #[cfg(feature = "compress")]
    FormatRow { name: InputFormat::Zip, matches: zip::matches, open: zip::open, packed: &[".zip", ".epub"] },
    #[cfg(feature = "parquet")]
    FormatRow { name: InputFormat::Parquet, matches: parquet::matches, open: parquet::open, packed: &[".parquet"] },
    #[cfg(feature = "parquet")]
    FormatRow { name: InputFormat::Arrow, matches: arrow::matches, open: arrow::open, packed: &[".arrow", ".arrows", ".feather"] },
    FormatRow { name: InputFormat::Wiki, matches: wiki::matches, open: wiki::open, packed: &[] },
    FormatRow { name: InputFormat::Jsonl, matches: jsonl::matches, open: jsonl::open, packed: &[] },
    FormatRow { name: InputFormat::Csv, matches: csv::matches, open: csv::open, packed: &[] },
    FormatRow { name: InputFormat::Mbox, matches: mail::matches_mailbox, open: mail::open_mailbox, packed: &[] },
    FormatRow { name: InputFormat::Mail, matches: mail::matches_message, open: mail::open_message, packed: &[] },
    FormatRow { name: InputFormat::Subtitles, matches: subtitles::matches, open: subtitles::open, packed: &[] },
    FormatRow { name: InputFormat::Html, matches: html::matches, open: html::open, packed: &[] },
    FormatRow { name: InputFormat::Text, matches: |_| true, open: plain::open, packed: &[] },
];

/// Bytes by which formats are recognised.
const HEAD: usize = 64 << 10;

/// Opens bytes of any kind: decompressed as often as they are compressed, then by the first format that knows them.
fn open_any(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let mut context = context.clone();
    while let Some(kind) = compression(&mut reader, &context.name) {
        let Some(inside) = context.inside(plain_name(&context.name)) else {
            return Box::new(Refused::new(reader, Reason::TooDeep, context.max_document()));
        };
        reader = decompressed(reader, kind, &context);
        context = inside;
    }
    if let (InputFormat::Auto, Some(detail)) = (context.config.input_format, unread(reader.head(HEAD))) {
        return Box::new(Refused::new(reader, Reason::Unsupported, context.max_document()).with(detail));
    }
    match utf16::recognised(&mut reader, &context) {
        (row, None) => (row.open)(reader, &context),
        (row, Some(encoding)) => {
            let source = (row.open)(utf16::in_utf8(reader, encoding), &context);
            Box::new(utf16::Told::new(source, encoding))
        }
    }
}

/// The format that knows an input, or the one that was chosen.
fn format_of(head: &Head<'_>, chosen: InputFormat) -> &'static FormatRow {
    let matches = |f: &&FormatRow| match chosen {
        InputFormat::Auto => (f.matches)(head),
        chosen => f.name == chosen,
    };
    FORMATS.iter().find(matches).unwrap_or(&FORMATS[FORMATS.len() - 1])
}

#[cfg(not(feature = "compress"))]
mod compress {
    //! A build without compression takes all bytes as they are.

    use super::{Context, Reader};

    #[derive(Clone, Copy)]
    pub(super) enum Kind {}

    impl Kind {
        pub(super) fn name(self) -> &'static str {
            match self {}
        }
    }

    pub(super) fn kind(_: &mut Reader, _: &str) -> Option<Kind> {
        None
    }

    pub(super) fn decompressed(_: Reader, kind: Kind, _: &Context) -> Reader {
        match kind {}
    }

    pub(super) fn told_before(_: Reader, kind: Kind, _: u64) -> Option<u64> {
        match kind {}
    }
}

/// The bytes of a file, decompressed once. For commands that look at one file.
///
/// # Errors
/// [`Error::Source`] when it can't be opened.
pub fn open(path: &Path) -> Result<Reader> {
    open_with(path, Config::default())
}

/// The records of a file of an output folder, which may be packed as tightly as they are alike.
pub(crate) fn open_output(path: &Path) -> Result<Reader> {
    open_with(path, Config { max_ratio: 0, ..Config::default() })
}

fn open_with(path: &Path, config: Config) -> Result<Reader> {
    let name = path.display().to_string();
    let origin = if name == "-" { Origin::Stdin } else { Origin::File(path.to_path_buf()) };
    let context = Context::new(Arc::new(config), &name);
    let input = Input { name: name.clone(), origin };
    match inputs::raw(&input, &context, None) {
        Ok(mut reader) => Ok(match compression(&mut reader, &context.name) {
            Some(kind) => decompressed(reader, kind, &context),
            None => reader,
        }),
        Err(error) => Err(Error::source(name, 0, error)),
    }
}

/// Endings of names of compressed files.
const COMPRESSED: [&str; 6] = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".br"];

/// The name without the ending of a compression.
fn plain_name(name: &str) -> &str {
    let ending = COMPRESSED.iter().find(|ending| ends_with(name, ending)).copied();
    &name[..name.len() - ending.map_or(0, str::len)]
}

/// True for the name of a file whose bytes are packed, by what it ends with.
#[cfg(feature = "cli")]
pub(crate) fn is_packed(name: &str) -> bool {
    // Of compressed tape archives, which say both at once.
    const TARRED: [&str; 6] = [".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".tlz4"];
    let formats = FORMATS.iter().flat_map(|format| format.packed).copied();
    COMPRESSED.into_iter().chain(TARRED).chain(formats).chain(unread::packed()).any(|ending| ends_with(name, ending))
}

/// In any case of letters.
fn ends_with(name: &str, ending: &str) -> bool {
    let (name, ending) = (name.as_bytes(), ending.as_bytes());
    name.len() >= ending.len() && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

/// Adds a rejected document with these bytes.
fn reject<'b>(batch: &'b mut Batch, bytes: &[u8], reason: Reason, detail: &str) -> &'b mut Document {
    let detail = batch.push_meta(detail);
    let document = batch.push_document(bytes);
    (document.rejected, document.detail) = (Some(reason), detail);
    document
}

/// Adds a record that is passed over on purpose.
fn skip(batch: &mut Batch, skipped: Skip, bytes: u64) -> &mut Document {
    let document = batch.push_document(&[]);
    (document.skipped, document.structure) = (Some(skipped), bytes);
    document
}

/// Adds bytes that are no record: separators, headers, padding.
fn structure(batch: &mut Batch, bytes: u64) {
    if bytes > 0 {
        let document = batch.push_document(&[]);
        (document.records, document.structure) = (0, bytes);
    }
}

/// Notes that what was kept is not all there was.
fn note_truncated(batch: &mut Batch, why: &str) {
    reject(batch, &[], Reason::Truncated, why).records = 0;
}

/// Notes what ended a source too early; a record of its own only where the source gave none that it could have ended.
fn broken(batch: &mut Batch, flaw: &Flaw, taken: u64, gave_records: bool) {
    let note = reject(batch, &[], flaw.reason, &format!("{flaw} (after {taken} bytes)"));
    note.records = u64::from(!gave_records);
}

/// Rejects bytes as damaged, in pieces of at most so many; those of one record.
fn reject_torn(batch: &mut Batch, bytes: &[u8], most: usize, record: u64, detail: &str) {
    for (part, piece) in bytes.chunks(most).enumerate() {
        let document = reject(batch, piece, Reason::Damaged, detail);
        (document.record, document.part, document.offset) = (record, part as u32, (part * most) as u64);
    }
}

/// What is not opened: all of it is rejected, in pieces.
struct Refused {
    reader: Reader,
    reason: Reason,
    detail: &'static str,
    max: usize,
    part: u32,
}

impl Refused {
    fn new(reader: Reader, reason: Reason, max: usize) -> Self {
        Self { reader, reason, detail: "", max, part: 0 }
    }

    /// With what a person should know.
    fn with(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }
}

impl Source for Refused {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            let mut piece = Vec::new();
            let offset = self.reader.taken();
            self.reader.take_into(&mut piece, self.max);
            if piece.is_empty() {
                return false;
            }
            let document = reject(batch, &piece, self.reason, self.detail);
            (document.part, document.offset) = (self.part, offset);
            self.part += 1;
        }
        true
    }

    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn resume(&mut self) -> bool {
        self.reader.resume().is_some()
    }
}

/// What is passed over: all of it is one record.
struct Passed {
    reader: Reader,
    skipped: Skip,
}

impl Source for Passed {
    fn fill(&mut self, batch: &mut Batch, _: usize) -> bool {
        let bytes = self.reader.skip(u64::MAX);
        skip(batch, self.skipped, bytes);
        false
    }

    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }
}
