//! `report`: the report of an output folder, made again.

use super::DONE;
use super::args::ReportArgs;
use super::console::Console;
use super::summary::tell;
use crate::report::Paper;
use crate::run::{Summary, pretty};
use crate::sink::{PaperFile, write_whole};

pub(super) fn run(args: &ReportArgs, console: &Console) -> anyhow::Result<u8> {
    let (paper, mut ledger) = Paper::read(&args.folder)?;
    let before = ledger.papers.clone();
    paper.write(&mut ledger, &args.folder)?;
    if ledger.papers != before {
        // The page may be of another version, so the ledger is told of it; of counters there is no other version.
        let counters = |papers: &[PaperFile]| papers.iter().find(|p| p.path == "report.json").cloned();
        if !before.is_empty() && counters(&before) != counters(&ledger.papers) {
            console.warn("report.json is not the one that the run wrote; the report says what it says now");
        }
        write_whole(&args.folder.join("ledger.json"), &pretty(&ledger)?)?;
    }
    let summary = Summary { report: paper.report, ledger, ..Summary::default() };
    tell(&summary, &args.folder.join("report.html"), console);
    Ok(DONE)
}
