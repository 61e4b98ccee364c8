//! `run`: the main job.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::args::RunArgs;
use super::console::Console;
use super::summary::tell;
use super::{DONE, FOUND};
use crate::config::Config;
use crate::run::{Job, run as work};
use crate::sink::{Existing, partial};
use crate::source::{Input, Origin, expand};

pub(super) fn run(args: &RunArgs, config: &Config, console: &Console) -> anyhow::Result<u8> {
    let existing = match (args.overwrite, args.resume) {
        (true, _) => Existing::Overwrite,
        (_, true) => Existing::Resume,
        _ => Existing::Refuse,
    };
    let mut words = args.inputs.clone();
    if let Some(list) = &args.inputs_from {
        words.extend(listed(list)?);
    }
    let mut inputs = expand(&words)?;
    // What a killed run left half-written is no input.
    if let Some(left) = partial(&args.out).and_then(|p| p.canonicalize().ok()) {
        let inside = |input: &Input| matches!(&input.origin, Origin::File(p) if p.canonicalize().is_ok_and(|p| p.starts_with(&left)));
        inputs.retain(|input| !inside(input));
    }
    let job = Job { inputs, out: args.out.clone(), existing };
    for input in &job.inputs {
        console.detail(&format!("reading {}", input.name));
    }
    let bar = console.watch(job.inputs.iter().map(bytes_on_disk).sum());
    let done = work(&job, config, &bar);
    bar.close();
    let summary = done?;
    tell(&summary, &args.out, console);
    let total = &summary.ledger.total;
    let share = total.rejected_bytes() as f64 / total.read.max(1) as f64;
    if share > config.max_reject_rate {
        let limit = config.max_reject_rate;
        console.error(&format!(
            "{:.2} % of the bytes were rejected, more than --max-reject-rate {limit} allows",
            share * 100.0
        ));
        return Ok(FOUND);
    }
    Ok(DONE)
}

/// The inputs that a file names.
fn listed(list: &Path) -> anyhow::Result<Vec<String>> {
    let read = if list == Path::new("-") { io::read_to_string(io::stdin()) } else { std::fs::read_to_string(list) };
    let text = read.with_context(|| format!("could not read --inputs-from {}", list.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

fn bytes_on_disk(input: &Input) -> u64 {
    match &input.origin {
        Origin::File(path) => std::fs::metadata(path).map_or(0, |m| m.len()),
        #[cfg(feature = "object-store")]
        Origin::Object(object) => object.size,
        Origin::Stdin | Origin::Unreadable(_) => 0,
    }
}
