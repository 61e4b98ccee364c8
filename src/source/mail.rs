//! Mail: a mailbox (mbox) of messages, or a file that is one message (`.eml`, maildir).

use std::borrow::Cow;

use super::payload::{self, Metadata, Payload, value};
use super::reader::LineEnd;
use super::{Context, Flaw, Head, Reader, Source, mime, note_truncated, reject};
use crate::batch::Batch;
use crate::reason::{Reason, Skip};

/// A message may have attachments in it, so it may be so many times as large as a document.
const LARGER: usize = 4;
/// Fields of which a mail has at least two at its beginning.
const FIELDS: [&str; 9] =
    ["from", "date", "subject", "message-id", "received", "return-path", "delivered-to", "mime-version", "to"];

/// By the line that a mailbox begins with.
pub(super) fn matches_mailbox(head: &Head<'_>) -> bool {
    let Some((first, rest)) = head.bytes.split_at_checked(memchr::memchr(b'\n', head.bytes).map_or(0, |i| i + 1))
    else {
        return false;
    };
    is_separator(first) && known_fields(rest) >= 1
}

/// By the fields of its header.
pub(super) fn matches_message(head: &Head<'_>) -> bool {
    let least = if head.named(&[".eml", ".mht", ".mhtml"]) || is_in_maildir(head.name) { 1 } else { 3 };
    known_fields(head.bytes) >= least
}

/// True for a message in the folder that new ones (`new`) or those that were seen (`cur`, with what became of them behind `:2,`) lie in,
/// by the number of seconds that its name begins with.
fn is_in_maildir(name: &str) -> bool {
    let mut parts = name.rsplit('/');
    let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let digits = file.bytes().take_while(u8::is_ascii_digit).count();
    matches!(folder, "cur" | "new") && digits >= 9 && file[digits..].starts_with('.')
}

/// True for a line that divides messages: `From address date`, with the time of day in it.
fn is_separator(line: &[u8]) -> bool {
    let time = |w: &[u8]| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit();
    line.starts_with(b"From ") && line.windows(3).any(time)
}

/// A message of a mailbox without the `>` that was put in front of its own lines that begin with `From `.
fn unquoted(message: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(message, b">From ").is_none() {
        return Cow::Borrowed(message);
    }
    let mut out = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|b| *b == b'\n') {
        let marks = line.iter().take_while(|b| **b == b'>').count();
        out.extend_from_slice(&line[usize::from(marks > 0 && line[marks..].starts_with(b"From "))..]);
    }
    Cow::Owned(out)
}

/// How many well-known fields a header has in the lines that the bytes begin with; 0 where they are no header.
fn known_fields(bytes: &[u8]) -> usize {
    let mut known = 0;
    for (i, line) in bytes.split(|b| *b == b'\n').take(100).enumerate() {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if i > 0 && (line.starts_with(b" ") || line.starts_with(b"\t")) {
            continue;
        }
        let Some((name, _)) = super::http::field(line).filter(|(n, _)| n.iter().all(u8::is_ascii_graphic)) else {
            return 0;
        };
        known += usize::from(FIELDS.iter().any(|f| name.eq_ignore_ascii_case(f.as_bytes())));
    }
    known
}

/// Opens a mailbox.
pub(super) fn open_mailbox(reader: Reader, context: &Context) -> Box<dyn Source> {
    open(reader, context, true)
}

/// Opens a message.
pub(super) fn open_message(reader: Reader, context: &Context) -> Box<dyn Source> {
    open(reader, context, false)
}

fn open(reader: Reader, context: &Context, mailbox: bool) -> Box<dyn Source> {
    let context = context.clone();
    Box::new(Mail { reader, context, mailbox, message: Vec::new(), next: Vec::new(), record: 0, taken: 0, torn: false })
}

struct Mail {
    reader: Reader,
    context: Context,
    /// Messages are divided by lines that begin with `From `.
    mailbox: bool,
    message: Vec<u8>,
    /// The line that the next message begins with.
    next: Vec<u8>,
    record: u64,
    /// Bytes of messages that were added.
    taken: u64,
    /// Behind damage, which may have cost the beginning of the next message.
    torn: bool,
}

impl Source for Mail {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            self.message.clear();
            self.message.append(&mut self.next);
            let whole = self.read(self.context.max_document() * LARGER);
            if self.message.is_empty() {
                return false;
            }
            self.taken += self.message.len() as u64;
            let is_lost = std::mem::take(&mut self.torn);
            let part = if is_lost { self.reject_torn(batch) } else { self.push(batch) };
            if !whole {
                self.reject_rest(batch, part);
            }
            self.record += 1;
        }
        true
    }

    fn taken(&self) -> u64 {
        self.taken
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn resume(&mut self) -> bool {
        self.torn = self.mailbox && self.reader.resume().is_some();
        self.torn
    }
}

impl Mail {
    /// Reads up to the beginning of the next message, at most so many bytes; false when it is longer.
    fn read(&mut self, most: usize) -> bool {
        if !self.mailbox {
            self.reader.take_into(&mut self.message, most);
            return self.reader.is_empty();
        }
        let mut blank = false;
        loop {
            let start = self.message.len();
            let end = self.reader.line_into(&mut self.message, most.saturating_sub(start));
            let line = &self.message[start..];
            // The first line of a message may break off.
            let cut = end == LineEnd::Stream && self.reader.failure().is_some();
            let begins = end == LineEnd::Feed && is_separator(line) || cut && line.starts_with(b"From ");
            if start == 0 && begins {
                self.torn = false;
            } else if blank && begins {
                self.next = self.message.split_off(start);
                return true;
            }
            match end {
                LineEnd::Feed => blank = matches!(line, b"\n" | b"\r\n"),
                LineEnd::Limit => return false,
                LineEnd::Stream => {
                    // A blank line is what a message ends with.
                    self.torn |= cut && !(blank && line.is_empty());
                    return true;
                }
            }
        }
    }

    /// Adds the text of the message; says how many parts it made.
    fn push(&self, batch: &mut Batch) -> u32 {
        let first = batch.documents.len();
        let bytes = match (self.mailbox, memchr::memchr(b'\n', &self.message)) {
            (true, Some(end)) if is_separator(&self.message[..end]) => &self.message[end + 1..],
            _ => &self.message[..],
        };
        let bytes = if self.mailbox { unquoted(bytes) } else { Cow::Borrowed(bytes) };
        let message = mime::parse(&bytes);
        for part in &message.parts {
            if part.too_deep {
                let detail = "a part of a message in too many others";
                for piece in part.bytes.chunks(self.context.max_document()) {
                    reject(batch, piece, Reason::TooDeep, detail);
                }
                continue;
            }
            let payload = Payload { bytes: &part.bytes, mime: &part.mime, declared: part.declared };
            payload::push(batch, &payload, &self.context);
            if part.breaks_off {
                note_truncated(batch, "the base64 of a part breaks off");
            }
        }
        if message.attachments > 0 {
            super::skip(batch, Skip::Attachment, message.attached).records = message.attachments;
        }
        if batch.documents.len() == first {
            super::skip(batch, Skip::Empty, 0);
        }
        let metadata = Metadata::new(batch);
        if !message.subject.is_empty() {
            metadata.text(batch, "subject", &message.subject);
        }
        if !message.id.is_empty() {
            metadata.text(batch, "message_id", &message.id);
        }
        if message.attachments > 0 {
            metadata.number(batch, "attachments", message.attachments);
        }
        if message.parts.iter().any(|part| part.breaks_off) {
            metadata.json(batch, "truncated", |meta| meta.push_str("true"));
        }
        let metadata = metadata.span(batch);
        let date = value(batch, &message.date);
        // The payload of the record is its text, part by part.
        let (mut part, mut offset) = (0, 0);
        let rows = &mut batch.documents[first..];
        let told: u64 = rows.iter().map(|d| d.raw.len() as u64 + d.structure).sum();
        rows[0].structure += (self.message.len() as u64).saturating_sub(told);
        for document in rows {
            document.record = self.record;
            (document.metadata, document.date) = (metadata, date);
            // Files are counted for themselves.
            if document.skipped == Some(Skip::Attachment) {
                continue;
            }
            (document.part, document.offset) = (part, offset);
            (part, offset) = (part + 1, offset + document.raw.len() as u64);
        }
        part
    }

    /// Rejects a message of which damage took the beginning or the end; says in how many pieces.
    fn reject_torn(&self, batch: &mut Batch) -> u32 {
        let first = batch.documents.len();
        let most = self.context.max_document();
        super::reject_torn(batch, &self.message, most, self.record, "damage took a part of the message");
        (batch.documents.len() - first) as u32
    }

    /// Rejects what is left of a message that is too long.
    fn reject_rest(&mut self, batch: &mut Batch, mut part: u32) {
        let most = self.context.max_document();
        loop {
            self.message.clear();
            let whole = self.read(most);
            if !self.message.is_empty() {
                let detail = format!("a message of more than {} bytes, in pieces", most * LARGER);
                let document = reject(batch, &self.message, Reason::TooLong, &detail);
                (document.part, document.record) = (part, self.record);
                self.taken += self.message.len() as u64;
                part += 1;
            }
            if whole {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_a_folder_of_mail_needs_one_field() {
        let of = |name| matches_message(&Head { bytes: b"Subject: a\n\nbody\n", name, ..Head::default() });
        for name in ["box/cur/1700000000.M1P2.host:2,S", "box/new/1700000000.123_4.host", "cur/1700000000.a"] {
            assert!(of(name), "{name}");
        }
        for name in ["a.txt", "box/cur/a.txt", "box/1700000000.M1P2.host", "new/2024.txt", "box/tmp/1700000000.a"] {
            assert!(!of(name), "{name}");
        }
    }

    #[test]
    fn lines_that_were_quoted() {
        let message = b"x >From \n>From here\n>>From there\n> From\nFrom\n>From";
        assert_eq!(unquoted(message), &b"x >From \nFrom here\n>From there\n> From\nFrom\n>From"[..]);
        assert!(matches!(unquoted(b"nothing\n> of it"), Cow::Borrowed(_)));
    }
}
