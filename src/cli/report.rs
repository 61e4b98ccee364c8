//! `report`: the report of an output folder, made again.

use super::DONE;
use super::args::ReportArgs;
use super::console::Console;
use super::summary::tell;
use crate::report::Paper;
use crate::run::Summary;

pub(super) fn run(args: &ReportArgs, console: &Console) -> anyhow::Result<u8> {
    let (paper, ledger) = Paper::read(&args.folder)?;
    paper.write(&ledger, &args.folder)?;
    let summary = Summary { report: paper.report, ledger, ..Summary::default() };
    tell(&summary, &args.folder.join("report.html"), console);
    Ok(DONE)
}
