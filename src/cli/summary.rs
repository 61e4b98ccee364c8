//! The result of a run in at most ten lines: the numbers of the report.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::console::{Console, size};
use crate::report::Report;
use crate::run::Summary;

/// Names that are told one by one in a line.
const TOLD: usize = 8;

/// Says what came of a run.
pub(super) fn tell(summary: &Summary, out: &Path, console: &Console) {
    if summary.was_complete {
        console.say(&format!("{} is complete already; nothing was done", out.display()));
    }
    if summary.resumed > 0 {
        console.say(&format!("went on from {}, which an interrupted run had read", size(summary.resumed)));
    }
    lines(summary).iter().for_each(|line| console.say(line));
    console.say(&format!("written to {}", out.display()));
}

fn lines(summary: &Summary) -> Vec<String> {
    let (report, total) = (&summary.report, &summary.ledger.total);
    let mut lines = vec![
        format!(
            "{} in {}: {} read = {} kept + {} rejected + {} structure",
            plural(report.documents, "document"),
            plural(summary.ledger.inputs.len() as u64, "input"),
            size(total.read),
            size(total.kept_bytes()),
            size(total.rejected_bytes()),
            size(total.structure),
        ),
        corpora(report),
    ];
    let bytes = |map: &BTreeMap<String, u64>| listed(map.iter().map(|(name, n)| (name.as_str(), *n)), size);
    let paragraphs =
        |map: &BTreeMap<String, u64>| listed(map.iter().map(|(name, n)| (name.as_str(), *n)), |n| n.to_string());
    let whole: u64 = report.encodings.values().map(|c| c.bytes).sum();
    if whole > 0 {
        let encodings = report.encodings.iter().map(|(name, count)| (name.as_str(), count.bytes));
        lines.push(format!("encodings: {}", listed(encodings, |n| share(n, whole))));
    }
    if report.malformed > 0 {
        lines.push(format!("{} replaced", plural(report.malformed, "malformed byte sequence")));
    }
    if report.repaired > 0 {
        lines.push(format!("{} repaired: {}", plural(report.repaired, "paragraph"), paragraphs(&report.repairs)));
    }
    if !report.flags.is_empty() {
        lines.push(format!("flagged, not changed: {}", paragraphs(&report.flags)));
    }
    if !total.rejected.is_empty() {
        let times = report.reasons.values().map(|c| c.count).sum();
        lines.push(format!("{} rejected: {}", plural(times, "stretch"), bytes(&total.rejected)));
    }
    lines
}

fn corpora(report: &Report) -> String {
    let (mut records, mut fragments, mut sum) = (0, 0, 0);
    for count in report.labels.values() {
        records += count.records;
        fragments += count.fragments;
        sum += count.score_sum;
    }
    let score = sum as f64 / 1e4 / fragments.max(1) as f64;
    let labels = listed(report.labels.iter().map(|(label, count)| (label.as_str(), count.bytes)), size);
    let corpora =
        if report.labels.len() == 1 { "1 corpus".to_owned() } else { format!("{} corpora", report.labels.len()) };
    match labels.is_empty() {
        true => "nothing was kept".to_owned(),
        false => format!("{corpora}, {}, mean score {score:.2}: {labels}", plural(records, "record")),
    }
}

/// The largest, and how many more there are.
fn listed<'a>(all: impl Iterator<Item = (&'a str, u64)>, shown: impl Fn(u64) -> String) -> String {
    let mut rows: Vec<(&str, u64)> = all.collect();
    rows.sort_by_key(|(name, number)| (Reverse(*number), *name));
    let mut words: Vec<String> =
        rows.iter().take(TOLD).map(|(name, number)| format!("{name} {}", shown(*number))).collect();
    if rows.len() > TOLD {
        words.push(format!("and {} more", rows.len() - TOLD));
    }
    words.join(", ")
}

fn share(part: u64, whole: u64) -> String {
    format!("{:.1} %", part as f64 * 100.0 / whole.max(1) as f64)
}

fn plural(count: u64, what: &str) -> String {
    let ending = match () {
        () if count == 1 => "",
        () if what.ends_with("ch") => "es",
        () => "s",
    };
    format!("{count} {what}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Count, LabelCount};

    #[test]
    fn ten_lines_however_much_there_is() {
        let mut summary = Summary::default();
        let report = &mut summary.report;
        for i in 0..100 {
            let label = LabelCount { bytes: i, records: 1, ..LabelCount::default() };
            report.labels.insert(format!("l{i:02}"), label);
            report.encodings.insert(format!("e{i:02}"), Count { count: 1, bytes: i });
            report.repairs.insert(format!("r{i:02}"), i);
            report.flags.insert(format!("f{i:02}"), i);
            report.reasons.insert(format!("x{i:02}"), Count { count: 2, bytes: i });
            summary.ledger.total.rejected.insert(format!("x{i:02}"), i);
        }
        (report.malformed, report.repaired) = (1, 1);
        let lines = lines(&summary);
        assert_eq!(lines.len() + 2, 9, "with the head of a complete folder and where it is");
        assert!(lines[1].starts_with("100 corpora, 100 records, mean score 0.00: l99 99 bytes, l98"), "{}", lines[1]);
        assert!(lines[1].ends_with(", and 92 more"), "{}", lines[1]);
        assert!(lines[6].starts_with("200 stretches rejected: x99"), "{}", lines[6]);
    }
}
