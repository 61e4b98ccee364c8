//! Reads the records of an output file back, whatever its format.

use std::ops::ControlFlow;
use std::path::Path;

use crate::source::open_output;

/// Longest record.
const LIMIT: usize = 1 << 30;

/// True for a file of bare text, whose records end with a blank line.
pub(crate) fn is_text(file: &str) -> bool {
    file.ends_with(".txt") || file.ends_with(".txt.zst")
}

/// Gives each record of a file as JSON to `each`, until that has enough; of a table only the `wanted` columns, all where
/// none are named. Of bare text its lines.
pub(crate) fn each_record(
    path: &Path,
    wanted: &[&str],
    mut each: impl FnMut(&[u8]) -> Result<ControlFlow<()>, String>,
) -> Result<(), String> {
    if path.extension().is_some_and(|ending| ending == "parquet") {
        return rows(path, wanted, each);
    }
    let mut reader = open_output(path).map_err(|e| e.to_string())?;
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.line_into(&mut line, LIMIT);
        if line.is_empty() {
            return reader.failure().map_or(Ok(()), |e| Err(e.to_string()));
        }
        if each(&line)?.is_break() {
            return Ok(());
        }
    }
}

#[cfg(feature = "parquet")]
fn rows(
    path: &Path,
    wanted: &[&str],
    mut each: impl FnMut(&[u8]) -> Result<ControlFlow<()>, String>,
) -> Result<(), String> {
    crate::source::parquet::rows(path, wanted, |row| each(row.as_bytes()))
}

#[cfg(not(feature = "parquet"))]
fn rows(_: &Path, _: &[&str], _: impl FnMut(&[u8]) -> Result<ControlFlow<()>, String>) -> Result<(), String> {
    Err("to read it takes the feature `parquet`, which this build lacks".to_owned())
}
