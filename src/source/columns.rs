//! Columns of Arrow: one holds the text, the others are metadata. What Parquet and Arrow files have in common.
//!
//! Values are packed in such files, so what counts as read is what they unpack to: the text, and the others as JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;

use super::jsonl::text_fields;
use super::payload::Metadata;
use super::{Context, Flaw, Source, payload, reject, skip};
use crate::batch::{Batch, Span};
use crate::reason::{Reason, Skip};

/// Rows that are unpacked at a time.
pub(super) const ROWS: usize = 256;

/// Record batches, one after the other.
pub(super) type Tables = Box<dyn Iterator<Item = Result<RecordBatch, String>> + Send>;

/// Rows of tables.
pub(super) struct Columns {
    tables: Option<Tables>,
    context: Context,
    fields: Vec<String>,
    table: Option<(RecordBatch, usize)>,
    record: u64,
    taken: u64,
    flaw: Option<Flaw>,
}

impl Columns {
    /// Opens tables; what panics on them is damaged.
    pub(super) fn open(context: &Context, tables: impl FnOnce() -> Result<Tables, Flaw>) -> Box<dyn Source> {
        let opened = catch_unwind(AssertUnwindSafe(tables)).unwrap_or_else(|_| Err(damaged("it can't be read")));
        let fields = text_fields(&context.config.text_field);
        let (tables, flaw) = match opened {
            Ok(tables) => (Some(tables), None),
            Err(flaw) => (None, Some(flaw)),
        };
        Box::new(Self { tables, context: context.clone(), fields, table: None, record: 0, taken: 0, flaw })
    }

    /// Unpacks the next table.
    fn next(&mut self) -> bool {
        let Some(tables) = &mut self.tables else { return false };
        // The readers of these formats take the word of the file for much.
        let next = catch_unwind(AssertUnwindSafe(|| tables.next()))
            .unwrap_or_else(|_| Some(Err("it can't be read".to_owned())));
        match next {
            Some(Ok(table)) => self.table = Some((table, 0)),
            Some(Err(detail)) => (self.tables, self.flaw) = (None, Some(damaged(&detail))),
            None => self.tables = None,
        }
        self.table.is_some()
    }

    fn push(&mut self, batch: &mut Batch, table: &RecordBatch, row: usize) {
        let schema = table.schema();
        let text = self.fields.iter().find_map(|f| schema.index_of(f).ok());
        let metadata = Metadata::new(batch);
        let (mut url, mut date) = (Span::default(), Span::default());
        for (i, column) in table.columns().iter().enumerate().filter(|(i, _)| Some(*i) != text) {
            let name = schema.field(i).name();
            let span = metadata.json(batch, name, |out| json(column, row, out));
            let is_text = batch.meta.as_bytes().get(span.start as usize) == Some(&b'"');
            match name.as_str() {
                "url" if is_text => url = span,
                "date" if is_text => date = span,
                _ => {}
            }
        }
        let metadata = metadata.span(batch);
        let first = batch.documents.len();
        let bytes = text.map(|i| table.column(i)).and_then(|column| bytes_of(column, row));
        let max = self.context.max_document();
        match bytes {
            None => {
                drop(reject(batch, &[], Reason::NoText, &format!("no text in a column {}", self.fields.join(" or "))))
            }
            Some([]) => drop(skip(batch, Skip::Empty, 0)),
            Some(bytes) if bytes.len() > max => {
                for (part, piece) in bytes.chunks(max).enumerate() {
                    let document =
                        reject(batch, piece, Reason::TooLong, "a text larger than --max-document, in pieces");
                    (document.part, document.offset) = (part as u32, (part * max) as u64);
                }
            }
            Some(bytes) => payload::text(batch, &payload::Payload { bytes, mime: "", declared: None }, &self.context),
        }
        let rows = &mut batch.documents[first..];
        for document in &mut *rows {
            (document.record, document.metadata, document.url, document.date) = (self.record, metadata, url, date);
        }
        rows[0].structure += metadata.len() as u64;
        self.taken += rows.iter().map(|d| d.raw.len() as u64 + d.structure).sum::<u64>();
        self.record += 1;
    }
}

impl Source for Columns {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            let Some((table, row)) = self.table.take() else {
                if self.next() {
                    continue;
                }
                return false;
            };
            if row < table.num_rows() {
                self.push(batch, &table, row);
                self.table = Some((table, row + 1));
            }
        }
        true
    }

    fn taken(&self) -> u64 {
        self.taken
    }

    fn failure(&self) -> Option<Flaw> {
        self.flaw.clone()
    }
}

pub(super) fn damaged(detail: &str) -> Flaw {
    Flaw { reason: Reason::Damaged, detail: detail.to_owned() }
}

/// A value as text, if it is one.
fn bytes_of(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).as_bytes(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).as_bytes(),
        DataType::Utf8View => column.as_string_view().value(row).as_bytes(),
        DataType::Binary => column.as_binary::<i32>().value(row),
        DataType::LargeBinary => column.as_binary::<i64>().value(row),
        DataType::BinaryView => column.as_binary_view().value(row),
        _ => return None,
    })
}

/// A value as JSON: lists and structures with their parts, what is no number or text as it is shown to people.
fn json(column: &ArrayRef, row: usize, out: &mut String) {
    if column.is_null(row) {
        return out.push_str("null");
    }
    match column.data_type() {
        DataType::List(_) => list(&column.as_list::<i32>().value(row), out),
        DataType::LargeList(_) => list(&column.as_list::<i64>().value(row), out),
        DataType::Struct(fields) => {
            let parts = column.as_struct();
            for (i, (field, part)) in fields.iter().zip(parts.columns()).enumerate() {
                out.push(if i == 0 { '{' } else { ',' });
                payload::json_string(out, field.name());
                out.push(':');
                json(part, row, out);
            }
            out.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
        kind => {
            let shown = ArrayFormatter::try_new(column, &FormatOptions::default())
                .map(|f| f.value(row).try_to_string().unwrap_or_default())
                .unwrap_or_default();
            // Numbers that JSON has; not those that are none, and not those with decimals, whose zeros would go.
            let plain = (kind.is_integer() || kind.is_floating() || *kind == DataType::Boolean)
                && serde_json::from_str::<serde_json::Value>(&shown).is_ok();
            if plain { out.push_str(&shown) } else { payload::json_string(out, &shown) }
        }
    }
}

fn list(values: &ArrayRef, out: &mut String) {
    out.push('[');
    for i in 0..values.len() {
        if i > 0 {
            out.push(',');
        }
        json(values, i, out);
    }
    out.push(']');
}
