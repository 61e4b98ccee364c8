//! `run`: the main job.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::args::RunArgs;
use super::console::Console;
use super::dry_run::dry_run;
use super::summary::tell;
use super::watch::Watch;
use super::{DONE, FOUND};
use crate::config::Config;
use crate::error::Error;
use crate::reason::{REASONS, Reason};
use crate::run::{Job, Summary, run as work};
#[cfg(feature = "object-store")]
use crate::sink::Upload;
use crate::sink::{Existing, partial};
use crate::source::{Input, Origin, expand, expand_with_links, is_packed, share};

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
    let mut inputs = if args.follow_links { expand_with_links(&words)? } else { expand(&words)? };
    // What a killed run left half-written is no input.
    if let Some(left) = partial(&args.out).and_then(|p| p.canonicalize().ok()) {
        let inside = |input: &Input| matches!(&input.origin, Origin::File(p) if p.canonicalize().is_ok_and(|p| p.starts_with(&left)));
        inputs.retain(|input| !inside(input));
    }
    if inputs.is_empty() {
        let named = if words.is_empty() { "--inputs-from".to_owned() } else { words.join(" ") };
        anyhow::bail!("{named}: no file there; give files, or a folder with files in it");
    }
    if args.dry_run {
        return dry_run(&inputs, &share(&inputs, config), args, config, console);
    }
    let upload = args.upload.as_deref().map(|address| Upload::new(address, existing)).transpose()?;
    let job = Job { inputs, out: args.out.clone(), existing };
    let own = &job.inputs[share(&job.inputs, config).inputs];
    let watch = Watch::new(console, &args.out, own.len(), own.iter().map(Input::size).sum())
        .with_space(config.min_free.0, expected(own, config))?
        .with_status_file(args.status_file.as_deref())?;
    let done = watch.around(|| work(&job, config, &watch));
    let left = partial(&args.out).filter(|p| p.join("journal").is_file());
    let summary = match (done, left) {
        (Err(error @ (Error::Interrupted | Error::Sink { .. } | Error::Source { .. })), Some(left)) => {
            let left = left.display();
            return Err(error).context(format!("{left} keeps what was done, and --resume goes on from there"));
        }
        (done, _) => done?,
    };
    watch.close(&summary);
    tell(&summary, &args.out, console);
    if let Some(upload) = upload {
        upload
            .put(&args.out)
            .with_context(|| format!("{} is complete, and --resume puts it again", args.out.display()))?;
    }
    Ok(judged(&summary, config, console))
}

/// Whether more was rejected than the user allows.
fn judged(summary: &Summary, config: &Config, console: &Console) -> u8 {
    let total = &summary.ledger.total;
    let mut status = DONE;
    let share = total.rejected_bytes() as f64 / total.read.max(1) as f64;
    if share > config.max_reject_rate {
        let limit = config.max_reject_rate;
        console.error(&format!(
            "{:.2} % of the bytes were rejected, more than --max-reject-rate {limit} allows",
            share * 100.0
        ));
        status = FOUND;
    }
    let is_bad = |name: &str| REASONS.iter().any(|(_, reason, stage, _)| *reason == name && BAD.contains(stage));
    // What is beside the main text of a page is left out on purpose, and what crawlers cut off is what there is.
    let bad = |name: &str| is_bad(name) && ![Reason::BesideMain, Reason::Truncated].map(Reason::name).contains(&name);
    let errors: u64 = summary.report.reasons.iter().filter(|(name, _)| bad(name)).map(|(_, count)| count.count).sum();
    if let Some(limit) = config.max_errors.0.filter(|limit| errors > *limit) {
        console.error(&format!("{errors} records and inputs are bad, more than --max-errors {limit} allows"));
        status = FOUND;
    }
    status
}

/// Stages whose rejects are the data's fault.
const BAD: [&str; 2] = ["source", "decode"];

/// About how many bytes the folder takes: text that is packed is about as large as it was, bare text is packed or grows
/// by its records.
fn expected(inputs: &[Input], config: &Config) -> u64 {
    let of = |input: &Input| match (is_packed(&input.name), config.format.is_compressed()) {
        (true, true) => input.size(),
        (false, true) => input.size() / 2,
        (true, false) => input.size() * 4,
        (false, false) => input.size() * 3 / 2,
    };
    inputs.iter().map(of).sum()
}

/// The inputs that a file names.
fn listed(list: &Path) -> anyhow::Result<Vec<String>> {
    let read = if list == Path::new("-") { io::read_to_string(io::stdin()) } else { std::fs::read_to_string(list) };
    let text = read.map_err(|e| Error::config(format!("could not read --inputs-from {}: {e}", list.display())))?;
    let lines = text
        .trim_start_matches('\u{FEFF}')
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Stands where stores are not built in.
#[cfg(not(feature = "object-store"))]
enum Upload {}

#[cfg(not(feature = "object-store"))]
impl Upload {
    fn new(address: &str, _: Existing) -> crate::Result<Self> {
        Err(crate::source::without_stores(&format!("--upload {address}")))
    }

    fn put(&self, _: &Path) -> crate::Result<()> {
        match *self {}
    }
}
