//! Finds a record of an output folder by its id, and the bytes that it was made of by its provenance.
//!
//! A record names its input, its number there and, within the document, the bytes of each span. Inputs are read in a
//! fixed order, so reading the input once more with the settings of the run, up to that number, gives the same document:
//! through all compressions and archives, without anything of them being unpacked to disk.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memmem::Finder;
use rayon::prelude::*;
use serde_json::Value;

use crate::batch::Batch;
use crate::config::{ByteSize, Config, Format};
use crate::error::{Error, Result};
use crate::pipeline::Pipeline;
use crate::sink::{self, Encode, Encoded, Ledger};
use crate::source::{Input, Inputs, Origin, expand};
use crate::stage::Scratch;

/// A record of an output folder.
#[derive(Clone, Debug)]
pub struct Found {
    /// The file it is in, as in the ledger.
    pub file: String,
    /// The record.
    pub record: Value,
    /// The id that was asked for is that of its document.
    pub is_document: bool,
}

/// The document that a record was made of, read and worked on once more.
#[derive(Debug)]
pub struct Again {
    /// Holds that document alone.
    pub batch: Batch,
    /// Its input.
    pub input: Input,
    /// The record as it comes out now; none when the document gives no record of that id any more.
    pub record: Option<Value>,
}

impl Again {
    /// First byte and byte after the last of each of the record's spans, in the payload of its document.
    pub fn spans(&self) -> Vec<(u64, u64)> {
        let Some(record) = &self.record else { return Vec::new() };
        let pair = |value: &Value| Some((value[0].as_u64()?, value[1].as_u64()?));
        match record["spans"].as_array() {
            Some(spans) => spans.iter().filter_map(|span| pair(&span["source"])).collect(),
            None => pair(&record["source"]).into_iter().collect(),
        }
    }

    /// True when the record still says what the folder says.
    pub fn agrees(&self, found: &Found) -> bool {
        let same = |name: &str| self.record.as_ref().is_some_and(|record| record[name] == found.record[name]);
        same("text") && same("bytes")
    }
}

/// The record of this id in an output folder, or the first of the document of this id.
///
/// # Errors
/// [`Error::Config`] when the folder has none, or is no output folder.
pub fn record(folder: &Path, ledger: &Ledger, id: &str, threads: usize) -> Result<Found> {
    let quoted = serde_json::to_string(id).unwrap_or_default();
    let finder = Finder::new(&quoted);
    let pool = crate::run::pool(threads)?;
    let records = ledger.outputs.par_iter().filter(|output| !sink::is_text(&output.path));
    let found = pool.install(|| records.find_map_first(|output| search(folder, &output.path, &finder, id)));
    found.ok_or_else(|| {
        let bare = if ledger.outputs.iter().any(|o| sink::is_text(&o.path)) { " (txt files hold no ids)" } else { "" };
        Error::config(format!("{} holds no record with the id {id}{bare}", folder.display()))
    })
}

/// Looks for a record in one file. What can't be read is left to `verify`.
fn search(folder: &Path, file: &str, finder: &Finder<'_>, id: &str) -> Option<Found> {
    let mut found = None;
    let looked = sink::each_record(&folder.join(file), &[], |line| {
        if finder.find(line).is_none() {
            return Ok(ControlFlow::Continue(()));
        }
        // The same digits may stand in the text.
        let record: Value = serde_json::from_slice(line).unwrap_or_default();
        let is_document = record["document_id"] == id;
        if record["id"] != id && !is_document {
            return Ok(ControlFlow::Continue(()));
        }
        found = Some(Found { file: file.to_owned(), record, is_document });
        Ok(ControlFlow::Break(()))
    });
    looked.ok().and(found)
}

/// Reads the document of a record once more, with the settings of the run; names of inputs are relative to `root`, the
/// folder that the run was started in.
///
/// # Errors
/// [`Error::Source`] when the input is not there or can't be read, [`Error::Config`] when it has no such document any
/// more.
pub fn again(found: &Found, config: &Config, root: &Path) -> Result<Again> {
    let pipeline = Pipeline::new(config)?;
    let inputs = [input(found, root)?];
    // A document a batch: only the one that is wanted is worked on.
    let settings = Config { batch_size: ByteSize(1), strict: false, ..config.clone() };
    // All fields, whatever the folder has.
    let Config { schema, columns, .. } = Config::default();
    let encoder = sink::encoder(&Config { format: Format::Jsonl, schema, columns, ..settings.clone() });
    let pool = Arc::new(crate::run::pool(config.threads)?);
    let mut source = Inputs::new(&inputs, &settings, Arc::default())?.with_pool(pool);
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    let place = found.record["record"].as_u64().map(|n| (n, found.record["part"].as_u64().unwrap_or(0)));
    let mut near = None;
    while source.fill(&mut batch)? {
        batch.documents.retain(|d| !d.is_structure() && place.is_none_or(|p| p == (d.record, u64::from(d.part))));
        if batch.documents.is_empty() {
            continue;
        }
        pipeline.apply(&mut batch, &mut scratch);
        let record = made(&*encoder, &batch, &inputs, &found.record["id"]);
        let is_it = record.is_some();
        if is_it || place.is_some() {
            near = Some((std::mem::take(&mut batch), record));
        }
        if is_it {
            break;
        }
    }
    drop(source);
    let [input] = inputs;
    match near {
        Some((batch, record)) => Ok(Again { batch, input, record }),
        None => Err(Error::config(format!("{} has no such record any more: it is another file now", input.name))),
    }
}

/// The record of this id among those that a batch gives.
fn made(encoder: &dyn Encode, batch: &Batch, inputs: &[Input], id: &Value) -> Option<Value> {
    let mut encoded = Encoded::default();
    encoder.encode(batch, inputs, &mut encoded);
    let records = encoded.bytes.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    records.into_iter().find(|record| record["id"] == *id)
}

/// The input of a record, under the name that it has there.
fn input(found: &Found, root: &Path) -> Result<Input> {
    let Some(name) = found.record["file_path"].as_str() else {
        return Err(Error::config("the records of this folder do not say where they came from: it has no file_path"));
    };
    let fail = |why: String| Err(Error::source(name, 0, std::io::Error::other(why)));
    if name == "-" {
        return fail("it came from standard input, which can't be read again".to_owned());
    }
    if name.contains("://") {
        let origin = expand(&[name.to_owned()])?.into_iter().next().map(|input| input.origin);
        return origin.map_or_else(
            || fail("it is no place that can be read".to_owned()),
            |origin| Ok(Input { name: name.to_owned(), origin }),
        );
    }
    match [root.join(name), root.join(unescaped(name))].into_iter().find(|path| path.exists()) {
        Some(path) => Ok(Input { name: name.to_owned(), origin: Origin::File(path) }),
        None => fail(format!("no such file in {}; give --root, the folder that `run` was started in", root.display())),
    }
}

/// A name with bytes that are no UTF-8, which records tell as `\xFF`.
#[cfg(unix)]
fn unescaped(name: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    let mut bytes = Vec::new();
    let mut rest = name;
    while let Some(at) = rest.find("\\x") {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let byte = rest.get(at + 2..at + 4).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (used, piece) = byte.map_or((2, &b"\\x"[..]), |_| (4, &[]));
        bytes.extend_from_slice(piece);
        bytes.extend(byte);
        rest = &rest[at + used..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn unescaped(name: &str) -> PathBuf {
    name.into()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn names_come_back() {
        for (told, bytes) in
            [("a.txt", &b"a.txt"[..]), ("\\xFF\\x0.txt", b"\xFF\\x0.txt"), ("é\\xé", "é\\xé".as_bytes())]
        {
            assert_eq!(unescaped(told).as_os_str().as_bytes(), bytes);
        }
    }
}
