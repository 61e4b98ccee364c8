//! Pages of HTML: a file is a page. One larger than the largest document is cut before a block into numbered parts, each
//! read by itself; a picture or a script in it that is larger than that is a part of its own, which is rejected.

use super::plain::at_most_lines;
use super::{Context, Flaw, Head, Reader, Source, reject};
use crate::batch::Batch;
use crate::decode::{Encoding, prescan};
use crate::html::{Cutter, Mode, Piece};
use crate::reason::Reason;

/// By how it begins, or by name where there is a tag in it.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let named = head.named(&[".html", ".htm", ".xhtml"]);
    begins_like_page(head.bytes) || named && memchr::memchr(b'<', head.bytes).is_some()
}

/// True where the first tag is that of a page, behind comments and an XML declaration.
pub(super) fn begins_like_page(bytes: &[u8]) -> bool {
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'?', b'x' | b'X', ..] => b"?>",
            _ => break,
        };
        let Some(at) = memchr::memmem::find(rest, end) else { return false };
        rest = rest[at + end.len()..].trim_ascii_start();
    }
    let begins = |tag: &[u8]| {
        let after = rest.get(tag.len());
        rest.len() >= tag.len()
            && rest[..tag.len()].eq_ignore_ascii_case(tag)
            && after.is_none_or(|b| b.is_ascii_whitespace() || *b == b'>')
    };
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].iter().any(|tag| begins(tag))
}

/// Opens a page.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    let config = &context.config;
    let max = config.max_document.0 as usize & !3;
    Box::new(Html { reader, max, bytes: Vec::new(), parts: Parts::new(config.html_text.mode(), None) })
}

struct Html {
    reader: Reader,
    max: usize,
    /// What was read and is in no document yet.
    bytes: Vec<u8>,
    parts: Parts,
}

impl Source for Html {
    fn taken(&self) -> u64 {
        self.reader.taken() - self.bytes.len() as u64
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            let room = self.max.saturating_sub(self.bytes.len());
            self.reader.take_into(&mut self.bytes, room);
            if self.bytes.is_empty() {
                return false;
            }
            let taken = self.parts.push(batch, &self.bytes, self.reader.is_empty());
            self.bytes.drain(..taken);
        }
        true
    }
}

/// Makes documents of the parts of one page.
pub(super) struct Parts {
    mode: Mode,
    /// What a header or the first part says of the encoding of all.
    declared: Option<Encoding>,
    part: u32,
    offset: u64,
    cutter: Cutter,
}

impl Parts {
    /// Of a page of which this text is wanted; `declared`: the encoding that a header names.
    pub(super) fn new(mode: Mode, declared: Option<Encoding>) -> Self {
        Self { mode, declared, part: 0, offset: 0, cutter: Cutter::default() }
    }

    /// Adds the next part to the batch; how many of these bytes it takes. `whole`: the page ends with them.
    pub(super) fn push(&mut self, batch: &mut Batch, bytes: &[u8], whole: bool) -> usize {
        let (piece, all) = at_most_lines(bytes);
        let (piece, long) = match self.cutter.next(piece, whole && all) {
            Piece::Page(end) => (&piece[..end], None),
            Piece::Long(end, what) => (&piece[..end], Some(what)),
        };
        if self.part == 0 && piece.len() < bytes.len() {
            self.declared = self.declared.or_else(|| prescan::declared(piece));
        }
        let document = if let Some(what) = long {
            reject(batch, piece, Reason::TooLong, &format!("{what}, too long to be read at once, in pieces"))
        } else {
            batch.push_document(piece)
        };
        (document.part, document.offset) = (self.part, self.offset);
        document.cut = self.part > 0 || !whole || piece.len() < bytes.len();
        (document.html, document.declared) = (Some(self.mode), self.declared);
        batch.count_tags();
        self.part += 1;
        self.offset += piece.len() as u64;
        piece.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ByteSize, Config};

    fn documents(page: &[u8], max: u64) -> Vec<(u32, u64, Option<Reason>, String)> {
        let config = Config { max_document: ByteSize(max), ..Config::default() };
        let mut source =
            open(Reader::new(Box::new(std::io::Cursor::new(page.to_vec()))), &Context::new(config.into(), "in.html"));
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        assert_eq!(source.taken(), page.len() as u64);
        let text = |d: &crate::batch::Document| String::from_utf8_lossy(&batch.raw[d.raw.range()]).into_owned();
        batch.documents.iter().map(|d| (d.part, d.offset, d.rejected, text(d))).collect()
    }

    #[test]
    fn large_pages_are_cut_before_blocks() {
        assert_eq!(documents(b"<p>one", 8), [(0, 0, None, "<p>one".to_owned())]);
        assert_eq!(
            documents(b"<p>one two<p>three<p>four", 16),
            [(0, 0, None, "<p>one two".to_owned()), (1, 10, None, "<p>three<p>four".to_owned())]
        );
    }

    #[test]
    fn what_is_too_long_is_rejected_and_the_rest_is_read() {
        let script = "<script>let a = 1; let b = 2; let c = 3;";
        let found = documents(format!("<p>one{script}</script><p>two").as_bytes(), 32);
        let kept: Vec<&str> = found.iter().filter(|d| d.2.is_none()).map(|d| d.3.as_str()).collect();
        assert_eq!(kept, ["<p>one", "</script><p>two"]);
        let long: String = found.iter().filter(|d| d.2 == Some(Reason::TooLong)).map(|d| d.3.as_str()).collect();
        assert_eq!(long, script);
        let places: Vec<u64> = found.iter().map(|d| d.1).collect();
        assert!(places.is_sorted() && places.last() == Some(&46), "{places:?}");
    }

    #[test]
    fn pages_are_recognised() {
        for (name, bytes, page) in [
            ("a", "<!DOCTYPE html>\n<title>a</title>", true),
            ("a", " \n<!-- first --><HTML lang=en>", true),
            ("a", "<?xml version=\"1.0\"?><html xmlns=\"x\">", true),
            ("a", "<?xml version=\"1.0\"?><rss>", false),
            ("a", "<htmlx>", false),
            ("a", "text with <html> in it", false),
            ("a.HTM", "<p>a", true),
            ("a.html", "no tag at all", false),
            ("ä", "", false),
        ] {
            assert_eq!(matches(&Head { bytes: bytes.as_bytes(), name, ..Head::default() }), page, "{name} {bytes}");
        }
    }
}
