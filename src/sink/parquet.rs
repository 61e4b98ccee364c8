//! Parquet: a block of JSON lines becomes a row group. Where a row group lies in its file is not known before it is written,
//! so each leaves behind what it says of itself, and the directory at the end of the file is made of that.

use std::borrow::Cow;
use std::sync::Arc;
use std::{fmt, io};

use arrow_array::builder::{ArrayBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, Field as Column, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{Field, Kind};

/// How a file begins, and how it ends.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// Behind the directory: its length, and the magic.
const TAIL: usize = 8;

/// JSON lines as a row group, and what it says of itself: the directory of a file in which it is alone.
pub(super) fn row_group(lines: &[u8], fields: &[Field], level: u8) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let table = table(lines, fields).map_err(io::Error::other)?;
    let options = ArrowWriterOptions::new().with_properties(properties(fields, level)?).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), table.schema(), options)?;
    writer.write(&table)?;
    let mut file = writer.into_inner()?;
    let tail = file.len().checked_sub(TAIL).and_then(|at| file[at..].first_chunk());
    let len = tail.map_or(0, |len| u32::from_le_bytes(*len) as usize);
    let start = file.len() - TAIL - len;
    let directory = file[start..file.len() - TAIL].to_vec();
    file.truncate(start);
    file.drain(..MAGIC.len());
    Ok((file, directory))
}

/// The directory of a file with these row groups.
pub(super) fn directory(groups: &[Vec<u8>]) -> io::Result<Vec<u8>> {
    let mut at = MAGIC.len() as i64;
    let (mut rows, mut all, mut about) = (0, Vec::with_capacity(groups.len()), None);
    for (number, group) in groups.iter().enumerate() {
        let alone = ParquetMetaDataReader::decode_metadata(group)?;
        for group in alone.row_groups() {
            let moved = moved(group, at - MAGIC.len() as i64, number)?;
            at += moved.compressed_size();
            rows += moved.num_rows();
            all.push(moved);
        }
        about.get_or_insert_with(|| alone.file_metadata().clone());
    }
    let about = about.ok_or_else(|| io::Error::other("a file without records"))?;
    let file = FileMetaData::new(
        about.version(),
        rows,
        about.created_by().map(str::to_owned),
        None,
        about.schema_descr_ptr(),
        about.column_orders().cloned(),
    );
    let mut out = Vec::new();
    ParquetMetaDataWriter::new(&mut out, &ParquetMetaData::new(file, all)).finish()?;
    Ok(out)
}

/// A row group so many bytes further on.
fn moved(group: &RowGroupMetaData, by: i64, number: usize) -> io::Result<RowGroupMetaData> {
    let column = |column: &ColumnChunkMetaData| {
        let dictionary = column.dictionary_page_offset().map(|at| at + by);
        let data = column.data_page_offset() + by;
        column.clone().into_builder().set_data_page_offset(data).set_dictionary_page_offset(dictionary).build()
    };
    let columns = group.columns().iter().map(column).collect::<Result<Vec<_>, _>>()?;
    let group = group.clone().into_builder().set_column_metadata(columns).set_ordinal(number as i32);
    Ok(group.set_file_offset(MAGIC.len() as i64 + by).build()?)
}

fn properties(fields: &[Field], level: u8) -> io::Result<WriterProperties> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(i32::from(level))?))
        .set_created_by(concat!("babelsift version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(None)
        .set_offset_index_disabled(true)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    // Nobody looks for the smallest and the largest text.
    for field in fields.iter().filter(|f| matches!(f.kind(), Kind::Object | Kind::Spans) || **f == Field::Text) {
        let path = ColumnPath::from(field.name());
        properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Ok(properties.build())
}

/// Records, column by column.
fn table(lines: &[u8], fields: &[Field]) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<Values> = fields.iter().map(|f| Values::new(f.kind())).collect();
    for line in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
        let mut json = serde_json::Deserializer::from_slice(line);
        Row { fields, columns: &mut columns }
            .deserialize(&mut json)
            .map_err(|e| ArrowError::from_external_error(e.into()))?;
    }
    let arrays: Vec<ArrayRef> = columns.into_iter().map(Values::finish).collect::<Result<_, _>>()?;
    let column = |(field, array): (&Field, &ArrayRef)| {
        Column::new(field.name(), array.data_type().clone(), field.may_be_absent())
    };
    let schema = Schema::new(fields.iter().zip(&arrays).map(column).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), arrays)
}

/// The values of a column so far.
enum Values {
    Text(StringBuilder),
    Number(Int64Builder),
    Score(Float64Builder),
    Names(Names),
    Spans(Box<Spans>),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Object => Self::Text(StringBuilder::new()),
            Kind::Number => Self::Number(Int64Builder::new()),
            Kind::Score => Self::Score(Float64Builder::new()),
            Kind::Names => Self::Names(Names::default()),
            Kind::Spans => Self::Spans(Box::default()),
        }
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, kind: Kind, map: &mut A) -> Result<(), A::Error> {
        match self {
            Self::Text(values) if kind == Kind::Object => values.append_value(map.next_value::<&RawValue>()?.get()),
            Self::Text(values) => values.append_value(map.next_value::<Text<'de>>()?.0),
            Self::Number(values) => values.append_value(map.next_value()?),
            Self::Score(values) => values.append_value(map.next_value()?),
            Self::Names(values) => values.push(&map.next_value::<OneOrMany<'de>>()?.0),
            Self::Spans(values) => values.push(&map.next_value::<Vec<Span<'de>>>()?),
        }
        Ok(())
    }

    fn append_null(&mut self) {
        match self {
            Self::Text(values) => values.append_null(),
            Self::Number(values) => values.append_null(),
            Self::Score(values) => values.append_null(),
            Self::Names(values) => values.push(&[]),
            Self::Spans(values) => values.push(&[]),
        }
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(mut values) => Arc::new(values.finish()),
            Self::Number(mut values) => Arc::new(values.finish()),
            Self::Score(mut values) => Arc::new(values.finish()),
            Self::Names(values) => values.finish()?,
            Self::Spans(values) => values.finish()?,
        })
    }
}

/// Reads a record into the columns of its members.
struct Row<'c> {
    fields: &'c [Field],
    columns: &'c mut [Values],
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<(), D::Error> {
        de.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // Members come in the order of the fields; those between two that are there are absent.
        let mut next = 0;
        while let Some(name) = map.next_key::<&str>()? {
            let found = self.fields[next..].iter().position(|f| f.name() == name);
            let at = next + found.ok_or_else(|| A::Error::custom("a member that is not a field"))?;
            self.columns[next..at].iter_mut().for_each(Values::append_null);
            self.columns[at].read(self.fields[at].kind(), &mut map)?;
            next = at + 1;
        }
        self.columns[next..].iter_mut().for_each(Values::append_null);
        Ok(())
    }
}

/// A string, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A name, or several.
struct OneOrMany<'a>(Vec<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for OneOrMany<'a> {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(de)?.get();
        let names =
            if raw.starts_with('[') { serde_json::from_str(raw) } else { serde_json::from_str(raw).map(|n| vec![n]) };
        names.map(Self).map_err(D::Error::custom)
    }
}

/// Lists of names.
struct Names {
    values: StringBuilder,
    ends: Vec<i32>,
}

impl Default for Names {
    fn default() -> Self {
        Self { values: StringBuilder::new(), ends: vec![0] }
    }
}

impl Names {
    fn push(&mut self, names: &[Text<'_>]) {
        names.iter().for_each(|name| self.values.append_value(&name.0));
        self.ends.push(self.values.len() as i32);
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        list(Arc::new(self.values.finish()), self.ends)
    }
}

/// What a text was made of.
#[derive(Deserialize)]
struct Span<'a> {
    start: i64,
    end: i64,
    source: [i64; 2],
    #[serde(borrow)]
    encoding: Cow<'a, str>,
    score: f64,
    #[serde(borrow)]
    role: Cow<'a, str>,
}

/// Lists of such.
struct Spans {
    start: Int64Builder,
    end: Int64Builder,
    source: Int64Builder,
    encoding: StringBuilder,
    score: Float64Builder,
    role: StringBuilder,
    ends: Vec<i32>,
}

impl Default for Spans {
    fn default() -> Self {
        let number = Int64Builder::new;
        let (encoding, role) = (StringBuilder::new(), StringBuilder::new());
        let (start, end, source) = (number(), number(), number());
        Self { start, end, source, encoding, score: Float64Builder::new(), role, ends: vec![0] }
    }
}

impl Spans {
    fn push(&mut self, spans: &[Span<'_>]) {
        for span in spans {
            self.start.append_value(span.start);
            self.end.append_value(span.end);
            self.source.append_slice(&span.source);
            self.encoding.append_value(&span.encoding);
            self.score.append_value(span.score);
            self.role.append_value(&span.role);
        }
        self.ends.push(self.start.len() as i32);
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let pairs = (0..=self.start.len() as i32).map(|i| 2 * i).collect();
        let parts: [(&str, ArrayRef); 6] = [
            ("start", Arc::new(self.start.finish())),
            ("end", Arc::new(self.end.finish())),
            ("source", list(Arc::new(self.source.finish()), pairs)?),
            ("encoding", Arc::new(self.encoding.finish())),
            ("score", Arc::new(self.score.finish())),
            ("role", Arc::new(self.role.finish())),
        ];
        let fields: Fields = parts.iter().map(|(name, a)| Column::new(*name, a.data_type().clone(), false)).collect();
        let arrays = parts.into_iter().map(|(_, array)| array).collect();
        list(Arc::new(StructArray::try_new(fields, arrays, None)?), self.ends)
    }
}

/// Lists that end at these places of their elements, which begin at the first.
fn list(elements: ArrayRef, ends: Vec<i32>) -> Result<ArrayRef, ArrowError> {
    let element = Arc::new(Column::new("element", elements.data_type().clone(), false));
    Ok(Arc::new(ListArray::try_new(element, OffsetBuffer::new(ends.into()), elements, None)?))
}

#[cfg(test)]
mod tests {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::super::fields::fields;
    use super::*;
    use crate::config::Config;

    fn lines(range: std::ops::Range<u64>) -> Vec<u8> {
        let line = |i| {
            format!(
                "{{\"text\":\"Line\\n{i} é\",\"id\":\"{i:016x}\",\"document_id\":\"d\",\"file_path\":\"in\",\"record\":{i},\
                 \"language\":\"eng\",\"language_script\":\"Latn\",\"language_score\":0.5,\"encoding\":\"utf-8\",\"repairs\":[],\
                 \"spans\":[{{\"start\":0,\"end\":8,\"source\":[0,9],\"encoding\":\"utf-8\",\"score\":0.5,\"role\":\"content\"}}],\
                 \"metadata\":{{\"n\":{i}}}}}\n"
            )
        };
        range.map(line).collect::<String>().into_bytes()
    }

    /// A file of row groups made one by one, and the same records as one table.
    #[test]
    fn row_groups_that_know_nothing_of_each_other_make_a_file() {
        let fields = fields(&Config::default());
        let (mut file, mut directories) = (MAGIC.to_vec(), Vec::new());
        for range in [0..100, 100..101, 101..500] {
            let (bytes, directory) = row_group(&lines(range), &fields, 3).unwrap();
            file.extend(bytes);
            directories.push(directory);
        }
        file.extend(directory(&directories).unwrap());
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(file)).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 3);
        assert_eq!(reader.metadata().file_metadata().num_rows(), 500);
        let tables: Vec<RecordBatch> = reader.with_batch_size(1000).build().unwrap().map(Result::unwrap).collect();
        let wanted = table(&lines(0..500), &fields).unwrap();
        assert_eq!(tables.len(), 1);
        for (found, wanted) in tables[0].columns().iter().zip(wanted.columns()) {
            assert_eq!(found.to_data(), wanted.to_data());
        }
    }

    #[test]
    fn the_same_lines_give_the_same_bytes() {
        let fields = fields(&Config::default());
        let group = || row_group(&lines(0..1000), &fields, 3).unwrap();
        assert_eq!(group(), group());
    }

    #[test]
    fn a_name_or_a_list_of_names() {
        let names = |json: &str| {
            let line = format!("{{\"encoding\":{json}}}\n");
            let table = table(line.as_bytes(), &[Field::Encoding]).unwrap();
            format!("{:?}", table.column(0)).contains("windows-1252")
        };
        assert!(names("\"windows-1252\"") && names("[\"utf-8\",\"windows-1252\"]") && !names("\"utf-8\""));
    }
}
