//! The dataset card: a `README.md` with one configuration for each label, so that the folder loads as a dataset.

use std::fmt::Write as _;

use super::fields::{Field, Kind, fields};
use super::{Ledger, sink_row};
use crate::config::Config;
use crate::lang::Label;
use crate::report::Report;

/// The text of the card.
pub(crate) fn card(report: &Report, ledger: &Ledger, config: &Config) -> String {
    let format = config.format;
    let mut out = String::from("---\nconfigs:\n");
    for label in report.labels.keys() {
        let _ = write!(out, "- config_name: {label}\n  data_files: data/{label}/*.{}\n", sink_row(format).ending);
    }
    if sink_row(format).ending.starts_with("jsonl") {
        features(&mut out, report, config);
    }
    out.push_str("---\n\n# Corpora by language\n\n");
    let total = &ledger.total;
    let _ = write!(
        out,
        "Made by babelsift {} from {} inputs. Of {} bytes read, {} were kept, {} rejected (see `rejects/`), and {} were\n\
         structure: separators, syntax and blank lines. `ledger.json` holds these sums for each input and the hash of\n\
         each file; `babelsift verify` checks them.\n\n",
        env!("CARGO_PKG_VERSION"),
        ledger.inputs.len(),
        total.read,
        total.kept_bytes(),
        total.rejected_bytes(),
        total.structure,
    );
    out.push_str("| label | language | records | characters | mean score |\n|---|---|---:|---:|---:|\n");
    for (label, count) in &report.labels {
        let name = match label.parse::<Label>() {
            Ok(label) => label.info().map_or("not certain, or no language", |i| i.name),
            // The model of an engine knows more languages than we have names for.
            Err(_) => "",
        };
        let (records, characters, score) = (count.records, count.characters, count.mean_score());
        let _ = writeln!(out, "| {label} | {name} | {records} | {characters} | {score:.2} |");
    }
    if !report.reasons.is_empty() {
        out.push_str("\n| rejected because | times | bytes |\n|---|---:|---:|\n");
        for (reason, count) in &report.reasons {
            let _ = writeln!(out, "| {reason} | {} | {} |", count.count, count.bytes);
        }
    }
    if ledger.columns.is_empty() {
        out.push_str(
            "\nA record holds the paragraphs of one document in one language. Records with the same `document_id` come\n\
             from the same document; `spans` says for each piece of `text` which bytes it was made of, from which\n\
             encoding, and how sure its label is.\n",
        );
    }
    out
}

/// What the fields of records are: a table knows, but from lines of JSON it would be guessed, by those that come first. Labels
/// share one list of them.
fn features(out: &mut String, report: &Report, config: &Config) {
    out.push_str("dataset_info:\n");
    for (i, label) in report.labels.keys().enumerate() {
        let _ = write!(out, "- config_name: {label}\n  features:");
        if i > 0 {
            out.push_str(" *records\n");
            continue;
        }
        out.push_str(" &records\n");
        for field in fields(config) {
            let _ = writeln!(out, "  - name: {}\n    {}", field.name(), feature(field));
        }
    }
}

fn feature(field: Field) -> &'static str {
    match field.kind() {
        // A name, or several of them.
        Kind::Names if field == Field::Encoding => "dtype: json",
        Kind::Text => "dtype: string",
        Kind::Number => "dtype: int64",
        Kind::Score => "dtype: float64",
        Kind::Names => "list: string",
        Kind::Object => "dtype: json",
        Kind::Spans => {
            "list:
    - name: start
      dtype: int64
    - name: end
      dtype: int64
    - name: source
      list: int64
    - name: encoding
      dtype: string
    - name: score
      dtype: float64
    - name: role
      dtype: string"
        }
    }
}
