//! Sources: where documents come from.
//!
//! [`Inputs`] walks over files in a fixed order, opens each by its first bytes and its name, and fills batches. A format
//! is one file that implements [`Source`] and one row of [`FORMATS`].

#[cfg(feature = "compress")]
mod compress;
mod html;
mod jsonl;
mod plain;
mod reader;
mod walk;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "cli")]
pub(crate) use jsonl::lossy_string;
pub use reader::Reader;
pub use walk::expand;

use crate::batch::{Batch, Document};
use crate::config::{Config, InputFormat};
use crate::error::{Error, Result};
use crate::reason::Reason;

/// The documents of one input.
pub trait Source: Send {
    /// Adds documents to the batch until it holds `target` bytes of payload; false when there are no more.
    ///
    /// What is wrong with the data becomes a rejected document; where documents are cut depends on the input alone.
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool;

    /// What is being read.
    fn reader(&self) -> &Reader;
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
    /// Standard input.
    Stdin,
    /// Found, but no file that can be read; why.
    Unreadable(String),
}

/// What a format is recognised by.
pub struct Head<'a> {
    /// First bytes, after decompression.
    pub bytes: &'a [u8],
    /// Name without the ending of a compression.
    pub name: &'a str,
}

/// A row of the registry of formats.
pub struct FormatRow {
    /// Name for `--input-format`.
    pub name: InputFormat,
    /// True when the input is in this format.
    pub matches: fn(&Head<'_>) -> bool,
    /// Opens it.
    pub open: fn(Reader, &Config) -> Box<dyn Source>,
}

/// All formats; the first that matches is taken, and the last takes everything.
pub static FORMATS: &[FormatRow] = &[
    FormatRow { name: InputFormat::Jsonl, matches: jsonl::matches, open: jsonl::open },
    FormatRow { name: InputFormat::Html, matches: html::matches, open: html::open },
    FormatRow { name: InputFormat::Text, matches: |_| true, open: plain::open },
];

/// Bytes by which formats are recognised.
const HEAD: usize = 64 << 10;

/// All inputs of a run, one after the other.
pub struct Inputs<'a> {
    config: &'a Config,
    inputs: &'a [Input],
    next: usize,
    current: Option<Box<dyn Source>>,
    disk: Arc<AtomicU64>,
}

impl<'a> Inputs<'a> {
    /// Over these inputs; `disk` counts the bytes that are taken from them as they are on disk.
    pub fn new(inputs: &'a [Input], config: &'a Config, disk: Arc<AtomicU64>) -> Self {
        Self { config, inputs, next: 0, current: None, disk }
    }

    /// Fills a batch; false when everything has been read and the batch is empty.
    ///
    /// # Errors
    /// With `strict`, [`Error::Source`] for an input that is damaged or can't be read.
    pub fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        batch.clear();
        let target = self.config.batch_size.0 as usize;
        while !batch.is_full(target) {
            let Some(source) = &mut self.current else {
                let Some(input) = self.inputs.get(self.next) else { break };
                self.next += 1;
                self.current = self.open(input, batch)?;
                continue;
            };
            let index = (self.next - 1) as u32;
            let (first, before) = (batch.documents.len(), source.reader().taken());
            let more = source.fill(batch, target);
            batch.documents[first..].iter_mut().for_each(|d| d.input = index);
            batch.read.push((index, source.reader().taken() - before));
            if more {
                continue;
            }
            let reader = source.reader();
            if let Some(error) = reader.failure() {
                let detail = format!("{error} (after {} bytes)", reader.taken());
                self.reject(batch, index, Reason::Damaged, &detail)?;
            }
            self.current = None;
        }
        Ok(!batch.documents.is_empty() || !batch.read.is_empty())
    }

    fn open(&self, input: &Input, batch: &mut Batch) -> Result<Option<Box<dyn Source>>> {
        let index = (self.next - 1) as u32;
        batch.read.push((index, 0));
        match reader(input, Some(&self.disk)) {
            Ok(mut reader) => {
                let name = plain_name(&input.name);
                let head = Head { bytes: reader.head(HEAD), name };
                let matches = |f: &&FormatRow| match self.config.input_format {
                    InputFormat::Auto => (f.matches)(&head),
                    chosen => f.name == chosen,
                };
                Ok(FORMATS.iter().find(matches).map(|f| (f.open)(reader, self.config)))
            }
            Err(error) => self.reject(batch, index, Reason::Unreadable, &error.to_string()).map(|()| None),
        }
    }

    /// Notes that an input is bad as a whole, or from some point on.
    fn reject(&self, batch: &mut Batch, index: u32, reason: Reason, detail: &str) -> Result<()> {
        if self.config.strict {
            let name = &self.inputs[index as usize].name;
            return Err(Error::source(name, 0, io::Error::other(detail.to_owned())));
        }
        reject(batch, &[], reason, detail).input = index;
        Ok(())
    }
}

/// Opens an input for reading, decompressed.
fn reader(input: &Input, disk: Option<&Arc<AtomicU64>>) -> io::Result<Reader> {
    let raw: Box<dyn Read + Send> = match &input.origin {
        Origin::File(path) => Box::new(std::fs::File::open(path)?),
        Origin::Stdin => Box::new(io::stdin()),
        Origin::Unreadable(why) => return Err(io::Error::other(why.clone())),
    };
    decompressed(Reader::new(match disk {
        Some(disk) => Box::new(Counted { inner: raw, count: Arc::clone(disk) }),
        None => raw,
    }))
}

/// Adds what is read to a counter.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(feature = "compress")]
fn decompressed(reader: Reader) -> io::Result<Reader> {
    compress::decompressed(reader)
}

#[cfg(not(feature = "compress"))]
fn decompressed(reader: Reader) -> io::Result<Reader> {
    Ok(reader)
}

/// The bytes of a file as `run` would see them: decompressed. For commands that look at one file.
///
/// # Errors
/// [`Error::Source`] when it can't be opened.
pub fn open(path: &Path) -> Result<Reader> {
    let name = path.display().to_string();
    let origin = if name == "-" { Origin::Stdin } else { Origin::File(path.to_path_buf()) };
    reader(&Input { name: name.clone(), origin }, None).map_err(|e| Error::source(name, 0, e))
}

/// The name without the ending of a compression.
fn plain_name(name: &str) -> &str {
    [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|e| name.strip_suffix(e)).unwrap_or(name)
}

/// Adds a rejected document with these bytes.
fn reject<'b>(batch: &'b mut Batch, bytes: &[u8], reason: Reason, detail: &str) -> &'b mut Document {
    let detail = batch.push_meta(detail);
    let document = batch.push_document(bytes);
    (document.rejected, document.detail) = (Some(reason), detail);
    document
}
