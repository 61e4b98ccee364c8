//! The journal of a folder in the making: what it takes to go on from where an interrupted run had come to.
//!
//! A snapshot is taken between two batches: how far reading is, all counters, and the records that wait for their block to
//! be full. Once the blocks handed out before it are written and on the disk, it takes the place of the one before, as a
//! whole: that is a commit. What stands in the files beyond the last commit is cut off when a run is resumed. When
//! commits are made does not show in the output.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::sync_folder;
use super::shard::PartState;
use super::{Encoded, InputSums, JobList, Ledger, Shards, hex};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::report::{Paper, Report};
use crate::source::{Input, Origin, Position};

/// Its name in the folder.
pub(super) const JOURNAL: &str = "journal";

/// Bytes of an input that are looked at to tell whether it is the same.
const HEAD: u64 = 64 << 10;

/// How many times as long as a commit took a run goes on before the next.
const PAUSE: u32 = 20;

/// What a run has done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Account {
    /// How far reading is.
    pub position: Position,
    /// The counters.
    pub report: Report,
    /// The sums, without outputs.
    pub ledger: Ledger,
}

impl Account {
    /// Before anything was read of these inputs.
    pub fn new(inputs: &[Input], job: Option<JobList>, columns: Vec<String>) -> Self {
        let path = |i: &Input| InputSums { path: i.name.clone(), ..InputSums::default() };
        let inputs = inputs.iter().map(path).collect();
        let ledger = Ledger { version: 1, job, inputs, columns, ..Ledger::default() };
        Self { ledger, ..Self::default() }
    }

    /// Adds a batch, the one that reading was at this position after.
    pub fn add(&mut self, encoded: &Encoded, position: Position) {
        self.position = position;
        self.report.merge(&encoded.report);
        for (input, sums) in &encoded.sums {
            self.ledger.inputs[*input as usize].sums.add(sums);
            self.ledger.total.add(sums);
        }
    }
}

/// A line of JSON. Behind it stand the records that wait, compressed.
#[derive(Serialize, Deserialize)]
struct Entry {
    babelsift: String,
    configuration: Config,
    #[serde(flatten)]
    account: Account,
    /// Inputs that were begun.
    begun: Vec<Option<Fingerprint>>,
    parts: Vec<PartState>,
}

/// What tells an input from another of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fingerprint {
    bytes: u64,
    /// Seconds since 1970, and billionths.
    modified: (u64, u32),
    /// SHA-256 of its first bytes.
    head: String,
}

/// Keeps the journal of a run.
pub struct Journal<'a> {
    folder: PathBuf,
    inputs: &'a [Input],
    config: &'a Config,
    begun: Vec<Option<Fingerprint>>,
    last: Instant,
    /// Time that the last commit took.
    cost: Duration,
    /// A snapshot, the records that wait, and how many blocks must be written before it can be committed.
    waiting: Option<(Entry, Vec<u8>, u64)>,
}

impl<'a> Journal<'a> {
    /// Of a run over these inputs into this folder.
    pub fn new(folder: &Path, inputs: &'a [Input], config: &'a Config) -> Self {
        let (folder, last) = (folder.to_path_buf(), Instant::now());
        Self { folder, inputs, config, begun: Vec::new(), last, cost: Duration::ZERO, waiting: None }
    }

    /// What an interrupted run had done in this folder, if there is a journal; brings the files back to that.
    ///
    /// # Errors
    /// [`Error::Config`] says what differs when the settings or inputs are others now, or the files not those that were
    /// written; [`Error::Sink`] when they can't be read or cut.
    pub fn resume(&mut self, shards: &mut Shards) -> Result<Option<Account>> {
        let path = self.folder.join(JOURNAL);
        let bytes = match fs::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|e| Error::sink(&path, e))?,
        };
        let line = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
        let entry: Entry =
            serde_json::from_slice(&bytes[..line]).map_err(|e| self.refused(&format!("the journal: {e}")))?;
        if let Some(what) = self.difference(&entry) {
            return Err(self.refused(&what));
        }
        let waiting = unpack(bytes.get(line + 1..).unwrap_or_default()).map_err(|e| Error::sink(&path, e))?;
        shards.restore(&entry.parts, &waiting).map_err(|e| match e {
            Error::Config { detail } => self.refused(&detail),
            other => other,
        })?;
        self.begun = entry.begun;
        Ok(Some(entry.account))
    }

    /// True when it is time for another snapshot.
    pub fn is_due(&self) -> bool {
        let pause = Duration::from_secs(self.config.checkpoint);
        let pause = if pause.is_zero() { pause } else { pause.max(PAUSE * self.cost) };
        self.waiting.is_none() && self.last.elapsed() >= pause
    }

    /// Takes a snapshot that can be committed when so many blocks are written.
    ///
    /// # Errors
    /// [`Error::Sink`] when the compressor has no memory.
    pub fn note(&mut self, account: &Account, shards: &Shards, blocks: u64) -> Result<()> {
        let start = Instant::now();
        let at = account.position;
        let begun = at.input + usize::from((at.records, at.bytes) != (0, 0));
        while self.begun.len() < begun.min(self.inputs.len()) {
            self.begun.push(Fingerprint::of(&self.inputs[self.begun.len()]));
        }
        let mut waiting = Vec::new();
        let parts = pack(&mut waiting, |out| shards.snapshot(out)).map_err(|e| Error::sink(&self.folder, e))?;
        let paper = Paper::new(self.config, Report::default());
        let entry = Entry {
            babelsift: paper.babelsift,
            configuration: paper.configuration,
            account: account.clone(),
            begun: self.begun.clone(),
            parts,
        };
        self.waiting = Some((entry, waiting, blocks));
        self.cost = start.elapsed();
        Ok(())
    }

    /// Commits the snapshot that waits, when exactly the blocks that it waits for are written. To be called after each block.
    ///
    /// # Errors
    /// [`Error::Sink`] when something can't be written.
    pub fn commit(&mut self, written: u64, shards: &mut Shards) -> Result<()> {
        let Some((mut entry, waiting, _)) = self.waiting.take_if(|(_, _, blocks)| *blocks == written) else {
            return Ok(());
        };
        let start = Instant::now();
        shards.settle(&mut entry.parts)?;
        let path = self.folder.join(JOURNAL);
        let mut bytes = serde_json::to_vec(&entry).map_err(|e| Error::sink(&path, e.into()))?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&waiting);
        write_whole(&path, &bytes)?;
        self.cost += start.elapsed();
        self.last = Instant::now();
        Ok(())
    }

    /// True when no snapshot waits.
    pub fn is_settled(&self) -> bool {
        self.waiting.is_none()
    }

    /// What is not as it was, if something is.
    fn difference(&self, entry: &Entry) -> Option<String> {
        let paper = Paper::new(self.config, Report::default());
        if entry.babelsift != paper.babelsift {
            return Some(format!("babelsift was {}, is {}", entry.babelsift, paper.babelsift));
        }
        if let Some(what) = differing(&entry.configuration, &paper.configuration) {
            return Some(what);
        }
        let (old, new) = (entry.account.ledger.inputs.iter().map(|i| &i.path), self.inputs.iter().map(|i| &i.name));
        if old.clone().ne(new.clone()) {
            let at = old.clone().zip(new.clone()).take_while(|(old, new)| old == new).count();
            let told = |name: Option<&String>| name.map_or_else(|| "none".to_owned(), |n| format!("{n:?}"));
            let (old, new) = (told(old.clone().nth(at)), told(new.clone().nth(at)));
            return Some(format!("input {} was {old}, is {new}", at + 1));
        }
        let same = |(input, old): (&Input, &Option<Fingerprint>)| {
            let new = Fingerprint::of(input);
            Some(format!("{} has changed: {}", input.name, Fingerprint::told(old.as_ref(), new.as_ref())?))
        };
        self.inputs.iter().zip(&entry.begun).find_map(same)
    }

    fn refused(&self, what: &str) -> Error {
        let folder = self.folder.display();
        Error::config(format!("{folder} can't be resumed: {what}; give --overwrite to start over"))
    }
}

impl Fingerprint {
    /// That of an input; none for what is no file.
    fn of(input: &Input) -> Option<Self> {
        let Origin::File(path) = &input.origin else { return None };
        let meta = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let modified = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let mut head = Vec::new();
        File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
        let modified = (modified.as_secs(), modified.subsec_nanos());
        Some(Self { bytes: meta.len(), modified, head: hex(&Sha256::digest(&head)) })
    }

    /// In what two differ, if they do.
    fn told(old: Option<&Self>, new: Option<&Self>) -> Option<String> {
        match (old, new) {
            (None, None) => None,
            (Some(_), None) => Some("it can't be read any more".to_owned()),
            (None, Some(_)) => Some("it could not be read before".to_owned()),
            (Some(old), Some(new)) if old.bytes != new.bytes => {
                Some(format!("it had {} bytes, has {}", old.bytes, new.bytes))
            }
            (Some(old), Some(new)) if old.head != new.head => Some("it begins with other bytes".to_owned()),
            (Some(old), Some(new)) => (old.modified != new.modified).then(|| "it was written to since".to_owned()),
        }
    }
}

/// In which settings two configurations differ, if they do: `--level was 3, is 9`.
pub(crate) fn differing(old: &Config, new: &Config) -> Option<String> {
    if old == new {
        return None;
    }
    let [old, new] = [old, new].map(|config| serde_json::to_value(config).unwrap_or_default());
    let differs = |(key, was): (&String, &serde_json::Value)| {
        let is = &new[key];
        (was != is).then(|| format!("--{key} was {was}, is {is}"))
    };
    let all: Vec<String> = old.as_object().into_iter().flatten().filter_map(differs).collect();
    Some(all.join(", "))
}

/// Writes a file that is there as a whole or not at all, whatever happens.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::sink(path, e);
    let new = path.with_extension("new");
    let mut file = File::create(&new).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    fs::rename(&new, path).and_then(|()| path.parent().map_or(Ok(()), sync_folder)).map_err(fail)
}

/// Compresses what is written, quickly.
#[cfg(feature = "compress")]
fn pack<T>(out: &mut Vec<u8>, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    let mut encoder = zstd::stream::Encoder::new(out, 1)?;
    encoder.include_checksum(true)?;
    let done = write(&mut encoder)?;
    encoder.finish()?;
    Ok(done)
}

#[cfg(feature = "compress")]
fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    zstd::stream::decode_all(bytes)
}

#[cfg(not(feature = "compress"))]
fn pack<T>(out: &mut Vec<u8>, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    write(out)
}

#[cfg(not(feature = "compress"))]
fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    Ok(bytes.to_vec())
}
