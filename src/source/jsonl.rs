//! JSON lines: an object a line, with the text in one of its fields. The other fields pass through as they are written.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::legacy::Legacy;
use super::lenient::{pieces, strict, without_separators};
use super::reader::LineEnd;
use super::{Context, Flaw, Head, Reader, Source, reject, structure};
use crate::batch::{Batch, MAX_LINES, Span, line_ends};
use crate::reason::{Reason, Skip};

/// Where the text is when nothing else was said, most wanted first.
const FIELDS: [&str; 3] = ["text", "content", "raw_content"];

/// A byte order mark, which JSON should not have in front, but Windows programs put there.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// By name, or a first line that is a JSON object.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let named = head.named(&[".jsonl", ".ndjson"]);
    let bytes = head.bytes.strip_prefix(MARK).unwrap_or(head.bytes);
    let line =
        without_separators(pieces(bytes.split(|b| *b == b'\n').next().unwrap_or_default()).next().unwrap_or_default());
    let is_json = |line: &[u8]| serde_json::from_slice::<IgnoredAny>(line).is_ok();
    named || (line.starts_with(b"{") && (is_json(line) || strict(line).is_some_and(|line| is_json(&line))))
}

/// Opens JSON lines.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    let config = &context.config;
    let fields = text_fields(&config.text_field);
    let (max, line) = (config.max_document.0 as usize, Vec::new());
    Box::new(Jsonl { reader, fields, max, line, record: 0, skipped: None, torn: false })
}

/// Fields that may hold the text, most wanted first.
pub(super) fn text_fields(wanted: &str) -> Vec<String> {
    if wanted.is_empty() { FIELDS.iter().map(|f| (*f).to_owned()).collect() } else { vec![wanted.to_owned()] }
}

struct Jsonl {
    reader: Reader,
    fields: Vec<String>,
    max: usize,
    line: Vec<u8>,
    record: u64,
    /// Inside a record that is too long: so many bytes and pieces of it went before.
    skipped: Option<(u64, u32)>,
    /// Behind damage, which may have cost the beginning of the next line.
    torn: bool,
}

impl Source for Jsonl {
    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            self.line.clear();
            let end = self.reader.line_into(&mut self.line, self.max);
            if self.line.is_empty() {
                return false;
            }
            if self.skipped.is_some() || end == LineEnd::Limit {
                let (offset, part) = self.skipped.unwrap_or_default();
                let detail = format!("a record of more than {} bytes, in pieces", self.max);
                let document = reject(batch, &self.line, Reason::TooLong, &detail);
                (document.record, document.offset, document.part) = (self.record, offset, part);
                self.skipped = (end == LineEnd::Limit).then(|| (offset + self.line.len() as u64, part + 1));
                self.record += u64::from(end != LineEnd::Limit);
            } else {
                let torn = self.torn || (end == LineEnd::Stream && self.reader.failure().is_some());
                let line = std::mem::take(&mut self.line);
                pieces(&line).for_each(|piece| self.record(batch, piece, torn));
                self.line = line;
            }
            self.torn &= end == LineEnd::Limit;
        }
        true
    }

    fn resume(&mut self) -> bool {
        self.torn = self.reader.resume().is_some();
        self.torn
    }
}

impl Jsonl {
    /// Adds the record of a line, or of what stands for one, of which damage may have taken an end.
    fn record(&mut self, batch: &mut Batch, piece: &[u8], torn: bool) {
        let record = self.record;
        self.record += 1;
        let line = if record == 0 { piece.strip_prefix(MARK) } else { None };
        let line = without_separators(line.unwrap_or(piece)).trim_ascii();
        let around = (piece.len() - line.len()) as u64;
        if line.is_empty() {
            structure(batch, around);
            return;
        }
        let mut text = Vec::new();
        let mut utf8 = simdutf8::basic::from_utf8(line).map_err(|_| in_utf8(line));
        let mut parsed = read(line, &utf8, &self.fields, &mut text);
        let other = if matches!(parsed, Err((Reason::BadJson, _))) { strict(line) } else { None };
        if let Some(other) = &other {
            drop(parsed);
            utf8 = simdutf8::basic::from_utf8(other).map_err(|_| in_utf8(other));
            parsed = read(other, &utf8, &self.fields, &mut text);
        }
        let (document, structure) = match parsed {
            Ok(members) => {
                let surrogates = replace_surrogates(&mut text);
                let start = batch.meta.len();
                let (url, date) = push_members(batch, &members);
                let metadata = Span::new(start, batch.meta.len());
                let document = batch.push_document(&text);
                (document.metadata, document.url, document.date) = (metadata, url, date);
                document.surrogates = surrogates;
                document.is_utf8 = true;
                document.skipped = text.is_empty().then_some(Skip::Empty);
                (document, (line.len() - text.len().min(line.len())) as u64)
            }
            Err((Reason::BadJson, detail)) if torn => (reject(batch, line, Reason::Damaged, &torn_record(&detail)), 0),
            Err((reason, detail)) => (reject(batch, line, reason, &detail), 0),
        };
        document.record = record;
        document.structure = around + structure;
    }
}

/// What is said of the rest of a record.
fn torn_record(detail: &str) -> String {
    format!("damage took a part of the record: {detail}")
}

/// The text of a line, into `text`, and its other members; `utf8` is the line in UTF-8.
fn read<'a>(
    line: &[u8],
    utf8: &'a Result<&str, String>,
    fields: &[String],
    text: &mut Vec<u8>,
) -> Result<Members<'a>, (Reason, String)> {
    let members = match utf8 {
        Ok(line) => parse(line, fields, text)?.0,
        Err(decoded) => {
            let (members, field) = parse(decoded, fields, text)?;
            *text = text_of(line, field)?;
            members
        }
    };
    let detail = || (Reason::TooLong, format!("a text of more than {MAX_LINES} lines"));
    if line_ends(text) > MAX_LINES { Err(detail()) } else { Ok(members) }
}

/// Members of an object other than the text, as written.
type Members<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Appends members to the batch's metadata as `"key":value,...`; returns where `url` and `date` are.
fn push_members(batch: &mut Batch, members: &Members<'_>) -> (Span, Span) {
    let (mut url, mut date) = (Span::default(), Span::default());
    for (i, (key, value)) in members.iter().enumerate() {
        if i > 0 {
            batch.meta.push(',');
        }
        batch.meta.push_str(&serde_json::to_string(key).unwrap_or_default());
        batch.meta.push(':');
        let span = batch.push_meta(value.get());
        match key.as_ref() {
            "url" if value.get().starts_with('"') => url = span,
            "date" if value.get().starts_with('"') => date = span,
            _ => {}
        }
    }
    (url, date)
}

/// A line with bytes that are no UTF-8: strings that hold some are decoded, so that the line is JSON.
fn in_utf8(line: &[u8]) -> String {
    let pieces = || line.split(|b| *b == b'"');
    let legacy = Legacy::of(pieces());
    let mut out = String::with_capacity(2 * line.len());
    for (i, piece) in pieces().enumerate() {
        out.push_str(if i > 0 { "\"" } else { "" });
        out.push_str(&legacy.text(piece));
    }
    out
}

/// The text of such a line as it is, for the decoder to deal with.
fn text_of(line: &[u8], field: &str) -> Result<Vec<u8>, (Reason, String)> {
    let found = TextSeed(field).deserialize(&mut serde_json::Deserializer::from_slice(line));
    let found = found.map_err(|e| (Reason::BadJson, e.to_string()))?;
    found.ok_or_else(|| (Reason::NoText, format!("the field {field} is not in UTF-8")))
}

/// Takes an object apart: its text, unescaped, into `text`. Returns the other members, and the field that held the text.
fn parse<'a, 'f>(
    line: &'a str,
    fields: &'f [String],
    text: &mut Vec<u8>,
) -> Result<(Members<'a>, &'f str), (Reason, String)> {
    let bad = |e: serde_json::Error| (Reason::BadJson, e.to_string());
    let mut de = serde_json::Deserializer::from_str(line);
    let object = ObjectSeed { fields }.deserialize(&mut de).map_err(bad)?;
    de.end().map_err(bad)?;
    let mut candidates = object.texts;
    // A field that holds nothing is none where the next one holds a text.
    let order = |(_, c): &(usize, &Candidate<'_>)| (!c.value.get().starts_with('"'), c.rank);
    let Some(best) = candidates.iter().enumerate().min_by_key(order).map(|(i, _)| i) else {
        return Err((Reason::NoText, format!("no field {}", fields.join(" or "))));
    };
    let chosen = candidates.remove(best);
    let field = fields[chosen.rank].as_str();
    match serde_json::from_str::<TextBytes>(chosen.value.get()) {
        Ok(TextBytes(bytes)) => *text = bytes,
        Err(_) => return Err((Reason::NoText, format!("the field {field} holds no string"))),
    }
    // Other fields that could have been the text are metadata.
    let mut members = object.members;
    members.extend(candidates.into_iter().map(|other| (Cow::Owned(fields[other.rank].clone()), other.value)));
    Ok((members, field))
}

/// Puts U+FFFD, which is as long, in the place of lone surrogates (`\ud83d`), which no UTF-8 has; how many there were. Pairs,
/// which no escapes leave, stay for the decoder, and so do lone ones in a text with other bytes that are no UTF-8.
fn replace_surrogates(text: &mut [u8]) -> u32 {
    let mut found = 0;
    let mut at = 0;
    while let Err(error) = simdutf8::compat::from_utf8(&text[at..]) {
        at += error.valid_up_to();
        match &mut text[at..] {
            [0xED, 0xA0..=0xAF, 0x80..=0xBF, 0xED, 0xB0..=0xBF, 0x80..=0xBF, ..] => at += 6,
            [surrogate @ 0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] => {
                (*surrogate, *second, *third) = (0xEF, 0xBF, 0xBD);
                (found, at) = (found + 1, at + 3);
            }
            _ => break,
        }
    }
    found
}

struct Object<'a> {
    members: Members<'a>,
    texts: Vec<Candidate<'a>>,
}

struct Candidate<'a> {
    rank: usize,
    value: &'a RawValue,
}

/// Reads an object knowing which fields may be the text.
struct ObjectSeed<'f> {
    fields: &'f [String],
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Object<'de>;

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<Object<'de>, D::Error> {
        de.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut object = Object { members: Vec::new(), texts: Vec::new() };
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            match self.fields.iter().position(|f| *f == key) {
                Some(rank) => object.texts.push(Candidate { rank, value: map.next_value()? }),
                None => object.members.push((key, map.next_value()?)),
            }
        }
        Ok(object)
    }
}

/// Reads the string of one field of an object.
struct TextSeed<'f>(&'f str);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = Option<Vec<u8>>;

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<Self::Value, D::Error> {
        de.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TextSeed<'_> {
    type Value = Option<Vec<u8>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut text = None;
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            if text.is_none() && key == self.0 {
                text = Some(map.next_value::<TextBytes>()?.0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(text)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Key<'de>, E> {
                Ok(Key(String::from_utf8_lossy(bytes)))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(string(bytes.to_vec()).0)))
            }
        }
        de.deserialize_bytes(Bytes)
    }
}

/// A JSON string that may have lone surrogates, with U+FFFD for them, and how many there were; `None` for other values.
#[cfg(feature = "cli")]
pub(crate) fn lossy_string(json: &str) -> Option<(String, u32)> {
    serde_json::from_str(json).ok().map(|TextBytes(bytes)| string(bytes))
}

fn string(mut bytes: Vec<u8>) -> (String, u32) {
    let surrogates = replace_surrogates(&mut bytes);
    (String::from_utf8_lossy(&bytes).into_owned(), surrogates)
}

/// A JSON string as bytes: lone surrogates and bytes that are no UTF-8 do not fail.
struct TextBytes(Vec<u8>);

impl<'de> Deserialize<'de> for TextBytes {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = TextBytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<TextBytes, E> {
                Ok(TextBytes(bytes.to_vec()))
            }
        }
        de.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(bytes: &'static [u8]) -> Batch {
        let context = Context::new(Config::default().into(), "in.jsonl");
        let mut source = open(Reader::new(Box::new(bytes)), &context);
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        let total: u64 = batch.documents.iter().map(|d| d.structure + d.raw.len() as u64).sum();
        assert_eq!(total, bytes.len() as u64, "every byte is payload or structure");
        batch
    }

    #[test]
    fn text_is_found_and_the_rest_kept_as_written() {
        let batch = read(b"{\"id\": 1.50, \"text\":\"a\\u00e9\\n\", \"url\":\"u\\/v\", \"content\": {\"x\":[1,  2]}}\r\n\n{\"raw_content\":\"c\"}");
        let [a, blank, c] = &batch.documents[..] else { panic!() };
        assert_eq!(&batch.raw[a.raw.range()], "aé\n".as_bytes());
        assert_eq!(&batch.meta[a.metadata.range()], r#""id":1.50,"url":"u\/v","content":{"x":[1,  2]}"#);
        assert_eq!(&batch.meta[a.url.range()], r#""u\/v""#);
        assert_eq!((blank.structure, c.record), (1, 2));
    }

    #[test]
    fn bad_records_are_rejected_with_a_reason() {
        let batch = read(b"{\"text\":\"ok\"}\nnot json\n[1]\n{\"title\":1}\n{\"text\":5}\n{\"text\":\"x\xE9\"}\n{\"text\":\"\\ud800\"}\n");
        let reasons: Vec<_> = batch.documents.iter().map(|d| d.rejected).collect();
        let (json, text) = (Some(Reason::BadJson), Some(Reason::NoText));
        assert_eq!(reasons, [None, json, json, text, text, None, None]);
        assert_eq!(&batch.raw[batch.documents[5].raw.range()], b"x\xE9");
    }

    #[test]
    fn what_is_no_json_but_meant() {
        let texts = |bytes: &'static [u8]| -> Vec<String> {
            let batch = read(bytes);
            let own = |d: &crate::batch::Document| String::from_utf8_lossy(&batch.raw[d.raw.range()]).into_owned();
            batch.documents.iter().filter(|d| d.rejected.is_none() && !d.is_structure()).map(own).collect()
        };
        for (bytes, want) in [
            (&b"\x1E{\"text\":\"one\"}\n\x1E{\"text\":\"two\"}\n"[..], &["one", "two"][..]),
            (b"{\"text\":\"one\"}\r{\"text\":\"two\"}\r\r{\"text\":\"three\"}", &["one", "two", "three"]),
            (b"{\"text\":\"one\"}\r\n\r\n{\"text\":\"a\rb\"}", &["one", "a\rb"]),
            (b"{\"text\":\"a\tb\x01\\t\"}", &["a\tb\x01\t"]),
            (b"{\"text\":\"a\tB\xE4r \xFCber\"}", &["a\tB\u{FFFD}r \u{FFFD}ber"]),
            (b"{\"text\":\"NaN \\\"Infinity\",\"score\":NaN}", &["NaN \"Infinity"]),
        ] {
            assert_eq!(texts(bytes), want, "{}", bytes.escape_ascii());
        }
        let batch = read(b"{\"a\":[NaN,1],\"text\":\"x\",\"b\":-Infinity,\"c\":\"a\tb NaN\"}");
        let members = &batch.meta[batch.documents[0].metadata.range()];
        assert_eq!(members, "\"a\":[null,1],\"b\":null,\"c\":\"a\\u0009b NaN\"");
        assert_eq!(read(b"{\"text\":NaN}").documents[0].rejected, Some(Reason::NoText));
        assert_eq!(read(b"{\"text\":\"a\",\"b\":NaNs}").documents[0].rejected, Some(Reason::BadJson));
        let batch =
            read(b"{\"text\":null,\"content\":\"here\",\"raw_content\":\"<p>\"}\n{\"text\":null}\n{\"text\":\"\"}");
        assert_eq!(&batch.raw[batch.documents[0].raw.range()], b"here");
        assert_eq!(&batch.meta[batch.documents[0].metadata.range()], r#""text":null,"raw_content":"<p>""#);
        assert_eq!(
            (batch.documents[1].rejected, batch.documents[2].skipped),
            (Some(Reason::NoText), Some(Skip::Empty))
        );
        let head = |bytes| matches(&Head { bytes, name: "a", ..Head::default() });
        assert!(head(b"\x1E{\"a\":1}\n") && head(b"{\"a\":NaN}\n") && head(b"{\"a\":1}\r{}") && !head(b"{a}\n"));
    }

    #[test]
    fn members_in_an_old_encoding_are_decoded() {
        let batch = read(
            b"{\"title\":\"\xDCber \\\"uns\\\"\",\"n\": 1.50,\"key\":\"\xD0\xB6\",\"content\":{\"x\":1},\"text\":\"Die B\xE4ckerei \xF6ffnet um sechs.\\n\"}\n{\"title\":\"\xDC\",\"text\":7}\n{\"t\xE9\":1,\"text\":\"plain\"}\n",
        );
        let [a, b, c] = &batch.documents[..] else { panic!() };
        assert_eq!(&batch.raw[a.raw.range()], b"Die B\xE4ckerei \xF6ffnet um sechs.\n");
        assert_eq!(&batch.meta[a.metadata.range()], r#""title":"Über \"uns\"","n":1.50,"key":"ж","content":{"x":1}"#);
        assert_eq!(b.rejected, Some(Reason::NoText));
        assert_eq!((&batch.meta[c.metadata.range()], &batch.raw[c.raw.range()]), ("\"té\":1", &b"plain"[..]));
    }

    #[test]
    fn lone_surrogates_are_replaced_and_counted() {
        let batch = read(b"{\"text\":\"\\ud83d \\u044f\\udca9\\ud83d\\ude00\"}\n{\"\\ud83d\":1,\"text\":\"x\"}\n");
        let [a, b] = &batch.documents[..] else { panic!() };
        assert_eq!(&batch.raw[a.raw.range()], "\u{fffd} я\u{fffd}😀".as_bytes());
        assert_eq!((a.surrogates, b.surrogates, b.rejected), (2, 0, None));
        assert_eq!(&batch.meta[b.metadata.range()], "\"\u{fffd}\":1");
        let batch = read(b"{\"text\":\"\xED\xA0\xBD\xED\xB8\x80 \xED\xA0\xBD\"}\n");
        let [a] = &batch.documents[..] else { panic!() };
        assert_eq!(&batch.raw[a.raw.range()], b"\xED\xA0\xBD\xED\xB8\x80 \xEF\xBF\xBD");
    }
}
