//! Rows of columns: one holds the text, the others are metadata. What Parquet and Arrow files have in common.
//!
//! Values are packed in such files, so what counts as read is what they unpack to: the text, and the others as JSON.

use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::Fields;

use super::jsonl::text_fields;
use super::payload::{self, Metadata, Payload};
use super::values::{bytes, is_text, json};
use super::{Context, Flaw, Reader, Source, plain, reject, skip};
use crate::batch::{Batch, Span};
use crate::reason::{Reason, Skip};

/// What a row costs besides its bytes: a table of very many rows of nothing is a bomb.
const ROW: usize = 16;

/// Rows on their way to the batch.
pub(super) struct Rows {
    context: Context,
    /// Columns that may hold the text, most wanted first.
    fields: Vec<String>,
    /// Number of the next row.
    record: u64,
    taken: u64,
    /// Bytes that were counted when they were unpacked, and have not come as rows yet.
    credit: u64,
    /// A text too long for one batch, which comes in parts.
    long: Option<Long>,
}

struct Long {
    parts: Box<dyn Source>,
    metadata: String,
    members: Members,
    /// No part of it has come yet.
    is_new: bool,
}

/// Metadata of a row, in the batch's arena.
#[derive(Clone, Copy, Default)]
struct Members {
    all: Span,
    url: Span,
    date: Span,
}

impl Members {
    /// The same at another place of an arena.
    fn moved_to(self, start: usize) -> Self {
        let shift = |span: Span| {
            if span.is_empty() {
                return span; // A column that is not there lies nowhere.
            }
            let at = start + (span.start - self.all.start) as usize;
            Span::new(at, at + span.len())
        };
        Self { all: shift(self.all), url: shift(self.url), date: shift(self.date) }
    }
}

impl Rows {
    pub(super) fn new(context: &Context) -> Self {
        let fields = text_fields(&context.config.text_field);
        Self { context: context.clone(), fields, record: 0, taken: 0, credit: 0, long: None }
    }

    /// Number of the column that holds the text.
    pub(super) fn text_column(&self, columns: &Fields) -> Result<usize, Flaw> {
        let find = |name: &String| columns.iter().position(|c| c.name() == name && is_text(c.data_type()));
        self.fields.iter().find_map(find).ok_or_else(|| {
            let names: Vec<&str> = columns.iter().take(50).map(|c| c.name().as_str()).collect();
            let detail = format!("no column {} with text; there are {}", self.fields.join(" or "), names.join(", "));
            Flaw { reason: Reason::NoText, detail }
        })
    }

    /// Bytes of the documents that were added.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Counts what is about to be unpacked.
    pub(super) fn unpack(&mut self, bytes: u64) -> Result<(), Flaw> {
        self.credit += bytes;
        self.context.budget.unpack(bytes as usize).map_err(|e| Flaw::of(&e))
    }

    /// Notes what is lost besides texts.
    pub(super) fn note(&self, batch: &mut Batch, flaw: &Flaw) {
        let note = reject(batch, &[], flaw.reason, &flaw.detail);
        (note.record, note.records) = (self.record, 0);
    }

    /// Notes rows that are lost; the reading goes on behind them.
    pub(super) fn lost(&mut self, batch: &mut Batch, flaw: &Flaw, rows: u64) {
        let rows = rows.max(1);
        let document = reject(batch, &[], flaw.reason, &flaw.detail);
        (document.record, document.records) = (self.record, rows);
        self.record = self.record.saturating_add(rows);
    }

    /// Adds the next part of a long text; false when there is none.
    pub(super) fn rest(&mut self, batch: &mut Batch, target: usize) -> bool {
        let Some(mut long) = self.long.take() else { return false };
        let first = batch.documents.len();
        let more = long.parts.fill(batch, target);
        // Not before: a batch that is full of metadata takes no part, however often it is tried.
        let members = long.members.moved_to(batch.push_meta(&long.metadata).start as usize);
        self.finish(batch, first, members, long.is_new);
        long.is_new &= batch.documents.len() == first;
        if more {
            self.long = Some(long);
        } else {
            self.record += 1;
        }
        true
    }

    /// Adds a row: its text, and all columns of a table but the one of the text. An error ends the file.
    pub(super) fn push(
        &mut self,
        batch: &mut Batch,
        text: Option<&[u8]>,
        others: Option<(&RecordBatch, usize)>,
        text_column: Option<usize>,
    ) -> Result<(), Flaw> {
        let start = batch.meta.len();
        let members = self.members(batch, others, text_column);
        let cost = (text.map_or(0, <[u8]>::len) + batch.meta.len() - start + ROW) as u64;
        let unpaid = cost.saturating_sub(self.credit);
        self.credit = self.credit.saturating_sub(cost);
        self.context.budget.unpack(unpaid as usize).map_err(|e| Flaw::of(&e))?;
        let first = batch.documents.len();
        let max = self.context.max_document();
        match (text, members) {
            (None, _) => {
                reject(batch, &[], Reason::NoText, "no text in this row");
            }
            (Some([]), _) => {
                skip(batch, Skip::Empty, 0);
            }
            (Some(bytes), None) => {
                let detail = "its other columns are larger than --max-document";
                for (part, piece) in bytes.chunks(max).enumerate() {
                    let document = reject(batch, piece, Reason::TooLong, detail);
                    (document.part, document.offset) = (part as u32, (part * max) as u64);
                }
            }
            (Some(bytes), Some(members)) if bytes.len() > max => {
                let parts = plain::open(Reader::new(Box::new(Cursor::new(bytes.to_vec()))), &self.context);
                let metadata = batch.meta.split_off(start);
                self.long = Some(Long { parts, metadata, members, is_new: true });
                return Ok(());
            }
            (Some(bytes), _) => payload::text(batch, &Payload { bytes, mime: "", declared: None }, &self.context),
        }
        self.finish(batch, first, members.unwrap_or_default(), true);
        self.record += 1;
        Ok(())
    }

    /// Writes metadata to the batch's arena; nothing when it is too large.
    fn members(
        &self,
        batch: &mut Batch,
        others: Option<(&RecordBatch, usize)>,
        text_column: Option<usize>,
    ) -> Option<Members> {
        let Some((table, row)) = others else { return Some(Members::default()) };
        let metadata = Metadata::new(batch);
        let (start, mut too_large, mut members) = (batch.meta.len(), false, Members::default());
        let end = start + self.context.max_document();
        for (i, (field, column)) in table.schema_ref().fields().iter().zip(table.columns()).enumerate() {
            if Some(i) == text_column {
                continue;
            }
            let span = metadata.json(batch, field.name(), |out| too_large |= json(column, row, out, end).is_err());
            if too_large {
                batch.meta.truncate(start);
                return None;
            }
            let is_text = batch.meta.as_bytes()[span.start as usize] == b'"';
            match field.name().as_str() {
                "url" if is_text => members.url = span,
                "date" if is_text => members.date = span,
                _ => {}
            }
        }
        members.all = metadata.span(batch);
        Some(members)
    }

    /// Says of the documents from `first` on where they come from, and counts their bytes.
    fn finish(&mut self, batch: &mut Batch, first: usize, members: Members, is_new: bool) {
        let rows = &mut batch.documents[first..];
        for (i, document) in rows.iter_mut().enumerate() {
            document.record = self.record;
            (document.metadata, document.url, document.date) = (members.all, members.url, members.date);
            if i == 0 && is_new {
                document.structure += members.all.len() as u64;
            }
            self.taken += document.raw.len() as u64 + document.structure;
        }
    }
}

/// The text of a row.
pub(super) fn text(table: &RecordBatch, column: usize, row: usize) -> Option<&[u8]> {
    bytes(table.column(column), row)
}

thread_local! {
    /// A panic of this thread is caught and told as damage.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what takes the word of a file for much: where it panics, the file is damaged.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, Flaw>) -> Result<T, Flaw> {
    CONTAINED.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(false);
    result.unwrap_or_else(|_| Err(damaged("it contradicts itself")))
}

/// From now on nothing is printed of panics that tables cause in the crates that decode them, which are caught and told as
/// damage. For programs: it puts a hook for panics before that of the process.
pub fn silence_caught_panics() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CONTAINED.get() {
            told(panic);
        }
    }));
}

pub(super) fn damaged(detail: impl ToString) -> Flaw {
    Flaw { reason: Reason::Damaged, detail: detail.to_string() }
}
