//! Decode stage: bytes to lines, each in its own encoding, to paragraphs of text.
//!
//! A document is taken apart at its line ends before anything is decoded ([`split`]); stretches of UTF-16 and the like,
//! in which line ends are other bytes, are found first (`regions`). A line that is valid UTF-8 is UTF-8, or has the
//! escapes of an encoding of seven bits (`escapes`); one that is UTF-8 but for surrogates is CESU-8; the others are guessed
//! line by line with their document as a prior ([`guess`]), so one bad byte never re-decodes its neighbours. A document that is UTF-8 all through, as most are, is
//! validated and copied once (`reader`).
//!
//! [`paragraphs()`] does the same for bytes in memory, without a batch.

mod codecs;
mod encoding;
mod escapes;
pub mod guess;
mod look;
mod page;
mod paragraphs;
pub mod prescan;
mod reader;
mod regions;
pub mod sniff;
pub mod split;
mod wrap;

pub(crate) use codecs::surrogate_pair;
pub use encoding::{Cursor, Encoding};
#[cfg(feature = "run")]
pub(crate) use guess::may_be_damaged_utf8 as is_damaged_utf8;
use guess::{Candidate, Family, Guesser};
pub use paragraphs::{Decoded, Hints, paragraphs};
use reader::{Opened, Reader, Row};

use crate::batch::{Batch, Line, Paragraph, Span};
use crate::config::{OnMalformed, Paragraphs};
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
    /// UTF-8 but for surrogates of UTF-16.
    Surrogates,
    /// Two or four bytes for each character.
    Units,
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
    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "byte order mark",
            Self::Utf8 => "valid UTF-8",
            Self::DamagedUtf8 => "UTF-8 but for a few bytes",
            Self::Surrogates => "UTF-8 with surrogates",
            Self::Units => "two or four bytes a character",
            Self::Escapes => "escape sequences",
            Self::Letters => "letters",
            Self::Neighbours => "neighbouring lines",
            Self::Declared => "declared",
        }
    }
}

/// The stage: fills `lines` and `paragraphs` of every document that is not rejected.
#[derive(Debug)]
pub struct Decode {
    paragraphs: Paragraphs,
    on_malformed: OnMalformed,
}

/// Memory of the stage, kept between documents.
#[derive(Debug, Default)]
pub struct DecodeScratch {
    reader: Reader,
    shapes: Vec<wrap::Shape>,
    page: page::Scratch,
}

impl Decode {
    /// With the given way to find paragraphs.
    pub fn new(paragraphs: Paragraphs) -> Self {
        Self { paragraphs, on_malformed: OnMalformed::Cp1252 }
    }

    /// With another way to treat bytes that their encoding does not explain.
    #[must_use]
    pub fn on_malformed(self, on_malformed: OnMalformed) -> Self {
        Self { on_malformed, ..self }
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
        if batch.documents[document].html.is_some() {
            return self.page(batch, document, scratch);
        }
        let raw = batch.documents[document].raw;
        let bytes = &batch.raw[raw.range()];
        let is_utf8 = batch.documents[document].is_utf8;
        let declared = batch.documents[document].declared.or(is_utf8.then_some(Encoding::UTF_8));
        let opened = if is_utf8 { Opened::utf8(bytes) } else { Opened::of(bytes) };
        let Some(opened) = scratch.reader.open(opened, declared) else {
            batch.documents[document].rejected = Some(Reason::Binary);
            return;
        };
        scratch.reader.read(&opened, &Hints { declared, on_malformed: self.on_malformed, ..Hints::default() });
        let content: usize = scratch.reader.rows.iter().map(|r| r.end - r.start).sum();
        debug_assert!(opened.bom + content <= raw.len());
        batch.documents[document].structure += (raw.len() - content) as u64;
        scratch.reader.decode(&opened, &mut batch.text);
        self.assemble(batch, document as u32, scratch);
    }

    /// Makes paragraphs of the decoded lines.
    fn assemble(&self, batch: &mut Batch, document: u32, scratch: &mut DecodeScratch) {
        let width = self.wrap_width(&batch.text, scratch);
        let rows = &scratch.reader.rows;
        let raw = batch.documents[document as usize].raw;
        let mut at = 0;
        while at < rows.len() {
            if rows[at].start == rows[at].end {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            let joined = |end: usize| match (self.paragraphs, width) {
                (Paragraphs::Blank, _) => !scratch.shapes[end - 1].blank && !scratch.shapes[end].blank,
                (_, Some(width)) => wrap::is_full(&scratch.shapes[end - 1..=end], width),
                _ => false,
            };
            let bytes = &batch.raw[raw.range()];
            while end < rows.len() && joined(end) && !rows[end].is_binary(bytes) {
                end += 1;
            }
            // A line that is no text is a paragraph of its own or the first of one.
            let rejected = rows[at..end].iter().find_map(|row| row.rejected(bytes, self.on_malformed));
            push_paragraph(batch, document, &rows[at..end], rejected);
            at = end;
        }
    }

    fn wrap_width(&self, text: &str, scratch: &mut DecodeScratch) -> Option<usize> {
        let lines = scratch.reader.rows.iter().map(|row| &text[row.text.range()]);
        match self.paragraphs {
            Paragraphs::Line => None,
            Paragraphs::Blank => {
                scratch.shapes.clear();
                scratch.shapes.extend(lines.map(wrap::Shape::of));
                None
            }
            Paragraphs::Auto => wrap::measure(lines, &mut scratch.shapes),
        }
    }
}

/// Adds a paragraph made of these lines; several are joined in a new stretch of the text arena.
fn push_paragraph(batch: &mut Batch, document: u32, rows: &[Row], rejected: Option<Reason>) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let line = batch.lines.len() as u32;
    let base = batch.documents[document as usize].raw.start;
    let mut text = first.text;
    if rows.len() > 1 {
        let start = batch.text.len();
        for (i, row) in rows.iter().enumerate() {
            let at = batch.text.len();
            push_line(batch, base, row, at - start);
            batch.text.extend_from_within(row.text.range());
            if let Some(next) = rows.get(i + 1) {
                batch.text.truncate(start + batch.text[start..].trim_end().len());
                batch.text.push_str(wrap::glue(&batch.text[row.text.range()], &batch.text[next.text.range()]));
            }
        }
        text = Span::new(start, batch.text.len());
    } else {
        push_line(batch, base, first, 0);
    }
    // Bytes between joined lines were counted as structure; now they are part of the paragraph.
    let content: usize = rows.iter().map(|r| r.end - r.start).sum();
    let raw = Span { start: base + first.start as u32, end: base + last.end as u32 };
    batch.documents[document as usize].structure -= (raw.len() - content) as u64;
    let lines = line..batch.lines.len() as u32;
    batch.paragraphs.push(Paragraph { rejected, ..Paragraph::new(document, raw, text, lines) });
}

fn push_line(batch: &mut Batch, base: u32, row: &Row, start: usize) {
    let raw = Span { start: base + row.start as u32, end: base + row.end as u32 };
    let Row { encoding, evidence, score, malformed, .. } = *row;
    batch.lines.push(Line { raw, start: start as u32, encoding, evidence, score, malformed });
}

/// What a line of bytes may be by itself, the best first: what `decode --explain` shows. Empty for ASCII and valid UTF-8,
/// which are never guessed.
pub fn candidates(line: &[u8], encoding: Encoding) -> Vec<Candidate> {
    let family = if encoding.is_ebcdic() { Family::Ebcdic } else { Family::Ascii };
    if simdutf8::basic::from_utf8(line).is_ok() && family == Family::Ascii {
        return Vec::new();
    }
    Guesser::default().candidates(line, family)
}
