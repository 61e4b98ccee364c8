//! What the filters share: lines in, lines out, in their order, on all cores.

use std::io::Write as _;
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::args::FilterArgs;
use super::console::output;
use super::object::Object;
use super::{DONE, FOUND};
use crate::config::Config;
use crate::decode::Encoding;
use crate::error::Error;
use crate::source::{Flaw, Reader, open};

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
    fn object(&self, object: &mut Object, scratch: &mut Self::Scratch) -> Result<(), String>;
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
        reader.take_into(&mut bytes, CHUNK * pool.current_num_threads());
        if bytes.is_empty() {
            break;
        }
        ends.extend(memchr::memchr_iter(b'\n', &bytes).map(|at| at + 1));
        let whole = ends.last().copied().unwrap_or(0);
        if whole < bytes.len() {
            let begun = bytes.len() - whole;
            reader.line_into(&mut bytes, LIMIT.saturating_sub(begun));
            ends.push(bytes.len());
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
    whole(args, reader.failure().map(Flaw::of), reader.taken())?;
    Ok(if failed { FOUND } else { DONE })
}

/// The input of a filter.
pub(super) fn input(args: &FilterArgs) -> crate::Result<Reader> {
    let path = args.file.as_deref().unwrap_or(Path::new("-"));
    if path.is_dir() {
        let shown = path.display();
        return Err(Error::config(format!(
            "{shown} is a folder; give a file of it, or `babelsift run {shown} --out DIR`"
        )));
    }
    open(path)
}

/// Fails when the input broke off.
pub(super) fn whole(args: &FilterArgs, flaw: Option<Flaw>, taken: u64) -> anyhow::Result<()> {
    let name = args.file.as_deref().unwrap_or(Path::new("standard input")).display();
    match flaw {
        Some(flaw) => anyhow::bail!("{name} is broken after {taken} bytes: {flaw}"),
        None => Ok(()),
    }
}

fn lines<F: LineFilter>(
    filter: &F,
    jsonl: bool,
    bytes: &[u8],
    start: usize,
    ends: &[usize],
    first: usize,
) -> (Vec<u8>, bool) {
    let all = &bytes[start..ends.last().copied().unwrap_or(start)];
    let (mut scratch, mut out, mut text) = (F::Scratch::default(), Vec::with_capacity(all.len()), String::new());
    // Once for all lines is several times as fast as one by one.
    let all = if jsonl { None } else { simdutf8::basic::from_utf8(all).ok() };
    let (first_byte, mut start, mut failed) = (start, start, false);
    for (i, &end) in ends.iter().enumerate() {
        let line = &bytes[start..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if jsonl {
            failed |= object(filter, line, first + i, &mut scratch, &mut out);
        } else if let Some(line) = all.and_then(|all| all.get(start - first_byte..)?.get(..line.len())) {
            filter.text(line, &mut scratch, &mut out);
        } else {
            text.clear();
            let valid = simdutf8::basic::from_utf8(line).is_ok();
            // The same for all but surrogates, of which UTF-8 makes three characters each.
            (if valid { Encoding::UTF_8 } else { Encoding::CESU_8 }).decode_into(line, &mut text);
            filter.text(&text, &mut scratch, &mut out);
        }
        start = end;
    }
    (out, failed)
}

/// Appends what became of an object; true when something is wrong with it.
fn object<F: LineFilter>(filter: &F, line: &[u8], number: usize, scratch: &mut F::Scratch, out: &mut Vec<u8>) -> bool {
    let (mut object, done) = match serde_json::from_slice::<Object>(line) {
        Ok(mut object) => {
            let done = filter.object(&mut object, scratch);
            (object, done)
        }
        Err(error) => {
            let mut object = Object::default();
            object.set("line", &(number + 1));
            (object, Err(error.to_string()))
        }
    };
    if let Err(error) = &done {
        object.set("error", error);
    }
    object.write(out);
    done.is_err()
}

/// A score as it is printed: four decimals.
pub(super) fn rounded(score: f32) -> Value {
    json!((f64::from(score) * 1e4).round() / 1e4)
}
