//! WARC 1.0 and 1.1, and WET, which is WARC: archives of the web.
//!
//! A record says how long it is. Where no record begins behind it, what it says is wrong: the record is rejected, and
//! reading goes on at the next line that a record begins with, so that damage costs what is damaged.

use std::io;

use memchr::memmem;

use super::buffer::Buffer;
use super::http::{Failure, Response, field, mime_of};
use super::payload::{self, Metadata, Payload, value};
use super::reader::{Feed, Shared};
use super::{Context, Flaw, Head, Passed, Reader, Refused, Source, note_truncated, plain, reject, skip, structure};
use crate::batch::{Batch, Span};
use crate::decode::prescan;
use crate::reason::{Reason, Skip};

/// Longest length that is believed.
const LONGEST: u64 = 1 << 44;
/// Line ends behind a record.
const LINE_ENDS: &[u8] = b"\r\n\r\n";
/// Bytes in which the beginning of a record is looked for at a time.
const RESYNC: usize = 256 << 10;
/// Bytes at the end of such a piece that may be the beginning of a record.
const TORN: usize = 80;
/// What a record begins with.
const MAGIC: &[u8] = b"WARC/";

/// By the first bytes.
pub(super) fn matches(head: &Head<'_>) -> bool {
    is_record(head.bytes) || (head.named(&[".warc", ".wet"]) && memmem::find(head.bytes, b"\nWARC/1.").is_some())
}

/// Opens a web archive.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    Box::new(Warc {
        context: context.clone(),
        reader: Shared::new(reader),
        header: Header::default(),
        large: None,
        record: 0,
        taken: 0,
        rejected: false,
    })
}

struct Warc {
    context: Context,
    reader: Shared,
    /// Memory for the next header.
    header: Header,
    /// A record that is too large to be read at once.
    large: Option<Large>,
    record: u64,
    taken: u64,
    /// The record that comes to its end here was rejected.
    rejected: bool,
}

struct Large {
    header: Header,
    is_text: bool,
    source: Box<dyn Source>,
    part: u32,
}

/// What is known of a record from its header.
#[derive(Debug, Default)]
struct Header {
    /// Bytes of the header, with the blank line.
    len: usize,
    /// Bytes of the body.
    body: u64,
    kind: String,
    uri: String,
    date: String,
    id: String,
    content_type: String,
    /// What the crawler took the payload for.
    identified: String,
    /// Why the crawler did not take all of it.
    truncated: String,
}

impl Source for Warc {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if let Some(large) = self.large.take() {
                self.go_on(large, batch, target);
                continue;
            }
            let shared = self.reader.clone();
            let mut reader = shared.get();
            if !reader.is_empty() {
                self.next(batch, &mut reader);
            } else if let Some(error) = reader.resume() {
                self.broken(batch, &Flaw::of(&error));
            } else {
                if let Some(error) = reader.failure() {
                    self.broken(batch, &Flaw::of(error));
                }
                return false;
            }
        }
        true
    }

    fn taken(&self) -> u64 {
        self.taken + self.large.as_ref().map_or(0, |large| large.source.taken())
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.get().failure().map(Flaw::of)
    }
}

impl Warc {
    /// Reads what comes next: line ends, a record, or what is none.
    fn next(&mut self, batch: &mut Batch, reader: &mut Reader) {
        let line_ends = reader.window().iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        if line_ends > 0 {
            self.taken += reader.skip(line_ends as u64);
            structure(batch, line_ends as u64);
            return;
        }
        if !is_record(reader.head(8)) {
            return self.damaged(batch, reader, "no record begins here");
        }
        let most = self.context.config.max_header.0 as usize;
        let mut header = std::mem::take(&mut self.header);
        let whole = header.read(reader.window()) || header.read(reader.head(most));
        if !whole || header.len > most || header.body > LONGEST {
            return self.damaged(batch, reader, "a header without an end, or without a length that can be");
        }
        if header.body <= self.context.max_document() as u64 {
            self.small(batch, reader, &header);
            self.header = header;
        } else {
            self.open_large(batch, reader, header);
        }
    }

    /// A record that is read at once.
    fn small(&mut self, batch: &mut Batch, reader: &mut Reader, header: &Header) {
        let end = header.len + header.body as usize;
        let (taken, bytes) = (reader.taken(), reader.head(end + LINE_ENDS.len() + MAGIC.len()));
        if bytes.len() < end {
            return self.damaged(batch, reader, "the record breaks off");
        }
        let behind = &bytes[end..];
        let line_ends = behind.iter().take(LINE_ENDS.len()).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        // What is damaged behind a record that ends as it should is not this one.
        let ends = line_ends == behind.len() || behind.starts_with(LINE_ENDS);
        if !ends && !behind[line_ends..].starts_with(MAGIC) {
            return self.damaged(batch, reader, "no record begins where this one should end");
        }
        if reader.sound() < taken + end as u64 {
            return self.damaged(batch, reader, "its compression is damaged");
        }
        let body = &reader.head(end)[header.len..];
        let first = batch.documents.len();
        let total = (end + line_ends) as u64;
        self.taken += self.record(batch, header, body, total);
        batch.documents[first..].iter_mut().for_each(|d| d.record = self.record);
        self.record += 1;
        self.rejected = false;
        reader.skip(total);
    }

    /// Adds the documents of a record; says for how many bytes they account.
    fn record(&self, batch: &mut Batch, header: &Header, body: &[u8], total: u64) -> u64 {
        let mime = mime_of(&header.content_type);
        match (header.kind.as_str(), &*mime) {
            _ if body.is_empty() => self.skip(batch, header, Skip::Empty, total),
            ("response" | "resource", "application/http") => return self.response(batch, header, body, total),
            ("conversion" | "resource" | "response", _) if holds_text(&mime) => {
                let payload =
                    Payload { bytes: body, mime: &mime, declared: prescan::content_type(&header.content_type) };
                self.payload(batch, header, None, &payload, total, false);
            }
            ("conversion" | "resource" | "response", _) => self.skip(batch, header, Skip::MediaType, total),
            _ => self.skip(batch, header, Skip::NoDocument, total),
        }
        total
    }

    /// Adds the page of a response.
    fn response(&self, batch: &mut Batch, header: &Header, message: &[u8], total: u64) -> u64 {
        let first = batch.documents.len();
        let Some(response) = Response::parse(message) else {
            reject(batch, message, Reason::Damaged, "no response of HTTP");
            self.describe(batch, first, header, None, "", total);
            return total;
        };
        let mime = match mime_of(&response.content_type) {
            mime if mime.is_empty() => header.identified.as_str().into(),
            mime => mime,
        };
        if !holds_text(&mime) || response.body.is_empty() {
            let skipped = if response.body.is_empty() { Skip::Empty } else { Skip::MediaType };
            self.skip(batch, header, skipped, total);
            return total;
        }
        let (reason, detail) = match response.decoded(self.context.max_document()) {
            Ok(body) => {
                let declared = prescan::content_type(&response.content_type);
                let payload = Payload { bytes: &body.bytes, mime: &mime, declared };
                // The contents of a compressed body count in its place.
                let unpacked = if body.packed > 0 { body.bytes.len() } else { 0 };
                let total = total - body.packed as u64 + unpacked as u64;
                // Chunks and streams that hold nothing: a redirect is often one.
                if body.bytes.is_empty() {
                    self.skip(batch, header, Skip::Empty, total);
                    return total;
                }
                self.payload(batch, header, Some(response.status), &payload, total, body.truncated);
                return total;
            }
            Err(Failure::TooLong) => (Reason::TooLong, String::new()),
            Err(Failure::Damaged(detail)) => (Reason::Damaged, detail),
            Err(Failure::Unknown(encoding)) => (Reason::Unsupported, format!("the content encoding {encoding}")),
        };
        reject(batch, response.body, reason, &detail);
        self.describe(batch, first, header, Some(response.status), &mime, total);
        total
    }

    fn payload(
        &self,
        batch: &mut Batch,
        header: &Header,
        status: Option<u16>,
        payload: &Payload<'_>,
        total: u64,
        breaks_off: bool,
    ) {
        let first = batch.documents.len();
        payload::push(batch, payload, &self.context);
        if breaks_off {
            note_truncated(batch, "the body breaks off");
        } else if !header.truncated.is_empty() {
            note_truncated(batch, &header.truncated);
        }
        self.describe(batch, first, header, status, payload.mime, total);
    }

    fn skip(&self, batch: &mut Batch, header: &Header, skipped: Skip, total: u64) {
        let first = batch.documents.len();
        skip(batch, skipped, 0);
        self.describe(batch, first, header, None, "", total);
    }

    /// Gives the documents from `first` on what the header says, and the first of them the bytes that are not theirs.
    fn describe(&self, batch: &mut Batch, first: usize, header: &Header, status: Option<u16>, mime: &str, total: u64) {
        let members = Metadata::new(batch);
        members.text(batch, "warc_type", &header.kind);
        if !header.id.is_empty() {
            members.text(batch, "warc_record_id", &header.id);
        }
        if !header.truncated.is_empty() {
            members.text(batch, "warc_truncated", &header.truncated);
        }
        if batch.documents[first..].iter().any(|d| d.rejected == Some(Reason::Truncated)) {
            members.json(batch, "truncated", |meta| meta.push_str("true"));
        }
        let content_type = if mime.is_empty() { &header.content_type } else { mime };
        let quoted = members.text(batch, "content_type", content_type);
        // Without its quotes.
        let mime = Span { start: quoted.start + 1, end: (quoted.end - 1).max(quoted.start + 1) };
        if let Some(status) = status {
            members.number(batch, "http_status", u64::from(status));
        }
        let metadata = members.span(batch);
        let url = value(batch, &header.uri);
        let date = value(batch, &header.date);
        let rows = &mut batch.documents[first..];
        let told: u64 = rows.iter().map(|d| d.raw.len() as u64 + d.structure).sum();
        if let Some(first) = rows.first_mut() {
            first.structure += total.saturating_sub(told);
        }
        for document in rows {
            (document.url, document.date, document.mime, document.metadata) = (url, date, mime, metadata);
        }
    }

    /// A record of which only a part is in memory at any time.
    fn open_large(&mut self, batch: &mut Batch, reader: &mut Reader, header: Header) {
        self.taken += reader.skip(header.len as u64);
        structure(batch, header.len as u64);
        let body = Reader::fed_by(Box::new(Body { from: self.reader.clone(), left: header.body, cut: false }));
        let (mime, max) = (mime_of(&header.content_type), self.context.max_document());
        let mut is_text = false;
        let source: Box<dyn Source> = match (header.kind.as_str(), &*mime) {
            ("response" | "resource", "application/http") => Box::new(Refused::new(body, Reason::TooLong, max)),
            ("conversion" | "resource" | "response", _) if holds_text(&mime) => {
                is_text = true;
                plain::declared(body, max, prescan::content_type(&header.content_type))
            }
            ("conversion" | "resource" | "response", _) => Box::new(Passed { reader: body, skipped: Skip::MediaType }),
            _ => Box::new(Passed { reader: body, skipped: Skip::NoDocument }),
        };
        self.large = Some(Large { header, is_text, source, part: 0 });
    }

    fn go_on(&mut self, mut large: Large, batch: &mut Batch, target: usize) {
        let first = batch.documents.len();
        let more = large.source.fill(batch, target);
        if let Some(last) = batch.documents[first..].last() {
            large.part = last.part + 1;
        }
        let failure = large.source.failure().filter(|_| !more);
        self.rejected = failure.is_some();
        if let Some(flaw) = failure {
            reject(batch, &[], flaw.reason, &flaw.detail).part = large.part;
        } else if !more && large.is_text && !large.header.truncated.is_empty() {
            note_truncated(batch, &large.header.truncated);
        }
        self.describe(batch, first, &large.header, None, "", 0);
        batch.documents[first..].iter_mut().for_each(|d| d.record = self.record);
        if more {
            self.large = Some(large);
        } else {
            self.taken += large.source.taken();
            self.record += 1;
        }
    }

    /// Rejects what is no record, or no whole one, up to the next line that a record begins with.
    fn damaged(&mut self, batch: &mut Batch, reader: &mut Reader, detail: &str) {
        let (mut part, mut offset) = (0, 0);
        loop {
            let window = reader.head(RESYNC);
            let next = next_record(&window[1..], false).map(|at| at + 1);
            let torn = if window.len() == RESYNC { TORN } else { 0 };
            let end = next.unwrap_or(window.len() - torn);
            let document = reject(batch, &window[..end], Reason::Damaged, detail);
            (document.record, document.part, document.offset) = (self.record, part, offset);
            self.taken += reader.skip(end as u64);
            (part, offset) = (part + 1, offset + end as u64);
            if next.is_some() || torn == 0 {
                break;
            }
        }
        self.record += 1;
        self.rejected = true;
    }

    /// Rejects the record of which a broken compression left nothing; one of which it left something has been.
    fn broken(&mut self, batch: &mut Batch, flaw: &Flaw) {
        if !self.rejected {
            reject(batch, &[], flaw.reason, &flaw.detail).record = self.record;
            self.record += 1;
        }
        self.rejected = true;
    }
}

/// True where a record begins.
fn is_record(bytes: &[u8]) -> bool {
    bytes.starts_with(b"WARC/1.") || bytes.starts_with(b"WARC/0.")
}

/// Where the next record begins: at the beginning of a line, or anywhere where a field of a header follows; inside a text only
/// behind a blank line.
fn next_record(bytes: &[u8], in_text: bool) -> Option<usize> {
    let begins = |at: &usize| {
        if in_text && !matches!(bytes[..*at], [.., b'\n', b'\n'] | [.., b'\n', b'\r', b'\n']) {
            return false;
        }
        let rest = &bytes[*at..];
        let version = is_record(rest) && matches!(rest.get(7..9), Some([b'0'..=b'9', b'\r' | b'\n']));
        let line_start = *at > 0 && bytes[*at - 1] == b'\n';
        version && (line_start || rest[8..rest.len().min(TORN)].trim_ascii_start().contains(&b':'))
    };
    memmem::find_iter(bytes, MAGIC).find(begins)
}

/// False for media that hold no text, or none that anybody wrote to be read.
fn holds_text(mime: &str) -> bool {
    const NONE: [&str; 5] = ["image/", "audio/", "video/", "font/", "application/font"];
    const EXACTLY: [&str; 12] = [
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/octet-stream",
        "application/javascript",
        "application/x-javascript",
        "application/json",
        "application/x-shockwave-flash",
        "application/wasm",
        "text/javascript",
        "text/css",
        "text/dns",
    ];
    if matches!(mime, "text/plain" | "text/html") {
        return true;
    }
    !NONE.iter().any(|n| mime.starts_with(n)) && !EXACTLY.contains(&mime)
}

impl Header {
    /// Takes the header apart that the bytes begin with; false when it has no end or no length.
    fn read(&mut self, bytes: &[u8]) -> bool {
        let texts = [
            &mut self.kind,
            &mut self.uri,
            &mut self.date,
            &mut self.id,
            &mut self.content_type,
            &mut self.identified,
            &mut self.truncated,
        ];
        texts.into_iter().for_each(String::clear);
        let (mut length, mut first) = (None, true);
        self.len = 0;
        while let Some(end) = memchr::memchr(b'\n', &bytes[self.len..]) {
            let line = &bytes[self.len..self.len + end];
            self.len += end + 1;
            if let b"" | b"\r" = line {
                self.body = length.unwrap_or_default();
                return length.is_some();
            }
            let named = field(line).filter(|_| !first);
            // Another record that begins in a header shows that the first one breaks off.
            let another = match named {
                Some((name, _)) => !self.kind.is_empty() && name.eq_ignore_ascii_case(b"warc-type"),
                None => !first && memmem::find(line, MAGIC).is_some_and(|at| is_record(&line[at..])),
            };
            if another {
                return false;
            }
            if let Some((name, value)) = named {
                if name.eq_ignore_ascii_case(b"content-length") {
                    length = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
                } else {
                    self.set(name, value);
                }
            }
            first = false;
        }
        false
    }

    fn set(&mut self, name: &[u8], value: &[u8]) {
        let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
        let text = match name.len() {
            9 if is(b"warc-type") => &mut self.kind,
            9 if is(b"warc-date") => &mut self.date,
            12 if is(b"content-type") => &mut self.content_type,
            14 if is(b"warc-record-id") => &mut self.id,
            14 if is(b"warc-truncated") => &mut self.truncated,
            15 if is(b"warc-target-uri") => &mut self.uri,
            28 if is(b"warc-identified-payload-type") => &mut self.identified,
            _ => return,
        };
        text.clear();
        match std::str::from_utf8(value) {
            Ok(value) => text.push_str(value),
            Err(_) => text.push_str(&String::from_utf8_lossy(value)),
        }
        match name.len() {
            9 => self.kind.make_ascii_lowercase(),
            15 if self.uri.starts_with('<') => {
                // Early versions of the standard had it in brackets.
                self.uri = self.uri.trim_start_matches('<').trim_end_matches('>').to_owned();
            }
            28 => self.identified = mime_of(&self.identified).into_owned(),
            _ => {}
        }
    }
}

/// The body of a large record. It ends early where the next record begins behind a blank line.
struct Body {
    from: Shared,
    left: u64,
    /// The next record begins here.
    cut: bool,
}

impl Feed for Body {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        if self.left == 0 {
            return Ok(());
        }
        let mut from = self.from.get();
        let window = from.head(RESYNC);
        let inside = &window[..window.len().min(usize::try_from(self.left).unwrap_or(usize::MAX))];
        let next = if self.cut { Some(0) } else { next_record(inside, true) };
        let torn = if window.len() == RESYNC && (inside.len() as u64) < self.left { TORN } else { 0 };
        let end = next.unwrap_or(inside.len() - torn);
        if end == 0 {
            let what = if next.is_some() { "another begins inside it" } else { "it breaks off" };
            let detail = format!("a record of which {} bytes are missing: {what}", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, detail));
        }
        self.cut = next.is_some();
        out.extend_from_slice(&inside[..end]);
        from.skip(end as u64);
        self.left -= end as u64;
        Ok(())
    }
}
