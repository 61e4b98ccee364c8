//! `verify`: an output folder against its ledger.

use super::args::VerifyArgs;
use super::console::{Console, size};
use super::{DONE, FOUND};
use crate::config::Config;
use crate::verify::{quick, verify};

/// Differences that are told one by one.
const TOLD: usize = 20;

pub(super) fn run(args: &VerifyArgs, config: &Config, console: &Console) -> anyhow::Result<u8> {
    let found = if args.quick { quick(&args.folder)? } else { verify(&args.folder, config.threads)? };
    let shown = args.folder.display();
    if found.differences.is_empty() {
        let (files, records, bytes) = (found.files, found.records, size(found.bytes));
        let sizes = if args.quick { " by their sizes, and by the ledger" } else { ", and" };
        console.say(&match found.unchecked {
            None => {
                format!("{shown} holds: {files} files, {records} records{sizes} all {bytes} read are accounted for")
            }
            Some(unchecked) => format!("{shown} holds: {files} files, {records} records; but {unchecked}"),
        });
        return Ok(DONE);
    }
    for difference in found.differences.iter().take(TOLD) {
        console.error(difference);
    }
    let more = found.differences.len().saturating_sub(TOLD);
    if more > 0 {
        console.error(&format!("and {more} more"));
    }
    Ok(FOUND)
}
