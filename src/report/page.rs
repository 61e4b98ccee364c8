//! `report.html`: the report as one page that needs nothing else. Made of `report.json` and `ledger.json` alone, so it can
//! be made again at any time, and of nothing that differs from run to run.

use std::cmp::Reverse;

use super::chart;
use super::markup::{Markup, grouped, names, percent};
use super::sections;
use super::{Count, LENGTHS, LabelCount, Paper};
use crate::sink::Ledger;

/// The page.
pub fn page(paper: &Paper, ledger: &Ledger) -> String {
    let mut out = Markup::page("Corpora by language – babelsift");
    head(&mut out, paper, ledger);
    flow(&mut out, ledger);
    labels(&mut out, paper);
    sections::encodings(&mut out, &paper.report);
    sections::repairs(&mut out, &paper.report);
    sections::rejects(&mut out, &paper.report);
    sections::samples(&mut out, &paper.report);
    sections::inputs(&mut out, ledger);
    sections::configuration(&mut out, paper);
    out.end();
    out.0
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    let scaled = |unit: f64, name: &str| format!("{:.1} {name}", bytes as f64 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => scaled(1e3, "kB"),
        1_000_000..1_000_000_000 => scaled(1e6, "MB"),
        _ => scaled(1e9, "GB"),
    }
}

/// A section's beginning; the end is `</section>`.
pub(super) fn section(out: &mut Markup, id: &str, title: &str, about: &str) {
    out.raw("<section id=\"").raw(id).raw("\">\n<h2>").text(title).raw("</h2>\n");
    if !about.is_empty() {
        out.raw("<p class=\"about\">").text(about).raw("</p>\n");
    }
}

fn head(out: &mut Markup, paper: &Paper, ledger: &Ledger) {
    let (report, total) = (&paper.report, &ledger.total);
    let records: u64 = report.labels.values().map(|l| l.records).sum();
    out.raw("<header>\n<h1>Corpora by language</h1>\n<p class=\"about\">Made by babelsift ").text(&paper.babelsift);
    out.raw(" from ").value(grouped(ledger.inputs.len() as u64)).raw(" inputs.</p>\n<dl class=\"figures\">\n");
    let kept = total.kept_bytes();
    let figures = [
        ("read", size(total.read)),
        ("kept", percent(kept, total.read)),
        ("documents", grouped(report.documents)),
        ("records", grouped(records)),
        ("corpora", grouped(report.labels.len() as u64)),
    ];
    for (name, value) in figures {
        out.raw("<div><dt>").text(name).raw("</dt><dd>").text(&value).raw("</dd></div>\n");
    }
    out.raw("</dl>\n</header>\n");
}

/// A waterfall from what was read to what was kept.
fn flow(out: &mut Markup, ledger: &Ledger) {
    let total = &ledger.total;
    section(
        out,
        "flow",
        "From bytes read to bytes kept",
        "Every byte that was read is kept, rejected or structure: line ends, syntax, headers, padding.",
    );
    out.raw("<table class=\"flow\">\n<thead><tr><th>step</th><th>bytes</th><th class=\"n\">number</th><th class=\"n\">share</th></tr></thead>\n<tbody>\n");
    let mut row = |name: &str, class: &str, start: u64, end: u64| {
        out.raw("<tr class=\"").raw(class).raw("\"><th scope=\"row\">").text(name).raw("</th><td class=\"chart\">");
        chart::bar(out, &[(class, start, end)], total.read);
        out.raw("</td><td class=\"n\">").value(grouped(end - start));
        out.raw("</td><td class=\"n\">").value(percent(end - start, total.read)).raw("</td></tr>\n");
    };
    row("read", "read", 0, total.read);
    let mut left = total.read;
    let mut reasons: Vec<_> = total.rejected.iter().collect();
    reasons.sort_by_key(|(name, bytes)| (Reverse(**bytes), name.as_str()));
    for (name, class, bytes) in std::iter::once(("structure", "structure", total.structure))
        .chain(reasons.into_iter().map(|(name, bytes)| (name.as_str(), "rejected", *bytes)))
    {
        // The sums of a folder that somebody changed may not close; the page is made all the same.
        let after = left.saturating_sub(bytes);
        row(&format!("\u{2212} {name}"), class, after, left);
        left = after;
    }
    row("kept", "kept", 0, total.kept_bytes());
    out.raw("</tbody>\n</table>\n</section>\n");
}

/// What went in and came out, for each label.
fn labels(out: &mut Markup, paper: &Paper) {
    let report = &paper.report;
    let mut rows: Vec<(&str, LabelCount, Count)> = Vec::new();
    for (label, count) in &report.labels {
        rows.push((label, *count, report.dropped.get(label).copied().unwrap_or_default()));
    }
    for (label, dropped) in report.dropped.iter().filter(|(label, _)| !report.labels.contains_key(*label)) {
        rows.push((label, LabelCount::default(), *dropped));
    }
    rows.sort_by_key(|(label, kept, dropped)| (Reverse(kept.bytes + dropped.bytes), *label));
    let most = rows.iter().map(|(_, kept, dropped)| kept.bytes + dropped.bytes).max().unwrap_or(0);
    let any_dropped = !report.dropped.is_empty();
    section(
        out,
        "labels",
        "What came in and went out, by language",
        "Bytes of the source by label. Scores of fragments from 0 to 1; lengths of records in characters, the first bar for \
         those below 8, each further one for up to twice as many.",
    );
    if any_dropped {
        out.raw("<p class=\"legend\"><i class=\"kept\"></i>kept <i class=\"rejected\"></i>dropped by a filter</p>\n");
    }
    out.raw("<table class=\"labels\">\n<thead><tr><th>language</th><th>kept</th><th class=\"n\">bytes</th>");
    out.raw(if any_dropped { "<th class=\"n\">dropped</th>" } else { "" });
    out.raw("<th class=\"n\">records</th><th class=\"n\">characters</th><th class=\"n\">mean score</th>");
    out.raw("<th>scores</th><th>lengths</th></tr></thead>\n<tbody>\n");
    for (label, kept, dropped) in rows {
        out.raw("<tr><th scope=\"row\">");
        language(out, label);
        out.raw("</th><td class=\"chart\">");
        let whole = kept.bytes + dropped.bytes;
        chart::bar(out, &[("kept", 0, kept.bytes), ("rejected", kept.bytes, whole)], most);
        number(out, "bytes", &grouped(kept.bytes));
        if any_dropped {
            number(out, "dropped", &grouped(dropped.bytes));
        }
        number(out, "records", &grouped(kept.records));
        number(out, "characters", &grouped(kept.characters));
        let score = if kept.fragments > 0 { format!("{:.2}", kept.mean_score()) } else { "–".to_owned() };
        number(out, "mean score", &score);
        out.raw("</td><td class=\"spark\" data-name=\"scores\">");
        chart::histogram(out, &kept.scores, &score_words(&kept));
        out.raw("</td><td class=\"spark\" data-name=\"lengths\">");
        chart::histogram(out, &kept.lengths, &length_words(&kept));
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

/// A cell with a number; its name is shown where the table has no head: on a phone.
fn number(out: &mut Markup, name: &str, value: &str) {
    out.raw("</td><td class=\"n\" data-name=\"").raw(name).raw("\">").text(value);
}

fn score_words(count: &LabelCount) -> String {
    let sure: u64 = count.scores[9..].iter().sum();
    format!("{} of {} fragments score 0.9 or more", grouped(sure), grouped(count.fragments))
}

fn length_words(count: &LabelCount) -> String {
    let mut last = 0;
    let seen = count.lengths.iter().position(|n| {
        last += n;
        2 * last >= count.records.max(1)
    });
    match seen {
        Some(bin) if bin + 1 < LENGTHS => {
            format!("half of the records have fewer than {} characters", grouped(8 << bin))
        }
        Some(bin) => format!("half of the records have {} characters or more", grouped(4 << bin)),
        None => "no records".to_owned(),
    }
}

/// A label with what its language is called.
pub(super) fn language(out: &mut Markup, label: &str) {
    let (name, autonym, tag) = names(label);
    out.raw("<span class=\"name\">").text(if name.is_empty() { label } else { name }).raw("</span>");
    if !autonym.is_empty() && autonym != name {
        out.raw(" <span class=\"autonym\">").foreign(autonym, &tag).raw("</span>");
    }
    out.raw(" <code>").text(label).raw("</code>");
}
