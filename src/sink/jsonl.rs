//! JSON lines: the fields of FineWeb-2, and ours.

use super::encode::{Records, encode};
use super::json::{escape, key, number, score, string};
use super::record::{Scene, metadata, pair, provenance, record_id, separator, source};
use super::{Encode, Encoded};
use crate::batch::{Batch, Fragment};
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
                escape(out, separator(last, fragment).encode_utf8(&mut [0; 4]));
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
    let (mut done, mut flagged) = (Repairs::default(), Repairs::default());
    for paragraph in fragments.map(|f| &batch.paragraphs[f.paragraph as usize]) {
        (done, flagged) = (done.with(paragraph.repairs), flagged.with(paragraph.flagged));
    }
    key(out, "repairs");
    list(out, done.names());
    if !flagged.is_empty() {
        key(out, "flags");
        list(out, flagged.names());
    }
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
