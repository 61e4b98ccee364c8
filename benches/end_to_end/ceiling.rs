//! The least that any program must do between such input and such output, with no work on the text.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use memchr::{memchr, memchr2_iter, memmem};
use zstd::bulk::Compressor;

use crate::input::{Form, Input, Member};

/// What is written for a record.
#[derive(Clone, Copy, PartialEq)]
pub enum Records {
    /// The fields that a run writes, with one span a line.
    Same,
    /// The text and what came with it.
    Bare,
}

/// Sizes of blocks, as the sinks of a run have them.
const BLOCK: std::ops::RangeInclusive<usize> = 64 << 10..=512 << 10;
const READ: usize = 1 << 20;

/// Reads, decompresses, splits at lines, wraps, compresses and writes; records go to the files in turn.
pub fn process(input: &Input, out: &Path, records: Records, files: usize) {
    std::fs::create_dir_all(out).unwrap();
    let mut sink = Sink::new(out, files);
    let mut wrapper = Wrapper { records, count: 0, name: input.path.display().to_string() };
    match &input.form {
        Form::Archive(members) => archive(&input.path, members, |head, body| {
            sink.take(|out| wrapper.text(body, Some(head), out));
        }),
        Form::Text => separated(&input.path, b"\n\n", |body| sink.take(|out| wrapper.text(body, None, out))),
        Form::Json => separated(&input.path, b"\n", |record| sink.take(|out| wrapper.json(record, out))),
    }
    sink.finish();
}

/// The records of a file that something separates.
fn separated(path: &Path, separator: &[u8], mut each: impl FnMut(&[u8])) {
    let mut file = File::open(path).unwrap();
    let mut buffer = Vec::with_capacity(2 * READ);
    loop {
        let more = (&mut file).take(READ as u64).read_to_end(&mut buffer).unwrap() > 0;
        let end = match memmem::rfind(&buffer, separator) {
            Some(at) if more => at + separator.len(),
            _ => buffer.len(),
        };
        let mut rest = &buffer[..end];
        while !rest.is_empty() {
            let cut = memmem::find(rest, separator).unwrap_or(rest.len());
            each(&rest[..cut]);
            rest = &rest[(cut + separator.len()).min(rest.len())..];
        }
        buffer.drain(..end);
        if !more {
            break;
        }
    }
}

/// Head and body of each record of a web archive, its members known beforehand.
fn archive(path: &Path, members: &[Member], mut each: impl FnMut(&[u8], &[u8])) {
    let mut file = File::open(path).unwrap();
    let mut decoder = libdeflater::Decompressor::new();
    let (mut packed, mut record) = (Vec::new(), Vec::new());
    for member in members {
        packed.resize(member.place.len(), 0);
        file.read_exact(&mut packed).unwrap();
        record.resize(member.unpacked, 0);
        decoder.gzip_decompress(&packed, &mut record).unwrap();
        let head = memmem::find(&record, b"\r\n\r\n").unwrap();
        let body = record[head + 4..].strip_suffix(b"\r\n\r\n").unwrap();
        if memmem::find(&record[..head], b"WARC-Target-URI").is_some() {
            each(&record[..head], body);
        }
    }
}

struct Wrapper {
    records: Records,
    count: u64,
    name: String,
}

impl Wrapper {
    /// A record of text, with what a web archive says of it.
    fn text(&mut self, record: &[u8], head: Option<&[u8]>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"text\":\"");
        let mut lines = Vec::new();
        let mut rest = record;
        let mut at = 0;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            if at > 0 {
                out.extend_from_slice(b"\\n");
            }
            escape(&rest[..end], out);
            lines.push((at, at + end));
            at += end + 1;
            rest = &rest[(end + 1).min(rest.len())..];
        }
        out.push(b'"');
        if let Some(head) = head {
            self.head(head, out);
        }
        self.fields(lines.into_iter(), out);
    }

    /// A JSON object with the text first: it goes out as it came in.
    fn json(&mut self, record: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(record.strip_suffix(b"}").unwrap_or(record));
        let mut start = 0;
        let ends = memmem::find_iter(record, b"\\n").chain([record.len()]);
        let lines = ends.map(|end| (std::mem::replace(&mut start, end + 2), end));
        self.fields(lines, out);
    }

    /// The headers of an archive's record that go out with its text.
    fn head(&self, head: &[u8], out: &mut Vec<u8>) {
        const SAME: [(&[u8], &[u8]); 5] = [
            (b"WARC-Target-URI: ", b"url"),
            (b"WARC-Date: ", b"date"),
            (b"WARC-Type: ", b"warc_type"),
            (b"WARC-Record-ID: ", b"warc_record_id"),
            (b"Content-Type: ", b"content_type"),
        ];
        let wanted = if self.records == Records::Same { &SAME[..] } else { &SAME[..1] };
        for line in head.split(|&b| b == b'\n') {
            for (header, field) in wanted {
                if let Some(value) = line.strip_prefix(*header) {
                    out.extend_from_slice(b",\"");
                    out.extend_from_slice(field);
                    out.extend_from_slice(b"\":\"");
                    escape(value.trim_ascii_end(), out);
                    out.push(b'"');
                }
            }
        }
    }

    fn fields(&mut self, lines: impl Iterator<Item = (usize, usize)>, out: &mut Vec<u8>) {
        if self.records == Records::Bare {
            out.extend_from_slice(b"}\n");
            return;
        }
        for part in [&b",\"id\":\""[..], b"\",\"document_id\":\""] {
            out.extend_from_slice(part);
            hexadecimal(self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15), out);
        }
        out.extend_from_slice(b"\",\"file_path\":\"");
        out.extend_from_slice(self.name.as_bytes());
        out.extend_from_slice(b"\",\"record\":");
        number(self.count, out);
        self.count += 1;
        out.extend_from_slice(b",\"language\":\"und\",\"language_script\":\"Zyyy\",\"language_score\":0.5,");
        out.extend_from_slice(b"\"encoding\":\"utf-8\",\"repairs\":[],\"spans\":[");
        for (i, (start, end)) in lines.enumerate() {
            out.extend_from_slice(if i == 0 { b"{\"start\":" } else { b",{\"start\":" });
            number(start as u64, out);
            out.extend_from_slice(b",\"end\":");
            number(end as u64, out);
            out.extend_from_slice(b",\"source\":[");
            number(start as u64, out);
            out.push(b',');
            number(end as u64, out);
            out.extend_from_slice(b"],\"encoding\":\"utf-8\",\"score\":0.5,\"role\":\"content\"}");
        }
        out.extend_from_slice(b"]}\n");
    }
}

/// Quotes and backslashes; this input has no control characters inside lines that would need more.
fn escape(line: &[u8], out: &mut Vec<u8>) {
    let mut kept = 0;
    for at in memchr2_iter(b'"', b'\\', line) {
        out.extend_from_slice(&line[kept..at]);
        out.push(b'\\');
        kept = at;
    }
    out.extend_from_slice(&line[kept..]);
}

fn number(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

fn hexadecimal(value: u64, out: &mut Vec<u8>) {
    out.extend((0..16).rev().map(|i| b"0123456789abcdef"[(value >> (4 * i) & 15) as usize]));
}

/// Files with an open block each.
struct Sink {
    files: Vec<File>,
    open: Vec<Vec<u8>>,
    handed: Vec<usize>,
    turn: usize,
    compressor: Compressor<'static>,
}

impl Sink {
    fn new(out: &Path, files: usize) -> Self {
        let create = |i: usize| File::create(out.join(format!("{i}.jsonl.zst"))).unwrap();
        let mut compressor = Compressor::new(i32::from(crate::LEVEL)).unwrap();
        compressor.include_checksum(true).unwrap();
        Self {
            files: (0..files).map(create).collect(),
            open: vec![Vec::new(); files],
            handed: vec![0; files],
            turn: 0,
            compressor,
        }
    }

    /// Appends a record to the next file's open block, which is written when it is large enough.
    fn take(&mut self, record: impl FnOnce(&mut Vec<u8>)) {
        self.turn = (self.turn + 1) % self.files.len();
        let file = self.turn;
        record(&mut self.open[file]);
        if self.open[file].len() >= (self.handed[file] / 4).clamp(*BLOCK.start(), *BLOCK.end()) {
            self.write(file);
        }
    }

    fn write(&mut self, file: usize) {
        let packed = self.compressor.compress(&self.open[file]).unwrap();
        self.files[file].write_all(&packed).unwrap();
        self.handed[file] += self.open[file].len();
        self.open[file].clear();
    }

    fn finish(&mut self) {
        for file in 0..self.files.len() {
            if !self.open[file].is_empty() {
                self.write(file);
            }
            // As a run does.
            self.files[file].sync_all().unwrap();
        }
    }
}
