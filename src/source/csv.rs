//! CSV and TSV with a line of names on top: a row is a document, one column its text, the others metadata.

use std::borrow::Cow;
use std::cell::LazyCell;

use csv_core::ReadRecordResult;

use super::jsonl::text_fields;
use super::legacy::Legacy;
use super::payload::Metadata;
use super::{Context, Flaw, Head, Reader, Source, reject, structure};
use crate::batch::{Batch, MAX_LINES, Span, line_ends};
use crate::reason::{Reason, Skip};

/// What stands between columns, most common first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Bytes that are looked at to find out whether they begin inside quotes.
const LOOK: usize = 256 << 10;

/// By name, and a column that is known to hold text, or that somebody says does.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let has = |wanted: &str| delimiter(head.bytes, &text_fields(wanted)).is_some();
    head.named(&[".csv", ".tsv", ".tab"]) && (has("") || has(head.text_field))
}

/// Opens a table.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let fields = text_fields(&context.config.text_field);
    let delimiter = delimiter(reader.head(super::HEAD), &fields).unwrap_or(DELIMITERS[0]);
    let parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    let max = context.max_document();
    let (names, row) = (Vec::new(), Row::default());
    Box::new(Table {
        reader,
        delimiter,
        parser,
        fields,
        max,
        names,
        text: None,
        row,
        record: 0,
        cut: None,
        torn: false,
    })
}

/// The delimiter with which one of the names on top is that of a text.
fn delimiter(head: &[u8], fields: &[String]) -> Option<u8> {
    let head = head.strip_prefix(MARK).unwrap_or(head);
    let line = &head[..memchr::memchr2(b'\n', b'\r', head).unwrap_or(head.len())];
    let is_text = |name: &[u8]| {
        let name = name.trim_ascii();
        let name = name.strip_prefix(b"\"").and_then(|n| n.strip_suffix(b"\"")).unwrap_or(name);
        fields.iter().any(|f| f.as_bytes() == name)
    };
    DELIMITERS.into_iter().find(|d| line.split(|b| b == d).any(is_text))
}

struct Table {
    reader: Reader,
    delimiter: u8,
    parser: csv_core::Reader,
    fields: Vec<String>,
    max: usize,
    names: Vec<String>,
    /// Number of the column of the text.
    text: Option<usize>,
    row: Row,
    record: u64,
    /// Inside a row that is too long: so many bytes and pieces of it went before.
    cut: Option<(u64, u32)>,
    /// Behind damage, which may have cost the beginning of the next row.
    torn: bool,
}

/// A row: its bytes as they are, and its columns without quotes.
#[derive(Default)]
struct Row {
    raw: Vec<u8>,
    unquoted: Vec<u8>,
    len: usize,
    ends: Vec<usize>,
    columns: usize,
}

impl Row {
    fn clear(&mut self) {
        self.raw.clear();
        (self.len, self.columns) = (0, 0);
    }

    fn column(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.unquoted[start..self.ends[i]]
    }
}

/// How a row ended.
#[derive(PartialEq, Eq)]
enum End {
    Row,
    Limit,
    Stream,
}

impl Source for Table {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            self.row.clear();
            let torn = std::mem::take(&mut self.torn) && self.begins_torn();
            let end = self.read();
            if self.row.raw.is_empty() {
                return false;
            }
            if end == End::Limit || self.cut.is_some() {
                let (offset, part) = self.cut.unwrap_or_default();
                let detail = format!("a row of more than {} bytes, in pieces", self.max);
                let document = reject(batch, &self.row.raw, Reason::TooLong, &detail);
                (document.record, document.offset, document.part) = (self.record, offset, part);
                self.cut = (end == End::Limit).then(|| (offset + self.row.raw.len() as u64, part + 1));
            } else if self.names.is_empty() {
                self.heading();
                structure(batch, self.row.raw.len() as u64);
                continue;
            } else if self.row.columns == 0 || (self.row.columns == 1 && self.row.column(0).is_empty()) {
                structure(batch, self.row.raw.len() as u64);
                continue;
            } else if let Some(detail) = self.damage(torn, &end) {
                reject(batch, &self.row.raw, Reason::Damaged, detail).record = self.record;
            } else {
                self.push(batch);
            }
            self.record += u64::from(end != End::Limit);
        }
        true
    }

    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn resume(&mut self) -> bool {
        // Without the names on top nobody knows what is text.
        self.torn = !self.names.is_empty() && self.reader.resume().is_some();
        (self.cut, self.row.columns) = (None, 0);
        self.parser.reset();
        self.torn
    }
}

impl Table {
    /// Behind damage: true where what comes next is the rest of a row whose beginning is lost, in quotes or not.
    fn begins_torn(&mut self) -> bool {
        let delimiter = self.delimiter;
        let head = self.reader.head(LOOK);
        // The first quote of which it is plain whether a value begins or ends with it tells whether all began inside quotes.
        let beside = |byte: Option<&u8>| byte.is_none_or(|b| *b == delimiter || matches!(b, b'\n' | b'\r'));
        let plain = |(i, at): (usize, usize)| {
            let (opens, closes) = (at > 0 && beside(head.get(at - 1)), beside(head.get(at + 1)));
            (opens != closes).then_some(closes == (i % 2 == 0))
        };
        let in_quotes = memchr::memchr_iter(b'"', head).enumerate().find_map(plain) == Some(true);
        if in_quotes {
            self.parser.read_record(b"\"", &mut [0], &mut [0]);
        }
        in_quotes || self.reader.is_torn()
    }

    /// What damage did to the row that was read last.
    fn damage(&self, torn: bool, end: &End) -> Option<&'static str> {
        let breaks_off = *end == End::Stream && self.reader.failure().is_some();
        match torn {
            true => Some("damage took the beginning of the row"),
            false => breaks_off.then_some("damage took the end of the row"),
        }
    }

    /// Reads a row, or as much of it as is allowed.
    fn read(&mut self) -> End {
        let row = &mut self.row;
        while row.raw.len() < self.max {
            row.unquoted.resize(row.unquoted.len().max(row.len + 4096), 0);
            row.ends.resize(row.ends.len().max(row.columns + 64), 0);
            let window = self.reader.window();
            let room = self.max - row.raw.len();
            let window = &window[..window.len().min(room)];
            let ended = window.is_empty();
            let (result, read, written, columns) =
                self.parser.read_record(window, &mut row.unquoted[row.len..], &mut row.ends[row.columns..]);
            row.raw.extend_from_slice(&window[..read]);
            row.len += written;
            row.columns += columns;
            self.reader.skip(read as u64);
            match result {
                // The rest of the last row is one as well.
                ReadRecordResult::Record if ended => return End::Stream,
                ReadRecordResult::Record => return End::Row,
                ReadRecordResult::End => return End::Stream,
                ReadRecordResult::InputEmpty if ended => return End::Stream,
                ReadRecordResult::OutputFull => row.unquoted.resize(2 * row.unquoted.len(), 0),
                ReadRecordResult::OutputEndsFull => row.ends.resize(2 * row.ends.len(), 0),
                ReadRecordResult::InputEmpty => {}
            }
        }
        End::Limit
    }

    /// Takes the names of the columns from the first row.
    fn heading(&mut self) {
        let legacy = Legacy::of((0..self.row.columns).map(|i| self.row.column(i)));
        let name = |i| {
            let name = self.row.column(i);
            let name = if i == 0 { name.strip_prefix(MARK).unwrap_or(name) } else { name };
            legacy.text(name.trim_ascii()).into_owned()
        };
        self.names = (0..self.row.columns).map(name).collect();
        self.text = self.fields.iter().find_map(|f| self.names.iter().position(|n| n == f));
        if self.names.is_empty() {
            self.names.push(String::new());
        }
    }

    fn push(&self, batch: &mut Batch) {
        let row = &self.row;
        let text = self.text.filter(|i| *i < row.columns).map(|i| row.column(i));
        let Some(text) = text.filter(|text| line_ends(text) <= MAX_LINES) else {
            let (reason, detail) = match text {
                None => (Reason::NoText, format!("no column {}", self.fields.join(" or "))),
                Some(_) => (Reason::TooLong, format!("a text of more than {MAX_LINES} lines")),
            };
            reject(batch, &row.raw, reason, &detail).record = self.record;
            return;
        };
        let metadata = Metadata::new(batch);
        let (mut url, mut date) = (Span::default(), Span::default());
        let legacy = LazyCell::new(|| Legacy::of((0..row.columns).map(|i| row.column(i))));
        for i in (0..row.columns).filter(|i| Some(*i) != self.text) {
            let value = row.column(i);
            let value = std::str::from_utf8(value).map_or_else(|_| legacy.text(value), Cow::Borrowed);
            let other = String::new();
            let name = self.names.get(i).unwrap_or(&other);
            let span = metadata.text(batch, name, &value);
            match name.as_str() {
                "url" => url = span,
                "date" => date = span,
                _ => {}
            }
        }
        let metadata = metadata.span(batch);
        let document = batch.push_document(text);
        document.structure = (row.raw.len() - text.len().min(row.raw.len())) as u64;
        document.skipped = text.is_empty().then_some(Skip::Empty);
        (document.metadata, document.url, document.date, document.record) = (metadata, url, date, self.record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ByteSize, Config};

    fn read(bytes: &'static [u8], max: u64) -> Batch {
        let config = Config { max_document: ByteSize(max), ..Config::default() };
        let mut source = open(Reader::new(Box::new(bytes)), &Context::new(config.into(), "in.csv"));
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        let total: u64 = batch.documents.iter().map(|d| d.structure + d.raw.len() as u64).sum();
        assert_eq!(
            (total, source.taken()),
            (bytes.len() as u64, bytes.len() as u64),
            "every byte is payload or structure"
        );
        batch
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        let kept = batch.documents.iter().filter(|d| d.rejected.is_none() && !d.raw.is_empty());
        kept.map(|d| std::str::from_utf8(&batch.raw[d.raw.range()]).unwrap()).collect()
    }

    #[test]
    fn quotes_lines_and_metadata() {
        let batch = read(b"\xEF\xBB\xBFid;text;url\r\n1;\"two\nlines; \"\"quoted\"\"\";u\r\n\r\n2;plain\r\n3", 1 << 20);
        assert_eq!(texts(&batch), ["two\nlines; \"quoted\"", "plain"]);
        let first = batch.documents.iter().find(|d| !d.raw.is_empty()).unwrap();
        assert_eq!(&batch.meta[first.metadata.range()], r#""id":"1","url":"u""#);
        assert_eq!(&batch.meta[first.url.range()], "\"u\"");
        assert_eq!(batch.documents.last().unwrap().rejected, Some(Reason::NoText));
    }

    #[test]
    fn columns_in_an_old_encoding() {
        let batch = read(
            b"autor,text,n\nJos\xE9 N\xFA\xF1ez,El a\xF1o pasado fue muy lluvioso en la monta\xF1a.,\xE1\n",
            1 << 20,
        );
        let row = batch.documents.iter().find(|d| !d.raw.is_empty()).unwrap();
        assert_eq!(&batch.meta[row.metadata.range()], r#""autor":"José Núñez","n":"á""#);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_rejected_in_pieces() {
        let batch = read(b"text,n\nfirst,1\n\"open, and so on\nand on\nand on\n", 16);
        assert_eq!(texts(&batch), ["first"]);
        let cut: Vec<_> =
            batch.documents.iter().filter(|d| d.rejected.is_some()).map(|d| (d.part, d.raw.len())).collect();
        assert_eq!(cut.iter().map(|c| c.1).sum::<usize>(), 31);
    }

    #[test]
    fn recognised_by_a_column_of_text() {
        let head = |bytes, name| matches(&Head { bytes, name, ..Head::default() });
        assert!(head(b"a,\"text\",b\n", "x.csv") && head(b"a\tcontent\n", "x.TSV"));
        assert!(!head(b"a,text\n", "x.txt") && !head(b"article,price\n", "x.csv"));
        let told = |name, text_field| matches(&Head { bytes: b"article,price\n", name, text_field });
        assert!(told("x.csv", "article") && !told("x.txt", "article") && !told("x.csv", "body"));
    }
}
