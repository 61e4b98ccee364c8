//! Decode stage: bytes to lines, each in its own encoding, to paragraphs of text.
//!
//! A document is taken apart at its line ends before anything is decoded ([`split`]), unless it is UTF-16 all through
//! ([`sniff`]). A line that is valid UTF-8 is UTF-8; the others are guessed line by line with their document as a prior
//! (`guess`), so one bad byte never re-decodes its neighbours.

mod codecs;
mod encoding;
mod escapes;
pub mod guess;
pub mod prescan;
mod regions;
pub mod sniff;
pub mod split;
mod wrap;

pub use encoding::{Cursor, Encoding};
use sniff::Shape;

use crate::batch::{Batch, Line, Paragraph, Span};
use crate::config::Paragraphs;
use crate::reason::Reason;
use crate::stage::{Scratch, Stage};

/// What spoke for an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// A byte order mark.
    Mark,
    /// Valid UTF-8 (or ASCII).
    Utf8,
    /// UTF-8 but for a few bytes.
    DamagedUtf8,
    /// Zero bytes at every other place.
    Zeros,
    /// Escape sequences.
    Escapes,
    /// The letters that the bytes decode to.
    Letters,
    /// Lines of the document that have more to say.
    Neighbours,
    /// What a header said.
    Declared,
}

impl Evidence {
    /// Name for people, and how far it is to be trusted, 0 to 1. The figures order the kinds; they were not measured.
    pub fn told(self) -> (&'static str, f32) {
        match self {
            Self::Mark => ("byte order mark", 1.0),
            Self::Utf8 => ("valid UTF-8", 1.0),
            Self::DamagedUtf8 => ("UTF-8 but for a few bytes", 0.95),
            Self::Zeros => ("zero bytes", 0.95),
            Self::Escapes => ("escape sequences", 1.0),
            Self::Letters => ("letters", 0.8),
            Self::Neighbours => ("neighbouring lines", 0.6),
            Self::Declared => ("declared", 0.7),
        }
    }
}

/// The stage: fills `lines` and `paragraphs` of every document that is not rejected.
#[derive(Debug)]
pub struct Decode {
    paragraphs: Paragraphs,
}

/// Memory of the stage, kept between documents.
#[derive(Debug, Default)]
pub struct DecodeScratch {
    rows: Vec<Row>,
    unknown: Vec<usize>,
    shapes: Vec<wrap::Shape>,
    guesser: guess::Guesser,
}

/// A line on its way.
#[derive(Clone, Copy, Debug)]
struct Row {
    raw: Span,
    text: Span,
    encoding: Option<Encoding>,
    evidence: Evidence,
    malformed: u32,
}

impl Decode {
    /// With the given way to find paragraphs.
    pub fn new(paragraphs: Paragraphs) -> Self {
        Self { paragraphs }
    }
}

impl Stage for Decode {
    fn name(&self) -> &'static str {
        "decode"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        batch.text.reserve(batch.raw.len());
        for document in 0..batch.documents.len() {
            let first = batch.paragraphs.len() as u32;
            if batch.documents[document].rejected.is_none() {
                self.document(batch, document, &mut scratch.decode);
            }
            batch.documents[document].paragraphs = first..batch.paragraphs.len() as u32;
        }
    }
}

impl Decode {
    fn document(&self, batch: &mut Batch, document: usize, scratch: &mut DecodeScratch) {
        let raw = batch.documents[document].raw;
        let bytes = &batch.raw[raw.range()];
        let declared = batch.documents[document].declared;
        let shape = match declared {
            Some(e) if !e.splits_at_bytes() => match sniff::sniff(bytes) {
                Shape::Utf16 { encoding, bom } => Shape::Utf16 { encoding, bom },
                _ => Shape::Utf16 { encoding: e, bom: 0 },
            },
            _ => sniff::sniff(bytes),
        };
        let bom = match shape {
            Shape::Binary => {
                batch.documents[document].rejected = Some(Reason::Binary);
                return;
            }
            Shape::Lines { bom } => {
                scratch.split(bytes, raw, bom, None);
                scratch.guess(bytes, raw, declared);
                bom
            }
            Shape::Utf16 { encoding, bom } => {
                scratch.split(bytes, raw, bom, Some(encoding));
                bom
            }
        };
        let content: usize = scratch.rows.iter().map(|r| r.raw.len()).sum();
        debug_assert!(bom + content <= raw.len());
        batch.documents[document].structure += (raw.len() - content) as u64;
        scratch.decode(batch);
        self.assemble(batch, document as u32, scratch);
    }

    /// Makes paragraphs of the decoded lines.
    fn assemble(&self, batch: &mut Batch, document: u32, scratch: &mut DecodeScratch) {
        let width = self.wrap_width(batch, scratch);
        let mut at = 0;
        while at < scratch.rows.len() {
            if scratch.rows[at].raw.is_empty() {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            let joined = |end: usize| match (self.paragraphs, width) {
                (Paragraphs::Blank, _) => !scratch.shapes[end - 1].blank && !scratch.shapes[end].blank,
                (_, Some(width)) => wrap::is_full(&scratch.shapes[end - 1..=end], width),
                _ => false,
            };
            let binary = |row: &Row| row.evidence == Evidence::Letters && sniff::is_binary(&batch.raw[row.raw.range()]);
            while end < scratch.rows.len() && joined(end) && !binary(&scratch.rows[end]) {
                end += 1;
            }
            let rejected = binary(&scratch.rows[at]).then_some(Reason::Binary);
            push_paragraph(batch, document, &scratch.rows[at..end], rejected);
            at = end;
        }
    }

    fn wrap_width(&self, batch: &Batch, scratch: &mut DecodeScratch) -> Option<usize> {
        scratch.shapes.clear();
        if self.paragraphs == Paragraphs::Line || scratch.rows.len() < 4 {
            if self.paragraphs == Paragraphs::Blank {
                scratch.measure(batch);
            }
            return None;
        }
        // Text with very long lines is not wrapped: spare the measuring.
        let long = scratch.rows.iter().filter(|r| r.text.len() > 400).count();
        if self.paragraphs == Paragraphs::Auto && long * 20 > scratch.rows.len() {
            return None;
        }
        scratch.measure(batch);
        wrap::width(&scratch.shapes)
    }
}

impl DecodeScratch {
    fn split(&mut self, bytes: &[u8], raw: Span, bom: usize, encoding: Option<Encoding>) {
        self.rows.clear();
        let evidence = match (bom, encoding) {
            (0, None) => Evidence::Letters,
            (0, Some(_)) => Evidence::Zeros,
            _ => Evidence::Mark,
        };
        let base = raw.start as usize;
        for line in split::lines(bytes, bom, encoding.unwrap_or(Encoding::UTF_8)) {
            let raw = Span::new(base + line.start, base + line.end);
            self.rows.push(Row { raw, text: Span::default(), encoding, evidence, malformed: 0 });
        }
    }

    /// Decides the encoding of each line.
    fn guess(&mut self, bytes: &[u8], raw: Span, declared: Option<Encoding>) {
        let bom = bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
        let base = raw.start as usize;
        let all_valid = simdutf8::basic::from_utf8(bytes).is_ok();
        let escapes = memchr::memchr(0x1B, bytes).is_some();
        self.unknown.clear();
        for (i, row) in self.rows.iter_mut().enumerate() {
            let line = &bytes[row.raw.start as usize - base..row.raw.end as usize - base];
            if escapes && is_iso_2022_jp(line) {
                (row.encoding, row.evidence) = (Some(Encoding::ISO_2022_JP), Evidence::Escapes);
            } else if all_valid || simdutf8::basic::from_utf8(line).is_ok() {
                row.encoding = Some(Encoding::UTF_8);
                row.evidence = if bom { Evidence::Mark } else { Evidence::Utf8 };
            } else {
                self.unknown.push(i);
            }
        }
        if self.unknown.is_empty() {
            return;
        }
        let rows = &self.rows;
        let line = |i: usize| &bytes[rows[i].raw.start as usize - base..rows[i].raw.end as usize - base];
        let mut found = Vec::new();
        self.guesser.guess(&self.unknown, line, guess::Family::Ascii, declared, |i, f| found.push((i, f)));
        for (i, f) in found {
            (self.rows[i].encoding, self.rows[i].evidence) = (Some(f.encoding), f.evidence);
        }
    }

    fn decode(&mut self, batch: &mut Batch) {
        for row in &mut self.rows {
            let start = batch.text.len();
            let encoding = row.encoding.unwrap_or(Encoding::UTF_8);
            row.malformed = encoding.decode_into(&batch.raw[row.raw.range()], &mut batch.text);
            row.text = Span::new(start, batch.text.len());
        }
    }

    fn measure(&mut self, batch: &Batch) {
        self.shapes.extend(self.rows.iter().map(|r| wrap::Shape::of(&batch.text[r.text.range()])));
    }
}

/// Adds a paragraph made of these lines; several are joined in a new stretch of the text arena.
fn push_paragraph(batch: &mut Batch, document: u32, rows: &[Row], rejected: Option<Reason>) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let line = batch.lines.len() as u32;
    let mut text = first.text;
    if rows.len() > 1 {
        let start = batch.text.len();
        for (i, row) in rows.iter().enumerate() {
            let at = batch.text.len();
            push_line(batch, row, at - start);
            batch.text.extend_from_within(row.text.range());
            if let Some(next) = rows.get(i + 1) {
                batch.text.truncate(start + batch.text[start..].trim_end().len());
                batch.text.push_str(wrap::glue(&batch.text[row.text.range()], &batch.text[next.text.range()]));
            }
        }
        text = Span::new(start, batch.text.len());
    } else {
        push_line(batch, first, 0);
    }
    // Bytes between joined lines were counted as structure; now they are part of the paragraph.
    let content: usize = rows.iter().map(|r| r.raw.len()).sum();
    let raw = Span { start: first.raw.start, end: last.raw.end };
    batch.documents[document as usize].structure -= (raw.len() - content) as u64;
    let lines = line..batch.lines.len() as u32;
    batch.paragraphs.push(Paragraph { rejected, ..Paragraph::new(document, raw, text, lines) });
}

fn push_line(batch: &mut Batch, row: &Row, start: usize) {
    let encoding = row.encoding.unwrap_or(Encoding::UTF_8);
    let (raw, evidence, malformed) = (row.raw, row.evidence, row.malformed);
    batch.lines.push(Line { raw, start: start as u32, encoding, evidence, malformed });
}

/// A 7-bit line with the escapes of ISO-2022-JP (RFC 1468) that decodes without fault.
fn is_iso_2022_jp(line: &[u8]) -> bool {
    let shifts = |at: usize| matches!(line.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I"));
    if !line.is_ascii() || !memchr::memchr_iter(0x1B, line).any(shifts) {
        return false;
    }
    Encoding::ISO_2022_JP.decode_into(line, &mut String::new()) == 0
}
