//! What a record holds, by its kind: text as it stands, pages of the web through the reader of HTML.

use super::html::{Parts, begins_like_page};
use super::{Context, Reader, plain};
use crate::batch::{Batch, MAX_LINES, Span, line_ends};
use crate::decode::Encoding;

/// What a record holds.
pub(super) struct Payload<'a> {
    pub(super) bytes: &'a [u8],
    /// MIME type, without parameters; empty when nobody says.
    pub(super) mime: &'a str,
    /// Encoding that a header names.
    pub(super) declared: Option<Encoding>,
}

/// Adds the documents of a payload to the batch.
pub(super) fn push(batch: &mut Batch, payload: &Payload<'_>, context: &Context) {
    if is_page(payload) { page(batch, payload, context) } else { text(batch, payload, context) }
}

/// Text: one document, or several when it has very many lines.
pub(super) fn text(batch: &mut Batch, payload: &Payload<'_>, context: &Context) {
    let few_lines = || payload.bytes.len() <= MAX_LINES || line_ends(payload.bytes) <= MAX_LINES;
    if payload.bytes.len() <= context.max_document() && few_lines() {
        batch.push_document(payload.bytes).declared = payload.declared;
        return;
    }
    let reader = Reader::new(Box::new(std::io::Cursor::new(payload.bytes.to_vec())));
    plain::push(batch, reader, context.max_document(), payload.declared);
}

/// A page of HTML, in parts where it is very large.
fn page(batch: &mut Batch, payload: &Payload<'_>, context: &Context) {
    let mut parts = Parts::new(context.config.html_text.mode(), payload.declared);
    let mut rest = payload.bytes;
    while !rest.is_empty() {
        rest = &rest[parts.push(batch, rest, true)..];
    }
}

/// True for HTML: what a header says, else how the bytes begin.
fn is_page(payload: &Payload<'_>) -> bool {
    match payload.mime {
        "text/html" | "application/xhtml+xml" => true,
        "" | "application/xml" | "text/xml" => begins_like_page(payload.bytes),
        _ => false,
    }
}

/// Metadata of a record, as members of a JSON object in the batch's arena.
pub(super) struct Metadata {
    start: usize,
}

impl Metadata {
    pub(super) fn new(batch: &Batch) -> Self {
        Self { start: batch.meta.len() }
    }

    /// Adds a member; says where its value is.
    pub(super) fn text(&self, batch: &mut Batch, key: &str, value: &str) -> Span {
        self.json(batch, key, |meta| json_string(meta, value))
    }

    /// Adds a member with a number.
    pub(super) fn number(&self, batch: &mut Batch, key: &str, value: u64) -> Span {
        self.json(batch, key, |meta| meta.push_str(&value.to_string()))
    }

    /// Adds a member that the caller writes.
    pub(super) fn json(&self, batch: &mut Batch, key: &str, value: impl FnOnce(&mut String)) -> Span {
        if batch.meta.len() > self.start {
            batch.meta.push(',');
        }
        json_string(&mut batch.meta, key);
        batch.meta.push(':');
        let at = batch.meta.len();
        value(&mut batch.meta);
        Span::new(at, batch.meta.len())
    }

    /// All members so far.
    pub(super) fn span(&self, batch: &Batch) -> Span {
        Span::new(self.start, batch.meta.len())
    }
}

/// A value as a JSON string in the batch's arena; nothing where it is absent.
pub(super) fn value(batch: &mut Batch, text: &str) -> Span {
    let start = batch.meta.len();
    if !text.is_empty() {
        json_string(&mut batch.meta, text);
    }
    Span::new(start, batch.meta.len())
}

/// Appends a JSON string.
pub(super) fn json_string(out: &mut String, text: &str) {
    if is_plain(text.as_bytes()) {
        out.reserve(text.len() + 2);
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// True for ASCII that stands in a JSON string as it is.
fn is_plain(bytes: &[u8]) -> bool {
    const BLOCK: usize = 16;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    // Without an early end, so that the compiler makes vector code of it; the last block overlaps the one before it.
    let rest = bytes.last_chunk::<BLOCK>().map_or(rest, |last| last);
    let all = |bytes: &[u8]| {
        bytes.iter().fold(true, |plain, b| plain & matches!(b, b' '..=b'~') & (*b != b'"') & (*b != b'\\'))
    };
    blocks.iter().fold(all(rest), |plain, block| plain & all(block))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_escape_is_told_at_every_place() {
        for n in 0..40 {
            for odd in ['"', '\\', '\n', '\u{7f}', 'é', '~', ' '] {
                let text = format!("{}{odd}{}", "a".repeat(n), "b".repeat(39 - n));
                assert_eq!(is_plain(text.as_bytes()), matches!(odd, '~' | ' '), "{odd:?} at {n}");
                assert!(is_plain(&text.as_bytes()[..n]));
                let mut out = String::new();
                json_string(&mut out, &text);
                assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
            }
        }
    }
}
