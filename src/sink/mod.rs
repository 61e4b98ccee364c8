//! Sinks: from labelled fragments to the files of an output folder.
//!
//! A worker encodes a batch into records ([`Encode`]). In the order of the input the records are appended to the file of
//! their label and cut into blocks; a worker compresses each block; the blocks are written in order ([`Sink`]). Where
//! blocks are cut depends on the records alone, so the bytes are the same for any number of threads and any batch size.

mod card;
mod encode;
mod fields;
mod folder;
mod handles;
mod journal;
mod json;
mod jsonl;
mod ledger;
mod lock;
mod merge;
#[cfg(feature = "parquet")]
mod parquet;
mod read;
mod record;
mod shard;
mod text;
#[cfg(feature = "object-store")]
mod upload;

use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;
#[cfg(feature = "compress")]
use std::sync::{Mutex, PoisonError};

pub(crate) use card::card;
use fields::Field;
pub(crate) use fields::{check as check_columns, chosen as chosen_columns, tell_sources};
#[cfg(feature = "cli")]
pub(crate) use folder::may_be_made;
pub use folder::{Existing, Folder, partial};
pub(crate) use journal::{Account, Journal, differing, write_whole};
pub use ledger::{Id, InputSums, JobList, Ledger, OutputFile, PaperFile, Sums};
pub use merge::merge;
pub(crate) use read::{each_record, is_text};
pub(crate) use record::{document_id, hex, record_id};
pub use shard::Shards;
#[cfg(feature = "object-store")]
pub use upload::Upload;

use crate::batch::Batch;
use crate::config::{Config, Format};
use crate::error::{Error, Result};
use crate::lang::Label;
use crate::repair::Repairs;
use crate::report::Report;
use crate::source::Input;

/// The file a record goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The corpus of a label.
    Label(Label),
    /// The rejects.
    Rejects,
}

/// A batch as records, ready to be appended to files.
#[derive(Debug, Default)]
pub struct Encoded {
    /// The records, one after the other.
    pub bytes: Vec<u8>,
    /// Where each goes, where it ends and what its id is, in order.
    pub records: Vec<(Target, usize, Id)>,
    /// What became of the bytes of each input.
    pub sums: Vec<(u32, Sums)>,
    /// Counters.
    pub report: Report,
    /// Repairs of which the report of the run had examples enough when the batch was handed out.
    pub(crate) shown: Repairs,
}

impl Encoded {
    fn clear(&mut self) {
        self.bytes.clear();
        self.records.clear();
        self.sums.clear();
        self.report = Report::default();
    }
}

/// Turns a batch into records. Immutable and shared by all workers.
pub trait Encode: Send + Sync {
    /// Encodes all documents of a batch; `inputs` are those its documents count.
    fn encode(&self, batch: &Batch, inputs: &[Input], out: &mut Encoded);
}

/// Takes encoded batches in the order of the input.
pub trait Sink {
    /// Appends the records; blocks that are full now go to `blocks`.
    fn append(&mut self, encoded: &Encoded, blocks: &mut Vec<Block>);

    /// Ends all files; what is left in them goes to `blocks`.
    fn flush(&mut self, blocks: &mut Vec<Block>);

    /// Writes a packed block. Blocks come in the order in which they were handed out.
    ///
    /// # Errors
    /// [`Error::Sink`] when it can't be written.
    fn write(&mut self, block: Block) -> Result<()>;

    /// Closes the files and says what is in them.
    ///
    /// # Errors
    /// [`Error::Sink`] when they can't be closed.
    fn finish(&mut self) -> Result<Vec<OutputFile>>;
}

/// A stretch of one output file.
#[derive(Debug)]
pub struct Block {
    part: usize,
    bytes: Vec<u8>,
    packing: Packing,
    /// What it leaves behind for the end of its file.
    trace: Vec<u8>,
}

impl Block {
    /// True when packing it changes it.
    pub fn is_loose(&self) -> bool {
        self.packing != Packing::None
    }
}

/// How the blocks of a file are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// A zstd frame each.
    Zstd,
    /// A gzip member each.
    Gzip,
    /// A row group each.
    Parquet,
}

impl Packing {
    /// True where a file is still whole when another is put behind it.
    fn joins(self) -> bool {
        !matches!(self, Self::Parquet)
    }

    /// Sizes between which blocks grow with their file, so that many small corpora take little memory and large ones
    /// compress well.
    fn block(self) -> RangeInclusive<u64> {
        match self {
            Self::Parquet => 256 << 10..=4 << 20,
            _ => 64 << 10..=256 << 10,
        }
    }

    /// What stands before the first block of a file.
    fn head(self) -> &'static [u8] {
        #[cfg(feature = "parquet")]
        if self == Self::Parquet {
            return parquet::MAGIC;
        }
        &[]
    }

    /// What stands behind the last block of a file, made of what all its blocks left behind.
    fn foot(self, traces: &[Vec<u8>]) -> io::Result<Vec<u8>> {
        #[cfg(feature = "parquet")]
        if self == Self::Parquet {
            return parquet::directory(traces);
        }
        Ok(traces.concat())
    }
}

/// Packs blocks, each independently of all others. Immutable and shared by all workers.
pub struct Packer {
    level: u8,
    #[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "only tables have columns"))]
    fields: Vec<Field>,
    /// Compressors that wait for a block: the tables of one are made ready once.
    #[cfg(feature = "compress")]
    idle: Mutex<Vec<zstd::bulk::Compressor<'static>>>,
}

impl Packer {
    /// For the blocks of a run.
    pub fn new(config: &Config) -> Self {
        Self {
            level: config.level,
            fields: fields::fields(config),
            #[cfg(feature = "compress")]
            idle: Mutex::default(),
        }
    }

    /// Packs a block.
    ///
    /// # Errors
    /// [`Error::Sink`] when the compressor has no memory.
    pub fn pack(&self, mut block: Block) -> Result<Block> {
        (block.bytes, block.trace) = self.packed(&block).map_err(|e| Error::sink("a block", e))?;
        Ok(block)
    }

    /// The bytes, and what is left behind.
    #[cfg(feature = "compress")]
    fn packed(&self, block: &Block) -> io::Result<(Vec<u8>, Vec<u8>)> {
        use std::io::Write;
        match block.packing {
            Packing::None => Ok((block.bytes.clone(), Vec::new())),
            Packing::Zstd => Ok((self.frame(&block.bytes)?, Vec::new())),
            Packing::Gzip => {
                let level = flate2::Compression::new(u32::from(self.level));
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(&block.bytes)?;
                Ok((encoder.finish()?, Vec::new()))
            }
            #[cfg(feature = "parquet")]
            Packing::Parquet => parquet::row_group(&block.bytes, &self.fields, self.level),
            #[cfg(not(feature = "parquet"))]
            Packing::Parquet => Err(io::Error::other("this build can't write Parquet")),
        }
    }

    /// A zstd frame. What a compressor did before does not show in it.
    #[cfg(feature = "compress")]
    fn frame(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().pop();
        let mut compressor = match waiting {
            Some(compressor) => compressor,
            None => {
                let mut new = zstd::bulk::Compressor::new(i32::from(self.level))?;
                new.include_checksum(true)?;
                new
            }
        };
        let frame = compressor.compress(bytes)?;
        idle().push(compressor);
        Ok(frame)
    }

    /// [`Config::validate`] lets no packed format pass in a build without compression.
    #[cfg(not(feature = "compress"))]
    fn packed(&self, _: &Block) -> io::Result<(Vec<u8>, Vec<u8>)> {
        Err(io::Error::other(format!("this build can't compress, at level {} or any other", self.level)))
    }
}

/// A format of output files.
pub struct SinkRow {
    /// Name for `--format`.
    pub format: Format,
    /// Ending of the file names of corpora.
    pub ending: &'static str,
    /// How their blocks are packed.
    pub packing: Packing,
    /// Ending of the file names of rejects, which are JSON lines.
    pub rejects: &'static str,
    /// How their blocks are packed.
    pub rejects_packing: Packing,
    /// Makes the encoder.
    pub encode: fn(&Config) -> Box<dyn Encode>,
}

/// A row of [`SINKS`].
const fn row(
    format: Format,
    ending: &'static str,
    packing: Packing,
    rejects: (&'static str, Packing),
    encode: fn(&Config) -> Box<dyn Encode>,
) -> SinkRow {
    SinkRow { format, ending, packing, rejects: rejects.0, rejects_packing: rejects.1, encode }
}

/// All formats.
#[rustfmt::skip]
pub static SINKS: &[SinkRow] = &[
    row(Format::JsonlZst, "jsonl.zst", Packing::Zstd,    ("jsonl.zst", Packing::Zstd), jsonl::open),
    row(Format::JsonlGz,  "jsonl.gz",  Packing::Gzip,    ("jsonl.gz",  Packing::Gzip), jsonl::open),
    row(Format::Jsonl,    "jsonl",     Packing::None,    ("jsonl",     Packing::None), jsonl::open),
    row(Format::Parquet,  "parquet",   Packing::Parquet, ("jsonl.zst", Packing::Zstd), jsonl::open),
    row(Format::Txt,      "txt",       Packing::None,    ("jsonl",     Packing::None), text::open),
    row(Format::TxtZst,   "txt.zst",   Packing::Zstd,    ("jsonl.zst", Packing::Zstd), text::open),
];

/// The row of a format.
pub fn sink_row(format: Format) -> &'static SinkRow {
    SINKS.iter().find(|r| r.format == format).unwrap_or(&SINKS[0])
}

/// How the blocks of a file of an output folder are packed, by its name.
fn packing_of(path: &str) -> Option<Packing> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (_, ending) = name.split_once('.')?;
    let rows = SINKS.iter().flat_map(|row| [(row.ending, row.packing), (row.rejects, row.rejects_packing)]);
    rows.into_iter().find(|(known, _)| *known == ending).map(|(_, packing)| packing)
}

/// The encoder of a configuration.
pub fn encoder(config: &Config) -> Box<dyn Encode> {
    (sink_row(config.format).encode)(config)
}

/// Path of one of a target's files in an output folder, and how its blocks are packed.
fn file_of(target: Target, number: u32, format: Format) -> (PathBuf, Packing) {
    let row = sink_row(format);
    match target {
        Target::Label(label) => (PathBuf::from(format!("data/{label}/part-{number:05}.{}", row.ending)), row.packing),
        Target::Rejects => (PathBuf::from(format!("rejects/part-{number:05}.{}", row.rejects)), row.rejects_packing),
    }
}

#[cfg(all(test, feature = "compress"))]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_tells_how_it_is_packed() {
        let label = "eng_Latn".parse().unwrap();
        for row in SINKS {
            for target in [Target::Label(label), Target::Rejects] {
                let (path, packing) = file_of(target, 7, row.format);
                assert_eq!(packing_of(path.to_str().unwrap()), Some(packing), "{path:?}");
            }
        }
        assert_eq!(packing_of("data/eng_Latn/README"), None);
    }

    #[test]
    fn what_a_compressor_did_before_does_not_show() {
        let block = |bytes: &str| Block {
            part: 0,
            bytes: bytes.as_bytes().to_vec(),
            packing: Packing::Zstd,
            trace: Vec::new(),
        };
        let text = |seed: usize, words: usize| -> String {
            (0..words).map(|i| format!("{} ", (i * i + seed * 7919) % (61 * seed + 1000))).collect()
        };
        let texts: Vec<String> = [10, 40_000, 3, 900, 25_000].iter().enumerate().map(|(i, n)| text(i, *n)).collect();
        let used = Packer::new(&Config::default());
        for text in texts.iter().chain(texts.iter().rev()).cycle().take(60) {
            let fresh = Packer::new(&Config::default()).pack(block(text)).unwrap();
            assert_eq!(used.pack(block(text)).unwrap().bytes, fresh.bytes);
        }
    }
}
