//! [`Inputs`]: all inputs of a run, one after the other, and which of their records are wanted.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::ThreadPool;
use serde::{Deserialize, Serialize};

use super::buffer::Buffer;
use super::limits::{Budget, Context};
use super::reader::{Feed, append};
use super::{Input, Origin, Reader, Source, broken, open_any, reject, skip};
use crate::batch::{Batch, Document};
use crate::config::{Config, Words};
use crate::error::{Error, Result};
use crate::reason::{Reason, Skip};

/// All inputs of a run, one after the other.
pub struct Inputs<'a> {
    config: Arc<Config>,
    inputs: &'a [Input],
    current: Option<Box<dyn Source>>,
    disk: Arc<AtomicU64>,
    pool: Option<Arc<ThreadPool>>,
    include: Globs,
    exclude: Globs,
    at: Position,
    /// Bytes of the first input before which, and of the last behind which, nothing is wanted.
    within: (u64, Option<u64>),
    /// Bytes of the current input so far, wanted or not.
    passed: u64,
    /// The current input gave a record, wanted or not.
    gave_records: bool,
    /// What is left to be passed over, since an earlier run has taken it.
    behind: Option<Behind>,
}

/// How far reading is. Structure may be divided into rows in another way when the same input is read again, so a place in an
/// input is told by its other rows and by the bytes that all rows account for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The input that comes next, or goes on.
    pub input: usize,
    /// Rows of it that were taken, records and notes.
    pub records: u64,
    /// Bytes of it that were taken.
    pub bytes: u64,
    /// Records of all inputs so far, those that are passed over not counted.
    pub wanted: u64,
}

impl<'a> Inputs<'a> {
    /// Over these inputs; `disk` counts the bytes that are taken from them as they are on disk.
    ///
    /// # Errors
    /// [`Error::Config`] for a pattern that is no glob.
    pub fn new(inputs: &'a [Input], config: &Config, disk: Arc<AtomicU64>) -> Result<Self> {
        let (include, exclude) = (Globs::new(&config.include)?, Globs::new(&config.exclude)?);
        let config = Arc::new(config.clone());
        let (at, within) = (Position::default(), (0, None));
        let (current, pool, behind) = (None, None, None);
        let (passed, gave_records) = (0, false);
        Ok(Self { config, inputs, current, disk, pool, include, exclude, at, within, passed, gave_records, behind })
    }

    /// With a pool that takes decompression off the thread that reads.
    #[must_use]
    pub fn with_pool(mut self, pool: Arc<ThreadPool>) -> Self {
        self.pool = Some(pool);
        self
    }

    /// Without the bytes of the first input before `from`, and those of the last behind `until`. A record is where it begins.
    #[must_use]
    pub fn within(mut self, from: u64, until: Option<u64>) -> Self {
        self.within = (from, until);
        self
    }

    /// From where another reading of the same inputs had come to. Inputs before are not opened.
    #[must_use]
    pub fn starting_at(mut self, at: Position) -> Self {
        let done = &self.inputs[..at.input.min(self.inputs.len())];
        self.disk.fetch_add(done.iter().map(Input::size).sum(), Ordering::Relaxed);
        self.behind = Some(Behind { records: at.records, bytes: at.bytes }).filter(|b| !b.is_passed());
        self.at = Position { records: 0, bytes: 0, ..at };
        self
    }

    /// Where the next batch begins.
    pub fn position(&self) -> Position {
        self.at
    }

    /// Fills a batch; false when everything has been read and the batch is empty.
    ///
    /// # Errors
    /// With `strict`, [`Error::Source`] for an input that is damaged or can't be read; [`Error::Config`] for one that ends
    /// before the place where reading is to begin.
    pub fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        batch.clear();
        let target = self.config.batch_size.0 as usize;
        while !batch.is_full(target) {
            let (first, index) = (batch.documents.len(), self.at.input);
            let Some(source) = &mut self.current else {
                let Some(input) = self.inputs.get(index) else { break };
                self.current = self.open(input, batch);
                if self.current.is_none() {
                    self.at.input += 1;
                }
                self.look_over(batch, first)?;
                continue;
            };
            let before = source.taken();
            let mut more = source.fill(batch, target);
            batch.read.push((index as u32, source.taken() - before));
            self.gave_records |= batch.documents[first..].iter().any(Document::is_record);
            if let (false, Some(flaw)) = (more, source.failure()) {
                broken(batch, &flaw, source.taken(), self.gave_records);
                more = source.resume();
                self.gave_records = true;
            }
            more &= !self.leave_out(batch, first, index);
            for row in &mut batch.documents[first..] {
                row.input = index as u32;
                self.at.records += u64::from(!row.is_structure());
                self.at.bytes += bytes(row);
            }
            self.pass_over(batch, index, more)?;
            if !more {
                (self.current, self.passed, self.gave_records) = (None, 0, false);
                self.at = Position { input: index + 1, records: 0, bytes: 0, ..self.at };
            }
            self.look_over(batch, first)?;
        }
        Ok(!batch.documents.is_empty() || !batch.read.is_empty())
    }

    /// Takes the rows from `first` on out of the batch that are not within this share; true when the rest of the input is not.
    fn leave_out(&mut self, batch: &mut Batch, first: usize, index: usize) -> bool {
        let from = if index == 0 { self.within.0 } else { 0 };
        let until = self.within.1.filter(|_| index + 1 == self.inputs.len()).unwrap_or(u64::MAX);
        if (from, until) == (0, u64::MAX) {
            return false;
        }
        let (mut at, mut kept) = (self.passed, 0);
        let mut rows = batch.documents.split_off(first);
        rows.retain_mut(|row| {
            let (start, end) = (at, at + bytes(row));
            at = end;
            if row.is_structure() {
                row.structure = end.min(until).saturating_sub(start.max(from));
            }
            let stays = if row.is_structure() { row.structure > 0 } else { (from..until).contains(&start) };
            kept += if stays { bytes(row) } else { 0 };
            stays
        });
        self.passed = at;
        batch.documents.append(&mut rows);
        if batch.documents.is_empty() {
            // There is room again.
            batch.clear();
        } else {
            batch.read.pop();
        }
        batch.read.push((index as u32, kept));
        at >= until
    }

    /// Takes out of the batch, which holds nothing else then, what an earlier run has taken.
    fn pass_over(&mut self, batch: &mut Batch, index: usize, more: bool) -> Result<()> {
        let Some(behind) = &mut self.behind else { return Ok(()) };
        let name = &self.inputs[index].name;
        let changed = || Error::config(format!("{name} does not hold what the run that is to be resumed read of it"));
        let passed = behind.pass(&mut batch.documents).ok_or_else(changed)?;
        if passed {
            self.behind = None;
        }
        let left = batch.documents.iter().map(bytes).sum();
        if batch.documents.is_empty() {
            // There is room again.
            batch.clear();
        }
        batch.read = vec![(index as u32, left)];
        if passed || more { Ok(()) } else { Err(changed()) }
    }

    fn open(&self, input: &Input, batch: &mut Batch) -> Option<Box<dyn Source>> {
        let index = self.at.input as u32;
        batch.read.push((index, 0));
        if self.exclude.match_any([input.name.as_str()]) {
            skip(batch, Skip::Excluded, 0).input = index;
            return None;
        }
        let mut context = Context::new(Arc::clone(&self.config), &input.name);
        context.pool.clone_from(&self.pool);
        // Nobody can look at the end of a pipe beforehand.
        if let Origin::File(path) = &input.origin
            && path.is_file()
        {
            context.disk = Some((path.clone(), Arc::clone(&self.disk)));
        }
        match raw(input, &context, Some(&self.disk)) {
            Ok(reader) => Some(open_any(reader, &context)),
            Err(error) => {
                reject(batch, &[], Reason::Unreadable, &error.to_string()).input = index;
                None
            }
        }
    }

    /// Passes over records that are not wanted, and ends the reading where enough has been read.
    fn look_over(&mut self, batch: &mut Batch, first: usize) -> Result<()> {
        for row in first..batch.documents.len() {
            let document = &batch.documents[row];
            let whole_input = matches!(document.rejected, Some(Reason::Damaged | Reason::Unreadable | Reason::Bomb));
            if self.config.strict && whole_input {
                let name = &self.inputs[document.input as usize].name;
                let detail = batch.meta[document.detail.range()].to_owned();
                return Err(Error::source(name, 0, io::Error::other(detail)));
            }
            // A note on a record goes with it, one on the input stays.
            let is_judged = document.is_record() || document.rejected == Some(Reason::Truncated);
            if !is_judged || document.skipped.is_some() {
                continue;
            }
            if let Some(skipped) = self.unwanted(batch, document) {
                let document = &mut batch.documents[row];
                document.structure += document.raw.len() as u64;
                document.raw.end = document.raw.start;
                (document.rejected, document.skipped) = (None, Some(skipped));
                continue;
            }
            if document.part == 0 && document.is_record() {
                if self.config.limit_records > 0 && self.at.wanted == self.config.limit_records {
                    self.end(batch, row);
                    return Ok(());
                }
                self.at.wanted += 1;
            }
        }
        Ok(())
    }

    /// Ends the reading before this row.
    fn end(&mut self, batch: &mut Batch, row: usize) {
        batch.documents.truncate(row);
        self.current = None;
        self.at = Position { input: self.inputs.len(), records: 0, bytes: 0, ..self.at };
        // What was read is what the documents account for, so that it does not depend on the size of batches.
        batch.read.iter_mut().for_each(|(_, read)| *read = 0);
        for document in &batch.documents {
            batch.read.push((document.input, bytes(document)));
        }
    }

    /// Why a record is not wanted, if it is not.
    fn unwanted(&self, batch: &Batch, document: &Document) -> Option<Skip> {
        let name = &self.inputs[document.input as usize].name;
        if !self.include.is_empty() || !self.exclude.is_empty() {
            let text = |json: &str| serde_json::from_str::<String>(json).unwrap_or_default();
            let (url, entry) = (text(&batch.meta[document.url.range()]), text(&batch.meta[document.entry.range()]));
            let names = [name.as_str(), &entry, &url, &batch.meta[document.mime.range()]];
            if self.exclude.match_any(names) || !(self.include.is_empty() || self.include.match_any(names)) {
                return Some(Skip::Excluded);
            }
        }
        let drawn = || drawn(self.config.seed, name, document.record) < self.config.sample;
        (self.config.sample < 1.0 && !drawn()).then_some(Skip::Sampled)
    }
}

/// Bytes that a row accounts for.
fn bytes(row: &Document) -> u64 {
    row.raw.len() as u64 + row.structure
}

/// What is to be passed over of an input.
struct Behind {
    records: u64,
    bytes: u64,
}

impl Behind {
    fn is_passed(&self) -> bool {
        (self.records, self.bytes) == (0, 0)
    }

    /// Takes the rows that are behind out of these; true when none are left to be. `None` when the place is none where a run
    /// can have come to.
    fn pass(&mut self, rows: &mut Vec<Document>) -> Option<bool> {
        let mut passed = 0;
        for row in rows.iter_mut() {
            if self.is_passed() {
                break;
            }
            if !row.is_structure() {
                self.records = self.records.checked_sub(1)?;
                self.bytes = self.bytes.checked_sub(bytes(row))?;
            } else if bytes(row) <= self.bytes {
                self.bytes -= bytes(row);
            } else if self.records == 0 {
                row.structure -= std::mem::take(&mut self.bytes);
                break;
            } else {
                return None;
            }
            passed += 1;
        }
        rows.drain(..passed);
        Some(self.is_passed())
    }
}

/// A number of 0 to 1 that depends on where a record comes from, and on the seed.
fn drawn(seed: u64, input: &str, record: u64) -> f64 {
    use sha2::{Digest, Sha256};
    let mut sha = Sha256::new();
    for part in [&seed.to_le_bytes()[..], input.as_bytes(), &[0], &record.to_le_bytes()] {
        sha.update(part);
    }
    let hash = sha.finalize();
    let number = hash.iter().take(7).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    number as f64 / (1u64 << 56) as f64
}

/// Patterns, one of which must match.
pub(super) struct Globs(Vec<glob::Pattern>);

impl Globs {
    pub(super) fn new(words: &Words) -> Result<Self> {
        let pattern =
            |word: &String| glob::Pattern::new(word).map_err(|e| Error::config(format!("{word:?} is no glob: {e}")));
        words.0.iter().map(pattern).collect::<Result<_>>().map(Self)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when a pattern matches a name, or its last part; empty names are none.
    pub(super) fn match_any<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> bool {
        let base = |name: &'n str| name.rsplit('/').next().unwrap_or(name);
        names.into_iter().filter(|n| !n.is_empty()).any(|n| self.0.iter().any(|g| g.matches(n) || g.matches(base(n))))
    }
}

/// Opens an input for reading, as it is on disk.
pub(super) fn raw(input: &Input, context: &Context, disk: Option<&Arc<AtomicU64>>) -> io::Result<Reader> {
    let mut size = 0;
    let inner: Box<dyn Read + Send> = match &input.origin {
        Origin::File(path) => {
            let file = std::fs::File::open(path)?;
            size = file.metadata().ok().filter(std::fs::Metadata::is_file).map_or(0, |told| told.len());
            Box::new(file)
        }
        #[cfg(feature = "object-store")]
        Origin::Object(object) => super::store::open(object)?,
        Origin::Stdin => Box::new(io::stdin()),
        Origin::Unreadable(why) => return Err(io::Error::other(why.clone())),
    };
    let count = disk.map(Arc::clone).unwrap_or_default();
    Ok(Reader::fed_by(Box::new(Disk { inner, missing: size, count, budget: Arc::clone(&context.budget) })))
}

/// Counts what is read of a file.
struct Disk {
    inner: Box<dyn Read + Send>,
    /// Bytes that it had when it was opened, and that were not read yet.
    missing: u64,
    count: Arc<AtomicU64>,
    budget: Arc<Budget>,
}

/// Bytes read of a file at a time.
const READ: usize = 64 << 10;

impl Feed for Disk {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let n = append(&mut self.inner, out, READ)?;
        if n == 0 && self.missing > 0 {
            let detail = format!("{} bytes are missing: the file became shorter while it was read", self.missing);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, detail));
        }
        self.missing = self.missing.saturating_sub(n as u64);
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        self.budget.read(n);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_share_and_a_seed_another_one() {
        let of = |seed: u64| (0..10_000).filter(|r| drawn(seed, "in", *r) < 0.1).collect::<Vec<_>>();
        assert!((900..1100).contains(&of(1).len()), "{}", of(1).len());
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn a_file_that_becomes_shorter_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, vec![b'a'; 3 * READ]).unwrap();
        let input = Input { name: "a.txt".to_owned(), origin: Origin::File(path.clone()) };
        let mut reader = raw(&input, &Context::new(Arc::default(), "a.txt"), None).unwrap();
        assert_eq!(reader.head(10), [b'a'; 10]);
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(2 * READ as u64 - 5).unwrap();
        assert_eq!(reader.skip(u64::MAX), 2 * READ as u64 - 5);
        assert!(reader.failure().unwrap().to_string().starts_with(&format!("{} bytes are missing", READ + 5)));
    }

    #[test]
    fn patterns_match_names_and_their_last_part() {
        let globs = Globs::new(&"*.txt,text/*".parse().unwrap()).unwrap();
        assert!(
            globs.match_any(["a/b.txt"]) && globs.match_any(["x", "text/html"]) && !globs.match_any(["", "b.html"])
        );
    }
}
