//! What all encoders share: which fragments make a record, provenance, and the counting.

use std::collections::BTreeMap;

use super::json::scaled;
use super::record::{Reject, Scene, record_id, rejected, source};
use super::{Encoded, Id, Sums, Target};
use crate::batch::{Batch, Document, Paragraph, Verdict, as_usize};
use crate::config::Unit;
use crate::decode::sniff::is_binary;
use crate::lang::Label;
use crate::reason::Skip;
use crate::report::{Count, LabelCount};
use crate::source::Input;

/// Writes single records; [`encode`] does the rest.
pub(super) trait Records {
    /// Appends the record of these fragments (rows of the batch), all of one label, to `out`.
    fn kept(&self, scene: &Scene<'_>, id: Id, label: Label, fragments: &[u32], out: &mut Vec<u8>);
}

/// Encodes a batch: groups fragments into records, writes rejects, counts.
pub(super) fn encode(records: &impl Records, unit: Unit, batch: &Batch, inputs: &[Input], out: &mut Encoded) {
    out.clear();
    for &(input, read) in &batch.read {
        sums(out, input).read += read;
    }
    for record in batch.documents.chunk_by(|a, b| b.part > 0 && (a.input, a.record) == (b.input, b.record)) {
        let empty = is_empty(batch, record).then_some(Skip::Empty);
        for document in record {
            sums(out, document.input).structure += document.structure;
            match document.skipped.or(empty) {
                Some(skip) => {
                    let add = |n: &mut Count| n.skip(counted(document), document.structure);
                    count(&mut out.report.skipped, skip.name(), add);
                }
                None => encode_document(records, unit, batch, document, inputs, out),
            }
        }
    }
}

/// True for a record without text: of blanks, or a page that shows nothing.
fn is_empty(batch: &Batch, record: &[Document]) -> bool {
    let shows_nothing = |d: &Document| batch.paragraphs_of(d).iter().all(|p| p.fragments.is_empty());
    record.iter().all(|d| d.is_record() && !d.cut && d.rejected.is_none() && shows_nothing(d))
}

/// The records that a document counts for: its first part counts for all.
fn counted(document: &Document) -> u64 {
    if document.part == 0 { document.records } else { 0 }
}

fn encode_document(
    records: &impl Records,
    unit: Unit,
    batch: &Batch,
    document: &Document,
    inputs: &[Input],
    out: &mut Encoded,
) {
    let input = &inputs[document.input as usize].name;
    let scene = Scene::new(batch, document, input);
    out.report.documents = out.report.documents.saturating_add(counted(document));
    if let Some(reason) = document.rejected {
        let bytes = &batch.raw[document.raw.range()];
        let (start, end) = (document.offset, document.offset + bytes.len() as u64);
        let detail = &batch.meta[document.detail.range()];
        let text = std::str::from_utf8(bytes).ok().filter(|_| !is_binary(bytes));
        return reject(&scene, &Reject { reason, text, bytes, source: (start, end), detail }, out);
    }
    out.report.malformed += u64::from(document.surrogates);
    for paragraph in batch.paragraphs_of(document) {
        count_paragraph(batch, paragraph, out);
    }
    let mut ordinal = u64::from(document.part) << 32;
    for rows in units(batch, document, unit) {
        unit_records(records, &scene, rows, &mut ordinal, out);
    }
    rejects(&scene, out);
}

/// Fragment rows of each unit of a document.
fn units(batch: &Batch, document: &Document, unit: Unit) -> Vec<std::ops::Range<u32>> {
    let paragraphs = batch.paragraphs_of(document);
    match (unit, paragraphs.first(), paragraphs.last()) {
        (Unit::Document, Some(first), Some(last)) => {
            std::iter::once(first.fragments.start..last.fragments.end).collect()
        }
        (Unit::Paragraph, ..) => paragraphs.iter().map(|p| p.fragments.clone()).collect(),
        (Unit::Fragment, ..) => paragraphs.iter().flat_map(|p| p.fragments.clone()).map(|f| f..f + 1).collect(),
        _ => Vec::new(),
    }
}

/// One record for each label among the kept fragments, in the order of first appearance.
fn unit_records(
    records: &impl Records,
    scene: &Scene<'_>,
    rows: std::ops::Range<u32>,
    ordinal: &mut u64,
    out: &mut Encoded,
) {
    let mut groups: Vec<(Label, Vec<u32>)> = Vec::new();
    for row in rows {
        let fragment = &scene.batch.fragments[row as usize];
        if fragment.verdict != Verdict::Keep {
            continue;
        }
        let label = fragment.guess.label;
        match groups.iter_mut().find(|(l, _)| *l == label) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((label, vec![row])),
        }
    }
    for (label, rows) in groups {
        let name = label.to_string();
        let id = record_id(&scene.id, &name, *ordinal);
        records.kept(scene, id, label, &rows, &mut out.bytes);
        out.records.push((Target::Label(label), out.bytes.len(), id));
        *ordinal += 1;
        let mut bytes = 0;
        count(&mut out.report.labels, &name, |n: &mut LabelCount| bytes = count_record(scene.batch, &rows, n));
        count(&mut sums(out, scene.document.input).kept, &name, |n| *n += bytes);
    }
}

/// Counts a record of these fragments; how many source bytes they have.
fn count_record(batch: &Batch, rows: &[u32], count: &mut LabelCount) -> u64 {
    let (mut bytes, mut characters) = (0, 0);
    for row in rows {
        let fragment = &batch.fragments[*row as usize];
        bytes += fragment.raw.len() as u64;
        characters += batch.fragment_text(fragment).trim().chars().count() as u64;
        count.add_score(scaled(fragment.guess.score));
    }
    count.records += 1;
    count.fragments += rows.len() as u64;
    count.bytes += bytes;
    count.add_length(characters);
    bytes
}

/// Rejected paragraphs and dropped fragments of a document that is kept as a whole.
fn rejects(scene: &Scene<'_>, out: &mut Encoded) {
    let batch = scene.batch;
    let mut dropped: BTreeMap<Label, Count> = BTreeMap::new();
    for paragraph in batch.paragraphs_of(scene.document) {
        for fragment in batch.fragments_of(paragraph) {
            let Verdict::Drop(reason) = fragment.verdict else { continue };
            let text = paragraph.is_text().then(|| batch.fragment_text(fragment));
            let bytes = &batch.raw[fragment.raw.range()];
            if paragraph.rejected.is_none() {
                dropped.entry(fragment.guess.label).or_default().add(bytes.len() as u64);
            }
            reject(scene, &Reject { reason, text, bytes, source: source(scene.document, fragment), detail: "" }, out);
        }
    }
    // A label's name is made once a document.
    for (label, own) in dropped {
        count(&mut out.report.dropped, &label.to_string(), |n: &mut Count| {
            n.count += own.count;
            n.bytes += own.bytes;
        });
    }
}

fn reject(scene: &Scene<'_>, reject: &Reject<'_>, out: &mut Encoded) {
    let id = record_id(&scene.id, reject.reason.name(), reject.source.0);
    rejected(scene, id, reject, &mut out.bytes);
    out.records.push((Target::Rejects, out.bytes.len(), id));
    let (name, bytes) = (reject.reason.name(), reject.source.1 - reject.source.0);
    count(&mut out.report.reasons, name, |n: &mut Count| n.add(bytes));
    count(&mut sums(out, scene.document.input).rejected, name, |n| *n += bytes);
}

fn count_paragraph(batch: &Batch, paragraph: &Paragraph, out: &mut Encoded) {
    let report = &mut out.report;
    report.paragraphs += 1;
    report.fragments += paragraph.fragments.len() as u64;
    report.repaired += u64::from(!paragraph.repairs.is_empty());
    report.rewrapped += u64::from(paragraph.lines.len() > 1);
    for (set, counts) in [(paragraph.repairs, &mut report.repairs), (paragraph.flagged, &mut report.flags)] {
        for name in set.names() {
            count(counts, name, |n| *n += 1);
        }
    }
    for line in &batch.lines[as_usize(&paragraph.lines)] {
        report.malformed += u64::from(line.malformed);
        if paragraph.rejected.is_none() {
            count(&mut report.encodings, line.encoding.name(), |n: &mut Count| n.add(line.raw.len() as u64));
        }
    }
}

/// Changes the counter of a name, without allocating when it is there.
fn count<T: Default>(map: &mut BTreeMap<String, T>, name: &str, change: impl FnOnce(&mut T)) {
    match map.get_mut(name) {
        Some(value) => change(value),
        None => {
            let mut value = T::default();
            change(&mut value);
            map.insert(name.to_owned(), value);
        }
    }
}

/// Sums of an input; documents come in the order of inputs, so it is the last or a new one.
fn sums(out: &mut Encoded, input: u32) -> &mut Sums {
    let at = out.sums.iter().rposition(|(i, _)| *i == input).unwrap_or_else(|| {
        out.sums.push((input, Sums::default()));
        out.sums.len() - 1
    });
    &mut out.sums[at].1
}
