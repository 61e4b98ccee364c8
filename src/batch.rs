//! The data that flows: a [`Batch`] of documents, as rows of offsets into shared arenas.
//!
//! Rows hold spans instead of references, so a batch can be sent to a worker, refilled and reused without freeing
//! anything singly. Stages add rows or rewrite columns; nothing is ever removed, dropping is marking.

use std::ops::Range;

use crate::decode::{Encoding, Evidence};
use crate::html;
use crate::lang::Guess;
use crate::reason::{Reason, Skip};
use crate::repair::Repairs;
use crate::script::Script;

/// Payload bytes that one batch may hold at most. Text can be a multiple of them, and offsets are of 32 bits.
pub const MAX_PAYLOAD: usize = 80 << 20;

/// Lines that a document may have at most: text of nothing but line ends would take a hundred times its size in rows.
pub const MAX_LINES: usize = 1 << 16;

/// A range of bytes in one of the batch's arenas; an arena is below 4 GiB as long as the payload is within
/// [`MAX_PAYLOAD`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// A span from offsets below 4 GiB.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end && end <= u32::MAX as usize);
        Self { start: start as u32, end: end as u32 }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// True when it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As an index of its arena.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Unit of work: about one MiB of whole documents and all that the stages found out about them.
#[derive(Debug, Default)]
pub struct Batch {
    /// Payload bytes of the documents, as read.
    pub raw: Vec<u8>,
    /// Decoded and repaired text.
    pub text: String,
    /// Metadata that came with documents, as JSON members (`"key":value,...`), and details of rejects.
    pub meta: String,
    /// One row a document (record).
    pub documents: Vec<Document>,
    /// Decoded lines, in the order of the raw bytes.
    pub lines: Vec<Line>,
    /// Changes made by repairs, per paragraph and layer.
    pub edits: Vec<Edit>,
    /// Paragraphs: one line, or the joined lines of a hard-wrapped block.
    pub paragraphs: Vec<Paragraph>,
    /// Parts of paragraphs with one script and one label.
    pub fragments: Vec<Fragment>,
    /// Bytes read from each input while this batch was filled.
    pub read: Vec<(u32, u64)>,
    /// Line ends in `raw`, and tags of pages, about: each makes rows.
    line_ends: usize,
}

/// One record of a source.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Number of the input (file) it came from.
    pub input: u32,
    /// Number of the record in its input, from 0.
    pub record: u64,
    /// How many records of the input it stands for: of what is none (separators, headers, padding, a note on what ended a
    /// source) 0, of rows of a table that are lost together all of them.
    pub records: u64,
    /// Where a document too large for one batch was cut, its pieces are numbered from 0.
    pub part: u32,
    /// It is such a piece: others may be in other batches.
    pub cut: bool,
    /// Offset of `raw` in the record's payload (0 unless `part` > 0).
    pub offset: u64,
    /// Payload bytes.
    pub raw: Span,
    /// Members of its JSON object other than the text, in `meta`.
    pub metadata: Span,
    /// `url` of the input record in `meta`, as a JSON value.
    pub url: Span,
    /// `date` of the input record in `meta`, as a JSON value.
    pub date: Span,
    /// Path of the entry of a container that it came from, in `meta`, as a JSON string.
    pub entry: Span,
    /// MIME type that its source knows of, in `meta`.
    pub mime: Span,
    /// Encoding that the source knows of (a header, or the head of a file that was cut into parts).
    pub declared: Option<Encoding>,
    /// Its source says for certain that it is UTF-8, so what is valid is nothing else.
    pub is_utf8: bool,
    /// It is a page of HTML, and this of its text is wanted.
    pub html: Option<html::Mode>,
    /// Rejected whole, by a source or in decoding; the detail is `detail`.
    pub rejected: Option<Reason>,
    /// Passed over on purpose; its bytes are `structure`.
    pub skipped: Option<Skip>,
    /// What a person should know about the rejection, in `meta`.
    pub detail: Span,
    /// Bytes of the input that are no text: separators, syntax around the payload, byte order marks, blank lines.
    pub structure: u64,
    /// Lone surrogates of its source that were replaced by U+FFFD.
    pub surrogates: u32,
    /// Its paragraphs.
    pub paragraphs: Range<u32>,
}

/// Bytes that were decoded in one go: a line without its end.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Source bytes.
    pub raw: Span,
    /// Offset of its text in the decoded (not yet repaired) text of its paragraph.
    pub start: u32,
    /// How it was decoded.
    pub encoding: Encoding,
    /// What spoke for that encoding.
    pub evidence: Evidence,
    /// How likely that encoding is, 0 to 1.
    pub score: f32,
    /// Byte sequences that the encoding does not explain, each replaced by U+FFFD.
    pub malformed: u32,
}

/// A replaced stretch of text: `input` in the text before a repair became `output` in the text after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Number of the repair in its paragraph; a higher layer saw the output of the lower ones.
    pub layer: u8,
    /// Bytes of the text before, relative to the paragraph.
    pub input: Span,
    /// Bytes of the text after, relative to the paragraph.
    pub output: Span,
}

impl Edit {
    /// The offset before the edits of one repair that stands for `at` after them; inside a replaced stretch, where that
    /// stretch begins.
    pub fn before(edits: &[Self], at: usize) -> usize {
        match edits.partition_point(|e| e.output.start as usize <= at).checked_sub(1).map(|i| edits[i]) {
            None => at,
            Some(e) if at < e.output.end as usize => e.input.start as usize,
            Some(e) => e.input.end as usize + (at - e.output.end as usize),
        }
    }
}

/// Text between line ends, or a hard-wrapped block joined to one.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Its document.
    pub document: u32,
    /// Source bytes, from the first line's first to the last line's last; line ends between joined lines included.
    pub raw: Span,
    /// Its text.
    pub text: Span,
    /// Its text as it was decoded, before any repair.
    pub decoded: Span,
    /// The lines it was made of.
    pub lines: Range<u32>,
    /// What a page says of it.
    pub markup: Option<Markup>,
    /// What of its source is markup: edits before all repairs.
    pub stripped: Range<u32>,
    /// What repairs changed, those excepted that depend on the language.
    pub edits: Range<u32>,
    /// Which repairs changed something.
    pub repairs: Repairs,
    /// Which repairs that are set to flag found something.
    pub flagged: Repairs,
    /// Which repairs the characters of its text arouse.
    pub(crate) aroused: Repairs,
    /// Rejected in decoding.
    pub rejected: Option<Reason>,
    /// Its fragments.
    pub fragments: Range<u32>,
}

/// What a page says of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Markup {
    /// What it is on the page.
    pub kind: html::Kind,
    /// Number of its block on the page: the lines of a block are paragraphs of their own.
    pub block: u32,
    /// Share of the letters of its block that are in links, 0 to 1.
    pub link_density: f32,
    /// Its language, as the page says, in `meta`.
    pub language: Span,
}

/// Part of a paragraph with one script and one label. The fragments of a paragraph tile its text and its raw bytes.
#[derive(Clone, Copy, Debug)]
pub struct Fragment {
    /// Its paragraph.
    pub paragraph: u32,
    /// Its text.
    pub text: Span,
    /// Its text as it was identified, before repairs that depend on the language.
    pub identified: Span,
    /// Source bytes.
    pub raw: Span,
    /// Script of its letters.
    pub script: Script,
    /// Which of its paragraph's languages it is in: 0 for the one with most text. Those with the same number have the same
    /// label.
    pub voice: u16,
    /// Label and score.
    pub guess: Guess,
    /// The guess without its document, where the document was taken into account.
    pub alone: Option<Guess>,
    /// What it is in its document.
    pub role: Role,
    /// Whether it stays.
    pub verdict: Verdict,
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// What a fragment is in its document.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Role {
            $($(#[$doc])* $name,)+
        }

        impl Role {
            /// All roles.
            pub fn all() -> impl Iterator<Item = Self> {
                [$(Self::$name),+].into_iter()
            }

            /// The name in records.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

roles! {
    /// Running text.
    #[default]
    Content = "content",
    /// The title of what follows.
    Heading = "heading",
    /// The text beside a picture.
    Caption = "caption",
    /// An item of a list.
    List = "list",
    /// What somebody else said or wrote.
    Quote = "quote",
    /// Who wrote it.
    Name = "name",
    /// A menu, a button, a widget.
    Ui = "ui",
    /// Notices, teasers and the like around the content.
    Boilerplate = "boilerplate",
    /// A repetition of what is just before it.
    Duplicate = "duplicate",
    /// Program text or markup.
    Code = "code",
    /// Cells of a table.
    Table = "table",
    /// No language: numbers, addresses, ornaments.
    Noise = "noise",
}

impl Role {
    /// A bit of its own in a set.
    pub(crate) fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Whether a fragment goes to its language's corpus or to the rejects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It stays.
    #[default]
    Keep,
    /// It goes, for this reason.
    Drop(Reason),
}

impl Document {
    /// True for a record, or a part of one; false for structure and for notes.
    pub fn is_record(&self) -> bool {
        self.records > 0
    }

    /// True for a row that only carries the bytes of separators, headers or padding.
    pub fn is_structure(&self) -> bool {
        self.records == 0 && self.rejected.is_none()
    }
}

impl Paragraph {
    /// True where it could be decoded; what is beside the main text of a page is text all the same.
    pub fn is_text(&self) -> bool {
        self.rejected.is_none_or(|reason| reason == Reason::BesideMain)
    }

    /// A paragraph as decoding leaves it.
    pub fn new(document: u32, raw: Span, text: Span, lines: Range<u32>) -> Self {
        let (edits, fragments, repairs) = (0..0, 0..0, Repairs::default());
        let (decoded, flagged, aroused) = (text, repairs, repairs);
        let (markup, stripped, rejected) = (None, 0..0, None);
        Self {
            document,
            raw,
            text,
            decoded,
            lines,
            markup,
            stripped,
            edits,
            repairs,
            flagged,
            aroused,
            rejected,
            fragments,
        }
    }
}

impl Batch {
    /// Forgets the contents, keeps the memory.
    pub fn clear(&mut self) {
        self.raw.clear();
        self.text.clear();
        self.meta.clear();
        self.documents.clear();
        self.lines.clear();
        self.edits.clear();
        self.paragraphs.clear();
        self.fragments.clear();
        self.read.clear();
        self.line_ends = 0;
    }

    /// True when it holds enough for one worker: payload, metadata or rows.
    pub fn is_full(&self, target: usize) -> bool {
        let rows = self.documents.len() + self.read.len() + self.line_ends;
        self.raw.len() >= target || self.meta.len() >= 4 * target || rows >= MAX_LINES
    }

    /// True when one unusual document made it hold on to far more memory than batches of `target` bytes need.
    pub fn is_oversized(&self, target: usize) -> bool {
        self.raw.capacity() > 4 * target || self.paragraphs.capacity() > target / 8
    }

    /// Adds a document with the given payload.
    pub fn push_document(&mut self, payload: &[u8]) -> &mut Document {
        let start = self.raw.len();
        self.raw.extend_from_slice(payload);
        self.close_document(start)
    }

    /// Adds a document whose payload was appended to `raw` from `start` on.
    pub fn close_document(&mut self, start: usize) -> &mut Document {
        let raw = Span::new(start, self.raw.len());
        self.line_ends += line_ends(&self.raw[start..]);
        self.documents.push(Document { raw, records: 1, ..Document::default() });
        let last = self.documents.len() - 1;
        &mut self.documents[last]
    }

    /// Notes that the document that was added last is a page, of which tags make rows, and each takes twice the memory of a line.
    #[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only sources make batches that grow"))]
    pub(crate) fn count_tags(&mut self) {
        let page = self.documents.last().map_or(&[][..], |page| &self.raw[page.raw.range()]);
        self.line_ends += 2 * memchr::memchr_iter(b'<', page).count();
    }

    /// Appends to `meta` and says where.
    pub fn push_meta(&mut self, text: &str) -> Span {
        let start = self.meta.len();
        self.meta.push_str(text);
        Span::new(start, self.meta.len())
    }

    /// Text of a fragment.
    pub fn fragment_text(&self, fragment: &Fragment) -> &str {
        &self.text[fragment.text.range()]
    }

    /// Rows of the fragments of a paragraph.
    pub fn fragments_of(&self, paragraph: &Paragraph) -> &[Fragment] {
        &self.fragments[as_usize(&paragraph.fragments)]
    }

    /// Rows of the paragraphs of a document.
    pub fn paragraphs_of(&self, document: &Document) -> &[Paragraph] {
        &self.paragraphs[as_usize(&document.paragraphs)]
    }

    /// Rows of the lines of a paragraph.
    pub fn lines_of(&self, paragraph: &Paragraph) -> &[Line] {
        &self.lines[as_usize(&paragraph.lines)]
    }
}

/// Line feeds and carriage returns.
pub(crate) fn line_ends(bytes: &[u8]) -> usize {
    // Few enough at a time for their number to fit a byte, so that the compiler makes vector code of it.
    let count = |bytes: &[u8]| usize::from(bytes.iter().map(|b| u8::from(matches!(b, b'\n' | b'\r'))).sum::<u8>());
    bytes.chunks(128).map(count).sum()
}

/// A row range as an index.
pub(crate) fn as_usize(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
