//! `merge`: the folders of shards become one.

use super::DONE;
use super::args::MergeArgs;
use super::console::Console;
use super::summary::tell;
use crate::sink::{Existing, merge};

pub(super) fn run(args: &MergeArgs, console: &Console) -> anyhow::Result<u8> {
    let existing = if args.overwrite { Existing::Overwrite } else { Existing::Refuse };
    let summary = merge(&args.shards, &args.out, existing)?;
    tell(&summary, &args.out, console);
    Ok(DONE)
}
