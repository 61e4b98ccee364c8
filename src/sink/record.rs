//! What every record says: where it came from; and the records of the rejects, which are JSON in every format.

use std::cell::OnceCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::Id;
use super::fields::Field;
use super::json::{hexadecimal, key, name, number, string};
use crate::batch::{Batch, Document, Fragment, Span};
use crate::reason::Reason;

/// What the record of a reject says of where it comes from.
const ORIGIN: [Field; 7] =
    [Field::DocumentId, Field::Url, Field::Date, Field::FilePath, Field::Entry, Field::Record, Field::Part];

/// A document and what is known around it.
pub(super) struct Scene<'a> {
    pub(super) batch: &'a Batch,
    pub(super) document: &'a Document,
    pub(super) input: &'a str,
    /// Hash of where the document comes from.
    pub(super) id: String,
    /// Members that all its rejects have.
    origin: OnceCell<Vec<u8>>,
}

impl<'a> Scene<'a> {
    /// Of a document of an input.
    pub(super) fn new(batch: &'a Batch, document: &'a Document, input: &'a str) -> Self {
        Self { batch, document, input, id: document_id(input, document.record), origin: OnceCell::new() }
    }

    fn origin(&self) -> &[u8] {
        self.origin.get_or_init(|| {
            let mut members = Vec::new();
            ORIGIN.into_iter().for_each(|field| origin(self, field, &mut members));
            members
        })
    }
}

/// What stands between two fragments of a record: a line ends with its paragraph, and where the role changes.
pub(super) fn separator(last: &Fragment, next: &Fragment) -> char {
    if (last.paragraph, last.role) == (next.paragraph, next.role) { ' ' } else { '\n' }
}

/// Something taken out, of which nothing may be lost.
pub(super) struct Reject<'a> {
    pub(super) reason: Reason,
    /// Repaired text, or nothing when `bytes` say it.
    pub(super) text: Option<&'a str>,
    pub(super) bytes: &'a [u8],
    /// First byte and byte after the last, in the record's payload.
    pub(super) source: (u64, u64),
    pub(super) detail: &'a str,
}

/// A rejected stretch, as text where it is text, else as base64.
pub(super) fn rejected(scene: &Scene<'_>, id: Id, reject: &Reject<'_>, out: &mut Vec<u8>) {
    match reject.text {
        Some(text) => {
            out.extend_from_slice(b"{\"text\":");
            string(out, text);
        }
        None => {
            out.extend_from_slice(b"{\"bytes\":\"");
            let start = out.len();
            out.resize(start + reject.bytes.len().div_ceil(3) * 4, 0);
            // The room is exactly what base64 with padding takes.
            let written = STANDARD.encode_slice(reject.bytes, &mut out[start..]).unwrap_or(0);
            out.truncate(start + written);
            out.push(b'"');
        }
    }
    key(out, "reason");
    name(out, reject.reason.name());
    key(out, "stage");
    name(out, reject.reason.stage());
    if !reject.detail.is_empty() {
        key(out, "detail");
        string(out, reject.detail);
    }
    key(out, "id");
    hexadecimal(out, id.0);
    out.extend_from_slice(scene.origin());
    key(out, "source");
    pair(out, reject.source);
    origin(scene, Field::Metadata, out);
    out.extend_from_slice(b"}\n");
}

/// Appends a member that says where a record comes from, if it has it.
pub(super) fn origin(scene: &Scene<'_>, field: Field, out: &mut Vec<u8>) {
    let document = scene.document;
    let mut meta = |span: Span, before: &str, after: &str| {
        if !span.is_empty() {
            key(out, field.name());
            out.extend_from_slice(before.as_bytes());
            out.extend_from_slice(&scene.batch.meta.as_bytes()[span.range()]);
            out.extend_from_slice(after.as_bytes());
        }
    };
    match field {
        Field::Url => meta(document.url, "", ""),
        Field::Date | Field::Created => meta(document.date, "", ""),
        Field::Entry => meta(document.entry, "", ""),
        Field::Metadata => meta(document.metadata, "{", "}"),
        Field::DocumentId => {
            key(out, field.name());
            name(out, &scene.id);
        }
        Field::FilePath | Field::Source => {
            key(out, field.name());
            string(out, scene.input);
        }
        Field::Record => {
            key(out, field.name());
            number(out, document.record);
        }
        Field::Part if document.part > 0 => {
            key(out, field.name());
            number(out, u64::from(document.part));
        }
        _ => {}
    }
}

/// Appends `[start,end]`.
pub(super) fn pair(out: &mut Vec<u8>, (start, end): (u64, u64)) {
    out.push(b'[');
    number(out, start);
    out.push(b',');
    number(out, end);
    out.push(b']');
}

/// Bytes of a fragment in the payload of its record.
pub(super) fn source(document: &Document, fragment: &Fragment) -> (u64, u64) {
    let base = u64::from(document.raw.start);
    let at = |offset: u32| u64::from(offset) - base + document.offset;
    (at(fragment.raw.start), at(fragment.raw.end))
}

/// Hash of an input's name and a record's number: 16 hexadecimal digits of SHA-256.
pub(crate) fn document_id(input: &str, record: u64) -> String {
    Id(hash(&[input.as_bytes(), &[0], &record.to_le_bytes()])).to_string()
}

/// Hash of a document, a label and a number among the document's records.
pub(crate) fn record_id(document: &str, label: &str, ordinal: u64) -> Id {
    Id(hash(&[document.as_bytes(), label.as_bytes(), &ordinal.to_le_bytes()]))
}

fn hash(parts: &[&[u8]]) -> u64 {
    let mut sha = Sha256::new();
    parts.iter().for_each(|p| sha.update(p));
    sha.finalize()[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        digits.extend([byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)])));
    }
    digits
}
