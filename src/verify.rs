//! Checks an output folder against its ledger.

mod trace;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::sink::{Id, Ledger, OutputFile, PaperFile, Sums, each_record, hex, is_text, tell_sources};

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What is not as the ledger says, in words; empty when the folder holds.
    pub differences: Vec<String>,
    /// Files looked at.
    pub files: usize,
    /// Records in them.
    pub records: u64,
    /// Bytes of input that the ledger accounts for.
    pub bytes: u64,
    /// What could not be checked, and why.
    pub unchecked: Option<String>,
}

/// What a check needs of a record.
#[derive(Default, Deserialize)]
struct Record<'a> {
    id: Option<String>,
    file_path: Option<String>,
    language: Option<String>,
    language_script: Option<String>,
    spans: Option<Vec<Span>>,
    reason: Option<String>,
    /// Bytes of a reject; in records of Dolma the input.
    #[serde(borrow)]
    source: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Span {
    source: [u64; 2],
}

/// What a file holds.
#[derive(Default)]
struct Contents {
    differences: Vec<String>,
    records: u64,
    ids: Id,
    /// By input.
    sums: BTreeMap<String, Sums>,
    /// What records say of themselves is under `metadata`.
    in_metadata: bool,
}

/// Checks that every file is the one that was written, and that the records account for every byte that was read.
///
/// Where records do not say where they came from, because that field was not wanted or they are bare text, sums are not
/// checked, and the findings say so.
///
/// # Errors
/// [`Error::Source`] when the folder has no ledger that can be read. What does not hold is no error but a finding.
pub fn verify(folder: &Path, threads: usize) -> Result<Findings> {
    let (ledger, mut found) = begin(folder)?;
    let pool = crate::run::pool(threads)?;
    let contents: Vec<Contents> =
        pool.install(|| ledger.outputs.par_iter().map(|o| contents(folder, o, &ledger.columns)).collect());
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for content in contents {
        found.differences.extend(content.differences);
        found.records += content.records;
        for (input, own) in content.sums {
            sums.entry(input).or_default().add(&own);
        }
    }
    found.differences.extend(papers(folder, &ledger));
    if tell_sources(&ledger.columns) {
        found.differences.extend(compare(&ledger, &sums));
        let suspects = trace::suspects(&ledger, &sums);
        if !suspects.is_empty() {
            found.differences.extend(trace::trace(folder, &ledger, &suspects));
        }
    } else {
        let columns = ledger.columns.join(", ");
        found.unchecked = Some(format!("which bytes were kept can't be told from records of {columns} alone"));
    }
    Ok(found)
}

/// Checks that all files are there and as long as they were written, without reading them.
///
/// # Errors
/// As [`verify`].
pub fn quick(folder: &Path) -> Result<Findings> {
    let (ledger, mut found) = begin(folder)?;
    found.records = ledger.outputs.iter().map(|o| o.records).sum();
    let outputs = ledger.outputs.iter().map(|o| (&o.path, o.bytes));
    for (path, bytes) in outputs.chain(ledger.papers.iter().map(|p| (&p.path, p.bytes))) {
        match std::fs::metadata(folder.join(path)) {
            Err(error) => found.differences.push(format!("{path}: {error}")),
            Ok(meta) if meta.len() != bytes => {
                found.differences.push(format!("{path}: {} bytes, not {bytes}", meta.len()));
            }
            Ok(_) => {}
        }
    }
    Ok(found)
}

/// The ledger, and what can be said of it and of the names of files.
fn begin(folder: &Path) -> Result<(Ledger, Findings)> {
    let path = folder.join("ledger.json");
    let fail = |e: std::io::Error| Error::source(path.display().to_string(), 0, e);
    let none =
        |e| Error::config(format!("{} is no output folder of `babelsift run`: ledger.json: {e}", folder.display()));
    let bytes = std::fs::read(&path).map_err(none)?;
    let ledger: Ledger = serde_json::from_slice(&bytes).map_err(|e| fail(e.into()))?;
    let mut found = Findings { files: ledger.outputs.len(), bytes: ledger.total.read, ..Findings::default() };
    if let Err(error) = ledger.check() {
        found.differences.push(error.to_string());
    }
    found.differences.extend(strangers(folder, &ledger));
    Ok((ledger, found))
}

/// Files of the report that are not as they were written.
fn papers(folder: &Path, ledger: &Ledger) -> Vec<String> {
    let check = |paper: &PaperFile| {
        let what = match digest(&folder.join(&paper.path)) {
            Err(error) => error.to_string(),
            Ok((_, hash)) if hash != paper.sha256 => CHANGED.to_owned(),
            Ok(_) => return None,
        };
        Some(format!("{}: {what}", paper.path))
    };
    ledger.papers.iter().filter_map(check).collect()
}

/// Files that the ledger does not know.
fn strangers(folder: &Path, ledger: &Ledger) -> Vec<String> {
    let mut found = Vec::new();
    for part in ["data", "rejects"] {
        for entry in
            walkdir::WalkDir::new(folder.join(part)).sort_by_file_name().into_iter().filter_map(std::result::Result::ok)
        {
            let Ok(path) = entry.path().strip_prefix(folder) else { continue };
            let path = path.to_string_lossy().replace('\\', "/");
            if entry.file_type().is_file() && !ledger.outputs.iter().any(|o| o.path == path) {
                found.push(format!("{path}: not in the ledger"));
            }
        }
    }
    found
}

/// Columns of tables that tell what a record accounts for.
const COLUMNS: [&str; 6] = ["id", "file_path", "language", "language_script", "spans", "metadata"];

/// What is said of a file with another hash.
const CHANGED: &str = "the SHA-256 is another: bytes were changed";

fn contents(folder: &Path, output: &OutputFile, columns: &[String]) -> Contents {
    // As Dolma has it, the input is the source.
    let in_metadata = columns.iter().any(|c| c == "source");
    let mut found = Contents { in_metadata, ..Contents::default() };
    let differ = |found: &mut Contents, what: String| found.differences.push(format!("{}: {what}", output.path));
    let path = folder.join(&output.path);
    match digest(&path) {
        Err(error) => {
            differ(&mut found, error.to_string());
            return found;
        }
        Ok((bytes, _)) if bytes != output.bytes => differ(&mut found, format!("{bytes} bytes, not {}", output.bytes)),
        Ok((_, hash)) if hash != output.sha256 => differ(&mut found, CHANGED.to_owned()),
        Ok(_) => {}
    }
    let read = each_record(&path, &COLUMNS, |read| {
        if is_text(&output.path) {
            found.records += u64::from(read == b"\n");
            return Ok(ControlFlow::Continue(()));
        }
        record(read, &mut found).map(ControlFlow::Continue)
    });
    if let Err(error) = read {
        differ(&mut found, error);
        return found;
    }
    if found.records != output.records {
        let what = format!("{} records, not {}", found.records, output.records);
        differ(&mut found, what);
    }
    let ids_are_told = output.path.starts_with("rejects/") || columns.is_empty() || columns.iter().any(|c| c == "id");
    if let Some(wanted) = output.ids.filter(|_| ids_are_told && !is_text(&output.path))
        && found.ids != wanted
    {
        let what = odd_one(&path, found.ids.with(wanted));
        differ(&mut found, what);
    }
    found
}

fn digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match std::io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok((bytes, hex(&hash.finalize()))),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// What it means that the ids of a file's records differ by this from those that were written.
fn odd_one(path: &Path, odd: Id) -> String {
    let mut count = 0;
    // What can't be read was told already.
    let _ = each_record(path, &["id"], |json| {
        count += usize::from(serde_json::from_slice::<Record<'_>>(json).is_ok_and(|record| record.id() == Some(odd)));
        Ok(ControlFlow::Continue(()))
    });
    match count {
        0 => format!("record {odd} is missing, or several are"),
        1 => format!("record {odd} was not written there, or several are missing or there twice"),
        _ => format!("record {odd} is there {count} times"),
    }
}

impl Record<'_> {
    fn id(&self) -> Option<Id> {
        self.id.as_ref()?.parse().ok()
    }
}

/// Counts a record and the bytes it accounts for.
fn record(json: &[u8], found: &mut Contents) -> std::result::Result<(), String> {
    let fail = |e: serde_json::Error| format!("record {}: {e}", found.records);
    let inner: String;
    let mut record: Record<'_> = serde_json::from_slice(json).map_err(fail)?;
    let id = record.id().unwrap_or_default();
    if let (true, None, Some(metadata)) = (found.in_metadata, &record.file_path, record.metadata) {
        // In a table an object is text.
        inner = serde_json::from_str(metadata.get()).unwrap_or_else(|_| metadata.get().to_owned());
        record = serde_json::from_str(&inner).map_err(fail)?;
    }
    (found.records, found.ids) = (found.records + 1, found.ids.with(id));
    let Some(input) = record.file_path else { return Ok(()) };
    let sums = found.sums.entry(input).or_default();
    match (record.reason, record.source.and_then(|s| serde_json::from_str::<[u64; 2]>(s.get()).ok())) {
        (Some(reason), Some([start, end])) => *sums.rejected.entry(reason).or_default() += end.saturating_sub(start),
        _ => {
            let (language, script) = (record.language.unwrap_or_default(), record.language_script.unwrap_or_default());
            let bytes = record.spans.iter().flatten().map(|s| s.source[1].saturating_sub(s.source[0])).sum::<u64>();
            *sums.kept.entry(format!("{language}_{script}")).or_default() += bytes;
        }
    }
    Ok(())
}

/// Sums of the records against those of the ledger, by input.
fn compare(ledger: &Ledger, found: &BTreeMap<String, Sums>) -> Vec<String> {
    let mut expected: BTreeMap<&str, Sums> = BTreeMap::new();
    for input in &ledger.inputs {
        expected.entry(&input.path).or_default().add(&input.sums);
    }
    let nothing = Sums::default();
    let mut differences = Vec::new();
    for (path, sums) in &expected {
        let own = found.get(*path).unwrap_or(&nothing);
        for (what, ours, theirs) in [("kept", &own.kept, &sums.kept), ("rejected", &own.rejected, &sums.rejected)] {
            let names = ours.keys().chain(theirs.keys()).collect::<std::collections::BTreeSet<_>>();
            for name in names {
                let (have, want) = (ours.get(name).unwrap_or(&0), theirs.get(name).unwrap_or(&0));
                if have != want {
                    differences.push(format!("{path}: {have} bytes {what} as {name}, not {want}"));
                }
            }
        }
    }
    let unknown = found.keys().filter(|p| !expected.contains_key(p.as_str()));
    differences.extend(unknown.map(|p| format!("{p}: records of an input that the ledger does not know")));
    differences
}
