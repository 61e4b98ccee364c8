//! Parquet, as datasets are published in it: row group by row group, a column of text and the others as metadata.
//!
//! Its directory is at its end. A file on disk is read where its directory says, one out of an archive or a pipe is held in
//! memory.

mod look;
mod thrift;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Schema};
use bytes::{Buf, Bytes};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_schema};
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use self::look::{Look, directory, on_disk};
use super::columns::{Rows, contained, damaged, text};
use super::values::object;
use super::{Context, Flaw, Head, Reader, Refused, Source};
use crate::batch::Batch;
use crate::reason::Reason;

const MAGIC: &[u8] = b"PAR1";
/// Stands in place of the magic where the directory is encrypted.
const SEALED: &[u8] = b"PARE";
/// The first page follows the magic, and this is how headers of pages begin.
const PAGE: u8 = 0x15;
/// What stands behind the directory: its length and the magic.
const TAIL: u64 = 8;
/// Rows that are unpacked at a time, at most, and the bytes that they are to have.
const ROWS: u64 = 1024;
const BYTES: u64 = 4 << 20;

/// By the first bytes, and where they are not all there, by name.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let named = head.named(&[".parquet", ".parq"]);
    let page = head.bytes.starts_with(MAGIC) && head.bytes.get(4) == Some(&PAGE);
    page || named && (head.bytes.starts_with(MAGIC) || head.bytes.starts_with(SEALED))
}

/// Opens a file.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let on_disk = context.disk.as_ref().and_then(|(path, _)| fs::File::open(path).ok());
    let file = match on_disk {
        Some(file) => File::Disk(Arc::new(file)),
        None => {
            let most = context.config.max_held.0 as usize;
            let mut bytes = Vec::new();
            reader.take_into(&mut bytes, most);
            if !reader.is_empty() {
                let reader = Reader::new(Box::new(Read::chain(io::Cursor::new(bytes), reader)));
                return Box::new(Refused::new(reader, Reason::TooLong, context.max_document()));
            }
            File::Memory(bytes.into())
        }
    };
    let mut parquet = Parquet::new(context);
    let directory = contained(|| Directory::read(file, context.config.max_held.0));
    let text = directory.and_then(|d| Ok((parquet.rows.text_column(d.arrow.schema().fields())?, d)));
    match text {
        Ok((text, directory)) => (parquet.text, parquet.directory) = (text, Some(directory)),
        Err(flaw) => parquet.flaw = Some(flaw),
    }
    // What ends a stream early is why its end is missing.
    parquet.flaw = reader.failure().map(Flaw::of).or(parquet.flaw);
    Box::new(parquet)
}

/// A file that is read here and there.
#[derive(Clone)]
pub(super) enum File {
    Disk(Arc<fs::File>),
    Memory(Bytes),
}

impl File {
    fn bytes(&self, at: u64, len: u64) -> io::Result<Bytes> {
        match self {
            Self::Disk(file) => on_disk(file, at, len),
            Self::Memory(bytes) => {
                let end = at.checked_add(len).filter(|end| *end <= bytes.len() as u64);
                let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
                Ok(bytes.slice(at as usize..end as usize))
            }
        }
    }
}

impl Length for File {
    fn len(&self) -> u64 {
        match self {
            Self::Disk(file) => file.metadata().map_or(0, |m| m.len()),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for File {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        match self {
            Self::Disk(file) => {
                let mut file = file.try_clone()?;
                io::Seek::seek(&mut file, io::SeekFrom::Start(start))?;
                Ok(Box::new(BufReader::new(file)))
            }
            Self::Memory(bytes) => Ok(Box::new(bytes.slice((start as usize).min(bytes.len())..).reader())),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        Ok(self.bytes(start, length as u64)?)
    }
}

/// What a file says is in it.
struct Directory {
    file: File,
    arrow: ArrowReaderMetadata,
}

impl Directory {
    fn read(file: File, most: u64) -> Result<Self, Flaw> {
        let end = file.len();
        let tail = file.bytes(end.saturating_sub(TAIL), TAIL.min(end)).map_err(damaged)?;
        let (len, magic) = tail.split_first_chunk::<4>().ok_or_else(|| damaged("it is empty"))?;
        let len = u64::from(u32::from_le_bytes(*len));
        if magic == SEALED {
            return Err(Flaw { reason: Reason::Encrypted, detail: "all of it is encrypted".to_owned() });
        }
        if magic != MAGIC {
            return Err(damaged("its end is missing, and its directory with it"));
        }
        if len > most / 4 {
            let detail = format!("a directory of {len} bytes; a quarter of --max-held is allowed");
            return Err(Flaw { reason: Reason::TooLong, detail });
        }
        let start = end.checked_sub(TAIL + len).ok_or_else(|| damaged("its directory is longer than the file"))?;
        let bytes = file.bytes(start, len).map_err(damaged)?;
        directory(&bytes)?;
        // No text is taken to be UTF-8 before the decoder has seen it, and none is copied before it is wanted.
        let schema = ParquetMetaDataReader::decode_schema(&bytes).map_err(damaged)?;
        let root = as_bytes(schema.root_schema()).map_err(damaged)?;
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(root)));
        let arrow = parquet_to_arrow_schema(&schema, None).map_err(damaged)?;
        let fields: Vec<FieldRef> = arrow.fields().iter().map(viewed).collect();
        let options = ArrowReaderOptions::new().with_parquet_schema(Arc::clone(&schema));
        let metadata = ParquetMetaDataReader::decode_metadata_with_options(&bytes, Some(options.metadata_options()));
        let options = options.with_schema(Arc::new(Schema::new(fields)));
        let arrow = ArrowReaderMetadata::try_new(Arc::new(metadata.map_err(damaged)?), options).map_err(damaged)?;
        Ok(Self { file, arrow })
    }

    /// Looks at these columns of a row group, or at all.
    fn look(&self, group: usize, wanted: Option<&[usize]>, max: u64) -> Looked {
        let mut looked = Looked::default();
        let schema = self.arrow.parquet_schema();
        for (leaf, column) in self.arrow.metadata().row_group(group).columns().iter().enumerate() {
            let root = schema.get_column_root_idx(leaf);
            if wanted.is_some_and(|wanted| !wanted.contains(&root)) {
                continue;
            }
            // What is negative is beyond the end of every file.
            let at = |offset: i64| u64::try_from(offset).unwrap_or(u64::MAX);
            let start = at(column.dictionary_page_offset().unwrap_or(column.data_page_offset()));
            let len = at(column.compressed_size());
            let range = start..start.saturating_add(len);
            let repeated = column.column_descr().max_rep_level() > 0;
            match (Look { range, packing: column.compression(), repeated, max }).at(&self.file) {
                Ok(chunk) => {
                    looked.heaviest = looked.heaviest.max(chunk.heaviest);
                    looked.unpacked += chunk.unpacked;
                    looked.packed += len;
                }
                Err(flaw) => {
                    let detail = format!("column {}: {}", column.column_path().string(), flaw.detail);
                    looked.flaws.insert(root, Flaw { detail, ..flaw });
                }
            }
        }
        looked
    }

    /// A reader of these columns of a row group.
    fn columns(&self, group: usize, columns: &[usize], rows: u64) -> Result<ParquetRecordBatchReader, Flaw> {
        let mask = ProjectionMask::roots(self.arrow.parquet_schema(), columns.iter().copied());
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), self.arrow.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(rows as usize)
            .build()
            .map_err(damaged)
    }
}

/// What the columns of a row group say of themselves.
#[derive(Default)]
struct Looked {
    unpacked: u64,
    packed: u64,
    /// Bytes that a value takes where values are largest.
    heaviest: u64,
    /// What is wrong with columns, by number.
    flaws: BTreeMap<usize, Flaw>,
}

impl Looked {
    /// Rows to be unpacked at a time.
    fn rows(&self) -> u64 {
        (BYTES / self.heaviest.max(1)).clamp(1, ROWS)
    }
}

/// Calls back with each row of a file as JSON until that has enough: these columns of it, where it has them; all where none
/// are named.
pub(crate) fn rows(
    path: &Path,
    wanted: &[&str],
    mut each: impl FnMut(&str) -> Result<ControlFlow<()>, String>,
) -> Result<(), String> {
    const MOST: u64 = 1 << 30;
    let open = || Directory::read(File::Disk(Arc::new(fs::File::open(path).map_err(damaged)?)), MOST);
    let directory = contained(open).map_err(|f| f.detail)?;
    let names = directory.arrow.schema().fields().iter().enumerate();
    let mut columns: Vec<usize> =
        names.filter(|(_, f)| wanted.is_empty() || wanted.contains(&f.name().as_str())).map(|(i, _)| i).collect();
    if columns.is_empty() {
        columns.push(0);
    }
    let mut json = String::new();
    for group in 0..directory.arrow.metadata().num_row_groups() {
        let looked = directory.look(group, Some(&columns), MOST);
        if let Some(flaw) = looked.flaws.into_values().next() {
            return Err(flaw.detail);
        }
        let mut tables = contained(|| directory.columns(group, &columns, ROWS)).map_err(|f| f.detail)?;
        while let Some(table) = contained(|| tables.next().transpose().map_err(damaged)).map_err(|f| f.detail)? {
            for row in 0..table.num_rows() {
                json.clear();
                object(&table, row, &mut json);
                if each(&json)?.is_break() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// The same tree of columns, with all texts as mere bytes.
fn as_bytes(kind: &Type) -> Result<Type, ParquetError> {
    let info = kind.get_basic_info();
    if let Type::GroupType { fields, .. } = kind {
        let fields = fields.iter().map(|f| as_bytes(f).map(Arc::new)).collect::<Result<Vec<TypePtr>, _>>()?;
        let mut group = Type::group_type_builder(kind.name())
            .with_fields(fields)
            .with_converted_type(info.converted_type())
            .with_logical_type(info.logical_type_ref().cloned());
        if info.has_repetition() {
            group = group.with_repetition(info.repetition());
        }
        return group.build();
    }
    let text = matches!(info.logical_type_ref(), Some(LogicalType::String | LogicalType::Enum | LogicalType::Json))
        || matches!(info.converted_type(), ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON);
    if kind.get_physical_type() != Physical::BYTE_ARRAY || !text {
        return Ok(kind.clone());
    }
    Type::primitive_type_builder(kind.name(), Physical::BYTE_ARRAY).with_repetition(info.repetition()).build()
}

/// A field whose bytes stay where they were unpacked.
fn viewed(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Binary | DataType::Utf8 => DataType::BinaryView,
        DataType::List(item) => DataType::List(viewed(item)),
        DataType::Map(entries, sorted) => DataType::Map(viewed(entries), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(viewed).collect()),
        other => other.clone(),
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}

struct Parquet {
    directory: Option<Directory>,
    /// Number of the column of the text.
    text: usize,
    context: Context,
    /// Number of the next row group.
    next: usize,
    group: Option<Group>,
    rows: Rows,
    flaw: Option<Flaw>,
}

/// The row group that is being read.
struct Group {
    texts: ParquetRecordBatchReader,
    others: Option<ParquetRecordBatchReader>,
    table: Option<(RecordBatch, Option<RecordBatch>)>,
    row: usize,
    /// Rows that it says it has, but those that came.
    left: u64,
}

impl Parquet {
    fn new(context: &Context) -> Self {
        let rows = Rows::new(context);
        Self { directory: None, text: 0, context: context.clone(), next: 0, group: None, rows, flaw: None }
    }

    /// Opens the next row group; false when there is none.
    fn open(&mut self, batch: &mut Batch) -> Result<bool, Flaw> {
        let Some(directory) = &self.directory else { return Ok(false) };
        let number = self.next;
        let Some(group) = directory.arrow.metadata().row_groups().get(number) else { return Ok(false) };
        self.next += 1;
        let left = u64::try_from(group.num_rows()).unwrap_or(0);
        if left == 0 {
            return Ok(true);
        }
        let mut looked = directory.look(number, None, self.context.config.max_held.0);
        if let (File::Disk(_), Some((_, read))) = (&directory.file, &self.context.disk) {
            read.fetch_add(looked.packed, Ordering::Relaxed);
            self.context.budget.read(looked.packed as usize);
        }
        self.rows.unpack(looked.unpacked)?;
        if let Some(flaw) = looked.flaws.remove(&self.text) {
            self.lose(batch, left, &flaw);
            return Ok(true);
        }
        for flaw in looked.flaws.values() {
            let detail = format!("metadata of the {left} rows of row group {number}: {}", flaw.detail);
            self.rows.note(batch, &Flaw { detail, ..flaw.clone() });
        }
        let is_other = |root: &usize| *root != self.text && !looked.flaws.contains_key(root);
        let others: Vec<usize> = (0..directory.arrow.schema().fields().len()).filter(is_other).collect();
        let opened = contained(|| {
            let texts = directory.columns(number, &[self.text], looked.rows())?;
            let others = match others[..] {
                [] => None,
                _ => Some(directory.columns(number, &others, looked.rows())?),
            };
            Ok(Group { texts, others, table: None, row: 0, left })
        });
        match opened {
            Ok(group) => self.group = Some(group),
            Err(flaw) => self.lose(batch, left, &flaw),
        }
        Ok(true)
    }

    /// Notes that the rest of a row group can't be read.
    fn lose(&mut self, batch: &mut Batch, rows: u64, flaw: &Flaw) {
        let detail = format!("{rows} rows of row group {}: {}", self.next - 1, flaw.detail);
        self.rows.lost(batch, &Flaw { detail, ..flaw.clone() }, rows);
    }

    /// Adds the next row of the open row group; false when there is none.
    fn row(&mut self, batch: &mut Batch) -> Result<bool, Flaw> {
        let Some(group) = &mut self.group else { return Ok(false) };
        if let Some((texts, others)) = &group.table
            && group.row < texts.num_rows()
        {
            let others = others.as_ref().map(|table| (table, group.row));
            self.rows.push(batch, text(texts, 0, group.row), others, None)?;
            group.row += 1;
            return Ok(true);
        }
        let next = |reader: &mut ParquetRecordBatchReader| {
            contained(|| reader.next().transpose().map_err(damaged)).map(|t| t.filter(|t| t.num_rows() > 0))
        };
        let texts = match next(&mut group.texts) {
            Ok(Some(texts)) => texts,
            ended => {
                let left = group.left;
                self.group = None;
                if left > 0 {
                    self.lose(batch, left, &ended.err().unwrap_or_else(|| damaged("they are not there")));
                }
                return Ok(true);
            }
        };
        let others = match group.others.as_mut().map(next) {
            Some(Ok(Some(others))) if others.num_rows() == texts.num_rows() => Some(others),
            None => None,
            Some(ended) => {
                let flaw = ended.err().unwrap_or_else(|| damaged("columns of different lengths"));
                let detail = format!("metadata of the {} rows from here on: {}", group.left, flaw.detail);
                self.rows.note(batch, &Flaw { detail, ..flaw });
                group.others = None;
                None
            }
        };
        group.left = group.left.saturating_sub(texts.num_rows() as u64);
        (group.table, group.row) = (Some((texts, others)), 0);
        Ok(true)
    }
}

impl Source for Parquet {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if self.rows.rest(batch, target) {
                continue;
            }
            let more = match self.row(batch) {
                Ok(false) => self.open(batch),
                more => more,
            };
            match more {
                Ok(true) => {}
                Ok(false) => return false,
                Err(flaw) => {
                    (self.directory, self.group, self.flaw) = (None, None, Some(flaw));
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
        self.flaw.clone()
    }
}
