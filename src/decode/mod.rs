//! Decode stage: bytes to lines, each in its own encoding, to paragraphs of text.
//!
//! A document is taken apart at its line ends before anything is decoded ([`split`]); stretches of UTF-16 and the like,
//! in which line ends are other bytes, are found first (`regions`). A line that is valid UTF-8 is UTF-8, or has the
//! escapes of an encoding of seven bits (`escapes`); the others are guessed line by line with their document as a prior
//! ([`guess`]), so one bad byte never re-decodes its neighbours.

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
use guess::{Candidate, Family, Found, Guesser};
use regions::{Finder, Kind, Region};

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
    rows: Vec<Row>,
    unknown: Vec<usize>,
    shapes: Vec<wrap::Shape>,
    guesser: Guesser,
    finder: Finder,
    text: String,
}

/// A line on its way.
#[derive(Clone, Copy, Debug)]
struct Row {
    raw: Span,
    text: Span,
    encoding: Option<Encoding>,
    evidence: Evidence,
    score: f32,
    malformed: u32,
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
        let raw = batch.documents[document].raw;
        let bytes = &batch.raw[raw.range()];
        let declared = batch.documents[document].declared;
        let bom = scratch.find_regions(bytes, declared);
        if scratch.is_binary(bytes) {
            batch.documents[document].rejected = Some(Reason::Binary);
            return;
        }
        scratch.rows.clear();
        for region in 0..scratch.finder.found.len() {
            scratch.split(bytes, raw, scratch.finder.found[region], bom, declared);
        }
        let content: usize = scratch.rows.iter().map(|r| r.raw.len()).sum();
        debug_assert!(bom + content <= raw.len());
        batch.documents[document].structure += (raw.len() - content) as u64;
        if self.on_malformed == OnMalformed::Cp1252 {
            scratch.mend_utf8();
        }
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
            let malformed = scratch.rows[at..end].iter().any(|row| row.malformed > 0);
            let rejected = match () {
                () if binary(&scratch.rows[at]) => Some(Reason::Binary),
                () if malformed && self.on_malformed == OnMalformed::Reject => Some(Reason::Malformed),
                () => None,
            };
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
    /// Finds the regions of a document behind its byte order mark, whose length is returned.
    fn find_regions(&mut self, bytes: &[u8], declared: Option<Encoding>) -> usize {
        let mark = sniff::mark(bytes);
        let bom = mark.map_or(0, |(_, bom)| bom);
        match mark.map(|(encoding, _)| encoding).or(declared) {
            // The document may change its mind all the same.
            Some(encoding @ (Encoding::UTF_16LE | Encoding::UTF_16BE)) => {
                self.finder.find_from(bytes, bom, encoding);
            }
            Some(encoding @ (Encoding::UTF_32LE | Encoding::UTF_32BE)) if mark.is_some() => {
                self.finder.found.clear();
                self.finder.found.push(Region { start: bom, end: bytes.len(), kind: Kind::Units(encoding) });
            }
            _ => self.finder.find(bytes, bom, &mut self.guesser),
        }
        bom
    }

    /// True when most of a document is no text in any encoding.
    fn is_binary(&self, bytes: &[u8]) -> bool {
        let lines = self.finder.found.iter().filter(|r| r.kind == Kind::Bytes);
        let size: usize = lines.clone().map(|r| r.end - r.start).sum();
        let largest = lines.max_by_key(|r| r.end - r.start);
        size * 2 > bytes.len()
            && largest.is_some_and(|r| sniff::is_binary(&bytes[r.start..r.end.min(r.start + sniff::SAMPLE)]))
    }

    /// Takes a region apart into rows and decides the encoding of each.
    fn split(&mut self, bytes: &[u8], raw: Span, region: Region, bom: usize, declared: Option<Encoding>) {
        let first = self.rows.len();
        let (encoding, lines) = match region.kind {
            Kind::Bytes => (None, Encoding::UTF_8),
            Kind::Ebcdic => (None, guess::EBCDIC),
            Kind::Units(encoding) => (Some(encoding), encoding),
        };
        let evidence = if bom > 0 { Evidence::Mark } else { Evidence::Units };
        let base = raw.start as usize;
        for line in split::lines(&bytes[..region.end], region.start, lines) {
            let raw = Span::new(base + line.start, base + line.end);
            self.rows.push(Row { raw, text: Span::default(), encoding, evidence, score: 1.0, malformed: 0 });
        }
        match region.kind {
            Kind::Bytes => self.decide(first, bytes, base, bom > 0, declared),
            Kind::Ebcdic => {
                self.unknown.clear();
                self.unknown.extend(first..self.rows.len());
                self.guess(bytes, base, Family::Ebcdic, declared);
            }
            Kind::Units(_) => {}
        }
    }

    /// Decides the encoding of each line of bytes.
    fn decide(&mut self, first: usize, bytes: &[u8], base: usize, bom: bool, declared: Option<Encoding>) {
        let all_valid = self.finder.valid;
        let signs = escapes::Signs::of(bytes);
        self.unknown.clear();
        for i in first..self.rows.len() {
            let row = &mut self.rows[i];
            let line = &bytes[row.raw.start as usize - base..row.raw.end as usize - base];
            if signs.any()
                && let Some(encoding) = signs.encoding(line, &mut self.guesser, &mut self.text)
            {
                (row.encoding, row.evidence) = (Some(encoding), Evidence::Escapes);
            } else if all_valid || simdutf8::basic::from_utf8(line).is_ok() {
                row.encoding = Some(Encoding::UTF_8);
                row.evidence = if bom { Evidence::Mark } else { Evidence::Utf8 };
            } else {
                self.unknown.push(i);
            }
        }
        if !self.unknown.is_empty() {
            self.guess(bytes, base, Family::Ascii, declared.or_else(|| prescan::prescan(bytes)));
        }
    }

    /// Guesses the unknown lines.
    fn guess(&mut self, bytes: &[u8], base: usize, family: Family, declared: Option<Encoding>) {
        let raw = |span: Span| &bytes[span.start as usize - base..span.end as usize - base];
        self.guesser.read(self.unknown.iter().map(|i| raw(self.rows[*i].raw)), family, declared);
        for (at, i) in self.unknown.iter().enumerate() {
            let Found { encoding, evidence, score } = self.guesser.found(at);
            let row = &mut self.rows[*i];
            (row.encoding, row.evidence, row.score) = (Some(encoding), evidence, score);
        }
    }

    /// Damaged UTF-8 is read with what its stray bytes are in windows-1252.
    fn mend_utf8(&mut self) {
        let damaged = self.rows.iter_mut().filter(|row| row.evidence == Evidence::DamagedUtf8);
        damaged.for_each(|row| row.encoding = Some(Encoding::UTF_8_STRAY));
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
    let (raw, evidence, score, malformed) = (row.raw, row.evidence, row.score, row.malformed);
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
