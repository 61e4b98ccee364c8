//! Sinks: from labelled fragments to the files of an output folder.
//!
//! A worker encodes a batch into records ([`Encode`]). In the order of the input the records are appended to the file of
//! their label and cut into blocks; a worker compresses each block; the blocks are written in order ([`Sink`]). Where
//! blocks are cut depends on the records alone, so the bytes are the same for any number of threads and any batch size.

mod card;
mod encode;
mod folder;
mod handles;
mod journal;
mod json;
mod jsonl;
mod ledger;
mod lock;
mod merge;
mod record;
mod shard;
mod text;

use std::path::PathBuf;

pub(crate) use card::card;
pub use folder::{Existing, Folder, partial};
pub(crate) use journal::{Account, Journal, differing, write_whole};
pub use ledger::{InputSums, JobList, Ledger, OutputFile, Sums};
pub use merge::merge;
pub(crate) use record::hex;
pub use shard::Shards;

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
    /// Where each goes and where it ends, in order.
    pub records: Vec<(Target, usize)>,
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
}

impl Block {
    /// Compresses it, independently of all other blocks, as the format says.
    ///
    /// # Errors
    /// [`Error::Sink`] when the compressor has no memory.
    pub fn pack(mut self, format: Format, level: u8) -> Result<Self> {
        if format.is_compressed() {
            self.bytes = pack(&self.bytes, format, level).map_err(|e| Error::sink("a block", e))?;
        }
        Ok(self)
    }
}

/// A format of output files.
pub struct SinkRow {
    /// Name for `--format`.
    pub format: Format,
    /// Ending of the file names of corpora.
    pub ending: &'static str,
    /// Ending of the file names of rejects.
    pub rejects: &'static str,
    /// Makes the encoder.
    pub encode: fn(&Config) -> Box<dyn Encode>,
}

/// All formats.
pub static SINKS: &[SinkRow] = &[
    SinkRow { format: Format::JsonlZst, ending: "jsonl.zst", rejects: "jsonl.zst", encode: jsonl::open },
    SinkRow { format: Format::JsonlGz, ending: "jsonl.gz", rejects: "jsonl.gz", encode: jsonl::open },
    SinkRow { format: Format::Jsonl, ending: "jsonl", rejects: "jsonl", encode: jsonl::open },
    SinkRow { format: Format::Txt, ending: "txt", rejects: "jsonl", encode: text::open },
];

/// The row of a format.
pub fn sink_row(format: Format) -> &'static SinkRow {
    SINKS.iter().find(|r| r.format == format).unwrap_or(&SINKS[0])
}

/// The encoder of a configuration.
pub fn encoder(config: &Config) -> Box<dyn Encode> {
    (sink_row(config.format).encode)(config)
}

#[cfg(feature = "compress")]
fn pack(bytes: &[u8], format: Format, level: u8) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    match format {
        Format::JsonlZst => {
            let mut compressor = zstd::bulk::Compressor::new(i32::from(level))?;
            compressor.include_checksum(true)?;
            compressor.compress(bytes)
        }
        Format::JsonlGz => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(u32::from(level)));
            encoder.write_all(bytes)?;
            encoder.finish()
        }
        Format::Jsonl | Format::Txt => Ok(bytes.to_vec()),
    }
}

/// [`Config::validate`] lets no compressed format pass in a build without compression.
#[cfg(not(feature = "compress"))]
fn pack(_: &[u8], format: Format, _: u8) -> std::io::Result<Vec<u8>> {
    Err(std::io::Error::other(format!("this build can't write {}", format.name())))
}

/// Path of one of a target's files in an output folder.
fn path_of(target: Target, number: u32, format: Format) -> PathBuf {
    let row = sink_row(format);
    match target {
        Target::Label(label) => PathBuf::from(format!("data/{label}/part-{number:05}.{}", row.ending)),
        Target::Rejects => PathBuf::from(format!("rejects/part-{number:05}.{}", row.rejects)),
    }
}
