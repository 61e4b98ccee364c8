//! What containers share: the entry that is being read, the numbers of its records, and the counting.

use super::limits::Context;
use super::reader::Reader;
use super::{Passed, Refused, Source, broken, open_any, reject, skip, structure};
use crate::batch::{Batch, Document, Span};
use crate::reason::{Reason, Skip};

/// The entries of a container.
pub(super) struct Entries {
    context: Context,
    /// An entry that is to be opened: not before the container lets go of the reader that they share.
    next: Option<(Reader, Context, String)>,
    current: Option<Entry>,
    /// Bytes of entries that have ended, and of what stands between entries.
    taken: u64,
    /// Number of the next record.
    records: u64,
    opened: u64,
}

struct Entry {
    source: Box<dyn Source>,
    /// Its path in the input.
    path: String,
    /// Number of the record after its last one so far.
    next: u64,
}

impl Entries {
    pub(super) fn new(context: &Context) -> Self {
        Self { context: context.clone(), next: None, current: None, taken: 0, records: 0, opened: 0 }
    }

    /// Adds documents of the entry that is open; false when there is none, or when it has ended.
    pub(super) fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        if let Some((reader, inside, path)) = self.next.take() {
            self.current = Some(Entry { source: open_any(reader, &inside), path, next: self.records });
        }
        let Some(entry) = &mut self.current else { return false };
        let first = batch.documents.len();
        let mut more = entry.source.fill(batch, target);
        if let (false, Some(flaw)) = (more, entry.source.failure()) {
            let gave_records = entry.next > self.records || batch.documents[first..].iter().any(Document::is_record);
            broken(batch, &flaw, entry.source.taken(), gave_records);
            more = entry.source.resume();
        }
        if !more {
            self.taken += entry.source.taken();
        }
        let path = if batch.documents.len() > first { name_of(batch, &entry.path) } else { Span::default() };
        for document in &mut batch.documents[first..] {
            document.record = document.record.saturating_add(self.records);
            if document.is_record() {
                entry.next = entry.next.max(document.record.saturating_add(1));
            }
            if document.entry.is_empty() {
                document.entry = path;
            }
        }
        if !more {
            self.records = entry.next;
            self.current = None;
        }
        true
    }

    /// Bytes that were read of ended and open entries and between them.
    pub(super) fn taken(&self) -> u64 {
        self.taken + self.current.as_ref().map_or(0, |e| e.source.taken())
    }

    /// Opens an entry: what it holds is read by the next calls of `fill`. Where nothing more may be opened, its bytes are
    /// rejected.
    pub(super) fn open(&mut self, reader: Reader, name: &str) {
        let name = self.short(name);
        let path = self.path(&name);
        self.opened += 1;
        match self.context.inside(&name) {
            Some(mut inside) => {
                inside.entry.clone_from(&path);
                self.next = Some((reader, inside, path));
            }
            None => self.refuse(reader, &name, Reason::TooDeep),
        }
    }

    /// Rejects an entry, all of it.
    pub(super) fn refuse(&mut self, reader: Reader, name: &str, reason: Reason) {
        let source = Box::new(Refused::new(reader, reason, self.context.max_document()));
        let path = self.path(&self.short(name));
        self.current = Some(Entry { source, path, next: self.records });
    }

    /// Passes over an entry whose size is not known.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
    pub(super) fn pass(&mut self, reader: Reader, name: &str, skipped: Skip) {
        let path = self.path(&self.short(name));
        self.current = Some(Entry { source: Box::new(Passed { reader, skipped }), path, next: self.records });
    }

    /// True when no more entries may be opened.
    pub(super) fn is_full(&self) -> bool {
        self.opened >= self.context.config.max_entries
    }

    /// Notes bytes that are no text: headers, padding.
    pub(super) fn structure(&mut self, batch: &mut Batch, bytes: u64) {
        self.taken += bytes;
        structure(batch, bytes);
    }

    /// Notes an entry that is passed over on purpose.
    pub(super) fn skip(&mut self, batch: &mut Batch, name: &str, skipped: Skip, bytes: u64) {
        self.taken += bytes;
        let entry = name_of(batch, &self.path(&self.short(name)));
        let document = skip(batch, skipped, bytes);
        (document.record, document.entry) = (self.records, entry);
        self.records += 1;
    }

    /// Notes an entry, or what may have been one, that can't be read.
    pub(super) fn reject(&mut self, batch: &mut Batch, name: &str, bytes: &[u8], reason: Reason, detail: &str) {
        self.taken += bytes.len() as u64;
        let entry = if name.is_empty() { Span::default() } else { name_of(batch, &self.path(&self.short(name))) };
        let document = reject(batch, bytes, reason, detail);
        (document.record, document.entry) = (self.records, entry);
        self.records += 1;
    }

    /// Rejects bytes in which no entry begins: `piece` says how many come next, and whether an entry begins behind them.
    pub(super) fn damaged(
        &mut self,
        batch: &mut Batch,
        reader: &mut Reader,
        detail: &str,
        piece: impl Fn(&mut Reader) -> (usize, bool),
    ) {
        let (mut part, mut offset) = (0, 0);
        loop {
            let (len, found) = piece(reader);
            let document = reject(batch, reader.head(len), Reason::Damaged, detail);
            (document.record, document.part, document.offset) = (self.records, part, offset);
            self.taken += reader.skip(len as u64);
            (part, offset) = (part + 1, offset + len as u64);
            if found || reader.is_empty() {
                break;
            }
        }
        self.records += 1;
    }

    /// A name as it is told: of bounded length.
    fn short(&self, name: &str) -> String {
        name.chars().filter(|c| !c.is_control()).take(self.context.config.max_name as usize).collect()
    }

    fn path(&self, name: &str) -> String {
        let outer = &self.context.entry;
        if outer.is_empty() { name.to_owned() } else { format!("{outer}/{name}") }
    }
}

/// A name, as a JSON string.
fn name_of(batch: &mut Batch, name: &str) -> Span {
    let json = serde_json::to_string(name).unwrap_or_default();
    batch.push_meta(&json)
}
