//! A page of HTML in place of lines: its bytes are decoded line by line as those of any document, and the text that is left
//! without the markup makes the paragraphs. The way back goes through the markup, so every character has its bytes.

use super::reader::{Opened, Row};
use super::{Cursor, Decode, DecodeScratch, Encoding, Hints};
use crate::batch::{Batch, Edit, Line, Markup, Paragraph, Span};
use crate::html::{Block, Mode, Page};
use crate::reason::Reason;

/// Memory for pages, kept between documents.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    page: Page,
    /// The page decoded, where it is not UTF-8 all through.
    text: String,
    malformed: String,
}

impl Decode {
    /// Makes paragraphs of the text of a page.
    pub(super) fn page(&self, batch: &mut Batch, document: usize, scratch: &mut DecodeScratch) {
        let (span, declared) = (batch.documents[document].raw, batch.documents[document].declared);
        // The batch gets its bytes back at the end.
        let raw = std::mem::take(&mut batch.raw);
        let bytes = &raw[span.range()];
        let DecodeScratch { reader, page: Scratch { page, text, malformed }, .. } = scratch;
        if let Some(opened) = reader.open(Opened::of(bytes), declared) {
            let lines = if let Some(plain) = opened.plain() {
                page.read(plain);
                Lines::Plain { bom: opened.bom, opened: &opened }
            } else {
                reader.read(&opened, &Hints { declared, on_malformed: self.on_malformed, ..Hints::default() });
                decode(&mut reader.rows, bytes, text);
                page.read(text);
                Lines::Rows { rows: Walk::new(&reader.rows, bytes), malformed }
            };
            let mut writer = Writer { batch, document, base: span.start, lines, at: 0, decode: self };
            let mode = writer.batch.documents[document].html.unwrap_or_default();
            page.blocks().enumerate().for_each(|(number, block)| writer.block(&block, number, mode));
            let kept = writer.at;
            batch.documents[document].structure += (span.len() - kept) as u64;
        } else {
            batch.documents[document].rejected = Some(Reason::Binary);
        }
        batch.raw = raw;
    }
}

/// Decodes the lines of a page into one text, a line end behind each.
fn decode(rows: &mut [Row], bytes: &[u8], text: &mut String) {
    text.clear();
    for row in rows {
        let start = text.len();
        row.malformed = row.encoding.decode_into(&bytes[row.start..row.end], text);
        row.text = Span::new(start, text.len());
        text.push('\n');
    }
}

/// Leads from the decoded page back to its bytes.
enum Lines<'a> {
    /// They are the same, behind a byte order mark.
    Plain { bom: usize, opened: &'a Opened<'a> },
    /// Line by line.
    Rows { rows: Walk<'a>, malformed: &'a mut String },
}

/// Goes through the lines once.
struct Walk<'a> {
    rows: &'a [Row],
    bytes: &'a [u8],
    at: usize,
    cursor: Option<Cursor<'a>>,
    binary: Option<bool>,
}

impl<'a> Walk<'a> {
    fn new(rows: &'a [Row], bytes: &'a [u8]) -> Self {
        Self { rows, bytes, at: 0, cursor: None, binary: None }
    }

    /// The line that holds this place of the page, or the last one. Places must not fall from call to call.
    fn row(&mut self, place: usize) -> Option<&'a Row> {
        while self.rows.get(self.at + 1).is_some_and(|next| next.text.start as usize <= place) {
            self.at += 1;
            (self.cursor, self.binary) = (None, None);
        }
        self.rows.get(self.at)
    }

    /// The byte at a place of the page.
    fn byte(&mut self, place: usize) -> usize {
        let Some(row) = self.row(place) else { return 0 };
        let raw = &self.bytes[row.start..row.end];
        let cursor = self.cursor.get_or_insert_with(|| row.encoding.cursor(raw, row.malformed));
        row.start + cursor.source_offset(place.saturating_sub(row.text.start as usize)).min(raw.len())
    }

    /// True when the line at hand is no text.
    fn is_binary(&mut self, row: &Row) -> bool {
        *self.binary.get_or_insert_with(|| row.is_binary(self.bytes))
    }
}

/// Makes paragraphs of blocks.
struct Writer<'a> {
    batch: &'a mut Batch,
    document: usize,
    /// First byte of the document among those of the batch.
    base: u32,
    lines: Lines<'a>,
    /// Bytes of the paragraphs so far.
    at: usize,
    decode: &'a Decode,
}

impl Writer<'_> {
    /// A paragraph for each line of a block.
    fn block(&mut self, block: &Block<'_>, number: usize, mode: Mode) {
        let start = self.batch.text.len();
        self.batch.text.push_str(block.text);
        let markup = Markup {
            kind: block.kind,
            block: number as u32,
            link_density: block.link_density,
            language: self.batch.push_meta(block.language),
        };
        let beside = (mode == Mode::Main && !block.is_main).then_some(Reason::BesideMain);
        let mut from = 0;
        for line in block.text.split('\n') {
            let (first, last) = (from + line.len() - line.trim_start().len(), from + line.trim_end().len());
            from += line.len() + 1;
            if first >= last {
                continue;
            }
            let end = if last == block.text.len() { block.source.end } else { block.source_offset(last) };
            let place = (block.source_offset(first), end);
            let stripped = self.edits(block, first, last, place.0 - block.source.start);
            let text = Span::new(start + first, start + last);
            let (raw, lines, rejected) = self.source(place);
            self.at += raw.len();
            let paragraph = Paragraph::new(self.document as u32, raw, text, lines);
            let rejected = rejected.or(beside);
            self.batch.paragraphs.push(Paragraph { markup: Some(markup), stripped, rejected, ..paragraph });
        }
    }

    /// The edits of a line of a block, as those of a text by itself.
    fn edits(&mut self, block: &Block<'_>, first: usize, last: usize, place: usize) -> std::ops::Range<u32> {
        let from = self.batch.edits.len() as u32;
        let skip = block.edits.partition_point(|edit| (edit.output.start as usize) < first);
        for edit in block.edits[skip..].iter().take_while(|edit| edit.output.end as usize <= last) {
            let input =
                (edit.input.start as usize).saturating_sub(place)..(edit.input.end as usize).saturating_sub(place);
            let output = edit.output.start as usize - first..edit.output.end as usize - first;
            let (input, output) = (Span::new(input.start, input.end), Span::new(output.start, output.end));
            self.batch.edits.push(Edit { layer: 0, input, output });
        }
        from..self.batch.edits.len() as u32
    }

    /// The bytes of a stretch of the page, as lines, and why they are rejected, if they are.
    fn source(&mut self, (start, end): (usize, usize)) -> (Span, std::ops::Range<u32>, Option<Reason>) {
        let first = self.batch.lines.len() as u32;
        let mut rejected = None;
        let mut raw = Span::default();
        match &mut self.lines {
            Lines::Plain { bom, opened } => {
                raw = Span { start: self.base + (*bom + start) as u32, end: self.base + (*bom + end) as u32 };
                let (encoding, evidence) = (Encoding::UTF_8, opened.utf8_evidence());
                self.batch.lines.push(Line { raw, start: 0, encoding, evidence, score: 1.0, malformed: 0 });
            }
            Lines::Rows { rows, malformed } => {
                let mut at = start;
                while at < end {
                    let Some(row) = rows.row(at) else { break };
                    let stop = end.min(row.text.end as usize);
                    let place = Span {
                        start: self.base + rows.byte(at) as u32,
                        end: self.base + rows.byte(stop.max(at)) as u32,
                    };
                    let broken = if row.malformed > 0 {
                        malformed.clear();
                        let own = (place.start - self.base) as usize..(place.end - self.base) as usize;
                        row.encoding.decode_into(&rows.bytes[own], malformed)
                    } else {
                        0
                    };
                    let Row { encoding, evidence, score, .. } = *row;
                    let line =
                        Line { raw: place, start: (at - start) as u32, encoding, evidence, score, malformed: broken };
                    rejected = rejected.or_else(|| match () {
                        () if rows.is_binary(row) => Some(Reason::Binary),
                        () => Row { malformed: broken, ..*row }.rejected_as_malformed(self.decode.on_malformed),
                    });
                    raw = if raw == Span::default() { place } else { Span { start: raw.start, end: place.end } };
                    self.batch.lines.push(line);
                    // Behind the line end.
                    at = (row.text.end as usize + 1).max(at + 1);
                }
            }
        }
        (raw, first..self.batch.lines.len() as u32, rejected)
    }
}
