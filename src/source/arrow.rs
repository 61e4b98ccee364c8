//! Arrow IPC: streams, as `datasets` keeps them, and files, which are such a stream between two marks. Both are read from
//! front to back, message by message; one that is damaged costs its rows.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader, root_as_message};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use memchr::memmem;

use super::columns::{Rows, contained, damaged, text};
use super::{Context, Flaw, Head, Reader, Source};
use crate::batch::Batch;
use crate::reason::Reason;

/// How a file begins, and how it ends.
const MAGIC: &[u8] = b"ARROW1\0\0";
/// How a message begins.
const MESSAGE: [u8; 4] = [0xFF; 4];
/// Bytes between the mark and the first message, at most.
const PADDING: usize = 4096;
/// Bytes in which a description without its length is looked for.
const BARE: usize = 256 << 10;
/// Largest description of a message.
const DESCRIPTION: u32 = 16 << 20;
/// Bytes before a packed buffer that say what it unpacks to; all ones where it is not packed.
const SIZE: usize = 8;

/// By the first bytes: a file, or a message that describes columns.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let described = || {
        let (size, rest) = head.bytes.strip_prefix(&MESSAGE)?.split_first_chunk::<4>()?;
        Some(describes_columns(rest.get(..u32::from_le_bytes(*size) as usize)?))
    };
    head.bytes.starts_with(MAGIC) || described() == Some(true)
}

/// Opens a stream or file.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let is_file = reader.head(MAGIC.len()) == MAGIC;
    if is_file {
        reader.skip(MAGIC.len() as u64);
        // Some writers begin the first message at a round place.
        let padding = reader.head(PADDING).chunks_exact(8).take_while(|word| **word == [0; 8]).count();
        reader.skip(8 * padding as u64);
    }
    let first = if is_file { bare_description(&mut reader) } else { None };
    let (max, rows) = (context.config.max_held.0, Rows::new(context));
    Box::new(Arrow { reader: Some(reader), max, first, columns: None, table: None, rows, flaw: None })
}

struct Arrow {
    reader: Option<Reader>,
    /// Largest message.
    max: u64,
    /// The description of the first message, where it stands there without its length.
    first: Option<Vec<u8>>,
    columns: Option<Columns>,
    table: Option<(RecordBatch, usize)>,
    rows: Rows,
    flaw: Option<Flaw>,
}

/// What the first message says.
struct Columns {
    schema: SchemaRef,
    /// Number of the column of the text.
    text: usize,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl Arrow {
    /// Reads the next message; false at the end.
    fn next(&mut self, batch: &mut Batch) -> Result<bool, Flaw> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        let description = match self.first.take() {
            None => description(reader)?,
            first => first,
        };
        let Some(description) = description else { return Ok(false) };
        let message = root_as_message(&description).map_err(|e| damaged(format!("no message: {e}")))?;
        let length = u64::try_from(message.bodyLength()).map_err(|_| damaged("a message of negative length"))?;
        let rows = message.header_as_record_batch().map_or(0, |b| u64::try_from(b.length()).unwrap_or(0));
        let is_table = message.header_type() == MessageHeader::RecordBatch;
        let mut body = Vec::new();
        let there = if length <= self.max {
            reader.take_into(&mut body, length as usize);
            body.len() as u64
        } else {
            reader.skip(length)
        };
        if there < length {
            return Err(damaged(format!("it breaks off in a message of {rows} rows")));
        }
        let read = match unpacked(&message, &body) {
            Some(size) if size.max(length) <= self.max => {
                self.rows.unpack(size)?;
                self.message(&message, body)
            }
            None if length <= self.max => Err(damaged("its parts do not lie in it")),
            _ => Err(Flaw { reason: Reason::TooLong, detail: "more than --max-held".to_owned() }),
        };
        match read {
            Err(flaw) if is_table && self.columns.is_some() => {
                let detail = format!("{rows} rows: {}", flaw.detail);
                self.rows.lost(batch, &Flaw { detail, ..flaw }, rows);
            }
            // Without columns or a dictionary nothing more can be read.
            read => read?,
        }
        Ok(true)
    }

    /// Reads what a message holds.
    fn message(&mut self, message: &Message<'_>, body: Vec<u8>) -> Result<(), Flaw> {
        let version = message.version();
        let Some(columns) = &mut self.columns else {
            let schema = message.header_as_schema().ok_or_else(|| damaged("no columns are described"))?;
            let schema = contained(|| try_fb_to_schema(schema).map_err(damaged))?;
            let text = self.rows.text_column(schema.fields())?;
            // No text is taken to be UTF-8 before the decoder has seen it.
            let fields: Vec<FieldRef> = schema.fields().iter().map(as_bytes).collect();
            let schema = Arc::new(Schema::new(fields));
            self.columns = Some(Columns { schema, text, dictionaries: HashMap::new() });
            return Ok(());
        };
        let (body, schema, dictionaries) = (Buffer::from_vec(body), &columns.schema, &mut columns.dictionaries);
        if let Some(words) = message.header_as_dictionary_batch() {
            contained(|| read_dictionary(&body, words, schema, dictionaries, &version).map_err(damaged))?;
        } else if let Some(table) = message.header_as_record_batch() {
            let read = || read_record_batch(&body, table, Arc::clone(schema), dictionaries, None, &version);
            self.table = Some((contained(|| read().map_err(damaged))?, 0));
        }
        Ok(())
    }
}

/// The same column with all texts as mere bytes, which lie there alike.
fn as_bytes(field: &FieldRef) -> FieldRef {
    use DataType as D;
    let kind = match field.data_type() {
        D::Utf8 => D::Binary,
        D::LargeUtf8 => D::LargeBinary,
        D::Utf8View => D::BinaryView,
        D::List(item) => D::List(as_bytes(item)),
        D::LargeList(item) => D::LargeList(as_bytes(item)),
        D::ListView(item) => D::ListView(as_bytes(item)),
        D::LargeListView(item) => D::LargeListView(as_bytes(item)),
        D::FixedSizeList(item, len) => D::FixedSizeList(as_bytes(item), *len),
        D::Map(entries, sorted) => D::Map(as_bytes(entries), *sorted),
        D::Struct(fields) => D::Struct(fields.iter().map(as_bytes).collect()),
        other => other.clone(),
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}

/// True for the description of a message that describes columns. It is copied, since it has to lie at a round address.
fn describes_columns(bytes: &[u8]) -> bool {
    let copy = Vec::from(bytes);
    root_as_message(&copy).is_ok_and(|message| message.header_as_schema().is_some())
}

/// In a file the place of the messages is told at the end, so some writers put the first there without its length. It ends
/// where the second begins.
fn bare_description(reader: &mut Reader) -> Option<Vec<u8>> {
    let head = reader.head(BARE);
    let mut ends = memmem::find_iter(head, &MESSAGE).filter(|at| at % 8 == 0);
    if head.starts_with(&MESSAGE) {
        return None;
    }
    let end = ends.find(|end| describes_columns(&head[..*end]))?;
    let mut bytes = Vec::new();
    reader.take_into(&mut bytes, end);
    Some(bytes)
}

/// The description of the next message; nothing at the end.
fn description(reader: &mut Reader) -> Result<Option<Vec<u8>>, Flaw> {
    // Streams from before 2019 do without the mark.
    if reader.head(MESSAGE.len()) == MESSAGE {
        reader.skip(MESSAGE.len() as u64);
    }
    let mut bytes = Vec::new();
    reader.take_into(&mut bytes, 4);
    if bytes.is_empty() {
        return Ok(None);
    }
    let size = bytes.first_chunk().map(|b| u32::from_le_bytes(*b)).ok_or_else(|| damaged("it breaks off"))?;
    if size > DESCRIPTION {
        return Err(damaged(format!("a message with a description of {size} bytes")));
    }
    bytes.clear();
    reader.take_into(&mut bytes, size as usize);
    if bytes.len() < size as usize {
        return Err(damaged("it breaks off in the description of a message"));
    }
    // An empty one ends a stream. What follows in a file says where its messages are.
    Ok(Some(bytes).filter(|b| !b.is_empty()))
}

/// What the buffers of a message unpack to, as they say; `None` where that is absurd, or they do not lie in the message.
fn unpacked(message: &Message<'_>, body: &[u8]) -> Option<u64> {
    let table = message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch()?.data());
    let Some((table, buffers)) = table.and_then(|t| Some((t, t.buffers()?))) else { return Some(body.len() as u64) };
    let mut sum = 0u64;
    for buffer in buffers {
        let (at, len) = (usize::try_from(buffer.offset()).ok()?, usize::try_from(buffer.length()).ok()?);
        let bytes = body.get(at..at.checked_add(len)?)?;
        let size = bytes.first_chunk::<SIZE>().filter(|_| table.compression().is_some());
        sum = match size.map_or(-1, |size| i64::from_le_bytes(*size)) {
            -1 => sum.checked_add(len as u64)?,
            size => sum.checked_add(u64::try_from(size).ok()?)?,
        };
    }
    Some(sum)
}

impl Source for Arrow {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if self.rows.rest(batch, target) {
                continue;
            }
            let more = match (&mut self.table, &self.columns) {
                (Some((table, row)), Some(columns)) if *row < table.num_rows() => {
                    let (at, column) = (*row, columns.text);
                    *row += 1;
                    self.rows.push(batch, text(table, column, at), Some((table, at)), Some(column)).map(|()| true)
                }
                _ => self.next(batch),
            };
            match more {
                Ok(true) => {}
                Ok(false) => return false,
                Err(flaw) => {
                    (self.table, self.reader) = (None, None);
                    self.flaw = Some(flaw);
                    return false;
                }
            }
        }
        true
    }

    fn taken(&self) -> u64 {
        self.rows.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        let reader = self.reader.as_ref().and_then(|r| r.failure().map(Flaw::of));
        self.flaw.clone().or(reader)
    }
}
