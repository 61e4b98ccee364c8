//! JSON lines: an object a record, with the fields that are wanted. Parquet is made of them too.

use super::encode::{Records, encode};
use super::fields::{DETAILS, Field, fields};
use super::json::{escape, hexadecimal, key, name, number, score};
use super::record::{Scene, origin, pair, separator, source};
use super::{Encode, Encoded, Id};
use crate::batch::{Batch, Fragment, Paragraph};
use crate::config::{Config, Unit};
use crate::lang::Label;
use crate::repair::Repairs;
use crate::source::Input;

/// Opens the encoder.
pub(super) fn open(config: &Config) -> Box<dyn Encode> {
    Box::new(Jsonl { unit: config.unit, fields: fields(config) })
}

struct Jsonl {
    unit: Unit,
    fields: Vec<Field>,
}

impl Encode for Jsonl {
    fn encode(&self, batch: &Batch, inputs: &[Input], out: &mut Encoded) {
        encode(self, self.unit, batch, inputs, out);
    }
}

impl Records for Jsonl {
    fn kept(&self, scene: &Scene<'_>, id: Id, label: Label, rows: &[u32], out: &mut Vec<u8>) {
        let record = Record { scene, id, label, rows };
        record.object(&self.fields, out);
        out.push(b'\n');
    }
}

/// Fragments of one label on their way to a record.
struct Record<'a> {
    scene: &'a Scene<'a>,
    id: Id,
    label: Label,
    rows: &'a [u32],
}

impl<'a> Record<'a> {
    fn fragments(&self) -> impl Iterator<Item = &'a Fragment> {
        let batch = self.scene.batch;
        self.rows.iter().map(|row| &batch.fragments[*row as usize])
    }

    fn object(&self, fields: &[Field], out: &mut Vec<u8>) {
        let start = out.len();
        fields.iter().for_each(|field| self.member(*field, out));
        // Each member begins with a comma.
        match out.get_mut(start) {
            Some(comma) => *comma = b'{',
            None => out.push(b'{'),
        }
        out.push(b'}');
    }

    fn member(&self, field: Field, out: &mut Vec<u8>) {
        let batch = self.scene.batch;
        match field {
            Field::Repairs => self.repairs(field, |p| p.repairs, out),
            Field::Flags => self.repairs(field, |p| p.flagged, out),
            Field::Text | Field::Id | Field::Language | Field::LanguageScript | Field::LanguageScore => {
                key(out, field.name());
                match field {
                    Field::Text => self.text(out),
                    Field::Id => hexadecimal(out, self.id.0),
                    Field::Language => name(out, self.label.language()),
                    Field::LanguageScript => name(out, self.label.script.code()),
                    _ => score(out, mean_score(self.fragments())),
                }
            }
            Field::Encoding => encodings(batch, self.fragments(), out),
            Field::Spans => self.spans(out),
            Field::Details => {
                key(out, field.name());
                self.object(DETAILS, out);
            }
            _ => origin(self.scene, field, out),
        }
    }

    fn text(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        self.pieces(|before, text, _| {
            before.iter().for_each(|c| escape(out, c.encode_utf8(&mut [0; 4])));
            escape(out, text);
        });
        out.push(b'"');
    }

    /// Calls back for each fragment: what stands before its text, the text, the fragment.
    fn pieces(&self, mut each: impl FnMut(Option<char>, &str, &'a Fragment)) {
        let mut last: Option<&Fragment> = None;
        for fragment in self.fragments() {
            let before = last.replace(fragment).map(|last| separator(last, fragment));
            each(before, self.scene.batch.fragment_text(fragment).trim(), fragment);
        }
    }

    fn spans(&self, out: &mut Vec<u8>) {
        key(out, Field::Spans.name());
        out.push(b'[');
        let mut end = 0;
        self.pieces(|before, text, fragment| {
            if before.is_some() {
                out.push(b',');
                end += 1;
            }
            let start = end;
            end += text.chars().count() as u64;
            span(self.scene, fragment, start, end, out);
        });
        out.push(b']');
    }

    /// Names of repairs; without the member where there are none, but for the repairs that were made.
    fn repairs(&self, field: Field, of: impl Fn(&Paragraph) -> Repairs, out: &mut Vec<u8>) {
        let mut all = Repairs::default();
        for fragment in self.fragments() {
            all = all.with(of(&self.scene.batch.paragraphs[fragment.paragraph as usize]));
        }
        if field == Field::Repairs || !all.is_empty() {
            key(out, field.name());
            list(out, all.names());
        }
    }
}

fn span(scene: &Scene<'_>, fragment: &Fragment, start: u64, end: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"start\":");
    number(out, start);
    out.extend_from_slice(b",\"end\":");
    number(out, end);
    out.extend_from_slice(b",\"source\":");
    pair(out, source(scene.document, fragment));
    out.extend_from_slice(b",\"encoding\":");
    name(out, encoding(scene.batch, fragment));
    out.extend_from_slice(b",\"score\":");
    score(out, fragment.guess.score);
    out.extend_from_slice(b",\"role\":");
    name(out, fragment.role.name());
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
        [only] => name(out, only),
        _ => list(out, names.into_iter()),
    }
}

fn list<'a>(out: &mut Vec<u8>, names: impl Iterator<Item = &'a str>) {
    out.push(b'[');
    for (i, own) in names.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        name(out, own);
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
