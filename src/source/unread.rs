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
