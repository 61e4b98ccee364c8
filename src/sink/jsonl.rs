//! JSON lines: the fields of FineWeb-2, and ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::encode::{Records, Reject, Scene, encode, record_id, source};
use super::json::{escape, key, number, score, string};
use super::{Encode, Encoded};
use crate::batch::{Batch, Fragment, Span};
use crate::config::{Config, Unit};
use crate::lang::Label;
use crate::repair::Repairs;
use crate::source::Input;

/// Opens the encoder.
pub(super) fn open(config: &Config) -> Box<dyn Encode> {
    Box::new(Jsonl { unit: config.unit })
}

struct Jsonl {
    unit: Unit,
}

impl Encode for Jsonl {
    fn encode(&self, batch: &Batch, inputs: &[Input], out: &mut Encoded) {
        encode(self, self.unit, batch, inputs, out);
    }
}

impl Records for Jsonl {
    fn kept(&self, scene: &Scene<'_>, ordinal: u64, label: Label, rows: &[u32], out: &mut Vec<u8>) {
        let batch = scene.batch;
        let fragments = || rows.iter().map(|r| &batch.fragments[*r as usize]);
        out.extend_from_slice(b"{\"text\":\"");
        let mut spans = Vec::with_capacity(rows.len());
        let mut characters = 0;
        let mut last: Option<&Fragment> = None;
        for fragment in fragments() {
            if let Some(last) = last {
                let between = if last.paragraph == fragment.paragraph { " " } else { "\n" };
                escape(out, between);
                characters += 1;
            }
            let text = batch.fragment_text(fragment).trim();
            escape(out, text);
            let start = characters;
            characters += text.chars().count() as u64;
            spans.push((start, characters));
            last = Some(fragment);
        }
        out.push(b'"');
        let name = label.to_string();
        key(out, "id");
        string(out, &record_id(&scene.id, &name, ordinal));
        provenance(scene, out);
        key(out, "language");
        string(out, label.language());
        key(out, "language_script");
        string(out, label.script.code());
        key(out, "language_score");
        score(out, mean_score(fragments()));
        encodings(batch, fragments(), out);
        repairs(batch, fragments(), out);
        key(out, "spans");
        for (i, (fragment, (start, end))) in fragments().zip(spans).enumerate() {
            out.push(if i == 0 { b'[' } else { b',' });
            span(scene, fragment, start, end, out);
        }
        out.push(b']');
        metadata(scene, out);
        out.extend_from_slice(b"}\n");
    }
}

/// A rejected stretch, as text where it is text, else as base64.
pub(super) fn rejected(scene: &Scene<'_>, reject: &Reject<'_>, out: &mut Vec<u8>) {
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
    string(out, reject.reason.name());
    key(out, "stage");
    string(out, reject.reason.stage());
    if !reject.detail.is_empty() {
        key(out, "detail");
        string(out, reject.detail);
    }
    key(out, "id");
    string(out, &record_id(&scene.id, reject.reason.name(), reject.source.0));
    provenance(scene, out);
    key(out, "source");
    pair(out, reject.source);
    metadata(scene, out);
    out.extend_from_slice(b"}\n");
}

/// Where the record came from.
fn provenance(scene: &Scene<'_>, out: &mut Vec<u8>) {
    let document = scene.document;
    let raw = |out: &mut Vec<u8>, name: &str, span: Span| {
        if !span.is_empty() {
            key(out, name);
            out.extend_from_slice(&scene.batch.meta.as_bytes()[span.range()]);
        }
    };
    key(out, "document_id");
    string(out, &scene.id);
    raw(out, "url", document.url);
    raw(out, "date", document.date);
    key(out, "file_path");
    string(out, scene.input);
    key(out, "record");
    number(out, document.record);
    if document.part > 0 {
        key(out, "part");
        number(out, u64::from(document.part));
    }
}

fn metadata(scene: &Scene<'_>, out: &mut Vec<u8>) {
    if !scene.document.metadata.is_empty() {
        key(out, "metadata");
        out.push(b'{');
        out.extend_from_slice(&scene.batch.meta.as_bytes()[scene.document.metadata.range()]);
        out.push(b'}');
    }
}

fn span(scene: &Scene<'_>, fragment: &Fragment, start: u64, end: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"start\":");
    number(out, start);
    key(out, "end");
    number(out, end);
    key(out, "source");
    pair(out, source(scene.document, fragment));
    key(out, "encoding");
    string(out, encoding(scene.batch, fragment));
    key(out, "score");
    score(out, fragment.guess.score);
    key(out, "role");
    string(out, fragment.role.name());
    out.push(b'}');
}

fn pair(out: &mut Vec<u8>, (start, end): (u64, u64)) {
    out.push(b'[');
    number(out, start);
    out.push(b',');
    number(out, end);
    out.push(b']');
}

/// Encoding of the line a fragment's paragraph begins with.
fn encoding(batch: &Batch, fragment: &Fragment) -> &'static str {
    let paragraph = &batch.paragraphs[fragment.paragraph as usize];
    batch.lines_of(paragraph).first().map_or("utf-8", |l| l.encoding.name())
}

/// One name, or a list where paragraphs differ.
fn encodings<'a>(batch: &Batch, fragments: impl Iterator<Item = &'a Fragment>, out: &mut Vec<u8>) {
    let mut names: Vec<&str> = Vec::new();
    for fragment in fragments {
        let name = encoding(batch, fragment);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    key(out, "encoding");
    match names[..] {
        [name] => string(out, name),
        _ => list(out, names.into_iter()),
    }
}

fn repairs<'a>(batch: &Batch, fragments: impl Iterator<Item = &'a Fragment>, out: &mut Vec<u8>) {
    let all = fragments.fold(Repairs::default(), |all, f| all.with(batch.paragraphs[f.paragraph as usize].repairs));
    key(out, "repairs");
    list(out, all.names());
}

fn list<'a>(out: &mut Vec<u8>, names: impl Iterator<Item = &'a str>) {
    out.push(b'[');
    for (i, name) in names.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        string(out, name);
    }
    out.push(b']');
}

/// Mean of the fragments' scores, by their length.
fn mean_score<'a>(fragments: impl Iterator<Item = &'a Fragment>) -> f32 {
    let (mut sum, mut weight) = (0.0f64, 0.0f64);
    for fragment in fragments {
        let length = fragment.text.len() as f64;
        sum += f64::from(fragment.guess.score) * length;
        weight += length;
    }
    if weight > 0.0 { (sum / weight) as f32 } else { 0.0 }
}
