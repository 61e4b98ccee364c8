//! The files of an output folder: one for each label, and the rejects.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::record::hex;
use super::{Block, Encoded, OutputFile, Sink, Target, path_of};
use crate::config::Format;
use crate::error::{Error, Result};

/// Blocks grow with their file between these sizes, so that many small corpora take little memory and large ones compress
/// well.
const BLOCK: std::ops::RangeInclusive<u64> = 64 << 10..=256 << 10;

/// Files in the making.
pub struct Shards {
    folder: PathBuf,
    format: Format,
    files: Vec<Shard>,
    by_target: BTreeMap<Target, usize>,
}

struct Shard {
    path: PathBuf,
    /// Opened by the first block.
    file: Option<File>,
    open: Vec<u8>,
    /// Bytes handed out as blocks, before packing.
    handed: u64,
    records: u64,
    written: u64,
    hash: Sha256,
}

impl Shards {
    /// Under this folder, in this format.
    pub fn new(folder: &Path, format: Format) -> Self {
        Self { folder: folder.to_path_buf(), format, files: Vec::new(), by_target: BTreeMap::new() }
    }

    fn shard(&mut self, target: Target) -> usize {
        let (files, format) = (&mut self.files, self.format);
        *self.by_target.entry(target).or_insert_with(|| {
            let path = path_of(target, format);
            let hash = Sha256::new();
            files.push(Shard { path, file: None, open: Vec::new(), handed: 0, records: 0, written: 0, hash });
            files.len() - 1
        })
    }
}

impl Shard {
    fn block_size(&self) -> usize {
        (self.handed / 4).clamp(*BLOCK.start(), *BLOCK.end()) as usize
    }

    fn take(&mut self, file: usize) -> Block {
        self.handed += self.open.len() as u64;
        Block { file, bytes: std::mem::take(&mut self.open) }
    }

    fn write(&mut self, folder: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let path = folder.join(&self.path);
                path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
                none.insert(File::create_new(path)?)
            }
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
            start = end;
            if shard.open.len() >= shard.block_size() {
                blocks.push(shard.take(index));
            }
        }
    }

    fn flush(&mut self, blocks: &mut Vec<Block>) {
        for (index, shard) in self.files.iter_mut().enumerate() {
            if !shard.open.is_empty() {
                blocks.push(shard.take(index));
            }
        }
    }

    fn write(&mut self, block: Block) -> Result<()> {
        let shard = &mut self.files[block.file];
        shard.write(&self.folder, &block.bytes).map_err(|e| Error::sink(self.folder.join(&shard.path), e))
    }

    fn finish(&mut self) -> Result<Vec<OutputFile>> {
        let mut outputs = Vec::new();
        for shard in self.files.drain(..) {
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
