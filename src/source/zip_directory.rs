//! The directory at the end of a zip archive, where the archive is a file: how large entries are whose own header does not say so.
//!
//! Entries are read from front to back all the same, so that those which only the directory points to, over and over, are no bomb.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::zip::{DIRECTORY, u16_at, u32_at, u64_at};

/// Bytes of the record at the end, without its comment.
const END: usize = 22;
/// Bytes of a record of an entry, without its name.
const RECORD: usize = 46;
/// Bytes of what points to the end of a directory with large numbers.
const LOCATOR: usize = 20;

/// What the directory says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) packed: u64,
    pub(super) checksum: u32,
}

/// Entries by where they begin.
#[derive(Debug, Default)]
pub(super) struct Directory(HashMap<u64, Told>);

impl Directory {
    /// Reads the directory of a file, at most so many entries of it; empty where there is none, or none that makes sense.
    pub(super) fn read(path: &Path, most: u64) -> Self {
        Self::try_read(path, most).unwrap_or_default()
    }

    pub(super) fn get(&self, at: u64) -> Option<Told> {
        self.0.get(&at).copied()
    }

    fn try_read(path: &Path, most: u64) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let len = file.seek(SeekFrom::End(0)).ok()?;
        let from = len.saturating_sub((END + LOCATOR + usize::from(u16::MAX)) as u64);
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(from)).ok()?;
        file.by_ref().take(len - from).read_to_end(&mut tail).ok()?;
        let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").filter(|end| tail.len() >= end + END)?;
        let mut begin = u64::from(u32_at(&tail, end + 16));
        if let Some(locator) = end.checked_sub(LOCATOR).filter(|at| tail[*at..].starts_with(b"PK\x06\x07")) {
            let mut record = [0; 56];
            file.seek(SeekFrom::Start(u64_at(&tail, locator + 8))).ok()?;
            file.read_exact(&mut record).ok()?;
            begin = if record.starts_with(b"PK\x06\x06") { u64_at(&record, 48) } else { begin };
        }
        file.seek(SeekFrom::Start(begin)).ok()?;
        Some(Self::records(BufReader::new(file.take(len.checked_sub(begin)?)), most))
    }

    fn records(mut from: impl Read, most: u64) -> Self {
        let mut entries = HashMap::new();
        let (mut record, mut more) = ([0; RECORD], Vec::new());
        while (entries.len() as u64) < most && from.read_exact(&mut record).is_ok() && record.starts_with(DIRECTORY) {
            let (name, extra) = (usize::from(u16_at(&record, 28)), usize::from(u16_at(&record, 30)));
            more.resize(name + extra + usize::from(u16_at(&record, 32)), 0);
            if from.read_exact(&mut more).is_err() {
                break;
            }
            let [packed, at] = large(&record, &more[name..name + extra]);
            entries.insert(at, Told { packed, checksum: u32_at(&record, 16) });
        }
        Self(entries)
    }
}

/// Packed size and place of an entry: those that do not fit the record are in an extra field, behind the unpacked size.
fn large(record: &[u8], mut extra: &[u8]) -> [u64; 2] {
    let mut numbers = [24, 20, 42].map(|at| u64::from(u32_at(record, at)));
    while extra.len() >= 4 {
        let Some(mut field) = extra.get(4..4 + usize::from(u16_at(extra, 2))) else { break };
        if u16_at(extra, 0) == 1 {
            for number in numbers.iter_mut().filter(|n| **n == u64::from(u32::MAX)) {
                if field.len() >= 8 {
                    *number = u64_at(field, 0);
                    field = &field[8..];
                }
            }
            break;
        }
        extra = &extra[4 + usize::from(u16_at(extra, 2))..];
    }
    [numbers[1], numbers[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &[u8], sizes: [u32; 2], at: u32, extra: &[u8]) -> Vec<u8> {
        let mut out = b"PK\x01\x02\x14\0\x14\0\x08\0\x08\0\0\0\0\0".to_vec();
        for number in [0xABCD, sizes[0], sizes[1]] {
            out.extend(u32::to_le_bytes(number));
        }
        for number in [name.len(), extra.len(), 3, 0, 0, 0, 0] {
            out.extend((number as u16).to_le_bytes());
        }
        out.extend(at.to_le_bytes());
        [&out, name, extra, b"abc"].concat()
    }

    #[test]
    fn small_and_large_numbers() {
        let wide = [
            &[9, 9, 1, 0, 7][..],
            &[1, 0, 24, 0],
            &[8; 8],
            &70_000_000_000u64.to_le_bytes(),
            &(1u64 << 40).to_le_bytes(),
        ];
        let records =
            [record(b"a.txt", [10, 20], 0, b""), record(b"b", [u32::MAX; 2], u32::MAX, &wide.concat())].concat();
        for large_end in [false, true] {
            let begin = 100u64;
            let end = |at: u32| [&b"PK\x05\x06"[..], &[0; 12], &at.to_le_bytes(), &[0; 2]].concat();
            let archive = if large_end {
                let at = begin + records.len() as u64;
                let mut wide = [&b"PK\x06\x06"[..], &[0; 52]].concat();
                wide[48..56].copy_from_slice(&begin.to_le_bytes());
                [
                    vec![0; 100],
                    records.clone(),
                    wide,
                    [&b"PK\x06\x07"[..], &[0; 4], &at.to_le_bytes(), &[1, 0, 0, 0]].concat(),
                    end(u32::MAX),
                ]
                .concat()
            } else {
                [vec![0; 100], records.clone(), end(100)].concat()
            };
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.zip");
            std::fs::write(&path, &archive).unwrap();
            let found = Directory::read(&path, 100);
            assert_eq!(found.get(0), Some(Told { packed: 10, checksum: 0xABCD }));
            assert_eq!(found.get(1 << 40), Some(Told { packed: 70_000_000_000, checksum: 0xABCD }));
            assert_eq!((found.0.len(), Directory::read(&path, 1).0.len()), (2, 1));
            // Whatever is torn or wrong, there is an answer.
            for at in 0..archive.len() {
                std::fs::write(&path, &archive[..at]).unwrap();
                Directory::read(&path, 100);
            }
        }
    }
}
