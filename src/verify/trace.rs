//! Names the records that are lost or stand twice, once it is known which inputs' sums do not hold.
//!
//! An id is a hash of its document, its label and its number among the document's records. So a doubled record is an id
//! that is there twice, and a lost one is a number that no id of its document has, or a document that has no record.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use serde::Deserialize;

use crate::sink::{Ledger, Sums, document_id, each_record, record_id};

/// Records that are looked at, so that memory is bounded; of more, the first ones.
const MOST: usize = 1 << 20;
/// Documents of an input that are told to be missing.
const TOLD: usize = 100;
/// Records of a document whose numbers are told by their ids.
const NUMBERS: u64 = 256;

/// What is needed of a record.
const COLUMNS: [&str; 7] = ["id", "document_id", "file_path", "record", "part", "language", "language_script"];

/// The same of one record.
#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    document_id: String,
    file_path: Option<String>,
    record: Option<u64>,
    part: Option<u32>,
    language: Option<String>,
    language_script: Option<String>,
}

/// What is there of one input.
#[derive(Default)]
struct Present {
    /// Numbers of its documents.
    documents: BTreeSet<u64>,
    /// Labels and ids of each document's corpus records, by its id and part.
    kept: BTreeMap<(String, u64), Vec<(String, String)>>,
}

/// What the ledger has of an input and the records have not.
#[derive(Default)]
pub(super) struct Suspect {
    /// Labels of which bytes are missing.
    labels: Vec<String>,
    /// Bytes are missing, of a label or of the rejects.
    lacks: bool,
}

/// Inputs whose sums are not those of the ledger.
pub(super) fn suspects(ledger: &Ledger, found: &BTreeMap<String, Sums>) -> BTreeMap<String, Suspect> {
    let mut wanted: BTreeMap<&str, Sums> = BTreeMap::new();
    for input in &ledger.inputs {
        wanted.entry(&input.path).or_default().add(&input.sums);
    }
    let mut suspects = BTreeMap::new();
    for (path, wanted) in wanted {
        let nothing = Sums::default();
        let own = found.get(path).unwrap_or(&nothing);
        if (&own.kept, &own.rejected) != (&wanted.kept, &wanted.rejected) {
            let less = |name: &str, own: &BTreeMap<String, u64>, bytes: u64| own.get(name).unwrap_or(&0) < &bytes;
            let labels: Vec<String> =
                wanted.kept.iter().filter(|(l, n)| less(l, &own.kept, **n)).map(|(l, _)| l.clone()).collect();
            let lacks = !labels.is_empty() || wanted.rejected.iter().any(|(r, n)| less(r, &own.rejected, *n));
            suspects.insert(path.to_owned(), Suspect { labels, lacks });
        }
    }
    suspects
}

/// Goes through the records of these inputs and names those that stand twice or are missing.
pub(super) fn trace(folder: &Path, ledger: &Ledger, suspects: &BTreeMap<String, Suspect>) -> Vec<String> {
    let mut told = Vec::new();
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    let mut present: BTreeMap<String, Present> = BTreeMap::new();
    for output in &ledger.outputs {
        let mut number = 0u64;
        // What can't be read was told already.
        let _ = each_record(&folder.join(&output.path), &COLUMNS, |line| {
            let place = format!("{}, record {number}", output.path);
            number += 1;
            let Ok(record) = serde_json::from_slice::<Record>(line) else { return Ok(ControlFlow::Continue(())) };
            let Some(input) = record.file_path.filter(|input| suspects.contains_key(input)) else {
                return Ok(ControlFlow::Continue(()));
            };
            if places.len() >= MOST {
                return Ok(ControlFlow::Break(()));
            }
            let of_input = present.entry(input).or_default();
            of_input.documents.extend(record.record);
            if let (Some(language), Some(script)) = (record.language, record.language_script) {
                let document = of_input.kept.entry((record.document_id, record.part.unwrap_or(0).into())).or_default();
                document.push((format!("{language}_{script}"), record.id.clone()));
            }
            if let Some(first) = places.get(&record.id) {
                told.push(format!("{place}: {} stands there once more, after {first}", record.id));
            } else {
                places.insert(record.id, place);
            }
            Ok(ControlFlow::Continue(()))
        });
    }
    if places.len() >= MOST {
        // What was not looked at is not missing.
        return told;
    }
    let nothing = Present::default();
    for (path, suspect) in suspects.iter().filter(|(_, suspect)| suspect.lacks) {
        told.extend(missing(path, &suspect.labels, present.get(path).unwrap_or(&nothing)));
    }
    told
}

/// Records of an input that ids and numbers say are missing.
fn missing(path: &str, labels: &[String], present: &Present) -> Vec<String> {
    let mut told = Vec::new();
    let kept = present.kept.iter().filter(|_| !labels.is_empty());
    for ((document, part), records) in kept {
        let base = part << 32;
        let number = |(label, id): &(String, String)| {
            (base..base + NUMBERS).find(|number| record_id(document, label, *number).to_string() == *id)
        };
        let numbers: BTreeSet<u64> = records.iter().filter_map(number).collect();
        let last = numbers.last().copied().unwrap_or(base);
        for gap in (base..last).filter(|n| !numbers.contains(n)) {
            let ids: Vec<String> =
                labels.iter().map(|label| format!("{} ({label})", record_id(document, label, gap))).collect();
            told.push(format!("{path}: a record of document {document} is missing: {}", ids.join(" or ")));
        }
    }
    let last = present.documents.last().copied().unwrap_or(0);
    // Of an input of which nothing is there, the sums say it all.
    if !present.documents.is_empty() {
        let gaps = (0..last).filter(|n| !present.documents.contains(n)).take(TOLD);
        told.extend(
            gaps.map(|n| format!("{path}: nothing is there of its record {n}, document {}", document_id(path, n))),
        );
    }
    told
}
