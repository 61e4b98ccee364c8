//! Writes the text of blocks: white space as a browser sets it, references decoded, and an edit for every stretch that is not
//! as in the page.

use super::lines::{Lines, Place, Row};
use super::references::reference;
use super::tree::{Is, NONE, Node, Tree};
use crate::batch::{Edit, Span};

/// Writes the text of the block that is open.
pub(super) struct Pen<'a> {
    page: &'a str,
    /// The block, while it has text.
    row: Option<Row>,
    /// White space that is written before the next character.
    pending: Pending,
    /// Up to here page and text are accounted for by edits or the same.
    page_at: usize,
    text_at: usize,
    /// Letters are counted from here on.
    counted: usize,
    counting_links: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    Nothing,
    Space,
    Cell,
    LineEnd,
}

impl<'a> Pen<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        let pending = Pending::Nothing;
        Self { page, row: None, pending, page_at: 0, text_at: 0, counted: 0, counting_links: false }
    }

    pub(super) fn write(&mut self, lines: &mut Lines, node: &Node, place: &Place) {
        let (start, end) = (node.span.0 as usize, node.span.1 as usize);
        if place.link != self.counting_links {
            self.count(lines);
            self.counting_links = place.link;
        }
        let raw = node.is.has(Is::RAW);
        let bytes = self.page.as_bytes();
        let mut at = start;
        if place.keeps_space && self.row.is_none() {
            // A line end right behind the tag is not shown.
            at += usize::from(bytes[at..end].starts_with(b"\r"));
            at += usize::from(bytes[at..end].starts_with(b"\n"));
        }
        while at < end {
            match bytes[at] {
                b'&' if !raw => at = self.reference(lines, node, place, at, end),
                b'\r' if place.keeps_space => at += 1,
                b'\n' if place.keeps_space => {
                    self.verbatim(lines, node, place, at..at + 1);
                    at += 1;
                }
                b' ' | b'\t' if place.keeps_space => {
                    let stop = at + bytes[at..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                    self.verbatim(lines, node, place, at..stop);
                    at = stop;
                }
                b' ' | b'\t' | b'\n' | b'\r' | 0x0C => {
                    self.pending = self.pending.max(Pending::Space);
                    at += bytes[at..end].iter().take_while(|b| b.is_ascii_whitespace()).count();
                }
                _ => {
                    let stop = word_end(bytes, at, end, raw, place.keeps_space);
                    self.verbatim(lines, node, place, at..stop);
                    at = stop;
                }
            }
        }
    }

    /// Notes that a text is part of the block.
    pub(super) fn widen(&mut self, tree: &Tree, node: &Node) {
        let Some(row) = &mut self.row else { return };
        while row.inner > node.parent || tree.nodes[row.inner as usize].end <= node.parent {
            row.inner = tree.nodes[row.inner as usize].parent;
        }
    }

    fn reference(&mut self, lines: &mut Lines, node: &Node, place: &Place, at: usize, end: usize) -> usize {
        let Some((value, length)) = reference(&self.page.as_bytes()[at + 1..end]) else {
            self.verbatim(lines, node, place, at..at + 1);
            return at + 1;
        };
        let (end, mut utf8) = (at + 1 + length, [0; 4]);
        let meant = value.as_str(&mut utf8);
        if !place.keeps_space && matches!(meant, " " | "\t" | "\n" | "\r") {
            self.pending = self.pending.max(Pending::Space);
            return end;
        }
        self.begin(lines, node, place, at);
        self.edit(lines, at);
        lines.text.push_str(meant);
        self.edit(lines, end);
        if let Some(row) = &mut self.row {
            row.source.1 = end as u32;
        }
        end
    }

    fn verbatim(&mut self, lines: &mut Lines, node: &Node, place: &Place, span: std::ops::Range<usize>) {
        self.begin(lines, node, place, span.start);
        self.edit(lines, span.start);
        lines.text.push_str(self.page.get(span.clone()).unwrap_or_default());
        (self.page_at, self.text_at) = (span.end, lines.text.len());
        if let Some(row) = &mut self.row {
            row.source.1 = span.end as u32;
        }
    }

    /// Notes that what was written since the last stretch of the page stands for what lies between.
    fn edit(&mut self, lines: &mut Lines, to: usize) {
        let base = self.row.map_or((0, 0), |row| (row.source.0 as usize, row.text.0 as usize));
        if to > self.page_at || lines.text.len() > self.text_at {
            let input = Span::new(self.page_at - base.0, to - base.0);
            let output = Span::new(self.text_at - base.1, lines.text.len() - base.1);
            lines.edits.push(Edit { layer: 0, input, output });
        }
        (self.page_at, self.text_at) = (to, lines.text.len());
    }

    /// Begins a block if none is open, and writes the white space that is due.
    fn begin(&mut self, lines: &mut Lines, node: &Node, place: &Place, at: usize) {
        if self.row.is_none() {
            let text = lines.text.len() as u32;
            let edits = lines.edits.len() as u32;
            self.row = Some(Row {
                text: (text, text),
                source: (at as u32, at as u32),
                edits: (edits, edits),
                node: if place.block == NONE { 0 } else { place.block },
                inner: node.parent,
                kind: place.kind,
                language: node.language,
                letters: 0,
                linked: 0,
                pauses: 0,
            });
            (self.page_at, self.text_at, self.counted) = (at, lines.text.len(), lines.text.len());
        } else {
            match self.pending {
                Pending::Nothing => {}
                Pending::Space => lines.text.push(' '),
                Pending::Cell => lines.text.push('\t'),
                Pending::LineEnd => lines.text.push('\n'),
            }
        }
        self.pending = Pending::Nothing;
    }

    /// `<br>`: twice, a block ends.
    pub(super) fn line_end(&mut self, lines: &mut Lines) {
        if self.pending == Pending::LineEnd {
            self.finish(lines);
        } else if self.row.is_some() {
            self.pending = Pending::LineEnd;
        }
    }

    pub(super) fn cell(&mut self) {
        self.pending = self.pending.max(Pending::Cell);
    }

    pub(super) fn gap(&mut self) {
        self.pending = self.pending.max(Pending::Space);
    }

    /// Counts the letters written since the last time.
    fn count(&mut self, lines: &Lines) {
        let Some(row) = &mut self.row else { return };
        for c in lines.text.get(self.counted..).unwrap_or_default().chars() {
            let weight = match c {
                '.' | ',' | ';' | ':' | '!' | '?' => {
                    row.pauses += 1;
                    0
                }
                _ if c.is_ascii() => u32::from(c.is_ascii_alphanumeric()),
                '\u{2000}'..='\u{2BFF}' => 0,
                _ if is_pause(c) => {
                    row.pauses += 1;
                    0
                }
                // Each stands for a syllable or more.
                '\u{1200}'..='\u{167F}'
                | '\u{2E80}'..='\u{A4CF}'
                | '\u{AC00}'..='\u{D7FF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{20000}'.. => 2,
                _ => 1,
            };
            row.letters += weight;
            row.linked += if self.counting_links { weight } else { 0 };
        }
        self.counted = lines.text.len();
    }

    /// Ends the block.
    pub(super) fn finish(&mut self, lines: &mut Lines) {
        self.pending = Pending::Nothing;
        self.count(lines);
        let Some(mut row) = self.row.take() else { return };
        let start = row.text.0 as usize;
        let own = &lines.text[start..];
        // Spaces that references stand for, and line ends, have nothing to hold apart at the end.
        let trimmed = own.trim_end().len();
        if trimmed == 0 || own.trim_start_matches(['\u{200b}', '\u{feff}', '\u{200e}', '\u{200f}']).trim().is_empty() {
            lines.text.truncate(start);
            lines.edits.truncate(row.edits.0 as usize);
            return;
        }
        if trimmed < own.len() {
            let edits = &lines.edits[row.edits.0 as usize..];
            row.source.1 = row.source.0 + Edit::before(edits, trimmed) as u32;
            let kept = edits.partition_point(|edit| (edit.output.start as usize) < trimmed);
            lines.edits.truncate(row.edits.0 as usize + kept);
        }
        row.text.1 = (start + trimmed) as u32;
        row.edits.1 = lines.edits.len() as u32;
        lines.rows.push(row);
    }
}

/// Where a stretch ends that can be copied: single spaces are part of it.
fn word_end(bytes: &[u8], from: usize, end: usize, raw: bool, keeps_space: bool) -> usize {
    let mut at = from;
    while at < end {
        match bytes[at] {
            b'&' if !raw => return at,
            b' ' if keeps_space || at + 1 < end && !bytes[at + 1].is_ascii_whitespace() => {}
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C => return at,
            _ => {}
        }
        at += 1;
    }
    end
}

/// Signs of many scripts at which a sentence pauses or ends.
fn is_pause(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '！'
            | '？'
            | '：'
            | '；'
            | '،'
            | '؛'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '՝'
            | '׃'
            | '።'
            | '፣'
            | '፤'
            | '፧'
            | '၊'
            | '။'
            | '។'
            | '៕'
            | '།'
            | '་'
            | '᠂'
            | '᠃'
            | '·'
            | '߸'
            | '꓿'
    )
}
