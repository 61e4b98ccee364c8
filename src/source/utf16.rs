//! Tables, records and subtitles in UTF-16 are made UTF-8 before anything reads them: their formats are told and cut by ASCII
//! bytes. Bytes count after that, as they do after decompression, and `metadata` of each record says what the input was.
//! Plain text and pages are decoded with the rest, so that they lead back to the bytes of the file.

use std::io::{self, Read as _};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

use super::buffer::Buffer;
use super::reader::Feed;
use super::{Context, Flaw, FormatRow, HEAD, Head, Reader, Source, format_of};
use crate::batch::{Batch, MAX_LINES, line_ends};
use crate::config::InputFormat;
use crate::decode::Encoding;
use crate::decode::sniff::{Shape, sniff};

/// Bytes that are made UTF-8 at a time.
const PIECE: usize = 64 << 10;

/// The format of an input, and the encoding that it is to be led out of first.
pub(super) fn recognised(reader: &mut Reader, context: &Context) -> (&'static FormatRow, Option<Encoding>) {
    let (chosen, bytes) = (context.config.input_format, reader.head(HEAD));
    let head = Head { bytes, name: &context.name, text_field: &context.config.text_field };
    let row = format_of(&head, chosen);
    let Some(encoding) = utf16(bytes).filter(|_| !has_other_bytes(row.name)) else { return (row, None) };
    let mut text = String::new();
    encoding.decode_into(&bytes[..bytes.len() & !1], &mut text);
    let text = text.trim_start_matches('\u{FEFF}');
    let row = format_of(&Head { bytes: text.as_bytes(), ..head }, chosen);
    let as_it_is = match row.name {
        InputFormat::Text => true,
        // Where a larger page is cut is told by ASCII bytes as well.
        InputFormat::Html => {
            let most = context.max_document();
            let page = reader.head(most + 1);
            page.len() <= most && line_ends(page) <= MAX_LINES
        }
        _ => false,
    };
    (row, Some(encoding).filter(|_| !as_it_is))
}

/// True for formats that hold more than text.
fn has_other_bytes(format: InputFormat) -> bool {
    use InputFormat::{Arrow, Parquet, Tar, Warc, Zip};
    matches!(format, Arrow | Parquet | Tar | Warc | Zip)
}

/// Which UTF-16 these bytes are, if they are.
fn utf16(head: &[u8]) -> Option<Encoding> {
    let marked = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    if !marked && memchr::memchr(0, head).is_none() {
        return None;
    }
    match sniff(head) {
        Shape::Units { encoding, .. } => {
            Some(encoding).filter(|e| [Encoding::UTF_16LE, Encoding::UTF_16BE].contains(e))
        }
        _ => None,
    }
}

/// The same text in UTF-8, without a byte order mark.
pub(super) fn in_utf8(from: Reader, encoding: Encoding) -> Reader {
    let encoding = if encoding == Encoding::UTF_16BE { UTF_16BE } else { UTF_16LE };
    Reader::fed_by(Box::new(Transcoded { from, decoder: encoding.new_decoder_with_bom_removal(), ended: false }))
}

struct Transcoded {
    from: Reader,
    decoder: Decoder,
    ended: bool,
}

impl Feed for Transcoded {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        while !self.ended {
            let window = self.from.window();
            let window = &window[..window.len().min(PIECE)];
            let is_last = window.is_empty();
            let most = self.decoder.max_utf8_buffer_length(window.len()).unwrap_or(PIECE);
            let (result, read, written, _) = self.decoder.decode_to_utf8(window, out.room(most), is_last);
            out.filled(written);
            self.from.skip(read as u64);
            if is_last && result == CoderResult::InputEmpty {
                self.ended = true;
                // What broke off the bytes broke off the text.
                self.from.read(&mut [0]).map(drop)?;
            }
            if written > 0 {
                break;
            }
        }
        Ok(())
    }
}

/// A source whose records say what their input was.
pub(super) struct Told {
    source: Box<dyn Source>,
    encoding: Encoding,
}

impl Told {
    pub(super) fn new(source: Box<dyn Source>, encoding: Encoding) -> Self {
        Self { source, encoding }
    }
}

impl Source for Told {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        let first = batch.documents.len();
        let more = self.source.fill(batch, target);
        let member = format!("\"transcoded_from\":\"{}\"", self.encoding.name());
        for at in first..batch.documents.len() {
            if batch.documents[at].raw.is_empty() {
                continue;
            }
            let others = batch.meta[batch.documents[at].metadata.range()].to_owned();
            let comma = if others.is_empty() { "" } else { "," };
            let span = batch.push_meta(&[others.as_str(), comma, &member].concat());
            batch.documents[at].metadata = span;
        }
        more
    }

    fn taken(&self) -> u64 {
        self.source.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.source.failure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn units(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    fn reader(bytes: Vec<u8>) -> Reader {
        Reader::new(Box::new(io::Cursor::new(bytes)))
    }

    #[test]
    fn text_is_the_same_at_every_padding() {
        for pad in 0..32 {
            let text = format!("{}ж𝄞\nя\0", "a".repeat(pad)).repeat(3000);
            for (encoding, to_bytes) in
                [(Encoding::UTF_16LE, u16::to_le_bytes as fn(u16) -> [u8; 2]), (Encoding::UTF_16BE, u16::to_be_bytes)]
            {
                let bytes = units(&format!("\u{FEFF}{text}"), to_bytes);
                let mut out = Vec::new();
                in_utf8(reader(bytes), encoding).take_into(&mut out, usize::MAX);
                assert_eq!(String::from_utf8(out).unwrap(), text);
            }
        }
        let mut out = Vec::new();
        in_utf8(reader(b"a\0b".to_vec()), Encoding::UTF_16LE).take_into(&mut out, 100);
        assert_eq!(out, "a\u{FFFD}".as_bytes(), "half a unit at the end");
    }

    #[test]
    fn an_error_is_handed_on() {
        struct Torn(bool);
        impl io::Read for Torn {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("torn"));
                }
                out[..4].copy_from_slice(b"a\0b\0");
                Ok(4)
            }
        }
        let mut text = in_utf8(Reader::new(Box::new(Torn(false))), Encoding::UTF_16LE);
        let mut out = Vec::new();
        text.take_into(&mut out, 100);
        assert_eq!((out.as_slice(), text.failure().unwrap().to_string().as_str()), (&b"ab"[..], "torn"));
    }

    #[test]
    fn formats_are_told_through_the_encoding() {
        let config = std::sync::Arc::new(Config { max_document: crate::config::ByteSize(4096), ..Config::default() });
        let page = |n: usize| format!("<!doctype html><p>{}", "абв ".repeat(n));
        for (name, text, format, transcoded) in [
            ("a.jsonl", "{\"text\":\"Жук\"}\n".to_owned(), InputFormat::Jsonl, true),
            ("a", "{\"text\":\"Жук\"}\n".to_owned(), InputFormat::Jsonl, true),
            ("a.csv", "id,text\n1,Жук и ёж\n".to_owned(), InputFormat::Csv, true),
            ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nЖук\n\n".to_owned(), InputFormat::Subtitles, true),
            ("a", page(3), InputFormat::Html, false),
            ("a", page(3000), InputFormat::Html, true),
            ("a.txt", "Жук и ёж, 1 и 2.\n".to_owned(), InputFormat::Text, false),
        ] {
            for mark in ["\u{FEFF}", ""] {
                for to_bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
                    let mut reader = reader(units(&format!("{mark}{text}"), to_bytes));
                    let (row, encoding) = recognised(&mut reader, &Context::new(config.clone(), name));
                    assert_eq!((row.name, encoding.is_some()), (format, transcoded), "{name} {mark:?}");
                }
            }
            let (row, encoding) = recognised(&mut reader(text.into()), &Context::new(config.clone(), name));
            assert_eq!((row.name, encoding), (format, None), "{name} in UTF-8");
        }
    }
}
