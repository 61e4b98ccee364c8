//! [`paragraphs`]: the text of a document in memory, without a batch.

use std::borrow::Cow;
use std::ops::Range;

use super::reader::{Opened, Reader, Row};
use super::{Encoding, Evidence, prescan, split};
use crate::config::OnMalformed;
use crate::reason::Reason;

/// What is known of a document beside its bytes. Nothing of it counts against valid UTF-8.
///
/// ```
/// use babelsift::decode::{Encoding, Hints};
///
/// let page = Hints::of_content_type("text/html; charset=koi8-r");
/// assert_eq!(page.declared, Some(Encoding::KOI8_R));
/// assert!(page.declarations);
/// assert!(!Hints::of_content_type("text/plain").declarations);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// The encoding that a header or a catalogue names; [`Encoding::for_label`] knows the labels.
    pub declared: Option<Encoding>,
    /// Whether declarations in the document itself count (`<meta charset>`, `<?xml encoding?>`, the header of a mail)
    /// where `declared` names nothing.
    pub declarations: bool,
    /// What becomes of bytes that their encoding does not explain.
    pub on_malformed: OnMalformed,
}

impl Default for Hints {
    fn default() -> Self {
        Self { declared: None, declarations: true, on_malformed: OnMalformed::Cp1252 }
    }
}

impl Hints {
    /// What the value of a `Content-Type` says: the encoding, and whether the document may declare one itself.
    pub fn of_content_type(value: &str) -> Self {
        let declared = prescan::content_type_charset(value).and_then(Encoding::for_label);
        let kind = value.split(';').next().unwrap_or_default().to_ascii_lowercase();
        let declarations = ["html", "xml", "message/"].iter().any(|name| kind.contains(name));
        Self { declared, declarations, ..Self::default() }
    }
}

/// A line of a document, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<'a> {
    /// Its text without its line end; borrowed where the bytes are UTF-8.
    pub text: Cow<'a, str>,
    /// How it was decoded.
    pub encoding: Encoding,
    /// What spoke for that encoding.
    pub evidence: Evidence,
    /// How likely that encoding is, 0 to 1.
    pub score: f32,
    /// Its bytes in the document.
    pub raw: Range<usize>,
    /// Byte sequences that the encoding does not explain, each replaced by U+FFFD.
    pub malformed: u32,
    /// Why it should not be used, if it should not.
    pub rejected: Option<Reason>,
}

/// The lines of a document that are not empty, each decoded from its own encoding: what the stage makes of it with
/// [`Paragraphs::Line`](crate::config::Paragraphs). None for bytes that are no text in any encoding.
///
/// ```
/// use std::borrow::Cow;
/// use babelsift::decode::{Hints, paragraphs};
///
/// let bytes = b"na\xC3\xAFve\n\xEF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0?\n";
/// let found: Vec<_> = paragraphs(bytes, &Hints::default()).collect();
/// assert!(matches!(found[0].text, Cow::Borrowed("naïve")));
/// assert_eq!((found[1].text.as_ref(), found[1].encoding.name()), ("привет, как дела?", "windows-1251"));
/// assert_eq!(found[1].raw, 7..24);
/// ```
pub fn paragraphs<'a>(bytes: &'a [u8], hints: &Hints) -> impl Iterator<Item = Decoded<'a>> + use<'a> {
    let opened = Opened::of(bytes);
    if opened.is_plain() { Lines::plain(opened) } else { Lines::guessed(opened, hints) }
}

/// Iterator of [`paragraphs`].
enum Lines<'a> {
    /// Of a document that is UTF-8 all through, behind a byte order mark of this length.
    Plain { text: &'a str, bom: usize, evidence: Evidence, lines: split::Lines<'a> },
    /// Each in its own encoding.
    Rows { opened: Opened<'a>, rows: std::vec::IntoIter<Row>, on_malformed: OnMalformed },
}

impl<'a> Lines<'a> {
    fn plain(opened: Opened<'a>) -> Self {
        let text = opened.plain().unwrap_or_default();
        let lines = split::lines(text.as_bytes(), 0, Encoding::UTF_8);
        Self::Plain { text, bom: opened.bom, evidence: opened.utf8_evidence(), lines }
    }

    fn guessed(opened: Opened<'a>, hints: &Hints) -> Self {
        let mut reader = Reader::default();
        match reader.open(opened, hints.declared) {
            Some(opened) if opened.plain().is_some() => return Self::plain(opened),
            Some(opened) => reader.read(&opened, hints),
            None => {}
        }
        Self::Rows { opened, rows: reader.rows.into_iter(), on_malformed: hints.on_malformed }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Decoded<'a>;

    fn next(&mut self) -> Option<Decoded<'a>> {
        match self {
            Self::Plain { text, bom, evidence, lines } => {
                let line = lines.find(|line| line.start < line.end)?;
                let own = text.get(line.start..line.end).unwrap_or_default();
                Some(Decoded {
                    text: Cow::Borrowed(own),
                    encoding: Encoding::UTF_8,
                    evidence: *evidence,
                    score: 1.0,
                    raw: *bom + line.start..*bom + line.end,
                    malformed: 0,
                    rejected: None,
                })
            }
            Self::Rows { opened, rows, on_malformed } => {
                rows.find(|row| row.start < row.end).map(|row| decoded(row, opened, *on_malformed))
            }
        }
    }
}

fn decoded<'a>(mut row: Row, opened: &Opened<'a>, on_malformed: OnMalformed) -> Decoded<'a> {
    let bytes = opened.bytes;
    let text = opened.borrowed(&row).map_or_else(
        || {
            let mut text = String::new();
            row.malformed = row.encoding.decode_into(&bytes[row.start..row.end], &mut text);
            Cow::Owned(text)
        },
        Cow::Borrowed,
    );
    let rejected = row.rejected(bytes, on_malformed);
    let Row { start, end, encoding, evidence, score, malformed, .. } = row;
    Decoded { text, encoding, evidence, score, raw: start..end, malformed, rejected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8], hints: Hints) -> Vec<Decoded<'_>> {
        paragraphs(bytes, &hints).collect()
    }

    #[test]
    fn utf8_is_borrowed_and_keeps_its_place() {
        for pad in 0..32 {
            // A plus sign could be an escape: then each line is looked at.
            for sign in ["", "+"] {
                for (mark, evidence) in [("", Evidence::Utf8), ("\u{feff}", Evidence::Mark)] {
                    let last = format!("drei{sign}{}", "ä".repeat(pad));
                    let document = format!("{mark}\r\nein\r\nzwei\n\n\r{last}");
                    let lines = found(document.as_bytes(), Hints::default());
                    let texts: Vec<&str> = lines.iter().map(|l| l.text.as_ref()).collect();
                    assert_eq!(texts, ["ein", "zwei", &last]);
                    for line in &lines {
                        assert!(matches!(line.text, Cow::Borrowed(_)));
                        assert_eq!(document[line.raw.clone()], line.text);
                        assert_eq!((line.encoding, line.evidence), (Encoding::UTF_8, evidence));
                    }
                }
            }
        }
    }

    #[test]
    fn a_document_may_change_its_mind() {
        let utf16 = Encoding::UTF_16LE.encode("Первая строка, затем вторая.\n").unwrap();
        let document = [b"plain text\n", &utf16[..], b"caf\xE9 au lait, d\xE9j\xE0 vu\n"].concat();
        let lines = found(&document, Hints::default());
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_ref()).collect();
        assert_eq!(texts, ["plain text", "Первая строка, затем вторая.", "café au lait, déjà vu"]);
        assert_eq!(lines[1].encoding, Encoding::UTF_16LE);
    }

    #[test]
    fn what_is_declared_counts_where_bytes_leave_a_choice() {
        let declared = |label: &str| Hints { declared: Encoding::for_label(label), ..Hints::default() };
        for label in ["koi8-r", "utf-16le", "utf-16be", "ibm500"] {
            for text in ["naïve", "hi", "日本語"] {
                let lines = found(text.as_bytes(), declared(label));
                assert_eq!((lines[0].text.as_ref(), lines[0].encoding), (text, Encoding::UTF_8), "{label}");
            }
        }
        // An "е" or a "Е", by itself.
        assert_eq!(found(b"\xE5", declared("windows-1251"))[0].text, "е");
        assert_eq!(found(b"\xE5", declared("koi8-r"))[0].text, "Е");
        let page = b"<meta charset=koi8-r>\n\xE5";
        assert_eq!(found(page, Hints::default())[1].text, "Е");
        assert_eq!(found(page, declared("windows-1251"))[1].text, "е", "what came with the page goes first");
        assert_ne!(found(page, Hints::of_content_type("text/plain"))[1].text, "Е");
        let mail = b"Subject: a\nContent-Type: text/plain;\n charset=koi8-r\n\n\xE5";
        assert_eq!(found(mail, Hints::default())[3].text, "Е");
    }

    #[test]
    fn surrogates_are_read_as_what_they_stand_for() {
        let with = |on_malformed| Hints { on_malformed, ..Hints::default() };
        let both = b"sch\xC3\xB6ne Gr\xC3\xBC\xC3\x9Fe \xED\xA0\xBD\xED\xB8\x80 \xF0\x9F\x98\x80\nund aus".as_slice();
        let alone = b"halb \xED\xA0\xBD".as_slice();
        for on_malformed in [OnMalformed::Cp1252, OnMalformed::Replace, OnMalformed::Reject] {
            let lines = found(both, with(on_malformed));
            assert_eq!((&*lines[0].text, lines[0].encoding), ("schöne Grüße 😀 😀", Encoding::CESU_8));
            assert_eq!((lines[1].encoding, lines[0].malformed, lines[0].rejected), (Encoding::UTF_8, 0, None));
            let line = &found(alone, with(on_malformed))[0];
            let rejected = (on_malformed == OnMalformed::Reject).then_some(Reason::Malformed);
            assert_eq!((&*line.text, line.malformed, line.rejected), ("halb \u{fffd}", 1, rejected));
        }
    }

    #[test]
    fn a_document_of_utf8_may_be_cut_within_a_character() {
        let one = |bytes: &[u8], hints| {
            let lines = found(bytes, hints);
            let last = lines.last().unwrap();
            (last.text.clone().into_owned(), last.encoding, last.malformed)
        };
        let utf8 = |text: &str| (text.to_owned(), Encoding::UTF_8, 1);
        // What the document or a header says counts where the line says nothing itself.
        for cut in [b"und das Gef\xC3".as_slice(), b"Da war er\xE2\x80", b"alles ok \xF0\x9F\x98"] {
            let text = String::from_utf8_lossy(cut);
            let document = ["Schöne Grüße,\n".as_bytes(), cut].concat();
            assert_eq!(one(&document, Hints::default()), utf8(&text));
            assert_eq!(one(cut, Hints { declared: Some(Encoding::UTF_8), ..Hints::default() }), utf8(&text));
        }
        let start = [&b"\xBCnstler\n"[..], "für alle".as_bytes()].concat();
        assert_eq!(found(&start, Hints::default())[0].text, "\u{FFFD}nstler");
        // A last paragraph in another encoding stays one.
        let document =
            ["Schöne Grüße,\n".as_bytes(), b"l'\xE9t\xE9 \xE0 la plage, c'est d\xE9j\xE0 l'\xE9t\xE9"].concat();
        assert_eq!(one(&document, Hints::default()).0, "l'été à la plage, c'est déjà l'été");
        // UTF-16 and EBCDIC are not thought of.
        for text in ["Вечером на", "Zażółć gęślą jaźń, powiedział chłopiec do sąsiada i poszedł"]
        {
            let bytes = text.as_bytes();
            for at in (6..bytes.len()).filter(|at| bytes[*at] & 0xC0 == 0x80) {
                assert_eq!(one(&bytes[..at], Hints::default()), utf8(&String::from_utf8_lossy(&bytes[..at])));
            }
        }
    }

    #[test]
    fn bad_bytes() {
        let with = |on_malformed| Hints { on_malformed, ..Hints::default() };
        let line = "Größe und Länge \u{2013} ändern".replace('\u{2013}', "#");
        let bytes: Vec<u8> = line.bytes().map(|b| if b == b'#' { 0x96 } else { b }).collect();
        let one = |on_malformed| {
            let lines = found(&bytes, with(on_malformed));
            (lines[0].text.clone().into_owned(), lines[0].malformed, lines[0].rejected)
        };
        assert_eq!(one(OnMalformed::Cp1252), (line.replace('#', "\u{2013}"), 0, None));
        assert_eq!(one(OnMalformed::Replace), (line.replace('#', "\u{fffd}"), 1, None));
        assert_eq!(one(OnMalformed::Reject), (line.replace('#', "\u{fffd}"), 1, Some(Reason::Malformed)));
        assert_eq!(found(&[0; 4096], Hints::default()), []);
        assert_eq!(found(b"", Hints::default()), []);
    }
}
