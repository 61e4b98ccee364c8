//! Which lines a document has, and which encoding each of them is in: what the stage and
//! [`paragraphs`](super::paragraphs()) have in common.

use super::guess::{self, Family, Found, Guesser};
use super::look::Look;
use super::regions::{Finder, Kind, Region, is_plain};
use super::{Encoding, Evidence, Hints, codecs, escapes, prescan, sniff, split};
use crate::batch::Span;
use crate::config::OnMalformed;
use crate::reason::Reason;

/// Memory, kept between documents.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The lines of the document.
    pub(super) rows: Vec<Row>,
    unknown: Vec<usize>,
    guesser: Guesser,
    finder: Finder,
    text: String,
}

/// A document before its lines are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened<'a> {
    pub(super) bytes: &'a [u8],
    mark: Option<Encoding>,
    /// Length of the byte order mark.
    pub(super) bom: usize,
    /// What was seen behind the mark; its text only where that is lines of UTF-8.
    look: Look<'a>,
    signs: escapes::Signs,
    /// It is known to be UTF-8, and is.
    is_utf8: bool,
}

/// A line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// First byte in the document.
    pub(super) start: usize,
    /// Byte after the last of its content.
    pub(super) end: usize,
    /// Where the stage put its text.
    pub(super) text: Span,
    pub(super) encoding: Encoding,
    pub(super) evidence: Evidence,
    pub(super) score: f32,
    pub(super) malformed: u32,
}

impl<'a> Opened<'a> {
    /// Looks at a document.
    #[inline]
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let (mark, bom) = sniff::mark(bytes).map_or((None, 0), |(encoding, bom)| (Some(encoding), bom));
        let rest = &bytes[bom..];
        let look = Look::at(rest, mark.is_some_and(|encoding| encoding != Encoding::UTF_8));
        Self { bytes, mark, bom, look, signs: escapes::Signs::of(rest, &look), is_utf8: false }
    }

    /// Looks at one that is known to be UTF-8, if it is valid: nothing in it is an escape or a unit of two bytes.
    pub(super) fn utf8(bytes: &'a [u8]) -> Self {
        let opened = Self::of(bytes);
        if opened.look.text.is_none() {
            return opened;
        }
        Self { signs: escapes::Signs::default(), is_utf8: true, ..opened }
    }

    /// True where it is at once clear that [`plain`](Self::plain) is all of it, whatever a header says.
    pub(super) fn is_plain(&self) -> bool {
        self.is_utf8 || (!self.signs.any() && is_plain(&self.bytes[self.bom..], &self.look))
    }

    /// All behind the byte order mark, where each line is UTF-8 and nothing else: most documents.
    pub(super) fn plain(&self) -> Option<&'a str> {
        self.look.text.filter(|_| !self.signs.any())
    }

    /// The text of a line that needs no decoding.
    pub(super) fn borrowed(&self, row: &Row) -> Option<&'a str> {
        if row.encoding != Encoding::UTF_8 {
            return None;
        }
        match self.look.text {
            Some(text) => text.get(row.start - self.bom..row.end - self.bom),
            None => simdutf8::basic::from_utf8(&self.bytes[row.start..row.end]).ok(),
        }
    }

    /// What speaks for the encoding of a line that is valid UTF-8.
    pub(super) fn utf8_evidence(&self) -> Evidence {
        if self.bom > 0 { Evidence::Mark } else { Evidence::Utf8 }
    }
}

impl Row {
    /// True when it is no text in any encoding.
    pub(super) fn is_binary(&self, bytes: &[u8]) -> bool {
        self.evidence == Evidence::Letters && sniff::is_binary(&bytes[self.start..self.end])
    }

    /// Why it is rejected, once it was decoded.
    pub(super) fn rejected(&self, bytes: &[u8], on_malformed: OnMalformed) -> Option<Reason> {
        if self.is_binary(bytes) { Some(Reason::Binary) } else { self.rejected_as_malformed(on_malformed) }
    }

    /// The same for one that is known to be text.
    pub(super) fn rejected_as_malformed(&self, on_malformed: OnMalformed) -> Option<Reason> {
        (self.malformed > 0 && on_malformed == OnMalformed::Reject).then_some(Reason::Malformed)
    }
}

impl Reader {
    /// Finds out what a document is; None where most of it is no text in any encoding.
    pub(super) fn open<'a>(&mut self, mut opened: Opened<'a>, declared: Option<Encoding>) -> Option<Opened<'a>> {
        let Opened { bytes, mark, bom, look, .. } = opened;
        if opened.is_plain() {
            self.finder.found.clear();
            self.finder.found.push(Region { start: bom, end: bytes.len(), kind: Kind::Bytes });
            return Some(opened);
        }
        match mark.or(declared) {
            // The document may change its mind all the same, and a header says nothing against valid UTF-8.
            Some(encoding @ (Encoding::UTF_16LE | Encoding::UTF_16BE))
                if mark.is_some() || look.text.is_none() || memchr::memchr(0, &bytes[bom..]).is_some() =>
            {
                self.finder.find_from(bytes, bom, encoding);
            }
            Some(encoding @ (Encoding::UTF_32LE | Encoding::UTF_32BE)) if mark.is_some() => {
                self.finder.found.clear();
                self.finder.found.push(Region { start: bom, end: bytes.len(), kind: Kind::Units(encoding) });
            }
            _ => self.finder.find(bytes, bom, &look, &mut self.guesser),
        }
        opened.look.text = look.text.filter(|_| matches!(self.finder.found[..], [Region { kind: Kind::Bytes, .. }]));
        (!look.controls || !self.is_binary(bytes)).then_some(opened)
    }

    /// True when most of a document is no text in any encoding.
    fn is_binary(&self, bytes: &[u8]) -> bool {
        let lines = self.finder.found.iter().filter(|r| r.kind == Kind::Bytes);
        let size: usize = lines.clone().map(|r| r.end - r.start).sum();
        let largest = lines.max_by_key(|r| r.end - r.start);
        size * 2 > bytes.len()
            && largest.is_some_and(|r| sniff::is_binary(&bytes[r.start..r.end.min(r.start + sniff::SAMPLE)]))
    }

    /// Takes the document apart into rows and decides the encoding of each.
    pub(super) fn read(&mut self, opened: &Opened<'_>, hints: &Hints) {
        self.rows.clear();
        for region in 0..self.finder.found.len() {
            self.split(opened, self.finder.found[region], hints);
        }
        if hints.on_malformed == OnMalformed::Cp1252 {
            // Damaged UTF-8 is read with what its stray bytes are in windows-1252, if they are anything.
            let has_strays = |row: &Row| codecs::has_strays(&opened.bytes[row.start..row.end]);
            let damaged = self.rows.iter_mut().filter(|r| r.evidence == Evidence::DamagedUtf8 && has_strays(r));
            damaged.for_each(|row| row.encoding = Encoding::UTF_8_STRAY);
        }
    }

    fn split(&mut self, opened: &Opened<'_>, region: Region, hints: &Hints) {
        let first = self.rows.len();
        let (encoding, evidence) = match region.kind {
            Kind::Bytes => (Encoding::UTF_8, opened.utf8_evidence()),
            Kind::Ebcdic => (guess::EBCDIC, Evidence::Letters),
            Kind::Units(encoding) if opened.bom > 0 => (encoding, Evidence::Mark),
            Kind::Units(encoding) => (encoding, Evidence::Units),
        };
        let (text, score, malformed) = (Span::default(), 1.0, 0);
        let lines = split::lines(&opened.bytes[..region.end], region.start, encoding);
        let row = |l: split::RawLine| Row { start: l.start, end: l.end, text, encoding, evidence, score, malformed };
        self.rows.extend(lines.map(row));
        self.unknown.clear();
        match region.kind {
            Kind::Bytes if opened.plain().is_none() => self.decide(first, opened, hints),
            Kind::Ebcdic => {
                self.unknown.extend(first..self.rows.len());
                self.guess(opened.bytes, Family::Ebcdic, hints.declared);
            }
            _ => {}
        }
    }

    /// Decides the encoding of each line of bytes.
    fn decide(&mut self, first: usize, opened: &Opened<'_>, hints: &Hints) {
        let (mut open, mut upto) = (None, first);
        for i in first..self.rows.len() {
            let row = &self.rows[i];
            let line = &opened.bytes[row.start..row.end];
            let found = if opened.signs.any() { self.escaped(i, opened, &mut open, &mut upto) } else { None };
            if let Some(encoding) = found {
                let row = &mut self.rows[i];
                (row.encoding, row.evidence) = (encoding, Evidence::Escapes);
            } else if opened.look.text.is_none() && simdutf8::basic::from_utf8(line).is_err() {
                if codecs::is_utf8_with_surrogates(line) {
                    let row = &mut self.rows[i];
                    (row.encoding, row.evidence) = (Encoding::CESU_8, Evidence::Surrogates);
                } else {
                    self.unknown.push(i);
                }
            }
        }
        self.torn(opened, hints);
        if !self.unknown.is_empty() {
            let said = || prescan::declared(opened.bytes).filter(|_| hints.declarations);
            self.guess(opened.bytes, Family::Ascii, hints.declared.or_else(said));
        }
    }

    /// Takes the first and the last line out of the unknown ones where a document of UTF-8 was cut within a character: then one
    /// that is left of it says as much as many.
    fn torn(&mut self, opened: &Opened<'_>, hints: &Hints) {
        let line = |row: &Row| &opened.bytes[row.start..row.end];
        let is_cut = |row: &Row| row.start == opened.bom || row.end == opened.bytes.len();
        let is_torn = |row: &Row| is_cut(row) && guess::is_torn_utf8(line(row)) && !codecs::has_strays(line(row));
        for at in [0, self.unknown.len().saturating_sub(1)] {
            let Some(i) = self.unknown.get(at).copied().filter(|i| is_torn(&self.rows[*i])) else { continue };
            let is_utf8 = |row: &Row| !line(row).is_ascii() && simdutf8::basic::from_utf8(line(row)).is_ok();
            if hints.declared == Some(Encoding::UTF_8) || self.rows.iter().any(is_utf8) {
                self.unknown.remove(at);
                (self.rows[i].encoding, self.rows[i].evidence) = (Encoding::UTF_8, Evidence::DamagedUtf8);
            }
        }
    }

    /// The encoding of a line with escapes, its own or those of an earlier line. `open` is what the line before left in force,
    /// and before the line `upto` it is known whether that goes on.
    fn escaped(
        &mut self,
        at: usize,
        opened: &Opened<'_>,
        open: &mut Option<Encoding>,
        upto: &mut usize,
    ) -> Option<Encoding> {
        let line = |row: &Row| &opened.bytes[row.start..row.end];
        let own = line(&self.rows[at]);
        if let Some(encoding) = open.take() {
            *open = encoding.after(own).filter(|_| at + 1 < *upto);
            return Some(encoding);
        }
        let encoding = opened.signs.encoding(own, &mut self.guesser, &mut self.text)?;
        let Some(next) = encoding.after(own) else { return Some(encoding) };
        if at + 1 >= *upto {
            let lines = self.rows[at + 1..].iter().map(line);
            let found = escapes::go_on(next, lines, &mut self.text);
            *upto = at + 1 + found.unwrap_or_else(|looked| looked);
            *open = found.is_ok().then_some(next);
        }
        // A brace behind a tilde alone is no escape.
        Some(encoding).filter(|_| open.is_some() || !escapes::must_close(encoding))
    }

    /// Guesses the unknown lines.
    fn guess(&mut self, bytes: &[u8], family: Family, declared: Option<Encoding>) {
        let raw = |i: &usize| &bytes[self.rows[*i].start..self.rows[*i].end];
        self.guesser.read(self.unknown.iter().map(raw), family, declared);
        for (at, i) in self.unknown.iter().enumerate() {
            let Found { encoding, evidence, score } = self.guesser.found(at);
            let row = &mut self.rows[*i];
            (row.encoding, row.evidence, row.score) = (encoding, evidence, score);
        }
    }

    /// Appends the text of each line to `out`.
    pub(super) fn decode(&mut self, opened: &Opened<'_>, out: &mut String) {
        // One copy of all is faster than one of each line; the line ends between them are nobody's text.
        let whole = opened.look.text.map(|text| {
            out.push_str(text);
            out.len() - text.len()
        });
        for row in &mut self.rows {
            row.text = match whole {
                Some(at) if row.encoding == Encoding::UTF_8 => {
                    Span::new(at + row.start - opened.bom, at + row.end - opened.bom)
                }
                _ => {
                    let start = out.len();
                    row.malformed = row.encoding.decode_into(&opened.bytes[row.start..row.end], out);
                    Span::new(start, out.len())
                }
            };
        }
    }
}
