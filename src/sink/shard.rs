//! The files of an output folder: one for each label, and the rejects.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::record::hex;
use super::{Block, Encoded, OutputFile, Packing, Sink, Target, file_of};
use crate::config::Format;
use crate::error::{Error, Result};

/// Bytes that all files together may have in blocks that are not full. Then the fullest is handed out.
const OPEN: usize = 64 << 20;

/// Files in the making.
pub struct Shards {
    folder: PathBuf,
    format: Format,
    files: Vec<Shard>,
    by_target: BTreeMap<Target, usize>,
    /// Bytes in blocks that are not full.
    open: usize,
}

struct Shard {
    path: PathBuf,
    packing: Packing,
    /// Opened by the first block.
    file: Option<File>,
    open: Vec<u8>,
    /// Bytes handed out as blocks, before packing.
    handed: u64,
    records: u64,
    written: u64,
    hash: Sha256,
    /// What its blocks left behind for its end.
    traces: Vec<Vec<u8>>,
}

impl Shards {
    /// Under this folder, in this format.
    pub fn new(folder: &Path, format: Format) -> Self {
        Self { folder: folder.to_path_buf(), format, files: Vec::new(), by_target: BTreeMap::new(), open: 0 }
    }

    fn shard(&mut self, target: Target) -> usize {
        let (files, format) = (&mut self.files, self.format);
        *self.by_target.entry(target).or_insert_with(|| {
            let (path, packing) = file_of(target, format);
            files.push(Shard::new(path, packing));
            files.len() - 1
        })
    }
}

impl Shards {
    /// The block with most in it.
    fn fullest(&mut self) -> Option<Block> {
        let (index, shard) = self.files.iter_mut().enumerate().max_by_key(|(index, s)| (s.open.len(), *index))?;
        self.open -= shard.open.len();
        Some(shard.take(index))
    }
}

impl Shard {
    fn new(path: PathBuf, packing: Packing) -> Self {
        let (open, hash, traces) = (Vec::new(), Sha256::new(), Vec::new());
        Self { path, packing, file: None, open, handed: 0, records: 0, written: 0, hash, traces }
    }

    fn block_size(&self) -> usize {
        let sizes = self.packing.block();
        (self.handed / 4).clamp(*sizes.start(), *sizes.end()) as usize
    }

    fn take(&mut self, file: usize) -> Block {
        self.handed += self.open.len() as u64;
        Block { file, bytes: std::mem::take(&mut self.open), packing: self.packing, trace: Vec::new() }
    }

    fn write(&mut self, folder: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let Some(file) = &mut self.file else {
            let path = folder.join(&self.path);
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            self.file = Some(File::create_new(path)?);
            self.write(folder, self.packing.head())?;
            return self.write(folder, bytes);
        };
        file.write_all(bytes)?;
        self.hash.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }
}

impl Sink for Shards {
    fn append(&mut self, encoded: &Encoded, blocks: &mut Vec<Block>) {
        let mut start = 0;
        for &(target, end) in &encoded.records {
            let index = self.shard(target);
            let shard = &mut self.files[index];
            shard.open.extend_from_slice(&encoded.bytes[start..end]);
            shard.records += 1;
            self.open += end - start;
            start = end;
            if shard.open.len() >= shard.block_size() {
                self.open -= shard.open.len();
                blocks.push(shard.take(index));
            } else if self.open > OPEN {
                blocks.extend(self.fullest());
            }
        }
    }

    fn flush(&mut self, blocks: &mut Vec<Block>) {
        for (index, shard) in self.files.iter_mut().enumerate() {
            if !shard.open.is_empty() {
                blocks.push(shard.take(index));
            }
        }
        self.open = 0;
    }

    fn write(&mut self, block: Block) -> Result<()> {
        let shard = &mut self.files[block.file];
        if !block.trace.is_empty() {
            shard.traces.push(block.trace);
        }
        shard.write(&self.folder, &block.bytes).map_err(|e| Error::sink(self.folder.join(&shard.path), e))
    }

    fn finish(&mut self) -> Result<Vec<OutputFile>> {
        let mut outputs = Vec::new();
        for mut shard in self.files.drain(..) {
            let foot = shard.packing.foot(&shard.traces);
            let ended = foot.and_then(|foot| shard.write(&self.folder, &foot));
            ended.map_err(|e| Error::sink(self.folder.join(&shard.path), e))?;
            if let Some(file) = shard.file {
                file.sync_all().map_err(|e| Error::sink(&shard.path, e))?;
            }
            outputs.push(OutputFile {
                path: shard.path.to_string_lossy().replace('\\', "/"),
                records: shard.records,
                bytes: shard.written,
                sha256: hex(&shard.hash.finalize()),
            });
        }
        outputs.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(outputs)
    }
}
