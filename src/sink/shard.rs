//! The files of an output folder: for each label, and for the rejects, parts of a bounded size.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::sync_folder;
use super::handles::Handles;
use super::journal::JOURNAL;
use super::lock::LOCK;
use super::record::hex;
use super::{Block, Encoded, Id, OutputFile, Packing, Sink, Target, file_of, sink_row};
use crate::config::{Config, Format};
use crate::error::{Error, Result};

/// Bytes of records that may wait for their blocks to be full, in all parts together. Where there are more, the largest block
/// is cut. That depends on the records and their order alone, so the bytes of the parts do too.
const PENDING: usize = 32 << 20;

/// Parts in the making.
pub struct Shards {
    folder: PathBuf,
    format: Format,
    /// Bytes of records that a part may hold; 0 for no bound.
    limit: u64,
    parts: Vec<Part>,
    /// The part that records go to now.
    current: BTreeMap<Target, usize>,
    /// The same of targets that were not met since the run was resumed, by their folders.
    resumed: BTreeMap<PathBuf, usize>,
    /// Bytes of records that wait, and how many may.
    pending: usize,
    bound: usize,
    handles: Handles,
}

struct Part {
    path: PathBuf,
    packing: Packing,
    /// Number among those of its target.
    number: u32,
    /// Records that wait for their block to be full.
    pending: Vec<u8>,
    /// Bytes handed out as blocks, before packing.
    handed: u64,
    records: u64,
    /// Their ids, summed up.
    ids: Id,
    written: u64,
    hash: Sha256,
    /// What its blocks left behind for its end.
    traces: Vec<Vec<u8>>,
    /// Something was written that may not be on the disk yet.
    dirty: bool,
    /// And neither may its name.
    new: bool,
}

impl Shards {
    /// Under this folder, with these settings.
    pub fn new(folder: &Path, config: &Config) -> Self {
        Self {
            folder: folder.to_path_buf(),
            format: config.format,
            limit: config.shard_size.0,
            parts: Vec::new(),
            current: BTreeMap::new(),
            resumed: BTreeMap::new(),
            pending: 0,
            bound: PENDING,
            handles: Handles::default(),
        }
    }

    /// The part that takes the next record of a target, which has so many bytes: a new one where the last has no room.
    fn part(&mut self, target: Target, bytes: usize, blocks: &mut Vec<Block>) -> usize {
        let index = match self.current.get(&target) {
            Some(&index) => index,
            None => self.begin(target, 0),
        };
        let part = &self.parts[index];
        let size = part.handed + part.pending.len() as u64;
        if self.limit == 0 || size == 0 || size + bytes as u64 <= self.limit {
            return index;
        }
        let number = part.number + 1;
        self.cut(index, blocks);
        self.begin(target, number)
    }

    /// Begins a part of a target, or goes on with the one that a run had come to that is resumed.
    fn begin(&mut self, target: Target, number: u32) -> usize {
        let (path, packing) = file_of(target, number, self.format);
        let resumed = path.parent().and_then(|folder| self.resumed.remove(folder));
        let index = resumed.unwrap_or_else(|| {
            self.parts.push(Part::new(path, packing, number));
            self.parts.len() - 1
        });
        self.current.insert(target, index);
        index
    }

    /// Makes a block of the records that wait in a part.
    fn cut(&mut self, index: usize, blocks: &mut Vec<Block>) {
        let part = &mut self.parts[index];
        let bytes = std::mem::take(&mut part.pending);
        if !bytes.is_empty() {
            part.handed += bytes.len() as u64;
            self.pending -= bytes.len();
            blocks.push(Block { part: index, bytes, packing: part.packing, trace: Vec::new() });
        }
    }

    /// The part with most bytes that wait.
    fn largest(&self) -> usize {
        (0..self.parts.len()).max_by_key(|index| self.parts[*index].pending.len()).unwrap_or_default()
    }

    /// All parts for the journal, with what is handed out counted as written; appends the records that wait to `waiting`.
    pub(super) fn snapshot(&self, waiting: &mut dyn Write) -> io::Result<Vec<PartState>> {
        let state = |part: &Part| {
            waiting.write_all(&part.pending)?;
            Ok(PartState { file: part.told(), waiting: part.pending.len(), traces: Vec::new() })
        };
        self.parts.iter().map(state).collect()
    }

    /// Brings all that was written to the disk, and says so in a snapshot of whose parts just that is written.
    pub(super) fn settle(&mut self, parts: &mut [PartState]) -> Result<()> {
        self.sync()?;
        for (state, part) in parts.iter_mut().zip(&self.parts) {
            let OutputFile { bytes, sha256, .. } = part.told();
            (state.file.bytes, state.file.sha256) = (bytes, sha256);
            state.traces.clone_from(&part.traces);
        }
        Ok(())
    }

    /// Goes back to a snapshot: cuts off what stands in the files beyond it, and removes files that it does not know.
    pub(super) fn restore(&mut self, parts: &[PartState], mut waiting: &[u8]) -> Result<()> {
        let written = parts.iter().filter(|p| p.file.bytes > 0).map(|p| Path::new(&p.file.path));
        let known: BTreeSet<&Path> = written.chain([Path::new(JOURNAL), Path::new(LOCK)]).collect();
        // Among them what the run was about to rename, and papers of one that was nearly done.
        for entry in walkdir::WalkDir::new(&self.folder).into_iter().flatten() {
            let path = entry.path();
            if !entry.file_type().is_dir() && !path.strip_prefix(&self.folder).is_ok_and(|p| known.contains(p)) {
                std::fs::remove_file(path).map_err(|e| Error::sink(path, e))?;
            }
        }
        self.parts = parts.par_iter().map(|state| self.restored(state)).collect::<Result<_>>()?;
        let mut last: BTreeMap<PathBuf, u32> = BTreeMap::new();
        for (index, (part, state)) in self.parts.iter_mut().zip(parts).enumerate() {
            let missing = || Error::config("the journal lacks records");
            let (own, rest) = waiting.split_at_checked(state.waiting).ok_or_else(missing)?;
            part.pending.extend_from_slice(own);
            self.pending += own.len();
            waiting = rest;
            let folder = part.path.parent().unwrap_or(Path::new("")).to_path_buf();
            part.number = last.get(&folder).map_or(0, |number| number + 1);
            last.insert(folder.clone(), part.number);
            self.resumed.insert(folder, index);
        }
        Ok(())
    }

    /// A part as it was at a commit; what is in its file beyond that is cut off.
    fn restored(&self, PartState { file: state, traces, .. }: &PartState) -> Result<Part> {
        let path = self.folder.join(&state.path);
        let row = sink_row(self.format);
        let packing = if state.path.starts_with("rejects/") { row.rejects_packing } else { row.packing };
        let mut part = Part::new(PathBuf::from(&state.path), packing, 0);
        part.traces.clone_from(traces);
        (part.handed, part.records, part.written) = (state.unpacked, state.records, state.bytes);
        part.ids = state.ids.unwrap_or_default();
        if state.bytes == 0 {
            return Ok(part);
        }
        let mut cut = || {
            let mut file = File::options().read(true).write(true).open(&path)?;
            let length = file.metadata()?.len();
            if length > state.bytes {
                file.set_len(state.bytes)?;
            }
            // Hashes all of it: that it is what was written is not taken on trust.
            io::copy(&mut file, &mut Hashing(&mut part.hash))?;
            Ok(length)
        };
        let length = cut().map_err(|e| Error::sink(&path, e))?;
        if length < state.bytes || part.told().sha256 != state.sha256 {
            let detail = format!("{} is not what was written to it", path.display());
            return Err(Error::config(detail));
        }
        Ok(part)
    }

    /// Brings all that was written to the disk, and the names of new files: each folder that has some once.
    fn sync(&mut self) -> Result<()> {
        let mut folders = BTreeSet::new();
        for (index, part) in self.parts.iter_mut().enumerate().filter(|(_, part)| part.dirty) {
            let path = self.folder.join(&part.path);
            self.handles.get(index, &path).and_then(|file| file.sync_all()).map_err(|e| Error::sink(&path, e))?;
            if part.new {
                let above = path.ancestors().skip(1).take_while(|folder| *folder != self.folder);
                folders.extend(above.chain([self.folder.as_path()]).map(Path::to_path_buf));
            }
            (part.dirty, part.new) = (false, false);
        }
        folders.iter().try_for_each(|folder| sync_folder(folder).map_err(|e| Error::sink(folder, e)))
    }
}

/// A part as the journal keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PartState {
    #[serde(flatten)]
    pub(super) file: OutputFile,
    /// Bytes of its records that wait for their block to be full.
    waiting: usize,
    /// What its written blocks left behind for its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    traces: Vec<Vec<u8>>,
}

impl Part {
    fn new(path: PathBuf, packing: Packing, number: u32) -> Self {
        let (pending, hash, traces) = (Vec::new(), Sha256::new(), Vec::new());
        let (handed, records, ids, written, dirty, new) = (0, 0, Id::default(), 0, false, false);
        Self { path, packing, number, pending, handed, records, ids, written, hash, traces, dirty, new }
    }

    fn block_size(&self) -> usize {
        let sizes = self.packing.block();
        (self.handed / 4).clamp(*sizes.start(), *sizes.end()) as usize
    }

    fn append(&mut self, index: usize, bytes: &[u8], folder: &Path, handles: &mut Handles) -> io::Result<()> {
        let path = folder.join(&self.path);
        if self.written == 0 {
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            self.new = true;
            let head = self.packing.head();
            if !head.is_empty() && bytes != head {
                self.append(index, head, folder, handles)?;
            }
        }
        handles.get(index, &path)?.write_all(bytes)?;
        self.hash.update(bytes);
        self.written += bytes.len() as u64;
        self.dirty = true;
        Ok(())
    }

    /// What the ledger says of it.
    fn told(&self) -> OutputFile {
        OutputFile {
            path: self.path.to_string_lossy().replace('\\', "/"),
            records: self.records,
            ids: Some(self.ids),
            bytes: self.written,
            unpacked: self.handed,
            sha256: hex(&self.hash.clone().finalize()),
        }
    }
}

/// Hashes what is written to it.
pub(super) struct Hashing<'a>(pub(super) &'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Shards {
    fn append(&mut self, encoded: &Encoded, blocks: &mut Vec<Block>) {
        let mut start = 0;
        for &(target, end, id) in &encoded.records {
            let record = &encoded.bytes[start..end];
            start = end;
            let index = self.part(target, record.len(), blocks);
            let part = &mut self.parts[index];
            part.pending.extend_from_slice(record);
            part.records += 1;
            part.ids = part.ids.with(id);
            self.pending += record.len();
            if part.pending.len() >= part.block_size() {
                self.cut(index, blocks);
            } else if self.pending > self.bound {
                self.cut(self.largest(), blocks);
            }
        }
    }

    fn flush(&mut self, blocks: &mut Vec<Block>) {
        (0..self.parts.len()).for_each(|index| self.cut(index, blocks));
    }

    fn write(&mut self, block: Block) -> Result<()> {
        let (index, part) = (block.part, &mut self.parts[block.part]);
        if !block.trace.is_empty() {
            part.traces.push(block.trace);
        }
        let written = part.append(index, &block.bytes, &self.folder, &mut self.handles);
        written.map_err(|e| Error::sink(self.folder.join(&part.path), e))
    }

    fn finish(&mut self) -> Result<Vec<OutputFile>> {
        for (index, part) in self.parts.iter_mut().enumerate() {
            let foot = part.packing.foot(&part.traces);
            let ended = foot.and_then(|foot| match foot[..] {
                // Most files are closed by now, and stay so.
                [] if part.written > 0 => Ok(()),
                _ => part.append(index, &foot, &self.folder, &mut self.handles),
            });
            ended.map_err(|e| Error::sink(self.folder.join(&part.path), e))?;
        }
        // The folder is brought to the disk as a whole when it is put in its place; until then the journal holds.
        let mut outputs: Vec<OutputFile> = self.parts.iter().map(Part::told).collect();
        outputs.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Packer;
    use super::*;
    use crate::config::ByteSize;
    use crate::lang::Label;

    const RECORDS: usize = 300;

    /// Appends records of some labels, in batches of so many; what the files hold, and the most that waited.
    fn made(config: &Config, bound: usize, labels: &[&str], batch: usize) -> (Vec<(String, String)>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let mut shards = Shards::new(folder.path(), config);
        shards.bound = bound;
        let (mut blocks, mut most, packer) = (Vec::new(), 0, Packer::new(config));
        let records: Vec<(Target, String)> = (0..RECORDS)
            .map(|i| (i, labels[(i * 7919) % labels.len()]))
            .map(|(i, label)| (Target::Label(label.parse::<Label>().unwrap()), format!("{i} of {label}\n")))
            .collect();
        for records in records.chunks(batch) {
            let mut encoded = Encoded::default();
            for (target, record) in records {
                encoded.bytes.extend_from_slice(record.as_bytes());
                encoded.records.push((*target, encoded.bytes.len(), Id::default()));
            }
            shards.append(&encoded, &mut blocks);
            most = most.max(shards.pending);
            for block in blocks.drain(..) {
                shards.write(packer.pack(block).unwrap()).unwrap();
            }
        }
        shards.flush(&mut blocks);
        assert_eq!(shards.pending, 0);
        blocks.drain(..).for_each(|b| shards.write(b).unwrap());
        let outputs = shards.finish().unwrap();
        assert_eq!(outputs.iter().map(|o| o.records).sum::<u64>(), RECORDS as u64);
        let read = |o: &OutputFile| std::fs::read_to_string(folder.path().join(&o.path)).unwrap();
        (outputs.iter().map(|o| (o.path.clone(), read(o))).collect(), most)
    }

    fn plain(shard_size: u64) -> Config {
        Config { format: Format::Jsonl, shard_size: ByteSize(shard_size), ..Config::default() }
    }

    #[test]
    fn no_part_is_larger_than_it_may_be_and_none_is_cut_in_a_record() {
        let labels = ["eng_Latn", "fra_Latn", "ell_Grek"];
        let (whole, _) = made(&plain(0), PENDING, &labels, 100);
        assert_eq!(whole.len(), 3);
        for size in [16, 1000, 1 << 20] {
            let (parts, _) = made(&plain(size), PENDING, &labels, 100);
            assert_eq!(parts, made(&plain(size), PENDING, &labels, 1).0);
            assert!(parts.iter().all(|(_, text)| text.ends_with('\n')));
            assert!(parts.iter().all(|(_, text)| text.len() <= size as usize || text.lines().count() == 1));
            for (path, text) in &whole {
                let label = path.rsplit_once("part-00000").unwrap().0;
                let own = parts.iter().filter(|(p, _)| p.starts_with(label));
                assert_eq!(own.map(|(_, text)| text.as_str()).collect::<String>(), *text, "{size}");
            }
        }
        assert_eq!(made(&plain(1000), PENDING, &labels, 1).0[1].0, "data/ell_Grek/part-00001.jsonl");
    }

    #[test]
    fn what_waits_is_bounded_and_where_it_is_cut_depends_on_the_records_alone() {
        let labels = ["eng_Latn", "fra_Latn", "ell_Grek", "rus_Cyrl", "jpn_Jpan", "tha_Thai"];
        let (free, waited) = made(&plain(0), PENDING, &labels, 100);
        assert!(waited > 2000);
        let (bounded, waited) = made(&plain(0), 2000, &labels, 100);
        assert!(waited <= 2000 && bounded == free);
        let blocks = |batch| {
            let mut shards = Shards::new(Path::new("nowhere"), &plain(0));
            shards.bound = 4000;
            let mut blocks = Vec::new();
            for numbers in (0..2000).collect::<Vec<usize>>().chunks(batch) {
                let mut encoded = Encoded::default();
                for i in numbers {
                    encoded.bytes.extend_from_slice(&vec![b'x'; i % 97]);
                    let label = labels[i % labels.len()].parse::<Label>().unwrap();
                    encoded.records.push((Target::Label(label), encoded.bytes.len(), Id::default()));
                }
                shards.append(&encoded, &mut blocks);
            }
            blocks.iter().map(|b| (b.part, b.bytes.len())).collect::<Vec<_>>()
        };
        assert!(blocks(1).len() > 10);
        assert_eq!(blocks(1), blocks(300));
    }
}
