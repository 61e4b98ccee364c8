//! Subtitles (`.srt`, `.vtt`): what is said, without numbers, times and tags. A file is a document.

use super::payload::{Payload, text};
use super::{Context, Flaw, Head, Reader, Source, reject};
use crate::batch::Batch;
use crate::reason::{Reason, Skip};

/// What stands between two times.
const ARROW: &[u8] = b"-->";
/// A byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// By what the first lines are: the word that WebVTT begins with, or a number and two times; in a file that is called so, the
/// times alone.
pub(super) fn matches(head: &Head<'_>) -> bool {
    if is_webvtt(head.bytes) {
        return true;
    }
    let mut lines = lines(head.bytes).filter(|line| !line.is_empty()).take(2);
    match lines.next() {
        Some(number) if is_number(number) => lines.next().is_some_and(is_time),
        Some(time) => head.named(&[".srt"]) && is_time(time),
        None => false,
    }
}

fn is_webvtt(file: &[u8]) -> bool {
    let rest = file.strip_prefix(MARK).unwrap_or(file).strip_prefix(b"WEBVTT");
    rest.is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

fn lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    file.strip_prefix(MARK).unwrap_or(file).split(|b| *b == b'\n').map(<[u8]>::trim_ascii)
}

/// Opens subtitles.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    Box::new(Subtitles { reader, context: context.clone(), record: 0 })
}

struct Subtitles {
    reader: Reader,
    context: Context,
    record: u64,
}

impl Source for Subtitles {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            let mut file = Vec::new();
            self.reader.take_into(&mut file, self.context.max_document());
            if file.is_empty() {
                return false;
            }
            if self.record > 0 || !self.reader.is_empty() {
                // Nobody talks that long.
                let document = reject(batch, &file, Reason::TooLong, "subtitles larger than --max-document, in pieces");
                document.part = self.record as u32;
                self.record += 1;
                continue;
            }
            let said = said(&file);
            let first = batch.documents.len();
            if said.trim_ascii().is_empty() {
                super::skip(batch, Skip::Empty, 0);
            } else {
                text(batch, &Payload { bytes: &said, mime: "", declared: None }, &self.context);
            }
            let told: u64 = batch.documents[first..].iter().map(|d| d.raw.len() as u64 + d.structure).sum();
            batch.documents[first].structure += (file.len() as u64).saturating_sub(told);
            self.record += 1;
        }
        true
    }

    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }
}

/// What is said, a line a line.
fn said(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(file.len());
    // In WebVTT a blank line ends a cue, and blocks without a time are not said by anybody. SubRip has no such blocks, but
    // cues with blank lines in them: only the next time ends one.
    let webvtt = is_webvtt(file);
    let mut lines = lines(file).filter(|line| webvtt || !line.is_empty()).peekable();
    let mut in_cue = false;
    while let Some(line) = lines.next() {
        if is_time(line) {
            in_cue = true;
        } else if line.is_empty() {
            in_cue = false;
        } else if in_cue && !(is_number(line) && lines.peek().is_some_and(|next| is_time(next))) {
            if !out.is_empty() {
                out.push(b'\n');
            }
            without_tags(line, &mut out);
        }
    }
    out
}

fn is_number(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_digit)
}

fn is_time(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(line, ARROW) else { return false };
    let time = |side: &[u8]| side.first().is_some_and(u8::is_ascii_digit) && side.contains(&b':');
    time(line) && time(line[at + ARROW.len()..].trim_ascii())
}

/// Appends a line without `<i>` and `{\an8}`.
fn without_tags(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = memchr::memchr2(b'<', b'{', rest) {
        let tag = match &rest[at..] {
            [b'<', next, ..] if next.is_ascii_alphanumeric() || *next == b'/' => memchr::memchr(b'>', &rest[at..]),
            [b'{', b'\\', ..] => memchr::memchr(b'}', &rest[at..]),
            _ => None,
        };
        out.extend_from_slice(&rest[..at + usize::from(tag.is_none())]);
        rest = &rest[at + tag.map_or(0, |end| end) + 1..];
        if tag.is_none() && !rest.contains(&b'>') && !rest.contains(&b'}') {
            break;
        }
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said() {
        for (file, text) in [
            (
                "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello,</i>\nyou.\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}2 < 3 <b\n",
                "Hello,\nyou.\n2 < 3 <b",
            ),
            (
                "WEBVTT - title\n\nNOTE no\nno\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hi <00:01.500>there\n",
                "Hi there",
            ),
            ("1\r\n0:01 --> 0:02\r\n1999\r\n2\r\n0:03 --> 0:04\r\nb\r\n", "1999\nb"),
            // Blank lines in a cue, and between all lines; cues without a number.
            (
                "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\nTwo.\n\n3\n\n\n2\n00:00:03,000 --> 00:00:04,000\nThree.\n",
                "One.\nTwo.\n3\nThree.",
            ),
            ("1\n\n00:00:01,000 --> 00:00:02,000\n\nOne.\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nTwo.", "One.\nTwo."),
            (
                "00:00:01,000 --> 00:00:02,000\n<font color=red>One.</font>\n\n00:00:03,000 --> 00:00:04,000\nTwo.",
                "One.\nTwo.",
            ),
            ("\u{feff}WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\nNOTE two\n", "One."),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8(said(file.as_bytes())).unwrap(), text);
        }
    }

    #[test]
    fn recognised() {
        let named = |name, text: &str| matches(&Head { bytes: text.as_bytes(), name, ..Head::default() });
        let head = |text: &str| named("", text);
        let bare = "\n00:00:01,000 --> 00:00:02,000\nx";
        assert!(named("a.SRT", bare) && !named("a.txt", bare) && !named("a.srt", "no times"));
        assert!(head("WEBVTT\n") && head("\n1\r\n00:00:01,000 --> 00:00:02,000\r\nx"));
        assert!(!head("WEBVTTX") && !head("1\n2 --> 3\n") && !head("12 monkeys\n00:01 --> 00:02"));
    }
}
