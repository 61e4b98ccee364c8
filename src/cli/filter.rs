//! What the filters share: lines in, lines out, in their order, on all cores.

use std::io::Write as _;
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::args::FilterArgs;
use super::console::output;
use super::{DONE, FOUND};
use crate::config::Config;
use crate::decode::Encoding;
use crate::source::{Reader, open};

/// Input for all workers at a time.
const CHUNK: usize = 1 << 20;
/// Longest line.
const LIMIT: usize = 1 << 30;

/// Works on one line: appends what is to be printed, or says what is wrong with the line.
pub(super) trait LineFilter: Sync {
    /// Memory that is kept from line to line.
    type Scratch: Default;

    /// Plain text in, without its line end.
    fn text(&self, line: &str, scratch: &mut Self::Scratch, out: &mut Vec<u8>);

    /// The members of a JSON object in; what is added or changed is changed there.
    fn object(&self, object: &mut Map<String, Value>, scratch: &mut Self::Scratch) -> Result<(), String>;
}

/// Runs a filter over a file or standard input.
pub(super) fn run(filter: &impl LineFilter, args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    let mut reader = input(args)?;
    let mut out = output();
    let pool = crate::run::pool(config.threads)?;
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    let (mut first, mut failed) = (0, false);
    loop {
        bytes.clear();
        ends.clear();
        while bytes.len() < CHUNK * pool.current_num_threads() {
            let before = bytes.len();
            reader.line_into(&mut bytes, LIMIT);
            if bytes.len() == before {
                break;
            }
            ends.push(bytes.len());
        }
        if ends.is_empty() {
            break;
        }
        let share = ends.len().div_ceil(4 * pool.current_num_threads());
        let parts: Vec<(Vec<u8>, bool)> = pool.install(|| {
            let part = |(i, part): (usize, &[usize])| {
                let start = if i == 0 { 0 } else { ends[i * share - 1] };
                lines(filter, args.jsonl, &bytes, start, part, first + i * share)
            };
            ends.par_chunks(share).enumerate().map(part).collect()
        });
        first += ends.len();
        for (text, bad) in parts {
            failed |= bad;
            out.write_all(&text)?;
        }
    }
    out.flush()?;
    if let Some(error) = reader.failure() {
        anyhow::bail!("input broken after {} bytes: {error}", reader.taken());
    }
    Ok(if failed { FOUND } else { DONE })
}

/// The input of a filter.
pub(super) fn input(args: &FilterArgs) -> crate::Result<Reader> {
    open(args.file.as_deref().unwrap_or(Path::new("-")))
}

fn lines<F: LineFilter>(
    filter: &F,
    jsonl: bool,
    bytes: &[u8],
    start: usize,
    ends: &[usize],
    first: usize,
) -> (Vec<u8>, bool) {
    let (mut scratch, mut out, mut text) = (F::Scratch::default(), Vec::new(), String::new());
    let (mut start, mut failed) = (start, false);
    for (i, &end) in ends.iter().enumerate() {
        let line = &bytes[start..end];
        start = end;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if jsonl {
            let (value, bad) = object(filter, line, first + i, &mut scratch);
            failed |= bad;
            out.extend_from_slice(value.to_string().as_bytes());
            out.push(b'\n');
        } else {
            text.clear();
            Encoding::UTF_8.decode_into(line, &mut text);
            filter.text(&text, &mut scratch, &mut out);
        }
    }
    (out, failed)
}

fn object<F: LineFilter>(filter: &F, line: &[u8], number: usize, scratch: &mut F::Scratch) -> (Value, bool) {
    let broken = |error: String| (json!({ "error": error, "line": number + 1 }), true);
    let mut map = match serde_json::from_slice(line) {
        Ok(Value::Object(map)) => map,
        Ok(_) => return broken("no JSON object".to_owned()),
        Err(error) => return broken(error.to_string()),
    };
    let done = filter.object(&mut map, scratch);
    if let Err(error) = &done {
        map.insert("error".to_owned(), json!(error));
    }
    (Value::Object(map), done.is_err())
}

/// The text of an object.
pub(super) fn text(object: &Map<String, Value>) -> Result<&str, String> {
    object.get("text").and_then(Value::as_str).ok_or_else(|| "no field \"text\" with a string".to_owned())
}

/// A score as it is printed: four decimals.
pub(super) fn rounded(score: f32) -> Value {
    json!((f64::from(score) * 1e4).round() / 1e4)
}
