//! What holds text, but not in a form that is read: known by its first bytes, so that it is rejected by its name instead of being
//! read as something else.

use memchr::memmem;

/// First bytes, what it is and what to do about it, and the endings of its name where its bytes are packed.
#[rustfmt::skip]
static UNREAD: &[(&[u8], &str, &[&str])] = &[
    (b"%PDF-",                 "a PDF; convert it to HTML or text first",                            &[".pdf"]),
    (b"7z\xBC\xAF\x27\x1C",    "a 7z archive; unpack it first",                                      &[".7z"]),
    (b"Rar!\x1A\x07",          "a RAR archive; unpack it first",                                     &[".rar"]),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
                               "a document of an office program before 2007; convert it to HTML or text first", &[]),
    (br"{\rtf",                "a document in RTF; convert it to HTML or text first",                &[]),
    (b"filedesc://",           "a web archive in ARC; convert it to WARC first",                     &[]),
];

/// The folder of a package of Office Open XML that holds the document, and what that is.
#[rustfmt::skip]
static OFFICE: &[(&[u8], &str, &[&str])] = &[
    (b"word/", "a document of Word (docx); convert it to HTML or text first",           &[".docx"]),
    (b"xl/",   "a workbook of Excel (xlsx); convert it to CSV or HTML first",           &[".xlsx"]),
    (b"ppt/",  "a presentation of PowerPoint (pptx); convert it to HTML or text first", &[".pptx"]),
];

/// What the first entry of an OpenDocument file says behind its name.
#[rustfmt::skip]
static OPEN_DOCUMENT: &[(&[u8], &str, &[&str])] = &[
    (b"mimetypeapplication/vnd.oasis.opendocument.text",         "an OpenDocument text (odt); convert it to HTML or text first",         &[".odt"]),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",  "an OpenDocument spreadsheet (ods); convert it to CSV or HTML first",   &[".ods"]),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "an OpenDocument presentation (odp); convert it to HTML or text first", &[".odp"]),
    (b"mimetypeapplication/vnd.oasis.opendocument",              "an OpenDocument file; convert it to HTML or text first",               &[]),
    (b"mimetypeapplication/vnd.sun.xml",                         "a document of an old OpenOffice; convert it to HTML or text first",    &[]),
];

/// What a zip archive begins with.
const ENTRY: &[u8] = b"PK\x03\x04";
/// Entries that stand in front of the others in a package of Office Open XML.
const PACKAGE: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/", b"docProps/"];

/// What these bytes begin, and what to do about it; nothing for what is read.
pub(super) fn unread(head: &[u8]) -> Option<&'static str> {
    if !head.starts_with(ENTRY) {
        if is_feed(head) {
            return Some(FEED);
        }
        return UNREAD.iter().find(|row| head.starts_with(row.0)).map(|row| row.1);
    }
    let first = &head[..head.len().min(200)];
    let names = || memmem::find_iter(head, ENTRY).filter_map(|at| name(&head[at..]));
    let is_part = |name: &[u8]| PACKAGE.iter().any(|part| name.starts_with(part));
    let holds = |folder: &[u8]| {
        // What lies in an archive as one file of many is not the archive.
        let leads = names().next().is_some_and(|name| is_part(name) || name.starts_with(folder));
        leads && names().any(is_part) && names().any(|name| name.starts_with(folder))
    };
    let open = OPEN_DOCUMENT.iter().find(|row| memmem::find(first, row.0).is_some());
    open.or_else(|| OFFICE.iter().find(|row| holds(row.0))).map(|row| row.1)
}

const FEED: &str = "a feed (RSS or Atom); write its entries as pages of HTML or as JSON lines first";

/// True where the first element of XML is that of a feed.
fn is_feed(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            _ => break,
        };
        let Some(at) = memmem::find(rest, end) else { return false };
        rest = rest[at + end.len()..].trim_ascii_start();
    }
    let is =
        |name: &&[u8]| rest.strip_prefix(*name).is_some_and(|r| r.first().is_some_and(|b| b" \t\r\n>".contains(b)));
    [&b"<rss"[..], b"<feed", b"<rdf:RDF"].iter().any(is)
}

/// Name of the entry that the bytes begin with.
fn name(entry: &[u8]) -> Option<&[u8]> {
    let len = usize::from(u16::from_le_bytes([*entry.get(26)?, *entry.get(27)?]));
    entry.get(30..30 + len)
}

/// Endings of names of what is packed.
#[cfg(feature = "cli")]
pub(super) fn packed() -> impl Iterator<Item = &'static str> {
    [UNREAD, OFFICE, OPEN_DOCUMENT].into_iter().flatten().flat_map(|row| row.2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_told_by_their_first_element() {
        for (head, feed) in [
            ("<rss version=\"2.0\"><channel>", true),
            ("\u{FEFF}<?xml version=\"1.0\"?>\n<!-- a -->\n<feed xmlns=\"http://www.w3.org/2005/Atom\">", true),
            ("<?xml version=\"1.0\"?><?xml-stylesheet href=\"a.xsl\"?><rdf:RDF\nxmlns=\"\">", true),
            ("<rss>", true),
            ("<rss", false),
            ("<feedback>", false),
            ("<?xml version=\"1.0\"?><html>", false),
            ("<?xml version", false),
            ("A text about <rss>", false),
        ] {
            assert_eq!(unread(head.as_bytes()) == Some(FEED), feed, "{head}");
        }
    }
}
